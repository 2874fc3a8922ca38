/**
 * Recovery of a signal from the user's own data: preflight, cure, GAMP (learning what is asked), and what to believe of the result.
 * Runs in browsers; the command line and the laboratory drive the same generator.
 */
import { bethe } from "../algorithms/bethe.ts";
import { type Cured, cure } from "../algorithms/cure.ts";
import { inputResiduals, type Normality, normality, outputResiduals } from "../algorithms/effectiveNoise.ts";
import { type GampOptions, type GampProblem, type GampResult, type GampState, gamp } from "../algorithms/gamp.ts";
import { gampLearn, type Learnable, type Learned } from "../algorithms/learn.ts";
import { type Metrics, metrics } from "../algorithms/metrics.ts";
import { type Preflight, preflight } from "../algorithms/preflight.ts";
import { hasCostlyField } from "../channels/fromDensity.ts";
import { outcome } from "../core/outcome.ts";
import { parse } from "../core/parameters.ts";
import type { Channel, LinearOperator, Outcome, Prior, Scalar, Vec } from "../core/types.ts";
import { makeRng } from "../numerics/random/index.ts";
import { curedLearning } from "./curedLearning.ts";
import { evolvePrediction, type PredictedMse } from "./solvePrediction.ts";
import { type Ingredients, matchFields } from "./solveFields.ts";
import { BEYOND_AMP, beyondAmp, type ErrorBars, errorBars, misfit, withAdvice } from "./solveVerdict.ts";

export interface SolveRequest extends Ingredients {
  readonly prior: Learnable<Prior>;
  readonly channel: Learnable<Channel>;
  /** Parameters to learn: rho, noise, prior.variance, ... */
  readonly learn?: readonly string[];
  /** Applies the cures that the preflight names. */
  readonly auto?: boolean;
  /** The matrix is known to be rank-deficient, which the preflight's few products may miss. */
  readonly deficient?: boolean;
  readonly damping?: number | "adaptive";
  /** Sweeps at most, 300 by default (500 when learning, 1000 where a cure damps). */
  readonly iterations?: number;
  /** uninformed by default; spectral where the channel is even, since zero overlap is then a fixed point. */
  readonly init?: "uninformed" | "spectral" | "informed";
  readonly seed?: number;
}

/** What one sweep has to show; the caller may answer "stop". */
export interface SolveStep {
  readonly t: number;
  readonly residual: number;
  readonly estimatedMse: number;
  /** Sweeps at most. */
  readonly sweeps: number;
}

export interface EffectiveNoise {
  /** Against the truth (b/A - x0), or, without it, the outputs' (y - omega) in units of its predicted spread. */
  readonly from: "truth" | "outputs";
  /** What the residuals are if the model is right, not what was found: N(0, 1), or scores with no known law but `ratio` (outputs of channels other than Gaussian noise). */
  readonly kind: "gaussian" | "scores";
  /** Sum of squared scores over the sum of curvatures: 1 if the model is right. */
  readonly ratio: number;
  readonly normality: Normality | null;
  readonly residuals: Vec;
}

export interface Solution {
  readonly outcome: Outcome;
  readonly scalar: Scalar;
  /** In signal space (interleaved when complex), and its posterior standard deviation, one real number per component. */
  readonly estimate: Vec;
  readonly deviation: Vec;
  readonly prior: Readonly<Record<string, unknown>>;
  readonly channel: Readonly<Record<string, unknown>>;
  readonly learned: readonly Learned[];
  /** What the run believes: the mean posterior variance. */
  readonly estimatedMse: number;
  readonly predicted: PredictedMse | null;
  /** Against the truth, when it is given. */
  readonly metrics: Metrics | null;
  /** The sign or phase cannot be measured: `metrics.aligned` is what to read. */
  readonly ambiguous: boolean;
  /** Nats; null where it is undefined. */
  readonly freeEntropy: number | null;
  /** Null after exact recovery, where residuals are rounding. */
  readonly effectiveNoise: EffectiveNoise | null;
  readonly errorBars: ErrorBars;
  readonly preflight: Preflight;
  readonly cures: readonly string[];
  /** What to know before believing it, in sentences. */
  readonly notes: readonly string[];
  readonly trajectory: {
    readonly t: readonly number[];
    readonly residual: readonly number[];
    readonly estimatedMse: readonly number[];
    readonly mse?: readonly number[];
  };
}

/** Said where the channel is a density of continuous labels. */
const LEFT_OUT =
  "the channel is a density of continuous labels: state evolution would average over every label at each step, so its prediction is left out";

/** Yields once a sweep. Throws ParameterError for what does not fit together; a numerical failure is the outcome. */
export function* solve(request: SolveRequest): Generator<SolveStep, Solution, "stop" | undefined> {
  const { prior, channel, learn = [], auto = false, seed = 1 } = request;
  const priorValues = parse(prior.family, prior.values);
  const channelValues = parse(channel.family, channel.values);
  const bricks = { prior: prior.family.build(priorValues), channel: channel.family.build(channelValues) };
  const { operator, synthesis, y, truth, notes } = matchFields(request, bricks.prior, bricks.channel);
  const rng = makeRng(seed, "solve");
  const looked = withRank(preflight(operator, rng.fork("preflight")), request.deficient === true);
  const bare: GampProblem = { operator, y, ...bricks };
  const setup = auto && learn.length ? curedLearning(bare, prior, channel, looked.findings) : null;
  const cured: Cured | null = auto ? (setup?.cured ?? cure(bare, looked.findings)) : null;
  const problem = cured?.problem ?? bare;

  const truthCoefficients = truth && synthesis ? coefficients(synthesis, truth) : truth;
  const init = request.init ?? (bricks.channel.even ? "spectral" : "uninformed");
  const sweeps = request.iterations ?? (cured?.options.damping !== undefined ? 1000 : learn.length ? 500 : 300);
  const options: GampOptions = {
    ...cured?.options,
    ...(request.damping === undefined ? {} : { damping: request.damping }),
    iterations: sweeps,
    rng: rng.fork("start"),
    ...(cured?.options.init && init === "uninformed" ? {} : { init }),
    ...(truthCoefficients && init === "informed" ? { truth: cured ? cured.lift(truthCoefficients) : truthCoefficients } : {})
  };
  const restore = (state: Pick<GampState, "mean" | "variance">) =>
    cured ? cured.restore(state) : { mean: state.mean, variance: state.variance };

  const seen = { t: [] as number[], residual: [] as number[], estimatedMse: [] as number[], mse: [] as number[] };
  const look = (t: number, state: GampState): SolveStep => {
    const now = restore(state);
    seen.t.push(t);
    seen.residual.push(state.residual);
    seen.estimatedMse.push(averageOf(now.variance));
    if (truthCoefficients) {
      const m = metrics(now.mean, truthCoefficients, operator.scalar);
      seen.mse.push((bricks.channel.even ? m.aligned : m.raw).mse);
    }
    return { t, residual: state.residual, estimatedMse: seen.estimatedMse[seen.estimatedMse.length - 1], sweeps };
  };

  let learned: readonly Learned[] = [];
  let result: GampResult;
  if (learn.length === 0) result = yield* drive(gamp(problem, options), (state) => state, look);
  else {
    const run = gampLearn(
      { operator: problem.operator, y: problem.y, prior: setup?.prior ?? prior, channel: setup?.channel ?? channel },
      { ...options, learn }
    );
    const ended = yield* drive(run, ({ gamp: state }) => state, look);
    result = ended;
    learned = "learned" in ended ? (ended as GampResult & { readonly learned: readonly Learned[] }).learned : [];
  }

  const { state } = result;
  const values = {
    prior: { ...priorValues, ...valuesOf(learned, "prior") },
    channel: { ...channelValues, ...valuesOf(learned, "channel") }
  };
  const finalBricks = {
    prior: prior.family.build(parse(prior.family, values.prior)),
    channel: channel.family.build(parse(channel.family, values.channel))
  };
  const { mean, variance } = restore(oneEach(cured ? problem.prior : finalBricks.prior, state));
  const costly = hasCostlyField(finalBricks.channel);
  const signal = synthesis ? synthesised(synthesis, mean, variance) : { estimate: mean.slice(), variance: spread(variance, operator.cols) };
  const noise =
    result.outcome.kind === "exact-recovery"
      ? null
      : effectiveNoise({ ...problem, ...(cured ? {} : finalBricks) }, state, cured, truthCoefficients, operator, finalBricks.channel.even);
  const misfits = misfit(result.outcome, noise);
  const bars = errorBars(result.outcome, looked.findings, cured?.applied ?? [], misfits);
  const verdicts = [
    ...(misfits === null ? [] : [misfits]),
    ...(bars.verdict === "unreliable" && bars.reason !== misfits ? [`the error bars are not to be trusted: ${bars.reason}`] : []),
    ...(result.outcome.kind !== "exact-recovery" &&
    beyondAmp(looked.findings) &&
    !(bars.verdict === "unreliable" && bars.reason === BEYOND_AMP)
      ? [BEYOND_AMP]
      : [])
  ];
  return {
    outcome: withAdvice(result.outcome, looked.findings),
    scalar: operator.scalar,
    estimate: signal.estimate,
    deviation: signal.variance.map((v) => Math.sqrt(Math.max(0, v))),
    prior: values.prior,
    channel: values.channel,
    learned,
    estimatedMse: averageOf(variance),
    predicted: costly
      ? null
      : evolvePrediction(
          finalBricks.prior,
          finalBricks.channel,
          meanless(cured?.problem.operator ?? operator, cured ? 0 : looked.mean),
          sweeps
        ),
    metrics: truth ? metrics(signal.estimate, truth, operator.scalar) : null,
    ambiguous: finalBricks.channel.even,
    freeEntropy: cured ? null : bethe({ ...bare, ...finalBricks }, state),
    effectiveNoise: noise,
    errorBars: bars,
    preflight: looked,
    cures: cured?.applied ?? [],
    notes: [...notes, ...(costly ? [LEFT_OUT] : []), ...verdicts],
    trajectory: { t: seen.t, residual: seen.residual, estimatedMse: seen.estimatedMse, ...(truth ? { mse: seen.mse } : {}) }
  };
}

function withRank(looked: Preflight, deficient: boolean): Preflight {
  if (!deficient || looked.findings.some((f) => f.name === "rank")) return looked;
  const sentence = "the matrix is rank-deficient: some of its rows or columns repeat others, and AMP's theory does not cover it";
  return { ...looked, findings: [...looked.findings, { name: "rank", severity: "warning", sentence, cures: ["damp"] }] };
}

/** The norm that measures: a mean of the entries adds to it without telling the components apart. */
function meanless({ rows, cols, frobenius2 }: LinearOperator, mean: number): Pick<LinearOperator, "rows" | "cols" | "frobenius2"> {
  return { rows, cols, frobenius2: frobenius2 * Math.max(0, 1 - mean * mean) };
}

/** Drains a run, one step a sweep; "stop" ends it with the state it has. */
function* drive<S, R extends GampResult>(
  run: Generator<S, R>,
  stateOf: (step: S) => GampState,
  look: (t: number, state: GampState) => SolveStep
): Generator<SolveStep, R | GampResult, "stop" | undefined> {
  for (let t = 0; ; t++) {
    const step = run.next();
    if (step.done) return step.value;
    const state = stateOf(step.value);
    if ((yield look(t, state)) === "stop")
      return {
        outcome: outcome("horizon", state.residual, t, { advice: "stopped before it had converged", clipped: state.clipped }),
        state
      };
  }
}

function valuesOf(learned: readonly Learned[], of: Learned["of"]): Record<string, number> {
  return Object.fromEntries(learned.filter((l) => l.of === of).map((l) => [l.name.slice(l.name.indexOf(".") + 1), l.value]));
}

/** The truth in the basis, B^* x0: exact for the orthonormal bases there are. */
function coefficients(synthesis: LinearOperator, truth: Vec): Vec {
  const out = new Float64Array(synthesis.cols * (synthesis.scalar === "complex" ? 2 : 1));
  synthesis.adjoint(truth, out);
  return out;
}

/** x = B c, and Var x_i = sum_j |B_ij|^2 Var c_j (their mean where the squares of B are not known: exact for equal variances). */
export function synthesised(synthesis: LinearOperator, mean: Vec, variance: Vec): { readonly estimate: Vec; readonly variance: Vec } {
  const estimate = new Float64Array(synthesis.rows * (synthesis.scalar === "complex" ? 2 : 1));
  synthesis.apply(mean, estimate);
  const out = new Float64Array(synthesis.rows);
  if (synthesis.applySquared) synthesis.applySquared(spread(variance, synthesis.cols), out);
  else out.fill((averageOf(variance) * synthesis.frobenius2) / synthesis.rows);
  return { estimate, variance: out };
}

/** With scalar variances the state keeps their average; the error bars are those of the components, from the same messages. */
function oneEach(prior: Pick<Prior, "scalar" | "posterior">, state: GampState): Pick<GampState, "mean" | "variance"> {
  const n = state.mean.length / (prior.scalar === "complex" ? 2 : 1);
  if (state.variance.length === n) return state;
  const variance = new Float64Array(n);
  prior.posterior(state.A, state.b, new Float64Array(state.mean.length), variance);
  return variance.every(Number.isFinite) ? { mean: state.mean, variance } : state;
}

function spread(variance: Vec, n: number): Vec {
  return variance.length === n ? variance.slice() : new Float64Array(n).fill(variance[0]);
}

function averageOf(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s / x.length;
}

/** Against the truth where it is known up to nothing (no sign or phase lost), else from the outputs. Null when fewer than 8 residuals exist. */
function effectiveNoise(
  problem: GampProblem,
  state: GampState,
  cured: Cured | null,
  truth: Vec | null,
  operator: LinearOperator,
  even: boolean
): EffectiveNoise | null {
  const { residuals: outputs, gaussian, ratio } = outputResiduals(problem, state);
  let residuals = outputs;
  let known = false;
  if (truth) {
    const width = operator.scalar === "complex" ? 2 : 1;
    let x0 = truth;
    if (even) {
      const mean = cured ? cured.restore(state).mean : state.mean;
      x0 = turned(truth, metrics(mean, truth, operator.scalar).phase, width);
    }
    const lifted = cured ? cured.lift(x0) : x0;
    residuals = inputResiduals(state, lifted, operator.scalar).subarray(0, width * operator.cols);
    known = true;
  }
  if (residuals.length < 8) return null;
  const finite = residuals.every(Number.isFinite);
  if (!finite) return null;
  return {
    from: known ? "truth" : "outputs",
    kind: known || gaussian ? "gaussian" : "scores",
    ratio,
    normality: normality(residuals),
    residuals
  };
}

/** conj(phase) x: the truth in the sign or phase that the estimate has chosen. */
function turned(x: Vec, [c, s]: readonly [number, number], width: number): Vec {
  if (width === 1) return x.map((v) => v * c);
  const out = new Float64Array(x.length);
  for (let k = 0; k < x.length; k += 2) {
    out[k] = c * x[k] + s * x[k + 1];
    out[k + 1] = c * x[k + 1] - s * x[k];
  }
  return out;
}
