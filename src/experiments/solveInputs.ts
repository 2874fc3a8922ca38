/** What a solve is given, once its files are read: arrays, named operators, bases and specs become a request, or one sentence says what does not fit. */
import type { Learnable } from "../algorithms/learn.ts";
import * as channels from "../channels/index.ts";
import { ParameterError, parse, suggestion } from "../core/parameters.ts";
import { familyOf, type Registry, readSpec } from "../core/specs.ts";
import type { Channel, LinearOperator, Prior } from "../core/types.ts";
import { elements, type NumericArray, shapeText } from "../io/numericArray.ts";
import { svd } from "../linalg/decompositions/index.ts";
import { type DenseMatrix, denseMatrix } from "../linalg/dense.ts";
import { complexUnknowns, compose, subsample, subsampledDct, subsampledFourier, subsampledHadamard } from "../linalg/operators/index.ts";
import { inBasis, makeOperator, type NamedOperator, operators, synthesisOf } from "../linalg/operators/named.ts";
import { makeRng } from "../numerics/random/index.ts";
import * as priors from "../priors/index.ts";
import type { SolveRequest } from "./solve.ts";
import type { Samples } from "./solveFields.ts";

/** An array and what to call it in a sentence: A.npy, data.mat:A. */
export interface Given {
  readonly place: string;
  readonly array: NumericArray;
}

export interface SolveInputs extends Pick<SolveRequest, "prior" | "channel" | "learn" | "damping" | "iterations" | "init"> {
  /** Either a matrix or the spec of an operator. */
  readonly matrix?: Given;
  readonly operator?: string;
  /** With `operator`: the rows measured, counted from 0, instead of its own rows and seed. */
  readonly rows?: Given;
  readonly basis?: string;
  readonly observations: Given;
  readonly truth?: Given;
  readonly auto?: boolean;
  readonly seed?: number;
  /** How the matrix is stored, f64 by default. */
  readonly precision?: "f64" | "f32";
}

export interface Measurement {
  readonly operator: LinearOperator;
  readonly synthesis: LinearOperator | null;
  /** The matrix itself when there is one. */
  readonly dense: DenseMatrix | null;
  /** Rows and columns, when the basis says that the signal is an image. */
  readonly image?: readonly [number, number];
}

/** `shape` is the signal's, where the truth or a basis tells it. Throws ParameterError. */
export function solveRequest(given: SolveInputs): { readonly request: SolveRequest; readonly shape: readonly number[] | null } {
  const { matrix, rows, basis, truth, prior, channel, learn, damping, iterations, init, auto = false, seed = 1 } = given;
  if ((matrix === undefined) === (given.operator === undefined)) throw new ParameterError("solve: give either a matrix or an operator");
  const observations = samplesOf(given.observations, "the observations");
  const known = truth ? samplesOf(truth, "the truth") : null;
  let measured: Measurement;
  if (matrix) {
    const dense = denseOf(matrix, given.precision ?? "f64");
    const entries = lengthOf(observations);
    if (entries !== dense.rows)
      throw new ParameterError(
        `solve: ${matrix.place} has ${dense.rows} rows but ${given.observations.place} has length ${entries}${dense.cols === entries ? "; is the matrix transposed?" : ""}`
      );
    if (truth && known && basis === undefined && lengthOf(known) !== dense.cols)
      throw new ParameterError(`solve: ${matrix.place} has ${dense.cols} columns but ${truth.place} has length ${lengthOf(known)}`);
    measured = { operator: dense, synthesis: null, dense };
  } else measured = operatorOf(given.operator ?? "", rows);
  if (basis !== undefined) measured = withBasis(measured, basis);
  const request: SolveRequest = {
    operator: measured.operator,
    synthesis: measured.synthesis,
    observations,
    truth: known,
    prior,
    channel,
    learn: learn ?? [],
    auto,
    seed,
    deficient: matrix !== undefined && deficiency(measured, matrix.place, auto),
    ...(damping === undefined ? {} : { damping }),
    ...(iterations === undefined ? {} : { iterations }),
    ...(init === undefined ? {} : { init })
  };
  const shape = truth && truth.array.shape.length > 1 ? truth.array.shape : (measured.image ?? truth?.array.shape ?? null);
  return { request, shape };
}

function lengthOf({ scalar, data }: Samples): number {
  return data.length / (scalar === "complex" ? 2 : 1);
}

/** A column, a row, or an image read row by row. Throws ParameterError when `what` is empty. */
function samplesOf({ place, array }: Given, what: string): Samples {
  if (elements(array.shape) < 1) throw new ParameterError(`${place}: ${what} must hold at least one number`);
  return { scalar: array.scalar, data: array.data instanceof Float64Array ? array.data : Float64Array.from(array.data) };
}

/** Throws ParameterError unless it is two-dimensional and holds something. */
function denseOf({ place, array }: Given, precision: "f64" | "f32"): DenseMatrix {
  const { shape, scalar, data } = array;
  if (shape.length !== 2)
    throw new ParameterError(
      `${place}: a matrix has two dimensions, this array is ${shapeText(shape)}; one row for each observation, one column for each unknown`
    );
  const matrix = denseMatrix(shape[0], shape[1], { scalar, precision });
  matrix.data.set(data);
  matrix.changed();
  if (!(matrix.frobenius2 > 0)) throw new ParameterError(`${place}: every entry of the matrix is zero; nothing was measured`);
  return matrix;
}

/** A spec, with `rows` (which rows of the transform were measured, from 0) instead of its rows and seed. Throws ParameterError. */
function operatorOf(spec: string, rows: Given | undefined): Measurement {
  const { id, raw } = readSpec(spec, "operator");
  if (rows === undefined) {
    const operator: NamedOperator = makeOperator(spec);
    const width = id === "convolution" ? raw.width : raw.imageWidth;
    return { operator, synthesis: operator.synthesis ?? null, dense: null, ...imageOf(raw.basis, operator.cols, width) };
  }
  const p = parse(familyOf(operators as Registry<NamedOperator>, id, "operator"), raw) as Readonly<Record<string, string | number>>;
  if (rows.array.scalar === "complex") throw new ParameterError(`${rows.place}: row numbers must be real integers from 0`);
  const cols = Number(p.cols);
  const choice = { cols, indices: rows.array.data, signs: p.signs === "random", rng: makeRng(Number(p.seed ?? 0), id) };
  const build: Readonly<Record<string, () => NamedOperator>> = {
    "subsampled-dct": () => subsampledDct(choice),
    "subsampled-hadamard": () => subsampledHadamard(choice),
    "subsampled-fourier": () => subsampledFourier({ ...choice, signal: p.signal === "real" ? "real" : "complex" }),
    subsample: () => subsample({ cols, indices: rows.array.data })
  };
  if (!Object.hasOwn(build, id)) throw new ParameterError(`--rows goes with ${Object.keys(build).join(", ")}, not with ${id}`);
  const basis = String(p.basis ?? "none") as Parameters<typeof inBasis>[1]["basis"];
  const operator = inBasis(build[id](), { basis, imageWidth: Number(p.imageWidth ?? 0), levels: Number(p.levels ?? 0) });
  return { operator, synthesis: operator.synthesis ?? null, dense: null, ...imageOf(basis, operator.cols, p.imageWidth) };
}

function imageOf(basis: unknown, pixels: number, width: unknown): Pick<Measurement, "image"> {
  if (basis !== "haar2d") return {};
  const wide = Number(width ?? 0) || Math.round(Math.sqrt(pixels));
  return { image: [pixels / wide, wide] };
}

const BASES = ["dct", "haar1d", "haar2d"] as const;

/** A composed with a synthesis: dct, haar1d, haar2d, haar2d:width=64,levels=4. Throws ParameterError. */
function withBasis(measured: Measurement, text: string): Measurement {
  if (measured.synthesis) throw new ParameterError("--basis is given twice, also in --operator; keep one");
  const { id, raw } = readSpec(text, "basis");
  const basis = BASES.find((b) => b === id);
  if (!basis) throw new ParameterError(`unknown basis ${JSON.stringify(id)}${suggestion(id, BASES) || ";"} there are ${BASES.join(", ")}`);
  const whole = (about: string) => ({ kind: "integer", symbol: about, about, default: 0, min: 0, max: 2 ** 26 }) as const;
  const params =
    basis === "dct"
      ? {}
      : basis === "haar1d"
        ? { levels: whole("levels") }
        : { levels: whole("levels"), width: whole("width"), rows: whole("rows"), cols: whole("cols") };
  const p = parse({ id: basis, params }, raw) as Readonly<Record<string, number | undefined>>;
  const { operator } = measured;
  if (p.rows && p.cols && p.rows * p.cols !== operator.cols)
    throw new ParameterError(
      `${basis}: an image of ${p.rows}x${p.cols} has ${p.rows * p.cols} pixels, but the operator takes ${operator.cols}`
    );
  const real = synthesisOf(basis, operator.cols, p.width || p.cols || 0, p.levels ?? 0);
  if (!real) return measured;
  const synthesis = operator.scalar === "complex" ? complexUnknowns(real) : real;
  return { ...measured, operator: compose(operator, synthesis), synthesis, ...imageOf(basis, operator.cols, p.width || p.cols) };
}

/** gauss-bernoulli:rho=0.1 as a family and the values it starts from. Throws ParameterError. */
export function priorOf(spec: string): Learnable<Prior> {
  const { id, raw } = readSpec(spec, "prior");
  return { family: familyOf<Prior>(priors, id, "prior"), values: raw };
}

/** gaussian:noise=0.01 likewise. */
export function channelOf(spec: string): Learnable<Channel> {
  const { id, raw } = readSpec(spec, "channel");
  return { family: familyOf<Channel>(channels, id, "channel"), values: raw };
}

/** Names separated by commas. */
export function learnOf(text: string): string[] {
  return text
    .split(",")
    .map((s) => s.trim())
    .filter((s) => s !== "");
}

/** Dependent measurements look like independent ones to GAMP: refused unless the cures may damp, and then told. */
function deficiency({ dense }: Measurement, place: string, auto: boolean): boolean {
  const rank = dense ? deficientRank(dense) : null;
  if (!dense || rank === null) return false;
  if (auto) return true;
  throw new ParameterError(
    `${place}: the matrix of ${dense.rows}x${dense.cols} has only rank ${rank}, so some rows or columns repeat others and AMP's theory does not cover it; remove them, or add --auto to go on with damping, with error bars that are not to be trusted`
  );
}

/** Largest smaller side whose singular values are all computed. */
const FULL = 512;

/** The numerical rank of a dense matrix of moderate size: null where it is full or the matrix is too large to tell exactly. */
function deficientRank(A: DenseMatrix): number | null {
  const least = Math.min(A.rows, A.cols);
  if (least > FULL) return null;
  // our own: the same verdict on every machine, and no start-up of a library for one decomposition
  const { s: values } = svd(A, { vectors: false, backend: "wasm" });
  const floor = values[0] * Math.max(A.rows, A.cols) * (A.precision === "f32" ? 2 ** -23 : 2 ** -52) * 4;
  let rank = 0;
  for (const s of values) if (s > floor) rank++;
  return rank < least ? rank : null;
}
