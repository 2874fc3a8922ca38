/** The layers of an expression: linear maps, transforms, ensembles, noise and bias, and the ways branches are cut, joined and reshaped. */
import * as ensembleRegistry from "../ensembles/index.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Ensemble, LinearOperator } from "../core/types.ts";
import type { NumericArray } from "../io/numericArray.ts";
import { denseFrom } from "../linalg/dense.ts";
import {
  complexUnknowns,
  convolution2d,
  blur as gaussianBlur,
  dct,
  fourier,
  gradient,
  hadamard,
  makeOperator,
  mask,
  subsample
} from "../linalg/operators/index.ts";
import { makeRng } from "../numerics/random/index.ts";
import { buildersOf, choose, own } from "./chosen.ts";
import { apply, checkField } from "./expression.ts";
import { ensembleLayer, type Layer, type LayerOptions, linearFactor, type Rows, shapedLayer } from "./linearFactor.ts";
import { familyOf } from "../core/specs.ts";
import { type Shaped, type ShapeGiven, shapeOf, sizeOf, whole } from "./shape.ts";

/** Rows of numbers, a row-major array with its shape [rows, cols] (complex interleaved), or an operator. */
export type MatrixGiven = LinearOperator | NumericArray | readonly ArrayLike<number>[];

export interface LinearGiven {
  /** Of what comes out, such as [28, 28]; the number of rows by default. */
  readonly shape?: ShapeGiven;
  /** What is printed; "linear" by default. */
  readonly label?: string;
  /** How JSON refers to it, such as { file: "A.npy" }; inline entries by default. */
  readonly source?: unknown;
}

function matrixOf(given: MatrixGiven): { readonly operator: LinearOperator; readonly array: NumericArray | null } {
  if ("apply" in given) {
    const dense = given as LinearOperator & { readonly data?: Float64Array | Float32Array };
    const array = dense.data ? { scalar: given.scalar, shape: [given.rows, given.cols], data: dense.data } : null;
    return { operator: given, array };
  }
  const rows = Array.isArray(given) ? (given as readonly ArrayLike<number>[]) : null;
  if (rows?.some((row) => row.length !== rows[0].length))
    throw new ParameterError(`linear: rows must be equally long, such as [[1, 0], [0, 1]]`);
  const array = rows
    ? {
        scalar: "real" as const,
        shape: [rows.length, rows[0]?.length ?? 0],
        data: Float64Array.from(rows.flatMap((row) => Array.from(row)))
      }
    : (given as NumericArray);
  if (array.shape.length !== 2)
    throw new ParameterError(
      `linear: a matrix has two dimensions, this array has shape [${array.shape.join(", ")}]; give rows and columns`
    );
  return { operator: denseFrom(array.shape[0], array.shape[1], array.data, { scalar: array.scalar }), array };
}

/** z = A x. Throws ParameterError where A and x do not fit. */
export function linear(given: MatrixGiven, { shape, label = "linear", source }: LinearGiven = {}): Layer {
  const { operator, array } = matrixOf(given);
  const out = shape === undefined ? [operator.rows] : shapeOf(shape, label);
  if (sizeOf(out) !== operator.rows)
    throw new ParameterError(
      `${label}: shape [${out.join(", ")}] has ${sizeOf(out)} components, but the operator has ${operator.rows} rows`
    );
  const factor = linearFactor({
    kind: "linear",
    label,
    operator,
    shape: out,
    facts: { size: `${operator.rows}x${operator.cols}` },
    json(write, name) {
      if (source === undefined && !array)
        throw new ParameterError(
          `${name}: an operator given as functions cannot be written as JSON; use layers.named, such as layers.named("dct:size=512"), or a matrix`
        );
      return { operator: source ?? write(name, array as NumericArray), ...(shape === undefined ? {} : { shape: out }) };
    }
  });
  return (x, { name } = {}) => apply(factor, [x], [name])[0];
}

/** A structured operator by its spec, such as "subsampled-dct:rows=400,cols=1000,seed=1". Throws ParameterError. */
export function named(spec: string, { shape }: { readonly shape?: ShapeGiven } = {}): Layer {
  const label = spec.split(":")[0];
  return linear(makeOperator(spec), { label, source: { spec }, ...(shape === undefined ? {} : { shape }) });
}

/** A real operator, on both parts of a complex variable. */
function inField(operator: LinearOperator, { scalar }: Shaped): LinearOperator {
  return scalar === "complex" && operator.scalar === "real" ? complexUnknowns(operator) : operator;
}

function transform(kind: "dct" | "dft" | "hadamard", make: (n: number) => LinearOperator): () => Layer {
  return () =>
    shapedLayer((x, who) => {
      if (kind === "dft")
        checkField(kind, "complex", x, who, 'give it a complex prior, or use layers.named("subsampled-fourier:signal=real,...")');
      return { kind, label: kind, operator: inField(make(whole(sizeOf(x.shape), kind)), x), shape: x.shape, json: () => ({}) };
    });
}

/** The three square transforms, by their kinds. */
const transforms = { dct: transform("dct", dct), dft: transform("dft", fourier), hadamard: transform("hadamard", hadamard) } as const;

export type Boundary = "periodic" | "zero";

export interface GradientOptions {
  /** reflect: the differences across the border are zero. */
  readonly boundary?: "periodic" | "reflect";
}

/** Differences along every axis: shape [...] becomes [d, ...]. */
function gradientLayer({ boundary = "periodic" }: GradientOptions = {}): Layer {
  if (boundary !== "periodic" && boundary !== "reflect")
    throw new ParameterError(`gradient: boundary must be periodic or reflect, got ${JSON.stringify(boundary)}`);
  return shapedLayer((x) => {
    for (const side of x.shape) whole(side, "gradient");
    return {
      kind: "gradient",
      label: "gradient",
      letter: "g",
      operator: inField(gradient(x.shape, { boundary }), x),
      shape: [x.shape.length, ...x.shape],
      facts: { boundary },
      json: () => ({ boundary })
    };
  });
}

function checkBoundary(label: string, boundary: Boundary): void {
  if (boundary !== "periodic" && boundary !== "zero")
    throw new ParameterError(`${label}: boundary must be periodic or zero, got ${JSON.stringify(boundary)}`);
}

export interface ConvolutionOptions {
  readonly boundary?: Boundary;
}

/** Height and width; a signal has height 1. */
function imageOf(kind: string, x: Shaped): readonly [number, number] {
  if (x.shape.length > 2)
    throw new ParameterError(
      `${kind}: takes signals and images, shapes such as 1000 or [28, 28], got [${x.shape.join(", ")}]; reshape it first`
    );
  return x.shape.length === 1 ? [1, whole(x.shape[0], kind)] : [x.shape[0], x.shape[1]];
}

/** A kernel, one row for signals, several for images; periodic unless told. */
function convolution(
  kernel: readonly number[] | readonly (readonly number[])[],
  { boundary = "periodic" }: ConvolutionOptions = {}
): Layer {
  checkBoundary("convolution", boundary);
  const rows = (typeof kernel[0] === "number" ? [kernel] : kernel) as readonly (readonly number[])[];
  const facts = { kernel: `${rows.length}x${rows[0]?.length ?? 0}`, boundary };
  return shapedLayer((x) => {
    const [height, width] = imageOf("convolution", x);
    const operator = inField(convolution2d({ height, width, kernel: rows, boundary }), x);
    return { kind: "convolution", label: "convolution", operator, shape: x.shape, facts, json: () => ({ kernel: rows, boundary }) };
  });
}

/** Gaussian blur of standard deviation `sigma` pixels, cut at four of them; weights sum to 1. */
function blur(sigma: number, { boundary = "periodic" }: ConvolutionOptions = {}): Layer {
  checkBoundary("blur", boundary);
  return shapedLayer((x) => {
    const [height, width] = imageOf("blur", x);
    const operator = inField(gaussianBlur({ height, width, sigma, boundary }), x);
    return { kind: "blur", label: "blur", operator, shape: x.shape, facts: { sigma, boundary }, json: () => ({ sigma, boundary }) };
  });
}

/** The entries where `keep` is not zero (the pixels that are seen). */
function maskLayer(keep: ArrayLike<number>): Layer {
  const kept = Array.from(keep, (v) => (v ? 1 : 0));
  return shapedLayer((x, who) => {
    if (kept.length !== sizeOf(x.shape))
      throw new ParameterError(`mask: has ${kept.length} entries, but ${who} has ${sizeOf(x.shape)} components; give one for each`);
    const operator = mask(kept, x.scalar);
    return { kind: "mask", label: "mask", operator, facts: { kept: operator.rows }, json: () => ({ keep: kept }) };
  });
}

export type SubsampleOptions = { readonly indices: readonly number[] } | { readonly rows: number; readonly seed: number };

/** Entries of the variable itself: given by their places, or `rows` of them drawn with `seed`. */
function subsampleLayer(options: SubsampleOptions): Layer {
  return shapedLayer((x) => {
    const cols = whole(sizeOf(x.shape), "subsample");
    const choice = "indices" in options ? { indices: options.indices } : { rows: options.rows, rng: makeRng(options.seed, "subsample") };
    const operator = subsample({ cols, scalar: x.scalar, ...choice });
    return { kind: "subsample", label: "subsample", operator, facts: { kept: operator.rows }, json: () => ({ ...options }) };
  });
}

function ensemble(id: string, size: Rows & { readonly params?: Readonly<Record<string, unknown>> }): Layer {
  return ensembleLayer(choose(familyOf<Ensemble>(ensembleRegistry, id, "ensemble"), size.params), size);
}

/** layers.ensembles.gaussianIid({ normalization: "rows" }, { ratio: 0.5 }); its parameters may be left out. */
const ensembles = buildersOf<Ensemble, typeof ensembleRegistry, (size: Rows) => Layer>(
  ensembleRegistry,
  (chosen) => (size) => ensembleLayer(chosen, size)
);

/** An ensemble of one's own, say `givenMatrix(A)`. */
function ownEnsemble(brick: Ensemble, size: Rows, label = "ensemble"): Layer {
  return ensembleLayer(own(brick, label), size);
}

/** A rotation (complex: a unitary) drawn uniformly: a law until it is sampled, or at once with a seed. */
function rotation({ seed }: { readonly seed?: number } = {}): Layer {
  return (x, options) => {
    const size: Rows = { ...(x.shape.length === 1 ? { ratio: 1 } : { rows: x.shape }), ...(seed === undefined ? {} : { seed }) };
    const family = x.scalar === "complex" ? ensembleRegistry.unitary : ensembleRegistry.orthogonal;
    return ensembleLayer(choose<Ensemble>(family), size)(x, options);
  };
}

export { blur, convolution, ensemble, ensembles, gradientLayer, maskLayer, ownEnsemble, rotation, subsampleLayer, transforms };
export type { Layer, LayerOptions };
