/** What `solve` is given on its command line: files, named operators, bases, specs of bricks and modules that export them. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Learnable } from "../algorithms/learn.ts";
import { channelFromDensity, type DensityChannel } from "../channels/fromDensity.ts";
import * as channels from "../channels/index.ts";
import { ParameterError, parse, suggestion } from "../core/parameters.ts";
import { familyOf, type Registry, readSpec } from "../core/specs.ts";
import type { Channel, Family, LinearOperator, Prior } from "../core/types.ts";
import type { Samples } from "../experiments/solveFields.ts";
import { elements, type NumericArray, shapeText } from "../io/numericArray.ts";
import { readArrayFile } from "../io/node/readFile.ts";
import { svd } from "../linalg/decompositions/index.ts";
import { type DenseMatrix, denseMatrix } from "../linalg/dense.ts";
import { complexUnknowns, compose, subsample, subsampledDct, subsampledFourier, subsampledHadamard } from "../linalg/operators/index.ts";
import { inBasis, makeOperator, type NamedOperator, operators, synthesisOf } from "../linalg/operators/named.ts";
import { makeRng } from "../numerics/random/index.ts";
import { priorFromModule } from "../priors/fromDensity.ts";
import * as priors from "../priors/index.ts";

export interface Measurement {
  readonly operator: LinearOperator;
  readonly synthesis: LinearOperator | null;
  /** The matrix itself when there is one. */
  readonly dense: DenseMatrix | null;
  /** Rows and columns, when the basis says that the signal is an image. */
  readonly image?: readonly [number, number];
}

function imageOf(basis: unknown, pixels: number, width: unknown): Pick<Measurement, "image"> {
  if (basis !== "haar2d") return {};
  const wide = Number(width ?? 0) || Math.round(Math.sqrt(pixels));
  return { image: [pixels / wide, wide] };
}

/** A dense matrix from a file. Throws ParameterError unless it is two-dimensional and fits. */
export function denseFrom(place: string, precision: "f64" | "f32"): DenseMatrix {
  const a = readArrayFile(place);
  if (a.shape.length !== 2)
    throw new ParameterError(
      `${place}: a matrix has two dimensions, this array is ${shapeText(a.shape)}; one row for each observation, one column for each unknown`
    );
  const matrix = denseMatrix(a.shape[0], a.shape[1], { scalar: a.scalar, precision });
  matrix.data.set(a.data);
  matrix.changed();
  if (!(matrix.frobenius2 > 0)) throw new ParameterError(`${place}: every entry of the matrix is zero; nothing was measured`);
  return matrix;
}

/** A column, a row, or an image read row by row. Throws ParameterError when `what` is empty. */
export function vectorFrom(place: string, what: string): Samples & { readonly shape: readonly number[] } {
  const a: NumericArray = readArrayFile(place);
  if (elements(a.shape) < 1) throw new ParameterError(`${place}: ${what} must hold at least one number`);
  return { scalar: a.scalar, data: a.data instanceof Float64Array ? a.data : Float64Array.from(a.data), shape: a.shape };
}

/** --operator SPEC, with --rows FILE (which rows of the transform were measured, from 0) instead of rows and seed. */
export function operatorFrom(spec: string, rowsFile: string | undefined): Measurement {
  if (rowsFile === undefined) {
    const operator: NamedOperator = makeOperator(spec);
    const { id, raw } = readSpec(spec, "operator");
    const width = id === "convolution" ? raw.width : raw.imageWidth;
    return { operator, synthesis: operator.synthesis ?? null, dense: null, ...imageOf(raw.basis, operator.cols, width) };
  }
  const { id, raw } = readSpec(spec, "operator");
  const p = parse(familyOf(operators as Registry<NamedOperator>, id, "operator"), raw) as Readonly<Record<string, string | number>>;
  const read = readArrayFile(rowsFile);
  if (read.scalar === "complex") throw new ParameterError(`${rowsFile}: row numbers must be real integers from 0`);
  const cols = Number(p.cols);
  const choice = { cols, indices: read.data, signs: p.signs === "random", rng: makeRng(Number(p.seed ?? 0), id) };
  const build: Readonly<Record<string, () => NamedOperator>> = {
    "subsampled-dct": () => subsampledDct(choice),
    "subsampled-hadamard": () => subsampledHadamard(choice),
    "subsampled-fourier": () => subsampledFourier({ ...choice, signal: p.signal === "real" ? "real" : "complex" }),
    subsample: () => subsample({ cols, indices: read.data })
  };
  if (!Object.hasOwn(build, id)) throw new ParameterError(`--rows goes with ${Object.keys(build).join(", ")}, not with ${id}`);
  const basis = String(p.basis ?? "none") as Parameters<typeof inBasis>[1]["basis"];
  const operator = inBasis(build[id](), { basis, imageWidth: Number(p.imageWidth ?? 0), levels: Number(p.levels ?? 0) });
  return { operator, synthesis: operator.synthesis ?? null, dense: null, ...imageOf(basis, operator.cols, p.imageWidth) };
}

const BASES = ["dct", "haar1d", "haar2d"] as const;

/** A composed with a synthesis: dct, haar1d, haar2d, haar2d:width=64,levels=4. Throws ParameterError. */
export function withBasis(measured: Measurement, text: string): Measurement {
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

const MODULE = /\.(mjs|js|cjs)$/;

/** A spec such as gauss-bernoulli:rho=0.1, or a file that exports density or logDensity. */
export async function priorFrom(text: string): Promise<Learnable<Prior>> {
  if (MODULE.test(text)) return fixed(text, priorFromModule(await moduleOf(text), text));
  const { id, raw } = readSpec(text, "prior");
  return { family: familyOf<Prior>(priors, id, "prior"), values: raw };
}

/** A spec such as gaussian:noise=0.01, or a file that exports logDensity(y, z) and labels. */
export async function channelFrom(text: string): Promise<Learnable<Channel>> {
  if (MODULE.test(text)) return fixed(text, channelFromModule(await moduleOf(text), text));
  const { id, raw } = readSpec(text, "channel");
  return { family: familyOf<Channel>(channels, id, "channel"), values: raw };
}

/** Reads an imported module, or its default export. Throws ParameterError when what a channel needs is not there. */
function channelFromModule(module: unknown, name: string): Channel {
  const whole = module as Partial<DensityChannel> & { readonly default?: Partial<DensityChannel> };
  const { logDensity, labels, ...rest } = typeof whole.logDensity === "function" ? whole : (whole.default ?? {});
  if (
    typeof logDensity !== "function" ||
    labels === null ||
    typeof labels !== "object" ||
    !("discrete" in labels || ("from" in labels && "to" in labels))
  )
    throw new ParameterError(
      `${name}: must export logDensity(y, z), normalised over y, and labels, such as export const labels = { discrete: [-1, 1] } or { from: -Infinity, to: Infinity }`
    );
  const { breaks, scale, even, sampler } = rest;
  return channelFromDensity({
    id: name,
    logDensity,
    labels,
    ...(breaks ? { breaks } : {}),
    ...(scale ? { scale } : {}),
    ...(even ? { even } : {}),
    ...(sampler ? { sampler } : {})
  });
}

function fixed<T>(id: string, brick: T): Learnable<T> {
  const family: Family<T, Record<string, never>> = { id, about: `read from ${id}`, params: {}, build: () => brick };
  return { family, values: {} };
}

async function moduleOf(path: string): Promise<unknown> {
  if (!existsSync(path))
    throw new ParameterError(`${path}: no such file; a prior or channel is a spec such as gauss-bernoulli:rho=0.1, or a module`);
  try {
    return await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    throw new ParameterError(
      `${path}: the module cannot be loaded: ${error instanceof Error ? error.message.split("\n")[0] : "unknown reason"}`
    );
  }
}

/** Largest smaller side whose singular values are all computed. */
const FULL = 512;

/** The numerical rank of a dense matrix of moderate size: null where it is full or the matrix is too large to tell exactly. */
export function deficientRank(A: DenseMatrix): number | null {
  const least = Math.min(A.rows, A.cols);
  if (least > FULL) return null;
  // our own: the same verdict on every machine, and no start-up of a library for one decomposition
  const { s: values } = svd(A, { vectors: false, backend: "wasm" });
  const floor = values[0] * Math.max(A.rows, A.cols) * (A.precision === "f32" ? 2 ** -23 : 2 ** -52) * 4;
  let rank = 0;
  for (const s of values) if (s > floor) rank++;
  return rank < least ? rank : null;
}
