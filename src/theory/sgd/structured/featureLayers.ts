/** Covariances of layers of random features under Gaussian equivalence: each is its linear part plus independent noise (Goldt et al. 2022). */
import type { Vec } from "../../../core/types.ts";
import { multiply } from "../../../linalg/index.ts";

export interface FeatureLayerLaw {
  /** F_l transposed, n_(l-1) x n_l, rows of F_l of squared norm n_(l-1). */
  readonly matrices: readonly Vec[];
  /** n_0 = D ... n_L = N. */
  readonly sizes: readonly number[];
  /** b = E u f(u) with its sign and 1 - b^2, of f of mean 0 and variance 1 under N(0, 1). */
  readonly slope: number;
  readonly rest: number;
}

/** Omega = E x x^T (N x N) and Psi = E x c^T (N x D): Omega_l = b^2 F Omega_(l-1) F^T/n + (1 - b^2), Psi_l = b F Psi_(l-1)/sqrt n. */
export function featureLayerCovariance({ matrices, sizes, slope, rest }: FeatureLayerLaw): { readonly Omega: Vec; readonly Psi: Vec } {
  const D = sizes[0];
  let Omega = unit(D);
  let Psi = unit(D);
  matrices.forEach((Ft, l) => {
    const [below, rows] = [sizes[l], sizes[l + 1]];
    const half = new Float64Array(below * rows);
    multiply(below, rows, below, Omega, Ft, half);
    const next = new Float64Array(rows * rows);
    multiply(rows, rows, below, Ft, half, next, { adjoint: true });
    const scale = (slope * slope) / below;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j <= i; j++) next[i * rows + j] = next[j * rows + i] = 0.5 * scale * (next[i * rows + j] + next[j * rows + i]);
      next[i * rows + i] += rest;
    }
    Omega = next;
    const seen = new Float64Array(rows * D);
    multiply(rows, D, below, Ft, Psi, seen, { adjoint: true });
    for (let c = 0; c < seen.length; c++) seen[c] *= slope / Math.sqrt(below);
    Psi = seen;
  });
  return { Omega, Psi };
}

function unit(n: number): Vec {
  const I = new Float64Array(n * n);
  for (let i = 0; i < n; i++) I[i * n + i] = 1;
  return I;
}
