/**
 * Are local fields jointly Gaussian? Moments to the fourth order and Kolmogorov's distance, of each field and of random
 * projections of all of them, with the errors that `count` independent samples have where the answer is yes. Gaussian equivalence (Goldt et
 * al. 2022) says so for fields w.x/sqrt N of weights that are not special to the inputs.
 */
import { ParameterError } from "../../../core/parameters.ts";
import type { Rng, Vec } from "../../../core/types.ts";
import { cholesky } from "../../../linalg/index.ts";
import { normalCdf } from "../../../numerics/special/index.ts";

/** Of one direction in the space of fields, standardised: 0 +- its error for a Gaussian. */
export interface DirectionTest {
  /** Coefficients of the fields, length n. */
  readonly direction: readonly number[];
  readonly mean: number;
  readonly variance: number;
  readonly skewness: number;
  /** E z^4/(E z^2)^2 - 3. */
  readonly excessKurtosis: number;
  /** sup |F_count - Phi| after standardising by the covariance given, or by the sample's own. */
  readonly distance: number;
  /** Probability of a larger distance under Gaussian fields (Kolmogorov's law; conservative where mean and variance are the sample's). */
  readonly pValue: number;
}

export interface EquivalenceReport {
  /** Standard errors of Gaussian samples: sqrt(1/n), sqrt(2/n), sqrt(6/n), sqrt(24/n) of the standardised moments. */
  readonly errors: { readonly mean: number; readonly variance: number; readonly skewness: number; readonly excessKurtosis: number };
  /** The fields themselves, in order. */
  readonly fields: readonly DirectionTest[];
  /** Random directions, uniform in the coordinates that whiten the fields. */
  readonly projections: readonly DirectionTest[];
  /** Largest |mean, variance - 1, skewness, excess kurtosis| over its error, of all directions. */
  readonly largestScore: number;
  /** Least p of all directions times their number, at most 1 (Bonferroni). */
  readonly pValue: number;
}

export interface EquivalenceOptions {
  /** What the fields' covariance should be, n x n row-major, mean 0; the sample's mean and covariance where absent. */
  readonly covariance?: Vec;
  /** Random projections, 16 by default. */
  readonly projections?: number;
}

const FEWEST = 100;

/** Fields of `count` samples, count x n row-major: `rows` x N inputs times weights K x N over sqrt N, then further columns `nu` (count x M). */
export function localFields(x: Vec, W: Vec, N: number, nu?: Vec): { readonly fields: Vec; readonly n: number } {
  const count = x.length / N;
  const K = W.length / N;
  const M = nu ? nu.length / count : 0;
  if (![count, K, M].every(Number.isInteger))
    throw new ParameterError(
      `local fields: inputs, weights and nu must have whole rows of N = ${N}, got ${x.length}, ${W.length} and ${nu?.length ?? 0} numbers`
    );
  const n = K + M;
  const fields = new Float64Array(count * n);
  const root = 1 / Math.sqrt(N);
  for (let s = 0; s < count; s++) {
    for (let k = 0; k < K; k++) {
      let dot = 0;
      for (let i = 0; i < N; i++) dot += W[k * N + i] * x[s * N + i];
      fields[s * n + k] = dot * root;
    }
    for (let m = 0; m < M; m++) fields[s * n + K + m] = (nu as Vec)[s * M + m];
  }
  return { fields, n };
}

/** Tests the fields (count x n, row-major). Throws ParameterError on fewer than 100 samples or fields that do not vary. */
export function gaussianEquivalence(fields: Vec, n: number, rng: Rng, options: EquivalenceOptions = {}): EquivalenceReport {
  const count = fields.length / n;
  if (!Number.isInteger(count) || count < FEWEST)
    throw new ParameterError(`gaussian equivalence: fields must be at least ${FEWEST} whole rows of ${n}, got ${fields.length} numbers`);
  const { projections = 16 } = options;
  if (!Number.isInteger(projections) || projections < 0)
    throw new ParameterError(`gaussian equivalence: projections must be an integer >= 0, got ${projections}`);
  const { mean, covariance } = options.covariance
    ? { mean: new Float64Array(n), covariance: options.covariance }
    : sampleMoments(fields, count, n);
  const factor = cholesky({ rows: n, cols: n, data: covariance });
  if (!factor)
    throw new ParameterError(
      "gaussian equivalence: the covariance of the fields must be positive definite; leave out fields that repeat others"
    );

  const test = (direction: Vec): DirectionTest => {
    let variance = 0;
    let centre = 0;
    for (let a = 0; a < n; a++) {
      centre += direction[a] * mean[a];
      for (let b = 0; b < n; b++) variance += direction[a] * covariance[a * n + b] * direction[b];
    }
    const z = new Float64Array(count);
    const scale = 1 / Math.sqrt(variance);
    for (let s = 0; s < count; s++) {
      let sum = -centre;
      for (let a = 0; a < n; a++) sum += direction[a] * fields[s * n + a];
      z[s] = sum * scale;
    }
    return { direction: Array.from(direction), ...standardised(z) };
  };

  const each = Array.from({ length: n }, (_, a) => test(Float64Array.from({ length: n }, (_, b) => (a === b ? 1 : 0))));
  const random = Array.from({ length: projections }, () => test(whitened(factor.L, n, rng)));
  const errors = {
    mean: Math.sqrt(1 / count),
    variance: Math.sqrt(2 / count),
    skewness: Math.sqrt(6 / count),
    excessKurtosis: Math.sqrt(24 / count)
  };
  const all = [...each, ...random];
  const score = (d: DirectionTest) =>
    Math.max(
      Math.abs(d.mean) / errors.mean,
      Math.abs(d.variance - 1) / errors.variance,
      Math.abs(d.skewness) / errors.skewness,
      Math.abs(d.excessKurtosis) / errors.excessKurtosis
    );
  return {
    errors,
    fields: each,
    projections: random,
    largestScore: Math.max(...all.map(score)),
    pValue: Math.min(1, Math.min(...all.map((d) => d.pValue)) * all.length)
  };
}

function sampleMoments(fields: Vec, count: number, n: number): { readonly mean: Vec; readonly covariance: Vec } {
  const mean = new Float64Array(n);
  const covariance = new Float64Array(n * n);
  for (let s = 0; s < count; s++) for (let a = 0; a < n; a++) mean[a] += fields[s * n + a] / count;
  for (let s = 0; s < count; s++)
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) covariance[a * n + b] += ((fields[s * n + a] - mean[a]) * (fields[s * n + b] - mean[b])) / count;
  return { mean, covariance };
}

/** A direction d = L^-T u, u uniform on the sphere: d.field has unit variance and no direction of the whitened fields is preferred. */
function whitened(L: Vec, n: number, rng: Rng): Vec {
  const u = new Float64Array(n);
  rng.fillNormal(u);
  for (let a = n - 1; a >= 0; a--) {
    for (let b = a + 1; b < n; b++) u[a] -= L[b * n + a] * u[b];
    u[a] /= L[a * n + a];
  }
  return u;
}

function standardised(z: Vec): Omit<DirectionTest, "direction"> {
  const count = z.length;
  let mean = 0;
  for (let s = 0; s < count; s++) mean += z[s] / count;
  let [m2, m3, m4] = [0, 0, 0];
  for (let s = 0; s < count; s++) {
    const d = z[s] - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
  }
  m2 /= count;
  z.sort();
  let distance = 0;
  for (let s = 0; s < count; s++) {
    const F = normalCdf(z[s]);
    distance = Math.max(distance, F - s / count, (s + 1) / count - F);
  }
  return {
    mean,
    variance: m2,
    skewness: m3 / count / m2 ** 1.5,
    excessKurtosis: m4 / count / (m2 * m2) - 3,
    distance,
    pValue: kolmogorovTail(distance, count)
  };
}

/** P(distance > d) for `count` samples: 2 sum_j (-1)^(j-1) exp(-2 j^2 t^2), t = d (sqrt n + 0.12 + 0.11/sqrt n) (Stephens 1970). */
export function kolmogorovTail(d: number, count: number): number {
  const root = Math.sqrt(count);
  const t = d * (root + 0.12 + 0.11 / root);
  // below t = 0.3 the probability is 1 - 1e-5 and the alternating sum slow
  if (t < 0.3) return 1;
  let sum = 0;
  for (let j = 1; j < 100; j++) {
    const term = Math.exp(-2 * j * j * t * t);
    sum += j % 2 ? term : -term;
    if (term < 1e-17) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}
