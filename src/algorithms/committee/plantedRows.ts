/** Estimates with given overlaps with the truth: what a Bayes estimator that has come so far would hold. */
import type { Rng, Vec } from "../../core/types.ts";

/**
 * mean = Q w + sqrt(Q (1 - Q) rho) xi on each row, with eigenvalue `plus` of Q on the sum of the units and `minus` on their differences:
 * E mean w^T = E mean mean^T = rho Q. The covariance is rho (1 - Q). `truth` and `mean` hold one Vec a unit.
 */
export function plantRows(
  truth: readonly Vec[],
  plus: number,
  minus: number,
  rho: number,
  rng: Rng,
  mean: readonly Vec[],
  covariance: Vec
): void {
  const K = truth.length;
  for (const m of mean) rng.fillNormal(m);
  const noisePlus = Math.sqrt(plus * (1 - plus) * rho);
  const noiseMinus = Math.sqrt(minus * (1 - minus) * rho);
  for (let i = 0; i < truth[0].length; i++) {
    let w = 0;
    let xi = 0;
    for (let l = 0; l < K; l++) {
      w += truth[l][i] / K;
      xi += mean[l][i] / K;
    }
    for (let l = 0; l < K; l++) mean[l][i] = minus * (truth[l][i] - w) + plus * w + noiseMinus * (mean[l][i] - xi) + noisePlus * xi;
  }
  for (let l = 0; l < K; l++) for (let k = 0; k < K; k++) covariance[l * K + k] = rho * ((l === k ? 1 - minus : 0) - (plus - minus) / K);
}
