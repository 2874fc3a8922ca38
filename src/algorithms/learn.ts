/**
 * Learning the parameters of prior and channel while GAMP runs (expectation maximisation in the form of Krzakala et al. 2012,
 * section VI): at a fixed point of GAMP the Bethe free entropy depends on a parameter only through the partition functions, so
 * sum_i ln Z(A_i, b_i; theta) and sum_mu ln Z(omega_mu, V_mu, y_mu; theta) are maximised, one parameter at a time.
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError, parse, suggestion } from "../core/parameters.ts";
import type { Channel, Family, LinearOperator, Outcome, Param, Prior, Value, Vec } from "../core/types.ts";
import { brentMinimum } from "../numerics/roots.ts";
import { type GampChannel, type GampOptions, type GampPrior, type GampResult, type GampState, gamp, type WarmStart } from "./gamp.ts";

/** A family and the values it starts from. */
export interface Learnable<T> {
  // biome-ignore lint/suspicious/noExplicitAny: families of every parameter set
  readonly family: Family<T, any>;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface LearnProblem {
  readonly operator: LinearOperator;
  readonly y: Vec;
  readonly prior: Learnable<Prior>;
  readonly channel: Learnable<Channel>;
}

export interface LearnOptions extends GampOptions {
  /** Parameter names: of the prior or the channel, or qualified as `prior.variance`, `channel.noise`. */
  readonly learn: readonly string[];
  /** Sweeps between updates. Default 4. */
  readonly every?: number;
  /** Weight on the old value of a parameter, in [0, 1). Default 0.3. */
  readonly learnDamping?: number;
  /** True values, when known: reported beside the learned ones, never used. */
  readonly oracle?: Readonly<Record<string, number>>;
}

export interface Learned {
  readonly name: string;
  readonly of: "prior" | "channel";
  readonly value: number;
  readonly oracle?: number;
  /** It ended on a bound of its declared range: the data want to go further, or do not determine it. */
  readonly onBound: boolean;
  /** After each update. */
  readonly trajectory: { readonly t: number[]; readonly value: number[] };
}

/** The same object each sweep. `t` counts all sweeps. */
export interface LearnState {
  readonly t: number;
  readonly gamp: GampState;
  readonly parameters: Readonly<Record<string, number>>;
}

export interface LearnResult extends GampResult {
  readonly learned: readonly Learned[];
  /** The bricks with the learned values. */
  readonly prior: Prior;
  readonly channel: Channel;
}

interface Target {
  readonly name: string;
  readonly of: "prior" | "channel";
  readonly key: string;
  readonly min: number;
  readonly max: number;
  /** Logarithmic coordinates: parameters bounded below by 0 or more live on scales. */
  readonly log: boolean;
  readonly t: number[];
  readonly value: number[];
  now: number;
}

/** Shares of a coordinate's range. */
const ON_BOUND = 1e-3;
const SCAN = 24;
/** Updates of a parameter that scan its whole range: the first few, then one in FULL_EVERY; the others look around the current value. */
const FULL_FIRST = 3;
const FULL_EVERY = 8;
/**
 * Messages far from a fixed point say little about the parameters, and an update made on them is the start of most divergences: updates
 * wait for a residual below SETTLED, or HOLD sweeps. The first GENTLE of a parameter on a logarithmic scale move it by a factor of LEAP.
 */
const SETTLED = 0.02;
const HOLD = 12;
const GENTLE = 6;
const LEAP = 4;
/** A start whose power misses that of the data by this factor is replaced: signal to noise 100, after Vila and Schniter 2013, section III-C. */
const CRUDE = 3;
const START_SNR = 100;

/** GAMP with updates every few sweeps and after each convergence, until the parameters stand still too. Throws ParameterError on unknown names. */
export function gampLearn(problem: LearnProblem, options: LearnOptions): Generator<LearnState, LearnResult> {
  const { every = 4, learnDamping = 0.3, learn } = options;
  if (!Number.isInteger(every) || every < 1) throw new ParameterError(`learn: every must be an integer >= 1, such as 4, got ${every}`);
  if (!(learnDamping >= 0 && learnDamping < 1))
    throw new ParameterError(`learn: learnDamping must be a number in [0, 1), such as 0.3, got ${learnDamping}`);
  const values = {
    prior: parse(problem.prior.family, problem.prior.values),
    channel: parse(problem.channel.family, problem.channel.values)
  };
  const targets = learn.map((name) => findTarget(problem, values, name));
  if (targets.length === 0) throw new ParameterError("learn: name at least one parameter, such as noise");
  startFromPower(problem, values, targets);
  const model = new Model(problem, values);
  gamp({ operator: problem.operator, y: problem.y, prior: model.priorView, channel: model.channelView }, options); // validates shapes eagerly
  return learning(problem, options, model, targets, every, learnDamping);
}

/**
 * For additive Gaussian noise |y - mean|^2/rows = noise + <x^2> |A|_F^2/rows. Where the start is far from it, the learned ones of noise
 * and variance are set to fulfil it: a run from variances a thousand times too small diverges before it can learn.
 */
function startFromPower(
  { operator, y, prior, channel }: LearnProblem,
  values: Readonly<Record<"prior" | "channel", Record<string, Value>>>,
  targets: readonly Target[]
): void {
  const noise = targets.find((target) => target.of === "channel" && target.key === "noise");
  const variance = targets.find((target) => target.of === "prior" && target.key === "variance");
  if (!/^(complex-)?gaussian$/.test(channel.family.id) || !variance) return;
  const { scalar, secondMoment } = prior.family.build(values.prior);
  const width = channel.family.build(values.channel).labelScalar === "complex" ? 2 : 1;
  let power = 0;
  for (let part = 0; part < width; part++) {
    let mean = 0;
    for (let k = part; k < y.length; k += width) mean += y[k] / operator.rows;
    for (let k = part; k < y.length; k += width) power += (y[k] - mean) ** 2 / operator.rows;
  }
  const noiseNow = Number(values.channel.noise);
  const told = noiseNow + (secondMoment * operator.frobenius2) / operator.rows;
  if (scalar !== operator.scalar || !(power > 0 && secondMoment > 0 && Number.isFinite(power + told))) return;
  if (power < CRUDE * told && told < CRUDE * power) return;
  const start = (target: Target, value: number) => {
    if (!Number.isFinite(value)) return;
    target.now = Math.min(target.max, Math.max(target.min, value));
    values[target.of][target.key] = target.now;
  };
  if (noise) start(noise, power / (1 + START_SNR));
  const left = power - Number(values.channel.noise);
  if (left > 0) start(variance, (variance.now * left * operator.rows) / (secondMoment * operator.frobenius2));
}

function* learning(
  problem: LearnProblem,
  options: LearnOptions,
  model: Model,
  targets: readonly Target[],
  every: number,
  damping: number
): Generator<LearnState, LearnResult> {
  const budget = options.iterations ?? 500;
  const tolerance = Math.max(1e-5, options.tolerance ?? 0);
  const scratch = new Float64Array(Math.max(problem.operator.rows, problem.operator.cols));
  let made = 0;
  let warm: WarmStart | undefined;
  const parameters: Record<string, number> = {};
  const report = () => {
    for (const target of targets) parameters[target.name] = target.now;
  };
  report();
  for (;;) {
    const { initialOverlap, ...rest } = options;
    const run = gamp(
      { operator: problem.operator, y: problem.y, prior: model.priorView, channel: model.channelView },
      warm ? { ...rest, iterations: Math.max(1, budget - made), init: warm } : { ...options, iterations: budget }
    );
    let sinceUpdate = 0;
    const before = made;
    let result: GampResult;
    for (;;) {
      const step = run.next();
      if (step.done) {
        result = step.value;
        break;
      }
      if (step.value.t === 0) {
        if (!warm) yield { t: 0, gamp: step.value, parameters };
        continue;
      }
      made = before + step.value.t;
      if (++sinceUpdate >= every && (made >= HOLD || step.value.residual < SETTLED)) {
        sinceUpdate = 0;
        update(model, targets, step.value, problem.y, damping, scratch, made);
        report();
      }
      yield { t: made, gamp: step.value, parameters };
    }
    const settled = result.outcome.kind === "converged" || result.outcome.kind === "exact-recovery";
    const moved = settled ? update(model, targets, result.state, problem.y, damping, scratch, made) : 0;
    report();
    if (settled && moved > tolerance && made < budget) {
      warm = { mean: result.state.mean, variance: result.state.variance, g: result.state.g };
      continue;
    }
    return finish(result, settled && moved > tolerance, made, model, targets, options.oracle);
  }
}

function finish(
  { outcome: ended, state }: GampResult,
  moving: boolean,
  made: number,
  model: Model,
  targets: readonly Target[],
  oracle: LearnOptions["oracle"]
): LearnResult {
  const learned = targets.map((target): Learned => {
    const truth = oracle?.[target.name];
    const [lo, hi, x] = [coordinate(target, target.min), coordinate(target, target.max), coordinate(target, target.now)];
    return {
      name: target.name,
      of: target.of,
      value: target.now,
      ...(truth === undefined ? {} : { oracle: truth }),
      onBound: x - lo < ON_BOUND * (hi - lo) || hi - x < ON_BOUND * (hi - lo),
      trajectory: { t: target.t, value: target.value }
    };
  });
  const bounds = learned
    .filter((l) => l.onBound)
    .map((l) => `${l.name} ended on a bound of its range (${l.value.toPrecision(3)}): the data may not determine it`);
  const still = moving ? ["the learned parameters still move: raise iterations"] : [];
  const notes = [ended.advice, ...still, ...bounds].filter((s) => s !== undefined);
  const kind: Outcome["kind"] = moving ? "horizon" : ended.kind;
  const clipped = ended.clipped === undefined ? {} : { clipped: ended.clipped };
  return {
    outcome: outcome(kind, ended.residual, made, { advice: notes.join("; "), ...clipped }),
    state,
    learned,
    prior: model.prior,
    channel: model.channel
  };
}

/** Prior and channel that can be exchanged under a running GAMP. */
class Model {
  prior: Prior;
  channel: Channel;
  readonly values: Readonly<Record<"prior" | "channel", Record<string, Value>>>;
  readonly problem: LearnProblem;
  readonly priorView: GampPrior;
  readonly channelView: GampChannel;

  constructor(problem: LearnProblem, values: Readonly<Record<"prior" | "channel", Record<string, Value>>>) {
    this.problem = problem;
    this.values = values;
    this.prior = problem.prior.family.build(values.prior);
    this.channel = problem.channel.family.build(values.channel);
    const current = () => this;
    this.priorView = {
      scalar: this.prior.scalar,
      rule: this.prior.rule,
      get mean() {
        return current().prior.mean;
      },
      get secondMoment() {
        return current().prior.secondMoment;
      },
      logPartition: (a, b, out) => this.prior.logPartition(a, b, out),
      posterior: (a, b, mean, variance) => this.prior.posterior(a, b, mean, variance)
    };
    this.channelView = {
      scalar: this.channel.scalar,
      labelScalar: this.channel.labelScalar,
      get even() {
        return current().channel.even;
      },
      logPartition: (V, omega, y, out) => this.channel.logPartition(V, omega, y, out),
      score: (V, omega, y, g, curvature) => this.channel.score(V, omega, y, g, curvature)
    };
  }

  set({ of, key }: Target, value: number): void {
    this.values[of][key] = value;
    if (of === "prior") this.prior = this.problem.prior.family.build(this.values.prior);
    else this.channel = this.problem.channel.family.build(this.values.channel);
  }
}

/** Updates every target in turn; returns the largest change, in coordinates (relative for logarithmic ones). */
function update(model: Model, targets: readonly Target[], state: GampState, y: Vec, damping: number, scratch: Vec, t: number): number {
  const width = model.prior.scalar === "complex" ? 2 : 1;
  const components = state.b.length / width;
  const outputs = state.g.length / width;
  let moved = 0;
  for (const target of targets) {
    const { family } = model.problem[target.of];
    const objective = (x: number): number => {
      try {
        const brick = family.build({ ...model.values[target.of], [target.key]: place(target, x) });
        const count = target.of === "prior" ? components : outputs;
        const out = scratch.subarray(0, count);
        if (target.of === "prior") (brick as Prior).logPartition(state.A, state.b, out);
        else (brick as Channel).logPartition(state.V, state.omega, y, out);
        let sum = 0;
        for (let i = 0; i < count; i++) sum -= out[i];
        return Number.isFinite(sum) ? sum : Number.MAX_VALUE;
      } catch (error) {
        if (error instanceof ParameterError) return Number.MAX_VALUE; // a cross-parameter rule forbids this value
        throw error;
      }
    };
    const lo = coordinate(target, target.min);
    const hi = coordinate(target, target.max);
    const x0 = coordinate(target, target.now);
    let best = x0;
    let least = objective(x0);
    const h = (hi - lo) / SCAN;
    const made = target.t.length;
    if (made < FULL_FIRST || made % FULL_EVERY === 0)
      for (let k = 0; k <= SCAN; k++) {
        const f = objective(lo + k * h);
        if (f < least) {
          least = f;
          best = lo + k * h;
        }
      }
    const found = brentMinimum(objective, Math.max(lo, best - h), Math.min(hi, best + h), { tolerance: 1e-7 * (hi - lo) });
    const aim = found.value <= least ? found.x : best;
    const leap = target.log && made < GENTLE ? Math.log(LEAP) : Number.POSITIVE_INFINITY;
    const x = x0 + Math.max(-leap, Math.min(leap, (1 - damping) * (aim - x0)));
    moved = Math.max(moved, Math.abs(aim - x0) / (target.log ? 1 : hi - lo));
    target.now = place(target, x);
    model.set(target, target.now);
    target.t.push(t);
    target.value.push(target.now);
  }
  return moved;
}

/** Parameters with a nonnegative range are searched in ln(x + 1e-12 max), others linearly. */
function coordinate({ log, max }: Target, value: number): number {
  return log ? Math.log(value + 1e-12 * max) : value;
}
function place({ log, min, max }: Target, x: number): number {
  return Math.min(max, Math.max(min, log ? Math.exp(x) - 1e-12 * max : x));
}

function findTarget(problem: LearnProblem, values: Readonly<Record<"prior" | "channel", Record<string, Value>>>, name: string): Target {
  const dot = name.indexOf(".");
  const sides = dot < 0 ? (["prior", "channel"] as const) : (["prior", "channel"] as const).filter((side) => side === name.slice(0, dot));
  const key = name.slice(dot + 1);
  const found = sides.filter((side) => key in problem[side].family.params);
  const known = (["prior", "channel"] as const).flatMap((side) =>
    Object.entries(problem[side].family.params as Record<string, Param>)
      .filter(([, p]) => p.kind === "real")
      .map(([k]) => ({ side, k }))
  );
  if (found.length > 1)
    throw new ParameterError(`learn: both prior and channel have a parameter ${key}: write prior.${key} or channel.${key}`);
  if (found.length === 0)
    throw new ParameterError(
      `learn: unknown parameter ${name}${
        suggestion(
          key,
          known.map(({ k }) => k)
        ) || ";"
      } there are ${known.map(({ side, k }) => `${side}.${k}`).join(", ") || "none"}`
    );
  const of = found[0];
  const param = (problem[of].family.params as Record<string, Param>)[key];
  if (param.kind !== "real")
    throw new ParameterError(
      `learn: ${name} is no real number and cannot be learned; there are ${known.map(({ side, k }) => `${side}.${k}`).join(", ") || "none"}`
    );
  return { name, of, key, min: param.min, max: param.max, log: param.min >= 0, t: [], value: [], now: Number(values[of][key]) };
}
