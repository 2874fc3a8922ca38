/**
 * Feed-forward networks h_l = phi_l(W_l h_(l-1)) whose weights are kept as W = U diag(s) V^T, U and V orthonormal and fixed, so
 * that every layer stays rotationally invariant while its spectrum moves (Gabrié et al. 2018, section 4: "USV layers").
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Activation, Rng, Vec } from "../../core/types.ts";
import { multiply, svd } from "../../linalg/index.ts";

/** What of a layer gradient descent may move: its singular values, all of its weights (a last layer, usually), or nothing. */
export type Trained = "singular-values" | "weights" | "none";

export interface LayerSpec {
  /** n_l, the number of rows of W_l. */
  readonly size: number;
  /** Piecewise linear with some slope where it is trained; absent: linear. */
  readonly activation?: Activation;
  /** Default singular-values. */
  readonly trained?: Trained;
  /**
   * `gaussian`: i.i.d. N(0, gain^2/cols), a Marchenko-Pastur spectrum; `orthogonal`: every singular value is gain, U and V Haar;
   * or the matrix itself, row-major. Default gaussian.
   */
  readonly weights?: "gaussian" | "orthogonal" | Vec;
  /** Default 1. */
  readonly gain?: number;
}

/** `s` is signed (training may carry a value through 0) and written in place; the factors never change. */
export interface SpectralLayer {
  readonly rows: number;
  readonly cols: number;
  readonly activation: Activation | null;
  readonly trained: Trained;
  /** min(rows, cols). */
  readonly rank: number;
  /** Length rank. */
  readonly s: Vec;
  /** `rank` x `rows`, orthonormal rows. */
  readonly Ut: Vec;
  /** `rows` x `rank`. */
  readonly U: Vec;
  /** `cols` x `rank`, orthonormal columns. */
  readonly V: Vec;
  /** `rank` x `cols`. */
  readonly Vt: Vec;
  /** W itself, `rows` x `cols`, and its transpose, where `trained` is "weights"; then s, U and V are those of the start. */
  readonly free: { readonly W: Vec; readonly Wt: Vec } | null;
}

export interface SpectralNetwork {
  /** n_0. */
  readonly inputs: number;
  readonly layers: readonly SpectralLayer[];
}

/** Draws (or decomposes) every layer. Throws ParameterError on wrong sizes, and for an activation that no gradient passes through. */
export function spectralNetwork(rng: Rng, inputs: number, specs: readonly LayerSpec[]): SpectralNetwork {
  checkInteger("spectral network: inputs", inputs);
  if (specs.length === 0) throw new ParameterError("spectral network: it needs at least one layer, such as [{ size: 100 }], got none");
  let cols = inputs;
  const layers = specs.map((spec, l) => {
    const layer = makeLayer(rng.fork(`layer ${l + 1}`), spec, cols, `spectral network: layer ${l + 1}`);
    cols = spec.size;
    return layer;
  });
  return { inputs, layers };
}

function makeLayer(rng: Rng, spec: LayerSpec, cols: number, name: string): SpectralLayer {
  const { size: rows, activation = null, trained = "singular-values", weights = "gaussian", gain = 1 } = spec;
  checkInteger(`${name}: size`, rows);
  if (!(gain > 0 && Number.isFinite(gain))) throw new ParameterError(`${name}: gain must be a number > 0, such as 1, got ${gain}`);
  if (activation) checkActivation(activation, trained, name);
  const W = typeof weights === "string" ? new Float64Array(rows * cols) : weights;
  if (W.length !== rows * cols)
    throw new ParameterError(`${name}: weights must have ${rows * cols} numbers (${rows} x ${cols}), got ${W.length}`);
  if (typeof weights === "string") rng.fillNormal(W, gain / Math.sqrt(cols));
  const { s, U, Vh } = svd({ rows, cols, data: W });
  if (!U || !Vh) throw new Error("svd gave no vectors");
  if (weights === "orthogonal") s.fill(gain);
  const rank = Math.min(rows, cols);
  const free = trained === "weights" ? { W: new Float64Array(rows * cols), Wt: new Float64Array(rows * cols) } : null;
  const layer = { rows, cols, activation, trained, rank, s, U, Ut: transpose(U, rows, rank), V: transpose(Vh, rank, cols), Vt: Vh, free };
  if (free) {
    free.W.set(product(layer));
    transposeInto(free.W, rows, cols, free.Wt);
  }
  return layer;
}

function checkActivation(activation: Activation, trained: Trained, name: string): void {
  if (activation.scalar === "complex" || activation.outputScalar === "complex")
    throw new ParameterError(`${name}: the activation must be real, such as relu, got one of complex numbers`);
  if (trained !== "none" && !activation.segments?.some(({ slope }) => slope !== 0))
    throw new ParameterError(
      `${name}: the activation must be piecewise linear and not flat everywhere for gradients to pass, such as linear, relu, hard-tanh`
    );
}

function product({ rows, cols, rank, s, U, Vt }: SpectralLayer): Vec {
  const scaled = Float64Array.from(U, (u, i) => u * s[i % rank]);
  const W = new Float64Array(rows * cols);
  multiply(rows, cols, rank, scaled, Vt, W);
  return W;
}

/** W as it is now, `rows` x `cols`, a copy. */
export function weightsOf(layer: SpectralLayer): Vec {
  return layer.free ? layer.free.W.slice() : product(layer);
}

/** Its singular values as they are now: length min(rows, cols), >= 0, descending, a copy. */
export function singularValuesOf(layer: SpectralLayer): Vec {
  if (layer.free) return svd({ rows: layer.rows, cols: layer.cols, data: layer.free.W }, { vectors: false }).s;
  return layer.s.map(Math.abs).sort().reverse();
}

export function transposeInto(A: Vec, rows: number, cols: number, out: Vec): void {
  for (let i = 0; i < rows; i++) for (let j = 0, at = i * cols; j < cols; j++) out[j * rows + i] = A[at + j];
}

function transpose(A: Vec, rows: number, cols: number): Vec {
  const out = new Float64Array(A.length);
  transposeInto(A, rows, cols, out);
  return out;
}

function checkInteger(name: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) throw new ParameterError(`${name} must be an integer >= 1, such as 100, got ${n}`);
}
