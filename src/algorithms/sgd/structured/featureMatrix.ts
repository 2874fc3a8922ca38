/** Features F (N x D) of the hidden manifold model, x = f(F c/sqrt D), with rows of squared norm D so that every F_i.c/sqrt D is N(0, 1). */
import { ParameterError } from "../../../core/parameters.ts";
import type { Rng, Vec } from "../../../core/types.ts";
import { cholesky, multiply } from "../../../linalg/index.ts";

/** Alternations between orthogonal columns and rows of equal norm: both then hold to a few 1e-3. */
const ROUNDS = 8;

/** F transposed, D x N row-major. gaussian: independent entries before the rows are normalised. orthogonal: F^T F = N 1 (F F^T = D 1 where D > N). */
export function featureMatrix(kind: "gaussian" | "orthogonal", N: number, D: number, rng: Rng): Vec {
  for (const [name, n] of [
    ["N", N],
    ["D", D]
  ] as const)
    if (!Number.isInteger(n) || n < 1) throw new ParameterError(`feature matrix: ${name} must be an integer >= 1, got ${n}`);
  const Ft = new Float64Array(D * N);
  rng.fillNormal(Ft);
  if (kind === "gaussian") normaliseColumns(Ft, D, N);
  else if (D > N) {
    const F = transposed(Ft, D, N);
    orthogonalise(F, N, D);
    return transposed(F, N, D);
  } else {
    orthogonalise(Ft, D, N);
    for (let round = 0; round < ROUNDS && D < N; round++) {
      normaliseColumns(Ft, D, N);
      refine(Ft, D, N);
    }
  }
  return Ft;
}

function transposed(A: Vec, rows: number, cols: number): Vec {
  const B = new Float64Array(A.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) B[j * rows + i] = A[i * cols + j];
  return B;
}

/** Columns of squared norm `rows`. */
function normaliseColumns(A: Vec, rows: number, cols: number): void {
  const norms = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) norms[j] += A[i * cols + j] ** 2;
  for (let j = 0; j < cols; j++) norms[j] = Math.sqrt(rows / norms[j]);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) A[i * cols + j] *= norms[j];
}

function gramOfRows(A: Vec, rows: number, cols: number): Vec {
  const gram = new Float64Array(rows * rows);
  multiply(rows, rows, cols, A, transposed(A, rows, cols), gram);
  return gram;
}

/** Rows orthogonal, of squared norm `cols`: A <- L^-1 A with A A^T = L L^T (Haar for a Gaussian A). Twice, for the digits. */
function orthogonalise(A: Vec, rows: number, cols: number): void {
  for (let pass = 0; pass < 2; pass++) {
    const factor = cholesky({ rows, cols: rows, data: gramOfRows(A, rows, cols) });
    if (!factor) throw new ParameterError(`feature matrix: ${rows} rows of length ${cols} cannot be orthogonal`);
    const { L } = factor;
    for (let i = 0; i < rows; i++) {
      const row = A.subarray(i * cols, (i + 1) * cols);
      for (let k = 0; k < i; k++) {
        const c = L[i * rows + k];
        const other = A.subarray(k * cols, (k + 1) * cols);
        for (let j = 0; j < cols; j++) row[j] -= c * other[j];
      }
      for (let j = 0; j < cols; j++) row[j] /= L[i * rows + i];
    }
  }
  const scale = Math.sqrt(cols);
  for (let j = 0; j < A.length; j++) A[j] *= scale;
}

/** One Newton-Schulz step towards the nearest matrix of orthogonal rows of squared norm `cols`: A <- (3 - A A^T/cols) A/2. */
function refine(A: Vec, rows: number, cols: number): void {
  const gram = gramOfRows(A, rows, cols);
  for (let c = 0; c < gram.length; c++) gram[c] *= -0.5 / cols;
  for (let i = 0; i < rows; i++) gram[i * rows + i] += 1.5;
  const out = new Float64Array(A.length);
  multiply(rows, cols, rows, gram, A, out);
  A.set(out);
}
