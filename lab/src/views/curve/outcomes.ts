/** What did not end well, in few words: runs and points of the theory with the same advice are told once, with where they are. */
import type { Comparison } from "../../../../src/experiments/compare.ts";
import { plain } from "../../figures/number.ts";
import { OUTCOMES } from "../../shell/outcomes.ts";

export interface Group {
  readonly outcome: string;
  /** How many runs, or points of the theory. */
  readonly count: number;
  readonly advice: string;
  /** "α = 0.8 (seeds 1, 3); α = 0.9 (seed 2)". */
  readonly places: string;
}

/** Advice that differs by its numbers only (the iteration, a residual) is one. */
const NUMBER = /[-+]?\d[\d.]*(?:e[-+]?\d+)?/gi;
const kindOf = (sentence: string) => sentence.replace(NUMBER, "#");
/** Sentences of one kind as one, with the range of each number in which they differ: "still moving by 2.1e-8 to 1.3e-2 a sweep". */
function together(sentences: readonly string[]): string {
  const numbers = sentences.map((s) => s.match(NUMBER) ?? []);
  let k = 0;
  return sentences[0].replace(NUMBER, () => {
    const at = k++;
    const sorted = numbers.map((n) => n[at]).sort((a, b) => Number(a) - Number(b));
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    return Number(least) === Number(most) ? least : `${least} to ${most}`;
  });
}
/** How many values of the axis are named; the rest is counted. */
const NAMED = 6;

export interface Ended {
  readonly x: number;
  readonly seed: number;
  readonly outcome: string;
  readonly advice: string;
  readonly good: boolean;
}

/** Groups in the order they are first met, the largest first. */
export function groupedRuns(runs: readonly Ended[], symbol: string): Group[] {
  const groups = new Map<string, Ended[]>();
  for (const r of runs) {
    if (r.good) continue;
    const key = `${r.outcome} ${kindOf(r.advice)}`;
    groups.set(key, [...(groups.get(key) ?? []), r]);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((members) => ({
      outcome: (OUTCOMES as Readonly<Record<string, { readonly words: string }>>)[members[0].outcome]?.words ?? "not computed",
      count: members.length,
      advice: together(members.map((m) => m.advice)),
      places: placesOf(members, symbol)
    }));
}

function placesOf(members: readonly Ended[], symbol: string): string {
  const at = new Map<number, number[]>();
  for (const m of members) at.set(m.x, [...(at.get(m.x) ?? []), m.seed]);
  const all = [...at].sort(([a], [b]) => a - b);
  const told = all.slice(0, NAMED).map(([x, seeds]) => {
    const sorted = seeds.sort((a, b) => a - b).join(", ");
    return `${symbol} = ${plain(x)} (${seeds.length > 1 ? "seeds" : "seed"} ${sorted})`;
  });
  const rest = all.length - NAMED;
  return told.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/** Points that could not be computed, by their sentence. */
export function groupedTheory(c: Pick<Comparison, "theory" | "along">): Group[] {
  const groups = new Map<string, { sentence: string; xs: number[] }>();
  for (const p of c.theory) {
    if (!p.error) continue;
    const group = groups.get(kindOf(p.error)) ?? { sentence: p.error, xs: [] };
    group.xs.push(p.x);
    groups.set(kindOf(p.error), group);
  }
  const { symbol } = c.along;
  return [...groups.values()].map(({ sentence, xs }) => ({
    outcome: "no theory",
    count: xs.length,
    advice: sentence,
    places: xs.length === 1 ? `${symbol} = ${plain(xs[0])}` : `${symbol} from ${plain(Math.min(...xs))} to ${plain(Math.max(...xs))}`
  }));
}
