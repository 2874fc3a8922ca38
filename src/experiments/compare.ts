/** Theory against simulation along one parameter: both branches as lines, runs as dots, transitions where the theory puts them. */
import { ParameterError } from "../core/parameters.ts";
import type { Observable, Phase, Prediction, Value } from "../core/types.ts";
import { brentSteps } from "../numerics/roots.ts";
import { type Axis, spread } from "./axis.ts";
import { type AnyDeclaration, cellKey } from "./cell.ts";
import { type Dot, dotOf, type RunRow, runRow, type SuccessRule } from "./statistics.ts";
import {
  alongOf,
  complete,
  type Laboratory,
  notableOf,
  phasesOf,
  predictCells,
  runCells,
  simulateCells,
  symbolsOf,
  thresholdsCell
} from "./sweep.ts";
import { version } from "./version.ts";

export interface CompareRequest {
  readonly scenario: AnyDeclaration;
  /** As typed; defaults are filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly along: Axis;
  /** One run for each seed at each value of the axis; may be empty (theory only). */
  readonly seeds: readonly number[];
  /** Called with what is known so far: after the transitions, then at most every `every` ms (default 100) while lines and dots come in. */
  readonly onUpdate?: ((sofar: Comparison) => void) | undefined;
  readonly every?: number;
  /** Points of the theory line, by default what the scenario says or 241; more are added at and beside the transitions. */
  readonly theoryPoints?: number;
  readonly success?: SuccessRule;
}

/** One abscissa of the theory; `optimal` is absent where the scenario has no such branch; `error` where it could not be computed. */
export interface TheoryPoint {
  readonly x: number;
  readonly phase: Phase;
  readonly algorithmic: Readonly<Record<string, number>>;
  readonly algorithmicOutcome: string;
  readonly optimal?: Readonly<Record<string, number>>;
  readonly optimalOutcome?: string;
  readonly error?: string;
}

/** A transition inside the window. `x` is its place on the axis. */
export interface Transition {
  readonly name: string;
  readonly x: number;
}

export interface Comparison {
  readonly scenario: { readonly id: string; readonly title: string };
  readonly version: string;
  /** The point the sweep starts from; the axis overrides its own parameter. */
  readonly params: Readonly<Record<string, Value>>;
  /** The letter of each parameter. */
  readonly symbols: Readonly<Record<string, string>>;
  /** The parameter that thresholds are along; null when there are none. */
  readonly vertical: string | null;
  /** Names of the phases, from the bottom up. */
  readonly phases: readonly string[];
  /** The parameters a figure should name. */
  readonly notable: readonly string[];
  readonly along: Axis;
  readonly seeds: readonly number[];
  readonly observables: Readonly<Record<string, Observable>>;
  /** Everything the scenario reports at `params`, along alpha or its own `along` (empty if it has none). */
  readonly thresholds: Readonly<Record<string, number | null>>;
  readonly transitions: readonly Transition[];
  readonly theory: readonly TheoryPoint[];
  /** Why the theory does not describe these runs, at one point of the axis at least; null where it does. */
  readonly caveat: string | null;
  readonly dots: readonly Dot[];
  readonly runs: readonly RunRow[];
}

/** Throws ParameterError for bad parameters, Interrupted when the signal aborts. */
export async function compare(request: CompareRequest, laboratory: Laboratory): Promise<Comparison> {
  const { scenario, along, seeds } = request;
  if (along.values.length === 0)
    throw new ParameterError(`compare: the grid of ${along.name} must hold at least one value, such as ${along.name}=0.2:2:0.1`);
  const params = complete(scenario, { ...request.params, [along.name]: along.values[0] });
  const name = request.success?.observable;
  if (name !== undefined && !(name in scenario.observables))
    throw new ParameterError(
      `compare: success must name an observable of ${scenario.id}, one of ${Object.keys(scenario.observables).join(", ")}, got ${name}`
    );

  const thresholds = alongOf(scenario) !== null ? await thresholdsAt(scenario, params, laboratory) : {};
  const transitions = await transitionsAlong(scenario, params, along, thresholds, laboratory);

  const xs = theoryGrid(
    along,
    transitions,
    request.theoryPoints ?? scenario.theoryPoints ?? 241,
    scenario.params[along.name].kind === "integer"
  );
  const cells = predictCells(scenario, params, along.name, xs);
  const points = along.values.map((x) => ({
    x,
    cells: seeds.length > 0 ? simulateCells(scenario, { ...params, [along.name]: x }, seeds) : []
  }));
  const observables = Object.keys(scenario.observables);

  /** From whatever the store holds. `complete`: nothing more is coming, so what is missing is an error. */
  const assembled = (stage: "lines" | "dots" | "complete"): Comparison => {
    const theory: TheoryPoint[] = [];
    let caveat: string | null = null;
    cells.forEach((cell, k) => {
      const result = laboratory.store.get(cellKey(cell))?.result;
      if (result?.kind === "predict") {
        theory.push(theoryPoint(xs[k], result.prediction));
        caveat ??= result.caveat ?? null;
      } else if (result || stage === "complete") theory.push(missingPoint(xs[k], result?.kind === "error" ? result.error : "no result"));
    });
    const runs: RunRow[] = [];
    const dots: Dot[] = [];
    for (const p of stage === "lines" || seeds.length === 0 ? [] : points) {
      const rows = p.cells.flatMap((cell) => {
        const record = laboratory.store.get(cellKey(cell));
        return record ? [runRow(p.x, record, request.success)] : [];
      });
      runs.push(...rows);
      if (rows.length > 0 || stage === "complete") dots.push(dotOf(p.x, rows, observables));
    }
    return {
      scenario: { id: scenario.id, title: scenario.title },
      version,
      params,
      symbols: symbolsOf(scenario),
      vertical: alongOf(scenario),
      phases: phasesOf(scenario),
      notable: notableOf(scenario, params),
      along,
      seeds,
      observables: scenario.observables,
      thresholds,
      transitions,
      theory,
      caveat,
      dots,
      runs
    };
  };
  const told = teller(request, laboratory, assembled);

  await runCells(coarseFirst(cells), `theory along ${along.name}`, told("lines"));
  if (seeds.length > 0) {
    request.onUpdate?.(assembled("lines"));
    // seed by seed, so that an interrupted sweep has dots everywhere before it has small error bars anywhere
    const order = seeds.flatMap((_, k) => points.map((p) => p.cells[k]));
    await runCells(order, `runs along ${along.name}`, told("dots"));
  }
  const whole = assembled("complete");
  request.onUpdate?.(whole);
  return whole;
}

/** The laboratory with ears: every finished cell may tell the listener, but not more often than it wishes to hear. */
function teller(request: CompareRequest, laboratory: Laboratory, assembled: (stage: "lines" | "dots") => Comparison) {
  const { onUpdate, every = 100 } = request;
  return (stage: "lines" | "dots"): Laboratory => {
    if (!onUpdate) return laboratory;
    let last = Number.NEGATIVE_INFINITY;
    return {
      ...laboratory,
      onProgress(progress) {
        laboratory.onProgress?.(progress);
        const now = performance.now();
        if (now - last < every || progress.done === 0) return;
        last = now;
        onUpdate(assembled(stage));
      }
    };
  };
}

/** Every 16th, then every 8th between them, and so on: a line that takes long is seen whole, in outline, early. */
function coarseFirst<T>(items: readonly T[]): T[] {
  const order: T[] = [];
  for (let stride = 16; stride >= 1; stride /= 2)
    items.forEach((item, k) => {
      if (k % stride === 0 && (stride === 16 || k % (2 * stride) !== 0)) order.push(item);
    });
  return order;
}

export function theoryPoint(x: number, { branches, phase }: Prediction): TheoryPoint {
  const { algorithmic, optimal } = branches;
  return {
    x,
    phase,
    algorithmic: algorithmic.observables,
    algorithmicOutcome: algorithmic.outcome.kind,
    ...(optimal ? { optimal: optimal.observables, optimalOutcome: optimal.outcome.kind } : {})
  };
}

function missingPoint(x: number, error: string): TheoryPoint {
  return { x, phase: null, algorithmic: {}, algorithmicOutcome: "error", error };
}

async function thresholdsAt(scenario: AnyDeclaration, params: Readonly<Record<string, unknown>>, laboratory: Laboratory) {
  const cell = thresholdsCell(scenario, params);
  const result = (await runCells([cell], "thresholds", laboratory)).get(cellKey(cell))?.result;
  if (result?.kind === "error") throw new ParameterError(result.error);
  return result?.kind === "thresholds" ? result.thresholds : {};
}

/**
 * Along alpha (or what else thresholds are along) they are the transitions. Along another parameter x one sits where threshold(x) = alpha:
 * the difference is sampled on 33 points, and each change of sign is closed in on by Brent, not by looking at the phases.
 */
async function transitionsAlong(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, Value>>,
  along: Axis,
  thresholds: Readonly<Record<string, number | null>>,
  laboratory: Laboratory
): Promise<Transition[]> {
  const from = along.values[0];
  const to = along.values[along.values.length - 1];
  const vertical = alongOf(scenario);
  if (vertical === null || along.name === "size" || from === to) return [];
  if (along.name === vertical)
    return Object.entries(thresholds).flatMap(([name, x]) => (x !== null && x >= from && x <= to ? [{ name, x }] : []));
  if (scenario.params[along.name].kind === "integer") return [];
  const alpha = Number(params[vertical]);
  const xs = spread(from, to, 33, along.log);
  const cells = xs.map((x) => thresholdsCell(scenario, { ...params, [along.name]: x }));
  const records = await runCells(cells, `thresholds along ${along.name}`, laboratory);
  const found: Transition[] = [];
  const gap = (name: string, k: number): number | null => {
    const result = records.get(cellKey(cells[k]))?.result;
    const value = result?.kind === "thresholds" ? result.thresholds[name] : null;
    return value === null || value === undefined ? null : value - alpha;
  };
  /** threshold(x) - alpha, by a cell like any other. */
  const at = async (name: string, x: number): Promise<number> => {
    const cell = thresholdsCell(scenario, { ...params, [along.name]: x });
    const result = (await runCells([cell], `${name} along ${along.name}`, laboratory)).get(cellKey(cell))?.result;
    return result?.kind === "thresholds" ? (result.thresholds[name] ?? alpha) - alpha : Number.NaN;
  };
  for (const name of scenario.thresholdNames)
    for (let k = 0; k + 1 < xs.length; k++) {
      const [left, right] = [gap(name, k), gap(name, k + 1)];
      if (left === null || right === null || left * right > 0 || right === 0) continue;
      if (left === 0) {
        found.push({ name, x: xs[k] });
        continue;
      }
      const search = brentSteps(xs[k], xs[k + 1], { tolerance: 1e-10 * (to - from) });
      let step = search.next(0);
      while (!step.done) step = search.next(await at(name, step.value));
      found.push({ name, x: step.value.x });
    }
  return found;
}

/** Even spacing, every value that is simulated, and points crowding on each transition: a jump is drawn upright, a root singularity round. */
function theoryGrid(along: Axis, transitions: readonly Transition[], points: number, integer: boolean): number[] {
  const from = along.values[0];
  const to = along.values[along.values.length - 1];
  const grid = [...spread(from, to, points, along.log), ...along.values];
  for (const { x } of transitions)
    for (const d of [1e-8, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 2e-3]) {
      const step = d * (along.log ? x : to - from);
      grid.push(x - step, x + step);
    }
  const kept = grid.map((x) => (integer ? Math.round(x) : x)).filter((x) => x >= from && x <= to);
  return [...new Set(kept)].sort((a, b) => a - b);
}
