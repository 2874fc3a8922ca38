/** What to believe of a solution, in words: whether the error bars fit the data, and whether they may be trusted at all. */
import type { Normality } from "../algorithms/effectiveNoise.ts";
import type { Finding } from "../algorithms/preflight.ts";
import type { Outcome } from "../core/types.ts";

export type ErrorBars =
  | { readonly verdict: "reliable" }
  /** Written all the same; `reason` is one sentence. */
  | { readonly verdict: "unreliable"; readonly reason: string };

/** What helps a matrix outside AMP's theory today. */
export const BEYOND_AMP =
  "AMP's theory does not cover this matrix, so the error bars written are not to be trusted; what helps today: more damping (--damping 0.9), and whitening or decorrelating the measurements (remove dependent rows or columns); a later release has VAMP, which is made for such matrices";

/** Ratio of a variance to its prediction from which the misfit is worth a sentence, if it is significant. */
const FACTOR = 1.5;
const SIGNIFICANT = 1e-3;

/** Findings that no cure of this release removes. */
export function beyondAmp(findings: readonly Finding[]): boolean {
  return findings.some((f) => f.name === "rank" || (f.name === "spectrum" && f.severity === "critical"));
}

/** Raising iterations or centring is no advice for a matrix that AMP does not cover. */
export function withAdvice(ended: Outcome, findings: readonly Finding[]): Outcome {
  if (ended.kind === "converged" || ended.kind === "exact-recovery" || !beyondAmp(findings)) return ended;
  return { ...ended, advice: "the singular values or the rank of the matrix are the likely cause, see the notes" };
}

/** `applied`: the cures made, which answer the findings other than rank and spectrum. */
export function errorBars(ended: Outcome, findings: readonly Finding[], applied: readonly string[], misfit: string | null): ErrorBars {
  const because = (reason: string): ErrorBars => ({ verdict: "unreliable", reason });
  if (ended.kind !== "converged" && ended.kind !== "exact-recovery")
    return because(`the run ended as ${ended.kind}, and error bars have a meaning at a fixed point only`);
  if (beyondAmp(findings)) return because(BEYOND_AMP);
  const critical = findings.find((f) => f.severity === "critical");
  if (critical && applied.length === 0) return because(critical.sentence);
  return misfit === null ? { verdict: "reliable" } : because(misfit);
}

/**
 * The effective noise against its prediction: the mean square of residuals that should be N(0, 1) (chi-square, by the
 * Wilson-Hilferty normal score, and Kolmogorov's p-value), or `ratio` for other channels, whose law is not known and whose
 * spread is taken from the sample. Null where they agree, or where the signal is recovered exactly and residuals are rounding.
 */
export function misfit(
  ended: Outcome,
  noise: {
    readonly from: "truth" | "outputs";
    readonly kind: "gaussian" | "scores";
    readonly ratio: number;
    readonly normality: Normality | null;
  } | null
): string | null {
  if (ended.kind === "exact-recovery" || !noise?.normality) return null;
  const { count, mean, variance, pValue, excessKurtosis } = noise.normality;
  const square = noise.kind === "gaussian" ? variance + mean * mean : noise.ratio;
  if (!(square > 0) || (square < FACTOR && square > 1 / FACTOR)) return null;
  const score =
    noise.kind === "gaussian"
      ? chiSquareScore(square, count)
      : (square - 1) / (square * Math.sqrt((2 + Math.max(0, excessKurtosis)) / count));
  // two-sided: |score| > 3.29 has probability 1e-3
  if (Math.abs(score) < 3.29 || (noise.kind === "gaussian" && pValue > SIGNIFICANT)) return null;
  const times = Math.sqrt(square > 1 ? square : 1 / square).toPrecision(2);
  return `the error bars are about ${times} times too ${square > 1 ? "narrow" : "wide"}: the effective noise has ${square.toPrecision(3)} times its predicted variance, so the noise or the prior is wrong; try --learn noise (or rho)`;
}

/** Wilson and Hilferty 1931: ((chi^2/n)^(1/3) - (1 - 2/(9 n)))/sqrt(2/(9 n)) is nearly N(0, 1). */
function chiSquareScore(perCount: number, n: number): number {
  return (Math.cbrt(perCount) - (1 - 2 / (9 * n))) / Math.sqrt(2 / (9 * n));
}
