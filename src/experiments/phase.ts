/** Phase diagrams: threshold lines over one parameter, the regions between them, and, if wanted, runs on a grid. */
import { ParameterError } from "../core/parameters.ts";
import type { Param, Phase, Value } from "../core/types.ts";
import { type Axis, spread } from "./axis.ts";
import { type AnyDeclaration, type Cell, cellKey } from "./cell.ts";
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

export interface PhaseRequest {
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

const ROUNDS = 6;

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

  const lines = await tracedLines(request, params, laboratory);
  const names = scenario.thresholdNames.filter((name) => [...lines.values()].some((at) => (at[name] ?? null) !== null));
  const y = request.y ?? defaultVertical(scenario, along, lines);
  const window = {
    x: [x.values[0], x.values[x.values.length - 1]] as const,
    y: [request.y ? y.values[0] : Math.min(0, y.values[0]), y.values[y.values.length - 1]] as const
  };
  const columns = await labelled(scenario, params, x, along, lines, window.y, laboratory);
  const simulated = request.simulate ? await simulatedGrid(request, params, y, laboratory) : { heat: [], runs: [] };
  return {
    scenario: { id: scenario.id, title: scenario.title },
    version,
    params,
    symbols: symbolsOf(scenario),
    phases: phasesOf(scenario),
    notable: notableOf(scenario, params),
    x,
    y: request.simulate ? y : { ...y, values: [] },
    window,
    thresholdNames: names,
    columns,
    ...simulated,
    seeds: request.simulate?.seeds ?? []
  };
}

type Lines = Map<number, Readonly<Record<string, number | null>>>;

/** Thresholds on the grid, then between neighbours wherever a line bends, appears or ends. */
async function tracedLines(request: PhaseRequest, params: Readonly<Record<string, Value>>, laboratory: Laboratory): Promise<Lines> {
  const { scenario, x } = request;
  const lines: Lines = new Map();
  let wanted: readonly number[] =
    x.values.length < 17 ? [...new Set([...x.values, ...spread(x.values[0], x.values[x.values.length - 1], 17, x.log)])] : x.values;
  const integer = scenario.params[x.name].kind === "integer";
  if (integer) wanted = x.values;
  for (let round = 0; wanted.length > 0 && round <= ROUNDS; round++) {
    const cells = wanted.map((value) => thresholdsCell(scenario, { ...params, [x.name]: value }));
    const records = await runCells(cells, round ? `thresholds, refinement ${round}` : "thresholds", laboratory);
    wanted.forEach((value, k) => {
      const result = records.get(cellKey(cells[k]))?.result;
      if (result?.kind === "error") throw new ParameterError(result.error);
      lines.set(value, result?.kind === "thresholds" ? result.thresholds : {});
    });
    wanted = integer ? [] : whereLinesBend(scenario.thresholdNames, lines, x.log, request.bend ?? 0.0007);
  }
  return new Map([...lines].sort(([a], [b]) => a - b));
}

/** Midpoints of the intervals beside a bend larger than `bend` of the diagram's height, or across which a line appears or ends. */
function whereLinesBend(names: readonly string[], lines: Lines, log: boolean, bend: number): number[] {
  const xs = [...lines.keys()].sort((a, b) => a - b);
  const scale = (v: number) => (log ? Math.log(v) : v);
  const least = (scale(xs[xs.length - 1]) - scale(xs[0])) * 2e-4;
  const marked = new Set<number>();
  // a bend is measured against the height of the whole diagram: a constant line with rounding noise has none
  const all = [...lines.values()].flatMap((at) => Object.values(at)).filter((v) => v !== null);
  const height = Math.max(0, ...all) - Math.min(0, ...all);
  for (const name of names) {
    const value = (k: number) => lines.get(xs[k])?.[name] ?? null;
    for (let k = 0; k + 1 < xs.length; k++) if ((value(k) === null) !== (value(k + 1) === null)) marked.add(k);
    for (let k = 1; k + 1 < xs.length; k++) {
      const [a, b, c] = [value(k - 1), value(k), value(k + 1)];
      if (a === null || b === null || c === null) continue;
      const f = (scale(xs[k]) - scale(xs[k - 1])) / (scale(xs[k + 1]) - scale(xs[k - 1]));
      if (Math.abs(a + f * (c - a) - b) > bend * height) marked.add(k - 1).add(k);
    }
  }
  return [...marked]
    .filter((k) => scale(xs[k + 1]) - scale(xs[k]) > least)
    .map((k) => (log ? Math.sqrt(xs[k] * xs[k + 1]) : (xs[k] + xs[k + 1]) / 2));
}

/** 25 values up to a tenth above the highest line, inside what the scenario allows. */
function defaultVertical(scenario: AnyDeclaration, along: string, lines: Lines): Axis {
  const param = scenario.params[along];
  const values = [...lines.values()].flatMap((at) => Object.values(at)).filter((v) => v !== null);
  const [low, high] = param.kind === "real" ? [param.min, param.max] : [0, Number.POSITIVE_INFINITY];
  const top = values.length ? Math.max(...values) : 2;
  const bottom = Math.min(0, ...values);
  const room = 0.12 * (top - bottom || 1);
  const to = Math.min(high, top + room);
  const from = bottom < 0 ? Math.max(low, bottom - room) : Math.max(low, to / 25);
  return { name: along, symbol: param.symbol, values: spread(from, to, 25), log: false };
}

/** The thresholds cut each column into bands; the scenario says, at the middle of each band, which phase it is. */
async function labelled(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, Value>>,
  x: Axis,
  along: string,
  lines: Lines,
  [bottom, top]: readonly [number, number],
  laboratory: Laboratory
): Promise<PhaseColumn[]> {
  const columns = [...lines].map(([value, thresholds]) => {
    const inside = Object.entries(thresholds).flatMap(([name, at]) => (at !== null && at > bottom && at < top ? [{ name, at }] : []));
    const cuts = [{ name: null, at: bottom }, ...inside.sort((a, b) => a.at - b.at), { name: null, at: top }];
    const bands = cuts.slice(1).map((upper, k) => {
      const lower = cuts[k];
      const cell: Cell = predictCells(scenario, { ...params, [x.name]: value }, along, [(lower.at + upper.at) / 2])[0];
      return { cell, from: lower.at, to: upper.at, lower: lower.name, upper: upper.name };
    });
    return { value, thresholds, bands: bands.filter((b) => b.to > b.from) };
  });
  const records = await runCells(
    columns.flatMap((c) => c.bands.map((b) => b.cell)),
    "phases",
    laboratory
  );
  return columns.map(({ value, thresholds, bands }) => {
    const merged: Band[] = [];
    for (const { cell, ...band } of bands) {
      const result = records.get(cellKey(cell))?.result;
      const phase = result?.kind === "predict" ? result.prediction.phase : null;
      const below = merged[merged.length - 1];
      if (below && below.phase === phase) merged[merged.length - 1] = { ...below, to: band.to, upper: band.upper };
      else merged.push({ ...band, phase });
    }
    return { x: value, thresholds, bands: merged };
  });
}

async function simulatedGrid(request: PhaseRequest, params: Readonly<Record<string, Value>>, y: Axis, laboratory: Laboratory) {
  const { scenario, x, simulate } = request;
  const seeds = simulate?.seeds ?? [];
  const points = x.values.flatMap((xv) =>
    y.values.map((yv) => ({ x: xv, y: yv, cells: simulateCells(scenario, { ...params, [x.name]: xv, [y.name]: yv }, seeds) }))
  );
  const records = await runCells(
    seeds.flatMap((_, k) => points.map((p) => p.cells[k])),
    "runs",
    laboratory
  );
  const observables = Object.keys(scenario.observables);
  const runs: (RunRow & { y: number })[] = [];
  const heat = points.map((p) => {
    const rows = p.cells.flatMap((cell) => {
      const record = records.get(cellKey(cell));
      return record ? [{ ...runRow(p.x, record, simulate?.success), y: p.y }] : [];
    });
    runs.push(...rows);
    return { ...dotOf(p.x, rows, observables), y: p.y };
  });
  return { heat, runs };
}
