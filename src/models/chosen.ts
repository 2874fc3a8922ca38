/** A brick of a registry with its parameters chosen: `priors.gaussBernoulli({ rho: 0.1 })`; builders are derived from the registries. */
import { ParameterError, parse } from "../core/parameters.ts";
import type { Family, Params, Value, Values } from "../core/types.ts";
import type { Knob } from "./expression.ts";

export interface Chosen<T> {
  readonly id: string;
  readonly brick: T;
  /** Null for a brick that is not in a registry: it works, but has no knobs and cannot be written as JSON. */
  readonly family: Family<T> | null;
  readonly values: Readonly<Record<string, Value>>;
}

/** Validates, then builds. Throws ParameterError. */
export function choose<T>(family: Family<T>, raw: Readonly<Record<string, unknown>> = {}): Chosen<T> {
  const values: Values<Params> = parse(family, raw);
  return Object.freeze({ id: family.id, brick: family.build(values), family, values });
}

/** A brick of one's own, such as one made from a density. */
export function own<T>(brick: T, id: string): Chosen<T> {
  return Object.freeze({ id, brick, family: null, values: {} });
}

export function changed<T>(chosen: Chosen<T>, values: Readonly<Record<string, number>>): Chosen<T> {
  return chosen.family ? choose(chosen.family, { ...chosen.values, ...values }) : chosen;
}

/** The numbers among its parameters. */
export function knobsOf<T>({ family, values }: Chosen<T>): Record<string, Knob> {
  const knobs: Record<string, Knob> = {};
  for (const [key, p] of Object.entries(family?.params ?? {})) {
    const value = values[key];
    if ((p.kind !== "real" && p.kind !== "integer") || typeof value !== "number") continue;
    const { min, max, symbol, about } = p;
    knobs[key] = {
      value,
      min,
      max,
      symbol,
      about,
      ...(p.kind === "integer" ? { integer: true } : {}),
      ...(p.scale ? { scale: p.scale } : {})
    };
  }
  return knobs;
}

/** The others, as text. */
export function factsOf<T>({ family, values }: Chosen<T>): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [key, p] of Object.entries(family?.params ?? {}))
    if (p.kind !== "real" && p.kind !== "integer") {
      const value = values[key];
      facts[key] = typeof value === "object" ? value.join("/") : String(value);
    }
  return facts;
}

/** `{ brick, params }` of the JSON. Throws ParameterError for a brick of one's own. */
export function jsonOf<T>({ id, family, values }: Chosen<T>): { readonly brick: string; readonly params: Readonly<Record<string, Value>> } {
  if (!family) throw new ParameterError(`${id}: a brick given as an object cannot be written as JSON; use one of the registry`);
  return { brick: id, params: values };
}

/** The parameters of a family, all optional. */
export type Given<F> = F extends { readonly params: infer P extends Params } ? Partial<Values<P>> : never;

/** One typed function for each family of a registry. */
export type Builders<R, B> = { readonly [K in keyof R]: (values?: Given<R[K]>) => B };

/** A registry, as `import * as registry` gives it, turned into builders. */
export function buildersOf<T, R extends object, B>(registry: R, wrap: (chosen: Chosen<T>) => B): Builders<R, B> {
  const entries = Object.entries(registry as Readonly<Record<string, Family<T>>>);
  return Object.freeze(
    Object.fromEntries(
      entries.map(([key, family]) => [key, (values: Readonly<Record<string, unknown>> = {}) => wrap(choose(family, values))])
    )
  ) as Builders<R, B>;
}
