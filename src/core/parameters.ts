/** Declared parameters: text or numbers in, typed values out, and every refusal one sentence that names the cure. */
import { closest, distance } from "fastest-levenshtein";
import type { Family, Param, Params, Value, Values } from "./types.ts";

/** What the user typed is wrong. Lower case, names the parameter, the allowed range and the value given. */
export class ParameterError extends RangeError {
  override name = "ParameterError";
}

/** " ; did you mean alpha?" or "", for an unknown name. */
export function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const best = closest(name, known as string[]);
  return distance(name, best) <= Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 3)) ? `; did you mean ${best}?` : "";
}

/** Identity at run time; at compile time it pins the literal types of the parameters. */
export function defineFamily<T>() {
  return <const P extends Params>(family: Family<T, P>): Family<T, P> => family;
}

/** Defaults filled in, text coerced, ranges checked. Throws ParameterError. */
export function parse<P extends Params>(
  owner: { readonly id: string; readonly params: P },
  raw: Readonly<Record<string, unknown>> = {}
): Values<P> {
  const known = Object.keys(owner.params);
  for (const key of Object.keys(raw))
    if (!known.includes(key)) {
      const has = ` it has ${known.length ? known.join(", ") : "no parameters"}`;
      throw new ParameterError(`${owner.id}: unknown parameter ${key}${suggestion(key, known) || ";"}${has}`);
    }
  return Object.fromEntries(known.map((key) => [key, parseValue(owner.id, key, owner.params[key], raw[key])])) as Values<P>;
}

/** Validate, then build: `make(gaussBernoulli, { rho: 0.1 })`. */
export function make<T, P extends Params>(family: Family<T, P>, raw: Readonly<Record<string, unknown>> = {}): T {
  return family.build(parse(family, raw));
}

function number(raw: unknown): number {
  return typeof raw === "string" ? (raw.trim() === "" ? Number.NaN : Number(raw)) : typeof raw === "number" ? raw : Number.NaN;
}

function parseValue(id: string, key: string, p: Param, raw: unknown): Value {
  if (raw === undefined) return p.default;
  switch (p.kind) {
    case "choice":
      if (p.options.includes(String(raw))) return String(raw);
      throw new ParameterError(`${id}: ${key} must be one of ${p.options.join(", ")}, got ${raw}${suggestion(String(raw), p.options)}`);
    case "brick":
      if (typeof raw === "string" && (raw !== "" || p.optional)) return raw;
      throw new ParameterError(`${id}: ${key} must be a ${p.registry} such as ${p.default || "gaussian"}, got ${JSON.stringify(raw)}`);
    case "layers":
      if (typeof raw === "string" && raw.trim() !== "") return raw;
      throw new ParameterError(`${id}: ${key} must be layers separated by ; such as ${p.default}, got ${JSON.stringify(raw)}`);
    case "file":
      if (typeof raw === "string") return raw;
      throw new ParameterError(`${id}: ${key} must be the text of a file holding ${p.accepts}, got ${typeof raw}`);
    case "list": {
      const items = Array.isArray(raw)
        ? raw.map(number)
        : String(raw)
            .split(/[/\s]+/)
            .filter((s) => s !== "")
            .map(number);
      if (items.length > 0 && items.every((x) => x >= p.min && x <= p.max)) return items;
      throw new ParameterError(
        `${id}: ${key} must be numbers in [${p.min}, ${p.max}] separated by /, such as ${p.default.join("/")}, got ${raw}`
      );
    }
    default: {
      const x = number(raw);
      if (x >= p.min && x <= p.max && (p.kind !== "integer" || Number.isInteger(x))) return x;
      throw new ParameterError(
        `${id}: ${key} must be ${p.kind === "integer" ? "an integer" : "a number"} in [${p.min}, ${p.max}], got ${raw}`
      );
    }
  }
}
