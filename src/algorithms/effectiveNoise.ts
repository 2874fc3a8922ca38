/**
 * The effective noise of GAMP: r = b/A is the truth plus Gaussian noise of variance 1/A where state evolution holds. Its
 * standardised residuals, ready for a QQ-plot, and how normal they are. Without the Onsager term they are not.
 */
import { inverseNormalCdf, normalCdf } from "../numerics/special/index.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Scalar, Vec } from "../core/types.ts";
import type { GampProblem, GampState } from "./gamp.ts";

export interface Normality {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  readonly excessKurtosis: number;
  /** sup |empirical cdf - Phi|: against N(0, 1) itself, not a fitted normal. */
  readonly kolmogorov: number;
  /** Probability of a distance that large from independent N(0, 1) draws (Kolmogorov's asymptotic law). */
  readonly pValue: number;
}

/** Pairs of a QQ-plot: `theory[k]` the normal quantile, `sample[k]` the residual of that rank. */
export interface Quantiles {
  readonly theory: number[];
  readonly sample: number[];
}

/**
 * sqrt(A) (r - x0) = (b - A x0)/sqrt(A), one per real component (complex: both parts, times sqrt 2). Components without
 * information (A = 0) are left out.
 */
export function inputResiduals({ A, b }: Pick<GampState, "A" | "b">, truth: Vec, scalar: Scalar = "real"): Vec {
  if (truth.length !== b.length) throw new ParameterError(`effective noise: truth must have ${b.length} numbers, got ${truth.length}`);
  const width = scalar === "complex" ? 2 : 1;
  const out = new Float64Array(b.length);
  let n = 0;
  for (let i = 0; i < b.length; i++) {
    const a = A.length === 1 ? A[0] : A[Math.floor(i / width)];
    if (a > 0) out[n++] = ((b[i] - a * truth[i]) / Math.sqrt(a)) * Math.sqrt(width);
  }
  return out.slice(0, n);
}

export interface OutputResiduals {
  readonly residuals: Vec;
  /** True when the channel's curvature is the same for all labels, as for Gaussian noise: then the residuals are N(0, 1) if the model is right. */
  readonly gaussian: boolean;
  /** Sum of g^2 over the sum of curvatures: 1 on the Nishimori line, for every channel; 0 when there is no curvature. */
  readonly ratio: number;
}

/**
 * Without the truth: g/sqrt(curvature), which for Gaussian noise is (y - omega)/sqrt(V + noise). For other channels the
 * residuals are scaled to unit predicted variance, but only `ratio` has a law to compare with.
 */
export function outputResiduals({ operator, y, channel }: GampProblem, { omega, V }: Pick<GampState, "omega" | "V">): OutputResiduals {
  const { rows, scalar } = operator;
  const width = scalar === "complex" ? 2 : 1;
  const g = new Float64Array(width * rows);
  const curvature = new Float64Array(rows);
  channel.score(V, omega, y, g, curvature);
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let g2 = 0;
  for (const c of curvature) {
    total += c;
    low = Math.min(low, c);
    high = Math.max(high, c);
  }
  for (const x of g) g2 += x * x;
  const gaussian = V.length === 1 && high > 0 && high - low <= 1e-9 * high;
  const square = (width * rows) / total;
  const scale = total > 0 && square < Number.MAX_VALUE ? Math.sqrt(square) : 0; // a curvature that underflows is none
  const within = (x: number) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, x)); // labels of 1e300 leave the doubles
  return { residuals: g.map((x) => within(x * scale)), gaussian, ratio: total > 0 ? within(g2 / total) : 0 };
}

/** How normal a sample is. Throws ParameterError on fewer than 8 values. */
export function normality(sample: Vec): Normality {
  const n = sample.length;
  if (n < 8) throw new ParameterError(`normality: needs at least 8 values, got ${n}`);
  let mean = 0;
  for (const x of sample) mean += x / n;
  const central = [0, 0, 0];
  for (const x of sample) for (let k = 0; k < 3; k++) central[k] += (x - mean) ** (k + 2) / n;
  const variance = (central[0] * n) / (n - 1);
  const sorted = sample.slice().sort();
  let distance = 0;
  for (let k = 0; k < n; k++) {
    const F = normalCdf(sorted[k]);
    distance = Math.max(distance, F - k / n, (k + 1) / n - F);
  }
  const spread = central[0] > 0;
  return {
    count: n,
    mean,
    variance,
    skewness: spread ? central[1] / central[0] ** 1.5 : 0,
    excessKurtosis: spread ? central[2] / central[0] ** 2 - 3 : 0,
    kolmogorov: distance,
    pValue: kolmogorovTail(distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)))
  };
}

/** At most `points` quantile pairs, evenly spaced in rank, extremes included. */
export function quantiles(sample: Vec, points = 400): Quantiles {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  const count = Math.min(points, n);
  const theory: number[] = [];
  const values: number[] = [];
  for (let j = 0; j < count; j++) {
    const k = count === 1 ? 0 : Math.round((j * (n - 1)) / (count - 1));
    theory.push(inverseNormalCdf((k + 0.5) / n));
    values.push(sorted[k]);
  }
  return { theory, sample: values };
}

/** P(sup |Brownian bridge| > x) = 2 sum_k (-1)^(k-1) exp(-2 k^2 x^2). */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 ? term : -term;
    if (term < 1e-17) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
