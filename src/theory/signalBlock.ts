/**
 * What the fixed-point curve needs of a signal: its law under a Gaussian observation of precision r, in the Bayes-optimal setting. A
 * prior of independent components is one; the last variable of a chain of layers (graph/signalBlock.ts) is another.
 */
import type { Prior, Scalar } from "../core/types.ts";
import { mmse, priorBlock } from "./blocks.ts";

export interface SignalBlock {
  readonly scalar: Scalar;
  readonly secondMoment: number;
  /** A size of the mean, per component: its square is what an uninformed estimate explains. */
  readonly mean: number;
  /** mmse(r) -> dimension / r as r -> infinity. */
  readonly dimension: number;
  /** Shannon entropy per component of a discrete signal, else null. */
  readonly entropy: number | null;
  /** -d mmse/dr at r = 0: the overlap grows as susceptibility r. */
  readonly susceptibility: number;
  /** Largest r secondMoment at which `mmse` has digits; 1e25 by default. */
  readonly sharpest?: number;
  /** Posterior variance per component, with its digits as it vanishes. */
  mmse(r: number): number;
  /** What the signal sends, 1/mmse(r) - r, where it is known without that cancellation. */
  extrinsic?(r: number): number;
  /** Psi(r) = E ln int dP(x) exp(-r x^2/2 + b x), nats per component: dPsi/dr = (secondMoment - mmse)/2 (complex: without the half). */
  psi(r: number): number;
}

/** A prior of independent components as a signal. */
export function signalBlock(prior: Prior): SignalBlock {
  const { message } = prior;
  return {
    scalar: prior.scalar,
    secondMoment: prior.secondMoment,
    mean: prior.mean,
    dimension: prior.dimension,
    entropy: prior.entropy,
    susceptibility: (prior.secondMoment - prior.mean ** 2) ** 2,
    mmse: (r) => mmse(prior, r),
    ...(message ? { extrinsic: () => message.a } : {}),
    psi: (r) => priorBlock(prior, r).psi
  };
}

/** Priors are told from signals by what they can do. */
export function asSignal(source: Prior | SignalBlock): SignalBlock {
  return "posterior" in source ? signalBlock(source) : source;
}
