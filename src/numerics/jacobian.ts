/** Finite-difference Jacobians of small systems, their spectral radius (stability of fixed points), and small linear solves. */
import type { Vec } from "../core/types.ts";

/** A map from R^n to R^m: writes into `out`. */
export type VectorMap = (x: Vec, out: Vec) => void;

/**
 * Jacobian of `f` at `x` (length n): row-major `m x n`, m = out length. Central differences, extrapolated once (Richardson),
 * relative accuracy about 1e-10 for smooth maps. Steps are relative to |x_j| + `scale`; with `lower` and `upper`, points stay
 * inside the box (one-sided second-order differences next to its walls).
 */
export function jacobian(f: VectorMap, x: Vec, m: number = x.length, options: JacobianOptions = {}): Vec {
  const n = x.length;
  const { scale = 1e-3, lower, upper } = options;
  const J = new Float64Array(m * n);
  const at = Float64Array.from(x);
  const out = [0, 1, 2, 3, 4].map(() => new Float64Array(m));
  const evaluate = (j: number, value: number, into: Vec) => {
    at[j] = value;
    f(at, into);
    at[j] = x[j];
  };
  for (let j = 0; j < n; j++) {
    const room = Math.min(upper ? upper[j] - x[j] : Number.POSITIVE_INFINITY, lower ? x[j] - lower[j] : Number.POSITIVE_INFINITY);
    const want = 1e-3 * (Math.abs(x[j]) + scale);
    if (room >= 0.05 * want) {
      const h = Math.min(want, room);
      [h, -h, 0.5 * h, -0.5 * h].forEach((step, k) => {
        evaluate(j, x[j] + step, out[k]);
      });
      for (let i = 0; i < m; i++) {
        const wide = (out[0][i] - out[1][i]) / (2 * h);
        const near = (out[2][i] - out[3][i]) / h;
        J[i * n + j] = (4 * near - wide) / 3;
      }
    } else {
      // at a wall: forward (or backward) differences at h, h/2, h/4, extrapolated twice
      const upward = !upper || (lower !== undefined && x[j] - lower[j] <= upper[j] - x[j]);
      const free = upward ? (upper ? upper[j] - x[j] : want) : lower ? x[j] - lower[j] : want;
      const h = (upward ? 1 : -1) * Math.min(0.1 * want, free);
      evaluate(j, x[j], out[0]);
      [h, 0.5 * h, 0.25 * h].forEach((step, k) => {
        evaluate(j, x[j] + step, out[k + 1]);
      });
      for (let i = 0; i < m; i++) {
        const [d1, d2, d3] = [1, 0.5, 0.25].map((s, k) => (out[k + 1][i] - out[0][i]) / (s * h));
        const e1 = 2 * d2 - d1;
        const e2 = 2 * d3 - d2;
        J[i * n + j] = h === 0 ? 0 : (4 * e2 - e1) / 3;
      }
    }
  }
  return J;
}

export interface JacobianOptions {
  /** Length on which f varies around x_j = 0; default 1e-3. */
  readonly scale?: number;
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
}

/**
 * Largest modulus of the eigenvalues of a real n x n matrix (row-major), real or complex: roots of the characteristic
 * polynomial for n <= 2, Gelfand's limit |A^(2^k)|^(1/2^k) with rescaling beyond. A non-finite matrix gives the largest double.
 */
export function spectralRadius(A: ArrayLike<number>, n: number = Math.round(Math.sqrt(A.length))): number {
  for (let i = 0; i < n * n; i++) if (!Number.isFinite(A[i])) return Number.MAX_VALUE;
  if (n === 0) return 0;
  if (n === 1) return Math.abs(A[0]);
  if (n === 2) {
    const mean = 0.5 * A[0] + 0.5 * A[3];
    const gap = 0.5 * A[0] - 0.5 * A[3];
    const square = gap * gap + A[1] * A[2]; // discriminant/4, without cancelling the diagonal
    return square >= 0 ? Math.abs(mean) + Math.sqrt(square) : Math.hypot(mean, Math.sqrt(-square));
  }
  let M = Float64Array.from(A as ArrayLike<number>);
  let next = new Float64Array(n * n);
  let log = 0; // log of the factor taken out, per power
  let weight = 1;
  for (let k = 0; k < 60; k++) {
    let norm = 0;
    for (let i = 0; i < n * n; i++) norm = Math.max(norm, Math.abs(M[i]));
    if (norm === 0) return 0;
    log += weight * Math.log(norm);
    weight *= 0.5;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < n; l++) sum += (M[i * n + l] / norm) * (M[l * n + j] / norm);
        next[i * n + j] = sum;
      }
    [M, next] = [next, M];
  }
  return Math.exp(log);
}

/** Spectral radius of the Jacobian of the iteration x -> F(x) at a fixed point: below 1 it is stable, above 1 unstable. */
export function growthRate(F: VectorMap, x: Vec, options: JacobianOptions = {}): number {
  return spectralRadius(jacobian(F, x, x.length, options), x.length);
}

/**
 * Solves A x = b in place for a small dense system: A row-major `n x n` is destroyed, b becomes x. Rows are scaled, pivots
 * are partial. Returns the smallest pivot over the largest (0 for a singular matrix, b then holds a finite damped answer).
 */
export function solveSmall(A: Vec, b: Vec, n: number = b.length): number {
  for (let i = 0; i < n; i++) {
    let top = 0;
    for (let j = 0; j < n; j++) top = Math.max(top, Math.abs(A[i * n + j]));
    if (top > 0) {
      for (let j = 0; j < n; j++) A[i * n + j] /= top;
      b[i] /= top;
    }
  }
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i * n + k]) > Math.abs(A[p * n + k])) p = i;
    if (p !== k) {
      for (let j = 0; j < n; j++) [A[k * n + j], A[p * n + j]] = [A[p * n + j], A[k * n + j]];
      [b[k], b[p]] = [b[p], b[k]];
    }
    const size = Math.abs(A[k * n + k]);
    least = Math.min(least, size);
    most = Math.max(most, size);
    if (size < 1e-300) A[k * n + k] = 1e-15; // singular: keep the answer finite; the return value tells
    for (let i = k + 1; i < n; i++) {
      const factor = A[i * n + k] / A[k * n + k];
      if (factor === 0) continue;
      for (let j = k; j < n; j++) A[i * n + j] -= factor * A[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let j = i + 1; j < n; j++) sum -= A[i * n + j] * b[j];
    b[i] = sum / A[i * n + i];
  }
  return n === 0 ? 1 : most > 0 ? (least < 1e-300 ? 0 : least / most) : 0;
}
