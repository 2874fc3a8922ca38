/** The glossary: every letter and word once, and which of them explains a parameter or an observable. */
import { terms } from "./terms/index.ts";
import type { Term } from "./types.ts";

export type { Term } from "./types.ts";
export { terms };

const byId = new Map(terms.map((t) => [t.id, t]));
const byUse = new Map(terms.flatMap((t) => (t.of ?? []).map((use) => [use, t] as const)));

export function termById(id: string): Term | undefined {
  return byId.get(id);
}

/** What explains this parameter or observable of this scenario; undefined where the scenario's own words are all there is. */
export function termOf(scenario: string, name: string): Term | undefined {
  return byUse.get(`${scenario}.${name}`) ?? byUse.get(name);
}
