/**
 * Approximate message passing for committee machines: y ~ P(. | X w_1, ..., X w_K), estimates with K x K covariances (Aubin, Maillard,
 * Barbier, Krzakala, Macris, Zdeborova 2018, algorithm 1), averaged over the inputs as i.i.d. X allows.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Outcome, Rng, Vec, VectorChannel, VectorPrior } from "../../core/types.ts";
import { makeRunWatch, type RunWatch } from "../graph/runWatch.ts";
import { type CommitteeWork, memoryOf, prepareCommittee, sweepCommittee } from "./committeeSweep.ts";
import { plantRows } from "./plantedRows.ts";

/** `y` of length rows. Unit l sees z_l = operator w_l. */
export interface CommitteeProblem {
  readonly operator: LinearOperator;
  readonly y: Vec;
  readonly prior: VectorPrior;
  readonly channel: VectorChannel;
}

/** Overlaps with the truth, per unit of E w^2: of the sum of the units, and of what is orthogonal to it. */
export interface PlantedOverlaps {
  readonly plus: number;
  readonly minus: number;
}

export interface CommitteeOptions {
  /** Weight on the OLD value, in [0, 1), or adaptive. Default 0. */
  readonly damping?: number | "adaptive";
  /** Sweeps at most. Default 300. */
  readonly iterations?: number;
  /** On the undamped relative change of estimate and covariance. Default 1e-7. */
  readonly tolerance?: number;
  /** uninformed: the prior with a random spark, for without one all units stay equal. An earlier run may be given as its units' means (cols each) and covariance. */
  readonly init?: "uninformed" | "informed" | PlantedOverlaps | { readonly mean: readonly Vec[]; readonly covariance: Vec };
  /** The weights, one Vec a unit, for informed and planted starts; the iteration itself never sees them. */
  readonly truth?: readonly Vec[];
  /** For every start but a given one. */
  readonly rng?: Rng;
}

/** The state after `t` sweeps: ONE object whose arrays are overwritten each sweep; copy what you keep. K x K matrices are row-major. */
export interface CommitteeState {
  readonly t: number;
  /** One Vec of length cols for each unit. */
  readonly mean: readonly Vec[];
  /** K x K, the average over the inputs. */
  readonly covariance: Vec;
  /** Of the sweep that led here: Onsager-corrected X mean, one Vec of length rows for each unit, and its covariance K x K. */
  readonly omega: readonly Vec[];
  readonly V: Vec;
  readonly g: readonly Vec[];
  /** The prior saw exp(-w.A w/2 + b.w). */
  readonly A: Vec;
  readonly b: readonly Vec[];
  /** Undamped relative change of the last sweep; 1 at t = 0. */
  readonly residual: number;
  readonly damping: number;
  /** How often a precision that was not positive was replaced by its Fisher form. */
  readonly clipped: number;
}

/** `state.t` is the sweep returned: the last one, or after a divergence the best one seen. */
export interface CommitteeResult {
  readonly outcome: Outcome;
  readonly state: CommitteeState;
}

/** Frame t = 0 is the start. Validates eagerly and throws ParameterError on wrong shapes or options; a numerical failure is an outcome. */
export function committeeAmp(problem: CommitteeProblem, options: CommitteeOptions = {}): Generator<CommitteeState, CommitteeResult> {
  const { iterations = 300, tolerance = 1e-7, damping = 0 } = options;
  if (!Number.isInteger(iterations) || iterations < 1)
    throw new ParameterError(`committeeAmp: iterations must be an integer >= 1, such as 300, got ${iterations}`);
  if (!(tolerance > 0 && tolerance < 1))
    throw new ParameterError(`committeeAmp: tolerance must be a number in (0, 1), such as 1e-7, got ${tolerance}`);
  if (damping !== "adaptive" && !(damping >= 0 && damping < 1))
    throw new ParameterError(
      `committeeAmp: damping must be adaptive or a number in [0, 1), the weight on the old value (0 is none), got ${damping}`
    );
  const work = prepareCommittee(problem);
  begin(work, options);
  const watch = makeRunWatch([work.watched], memoryOf(work), { damping, tolerance, map: false, clipped: () => work.state.clipped });
  return sweeps(work, watch, iterations);
}

function* sweeps(work: CommitteeWork, watch: RunWatch, iterations: number): Generator<CommitteeState, CommitteeResult> {
  const { state } = work;
  yield state;
  for (let t = 1; t <= iterations; t++) {
    const keep = watch.damping();
    sweepCommittee(work, t === 1 ? 0 : keep, keep);
    state.t = t;
    state.damping = keep;
    const verdict = recovered(work, t) ?? checked(work, watch.judge(t, work.broken));
    state.residual = Math.min(watch.residual, Number.MAX_VALUE);
    if (verdict?.kind !== "diverged") yield state;
    if (verdict) return { outcome: verdict, state };
  }
  return { outcome: watch.horizon(iterations), state };
}

/**
 * Discrete weights are known once the expected number of wrong ones is far below one: the covariance then falls off a cliff, the data
 * stop pulling (every g underflows) and another sweep would forget everything. So the labels are looked at.
 */
function recovered(work: CommitteeWork, t: number): Outcome | null {
  const { state, watched, problem } = work;
  const total = watched.power + watched.after;
  if (problem.prior.entropy === null || work.broken || !(watched.after <= (1e-4 / problem.operator.cols) * total)) return null;
  if (!explains(work)) return null;
  if (state.damping > 0) undamp(work);
  return outcome("exact-recovery", Math.sqrt(watched.change / total), t, { clipped: state.clipped });
}

/** The estimate as the prior gave it, without what damping kept of the one before. */
function undamp({ state, problem, row, rowOut, rowMatrix }: CommitteeWork): void {
  const K = problem.prior.units;
  for (let i = 0; i < problem.operator.cols; i++) {
    for (let l = 0; l < K; l++) row[l] = state.b[l][i];
    problem.prior.posterior(state.A, row, rowOut, rowMatrix);
    for (let l = 0; l < K; l++) state.mean[l][i] = rowOut[l];
  }
}

/** Whether the weights at hand, with hardly a variance, give every label. Overwrites omega and V, which the next sweep makes anew. */
function explains({ state, problem, rowNorm, watched, row }: CommitteeWork): boolean {
  const K = problem.prior.units;
  state.V.fill(0);
  for (let l = 0; l < K; l++) {
    problem.operator.apply(state.mean[l], state.omega[l]);
    state.V[l * K + l] = rowNorm * Math.max(watched.after, 1e-20 * watched.power);
  }
  for (let mu = 0; mu < problem.y.length; mu++) {
    for (let l = 0; l < K; l++) row[l] = state.omega[l][mu];
    if (problem.channel.logPartition(row, state.V, problem.y[mu]) < -50) return false;
  }
  return true;
}

/** A covariance that collapsed before the weights were right leaves the run at rest with labels it cannot explain. */
function checked(work: CommitteeWork, verdict: Outcome | null): Outcome | null {
  if (verdict?.kind !== "converged") return verdict;
  const K = work.problem.prior.units;
  let curvature = 0;
  let fisher = 0;
  for (let l = 0; l < K; l++) {
    curvature += work.state.A[l * K + l];
    fisher += (work.colNorm / work.problem.operator.rows) * work.fisher[l * K + l];
  }
  if (fisher <= 100 * curvature && Number.isFinite(fisher)) return verdict;
  return outcome("diverged", verdict.residual, verdict.iterations, {
    advice: "the covariance collapsed and the estimate does not explain the labels: use damping 0.3",
    clipped: work.state.clipped
  });
}

/** Drains a run: the result without the frames. */
export function solveCommittee(problem: CommitteeProblem, options: CommitteeOptions = {}): CommitteeResult {
  const run = committeeAmp(problem, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

/** An informed start has overlap 1 - INFORMED_GAP: at 1 exactly the covariance is zero and a noiseless score has no finite value. */
const INFORMED_GAP = 1e-6;
/** Squared size, relative to the second moment, of the random push that lets units differ. */
const SPARK = 1e-4;

function begin({ state, problem }: CommitteeWork, { init = "uninformed", truth, rng }: CommitteeOptions): void {
  const { prior, operator } = problem;
  const K = prior.units;
  const checkUnits = (name: string, units: readonly Vec[]) => {
    if (units.length !== K || units.some((w) => w.length !== operator.cols))
      throw new ParameterError(`committeeAmp: ${name} must be ${K} vectors of ${operator.cols} numbers`);
    for (const w of units)
      for (const x of w) if (!Number.isFinite(x)) throw new ParameterError(`committeeAmp: ${name} must be finite, got ${x}`);
  };
  if (truth) checkUnits("truth", truth);
  if (typeof init === "object" && "mean" in init) {
    checkUnits("init.mean", init.mean);
    if (init.covariance.length !== K * K || init.covariance.some((v) => !Number.isFinite(v)))
      throw new ParameterError(`committeeAmp: init.covariance must be ${K * K} finite numbers`);
    for (let l = 0; l < K; l++) state.mean[l].set(init.mean[l]);
    state.covariance.set(init.covariance);
    return;
  }
  if (init !== "uninformed" && init !== "informed" && typeof init !== "object")
    throw new ParameterError(
      `committeeAmp: init must be uninformed, informed, { plus, minus } or { mean, covariance }, got ${JSON.stringify(init)}`
    );
  if (!rng) throw new ParameterError("committeeAmp: every start but { mean, covariance } needs rng, a source of random numbers");
  if (init === "uninformed") {
    const spark = rng.fork("start");
    for (let l = 0; l < K; l++) {
      spark.fillNormal(state.mean[l], Math.sqrt(SPARK * prior.secondMoment));
      for (let k = 0; k < K; k++) state.covariance[l * K + k] = l === k ? prior.secondMoment : 0;
    }
    return;
  }
  if (!truth) throw new ParameterError("committeeAmp: a planted or informed start needs truth, the weights themselves");
  const most = 1 - INFORMED_GAP;
  const { plus, minus } = init === "informed" ? { plus: most, minus: most } : init;
  for (const [name, x] of [
    ["plus", plus],
    ["minus", minus]
  ] as const)
    if (!(x >= 0 && x <= 1)) throw new ParameterError(`committeeAmp: init.${name} must be a number in [0, 1], such as 0.1, got ${x}`);
  plantRows(truth, Math.min(plus, most), Math.min(minus, most), prior.secondMoment, rng.fork("start"), state.mean, state.covariance);
}
