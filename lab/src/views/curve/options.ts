/** What the address says about a curve beside the model: read leniently, written only where it differs from what is drawn anyway. */
import type { Entry } from "../../catalogue/types.ts";

export type Options = Readonly<Record<string, string>>;
/** `auto` leaves it to the figure. */
export type Switch = "auto" | "on" | "off";

export interface CurveOptions {
  /** Time, or a parameter. */
  readonly against: "time" | "parameter";
  readonly observable: string;
  readonly logY: Switch;
  readonly logTime: Switch;
  readonly yMin: number | undefined;
  readonly yMax: number | undefined;
}

/** A dynamics that is shown on a logarithmic axis of time has its trajectory as its main figure; everything else its end. */
export function defaultAgainst(entry: Pick<Entry, "time">): "time" | "parameter" {
  return entry.time?.log ? "time" : "parameter";
}

const switchOf = (text: string | undefined): Switch => (text === "on" || text === "off" ? text : "auto");
const numberOf = (text: string | undefined) =>
  text === undefined || text.trim() === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);

export function curveOptions(options: Options, entry: Pick<Entry, "time" | "observables">): CurveOptions {
  const names = Object.keys(entry.observables);
  const { against, observable } = options;
  return {
    against: against === "time" && entry.time ? "time" : against === "parameter" || options.along ? "parameter" : defaultAgainst(entry),
    observable: observable !== undefined && names.includes(observable) ? observable : names[0],
    logY: switchOf(options.logy),
    logTime: switchOf(options.xlog),
    yMin: numberOf(options.ymin),
    yMax: numberOf(options.ymax)
  };
}

/** The options with some changed; "" and undefined take one away. */
export function withOptions(options: Options, patch: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...options, ...patch }).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "")
  );
}

export const asBoolean = (s: Switch): boolean | undefined => (s === "auto" ? undefined : s === "on");
