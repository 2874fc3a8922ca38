/**
 * The square loss (z - y)^2/2 in closed form, for any inputs given by `Covariates`: eta = (omega + V y)/(1 + V), so that VHat = alpha/(1 + V)
 * and V solves one equation of one unknown, after which m and q are explicit. No iteration slows down at the interpolation peak.
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome } from "../../core/types.ts";
import { brentRoot } from "../../numerics/roots.ts";
import type { LabelLaw, RiskHats, RiskOrder } from "./outputSide.ts";
import { type Covariates, meanVariance, spectralSide } from "./spectralSide.ts";

/** d E[y | z0]/d z0 on average, and E y^2. */
export function labelMoments({ kind, noise }: LabelLaw, rho: number): { readonly slope: number; readonly square: number } {
  return kind === "linear" ? { slope: 1, square: rho + noise } : { slope: Math.sqrt(2 / (Math.PI * (rho + noise))), square: 1 };
}

export interface RidgeSolution {
  readonly order: RiskOrder;
  /** Per sample. */
  readonly hats: RiskHats;
  /** (1/n) sum (z - y)^2/2 on the training samples. */
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

/** `samples` = n/p. Throws ParameterError unless lambda > 0. */
export function ridgeSolution(inputs: Covariates, labels: LabelLaw, samples: number, lambda: number): RidgeSolution {
  const { omega, weight } = inputs;
  const { slope, square } = labelMoments(labels, inputs.rho);
  const side = spectralSide(inputs, lambda);
  // <Omega/(lambda V + alpha Omega V/(1 + V))> falls from +infinity to below 1 as V goes from 0 to <Omega>/lambda
  const top = Math.log(meanVariance(inputs) / lambda);
  const excess = (logV: number): number => {
    const V = Math.exp(logV);
    const share = samples * (V / (1 + V));
    let sum = 0;
    for (let k = 0; k < omega.length; k++) sum += (weight[k] * omega[k]) / (lambda * V + share * omega[k]);
    return Math.log(sum);
  };
  // V = <Omega/(lambda + alpha Omega/(1 + V))> >= its value at V = 0
  const bottom = Math.log(side({ mHat: 0, qHat: 0, VHat: samples }).V);
  const root = brentRoot(excess, Math.min(bottom, top) - 1e-3, top + 1e-3);
  const V = Math.exp(root.x);
  const VHat = 1 / (1 + V);
  const mHat = slope * VHat;
  const unit = side({ mHat: samples * mHat, qHat: 0, VHat: samples * VHat });
  const { q: perNoise } = side({ mHat: 0, qHat: samples * VHat * VHat, VHat: samples * VHat });
  // E (y - omega)^2 = E y^2 - 2 slope m + q with q = q_signal + perNoise E (y - omega)^2, perNoise < 1
  const bare = labels.kind === "linear" ? (unit.mse ?? 0) + labels.noise : square - 2 * slope * unit.m + unit.q;
  const residual = bare / (1 - perNoise);
  const qHat = VHat * VHat * residual;
  const order = side({ mHat: samples * mHat, qHat: samples * qHat, VHat: samples * VHat });
  const found = Number.isFinite(order.q) && order.q >= 0;
  return {
    order,
    hats: { mHat, qHat, VHat },
    trainingLoss: qHat / 2,
    outcome: found
      ? outcome("converged", root.outcome.residual, root.outcome.iterations)
      : outcome("diverged", Number.MAX_VALUE, root.outcome.iterations, {
          advice: "the variance of the interpolator is infinite: raise lambda"
        })
  };
}
