/**
 * State evolution of expectation propagation on a graph, iteration by iteration, from any start, and how it ends: the stability of
 * what was reached is the largest eigenvalue of the iteration's Jacobian, so an unstable fixed point never counts as converged.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Outcome, Precision, Vec } from "../../core/types.ts";
import { jacobian, spectralRadius } from "../../numerics/jacobian.ts";
import { type Precisions, type Section, sectionOf, startOf, sweepBackward, sweepForward, variableIndex, variancesOf } from "./section.ts";

/** Order parameters after t iterations, one entry per variable of the graph. */
export interface GraphState extends Precisions {
  readonly t: number;
  /** Posterior variance per component after the backward sweep, 1/(forward + backward): the matched mse. */
  readonly v: readonly number[];
  /** The same when the forward sweep passed: what the producer of each variable estimated. */
  readonly vForward: readonly number[];
  readonly tau: readonly number[];
}

/** Knowing only the priors; knowing everything (backward precisions 1e8/tau); or backward precisions by name, 0 where none is given. */
export type GraphStart = "uninformed" | "informed" | Readonly<Record<string, Precision>>;

export interface GraphEvolutionOptions {
  readonly start?: GraphStart;
  readonly iterations?: number;
  /** On the change of backward precision times tau, relative to 1 + itself. Default 1e-12. */
  readonly tolerance?: number;
}

export interface GraphOutcome extends Outcome {
  /** Spectral radius of the iteration at the end: below 1 stable; null unless it came to rest. */
  readonly growthRate: number | null;
}

const INFORMED = 1e8;
/** v/tau of every variable that can vanish, below which recovery is exact: no more digits. */
const EXACT = 1e-24;
const TRIVIAL = 1e-6;

/** Yields t = 0, 1, ... and returns how it ended. Throws ParameterError for a start or option out of range. */
export function* graphEvolution(graph: Graph, options: GraphEvolutionOptions = {}): Generator<GraphState, GraphOutcome> {
  return yield* sectionEvolution(sectionOf(graph), options);
}

/** The same on a part of a graph. */
export function* sectionEvolution(section: Section, options: GraphEvolutionOptions = {}): Generator<GraphState, GraphOutcome> {
  const { start = "uninformed", iterations = 1000, tolerance = 1e-12 } = options;
  if (!(iterations >= 0 && Number.isInteger(iterations)))
    throw new ParameterError(`graph: iterations must be an integer >= 0, got ${iterations}; for example 1000`);
  if (!(tolerance > 0)) throw new ParameterError(`graph: tolerance must be a positive number, got ${tolerance}; for example 1e-12`);
  const { tau } = section;
  const at = startOf(section);
  const wanted = startPrecisions(section, start);
  for (const i of section.inner) at.backward[i] = wanted[i];
  const frame = (t: number, vForward: readonly number[]): GraphState => ({
    t,
    forward: [...at.forward],
    backward: [...at.backward],
    v: variancesOf(at),
    vForward,
    tau
  });
  yield frame(0, variancesOf(at));
  let change = Number.POSITIVE_INFINITY;
  const end = (kind: Outcome["kind"], t: number, growthRate: number | null, advice?: string): GraphOutcome => ({
    ...outcome(kind, change, t, { advice }),
    growthRate
  });
  for (let t = 1; t <= iterations; t++) {
    const before = [...at.backward];
    sweepForward(section, at);
    const vForward = variancesOf(at);
    sweepBackward(section, at);
    const bad = section.inner.find((i) => Number.isNaN(at.forward[i]) || Number.isNaN(at.backward[i]));
    if (bad !== undefined) {
      return end("diverged", t, null, `the precisions of ${section.graph.variables[bad].name} are not numbers any more: start elsewhere`);
    }
    change = 0;
    let slow = true; // relative to itself too: a small precision that still grows is on its way
    for (const i of section.inner) {
      const [old, now] = [before[i] * tau[i], at.backward[i] * tau[i]];
      if (old === now) continue;
      change = Math.max(change, Math.abs(now - old) / (1 + Math.min(old, now)));
      if (now > old && now - old > 1e-7 * now && now > 1e-14) slow = false;
    }
    yield frame(t, vForward);
    if (exactly(section, at)) return end("exact-recovery", t, null);
    if (!(change <= tolerance && slow)) continue;
    const rate = stability(section, at.backward);
    if (section.inner.every((i) => at.backward[i] * tau[i] <= TRIVIAL) && isTrivial(section)) {
      const advice =
        rate > 1
          ? `no information is a fixed point of this symmetric model, but an unstable one (growth rate ${rate.toPrecision(6)}): start informed, or with a small backward precision`
          : `no information is a stable fixed point here (growth rate ${rate.toPrecision(6)}): more or better observations are needed`;
      return end("trivial-fixed-point", t, rate, advice);
    }
    if (rate > 1 + 1e-6)
      return end("trivial-fixed-point", t, rate, `this fixed point is unstable (growth rate ${rate.toPrecision(6)}): start elsewhere`);
    return end("converged", t, rate);
  }
  return end(
    "horizon",
    iterations,
    null,
    `still moving by ${change.toExponential(1)} an iteration: raise iterations, or follow the fixed points`
  );
}

function startPrecisions(section: Section, start: GraphStart): Precision[] {
  const { graph, tau } = section;
  if (start === "uninformed") return tau.map(() => 0);
  if (start === "informed") return tau.map((t) => INFORMED / t);
  const backward = tau.map(() => 0);
  for (const [name, a] of Object.entries(start)) {
    if (!(a >= 0)) throw new ParameterError(`graph: the backward precision of ${name} must be a number >= 0, got ${a}; for example 1`);
    backward[variableIndex(graph, name)] = a;
  }
  return backward;
}

/** Every variable made by a module without inputs is known exactly: then so is everything. */
function exactly(section: Section, at: Precisions): boolean {
  const sources = section.inner.filter((i) => section.graph.modules[section.graph.variables[i].producer.module].inputs.length === 0);
  return sources.length > 0 && sources.every((i) => !(1 / (at.forward[i] + at.backward[i]) > EXACT * section.tau[i]));
}

/** Is the state of a graph one of exact recovery? */
export function isExact(graph: Graph, state: Pick<Precisions, "forward" | "backward">): boolean {
  return exactly(sectionOf(graph), state);
}

/** One iteration from backward precisions, in place on a copy. Returns the state after it. */
export function iterate(section: Section, backward: readonly Precision[]): Precisions {
  const at = startOf(section);
  for (const i of section.inner) at.backward[i] = backward[i];
  sweepForward(section, at);
  sweepBackward(section, at);
  return at;
}

/** Is "no information" (all inner backward precisions 0) a fixed point? */
export function isTrivial(section: Section): boolean {
  if (section.inner.length === 0) return false;
  const { backward } = iterate(
    section,
    section.tau.map(() => 0)
  );
  return section.inner.every((i) => backward[i] * section.tau[i] < 1e-12);
}

/** Spectral radius of one iteration at backward precisions, in units of 1/tau. Messages that are infinite there are held. */
export function stability(section: Section, backward: readonly Precision[]): number {
  const { tau } = section;
  const free = section.inner.filter((i) => Number.isFinite(backward[i]));
  const scaleOf = free.map((i) => Math.max(1, backward[i] * tau[i]) / tau[i]); // relative steps for large precisions: similar matrices
  const map = (u: Vec, out: Vec) => {
    const b = [...backward];
    free.forEach((i, k) => {
      b[i] = u[k] * scaleOf[k];
    });
    const next = iterate(section, b).backward;
    free.forEach((i, k) => {
      out[k] = Number.isFinite(next[i]) ? next[i] / scaleOf[k] : 1e300;
    });
  };
  const u = Float64Array.from(free, (i, k) => backward[i] / scaleOf[k]);
  return spectralRadius(jacobian(map, u, u.length, { scale: 1, lower: u.map(() => 0) }), u.length);
}
