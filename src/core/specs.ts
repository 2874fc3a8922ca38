/** Brick specs: `gauss-bernoulli:rho=0.1,variance=2` is a family and its parameters in one word. */
import { ParameterError, parse, suggestion } from "./parameters.ts";
import type { Family, Value } from "./types.ts";

export interface Spec {
  readonly id: string;
  readonly raw: Readonly<Record<string, string>>;
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds families of every parameter set
export type Registry<T> = Readonly<Record<string, Family<T, any>>>;

/** Splits a spec; kebab-case keys become camelCase. Throws ParameterError on a malformed one. */
export function readSpec(text: string, kind = "brick"): Spec {
  const colon = text.indexOf(":");
  const id = (colon < 0 ? text : text.slice(0, colon)).trim();
  const raw: Record<string, string> = {};
  if (colon >= 0)
    for (const pair of text.slice(colon + 1).split(",")) {
      const at = pair.indexOf("=");
      if (at <= 0)
        throw new ParameterError(
          `${kind} ${text}: expected name=value after the colon, such as ${id}:name=0.1, got ${JSON.stringify(pair)}`
        );
      raw[camel(pair.slice(0, at).trim())] = pair.slice(at + 1).trim();
    }
  return { id, raw };
}

/** The family a spec names. Throws ParameterError with a suggestion when there is none. */
export function familyOf<T>(registry: Registry<T>, id: string, kind = "brick"): Family<T> {
  const families = Object.values(registry);
  const found = families.find((f) => f.id === id);
  if (found) return found as Family<T>;
  const ids = families.map((f) => f.id);
  throw new ParameterError(
    `unknown ${kind} ${JSON.stringify(id)}${suggestion(id, ids) || ";"} there are ${ids.join(", ")} (a new one is one file: see CONTRIBUTING.md)`
  );
}

/** Parses and builds; a spec string or an already split one. */
export function makeFromSpec<T>(registry: Registry<T>, text: string, kind = "brick"): T {
  const { id, raw } = readSpec(text, kind);
  const family = familyOf(registry, id, kind);
  return family.build(parse(family, raw));
}

/** The spec with every parameter written out, for manifests and keys. */
export function canonicalSpec<T>(registry: Registry<T>, text: string, kind = "brick"): string {
  const { id, raw } = readSpec(text, kind);
  const values = parse(familyOf(registry, id, kind), raw) as Record<string, Value>;
  const pairs = Object.entries(values).map(([k, v]) => `${k}=${typeof v === "object" ? v.join("/") : v}`);
  return pairs.length ? `${id}:${pairs.join(",")}` : id;
}

export function camel(kebab: string): string {
  return kebab.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
