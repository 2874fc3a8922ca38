/**
 * Learning any named parameter of a model while expectation propagation runs. At a fixed point the Bethe free entropy is stationary
 * in the messages (betheFreeEntropy.ts), so that its derivative in a parameter is that of the log-partitions of the modules which
 * depend on it, at fixed messages: these are maximised, one parameter at a time, in turn with sweeps (expectation maximisation in
 * the form of Krzakala, Mezard, Sausset, Sun and Zdeborova 2012, section VI).
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError, suggestion } from "../../core/parameters.ts";
import type { Graph, Module, Outcome, Variable } from "../../core/types.ts";
import { brentMinimum } from "../../numerics/roots.ts";
import { incomingOf } from "./betheFreeEntropy.ts";
import { type EpOptions, type EpResult, type EpState, expectationPropagation, keepState } from "./expectationPropagation.ts";

export interface ParameterRange {
  readonly min: number;
  readonly max: number;
  /** Default log when min >= 0: such parameters live on scales. */
  readonly scale?: "log" | "linear";
}

/** A model as a function of its numbers. `graph` must make the same variables at all values; modules it returns unchanged (the same objects) are not evaluated. */
export interface LearnableGraph {
  graph(values: Readonly<Record<string, number>>): Graph;
  /** Where every parameter starts. */
  readonly values: Readonly<Record<string, number>>;
  /** Of those that can be learned. */
  readonly ranges: Readonly<Record<string, ParameterRange>>;
}

export interface EpLearnOptions extends EpOptions {
  /** Names in `ranges`. */
  readonly learn: readonly string[];
  /** Iterations between updates. Default 4. */
  readonly every?: number;
  /** Weight on the old value of a parameter, in [0, 1). Default 0.3. */
  readonly learnDamping?: number;
}

export interface LearnedParameter {
  readonly name: string;
  readonly value: number;
  /** It ended on a bound of its range: the data want to go further, or do not determine it. */
  readonly onBound: boolean;
  /** After each update. */
  readonly trajectory: { readonly t: number[]; readonly value: number[] };
}

/** The same object each iteration. `t` counts all iterations. */
export interface EpLearnState {
  readonly t: number;
  readonly ep: EpState;
  readonly parameters: Readonly<Record<string, number>>;
}

export interface EpLearnResult extends EpResult {
  readonly learned: readonly LearnedParameter[];
  readonly values: Readonly<Record<string, number>>;
  /** With the learned values; unaffected modules (and their decompositions) are those of the start. */
  readonly graph: Graph;
}

/** Shares of a coordinate's range, and the rules of updating: those of ../learn.ts. */
const ON_BOUND = 1e-3;
const SCAN = 24;
const FULL_FIRST = 3;
const FULL_EVERY = 8;
const SETTLED = 0.02;
const HOLD = 12;
const GENTLE = 6;
const LEAP = 4;

interface Target {
  readonly name: string;
  readonly range: ParameterRange;
  readonly log: boolean;
  /** Indices of the modules whose log-partition depends on it; found at its first update. */
  modules: readonly number[] | null;
  readonly t: number[];
  readonly value: number[];
}

/** Expectation propagation with updates every few iterations and after each convergence, until the parameters stand still too. Throws ParameterError on unknown names. */
export function epLearn(model: LearnableGraph, options: EpLearnOptions): Generator<EpLearnState, EpLearnResult> {
  const { every = 4, learnDamping = 0.3, learn } = options;
  if (!Number.isInteger(every) || every < 1) throw new ParameterError(`epLearn: every must be an integer >= 1, such as 4, got ${every}`);
  if (!(learnDamping >= 0 && learnDamping < 1))
    throw new ParameterError(`epLearn: learnDamping must be a number in [0, 1), such as 0.3, got ${learnDamping}`);
  if (learn.length === 0) throw new ParameterError(`epLearn: name at least one parameter to learn; there are ${names(model)}`);
  const targets = learn.map((name) => targetOf(model, name));
  const live = new LiveGraph(model);
  expectationPropagation(live, { ...options }); // validates eagerly
  return learning(live, options, targets, every, learnDamping);
}

/** Drains a run. */
export function solveEpLearn(model: LearnableGraph, options: EpLearnOptions): EpLearnResult {
  const run = epLearn(model, options);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

function* learning(
  live: LiveGraph,
  options: EpLearnOptions,
  targets: readonly Target[],
  every: number,
  damping: number
): Generator<EpLearnState, EpLearnResult> {
  const budget = options.iterations ?? 500;
  const tolerance = Math.max(1e-5, options.tolerance ?? 0);
  let made = 0;
  let warm: EpState | undefined;
  for (;;) {
    const run = expectationPropagation(live, { ...options, iterations: Math.max(1, budget - made), ...(warm ? { warm } : {}) });
    const before = made;
    let since = 0;
    let result: EpResult;
    for (;;) {
      const step = run.next();
      if (step.done) {
        result = step.value;
        break;
      }
      const ep = step.value;
      if (ep.t === 0) {
        if (!warm) yield { t: 0, ep, parameters: live.values };
        continue;
      }
      made = before + ep.t;
      if (++since >= every && (made >= HOLD || ep.residual < SETTLED)) {
        since = 0;
        update(live, targets, ep, damping, made);
      }
      yield { t: made, ep, parameters: live.values };
    }
    const settled = result.outcome.kind === "converged" || result.outcome.kind === "exact-recovery";
    const moved = settled ? update(live, targets, result.state, damping, made) : 0;
    if (settled && moved > tolerance && made < budget) {
      warm = keepState(result.state);
      continue;
    }
    return finish(result, settled && moved > tolerance, made, live, targets);
  }
}

function finish(
  { outcome: ended, state }: EpResult,
  moving: boolean,
  made: number,
  live: LiveGraph,
  targets: readonly Target[]
): EpLearnResult {
  const learned = targets.map((target): LearnedParameter => {
    const { name, t, value, range } = target;
    const [lo, hi, x] = [coordinate(target, range.min), coordinate(target, range.max), coordinate(target, live.values[name])];
    const onBound = x - lo < ON_BOUND * (hi - lo) || hi - x < ON_BOUND * (hi - lo);
    return { name, value: live.values[name], onBound, trajectory: { t, value } };
  });
  const bounds = learned
    .filter((l) => l.onBound)
    .map((l) => `${l.name} ended on a bound of its range (${l.value.toPrecision(3)}): the data may not determine it`);
  const still = moving ? ["the learned parameters still move: raise iterations"] : [];
  const advice = [ended.advice, ...still, ...bounds].filter((s) => s !== undefined).join("; ");
  const kind: Outcome["kind"] = moving ? "horizon" : ended.kind;
  const clipped = ended.clipped === undefined ? {} : { clipped: ended.clipped };
  return {
    outcome: outcome(kind, ended.residual, made, { advice, ...clipped }),
    state,
    learned,
    values: { ...live.values },
    graph: { modules: [...live.modules], variables: live.variables }
  };
}

/** A graph whose modules can be exchanged under a running algorithm. */
class LiveGraph implements Graph {
  readonly model: LearnableGraph;
  readonly variables: readonly Variable[];
  readonly values: Record<string, number>;
  modules: Module[];

  constructor(model: LearnableGraph) {
    this.model = model;
    this.values = { ...model.values };
    const { modules, variables } = model.graph(this.values);
    this.modules = [...modules];
    this.variables = variables;
  }

  /** The modules at other values; throws what `graph` throws. */
  at(name: string, value: number): readonly Module[] {
    const { modules } = this.model.graph({ ...this.values, [name]: value });
    if (modules.length !== this.modules.length)
      throw new ParameterError(
        `epLearn: graph must make the same modules at all values, got ${modules.length} instead of ${this.modules.length}`
      );
    return modules;
  }

  set({ name, modules }: Target, value: number): void {
    const fresh = this.at(name, value);
    for (const k of modules ?? []) this.modules[k] = fresh[k];
    this.values[name] = value;
  }
}

/** Updates every target in turn; returns the largest change, in coordinates (relative for logarithmic ones). */
function update(live: LiveGraph, targets: readonly Target[], state: EpState, damping: number, t: number): number {
  const incoming = incomingOf(live, state);
  let moved = 0;
  for (const target of targets) {
    const { range, name } = target;
    const lo = coordinate(target, range.min);
    const hi = coordinate(target, range.max);
    const logs = (x: number): number[] | null => {
      try {
        const modules = live.at(name, place(target, x));
        return (target.modules ?? modules.map((_, k) => k)).map((k) =>
          target.modules === null && modules[k] === live.modules[k] ? 0 : modules[k].logPartition(incoming[k])
        );
      } catch (error) {
        if (error instanceof ParameterError) return null; // a rule between parameters forbids this value
        throw error;
      }
    };
    const x0 = coordinate(target, live.values[name]);
    target.modules ??= dependents(logs, x0, lo, hi);
    const objective = (x: number): number => {
      const sum = logs(x)?.reduce((s, l) => s - l, 0);
      return sum !== undefined && Number.isFinite(sum) ? sum : Number.MAX_VALUE;
    };
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
    live.set(target, place(target, x));
    target.t.push(t);
    target.value.push(live.values[name]);
  }
  return moved;
}

/** The modules whose log-partition is not the same at three values. Throws ParameterError when there is none. */
function dependents(logs: (x: number) => number[] | null, x0: number, lo: number, hi: number): number[] {
  const seen = [x0, 0.4 * lo + 0.6 * hi, 0.7 * lo + 0.3 * hi].map(logs).filter((l) => l !== null);
  const found = seen[0]?.flatMap((l, k) => (seen.some((other) => other[k] !== l) ? [k] : [])) ?? [];
  if (found.length === 0) throw new ParameterError("epLearn: a learned parameter must change a module of the graph, this one changes none");
  return found;
}

/** Parameters with a logarithmic scale are searched in ln(x + 1e-12 max), others linearly. */
function coordinate({ log, range }: Target, value: number): number {
  return log ? Math.log(value + 1e-12 * range.max) : value;
}
function place({ log, range }: Target, x: number): number {
  return Math.min(range.max, Math.max(range.min, log ? Math.exp(x) - 1e-12 * range.max : x));
}

function names({ ranges }: LearnableGraph): string {
  return Object.keys(ranges).join(", ") || "none";
}

function targetOf(model: LearnableGraph, name: string): Target {
  if (!Object.hasOwn(model.ranges, name) || !Object.hasOwn(model.values, name))
    throw new ParameterError(
      `epLearn: unknown parameter ${name}${suggestion(name, Object.keys(model.ranges)) || ";"} there are ${names(model)}`
    );
  const range = model.ranges[name];
  if (!(Number.isFinite(range.min) && Number.isFinite(range.max) && range.min < range.max))
    throw new ParameterError(`epLearn: the range of ${name} must be finite with min < max, got [${range.min}, ${range.max}]`);
  const log = range.scale === undefined ? range.min >= 0 : range.scale === "log";
  if (log && range.min < 0)
    throw new ParameterError(`epLearn: ${name} cannot have a logarithmic scale with min ${range.min} < 0; use scale linear`);
  return { name, range, log, modules: null, t: [], value: [] };
}
