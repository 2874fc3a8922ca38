/** A = U diag(s) V^* with independent Haar U and V: the bi-rotationally invariant matrix of given singular values. */
import type { Rng, Scalar, Vec } from "../core/types.ts";
import { type DenseMatrix, type DenseOptions, denseMatrix } from "../linalg/dense.ts";
import { multiply } from "../linalg/gemm.ts";
import { haarRows } from "./haar.ts";

/** `s` has at most min(rows, cols) entries; it is scaled so that |A|_F^2 = rows. U and V are drawn from `rng.fork`s of their names. */
export function rotated(rng: Rng, rows: number, cols: number, s: Vec, scalar: Scalar, options: DenseOptions = {}): DenseMatrix {
  const A = denseMatrix(rows, cols, { ...options, scalar });
  const parts = scalar === "complex" ? 2 : 1;
  const r = s.length;
  let norm2 = 0;
  for (let k = 0; k < r; k++) norm2 += s[k] * s[k];
  const factor = Math.sqrt(rows / norm2);
  const Uh = haarRows(rng.fork("U"), r, rows, scalar);
  const Vh = haarRows(rng.fork("V"), r, cols, scalar);
  for (let k = 0; k < r; k++) {
    const size = factor * s[k];
    for (let j = k * cols * parts; j < (k + 1) * cols * parts; j++) Vh[j] *= size;
  }
  multiply(rows, cols, r, Uh, Vh, A.data, { adjoint: true, scalar, backend: "wasm" });
  A.changed();
  return A;
}

/** How many singular values are not zero: round(rank min(rows, cols)), at least one. */
export function rankOf(rank: number, rows: number, cols: number): number {
  return Math.max(1, Math.round(rank * Math.min(rows, cols)));
}

export const rankParam = {
  kind: "real",
  default: 1,
  min: 1e-3,
  max: 1,
  symbol: "r",
  about: "share of the min(rows, cols) singular values that are not zero"
} as const;

export const fieldParam = {
  kind: "choice",
  default: "real",
  options: ["real", "complex"],
  symbol: "𝔽",
  about: "number field of the matrix"
} as const;
