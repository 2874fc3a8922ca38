/** Which parameter is dragged in the landscape, and over which range. Pure. */
import type { Setting } from "../../address/address.ts";
import type { Entry } from "../../catalogue/types.ts";
import { type Axis, parseAxis } from "../../../../src/experiments/index.ts";

export interface Drag {
  readonly name: string;
  readonly symbol: string;
  readonly about: string;
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
}

/** Real parameters that a landscape can depend on: not those of the run. */
export function draggable(entry: Pick<Entry, "params">): readonly string[] {
  const ofRuns = ["damping", "initialOverlap", "tolerance"];
  return Object.keys(entry.params).filter((k) => entry.params[k].kind === "real" && !ofRuns.includes(k));
}

/** The parameter that options ask for, else the one thresholds are values of, else the first. */
export function draggedName(entry: Pick<Entry, "params" | "along">, options: Setting["options"]): string | null {
  const all = draggable(entry);
  const along = entry.along ?? "alpha";
  if (options.drag !== undefined && all.includes(options.drag)) return options.drag;
  return all.includes(along) ? along : (all[0] ?? null);
}

/** The axis of the curve view, where it is of the same parameter: both views then show the same stretch. */
function axisOf(entry: Entry, options: Setting["options"], name: string): Axis | null {
  if (!options.along) return null;
  try {
    const axis = parseAxis(options.along, entry);
    return axis.name === name && axis.values.length > 1 ? axis : null;
  } catch {
    return null; // the curve view is where that is said
  }
}

/**
 * Around the thresholds where they are values of this parameter; its whole range where that is short; else a factor of
 * three about its value. The value itself is always inside.
 */
export function dragRange(
  entry: Entry,
  name: string,
  value: number,
  options: Setting["options"],
  thresholds: Readonly<Record<string, number | null>>
): Drag {
  const p = entry.params[name];
  if (p.kind !== "real") throw new RangeError(`landscape: ${name} is not a real parameter`);
  const { symbol, about } = p;
  const known = axisOf(entry, options, name);
  const marks = Object.values(thresholds).filter((v): v is number => v !== null && Number.isFinite(v) && v > 0);
  let [from, to] = [p.min, p.max];
  let log = false;
  if (known) [from, to, log] = [known.values[0], known.values[known.values.length - 1], known.log];
  else if (name === (entry.along ?? "alpha") && marks.length > 0) {
    const [low, high] = [Math.min(...marks), Math.max(...marks)];
    const room = Math.max(0.2 * (high - low), 0.05 * high);
    [from, to] = [Math.max(0.3 * low, low - room), high + room];
  } else if (p.max - p.min > 10 || p.scale === "log") {
    const center = value > 0 ? value : p.default > 0 ? p.default : 1;
    [from, to] = [value === 0 ? 0 : center / 3, 3 * center];
  }
  if (p.scale === "log" && from > 0 && to / from > 30) log = true;
  from = Math.max(p.min, Math.min(from, value));
  to = Math.min(p.max, Math.max(to, value));
  if (log) return { name, symbol, about, from, to, log };
  const step = 10 ** Math.floor(Math.log10(Math.max(to - from, 1e-300) / 100)); // ends are numbers one can read
  const tidy = (x: number, round: (v: number) => number) => Number((round(x / step) * step).toPrecision(12));
  const outward = {
    from: Math.max(
      p.min,
      tidy(from, (v) => Math.floor(v + 1e-9))
    ),
    to: Math.min(
      p.max,
      tidy(to, (v) => Math.ceil(v - 1e-9))
    )
  };
  return { name, symbol, about, ...outward, log };
}

/** The slider itself runs over whole numbers, evenly in the parameter or in its logarithm. */
export const STEPS = 2000;
export function valueAt(drag: Drag, position: number): number {
  const f = position / STEPS;
  const x = drag.log ? drag.from * (drag.to / drag.from) ** f : drag.from + f * (drag.to - drag.from);
  return Number(x.toPrecision(6));
}
export function positionOf(drag: Drag, value: number): number {
  const f = drag.log ? Math.log(value / drag.from) / Math.log(drag.to / drag.from) : (value - drag.from) / (drag.to - drag.from);
  return Math.round(STEPS * Math.min(1, Math.max(0, f)));
}
