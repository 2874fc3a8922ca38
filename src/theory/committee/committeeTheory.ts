/**
 * Asymptotic theory of the sign-sign committee machine of one, two or three units, matched teacher and student (Aubin et al. 2018): state
 * evolution R = alpha J(Q), Q = 2 grad Psi_w(R), free entropy Phi = Psi_w(R) + alpha Psi_out(Q) - tr(R Q)/2 (nats a row of weights),
 * its fixed points from two curves alpha(r), never by iteration: the unspecialised one (lambda_- = 0) and the specialised one that leaves it.
 */
import { ParameterError } from "../../core/parameters.ts";
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Phase } from "../../core/types.ts";
import { type CommitteeCurves, committeeCurves } from "./curves.ts";
import { labelError } from "./labelError.ts";
import { oneUnitTheory } from "./oneUnit.ts";
import { type CommitteeOrder, committeeOrder, EXACT } from "./order.ts";
import { type CommitteeOutput, outputFreeEntropy, outputInformation, outputSusceptibility, squaredError } from "./outputBlock.ts";
import { binaryRows, type CommitteePrecision, gaussianRowsOf, type RowPrior } from "./rowPriors.ts";
import { tripleFreeEntropy, tripleInformation, tripleLabelError, tripleSquaredError, tripleSusceptibility } from "./tripleOutput.ts";
import { binaryTripleRows } from "./tripleRows.ts";

export interface CommitteeObservables {
  /** lambda_+ = q_d + q_a. */
  readonly overlapPlus: number;
  /** lambda_- = q_d; specialised when positive. */
  readonly overlapMinus: number;
  /** E (Y - <Y>)^2 of the label of a new pattern (Aubin et al. print half of it). */
  readonly squaredError: number;
  /** Chance that the most probable label, argmax_y Z_y, is wrong: the least possible. */
  readonly misclassification: number;
}
export interface CommitteeFixedPoint {
  readonly order: CommitteeOrder;
  /** Nats a row. */
  readonly freeEntropy: number;
  readonly stable: boolean;
}
export interface CommitteeBranch {
  readonly order: CommitteeOrder;
  readonly freeEntropy: number;
  readonly outcome: Outcome;
}
export interface CommitteePrediction {
  /** What AMP reaches from no information but an infinitesimal difference between the units. */
  readonly algorithmic: CommitteeBranch;
  /** The fixed point of largest free entropy. */
  readonly optimal: CommitteeBranch;
  readonly phase: Phase;
  readonly fixedPoints: readonly CommitteeFixedPoint[];
}
export interface CommitteeThresholds {
  /** Where the unspecialised state loses its stability: AMP starts to tell the units apart. null for one unit. */
  readonly specialization: number | null;
  /** Where a specialised state first exists, if it appears away from the unspecialised one (Gaussian, three units); null otherwise. */
  readonly spinodal: number | null;
  /** Where AMP starts to learn the weights exactly (binary), or jumps to the specialised state (Gaussian, three units); null where it never does at finite alpha. */
  readonly algorithmic: number | null;
  /** Where the exact weights (binary) or the specialised state (Gaussian, three units) win in free entropy; null where the only transition is continuous. */
  readonly informationTheoretic: number | null;
}
export interface CommitteeFrame {
  readonly t: number;
  readonly order: CommitteeOrder;
}
export interface CommitteeTheory {
  /** One step of state evolution. */
  step(alpha: number, o: CommitteeOrder): CommitteeOrder;
  /** Frame t = 0 is the start. Stops early when converged. */
  evolve(
    alpha: number,
    start: { readonly lambdaPlus: number; readonly lambdaMinus: number },
    iterations: number
  ): Generator<CommitteeFrame, Outcome>;
  fixedPoints(alpha: number): readonly CommitteeFixedPoint[];
  predict(alpha: number): CommitteePrediction;
  thresholds(): CommitteeThresholds;
  observablesAt(o: {
    readonly lambdaPlus: number;
    readonly lambdaMinus: number;
    readonly vPlus?: number;
    readonly vMinus?: number;
  }): CommitteeObservables;
  freeEntropy(alpha: number, o: CommitteeOrder, r?: CommitteePrecision): number;
}

const theories = new Map<string, CommitteeTheory>();

const pair: CommitteeOutput = {
  units: 2,
  accuracy: 1e-12,
  information: outputInformation,
  susceptibility: outputSusceptibility,
  freeEntropy: outputFreeEntropy,
  squaredError,
  labelError
};
const triple: CommitteeOutput = {
  units: 3,
  accuracy: 1e-8,
  information: tripleInformation,
  susceptibility: tripleSusceptibility,
  freeEntropy: tripleFreeEntropy,
  squaredError: tripleSquaredError,
  labelError: tripleLabelError
};

/** The theory of one prior; curves are computed once and kept. Throws ParameterError unless units is 1, 2 or 3. */
export function committeeTheory({ prior, units }: { readonly prior: "gaussian" | "binary"; readonly units: number }): CommitteeTheory {
  if (!(units === 1 || units === 2 || units === 3))
    throw new ParameterError(`committee: the theory of a sign-sign committee is for 1 to 3 hidden units, got ${units}; for example 2`);
  const name = `${prior} ${units}`;
  const known = theories.get(name);
  if (known) return known;
  const gaussian = prior === "gaussian";
  const made =
    units === 1
      ? oneUnitTheory(prior)
      : units === 2
        ? build(gaussian ? gaussianRowsOf(2) : binaryRows, pair)
        : build(gaussian ? gaussianRowsOf(3) : binaryTripleRows, triple);
  theories.set(name, made);
  return made;
}

function build(rows: RowPrior, output: CommitteeOutput): CommitteeTheory {
  const { units, accuracy } = output;
  /** On the change of an overlap in a step. */
  const tolerance = Math.max(1e-10, accuracy);
  const precisionAt = (alpha: number, o: CommitteeOrder): CommitteePrecision => {
    const J = output.information(o);
    return { plus: alpha * J.plus, minus: alpha * J.minus };
  };
  let curves: CommitteeCurves | undefined;
  const sheets = () => {
    curves ??= committeeCurves(rows, output);
    return curves;
  };
  const exactly: CommitteeOrder = { lambdaPlus: 1, lambdaMinus: 1, vPlus: EXACT / 4, vMinus: EXACT / 4 };

  const step = (alpha: number, o: CommitteeOrder): CommitteeOrder => rows.order(precisionAt(alpha, o));
  const freeEntropy = (alpha: number, o: CommitteeOrder, r?: CommitteePrecision): number => {
    const { plus, minus } = r ?? precisionAt(alpha, o);
    return (
      rows.freeEntropy({ plus, minus }) + alpha * output.freeEntropy(o) - 0.5 * (plus * o.lambdaPlus + (units - 1) * minus * o.lambdaMinus)
    );
  };
  const isExact = (o: CommitteeOrder) => Math.max(o.vPlus, o.vMinus) <= EXACT;

  function* evolve(
    alpha: number,
    start: { readonly lambdaPlus: number; readonly lambdaMinus: number },
    iterations: number
  ): Generator<CommitteeFrame, Outcome> {
    let o = committeeOrder(start);
    yield { t: 0, order: o };
    let residual = Number.MAX_VALUE;
    for (let t = 1; t <= iterations; t++) {
      const next = step(alpha, o);
      residual = Math.max(Math.abs(next.lambdaPlus - o.lambdaPlus), Math.abs(next.lambdaMinus - o.lambdaMinus));
      const grows = next.lambdaMinus > o.lambdaMinus;
      o = next;
      yield { t, order: o };
      if (rows.entropy !== null && isExact(o)) return outcome("exact-recovery", 0, t);
      // a difference between the units that grows from next to nothing moves slowly without being at rest
      if (residual < tolerance * (grows ? Math.max(o.lambdaMinus, 1e-300) : 1)) return outcome("converged", residual, t);
    }
    return outcome("horizon", residual, iterations, { advice: `not converged after ${iterations} iterations: raise iterations` });
  }

  const points = new Map<number, readonly CommitteeFixedPoint[]>();
  const fixedPoints = (alpha: number): readonly CommitteeFixedPoint[] => {
    if (!(alpha > 0 && Number.isFinite(alpha)))
      throw new ParameterError(`committee: alpha must be a number > 0, got ${alpha}; for example 1`);
    const kept = points.get(alpha);
    if (kept) return kept;
    const { unspecialised, unspecialisedStable, specialised } = sheets();
    const found: CommitteeFixedPoint[] = [
      ...unspecialised(alpha).map((order) => ({ order, stable: unspecialisedStable(alpha, order) })),
      ...specialised(alpha)
    ].map((f) => ({ ...f, freeEntropy: freeEntropy(alpha, f.order) }));
    if (rows.entropy !== null) found.push({ order: exactly, freeEntropy: -rows.entropy, stable: true });
    if (points.size > 500) points.clear();
    points.set(alpha, found);
    return found;
  };

  const branch = (p: CommitteeFixedPoint): CommitteeBranch => ({
    order: p.order,
    freeEntropy: p.freeEntropy,
    outcome: isExact(p.order) && rows.entropy !== null ? outcome("exact-recovery", 0, 0) : outcome("converged", 0, 0)
  });
  const predict = (alpha: number): CommitteePrediction => {
    const all = fixedPoints(alpha);
    // the map preserves the order of matrices: from just above zero it climbs to the least stable fixed point that it cannot pass
    const reached = all.find((p) => p.stable) ?? all[all.length - 1];
    const best = all.reduce((a, b) => (b.freeEntropy > a.freeEntropy ? b : a));
    return { algorithmic: branch(reached), optimal: branch(best), phase: phaseOf(reached, best), fixedPoints: all };
  };
  let limits: CommitteeThresholds | undefined;
  const thresholds = () => {
    limits ??= sheets().thresholds(freeEntropy);
    return limits;
  };
  /** Binary weights are learned exactly or not; Gaussian ones are told apart or not. */
  const phaseOf = (reached: CommitteeFixedPoint, best: CommitteeFixedPoint): Phase => {
    const [below, above] = rows.entropy === null ? ["unspecialised", "specialised"] : ["impossible", "easy"];
    const done = ({ order }: CommitteeFixedPoint) => (rows.entropy === null ? order.lambdaMinus > 0 : isExact(order));
    return done(best) ? (done(reached) ? above : "hard") : below;
  };
  return {
    step,
    evolve,
    fixedPoints,
    predict,
    thresholds,
    freeEntropy,
    observablesAt: (raw) => {
      const o = committeeOrder(raw);
      if (isExact(o)) return { overlapPlus: o.lambdaPlus, overlapMinus: o.lambdaMinus, squaredError: 0, misclassification: 0 };
      return {
        overlapPlus: o.lambdaPlus,
        overlapMinus: o.lambdaMinus,
        squaredError: output.squaredError(o),
        misclassification: output.labelError(o)
      };
    }
  };
}
