/** Cholesky factor of a positive definite matrix, A = L L^*, and the solution of A x = b by it. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { native } from "../backend.ts";
import { type DecompositionOptions, inspect, type MatrixData, workspace } from "./workspace.ts";

export interface Cholesky {
  /** n x n, row-major, lower triangular, real positive diagonal. */
  readonly L: Vec;
  /** 2 sum_i ln L_ii = ln det A. */
  readonly logDeterminant: number;
  /** Writes the solution of A x = b; x may be b. Throws ParameterError on a wrong length. */
  solve(b: Vec, x: Vec): void;
}

/**
 * null when A is not positive definite to working precision (an answer, not an error). Only the lower triangle is read.
 * Throws ParameterError on a matrix that is not square or not finite.
 */
export function cholesky(A: MatrixData, options: DecompositionOptions = {}): Cholesky | null {
  const { parts } = inspect("cholesky", A, true);
  const n = A.rows;
  const L = Float64Array.from(A.data);
  const fast = native(options.backend);
  if (fast) {
    // A negative or zero diagonal makes LAPACK stop as well; the imaginary part of the diagonal is ignored by both.
    if (fast.cholesky(n, L, parts === 2 ? "complex" : "real") !== 0) return null;
    for (let i = 0; i < n; i++) {
      L.fill(0, (i * n + i + 1) * parts, (i + 1) * n * parts);
      if (!(L[(i * n + i) * parts] > 0)) return null;
    }
  } else {
    const { kernels, at, memory } = workspace("cholesky", [n * n * parts * 8]);
    const work = new Float64Array(memory.buffer, at[0], L.length);
    work.set(L);
    if (kernels.cholesky(parts === 2 ? 1 : 0, at[0], n) !== 0) return null;
    L.set(work);
  }
  let half = 0;
  for (let i = 0; i < n; i++) half += Math.log(L[(i * n + i) * parts]);
  return {
    L,
    logDeterminant: 2 * half,
    solve(b, x) {
      if (b.length !== n * parts || x.length !== n * parts)
        throw new ParameterError(`cholesky: solve needs b and x of length ${n * parts}, got ${b.length} and ${x.length}`);
      x.set(b);
      if (parts === 1) solveReal(L, n, x);
      else solveComplex(L, n, x);
    }
  };
}

function solveReal(L: Vec, n: number, x: Vec): void {
  for (let i = 0; i < n; i++) {
    let s = x[i];
    for (let j = 0; j < i; j++) s -= L[i * n + j] * x[j];
    x[i] = s / L[i * n + i];
  }
  // L^T by rows of L: subtract each solved unknown from all before it.
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= L[i * n + i];
    for (let j = 0; j < i; j++) x[j] -= L[i * n + j] * x[i];
  }
}

function solveComplex(L: Vec, n: number, x: Vec): void {
  for (let i = 0; i < n; i++) {
    let re = x[2 * i];
    let im = x[2 * i + 1];
    for (let j = 0; j < i; j++) {
      const p = 2 * (i * n + j);
      re -= L[p] * x[2 * j] - L[p + 1] * x[2 * j + 1];
      im -= L[p] * x[2 * j + 1] + L[p + 1] * x[2 * j];
    }
    const pivot = L[2 * (i * n + i)];
    x[2 * i] = re / pivot;
    x[2 * i + 1] = im / pivot;
  }
  for (let i = n - 1; i >= 0; i--) {
    const pivot = L[2 * (i * n + i)];
    x[2 * i] /= pivot;
    x[2 * i + 1] /= pivot;
    for (let j = 0; j < i; j++) {
      const p = 2 * (i * n + j);
      x[2 * j] -= L[p] * x[2 * i] + L[p + 1] * x[2 * i + 1];
      x[2 * j + 1] -= L[p] * x[2 * i + 1] - L[p + 1] * x[2 * i];
    }
  }
}
