/** The frames of a run as they come: columns that grow, and what of them is drawn. */
import type { Trajectory } from "../../../../src/experiments/figures/index.ts";

/** Only what the trail keeps of a frame. */
export type Numbers = Readonly<Record<string, unknown>> & { readonly t: number };

export interface Trail {
  readonly t: number[];
  readonly series: Record<string, number[]>;
}

export function emptyTrail(names: readonly string[]): Trail {
  return { t: [], series: Object.fromEntries(names.map((k) => [k, []])) };
}

export function extend(trail: Trail, frames: readonly Numbers[]): void {
  for (const frame of frames) {
    trail.t.push(frame.t);
    for (const [name, column] of Object.entries(trail.series)) {
      const value = frame[name];
      column.push(typeof value === "number" ? value : Number.NaN);
    }
  }
}

/** At most about `most` frames, evenly, the last one always; only those up to time `until`. */
export function thinned(trail: Trajectory, most: number, until = Number.POSITIVE_INFINITY): Trajectory {
  const after = trail.t.findIndex((t) => t > until);
  const length = after < 0 ? trail.t.length : after;
  const every = Math.max(1, Math.ceil(length / most));
  const kept: number[] = [];
  for (let k = 0; k < length; k += every) kept.push(k);
  if (length > 0 && kept[kept.length - 1] !== length - 1) kept.push(length - 1);
  return {
    t: kept.map((k) => trail.t[k]),
    series: Object.fromEntries(Object.entries(trail.series).map(([name, column]) => [name, kept.map((k) => column[k])]))
  };
}

/** A trajectory that has settled stays where it is: drawn on until `until`. */
export function prolonged(theory: Trajectory, until: number): Trajectory {
  const last = theory.t.length - 1;
  if (last < 0 || theory.t[last] >= until) return theory;
  return {
    t: [...theory.t, until],
    series: Object.fromEntries(Object.entries(theory.series).map(([name, column]) => [name, [...column, column[last]]]))
  };
}

/** Tidy: one row a frame of each source. */
export function trailTable(sources: readonly { readonly name: string; readonly trail: Trajectory }[], names: readonly string[]): string {
  const rows = sources.flatMap(({ name, trail }) =>
    trail.t.map((t, k) => [name, t, ...names.map((o) => trail.series[o]?.[k] ?? "")].join(","))
  );
  return `${["source", "t", ...names].join(",")}\n${rows.join("\n")}\n`;
}
