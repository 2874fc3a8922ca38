/** Finding a model by any word of it: title, summary, family, parameters, observables, references. */
import type { Entry } from "../catalogue/types.ts";

/** Without accents and case, Greek letters by their names too: "mezard" finds Mézard, "alpha" finds α. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

const texts = new WeakMap<object, string>();
type Searched = Pick<Entry, "id" | "title" | "summary" | "family" | "params" | "observables" | "references" | "thresholdNames">;

function textOf(entry: Searched): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = folded(
      [
        entry.id,
        entry.title,
        entry.summary,
        entry.family,
        ...Object.entries(entry.params).flatMap(([key, p]) => [key, p.symbol, p.about, p.kind === "choice" ? p.options.join(" ") : ""]),
        ...Object.entries(entry.observables).flatMap(([key, o]) => [key, o.symbol, o.about]),
        ...entry.thresholdNames,
        ...entry.references.flatMap((r) => [r.cite, r.used])
      ].join("\n")
    );
    texts.set(entry, text);
  }
  return text;
}

/** Every word must occur; the order of the models stays. */
export function found<E extends Searched>(entries: readonly E[], search: string): E[] {
  const words = folded(search)
    .split(/\s+/)
    .filter((word) => word !== "");
  return entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
}

/** Large families first, else in the order in which they first occur. */
export function byFamily<E extends Pick<Entry, "family">>(
  entries: readonly E[]
): { readonly family: string; readonly entries: readonly E[] }[] {
  const families = [...new Set(entries.map((e) => e.family))];
  return families
    .map((family) => ({ family, entries: entries.filter((e) => e.family === family) }))
    .sort((a, b) => b.entries.length - a.entries.length);
}
