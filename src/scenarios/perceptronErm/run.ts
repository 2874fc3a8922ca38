/** Instances of `perceptron-erm` and runs on them. */
import { maxMargin, type RiskProblem } from "../../algorithms/risk/index.ts";
import { outcome } from "../../core/outcome.ts";
import { make, ParameterError } from "../../core/parameters.ts";
import type { Frame, LinearOperator, Loss, Rng, SimulationEnd, Vec, Watch } from "../../core/types.ts";
import { gaussianIid } from "../../ensembles/index.ts";
import { isSeparable, labelErrorAt, usedPenalty } from "../../theory/risk/index.ts";
import { evenlyChosen, scoreResiduals } from "../family/detail.ts";
import { type FrameOf, gampRun, solverRun } from "../family/riskRun.ts";
import { type O, type P, startVariance } from "./setting.ts";

interface ErmInstance {
  readonly operator: LinearOperator;
  readonly teacher: Vec;
  readonly y: Vec;
}

/** A teacher of |w0|^2 = p: the theory's rho = 1 without fluctuations. */
function drawTeacher(rng: Rng, size: number): Vec {
  const w0 = new Float64Array(size);
  rng.fillNormal(w0);
  const length = Math.sqrt(w0.reduce((s, x) => s + x * x, 0) / size);
  return w0.map((x) => x / length);
}

/** alpha p patterns of variance 1/p and their labels. */
function sampleErm({ alpha, size, noise }: P, rng: Rng): ErmInstance {
  const rows = Math.max(1, Math.round(alpha * size));
  const operator = make(gaussianIid).sample(rng.fork("X"), rows, size);
  const teacher = drawTeacher(rng.fork("w0"), size);
  const y = new Float64Array(rows);
  const xi = new Float64Array(rows);
  operator.apply(teacher, y);
  rng.fork("noise").fillNormal(xi, Math.sqrt(noise));
  for (let i = 0; i < rows; i++) y[i] = y[i] + xi[i] < 0 ? -1 : 1;
  return { operator, teacher, y };
}

/** Observables of weights: exact given w, as new patterns are Gaussian. */
function measure(w: Vec, teacher: Vec, noise: number): Omit<Record<O, number>, "trainingLoss"> {
  const n = w.length;
  let m = 0;
  let q = 0;
  for (let i = 0; i < n; i++) {
    m += w[i] * teacher[i];
    q += w[i] * w[i];
  }
  // |w - (w.w0/p) w0|^2/p, summed as such: it is the gap q - m^2 with its digits
  let gap = 0;
  for (let i = 0; i < n; i++) gap += (w[i] - (m / n) * teacher[i]) ** 2;
  return {
    generalizationError: labelErrorAt({ kind: "sign", noise }, 1, { m: m / n, q: q / n, V: 0, gap: gap / n }),
    overlap: m / n,
    norm: q / n
  };
}

const NO_MINIMISER = "the labels are separable, and without a penalty the weights grow for ever: no minimiser exists; take lambda > 0";

/** Draws an instance and learns it at penalty `lambda`. */
export function* ermRun(p: P, loss: Loss, lambda: number, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
  const { operator, teacher, y } = sampleErm(p, rng);
  const frameOf: FrameOf<O> = (w, trainingLoss, state) => ({
    ...measure(w, teacher, p.noise),
    trainingLoss,
    ...(watch?.detail && state ? { detail: evenlyChosen(scoreResiduals(state, teacher)) } : {})
  });
  const ridge = usedPenalty(loss, p.noise, p.alpha, lambda);
  const problem: RiskProblem = { operator, y, loss, penalty: { ridge } };
  const extra = { lambda };
  const bare = lambda === 0 && loss.labels === "signs" && isSeparable(p.alpha, p.noise);
  if (p.algorithm === "gamp") {
    const end = yield* gampRun(problem, { ...p, variance: startVariance(ridge) }, frameOf);
    if (bare && loss.smooth && end.kind !== "converged")
      return { ...outcome("diverged", end.residual, end.iterations, { advice: NO_MINIMISER }), extra };
    return { ...end, extra };
  }
  if (!loss.smooth && ridge === 0)
    throw new ParameterError(
      "perceptron-erm: lambda must be positive for a loss with a kink and algorithm solver where labels cannot be separated, got 0; for example 0.01, or algorithm gamp"
    );
  if (!bare || loss.smooth) return { ...(yield* solverRun(problem, frameOf)), extra };
  // the hinge's limit of vanishing penalty, scaled so that the nearest pattern is where its loss vanishes
  const kept = new Float64Array(y.length);
  loss.value(y, new Float64Array(y.length), kept);
  yield { t: 0, ...frameOf(new Float64Array(p.size), kept.reduce((s, l) => s + l, 0) / y.length) };
  const kink = loss.breaks(0, 1).at(-1) ?? 1;
  const { w, outcome: end } = maxMargin(operator, y);
  yield {
    t: 1,
    ...frameOf(
      w.map((x) => kink * x),
      0
    )
  };
  return { ...end, extra };
}
