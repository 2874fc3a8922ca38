/** A row of independent standard normal weights: tilted, N(S b, S) with S = (I + A)^-1, and ln Z = (b.S b - ln det(I + A))/2. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec, VectorPrior } from "../../core/types.ts";

/** Throws ParameterError unless units is an integer in [1, 64], and from `posterior` where I + A is not positive definite. */
export function gaussianRow(units: number): VectorPrior {
  if (!(Number.isInteger(units) && units >= 1 && units <= 64))
    throw new ParameterError(`gaussianRow: units must be an integer in [1, 64], got ${units}; for example 2`);
  const K = units;
  const known = new Float64Array(K * K); // the A that S belongs to: one A serves all rows of AMP
  const L = new Float64Array(K * K);
  const S = new Float64Array(K * K);
  const column = new Float64Array(K);
  let logDeterminant = 0;
  S.fill(0);
  for (let i = 0; i < K; i++) S[i * K + i] = 1;

  function isKnown(A: Vec): boolean {
    for (let i = 0; i < K * K; i++) if (A[i] !== known[i]) return false;
    return true;
  }

  /** S by Cholesky of I + A. */
  function invert(A: Vec): void {
    let logs = 0;
    for (let i = 0; i < K; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0.5 * (A[i * K + j] + A[j * K + i]) + (i === j ? 1 : 0);
        for (let k = 0; k < j; k++) sum -= L[i * K + k] * L[j * K + k];
        if (i !== j) {
          L[i * K + j] = sum / L[j * K + j];
          continue;
        }
        if (!(sum > 0 && sum < Number.POSITIVE_INFINITY))
          throw new ParameterError(`gaussianRow: A must be finite and positive semi-definite, got a pivot of ${sum - 1}`);
        L[i * K + i] = Math.sqrt(sum);
        logs += Math.log(sum);
      }
    for (let c = 0; c < K; c++) {
      for (let i = 0; i < K; i++) {
        let sum = i === c ? 1 : 0;
        for (let k = 0; k < i; k++) sum -= L[i * K + k] * column[k];
        column[i] = sum / L[i * K + i];
      }
      for (let i = K - 1; i >= 0; i--) {
        let sum = column[i];
        for (let k = i + 1; k < K; k++) sum -= L[k * K + i] * column[k];
        column[i] = sum / L[i * K + i];
        if (i <= c) S[i * K + c] = S[c * K + i] = column[i];
      }
    }
    logDeterminant = logs;
    known.set(A);
  }

  return {
    units,
    secondMoment: 1,
    entropy: null,
    sample: (rng, w) => rng.fillNormal(w),
    posterior(A, b, mean, covariance) {
      if (!isKnown(A)) invert(A);
      let square = 0;
      for (let i = 0; i < K; i++) {
        let sum = 0;
        for (let j = 0; j < K; j++) sum += S[i * K + j] * b[j];
        mean[i] = sum;
        square += sum * b[i];
      }
      covariance.set(S);
      return 0.5 * (square - logDeterminant);
    }
  };
}
