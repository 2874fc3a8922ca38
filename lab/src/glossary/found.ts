/** Terms that a search finds: by name, letter, definition, or the name in code. */
import { terms } from "./terms/index.ts";
import type { Term } from "./types.ts";

const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  "α alpha β beta γ gamma δ delta Δ delta ε varepsilon η eta κ kappa λ lambda ρ rho σ sigma Σ sigma φ varphi Φ phi ω omega Ω omega ℓ ell"
    .split(" ")
    .reduce<[string, string][]>((pairs, x, k, all) => (k % 2 === 0 ? pairs.concat([[x, all[k + 1]]]) : pairs), [])
);
const plain = (text: string) => text.replace(/[^\x20-\x7e]/g, (c) => GREEK[c] ?? c).toLowerCase();

/** 0 for no match; letters and names before definitions. */
function rank(term: Term, words: readonly string[], whole: string): number {
  const letters = plain(term.tex ?? "").replace(/\\/g, "");
  const names = `${plain(term.name)} ${term.id} ${(term.of ?? []).map((use) => plain(use)).join(" ")}`;
  const all = `${letters} ${names} ${plain(term.definition)} ${plain(term.within ?? "")}`;
  if (!words.every((w) => all.includes(w))) return 0;
  if (letters === whole || term.id === whole || plain(term.name) === whole) return 3;
  return words.every((w) => names.includes(w) || letters.includes(w)) ? 2 : 1;
}

/** Best first; all of them, in their order, for an empty search. */
export function found(text: string): readonly Term[] {
  const whole = plain(text.trim());
  const words = whole.split(/\s+/).filter((w) => w !== "");
  if (words.length === 0) return terms;
  return terms
    .map((term) => ({ term, rank: rank(term, words, whole) }))
    .filter((r) => r.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map((r) => r.term);
}
