/** A row of independent weights +-1, equally likely: all 2^K rows are enumerated, in log space, and the covariance is centred first. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec, VectorPrior } from "../../core/types.ts";

/** Throws ParameterError unless units is an integer in [1, 12]. */
export function binaryRow(units: number): VectorPrior {
  if (!(Number.isInteger(units) && units >= 1 && units <= 12))
    throw new ParameterError(
      `binaryRow: units must be an integer in [1, 12], whose 2^units rows are enumerated, got ${units}; for example 2`
    );
  const K = units;
  const rows = 2 ** K;
  const spins = new Float64Array(rows * K); // row s, unit l: -1 or 1
  for (let s = 0; s < rows; s++) for (let l = 0; l < K; l++) spins[s * K + l] = (s >> l) & 1 ? 1 : -1;
  const known = new Float64Array(K * K); // the A that `quadratic` belongs to: one A serves all rows of AMP
  const quadratic = new Float64Array(rows);
  const share = new Float64Array(rows);
  const other = new Float64Array(K); // probability of the less likely sign, so that mean and variance keep their digits at +-1

  function prepare(A: Vec): void {
    let same = true;
    for (let i = 0; i < K * K; i++) if (A[i] !== known[i]) same = false;
    if (same) return;
    for (let s = 0; s < rows; s++) {
      let sum = 0;
      for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) sum += A[i * K + j] * spins[s * K + i] * spins[s * K + j];
      quadratic[s] = 0.5 * sum;
    }
    known.set(A);
  }

  return {
    units,
    secondMoment: 1,
    entropy: K * Math.LN2,
    sample(rng, w) {
      rng.fillUniform(w);
      for (let i = 0; i < w.length; i++) w[i] = w[i] < 0.5 ? 1 : -1;
    },
    posterior(A, b, mean, covariance) {
      prepare(A);
      let top = Number.NEGATIVE_INFINITY;
      let best = 0;
      for (let s = 0; s < rows; s++) {
        let e = -quadratic[s];
        for (let l = 0; l < K; l++) e += b[l] * spins[s * K + l];
        share[s] = e;
        if (e > top) {
          top = e;
          best = s;
        }
      }
      let sum = 0;
      other.fill(0);
      for (let s = 0; s < rows; s++) {
        const p = Math.exp(share[s] - top);
        share[s] = p;
        sum += p;
        for (let l = 0; l < K; l++) if (spins[s * K + l] !== spins[best * K + l]) other[l] += p;
      }
      for (let l = 0; l < K; l++) {
        other[l] /= sum;
        mean[l] = spins[best * K + l] * (1 - 2 * other[l]);
      }
      // w_l - mean_l = +-2 other_l where w agrees with the likeliest row, -+2 (1 - other_l) where it does not
      covariance.fill(0);
      for (let s = 0; s < rows; s++) {
        const p = (4 * share[s]) / sum;
        for (let i = 0; i < K; i++) {
          const di = spins[s * K + i] === spins[best * K + i] ? other[i] : other[i] - 1;
          for (let j = 0; j <= i; j++)
            covariance[i * K + j] += p * di * (spins[s * K + j] === spins[best * K + j] ? other[j] : other[j] - 1);
        }
      }
      for (let i = 0; i < K; i++)
        for (let j = 0; j < i; j++) {
          covariance[i * K + j] *= spins[best * K + i] * spins[best * K + j];
          covariance[j * K + i] = covariance[i * K + j];
        }
      return top + Math.log(sum / rows);
    }
  };
}
