/** The Donoho-Tanner weak threshold of noiseless L1 recovery, which sees only the density rho of nonzeros (Donoho, Maleki, Montanari, PNAS 106, 18914 (2009)). */
import { mills, normalPdf } from "../numerics/special/index.ts";
import { brentMinimum } from "../numerics/roots.ts";

/**
 * alpha_L1(rho) = min over tau >= 0 of rho (1 + tau^2) + 2 (1 - rho) [(1 + tau^2) Q(tau) - tau phi(tau)]: the smallest risk
 * per component of soft thresholding at tau, worst case over the nonzeros. rho in [0, 1]; n/p above it recovers.
 */
export function l1Threshold(rho: number): number {
  if (rho <= 0) return 0;
  if (rho >= 1) return 1;
  const risk = (tau: number) => rho * (1 + tau * tau) + 2 * (1 - rho) * normalPdf(tau) * ((1 + tau * tau) * mills(tau) - tau);
  const best = brentMinimum(risk, 0, Math.sqrt(2 * Math.log(1 / rho)) + 4, { tolerance: 1e-10 });
  return risk(best.x);
}
