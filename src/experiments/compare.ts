/** Theory against simulation along one parameter: both branches as lines, runs as dots, transitions where the theory puts them. */
import { ParameterError } from "../core/parameters.ts";
import type { Observable, Phase, Prediction, Value } from "../core/types.ts";
import type { Axis } from "./axis.ts";
import { type AnyDeclaration, type Cell, cellKey } from "./cell.ts";
import { type Dot, type RunRow, runsAt, type SuccessRule } from "./statistics.ts";
import type { Store } from "./store.ts";
import {
  alongOf,
  branchNamesOf,
  coarseFirst,
  complete,
  type Laboratory,
  notableOf,
  phasesOf,
  predictCells,
  runCells,
  sideBySide,
  simulateCells,
  symbolsOf
} from "./sweep.ts";
import { type Listener, makeTeller } from "./telling.ts";
import { theoryGrid, thresholdsAt, type Transition, transitionsAlong } from "./transitions.ts";
import { version } from "./version.ts";

export type { Transition } from "./transitions.ts";

/**
 * With `onUpdate` the line comes first, in outline, while the transitions are still looked for; every comparison it is told has
 * the lines, transitions and dots known by then. The last one is what `compare` returns, the same as without a listener.
 */
export interface CompareRequest extends Listener<Comparison> {
  readonly scenario: AnyDeclaration;
  /** As typed; defaults are filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly along: Axis;
  /** One run for each seed at each value of the axis; may be empty (theory only). */
  readonly seeds: readonly number[];
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
  /** What the branches of the theory are, in a legend. */
  readonly branchNames: { readonly algorithmic: string; readonly optimal: string };
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

  const points = request.theoryPoints ?? scenario.theoryPoints ?? 241;
  const integer = scenario.params[along.name].kind === "integer";
  const line = lineAlong(scenario, params, along.name, laboratory.store);
  const runs = runsAlong(request, params, laboratory.store);
  let thresholds: Readonly<Record<string, number | null>> = {};
  let transitions: readonly Transition[] = [];

  const assembled = (complete: boolean): Comparison => ({
    scenario: { id: scenario.id, title: scenario.title },
    version,
    params,
    symbols: symbolsOf(scenario),
    vertical: alongOf(scenario),
    phases: phasesOf(scenario),
    branchNames: branchNamesOf(scenario),
    notable: notableOf(scenario, params),
    along,
    seeds,
    observables: scenario.observables,
    thresholds,
    transitions,
    ...line.drawn(complete),
    ...runs.drawn(complete)
  });
  const teller = makeTeller(request, () => assembled(false));

  const findTransitions = async (at: Laboratory) => {
    thresholds = await thresholdsAt(scenario, params, at);
    teller.news();
    transitions = await transitionsAlong(scenario, params, along, thresholds, at);
    teller.news();
  };
  const drawLine = async (at: Laboratory) => {
    const cells = line.through(theoryGrid(along, transitions, points, integer));
    await runCells(coarseFirst(cells), `theory along ${along.name}`, teller.listening(at));
  };
  const makeRuns = async (at: Laboratory) => {
    if (seeds.length > 0) await runCells(runs.cells(), `runs along ${along.name}`, teller.listening(at));
  };
  try {
    if (request.onUpdate) {
      // whoever looks on sees a line at once, however long the transitions take: they are looked for meanwhile
      let rest = false;
      const unheard = (at: Laboratory): Laboratory => ({ ...at, onProgress: (progress) => rest && at.onProgress?.(progress) });
      await sideBySide(laboratory, [
        async (at) => {
          await drawLine(at);
          await makeRuns(at);
          rest = true;
        },
        async (at) => {
          await findTransitions(unheard(at));
          await drawLine(unheard(at));
        }
      ]);
    } else {
      await findTransitions(laboratory);
      await drawLine(laboratory);
      await makeRuns(laboratory);
    }
  } finally {
    teller.stop();
  }
  const whole = assembled(true);
  request.onUpdate?.(whole);
  return whole;
}

/** The theory line as the store knows it. What has been read from the store once is not read again. */
function lineAlong(scenario: AnyDeclaration, params: Readonly<Record<string, Value>>, name: string, store: Store) {
  type Place = { readonly x: number; readonly cell: Cell; point?: TheoryPoint; caveat?: string | undefined };
  const places = new Map<number, Place>();
  let sorted: Place[] = [];
  return {
    /** From now on the line goes through these abscissas too; the cells of those given. */
    through(xs: readonly number[]): Cell[] {
      const fresh = xs.filter((x) => !places.has(x));
      predictCells(scenario, params, name, fresh).forEach((cell, k) => {
        places.set(fresh[k], { x: fresh[k], cell });
      });
      sorted = [...places.values()].sort((a, b) => a.x - b.x);
      return xs.flatMap((x) => places.get(x)?.cell ?? []);
    },
    /** `complete`: nothing more is coming, so what is missing is an error. */
    drawn(complete: boolean): { readonly theory: TheoryPoint[]; readonly caveat: string | null } {
      const theory: TheoryPoint[] = [];
      let caveat: string | null = null;
      for (const place of sorted) {
        if (!place.point) {
          const result = store.get(cellKey(place.cell))?.result;
          if (result?.kind === "predict") {
            place.point = theoryPoint(place.x, result.prediction);
            place.caveat = result.caveat;
          } else if (result || complete) place.point = missingPoint(place.x, result?.kind === "error" ? result.error : "no result");
          else continue;
        }
        theory.push(place.point);
        caveat ??= place.caveat ?? null;
      }
      return { theory, caveat };
    }
  };
}

/** The runs as the store knows them; a dot is made again only when it has a new run. */
function runsAlong({ scenario, along, seeds, success }: CompareRequest, params: Readonly<Record<string, Value>>, store: Store) {
  const observables = Object.keys(scenario.observables);
  const points =
    seeds.length > 0 ? along.values.map((x) => runsAt(x, simulateCells(scenario, { ...params, [along.name]: x }, seeds), success)) : [];
  return {
    /** Seed by seed, so that an interrupted sweep has dots everywhere before it has small error bars anywhere. */
    cells: () => seeds.flatMap((_, k) => points.map((p) => p.cells[k])),
    drawn(complete: boolean): { readonly dots: Dot[]; readonly runs: RunRow[] } {
      const dots: Dot[] = [];
      const runs: RunRow[] = [];
      for (const p of points) {
        const { rows, dot } = p.read(store, observables);
        runs.push(...rows);
        if (rows.length > 0 || complete) dots.push(dot);
      }
      return { dots, runs };
    }
  };
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
