/** What a QQ-plot of the effective noise shows, in words and numbers. */
import type { Normality } from "../../../../src/algorithms/effectiveNoise.ts";

export interface NoiseWords {
  /** Of this sample: whether it is what the theory assumes. */
  readonly gaussian: "yes" | "doubtful" | "no";
  readonly verdict: string;
  /** What is off, where something is. */
  readonly why: string;
}

/** Below the first, draws from N(0, 1) would hardly ever lie so far off; below the second, rarely. */
const RARE = 1e-3;
const UNUSUAL = 0.02;

/** `residuals` in units of their predicted standard deviation. */
export function noiseWords(n: Normality): NoiseWords {
  const gaussian = n.pValue < RARE ? "no" : n.pValue < UNUSUAL ? "doubtful" : "yes";
  const chance = n.pValue < 1e-4 ? "less than once in 10 000 times" : `with probability ${round(n.pValue)}`;
  const draws = `${n.count} independent draws from N(0, 1) would be this far or further ${chance}.`;
  const verdict = {
    yes: `Gaussian, with the variance that the theory predicts: ${draws}`,
    doubtful: `On the edge of what Gaussian noise of the predicted variance does: ${draws}`,
    no: `Not the Gaussian noise that the theory assumes: ${draws}`
  }[gaussian];
  return { gaussian, verdict, why: gaussian === "yes" ? "" : reasons(n) };
}

function reasons({ count, mean, variance, skewness, excessKurtosis }: Normality): string {
  const found: string[] = [];
  const spread = Math.sqrt(variance);
  if (spread > 1.1) found.push(`its standard deviation is ${round(spread)} times the predicted one (overconfidence)`);
  if (spread < 0.9) found.push(`its standard deviation is only ${round(spread)} of the predicted one`);
  if (Math.abs(mean) > 4 / Math.sqrt(count) && Math.abs(mean) > 0.1) found.push(`its mean is ${round(mean)} instead of 0`);
  if (Math.abs(skewness) > 0.5) found.push(`it leans to one side (skewness ${round(skewness)})`);
  if (excessKurtosis > 0.7) found.push(`its tails are heavier than Gaussian (excess kurtosis ${round(excessKurtosis)})`);
  if (excessKurtosis < -0.5) found.push(`its tails are lighter than Gaussian (excess kurtosis ${round(excessKurtosis)})`);
  if (found.length === 0) return "";
  const text = found.length > 1 ? `${found.slice(0, -1).join(", ")} and ${found[found.length - 1]}` : found[0];
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function round(x: number): string {
  return String(Number(x.toPrecision(2))).replace("-", "−");
}
