/** What the view reads from its setting: options by their own names, and the Onsager switch, which is a parameter. */
import type { Setting } from "../../address/address.ts";
import type { Entry } from "../../catalogue/types.ts";
import { type Speed, speedOf } from "./transport.ts";

export interface Choices {
  readonly observable: string;
  readonly speed: Speed;
  /** Null: as the figure thinks best. */
  readonly logX: boolean | null;
  readonly logY: boolean | null;
  /** The same instance with the other setting of the Onsager term, beside it. */
  readonly compare: boolean;
  /** The quantile plot of the effective noise, where the algorithm has one. */
  readonly quantiles: boolean;
}

const three = (text: string | undefined): boolean | null => (text === "on" ? true : text === "off" ? false : null);

export function readOptions(entry: Pick<Entry, "observables">, options: Setting["options"]): Choices {
  const names = Object.keys(entry.observables);
  const first = names.includes("mse") ? "mse" : names[0];
  return {
    observable: options.observable !== undefined && names.includes(options.observable) ? options.observable : first,
    speed: speedOf(options.speed),
    logX: three(options.logx),
    logY: three(options.logy),
    compare: options.compare === "onsager",
    quantiles: options.qq !== "off"
  };
}

/** The options with one set, or taken out. */
export function withOption(options: Setting["options"], name: string, value: string | null): Setting["options"] {
  const { [name]: _, ...rest } = options;
  return value === null ? rest : { ...rest, [name]: value };
}

/** The parameters with one set; a default is not written. */
export function withParam(
  entry: Pick<Entry, "params">,
  params: Setting["params"],
  name: string,
  value: string | number
): Setting["params"] {
  const { [name]: _, ...rest } = params;
  return String(entry.params[name]?.default) === String(value) ? rest : { ...rest, [name]: value };
}

/** How the Onsager term stands; null in a model without the choice. */
export function switchOf(entry: Pick<Entry, "params">, params: Setting["params"]): "on" | "off" | null {
  const p = entry.params.onsager;
  if (p?.kind !== "choice") return null;
  return String(params.onsager ?? p.default) === "off" ? "off" : "on";
}
