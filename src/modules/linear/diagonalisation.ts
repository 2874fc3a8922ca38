/** What a linear module asks of a matrix: the eigenvalues of A^* A, and the Gaussian solutions that they make cheap. */
import type { Vec } from "../../core/types.ts";

/** The two messages of z = A x: a_x > 0 (raised to LEAST), a_z >= 0. */
export interface LinearMessages {
  readonly ax: number;
  readonly bx: Vec;
  readonly az: number;
  readonly bz: Vec;
}

export interface Diagonalisation {
  readonly method: "svd" | "gram" | "rows" | "fourier" | "conjugate-gradient";
  /** Nonzero eigenvalues of A^* A; their multiplicities `counts` sum to at most min(rows, cols). */
  readonly lambda: Vec;
  readonly counts: Vec;
  /** Eigenvalues that are good enough for the traces at these precisions, when that is cheaper; zeros may be among them. */
  at?(ax: number, az: number): { readonly lambda: Vec; readonly counts: Vec };
  /** x = (a_x + a_z A^* A)^(-1) (b_x + A^* b_z). */
  meanX(given: LinearMessages, x: Vec): void;
  /** z = A x, the same x. */
  meanZ(given: LinearMessages, z: Vec): void;
  /** Diagonals of C = (a_x + a_z A^* A)^(-1) and of A C A^*. */
  variancesX(ax: number, az: number, out: Vec): void;
  variancesZ(ax: number, az: number, out: Vec): void;
  /** Relative standard error of the traces, where they are estimated by random probes; absent where they are exact. */
  traceError?(ax: number, az: number): number;
  /** The largest relative residual of the linear systems solved so far; absent where they are solved directly. */
  residual?(): number;
}

/** Multiplicities one. */
export function ones(n: number): Vec {
  return new Float64Array(n).fill(1);
}

/** The entries of `lambda` that are not rounding of zero: above `relative` times the largest. */
export function positivePart(lambda: Vec, relative: number): Vec {
  let top = 0;
  for (let i = 0; i < lambda.length; i++) top = Math.max(top, lambda[i]);
  return lambda.filter((x) => x > relative * top);
}
