/** State evolution for a matrix that is not normalised: what independent entries of the same norm would give, matched prior and channel. */
import type { Channel, LinearOperator, Prior } from "../core/types.ts";
import { information, mmse } from "../theory/blocks.ts";

export interface PredictedMse {
  /** At the end of the trajectory. */
  readonly mse: number;
  readonly t: readonly number[];
  readonly trajectory: readonly number[];
}

/** An even channel starts from this share of the overlap, as a spectral start would. */
const SPARK = 1e-2;
/** Where a start beside the truth is, in units of the prior's variance. */
const NEAR = 1e-6;

/**
 * V_(t+1) = mmse(|A|_F^2/cols J(s (rho - V), s V)), s = |A|_F^2/rows. Null for MAP priors and for priors without a second moment,
 * where this is not the law of the algorithm.
 */
export function evolvePrediction(
  prior: Prior,
  channel: Channel,
  operator: Pick<LinearOperator, "rows" | "cols" | "frobenius2">,
  iterations: number,
  from: "uninformed" | "informed" = "uninformed"
): PredictedMse | null {
  const { rows, cols, frobenius2 } = operator;
  const rho = prior.secondMoment;
  if (prior.rule !== "bayes" || !(rho > 0 && Number.isFinite(rho) && frobenius2 > 0)) return null;
  const rowNorm = frobenius2 / rows;
  const start = prior.scalar === "real" ? rho - prior.mean ** 2 : rho;
  let V = from === "informed" ? NEAR * start : channel.even ? (1 - SPARK) * start : start;
  const t = [0];
  const trajectory = [V];
  for (let k = 1; k <= iterations; k++) {
    const J = information(channel, rowNorm * Math.max(0, rho - V), rowNorm * V);
    const next = mmse(prior, (frobenius2 / cols) * J);
    if (!Number.isFinite(next)) return null;
    const still = Math.abs(next - V) <= 1e-9 * V;
    V = next;
    t.push(k);
    trajectory.push(V);
    if (still || V <= 1e-26 * rho) break;
  }
  return { mse: V, t, trajectory };
}
