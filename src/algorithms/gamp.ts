/**
 * Generalized approximate message passing, scalar and vector variances, real and complex, for any linear operator
 * (Rangan 2011, Algorithm 1; Onsager memory and time indices as in Zdeborova and Krzakala 2016, section VI).
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Channel, LinearOperator, Outcome, Prior, Rng, Vec } from "../core/types.ts";
import { begin } from "./start.ts";
import { makeWatch, type Watch } from "./watch.ts";
import { CHANGE2, CURVATURE, NORM2, OLD_VARIANCE, prepare, SCORE2, SCORE_CHANGE2, VARIANCE, type Workspace } from "./workspace.ts";

/** What GAMP asks of a prior; wrappers (rescaled, augmented) need no more. */
export type GampPrior = Pick<Prior, "scalar" | "rule" | "mean" | "secondMoment" | "logPartition" | "posterior"> &
  Partial<Pick<Prior, "dimension">>;
/** What GAMP asks of a channel. */
export type GampChannel = Pick<Channel, "scalar" | "labelScalar" | "even" | "logPartition" | "score">;

/** y ~ P(. | A x): `y` of length rows (interleaved when the channel's labels are complex). */
export interface GampProblem {
  readonly operator: LinearOperator;
  readonly y: Vec;
  readonly prior: GampPrior;
  readonly channel: GampChannel;
}

/** A start given by hand: `mean` of length cols (interleaved), `variance` one number or one per component, `g` the score carried over from an earlier run. */
export interface WarmStart {
  readonly mean: Vec;
  readonly variance: number | Vec;
  readonly g?: Vec;
}

export interface GampOptions {
  /** One V for all outputs and one A for all inputs, or one each (needs applySquared and adjointSquared). Default scalar. */
  readonly variances?: "scalar" | "vector";
  /**
   * Weight on the OLD value, in [0, 1): 0 is none. "adaptive" raises it when the estimate moves more than its variance allows.
   * Default 0. The modulus channel needs about 0.15: off the Nishimori line its state evolution has an eigenvalue below -1 (-1.1 at
   * alpha 2.5, V 0.15), so finite instances oscillate with period 2 where matched state evolution does not. (Measuring A by
   * sum |A|^2 |g|^2 instead removes that mode, but runs away in the noiseless limit: tried, and not offered.)
   */
  readonly damping?: number | "adaptive";
  /** Sweeps at most. Default 300. */
  readonly iterations?: number;
  /** On the undamped residual, relative to the posterior second moment. Default 1e-7. */
  readonly tolerance?: number;
  readonly init?: "uninformed" | "informed" | "spectral" | WarmStart;
  /** The signal, for informed and planted starts; the iteration itself never sees it. */
  readonly truth?: Vec;
  /** Planted start: m/rho = q/rho in [0, 1] at t = 0, with independent noise (needs `truth` and `rng`). */
  readonly initialOverlap?: number;
  /** False drops the Onsager term: what is left is naive iterative thresholding. Default true. */
  readonly onsager?: boolean;
  /** For planted and spectral starts. */
  readonly rng?: Rng;
}

/** The state after `t` sweeps: ONE object whose arrays are overwritten each sweep; copy what you keep. Complex arrays are interleaved. */
export interface GampState {
  readonly t: number;
  readonly mean: Vec;
  /** Length 1 (scalar: the average) or cols. */
  readonly variance: Vec;
  /** Onsager-corrected A mean of the sweep that led here, and its variance (length 1 or rows). */
  readonly omega: Vec;
  readonly V: Vec;
  readonly g: Vec;
  /** The prior saw exp(-A x^2/2 + b x): r = b/A is the effective observation of x, of variance 1/A. A has length 1 or cols. */
  readonly A: Vec;
  readonly b: Vec;
  /** Undamped relative change of the last sweep; 1 at t = 0. */
  readonly residual: number;
  /** The damping used in the last sweep. */
  readonly damping: number;
  /** How often a negative precision was replaced by its Fisher form so far. */
  readonly clipped: number;
}

/** `state.t` is the sweep returned: the last one, or after a divergence the best one seen. */
export interface GampResult {
  readonly outcome: Outcome;
  readonly state: GampState;
}

/**
 * Frame t = 0 is the start, frame t the state after t sweeps: m_t, q_t, V_t of state evolution. Validates eagerly and throws
 * ParameterError on wrong shapes, fields or options; a numerical failure is an outcome.
 */
export function gamp(problem: GampProblem, options: GampOptions = {}): Generator<GampState, GampResult> {
  const work = prepare(problem, options);
  const { iterations = 300, tolerance = 1e-7, damping = 0 } = options;
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new ParameterError(`gamp: iterations must be an integer >= 1, such as 300, got ${iterations}`);
  if (!(tolerance > 0 && tolerance < 1))
    throw new ParameterError(`gamp: tolerance must be a number in (0, 1), such as 1e-7, got ${tolerance}`);
  if (damping !== "adaptive" && !(damping >= 0 && damping < 1))
    throw new ParameterError(
      `gamp: damping must be adaptive or a number in [0, 1), the weight on the old value (0 is none), got ${damping}`
    );
  const carried = begin(work, options);
  return sweeps(work, makeWatch(work, damping, tolerance), iterations, carried);
}

/** Drains a run: the result without the frames. */
export function solveGamp(problem: GampProblem, options: GampOptions = {}): GampResult {
  const run = gamp(problem, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

function* sweeps(work: Workspace, watch: Watch, iterations: number, carried: boolean): Generator<GampState, GampResult> {
  const { state } = work;
  yield state;
  for (let t = 1; t <= iterations; t++) {
    const keep = watch.damping();
    sweep(work, t === 1 && !carried ? 0 : keep, keep);
    state.t = t;
    state.damping = keep;
    const verdict = watch.judge();
    if (verdict?.kind !== "diverged") yield state;
    if (verdict) return { outcome: verdict, state };
  }
  return { outcome: watch.horizon(iterations), state };
}

/**
 * One sweep. Damping averages the WHOLE map (estimate, g) -> (estimate, g): the adjoint sees the fresh score, the memory term the
 * averaged one. The eigenvalues of the linearised iteration then all move from z to keep + (1 - keep) z, so what is stable stays
 * stable and a period-2 mode is tamed. (Averaging g before the adjoint breaks the cancellation of the memory term: runs at
 * alpha = 1.4 of the binary perceptron that converge undamped were driven out by damping 0.4.)
 */
function sweep(work: Workspace, keepG: number, keep: number): void {
  const { problem, state, vector, rowNorm, width } = work;
  problem.operator.apply(state.mean, state.omega);
  if (vector) problem.operator.applySquared?.(state.variance, state.V);
  else state.V[0] = rowNorm * state.variance[0];
  if (work.onsager) subtractOnsager(state.omega, state.V, state.g, width);
  problem.channel.score(state.V, state.omega, problem.y, work.freshG, work.curvature);
  takeScore(work, keepG);
  takePrecision(work);
  problem.operator.adjoint(work.freshG, state.b);
  addReaction(state.b, state.A, state.mean, width);
  problem.prior.posterior(state.A, state.b, work.fresh, work.freshVariance);
  takeEstimate(work, keep);
}

/** omega -= V g_prev: the memory term that makes omega Gaussian around the truth (V current, g previous). */
function subtractOnsager(omega: Vec, V: Vec, g: Vec, width: number): void {
  if (V.length === 1) {
    const v = V[0];
    for (let i = 0; i < omega.length; i++) omega[i] -= v * g[i];
  } else for (let i = 0; i < omega.length; i++) omega[i] -= V[width === 1 ? i : i >> 1] * g[i];
}

/** b += A mean. */
function addReaction(b: Vec, A: Vec, mean: Vec, width: number): void {
  if (A.length === 1) {
    const a = A[0];
    for (let i = 0; i < b.length; i++) b[i] += a * mean[i];
  } else for (let i = 0; i < b.length; i++) b[i] += A[width === 1 ? i : i >> 1] * mean[i];
}

function takeScore({ state: { g }, freshG, curvature, sums }: Workspace, keep: number): void {
  let c = 0;
  let g2 = 0;
  let dg2 = 0;
  for (let i = 0; i < curvature.length; i++) c += curvature[i];
  const take = 1 - keep;
  for (let i = 0; i < g.length; i++) {
    const next = freshG[i];
    const step = next - g[i];
    g2 += next * next;
    dg2 += step * step;
    g[i] = keep * g[i] + take * next;
  }
  sums[CURVATURE] = c;
  sums[SCORE2] = g2;
  sums[SCORE_CHANGE2] = dg2;
}

/**
 * A_i = sum_mu |A_mui|^2 curvature_mu. Away from the Nishimori line the sum can be negative (abs, modulus), which no prior can
 * take: the Fisher form sum_mu |A_mui|^2 |g_mu|^2, equal to it on the line and never negative, then takes its place and is counted.
 */
function takePrecision(work: Workspace): void {
  const { problem, state, sums, curvature, freshG, freshVariance, width } = work;
  const { A } = state;
  if (!work.vector) {
    const scale = work.colNorm / problem.operator.rows;
    let a = scale * sums[CURVATURE];
    if (a < 0) {
      a = scale * sums[SCORE2];
      state.clipped++;
    }
    A[0] = a;
    return;
  }
  problem.operator.adjointSquared?.(curvature, A);
  let negative = 0;
  for (let i = 0; i < A.length; i++) if (A[i] < 0) negative++;
  if (negative) {
    state.clipped += negative;
    for (let mu = 0; mu < curvature.length; mu++)
      curvature[mu] = width === 1 ? freshG[mu] * freshG[mu] : freshG[2 * mu] * freshG[2 * mu] + freshG[2 * mu + 1] * freshG[2 * mu + 1];
    problem.operator.adjointSquared?.(curvature, freshVariance); // scratch until the posterior is written
    for (let i = 0; i < A.length; i++) if (A[i] < 0) A[i] = freshVariance[i];
  }
}

function takeEstimate(work: Workspace, keep: number): void {
  const {
    state: { mean, variance },
    fresh,
    freshVariance,
    sums
  } = work;
  const take = 1 - keep;
  let change2 = 0;
  let norm2 = 0;
  for (let i = 0; i < mean.length; i++) {
    const next = fresh[i];
    const step = next - mean[i];
    change2 += step * step;
    norm2 += next * next;
    mean[i] = keep * mean[i] + take * next;
  }
  let v = 0;
  for (let i = 0; i < freshVariance.length; i++) v += freshVariance[i];
  v /= freshVariance.length;
  let old = variance[0];
  if (work.vector) {
    old = 0;
    for (let i = 0; i < variance.length; i++) {
      old += variance[i];
      variance[i] = keep * variance[i] + take * freshVariance[i];
    }
    old /= variance.length;
  } else variance[0] = keep * old + take * v;
  sums[CHANGE2] = change2;
  sums[NORM2] = norm2;
  sums[VARIANCE] = v;
  sums[OLD_VARIANCE] = old;
}

/** The outcome of a run that was stopped from outside: its last residual, no verdict. */
export function interrupted(state: GampState): Outcome {
  return outcome("horizon", state.residual, state.t, { advice: "stopped before it had converged", clipped: state.clipped });
}
