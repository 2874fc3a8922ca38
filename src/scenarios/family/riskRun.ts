/**
 * Risk minimisation on an instance, frame by frame: convex GAMP from zero weights, or an independent solver in one frame. Where GAMP
 * diverges although a minimiser exists, the solver's is one last frame, and the outcome says so.
 */
import { type GampState, gamp } from "../../algorithms/gamp.ts";
import { lossChannel, minimiseRisk, penaltyPrior, type RiskProblem } from "../../algorithms/risk/index.ts";
import { outcome } from "../../core/outcome.ts";
import type { Detail, Frame, SimulationEnd, Vec } from "../../core/types.ts";

/** What a frame shows of weights and of their mean training loss, without t; `state` where GAMP made them. */
export type FrameOf<O extends string> = (
  w: Vec,
  trainingLoss: number,
  state?: GampState
) => { readonly [K in O]: number } & { readonly detail?: Detail };

const meanOf = (x: Vec): number => x.reduce((s, v) => s + v, 0) / x.length;

function startFrame<O extends string>({ operator, y, loss }: RiskProblem, frameOf: FrameOf<O>): Frame<O> {
  const kept = new Float64Array(y.length);
  loss.value(y, new Float64Array(y.length), kept);
  return { t: 0, ...frameOf(new Float64Array(operator.cols), meanOf(kept)) };
}

/** Two frames: zero weights, the minimiser by Newton's method, L-BFGS or coordinate descent (see minimiseRisk for what it refuses). */
export function* solverRun<O extends string>(problem: RiskProblem, frameOf: FrameOf<O>): Generator<Frame<O>, SimulationEnd> {
  yield startFrame(problem, frameOf);
  const { w, trainingLoss, outcome: end } = minimiseRisk(problem);
  yield { t: 1, ...frameOf(w, trainingLoss) };
  return end;
}

/** Of coordinate ascent in place of GAMP: a weak ridge on a loss with a kink can ask for many times more. */
const PASSES = 1000;

export interface GampSettings {
  /** Scalar variance at zero weights. */
  readonly variance: number;
  readonly iterations: number;
  readonly damping: number;
  /** Of scenarios that can leave the memory term out: a run that diverges without it stays as it is. */
  readonly onsager?: "on" | "off";
}

/** A frame a sweep; the training loss on the way is that of the proximal points of the last sweep. */
export function* gampRun<O extends string>(
  problem: RiskProblem,
  { variance, iterations, damping, onsager = "on" }: GampSettings,
  frameOf: FrameOf<O>
): Generator<Frame<O>, SimulationEnd> {
  const { operator, y, loss, penalty } = problem;
  const run = gamp(
    { operator, y, channel: lossChannel(loss), prior: penaltyPrior(penalty) },
    { iterations, damping, onsager: onsager === "on", tolerance: 1e-8, init: { mean: new Float64Array(operator.cols), variance } }
  );
  const z = new Float64Array(y.length);
  const values = new Float64Array(y.length);
  let last = 0;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) {
      const end = step.value.outcome;
      const kinked = !loss.smooth;
      // a kink without a ridge is for linear programming: no solver here takes it
      const solvable = onsager === "on" && (!kinked || (penalty.ridge ?? 0) > 0);
      if (end.kind === "horizon" && solvable) return { ...end, advice: `${end.advice}; algorithm solver makes no sweeps` };
      if (end.kind !== "diverged" || !solvable) return end;
      const { w, trainingLoss, method, outcome: found } = minimiseRisk(problem, kinked ? { iterations: PASSES } : {});
      if (found.kind !== "converged") return found.kind === "diverged" ? found : end;
      yield { t: last + 1, ...frameOf(w, trainingLoss) };
      const advice = `GAMP diverged at sweep ${end.iterations}: the last frame is the minimiser found by an independent solver (${method}); damping 0.5 may keep GAMP stable`;
      return outcome("converged", found.residual, end.iterations, { advice });
    }
    const { t, mean, omega, V, g } = step.value;
    last = t;
    if (t === 0) {
      yield startFrame(problem, frameOf);
      continue;
    }
    for (let i = 0; i < z.length; i++) z[i] = omega[i] + V[V.length === 1 ? 0 : i] * g[i];
    loss.value(y, z, values);
    yield { t, ...frameOf(mean, meanOf(values), step.value) };
  }
}
