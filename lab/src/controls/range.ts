/** Where a slider runs: the part of a parameter's range that people move in. The number box beside it accepts the whole range. */
import type { Param } from "../../../src/core/types.ts";

export type NumberParam = Extract<Param, { readonly kind: "real" | "integer" }>;

/** `steps` equal steps from `from` to `to`, in the logarithm where `log`. */
export interface SliderRange {
  readonly from: number;
  readonly to: number;
  readonly log: boolean;
  readonly integer: boolean;
  readonly steps: number;
}

const decades = (from: number, to: number) => Math.log10(to / from);

/** Null where a slider would mean nothing: seeds, for one. `value` is always inside. */
export function sliderRange(p: NumberParam, value: number = p.default): SliderRange | null {
  if (p.max - p.min > 1e12) return null;
  const integer = p.kind === "integer";
  // a fraction is moved evenly, however small it may be
  const log = p.min > 0 && (p.scale === "log" || (p.max > 1 && decades(p.min, p.max) > 3));
  let [from, to] = [p.min, p.max];
  if (log) {
    if (decades(from, to) > 4) {
      from = Math.max(p.min, nice(p.default / 100));
      // more unknowns or iterations cost time in proportion
      to = Math.min(p.max, nice(p.default * (integer ? 10 : 100)));
    }
  } else if (p.min < 0) {
    const most = Math.max(5, nice(5 * Math.abs(p.default)));
    from = Math.max(p.min, -most);
    to = Math.min(p.max, most);
  } else {
    const most = Math.max(integer ? 20 : 1, nice(10 * p.default));
    if (p.max > most) to = most;
  }
  if (value >= p.min && value <= p.max) {
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  const steps = log ? Math.max(40, Math.round(40 * decades(from, to))) : integer && to - from <= 1000 ? Math.round(to - from) : 200;
  return { from, to, log, integer, steps };
}

/** 1, 2 or 5 times a power of ten, the nearest above within rounding. */
function nice(x: number): number {
  if (x <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(x) + 1e-9);
  const lead = [1, 2, 5, 10].find((m) => m * power >= x * (1 - 1e-9)) ?? 10;
  return Number((lead * power).toPrecision(12));
}

/** The step, 0 to `steps`, nearest to a value. */
export function stepAt(range: SliderRange, value: number): number {
  const { from, to, log, steps } = range;
  const share = to === from ? 0 : log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.round(steps * Math.min(1, Math.max(0, share)));
}

/** The value of a step, with as few digits as the slider can tell apart: what is dragged reads well in links. */
export function valueAt(range: SliderRange, step: number): number {
  const { from, to, log, integer, steps } = range;
  if (step <= 0) return from;
  if (step >= steps) return to;
  if (!log) {
    const unit = (to - from) / steps;
    const digits = Math.max(0, 1 - Math.floor(Math.log10(unit)));
    const value = from + step * unit;
    return integer ? Math.round(value) : Math.min(to, Math.max(from, Number(value.toFixed(Math.min(12, digits)))));
  }
  const value = from * (to / from) ** (step / steps);
  const short = Number(value.toPrecision(2));
  // two digits are enough at 40 steps a decade, except that integers must move
  return Math.min(to, Math.max(from, integer ? Math.max(1, Math.round(short)) : short));
}

/** Numbers as they are typed: no 1e+21, no 0.30000000000000004. */
export function numberText(x: number): string {
  return String(x).replace("e+", "e");
}
