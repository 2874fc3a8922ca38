/**
 * Multi-layer approximate message passing (Manoel, Krzakala, Mezard and Zdeborova 2017, eqs. 15-21) for chains
 * x^0 ~ prior, x^l = phi_l(W^l x^(l-1) + noise_l), y ~ P(. | W^L x^(L-1)) with i.i.d. matrices: no decomposition, two products a
 * layer and sweep. Scalar variances, real and complex. With no hidden layer it is gamp.ts, sweep by sweep.
 *
 * Up, l = 1..L: V = |W|^2 v, omega = W x - V g_prev, x^l from (omega, V) below and the (A, b) of the last sweep above.
 * Down, l = L..1: g, A = |W|^2T curvature, b = A x + W^H g, each hidden g with the (A, b) just made above it.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Activation, LinearOperator, Outcome, Rng, Vec } from "../core/types.ts";
import type { GampProblem } from "./gamp.ts";
import { makeRunWatch, type Memory, type RunWatch, symmetricWhenZero } from "./graph/runWatch.ts";
import { type MultilayerWork, prepareLayers, sweepLayers } from "./multilayerSweep.ts";
import { INFORMED_GAP, SPARK } from "./start.ts";
import { norm2 } from "./workspace.ts";

/** x -> activation(operator x + sqrt(noise) xi), noise 0 by default. */
export interface HiddenLayer {
  readonly operator: LinearOperator;
  readonly activation: Activation;
  readonly noise?: number;
}

/** `hidden` from the signal upwards; `operator` is the last matrix, whose output the channel sees. */
export interface MultilayerProblem extends GampProblem {
  readonly hidden?: readonly HiddenLayer[];
}

export interface MultilayerOptions {
  /** Weight on the OLD value, in [0, 1): 0 is none. "adaptive" raises it when an estimate moves more than its variance allows. Default 0. */
  readonly damping?: number | "adaptive";
  /** Sweeps at most. Default 300. */
  readonly iterations?: number;
  /** On the undamped relative change of every mean and variance. Default 1e-7. */
  readonly tolerance?: number;
  /** Of the signal x^0; or the state of an earlier run. Default uninformed. */
  readonly init?: "uninformed" | "informed" | { readonly mean: Vec; readonly variance: number } | MultilayerState;
  /** The signal x^0, for informed starts; the iteration itself never sees it. */
  readonly truth?: Vec;
  /** For informed starts, and the spark that symmetric models need to leave zero overlap (drawn only when needed). */
  readonly rng?: Rng;
}

/** The state after `t` sweeps: ONE object whose arrays are overwritten each sweep; copy what you keep. Complex arrays are interleaved. */
export interface MultilayerState {
  readonly t: number;
  /** x^0, x^1, ..., x^(L-1): posterior mean, variance (length 1), and the message from above exp(-A x^2/2 + b x). */
  readonly signals: readonly { readonly mean: Vec; readonly variance: Vec; readonly A: Vec; readonly b: Vec }[];
  /** z^1, ..., z^L: as in GAMP. */
  readonly layers: readonly { readonly omega: Vec; readonly V: Vec; readonly g: Vec }[];
  readonly residual: number;
  readonly damping: number;
  /** How often a negative precision was replaced by its Fisher form so far. */
  readonly clipped: number;
}

/** `state.t` is the sweep returned: the last one, or after a divergence the best one seen. */
export interface MultilayerResult {
  readonly outcome: Outcome;
  readonly state: MultilayerState;
}

/** Frame t = 0 is the start, frame t the state after t sweeps. Validates eagerly and throws ParameterError; a numerical failure is an outcome. */
export function multilayerAmp(problem: MultilayerProblem, options: MultilayerOptions = {}): Generator<MultilayerState, MultilayerResult> {
  const { iterations = 300, tolerance = 1e-7, damping = 0 } = options;
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new ParameterError(`multilayerAmp: iterations must be an integer >= 1, such as 300, got ${iterations}`);
  if (!(tolerance > 0 && tolerance < 1))
    throw new ParameterError(`multilayerAmp: tolerance must be a number in (0, 1), such as 1e-7, got ${tolerance}`);
  if (damping !== "adaptive" && !(damping >= 0 && damping < 1))
    throw new ParameterError(
      `multilayerAmp: damping must be adaptive or a number in [0, 1), the weight on the old value (0 is none), got ${damping}`
    );
  const work = prepareLayers(problem);
  const start = begin(work, options);
  const store = memory(work);
  const watch = makeRunWatch([...work.signals, ...work.layers], store, {
    damping,
    tolerance,
    map: problem.prior.rule === "map",
    clipped: () => work.clipped
  });
  return sweeps(work, watch, store, iterations, start, options.rng);
}

/** Drains a run: the result without the frames. */
export function solveMultilayer(problem: MultilayerProblem, options: MultilayerOptions = {}): MultilayerResult {
  const run = multilayerAmp(problem, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

type Kept = Memory & { at: number; now: number };

function* sweeps(
  work: MultilayerWork,
  watch: RunWatch,
  store: Kept,
  iterations: number,
  start: "blank" | "given" | "carried",
  rng: Rng | undefined
): Generator<MultilayerState, MultilayerResult> {
  const state: { -readonly [K in keyof MultilayerState]: MultilayerState[K] } = {
    t: 0,
    signals: work.signals,
    layers: work.layers,
    residual: 1,
    damping: 0,
    clipped: 0
  };
  const report = (t: number, keep: number) => {
    state.t = t;
    state.residual = watch.residual;
    state.damping = keep;
    state.clipped = work.clipped;
  };
  yield state;
  for (let t = 1; t <= iterations; t++) {
    const keep = watch.damping();
    store.now = t;
    sweepLayers(work, t === 1 && start !== "carried" ? 0 : keep, keep);
    if (t === 1 && start === "blank" && rng && satAtZero(work)) {
      spark(work, rng);
      sweepLayers(work, 0, keep);
    }
    const verdict = watch.judge(t, false);
    const lost = verdict?.kind === "diverged";
    report(lost ? store.at : t, keep);
    if (!lost) yield state;
    if (verdict) return { outcome: verdict, state };
  }
  return { outcome: watch.horizon(iterations), state };
}

function begin(work: MultilayerWork, { init = "uninformed", truth, rng }: MultilayerOptions): "blank" | "given" | "carried" {
  const [x] = work.signals;
  const { prior } = work.problem;
  const check = (name: string, v: Vec, n: number) => {
    if (v.length !== n) throw new ParameterError(`multilayerAmp: ${name} must have ${n} numbers, got ${v.length}`);
    for (let i = 0; i < n; i++)
      if (!Number.isFinite(v[i])) throw new ParameterError(`multilayerAmp: ${name} must be finite, got ${v[i]} at index ${i}`);
  };
  if (truth) check("truth", truth, x.mean.length);
  if (init === "uninformed") {
    uninform(work);
    return "blank";
  }
  if (init === "informed") {
    if (!truth) throw new ParameterError("multilayerAmp: init informed needs truth, the signal itself");
    if (!rng) throw new ParameterError("multilayerAmp: init informed needs rng, a source of random numbers");
    const power = norm2(truth) / x.size || x.scale;
    const s = 1 - INFORMED_GAP;
    rng.fork("start").fillNormal(x.mean, Math.sqrt((s * (1 - s) * power) / x.width));
    for (let i = 0; i < truth.length; i++) x.mean[i] += s * truth[i];
    x.variance[0] = INFORMED_GAP * power;
    return "given";
  }
  if (typeof init !== "object")
    throw new ParameterError(`multilayerAmp: init must be uninformed, informed, {mean, variance} or a state, got ${JSON.stringify(init)}`);
  if ("mean" in init) {
    check("init.mean", init.mean, x.mean.length);
    if (!(init.variance >= 0 && init.variance < Number.POSITIVE_INFINITY))
      throw new ParameterError(`multilayerAmp: init.variance must be >= 0 and finite, such as ${prior.secondMoment}, got ${init.variance}`);
    x.mean.set(init.mean);
    x.variance[0] = init.variance;
    return "given";
  }
  if (init.signals.length !== work.signals.length)
    throw new ParameterError(`multilayerAmp: init must be a state with ${work.signals.length} signals, got ${init.signals.length}`);
  work.signals.forEach((signal, l) => {
    for (const key of ["mean", "variance", "A", "b"] as const) {
      check(`init.signals[${l}].${key}`, init.signals[l][key], signal[key].length);
      signal[key].set(init.signals[l][key]);
    }
    check(`init.layers[${l}].g`, init.layers[l].g, work.layers[l].g.length);
    work.layers[l].g.set(init.layers[l].g);
  });
  return "carried";
}

function uninform({ problem: { prior }, signals, layers }: MultilayerWork): void {
  const [x] = signals;
  x.mean.fill(x.width === 1 ? prior.mean : 0);
  x.variance[0] = prior.secondMoment - prior.mean ** 2;
  for (const { A, b } of signals) {
    A[0] = 0;
    b.fill(0);
  }
  for (const { g } of layers) g.fill(0);
}

/** A tiny random mean: a symmetric model could never leave exact zero. */
function spark(work: MultilayerWork, rng: Rng): void {
  uninform(work);
  const [x] = work.signals;
  rng.fork("spark").fillNormal(x.mean, Math.sqrt((SPARK * x.scale) / x.width));
}

/** True after a sweep in which no mean has left zero: the model is symmetric. */
function satAtZero({ problem, signals, layers }: MultilayerWork): boolean {
  const judged = symmetricWhenZero([...signals, ...layers], problem.prior.rule === "map");
  return judged.every((s) => s.power <= 1e-20 * (s.power + s.after));
}

function memory({ signals, layers }: MultilayerWork): Kept {
  const live: readonly Vec[] = [...signals.flatMap((s) => [s.mean, s.variance, s.A, s.b]), ...layers.flatMap((l) => [l.omega, l.V, l.g])];
  const watched = [...signals, ...layers];
  const best = live.map((x) => x.slice());
  const numbers = watched.map((w) => [w.change, w.power, w.before, w.after]);
  const kept: Kept = {
    at: 0,
    now: 0,
    remember() {
      for (let k = 0; k < live.length; k++) best[k].set(live[k]);
      for (let k = 0; k < watched.length; k++) numbers[k] = [watched[k].change, watched[k].power, watched[k].before, watched[k].after];
      kept.at = kept.now;
    },
    restore() {
      for (let k = 0; k < live.length; k++) live[k].set(best[k]);
      for (let k = 0; k < watched.length; k++) [watched[k].change, watched[k].power, watched[k].before, watched[k].after] = numbers[k];
    }
  };
  return kept;
}
