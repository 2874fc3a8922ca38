/**
 * A start that fixes the equations of structured inputs: w_k = sum_m A_km phi_m + isotropic noise, with A such that the overlaps R are
 * given ones and the noise such that Q is. Runs at large N make it too: what their weights have in a mode fluctuates by 1/sqrt of its
 * number of directions, which `stateOfWeights` knows for inputs of few directions that matter.
 */
import { ParameterError } from "../../../core/parameters.ts";
import type { Vec } from "../../../core/types.ts";
import { cholesky } from "../../../linalg/index.ts";
import type { InputModes } from "./inputModes.ts";
import type { StructuredState } from "./structuredOde.ts";

/** A = R0 P^-1 with P = E N phi phi^T over the modes; K x M. Throws ParameterError where the teacher cannot be seen in the inputs. */
export function plantedCoefficients(P: Vec, R: readonly (readonly number[])[]): Vec {
  const M = R[0].length;
  const factor = cholesky({ rows: M, cols: M, data: P });
  if (!factor)
    throw new ParameterError("planted start: the inputs must be correlated with every unit of the teacher, got none with one of them");
  const A = new Float64Array(R.length * M);
  for (let k = 0; k < R.length; k++) factor.solve(Float64Array.from(R[k]), A.subarray(k * M, (k + 1) * M));
  return A;
}

/** Per-mode start of given Q (K x K) and R (K x M), second layers `v`. Throws ParameterError where Q is too small for R. */
export function plantedStart(
  modes: InputModes,
  Q: readonly (readonly number[])[],
  R: readonly (readonly number[])[],
  v: readonly number[]
): StructuredState {
  const { omega, weight, product, T } = modes;
  const K = Q.length;
  const M = T.length;
  const n = omega.length;
  const P = new Float64Array(M * M);
  const Z = new Float64Array(M * M);
  let mean = 0;
  for (let i = 0; i < n; i++) {
    mean += weight[i] * omega[i];
    for (let c = 0; c < M * M; c++) {
      P[c] += weight[i] * product[i * M * M + c];
      Z[c] += weight[i] * omega[i] * product[i * M * M + c];
    }
  }
  const blank = R.every((row) => row.every((x) => x === 0));
  const A = blank ? new Float64Array(K * M) : plantedCoefficients(P, R);
  const isotropic = new Float64Array(K * K);
  for (let k = 0; k < K; k++)
    for (let l = 0; l < K; l++) {
      let planted = 0;
      for (let a = 0; a < M; a++) for (let b = 0; b < M; b++) planted += A[k * M + a] * Z[a * M + b] * A[l * M + b];
      isotropic[k * K + l] = (Q[k][l] - planted) / mean;
    }
  if (!cholesky({ rows: K, cols: K, data: isotropic }))
    throw new ParameterError(
      "planted start: Q is too small for R, or the units are not independent; take smaller overlaps or a larger norm"
    );
  const q = new Float64Array(n * K * K);
  const r = new Float64Array(n * K * M);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < K; k++) {
      for (let m = 0; m < M; m++) {
        let sum = 0;
        for (let a = 0; a < M; a++) sum += A[k * M + a] * product[(i * M + a) * M + m];
        r[(i * K + k) * M + m] = sum;
      }
      for (let l = 0; l < K; l++) {
        let sum = isotropic[k * K + l];
        for (let m = 0; m < M; m++) sum += r[(i * K + k) * M + m] * A[l * M + m];
        q[(i * K + k) * K + l] = sum;
      }
    }
  return { q, r, v: Float64Array.from(v) };
}
