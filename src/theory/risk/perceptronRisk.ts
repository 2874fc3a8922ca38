/** Ridge-penalised risk on i.i.d. Gaussian patterns with sign labels, unit teacher: the minimiser at any lambda >= 0, lambda = 0 being the limit from above. */
import { outcome } from "../../core/outcome.ts";
import type { Loss, Outcome } from "../../core/types.ts";
import { ridgeSide } from "./isotropicSide.ts";
import { maxMargin } from "./maxMargin.ts";
import { type LabelLaw, labelErrorAt, makeOutputSide, type RiskHats, type RiskOrder, trainingLossAt } from "./outputSide.ts";
import { riskPath, type RiskSolution } from "./riskFixedPoint.ts";
import { separabilityThreshold } from "./separability.ts";
import { type TunedPenalty, tunedPenalty } from "./tunedPenalty.ts";

export interface PerceptronRisk {
  readonly order: RiskOrder;
  readonly error: number;
  /** Per pattern. */
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

/** A penalty that stands for lambda -> 0 where the limit exists but the unpenalised minimiser is not unique. */
export const VANISHING = 1e-6;

/** n/p below which labels of this noise can be separated; null where always (no noise). */
export function separableBelow(noise: number): number | null {
  const threshold = noise > 0 ? separabilityThreshold(1, 1, noise) : Number.POSITIVE_INFINITY;
  return Number.isFinite(threshold) ? threshold : null; // a noise of 1e-300 is none
}

export const isSeparable = (alpha: number, noise: number): boolean => alpha < (separableBelow(noise) ?? Number.POSITIVE_INFINITY);

/** The penalty a run or its state evolution uses for `lambda`: itself, or a vanishing one where lambda = 0 leaves the minimiser undetermined. */
export function usedPenalty(loss: Loss, noise: number, alpha: number, lambda: number): number {
  if (lambda > 0) return lambda;
  if (loss.labels === "reals") return alpha > 1 ? 0 : VANISHING;
  return !loss.smooth && isSeparable(alpha, noise) ? VANISHING : 0;
}

/** The minimiser as p -> infinity; l1 of nothing but the ridge. alpha > 0, noise >= 0, lambda >= 0. */
export function perceptronRisk(loss: Loss, noise: number, alpha: number, lambda: number): PerceptronRisk {
  const labels: LabelLaw = { kind: "sign", noise };
  if (lambda === 0 && loss.labels === "signs" && isSeparable(alpha, noise)) return separated(loss, noise, alpha);
  const at = usedPenalty(loss, noise, alpha, lambda);
  const solution = riskPath(makeOutputSide(loss, labels, 1), (x) => ridgeSide(1, x), alpha, at);
  const found = reported(loss, labels, solution);
  if (lambda > 0 || loss.labels === "signs" || Math.abs(alpha - 1) > 1e-3) return found;
  const advice =
    "at the interpolation peak, alpha = 1, the norm diverges as lambda goes to 0; the figures are those of lambda = 1e-6; take lambda > 0";
  return { ...found, outcome: outcome("diverged", 1, found.outcome.iterations, { advice }) };
}

function reported(loss: Loss, labels: LabelLaw, { order, outcome: end }: RiskSolution): PerceptronRisk {
  return { order, error: labelErrorAt(labels, 1, order), trainingLoss: trainingLossAt(loss, labels, 1, order), outcome: end };
}

/** Zero loss within reach: the hinge's limit is the max-margin classifier of margin where it vanishes; losses that vanish at infinity only have no minimiser. */
function separated(loss: Loss, noise: number, alpha: number): PerceptronRisk {
  const best = maxMargin(alpha, noise);
  const labels: LabelLaw = { kind: "sign", noise };
  const kink = loss.smooth ? 1 : (loss.breaks(0, 1).at(-1) ?? 1); // y z from which the loss is zero
  const length = best.margin > 0 ? kink / best.margin : 0;
  const gap = (length * Math.sin(best.angle)) ** 2;
  const order: RiskOrder = { m: length * best.overlap, q: length * length, V: 0, gap };
  const advice =
    "the labels are separable, and without a penalty the weights grow for ever: no minimiser exists; the figures are those of the max-margin classifier, the direction they grow in, at margin 1; take lambda > 0, or alpha above the separability threshold";
  return {
    order,
    error: labelErrorAt(labels, 1, order),
    trainingLoss: 0,
    outcome: loss.smooth ? outcome("diverged", 1, best.outcome.iterations, { advice }) : best.outcome
  };
}

/** Penalties that `tunedRidge` looks between: without noise the best one of the logistic loss falls to 1.1e-9 at alpha = 1e4. */
export const RIDGES = { least: 1e-11, most: 1e4 } as const;

/** The ridge of least label error, in `RIDGES`. */
export function tunedRidge(loss: Loss, noise: number, alpha: number): TunedPenalty {
  const labels: LabelLaw = { kind: "sign", noise };
  let start: RiskHats | undefined;
  const errorWith = (order: number, tolerance: number) => {
    const output = makeOutputSide(loss, labels, 1, order);
    return (lambda: number): number => {
      const solution = riskPath(output, (x) => ridgeSide(1, x), alpha, lambda, { tolerance, ...(start ? { start } : {}) });
      if (solution.outcome.kind === "converged") start = solution.hats;
      return labelErrorAt(labels, 1, solution.order);
    };
  };
  return tunedPenalty(errorWith(16, 1e-12), { ...RIDGES, roughly: errorWith(6, 1e-7) });
}
