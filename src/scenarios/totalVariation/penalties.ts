/**
 * What is believed of a gradient, on an instance and in theory: independent components under the truth's own law (bayes) or under
 * exp(-lambda |g|) (laplace: posterior means, Louchet and Moisan 2013), or the mode of the latter, total variation: anisotropic, |g|_1, or
 * isotropic, the norms of the gradients of pixels (Rudin, Osher and Fatemi 1992).
 */
import { ParameterError, make } from "../../core/parameters.ts";
import type { Module, Prior, Projection } from "../../core/types.ts";
import { groupSparsityModule, priorModule } from "../../modules/index.ts";
import { erfc } from "../../numerics/special/index.ts";
import * as priors from "../../priors/index.ts";
import type { MismatchedMessage, MismatchedOverlaps } from "../../theory/index.ts";

export type Penalty = "bayes" | "laplace" | "anisotropic" | "isotropic";

/** The law of the true jumps: independent, of variance 1. */
export function jumpLaw(rho: number): Prior {
  return make(priors.gaussBernoulli, { rho });
}

/** exp(-lambda |g|): its mean or its mode. */
function exponential(penalty: "laplace" | "anisotropic", rate: number): Prior {
  return penalty === "laplace" ? make(priors.laplace, { rate }) : make(priors.l1, { rate });
}

/** The belief as the producer of the gradient. It starts with the true variance of the gradient, as a Gaussian: Wiener's filter. */
export function penaltyLeaf(penalty: Penalty, rho: number, lambda: number, size: number): Module {
  if (penalty === "bayes") return priorModule(jumpLaw(rho), size);
  const secondMoments = (tau: number[]): void => {
    tau[0] = rho;
  };
  if (penalty !== "isotropic") return { ...priorModule(exponential(penalty, lambda), size), secondMoments };
  const groups = groupSparsityModule(size, { gamma: lambda, group: 2 });
  const refuse = (): Projection => {
    throw new ParameterError("total-variation: a penalty is an estimator; its state evolution is `estimateOf`");
  };
  return { ...groups, inputs: [], outputs: groups.inputs, secondMoments, error: refuse };
}

/** The precision of that Gaussian; the law exp(-lambda |g|) has its own. */
export function startOf(penalty: Penalty, rho: number, lambda: number): number {
  return penalty === "laplace" ? (lambda * lambda) / 2 : 1 / rho;
}

/** The overlaps of the estimate from a message b = mHat g0 + sqrt(qHat) xi whose precision is taken to be a. */
export function estimateOf(penalty: Penalty, rho: number, lambda: number): (message: MismatchedMessage) => MismatchedOverlaps {
  const teacher = jumpLaw(rho);
  if (penalty === "isotropic") return pairs(rho, lambda);
  const student = penalty === "bayes" ? teacher : exponential(penalty, lambda);
  return ({ a, mHat, qHat }) => {
    const field = teacher.field(mHat, qHat, undefined, student.breaks?.(a));
    const K = field.weight.length;
    const [mean, variance, truth, spread] = Array.from({ length: 4 }, () => new Float64Array(K));
    student.posterior(Float64Array.of(a), field.input, mean, variance);
    const snr = qHat > 0 ? mHat / qHat : 0;
    teacher.posterior(
      Float64Array.of(mHat * snr),
      field.input.map((b) => snr * b),
      truth,
      spread
    );
    const sum = { m: 0, q: 0, v: 0, mse: 0 };
    for (let k = 0; k < K; k++) {
      const w = field.weight[k];
      sum.m += w * truth[k] * mean[k];
      sum.q += w * mean[k] * mean[k];
      sum.v += w * variance[k];
      sum.mse += w * (spread[k] + (truth[k] - mean[k]) ** 2);
    }
    return sum;
  };
}

/** Directions in a quarter of the plane. */
const ANGLES = 256;

/**
 * Gradients of a mosaic of large cells: a straight wall parts a pixel from one of its two neighbours with probability sqrt(2) rho,
 * from both, with the same jump, with probability (1 - 1/sqrt(2)) rho. Then b is Gaussian with variances V1 along the gradient
 * and V2 across it, and the group threshold (1 - gamma/|b|)_+ b/a is averaged over |b| in closed form in every whitened direction.
 */
function pairs(rho: number, gamma: number): (message: MismatchedMessage) => MismatchedOverlaps {
  const one = Math.min(1, Math.SQRT2 * rho);
  const both = (1 - Math.SQRT1_2) * rho;
  return ({ a, mHat, qHat }) => {
    const sum = { m: 0, q: 0, v: 0 };
    for (const [weight, power] of [
      [1 - one - both, 0],
      [one, 1],
      [both, 2]
    ]) {
      const V1 = mHat * mHat * power + qHat;
      for (let k = 0; k < ANGLES; k++) {
        const c2 = Math.cos((Math.PI * (k + 0.5)) / (2 * ANGLES)) ** 2;
        const w = Math.sqrt(V1 * c2 + qHat * (1 - c2));
        if (!(w > 0)) continue;
        const t = gamma / w;
        const tail = Math.exp((-t * t) / 2);
        const I0 = Math.sqrt(Math.PI / 2) * erfc(t / Math.SQRT2); // int_t r^k exp(-r^2/2) dr
        const I2 = t * tail + I0;
        const I3 = (t * t + 2) * tail;
        const share = weight / ANGLES / 2; // per component
        sum.q += (share * (w * w * I3 - 2 * gamma * w * I2 + gamma * gamma * tail)) / (a * a);
        sum.v += (share * (2 * tail - t * I0)) / a;
        sum.m += (share * power * mHat * c2 * (I3 - t * I2)) / a;
      }
    }
    return { ...sum, mse: rho - 2 * sum.m + sum.q };
  };
}
