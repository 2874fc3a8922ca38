/** Phase diagrams: threshold lines over one parameter, the regions between them, and, if wanted, runs on a grid. */
import { ParameterError } from "../core/parameters.ts";
import type { Param, Phase, Value } from "../core/types.ts";
import type { Axis } from "./axis.ts";

import { type AnyDeclaration, type Cell, cellKey } from "./cell.ts";
import { defaultVertical, type Lines, linesOver, type Rounds, trace } from "./phaseLines.ts";
import { type Dot, type RunRow, runsAt, type SuccessRule } from "./statistics.ts";
import type { Store } from "./store.ts";
import {
  alongOf,
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
import { version } from "./version.ts";

/**
 * With `onUpdate` the lines are told while they are traced and the heat map while it fills; a column that is not yet labelled has
 * no bands. The last diagram told is what `phaseDiagram` returns, the same as without a listener.
 */
export interface PhaseRequest extends Listener<PhaseDiagram> {
  readonly scenario: AnyDeclaration;
  readonly params: Readonly<Record<string, unknown>>;
  readonly x: Axis;
  /** The vertical axis is the parameter thresholds are along, alpha as a rule; its values are where runs are made. By default it holds every line. */
  readonly y?: Axis;
  readonly simulate?: { readonly seeds: readonly number[]; readonly success?: SuccessRule };
  /** Lines are refined until they bend by less than this part of the diagram's height between neighbours, 0.0007 by default. */
  readonly bend?: number;
}

/** Every threshold at one x; null where there is none. */
export interface PhaseColumn {
  readonly x: number;
  readonly thresholds: Readonly<Record<string, number | null>>;
  /** From the bottom of the window up; neighbours of the same phase are one band. */
  readonly bands: readonly Band[];
}
export interface Band {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
  /** The thresholds it ends at; null at the edges of the window. */
  readonly lower: string | null;
  readonly upper: string | null;
}
export interface HeatCell extends Dot {
  readonly y: number;
}

export interface PhaseDiagram {
  readonly scenario: { readonly id: string; readonly title: string };
  readonly version: string;
  readonly params: Readonly<Record<string, Value>>;
  readonly symbols: Readonly<Record<string, string>>;
  /** Names of the phases, from the bottom up. */
  readonly phases: readonly string[];
  /** The parameters a figure should name. */
  readonly notable: readonly string[];
  readonly x: Axis;
  /** Name, symbol and the values simulated (empty if none). */
  readonly y: Axis;
  readonly window: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
  readonly thresholdNames: readonly string[];
  readonly columns: readonly PhaseColumn[];
  readonly heat: readonly HeatCell[];
  readonly runs: readonly (RunRow & { readonly y: number })[];
  readonly seeds: readonly number[];
}

/** A horizontal axis that this scenario has: its first parameter of a range other than `along` and the size. */
function exampleAxis(scenario: AnyDeclaration, along: string): string {
  const found = Object.entries<Param>(scenario.params).find(([name, p]) => p.kind === "real" && name !== along && name !== "size");
  if (found?.[1].kind !== "real") return "noise=log:1e-4:1:9";
  const [name, { default: middle, min, max }] = found;
  return `${name}=${Math.max(min, middle / 2)}:${Math.min(max, 2 * middle || 1)}:${(middle || 1) / 4}`;
}

/** Throws ParameterError when the scenario has no thresholds or x is what they are along; Interrupted when the signal aborts. */
export async function phaseDiagram(request: PhaseRequest, laboratory: Laboratory): Promise<PhaseDiagram> {
  const { scenario, x } = request;
  const along = alongOf(scenario);
  if (along === null) throw new ParameterError(`phase: ${scenario.id} reports no thresholds, so it has no phase diagram`);
  if (x.name === along || x.name === "size")
    throw new ParameterError(
      `phase: the horizontal axis must be a parameter other than ${along} and size, such as ${exampleAxis(scenario, along)}, got ${x.name}`
    );
  if (request.y && request.y.name !== along) throw new ParameterError(`phase: the vertical axis must be ${along}, got ${request.y.name}`);
  if (x.values.length < 2) throw new ParameterError(`phase: the grid of ${x.name} must hold at least 2 values, got ${x.values.length}`);
  const params = complete(scenario, { ...request.params, [x.name]: x.values[0] });

  const lines = linesOver(request, params, laboratory.store);
  let labels: Labels = new Map();
  let grid: ReturnType<typeof gridOf> | null = null;
  const verticalNow = () => request.y ?? defaultVertical(scenario, along, lines.read());

  const assembled = (): PhaseDiagram => {
    const traced = lines.read();
    const y = grid?.y ?? verticalNow();
    return {
      scenario: { id: scenario.id, title: scenario.title },
      version,
      params,
      symbols: symbolsOf(scenario),
      phases: phasesOf(scenario),
      notable: notableOf(scenario, params),
      x,
      y: request.simulate ? y : { ...y, values: [] },
      window: windowOf(request, y),
      thresholdNames: scenario.thresholdNames.filter((name) => [...traced.values()].some((at) => (at[name] ?? null) !== null)),
      columns: [...traced].map(([value, thresholds]) => ({ x: value, thresholds, bands: labels.get(value) ?? [] })),
      ...(grid?.drawn() ?? { heat: [], runs: [] }),
      seeds: request.simulate?.seeds ?? []
    };
  };
  const teller = makeTeller(request, assembled);

  const fillGrid = async (at: Laboratory) => {
    if (!request.simulate) return;
    grid = gridOf(request, params, verticalNow(), laboratory.store);
    await runCells(grid.cells(), "runs", teller.listening(at));
  };
  const drawLines = async (at: Laboratory, rounds: Rounds) => {
    await trace(request, lines, rounds, teller.listening(at));
    if (rounds === "first") return;
    labels = await labelled(scenario, params, x, along, lines.read(), windowOf(request, verticalNow()).y, at);
    teller.news();
  };
  try {
    if (request.onUpdate && request.simulate && request.y) {
      // the grid does not hang on the lines: it fills while they are refined
      await drawLines(laboratory, "first");
      let rest = false;
      await sideBySide(laboratory, [
        async (at) => {
          await fillGrid(at);
          rest = true;
        },
        (at) => drawLines({ ...at, onProgress: (progress) => rest && at.onProgress?.(progress) }, "all")
      ]);
    } else {
      await drawLines(laboratory, "all");
      await fillGrid(laboratory);
    }
  } finally {
    teller.stop();
  }
  const whole = assembled();
  request.onUpdate?.(whole);
  return whole;
}

function windowOf({ x, y: asked }: PhaseRequest, y: Axis): PhaseDiagram["window"] {
  return {
    x: [x.values[0], x.values[x.values.length - 1]],
    y: [asked || y.log ? y.values[0] : Math.min(0, y.values[0]), y.values[y.values.length - 1]]
  };
}

type Labels = Map<number, readonly Band[]>;

/** The thresholds cut each column into bands; the scenario says, at the middle of each band, which phase it is. */
async function labelled(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, Value>>,
  x: Axis,
  along: string,
  lines: Lines,
  [bottom, top]: readonly [number, number],
  laboratory: Laboratory
): Promise<Labels> {
  const columns = [...lines].map(([value, thresholds]) => {
    const inside = Object.entries(thresholds).flatMap(([name, at]) => (at !== null && at > bottom && at < top ? [{ name, at }] : []));
    const cuts = [{ name: null, at: bottom }, ...inside.sort((a, b) => a.at - b.at), { name: null, at: top }];
    const bands = cuts.slice(1).map((upper, k) => {
      const lower = cuts[k];
      const cell: Cell = predictCells(scenario, { ...params, [x.name]: value }, along, [(lower.at + upper.at) / 2])[0];
      return { cell, from: lower.at, to: upper.at, lower: lower.name, upper: upper.name };
    });
    return { value, bands: bands.filter((b) => b.to > b.from) };
  });
  const records = await runCells(
    columns.flatMap((c) => c.bands.map((b) => b.cell)),
    "phases",
    laboratory
  );
  const labels: Labels = new Map();
  for (const { value, bands } of columns) {
    const merged: Band[] = [];
    for (const { cell, ...band } of bands) {
      const result = records.get(cellKey(cell))?.result;
      const phase = result?.kind === "predict" ? result.prediction.phase : null;
      const below = merged[merged.length - 1];
      if (below && below.phase === phase) merged[merged.length - 1] = { ...below, to: band.to, upper: band.upper };
      else merged.push({ ...band, phase });
    }
    labels.set(value, merged);
  }
  return labels;
}

/** The runs on the grid as the store knows them; a place is made again only when it has a new run. */
function gridOf(request: PhaseRequest, params: Readonly<Record<string, Value>>, y: Axis, store: Store) {
  const { scenario, x, simulate } = request;
  const seeds = simulate?.seeds ?? [];
  const observables = Object.keys(scenario.observables);
  type Row = PhaseDiagram["runs"][number];
  type Place = { readonly y: number; readonly at: ReturnType<typeof runsAt>; dot?: Dot; heat?: HeatCell; rows: readonly Row[] };
  const places = x.values.flatMap((xv) =>
    y.values.map((yv): Place => {
      const cells = simulateCells(scenario, { ...params, [x.name]: xv, [y.name]: yv }, seeds);
      return { y: yv, at: runsAt(xv, cells, simulate?.success), rows: [] };
    })
  );
  return {
    y,
    /** Seed by seed, and of each seed a coarse grid first: stopped at any time, the map is whole. */
    cells(): Cell[] {
      const order = coarseFirst(x.values.map((_, i) => i)).flatMap((i) => coarseFirst(y.values.map((_, j) => [i, j] as const)));
      const level = ([i, j]: readonly [number, number]) => Math.min(...[i, j].map((k) => (k % 4 === 0 ? 4 : k % 2 === 0 ? 2 : 1)));
      const coarse = order.sort((a, b) => level(b) - level(a)).map(([i, j]) => places[i * y.values.length + j]);
      return seeds.flatMap((_, k) => coarse.map((place) => place.at.cells[k]));
    },
    drawn(): { readonly heat: HeatCell[]; readonly runs: Row[] } {
      for (const place of places) {
        const { rows, dot } = place.at.read(store, observables);
        if (place.dot === dot) continue;
        place.dot = dot;
        place.heat = { ...dot, y: place.y };
        place.rows = rows.map((row) => ({ ...row, y: place.y }));
      }
      const there = places.filter((place) => place.rows.length > 0 || seeds.length === 0);
      return { heat: there.flatMap((place) => place.heat ?? []), runs: there.flatMap((place) => place.rows) };
    }
  };
}
