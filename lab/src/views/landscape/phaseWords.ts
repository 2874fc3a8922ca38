/** A landscape in words: what its maxima mean for who reconstructs. */
import type { FixedPoint, Phase } from "../../../../src/core/types.ts";

export interface Told {
  /** easy, hard, impossible; "" where the model names no phase here. */
  readonly phase: string;
  readonly words: string;
  /** Overlap where the algorithm ends from an uninformed start, and of the optimum; null where there is none. */
  readonly algorithm: number | null;
  readonly optimum: number | null;
}

const height = (p: FixedPoint) => (p.freeEntropy === null ? Number.POSITIVE_INFINITY : (p.freeEntropy ?? Number.NEGATIVE_INFINITY));

/** Fixed points that no number on the screen would tell apart are one. */
const SAME = 1e-6;

/** `name`: of the order parameter; `algorithm`: AMP, say. */
export function phaseWords(points: readonly FixedPoint[], phase: Phase, name = "overlap", algorithm = "AMP"): Told {
  const where = (p: FixedPoint) => p.order[name] ?? p.order.q ?? Number.NaN;
  const stable = points.filter((p) => p.stable && Number.isFinite(where(p))).sort((a, b) => where(a) - where(b));
  const told = (words: string, reached: FixedPoint | null, best: FixedPoint | null): Told => ({
    phase: phase ?? "",
    words,
    algorithm: reached && where(reached),
    optimum: best && where(best)
  });
  if (stable.length === 0) return told("No fixed point is stable here.", null, null);
  if (name !== "overlap")
    return told(
      statesInWords(
        stable.map((p) => ({ at: where(p), height: height(p) })),
        name
      ),
      null,
      null
    );
  const reached = stable[0];
  const best = stable.reduce((a, b) => (height(b) > height(a) ? b : a));
  const at = (p: FixedPoint) => `at ${name} ${number(where(p))}`;
  const exact = (p: FixedPoint) => where(p) > 1 - SAME;
  if (stable.length === 1) {
    if (exact(reached)) return told(`One maximum, at exact recovery: ${algorithm} finds it from any start.`, reached, best);
    if (where(reached) < SAME)
      return told(
        `The only maximum is ${at(reached)}: the data tell nothing yet, and no method does better than a random guess.`,
        reached,
        best
      );
    return told(`One maximum, ${at(reached)}: ${algorithm} reaches it from any start, and nothing does better.`, reached, best);
  }
  const trap =
    where(reached) < SAME
      ? `the maximum ${at(reached)} holds ${algorithm}, which learns nothing`
      : `the maximum ${at(reached)} traps ${algorithm}`;
  if (best !== reached && height(best) > height(reached)) {
    const top = exact(best) ? "exact recovery" : `the one ${at(best)}`;
    const by = best.freeEntropy === null ? "infinitely higher" : `higher by ${number(height(best) - height(reached))}`;
    return told(
      `${capital(trap)}; ${top} is ${by}, so the data do determine a better estimate, but no fast algorithm is known that finds it.`,
      reached,
      best
    );
  }
  const others = stable.slice(1);
  const metastable = exact(others[others.length - 1]) ? "exact recovery" : `the one ${at(others[others.length - 1])}`;
  return told(
    `The maximum ${at(reached)} is the highest: ${algorithm} reaches it, and it is the best there is. ${capital(metastable)} is lower: a start near the truth would stay there, but the data do not prefer it.`,
    reached,
    best
  );
}

/** Where there is no truth to find, as in a magnet: which state is equilibrium, and which others hold a local dynamics. */
function statesInWords(states: readonly { readonly at: number; readonly height: number }[], name: string): string {
  const [best, ...lower] = [...states].sort((a, b) => b.height - a.height);
  if (lower.length === 0) return `One maximum, at ${name} ${number(best.at)}: every start ends there.`;
  const named = (all: typeof states) => all.map((s) => number(s.at)).join(" and ");
  if (best.height - lower[0].height < SAME)
    return `Maxima of one height, at ${name} ${named([best, ...lower].sort((a, b) => a.at - b.at))}: the start decides which one is found.`;
  return `The maximum at ${name} ${number(best.at)} is equilibrium. The one at ${named(lower)} is lower by ${number(best.height - lower[0].height)}: a local dynamics that is there stays for a time exponential in the size.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
/** Four digits; near 1 as many as tell it from 1. */
function number(x: number): string {
  if (Math.abs(x) < SAME) return "0";
  if (x < 0) return `−${number(-x)}`;
  if (x > 0.9995 && x < 1)
    return `1 − ${(1 - x)
      .toExponential(1)
      .replace("e-", " × 10⁻")
      .replace(/⁻(\d+)$/, (_, d: string) => `⁻${superscript(d)}`)}`;
  return String(Number(x.toPrecision(3)));
}
function superscript(digits: string): string {
  return [...digits].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)]).join("");
}
