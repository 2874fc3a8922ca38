/** The axis of a curve: what the address says, else one that the declaration suggests; and the form that edits it. */
import type { Param, Value } from "../../../../src/core/types.ts";
import { plain } from "../../figures/number.ts";
import type { Entry } from "../../catalogue/types.ts";

/** Parameters that an axis may run over, in declared order. */
export function axisNames(entry: Pick<Entry, "params">): string[] {
  return Object.entries<Param>(entry.params)
    .filter(([, p]) => p.kind === "real" || p.kind === "integer")
    .map(([name]) => name);
}

/** What thresholds are along, else alpha, else the first real parameter that is not the size, else the first that is a number. */
export function defaultName(entry: Pick<Entry, "params" | "along">): string {
  const names = axisNames(entry);
  const wanted = entry.along ?? "alpha";
  if (names.includes(wanted)) return wanted;
  return names.find((n) => entry.params[n].kind === "real") ?? names.find((n) => n !== "size") ?? names[0];
}

/** A grid as it is typed (experiments/axis.ts): linear with a step, or logarithmic with a number of points. */
export interface Grid {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  /** Between neighbours of a linear grid; the number of values of a logarithmic one. */
  readonly step: number;
}

export function gridText(g: Grid): string {
  return g.log ? `${g.name}=log:${g.from}:${g.to}:${g.step}` : `${g.name}=${g.from}:${g.to}:${g.step}`;
}

/** Null for a list of values, or what is no grid. */
export function readGrid(text: string): Grid | null {
  const found = /^([^=]+)=(log:)?([^:]+):([^:]+):([^:]+)$/.exec(text);
  if (!found) return null;
  const [from, to, step] = found.slice(3).map(Number);
  return [from, to, step].every(Number.isFinite) ? { name: found[1], from, to, log: found[2] !== undefined, step } : null;
}

const INTERVALS = 12;

/**
 * From a fifth of the parameter's value to twice it, inside its range, at round numbers; a declared logarithmic scale gets a
 * logarithmic grid, from a tenth to ten times. `cover`: numbers that the grid should hold with some room, such as thresholds.
 */
export function suggestedGrid(
  entry: Pick<Entry, "params">,
  name: string,
  value: Value | undefined,
  cover: readonly number[] = [],
  intervals = INTERVALS
): Grid {
  const p = entry.params[name];
  if (p.kind !== "real" && p.kind !== "integer") throw new RangeError(`${name} is no axis`);
  const clip = (v: number) => Math.min(p.max, Math.max(p.min, v));
  const usual = p.default;
  const given = value === undefined ? usual : Number(value);
  const held = Number.isFinite(given) ? [given] : [];
  if (p.kind === "real" && p.scale === "log" && usual > 0) {
    const all = [usual, ...held, ...cover].filter((v) => v > 0);
    const [from, to] = [clip(roundDown(Math.min(...all) / 10)), clip(10 * roundDown(Math.max(...all)))];
    return { name, from, to, log: true, step: intervals + 1 };
  }
  let [low, high] = usual === 0 ? [0, Math.min(p.max, 1)] : usual > 0 ? [usual / 5, 2 * usual] : [2 * usual, usual / 5];
  for (const v of held)
    [low, high] = v < low || v > high ? [Math.min(low, v > 0 ? v / 2 : 2 * v), Math.max(high, v > 0 ? 1.5 * v : v / 2)] : [low, high];
  const most = 5 * high;
  for (const v of cover) {
    if (v > most) continue; // beyond what one axis can show well
    if (v > 0.9 * high) high = v + 0.2 * (v - Math.min(low, v / 2));
    if (v < low) low = v - 0.2 * (high - v);
  }
  [low, high] = [clip(low), clip(high)];
  if (p.kind === "integer") {
    const step = Math.max(1, Math.round(niceStep((high - low) / intervals)));
    const from = Math.max(p.min, Math.floor(low));
    return { name, from, to: Math.min(p.max, from + step * Math.max(1, Math.round((high - from) / step))), log: false, step };
  }
  const step = niceStep((high - low) / intervals);
  const digits = decimals(step);
  const at = (k: number) => Number((k * step).toFixed(digits));
  // a declared end that is no multiple of the step (0.001, say) is left to the first multiple inside
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return { name, from: at(first), to: at(Math.max(last, first + 1)), log: false, step };
}

/** Of the grids that a form makes: the same ends, about so many intervals. */
export function regridded(g: Omit<Grid, "step">, intervals = INTERVALS): Grid {
  return { ...g, step: g.log ? intervals + 1 : niceStep((g.to - g.from) / intervals) };
}

function niceStep(rough: number): number {
  const decade = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const mantissa = rough / decade;
  const nice = mantissa < 1.6 ? 1 : mantissa < 2.3 ? 2 : mantissa < 3.6 ? 2.5 : mantissa < 7 ? 5 : 10;
  return Number((nice * decade).toPrecision(3));
}
function decimals(step: number): number {
  const [mantissa, exponent] = step.toExponential().split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}
function roundDown(v: number): number {
  const decade = 10 ** Math.floor(Math.log10(v) + 1e-9);
  return Number((Math.floor(v / decade + 1e-9) * decade).toPrecision(3));
}

/** One of 200 steps of what is shown, as a round number inside the parameter's range: where a dragged marker may stand. */
export function snapped(v: number, from: number, to: number, log: boolean, p: Param): number {
  if (p.kind !== "real" && p.kind !== "integer") return v;
  const inside = Math.min(p.max, Math.max(p.min, Math.min(to, Math.max(from, v))));
  if (p.kind === "integer") return Math.round(inside);
  if (log) return Number(inside.toPrecision(3));
  const step = niceStep((to - from) / 200);
  return Number(Math.min(p.max, Math.max(p.min, Math.round(inside / step) * step)).toFixed(decimals(step)));
}

/** How many values a grid has, in words of the form: "13 values from 0.2 to 2". */
export function gridWords(values: readonly number[]): string {
  return `${values.length} values from ${plain(values[0])} to ${plain(values[values.length - 1])}`;
}
