/** Predictions when teacher and student differ: no free entropy ranks the branches, so fixed points come from iterating state evolution from below and from above. */
import { outcome } from "../../core/outcome.ts";
import type { Branch, FixedPoint, Outcome, Prediction } from "../../core/types.ts";
import { generalStep, type Order, type Start, stateEvolution } from "../../theory/index.ts";
import type { OrderParameters } from "./generalizedLinear.ts";
import type { Models } from "./models.ts";

const ITERATIONS = 3000;

/** algorithmic: from the uninformed start (a spark of overlap in symmetric models). Every fixed point found is listed with its stability. */
export function mismatchedPrediction<O extends string>(m: Models, alpha: number, view: (o: OrderParameters) => { readonly [K in O]: number }): Prediction<O> {
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
      freeEntropy: null,
      stable: p.outcome.kind === "exact-recovery" || leading(m, alpha, p.order) < 1
    }));
  return { branches: { algorithmic: branch }, phase: null, fixedPoints };
}

function run(m: Models, alpha: number, start: Start): { order: Order; outcome: Outcome } {
  const steps = stateEvolution(alpha, m.student, m.teacher, { start, iterations: ITERATIONS });
  let last: Order = { t: 0, m: 0, q: 0, V: 1, mse: 1 };
  for (;;) {
    const step = steps.next();
    if (!step.done) {
      if (Number.isFinite(step.value.mse)) last = step.value;
      continue;
    }
    const end = step.value;
    if (end.kind === "converged" && leading(m, alpha, last) >= 1)
      return { order: last, outcome: outcome("trivial-fixed-point", end.residual, end.iterations, { advice: "this fixed point is unstable: a small perturbation leaves it" }) };
    return { order: last, outcome: end };
  }
}

/** Growth rate of a perturbation of (m, q, V): the spectral radius of the Jacobian, by power iteration on finite differences. */
function leading(m: Models, alpha: number, at: Order): number {
  const step = generalStep(alpha, m.student, m.teacher);
  const rho = m.teacher.prior.secondMoment;
  const h = 1e-5 * rho;
  const base = step(at);
  const J = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ].map(([dm, dq, dV]) => {
    const moved = step({ m: at.m + h * dm, q: at.q + h * dq, V: at.V + h * dV });
    return [(moved.m - base.m) / h, (moved.q - base.q) / h, (moved.V - base.V) / h];
  });
  let v = [1, 0.7, 0.4];
  let growth = 0;
  for (let k = 0; k < 60; k++) {
    const next = [0, 1, 2].map((i) => J[0][i] * v[0] + J[1][i] * v[1] + J[2][i] * v[2]);
    growth = Math.hypot(...next) / Math.hypot(...v);
    if (!(growth > 1e-12)) return 0;
    v = next.map((x) => x / Math.hypot(...next));
  }
  return growth;
}
