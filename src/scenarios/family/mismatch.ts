/** Predictions when teacher and student differ: no free entropy ranks the branches, so fixed points come from iterating state evolution from below and from above. */
import { outcome } from "../../core/outcome.ts";
import type { Branch, FixedPoint, Outcome, Prediction } from "../../core/types.ts";
import { growthRate } from "../../numerics/jacobian.ts";
import { generalStep, type Order, type Start, stateEvolution } from "../../theory/index.ts";
import type { OrderParameters } from "./generalizedLinear.ts";
import type { Models } from "./models.ts";

const ITERATIONS = 3000;

/** algorithmic: from the uninformed start (a spark of overlap in symmetric models). Every fixed point found is listed with its stability. */
export function mismatchedPrediction<O extends string>(
  m: Models,
  alpha: number,
  view: (o: OrderParameters) => { readonly [K in O]: number }
): Prediction<O> {
  const rho = m.teacher.prior.secondMoment;
  const symmetric = m.student.channel.even && Math.abs(m.student.prior.mean) < 1e-12;
  const below = run(m, alpha, symmetric ? { overlap: 1e-6 } : "uninformed");
  const above = run(m, alpha, { overlap: 1 - 1e-9 });
  const points = [below];
  if (Math.abs(above.order.mse - below.order.mse) > 1e-6 * rho) points.push(above);
  const branch: Branch<O> = { outcome: below.outcome, observables: view({ rho, ...below.order }) };
  const fixedPoints: FixedPoint[] = points
    .filter((p) => p.outcome.kind !== "diverged" && p.outcome.kind !== "horizon")
    .map((p) => ({
      order: { overlap: p.order.m / rho, m: p.order.m, q: p.order.q, variance: p.order.V },
      stable: p.outcome.kind === "exact-recovery" || leading(m, alpha, p.order) < 1
    }));
  return { branches: { algorithmic: branch }, phase: null, fixedPoints };
}

function run(m: Models, alpha: number, start: Start): { order: Order; outcome: Outcome } {
  const steps = stateEvolution(alpha, m.student, m.teacher, { start, iterations: ITERATIONS, tolerance: 1e-13 });
  let last: Order = { t: 0, m: 0, q: 0, V: 1, mse: 1 };
  for (;;) {
    const step = steps.next();
    if (!step.done) {
      if (Number.isFinite(step.value.mse)) last = step.value;
      continue;
    }
    const end = step.value;
    if (end.kind === "converged" && leading(m, alpha, last) >= 1)
      return {
        order: last,
        outcome: outcome("trivial-fixed-point", end.residual, end.iterations, {
          advice: "this fixed point is unstable: a small perturbation leaves it"
        })
      };
    return { order: last, outcome: end };
  }
}

/** Growth rate of a perturbation of (m, q, V): the spectral radius of the Jacobian. */
function leading(m: Models, alpha: number, at: Order): number {
  const step = generalStep(alpha, m.student, m.teacher);
  const rate = growthRate(
    (x, out) => {
      const o = step({ m: x[0], q: x[1], V: x[2] });
      out[0] = o.m;
      out[1] = o.q;
      out[2] = o.V;
    },
    Float64Array.of(at.m, at.q, at.V)
  );
  return Number.isFinite(rate) ? rate : Number.POSITIVE_INFINITY;
}
