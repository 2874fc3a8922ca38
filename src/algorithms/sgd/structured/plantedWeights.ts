/**
 * Weights w (K x N) of given field overlaps on structured inputs: w = A Phi + isotropic noise with w.phi_m/sqrt N = R exactly and
 * w Omega w^T/N = Q exactly, Phi_m = sqrt N E x nu_m.
 */
import { ParameterError } from "../../../core/parameters.ts";
import type { Rng, Vec } from "../../../core/types.ts";
import { cholesky } from "../../../linalg/index.ts";
import { gram } from "../overlapsOf.ts";

type Matrix = readonly (readonly number[])[];

export interface PlantedProblem {
  readonly N: number;
  /** sqrt N E x nu_m, M x N. */
  readonly Phi: Vec;
  /** Applies the covariance of the inputs to each of `rows` rows; a fresh array. */
  covariance(W: Vec, rows: number): Vec;
  readonly Q: Matrix;
  readonly R: Matrix;
  /** Isotropic rows that the noise is made of, K x N; independent Gaussian ones by default. */
  readonly noise?: Vec;
}

/** Throws ParameterError where Q is too small for R, or N for the number of constraints. */
export function plantedWeights({ N, Phi, covariance, Q, R, noise }: PlantedProblem, rng: Rng): Vec {
  const K = Q.length;
  const M = Phi.length / N;
  const W = new Float64Array(K * N);
  if (noise) W.set(noise);
  else rng.fillNormal(W);
  const blank = R.every((row) => row.every((x) => x === 0));
  const lifted = covariance(Phi, M);
  const constraints = orthonormal([Phi, lifted], N);
  for (let pass = 0; pass < 2; pass++)
    for (let k = 0; k < K; k++) for (const c of constraints) subtractAlong(W.subarray(k * N, (k + 1) * N), c);

  const A = new Float64Array(K * M);
  const target = Float64Array.from(Q.flat());
  if (!blank) {
    const P = cholesky({ rows: M, cols: M, data: Float64Array.from(gram(Phi, M, Phi, M, N).flat()) });
    if (!P) throw new ParameterError("planted weights: the inputs must be correlated with every unit of the teacher");
    for (let k = 0; k < K; k++) P.solve(Float64Array.from(R[k]), A.subarray(k * M, (k + 1) * M));
    const Z = gram(Phi, M, lifted, M, N);
    for (let k = 0; k < K; k++)
      for (let l = 0; l < K; l++)
        for (let a = 0; a < M; a++) for (let b = 0; b < M; b++) target[k * K + l] -= A[k * M + a] * Z[a][b] * A[l * M + b];
  }
  const want = cholesky({ rows: K, cols: K, data: target });
  const have = cholesky({ rows: K, cols: K, data: Float64Array.from(gram(W, K, covariance(W, K), K, N).flat()) });
  if (!want || !have)
    throw new ParameterError(
      "planted weights: Q is too small for R, or the inputs have too few directions; take smaller overlaps or larger inputs"
    );
  // W <- L_want L_have^-1 W, then the planted part
  for (let i = 0; i < N; i++) {
    const column = new Float64Array(K);
    for (let k = 0; k < K; k++) {
      let sum = W[k * N + i];
      for (let l = 0; l < k; l++) sum -= have.L[k * K + l] * column[l];
      column[k] = sum / have.L[k * K + k];
    }
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let l = 0; l <= k; l++) sum += want.L[k * K + l] * column[l];
      for (let m = 0; m < M; m++) sum += A[k * M + m] * Phi[m * N + i];
      W[k * N + i] = sum;
    }
  }
  return W;
}

/** Orthonormal directions spanning the rows of several matrices of N columns. */
function orthonormal(matrices: readonly Vec[], N: number): Vec[] {
  const basis: Vec[] = [];
  for (const matrix of matrices)
    for (let at = 0; at < matrix.length; at += N) {
      const row = matrix.slice(at, at + N);
      const before = length(row);
      for (let pass = 0; pass < 2; pass++) for (const b of basis) subtractAlong(row, b);
      const norm = length(row);
      if (!(norm > 1e-8 * before)) continue;
      for (let i = 0; i < N; i++) row[i] /= norm;
      basis.push(row);
    }
  return basis;
}

function length(row: Vec): number {
  let s = 0;
  for (let i = 0; i < row.length; i++) s += row[i] * row[i];
  return Math.sqrt(s);
}

function subtractAlong(row: Vec, unit: Vec): void {
  let dot = 0;
  for (let i = 0; i < row.length; i++) dot += row[i] * unit[i];
  for (let i = 0; i < row.length; i++) row[i] -= dot * unit[i];
}
