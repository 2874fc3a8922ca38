/** Fixed points of the equations of online SGD: damped Newton inside an admissible set, and the state a run of them ends in. */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Overlaps, Vec } from "../../core/types.ts";
import { jacobian, solveSmall, type VectorMap } from "../../numerics/jacobian.ts";
import { dopri5 } from "../../numerics/ode.ts";
import { type SgdModel, sgdSystem } from "./sgdOde.ts";

/** Zero of f by Newton's method, halving steps that leave `inside` or do not shrink |f|. `converged` where |f| <= 1e-12 (or no smaller by rounding below 1e-9). */
export function newton(
  f: VectorMap,
  start: Vec,
  inside: (x: Vec) => boolean,
  tolerance = 1e-12
): { readonly x: Vec; readonly outcome: Outcome } {
  const n = start.length;
  let x = Float64Array.from(start);
  const value = new Float64Array(n);
  const trial = new Float64Array(n);
  const size = (y: Vec) => {
    let top = 0;
    for (let i = 0; i < n; i++) top = Math.max(top, Math.abs(y[i]));
    return Number.isFinite(top) ? top : Number.POSITIVE_INFINITY;
  };
  f(x, value);
  let residual = size(value);
  let iterations = 0;
  for (; iterations < 60 && residual > tolerance; iterations++) {
    const J = jacobian(f, x, n);
    const step = Float64Array.from(value, (y) => -y);
    solveSmall(J, step, n);
    let factor = 1;
    let moved = false;
    for (let half = 0; half < 30; half++, factor *= 0.5) {
      const next = Float64Array.from(x, (y, i) => y + factor * step[i]);
      if (!next.every(Number.isFinite) || !inside(next)) continue;
      f(next, trial);
      const now = size(trial);
      if (now < residual * (1 - 1e-4 * factor)) {
        x = next;
        value.set(trial);
        residual = now;
        moved = true;
        break;
      }
    }
    if (!moved) break;
  }
  return { x, outcome: outcome(residual <= Math.max(tolerance, 1e-9) ? "converged" : "horizon", residual, iterations) };
}

/**
 * Where the dynamics ends: runs the equations to t = `time`, then Newton on all of them. `converged` when the state is at rest
 * and Newton stayed near it; `horizon` when the run still moves (a plateau not left, a flat direction of an overparametrised
 * student): the state is then that of the run. Throws ParameterError as `sgdOde`.
 */
export function finalState(
  model: SgdModel,
  start: Overlaps,
  time: number
): { readonly overlaps: Overlaps; readonly generalizationError: number; readonly outcome: Outcome } {
  const system = sgdSystem(model, start);
  const run = dopri5(system.derivative, system.pack(start), [time]);
  let y: Vec | undefined;
  let end = run.next();
  for (; !end.done; end = run.next()) y = end.value.y;
  const at = y ?? system.pack(start);
  const describe = (state: Vec, how: Outcome) => ({
    overlaps: system.unpack(state),
    generalizationError: system.generalizationError(state),
    outcome: how
  });
  if (!y) return describe(at, end.value.outcome);
  const rate = Math.max(model.learningRate, Number.MIN_VALUE);
  const f: VectorMap = (x, out) => {
    system.derivative(0, x, out);
    for (let i = 0; i < out.length; i++) out[i] /= rate;
  };
  const now = new Float64Array(at.length);
  f(at, now);
  const speed = now.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const near = (x: Vec) => x.every((xi, i) => Math.abs(xi - at[i]) <= 0.05 * (1 + Math.abs(at[i])));
  const found = newton(f, at, near);
  if (found.outcome.kind === "converged") return describe(found.x, found.outcome);
  return describe(
    at,
    outcome(speed <= 1e-7 ? "converged" : "horizon", speed, end.value.steps, {
      advice: speed <= 1e-7 ? undefined : `the overlaps still move at t = ${time}: ask for a longer time`
    })
  );
}
