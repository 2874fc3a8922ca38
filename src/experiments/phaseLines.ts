/** The threshold lines of a phase diagram: asked for on a grid, refined where they bend, appear or end. */
import { ParameterError } from "../core/parameters.ts";
import type { Value } from "../core/types.ts";
import { type Axis, spread } from "./axis.ts";
import { type AnyDeclaration, type Cell, cellKey } from "./cell.ts";
import type { PhaseRequest } from "./phase.ts";
import type { Store } from "./store.ts";
import { coarseFirst, type Laboratory, runCells, thresholdsCell } from "./sweep.ts";

const ROUNDS = 6;

/** Thresholds at each x, in the order of x. */
export type Lines = Map<number, Readonly<Record<string, number | null>>>;

/** "first": the grid alone, unrefined. */
export type Rounds = "first" | "all";

/** The lines as the store knows them: what has been asked for and has come. */
export function linesOver({ scenario, x }: PhaseRequest, params: Readonly<Record<string, Value>>, store: Store) {
  const known: Lines = new Map();
  const asked = new Map<number, Cell>();
  return {
    ask(values: readonly number[]): Cell[] {
      return values.map((value) => {
        const cell = thresholdsCell(scenario, { ...params, [x.name]: value });
        if (!known.has(value)) asked.set(value, cell);
        return cell;
      });
    },
    /** In the order of x. */
    read(): Lines {
      const before = known.size;
      for (const [value, cell] of asked) {
        const result = store.get(cellKey(cell))?.result;
        if (result?.kind !== "thresholds") continue;
        known.set(value, result.thresholds);
        asked.delete(value);
      }
      if (known.size > before) {
        const sorted = [...known].sort(([a], [b]) => a - b);
        known.clear();
        for (const [value, at] of sorted) known.set(value, at);
      }
      return known;
    }
  };
}

/** Thresholds on the grid, then between neighbours wherever a line bends, appears or ends. Throws what the scenario refuses. */
export async function trace(
  request: PhaseRequest,
  lines: ReturnType<typeof linesOver>,
  rounds: Rounds,
  laboratory: Laboratory
): Promise<void> {
  const { scenario, x } = request;
  let wanted: readonly number[] =
    x.values.length < 17 ? [...new Set([...x.values, ...spread(x.values[0], x.values[x.values.length - 1], 17, x.log)])] : x.values;
  const integer = scenario.params[x.name].kind === "integer";
  if (integer) wanted = x.values;
  const last = rounds === "first" ? 0 : ROUNDS;
  for (let round = 0; wanted.length > 0 && round <= last; round++) {
    const cells = lines.ask(wanted);
    const records = await runCells(coarseFirst(cells), round ? `thresholds, refinement ${round}` : "thresholds", laboratory);
    for (const { result } of records.values()) if (result.kind === "error") throw new ParameterError(result.error);
    wanted = integer ? [] : whereLinesBend(scenario.thresholdNames, lines.read(), x.log, request.bend ?? 0.0007);
  }
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
export function defaultVertical(scenario: AnyDeclaration, along: string, lines: Lines): Axis {
  const param = scenario.params[along];
  const values = [...lines.values()].flatMap((at) => Object.values(at)).filter((v) => v !== null);
  const [low, high] = param.kind === "real" ? [param.min, param.max] : [0, Number.POSITIVE_INFINITY];
  if (param.kind === "real" && param.scale === "log" && values.length > 0 && Math.min(...values) > 0) {
    const from = Math.max(low, Math.min(...values) / 3);
    const to = Math.min(high, 3 * Math.max(...values));
    return { name: along, symbol: param.symbol, values: spread(from, to, 25, true), log: true };
  }
  const top = values.length ? Math.max(...values) : 2;
  const bottom = Math.min(0, ...values);
  const room = 0.12 * (top - bottom || 1);
  const to = Math.min(high, top + room);
  const from = bottom < 0 ? Math.max(low, bottom - room) : Math.max(low, to / 25);
  return { name: along, symbol: param.symbol, values: spread(from, to, 25), log: false };
}
