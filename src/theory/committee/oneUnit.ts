/**
 * A committee of one unit is the perceptron, y = sign z: the theory of generalized linear models (fixedPointCurve.ts) in the terms of
 * committees, with lambda_+ = lambda_- = q.
 */
import { sign } from "../../channels/index.ts";
import { outcome } from "../../core/outcome.ts";
import { make, ParameterError } from "../../core/parameters.ts";
import { binary, gaussian } from "../../priors/index.ts";
import { information, mmse, outputEntropy } from "../blocks.ts";
import type { CurvePoint } from "../curve.ts";
import { type BranchPoint, equilibrium } from "../equilibrium.ts";
import { fixedPointCurve, legendreTransform } from "../fixedPointCurve.ts";
import { stateEvolution } from "../stateEvolution.ts";
import { thresholdsOf } from "../thresholds.ts";
import type { CommitteeTheory } from "./committeeTheory.ts";
import { type CommitteeOrder, committeeOrder, EXACT } from "./order.ts";

const orderOf = (V: number): CommitteeOrder => {
  const v = Math.max(EXACT / 4, V);
  return { lambdaPlus: 1 - v, lambdaMinus: 1 - v, vPlus: v, vMinus: v };
};

export function oneUnitTheory(law: "gaussian" | "binary"): CommitteeTheory {
  const channel = make(sign, { noise: 0 });
  const prior = law === "gaussian" ? make(gaussian, { mean: 0, variance: 1 }) : make(binary, { p: 0.5 });
  const curve = fixedPointCurve(prior, channel);
  const legendre = legendreTransform(curve.signal);
  const limits = thresholdsOf(curve);
  const precision = (alpha: number, o: CommitteeOrder) => alpha * information(channel, o.lambdaPlus, o.vPlus);
  const exactly = (p: CurvePoint) => p.V <= EXACT;
  const branch = ({ point, freeEntropy }: BranchPoint) => ({
    order: orderOf(point.V),
    freeEntropy,
    outcome: outcome(exactly(point) ? "exact-recovery" : "converged", 0, 0)
  });
  const check = (alpha: number) => {
    if (!(alpha > 0 && Number.isFinite(alpha)))
      throw new ParameterError(`committee: alpha must be a number > 0, got ${alpha}; for example 1`);
  };
  return {
    step: (alpha, o) => orderOf(mmse(prior, precision(alpha, o))),
    *evolve(alpha, start, iterations) {
      check(alpha);
      const run = stateEvolution(alpha, { prior, channel }, undefined, { start: { overlap: start.lambdaPlus }, iterations });
      for (;;) {
        const step = run.next();
        if (step.done) return step.value;
        yield { t: step.value.t, order: orderOf(step.value.V) };
      }
    },
    fixedPoints: (alpha) => {
      check(alpha);
      return equilibrium(curve, alpha, limits).all.map((p) => ({ ...branch(p), stable: p.stable }));
    },
    predict: (alpha) => {
      check(alpha);
      const { algorithmic, optimal, all, phase } = equilibrium(curve, alpha, limits);
      return {
        algorithmic: branch(algorithmic),
        optimal: branch(optimal),
        phase,
        fixedPoints: all.map((p) => ({ order: orderOf(p.point.V), freeEntropy: p.freeEntropy, stable: p.stable }))
      };
    },
    thresholds: () => ({
      specialization: null,
      spinodal: null,
      algorithmic: limits.algorithmic,
      informationTheoretic: limits.informationTheoretic
    }),
    observablesAt: (raw) => {
      const o = committeeOrder(raw);
      const v = o.vPlus <= EXACT ? 0 : o.vPlus;
      // 1 - E <y>^2 is twice the chance that two samples of the posterior differ, arccos(q)/pi
      return {
        overlapPlus: o.lambdaPlus,
        overlapMinus: o.lambdaMinus,
        squaredError: (4 / Math.PI) * Math.asin(Math.sqrt(v / 2)),
        misclassification: Math.asin(Math.sqrt(v)) / Math.PI
      };
    },
    freeEntropy: (alpha, o, r) => {
      const p = r?.plus ?? precision(alpha, o);
      return legendre({ r: p, q: o.lambdaPlus, V: o.vPlus }) + alpha * outputEntropy(channel, o.lambdaPlus, o.vPlus);
    }
  };
}
