/** The axes of a phase diagram: what the address says, else what the declaration suggests. */
import type { Param } from "../../../../src/core/types.ts";
import { spread } from "../../../../src/experiments/axis.ts";
import type { Entry } from "../../catalogue/types.ts";
import { grouped } from "../../controls/names.ts";
import { axisNames, gridText, type Grid, regridded, suggestedGrid } from "../curve/axis.ts";

type Declared = Pick<Entry, "params" | "along" | "across">;

/** What thresholds are values of. */
export function verticalName(entry: Declared): string {
  return entry.along ?? "alpha";
}

/** Parameters that the horizontal axis may run over: those of the model first. */
export function horizontalNames(entry: Declared): string[] {
  const order = grouped(entry.params).flatMap((g) => g.keys);
  const able = axisNames(entry).filter((n) => n !== verticalName(entry) && n !== "size");
  return order.filter((n) => able.includes(n));
}

/** What the declaration says, else the first real parameter of the model, else its first integer; null where it has no other number. */
export function defaultHorizontal(entry: Declared): string | null {
  const model = horizontalNames(entry).filter((n) => grouped(entry.params)[0].keys.includes(n));
  const declared = entry.across?.split("=")[0];
  if (declared !== undefined && model.includes(declared)) return declared;
  return model.find((n) => entry.params[n].kind === "real") ?? model[0] ?? null;
}

/** A fraction over its whole range; everything else around its value, wider than a curve needs. */
export function horizontalGrid(entry: Declared, name: string): string {
  if (entry.across?.startsWith(`${name}=`)) return entry.across;
  const p: Param = entry.params[name];
  if (p.kind === "real" && p.max - p.min <= 1.0001 && p.scale !== "log")
    return gridText({ name, from: 0.05, to: 0.95, step: 0.05, log: false });
  const g: Grid = suggestedGrid(entry, name, undefined, [], 20);
  return gridText(g);
}

/**
 * Where lines end early on a suggested axis (hard phases that little noise destroys), the axis of the part that has them, with some
 * room; null where they fill a good part of it, or none is there.
 */
export function zoomed(
  g: Grid,
  columns: readonly { readonly x: number; readonly thresholds: Readonly<Record<string, number | null>> }[]
): string | null {
  const last = Math.max(...columns.filter((c) => Object.values(c.thresholds).some((v) => v !== null)).map((c) => c.x));
  const part = (last - g.from) / (g.to - g.from);
  if (g.log || !(part > 0) || part > 0.4) return null;
  return gridText(regridded({ ...g, to: Number((g.from + 1.6 * part * (g.to - g.from)).toPrecision(1)) }, 20));
}

/** The grid's value nearest to v. */
export function nearest(values: readonly number[], v: number): number {
  return values.reduce((best, x) => (Math.abs(x - v) < Math.abs(best - v) ? x : best), values[0]);
}

/** `count` values over the same range as parseAxis reads them; of a linear axis a list, with the digits that tell them apart. */
export function verticalGrid(name: string, from: number, to: number, count: number, log = false): string {
  if (log && from > 0) return `${name}=log:${Number(from.toPrecision(3))}:${Number(to.toPrecision(3))}:${count}`;
  const step = (to - from) / Math.max(1, count - 1);
  const digits = Math.max(0, Math.min(12, 2 - Math.floor(Math.log10(step))));
  return `${name}=${spread(from, to, count)
    .map((v) => Number(v.toFixed(digits)))
    .join(",")}`;
}

/** What the heat map shows: the mean of an observable, or the share of runs that ended well. The error where there is one. */
export function heatColour(entry: Pick<Entry, "observables">, colour: string | undefined): string {
  const names = Object.keys(entry.observables);
  if (colour === "success" || (colour !== undefined && names.includes(colour))) return colour;
  return names.includes("mse") ? "mse" : names[0];
}
