/**
 * Message passing for a sign-sign committee of many units, y = sign(sum_l sign z_l), whose output is taken for a Gaussian as K -> infinity
 * allows (Aubin et al. 2018, section on large K): given estimates omega_l, the sum S_K = sum_l sign(z_l)/sqrt K has mean and variance
 *   M = sum_l m_l/sqrt K,   S^2 = (1/K) [sum_l (1 - m_l^2) + sum_{l != k} m_l' m_k' V_lk],   Z_y = Phi(y M/S),
 * with m_l = erf(omega_l/sqrt(2 V_ll)), m_l' = dm_l/domega_l, pair correlations to first order in V_lk = O(1/K). S^2 >= 0 (by Schwarz
 * and m'^2 V_ll <= 1 - m^2). For odd K the sum keeps off zero by 1/sqrt K, so that a uniform number from [-1/sqrt K, 1/sqrt K] may be added to
 * it without changing its sign: what is taken for Gaussian is this smoothed sum, of variance S^2 + 1/(3K) (Sheppard's correction). It
 * keeps the student from being surer than a sum of few uncertain signs allows.
 *
 * The SUM of the units on every input is known to the student. With n = O(K p) samples it is learned to O(1/K) anyway, and O(1/K) is what
 * separates K units from infinitely many; given beforehand, the finite committee differs from the limit only by the non-Gaussian shape of
 * a sum of K signs and by K - 1 directions in place of K. Only differences between the units remain to be learned: covariances are
 * v (1 - 11^T/K), precisions r (1 - 11^T/K), r = sum_mu |P g_mu|^2/(p (K - 1)).
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import { erf, hazard } from "../../numerics/special/index.ts";

/** X is n x p, row-major, entries of variance 1/p; row i of weights sums to sums[i]. Arrays over units have the unit fastest. */
export interface LargeCommitteeProblem {
  readonly X: Vec;
  readonly y: Vec;
  readonly units: number;
  readonly sums: Vec;
  readonly prior: "gaussian" | "binary";
}

/** ONE object whose arrays are overwritten each sweep. */
export interface LargeCommitteeState {
  readonly t: number;
  /** p x K, every row summing to sums[i]. */
  readonly mean: Vec;
  /** Posterior variance per unknown direction. */
  readonly v: number;
}

/** C = X A for X n x p and A p x K or, `adjoint`, C = X^T A for A n x K. Four units at a time, so that an entry of X read once serves four sums. */
export function multiplyUnits(X: Vec, A: Vec, C: Vec, n: number, p: number, K: number, adjoint: boolean): void {
  C.fill(0);
  for (let l = 0; l < K; l += 4) {
    const left = Math.min(4, K - l);
    if (adjoint) scatter(X, A, C, n, p, K, l, left);
    else gather(X, A, C, n, p, K, l, left);
  }
}

function gather(X: Vec, A: Vec, C: Vec, n: number, p: number, K: number, l: number, left: number): void {
  for (let mu = 0; mu < n; mu++) {
    const row = mu * p;
    const to = mu * K + l;
    if (left === 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0, k = l; i < p; i++, k += K) {
        const x = X[row + i];
        a += x * A[k];
        b += x * A[k + 1];
        c += x * A[k + 2];
        d += x * A[k + 3];
      }
      C[to] = a;
      C[to + 1] = b;
      C[to + 2] = c;
      C[to + 3] = d;
    } else
      for (let u = 0; u < left; u++) {
        let a = 0;
        for (let i = 0, k = l + u; i < p; i++, k += K) a += X[row + i] * A[k];
        C[to + u] = a;
      }
  }
}

function scatter(X: Vec, A: Vec, C: Vec, n: number, p: number, K: number, l: number, left: number): void {
  for (let mu = 0; mu < n; mu++) {
    const row = mu * p;
    const from = mu * K + l;
    if (left === 4) {
      const [a, b, c, d] = [A[from], A[from + 1], A[from + 2], A[from + 3]];
      for (let i = 0, k = l; i < p; i++, k += K) {
        const x = X[row + i];
        C[k] += x * a;
        C[k + 1] += x * b;
        C[k + 2] += x * c;
        C[k + 3] += x * d;
      }
    } else
      for (let u = 0; u < left; u++) {
        const a = A[from + u];
        for (let i = 0, k = l + u; i < p; i++, k += K) C[k] += X[row + i] * a;
      }
  }
}

/** What a sample tells: the projected score P grad ln Phi(y M/S). */
export class GaussianSum {
  /** y M/S of the last sample: ln Z_y = ln Phi of it. */
  argument = 0;
  private readonly m: Vec;
  private readonly slope: Vec;
  private readonly K: number;
  constructor(K: number) {
    this.K = K;
    this.m = new Float64Array(K);
    this.slope = new Float64Array(K);
  }
  /** Writes P g of the sample whose estimates start at omega[from] and returns |P g|^2. */
  score(omega: Vec, from: number, v: number, y: number, g: Vec): number {
    const { K, m, slope } = this;
    const V = v * (1 - 1 / K);
    const scale = 1 / Math.sqrt(2 * V);
    const peak = Math.sqrt(2 / (Math.PI * V));
    let M = 0;
    let rest = 0;
    let sum = 0;
    let squares = 0;
    for (let l = 0; l < K; l++) {
      const u = omega[from + l] * scale;
      m[l] = erf(u);
      slope[l] = peak * Math.exp(-u * u);
      M += m[l];
      rest += 1 - m[l] * m[l];
      sum += slope[l];
      squares += slope[l] * slope[l];
    }
    const S2 = (Math.max(0, rest - (v / K) * (sum * sum - squares)) + 1 / 3) / K;
    const S = Math.sqrt(S2);
    M /= Math.sqrt(K);
    const x = (y * M) / S;
    this.argument = x;
    const h = y * hazard(x);
    let mean = 0;
    for (let l = 0; l < K; l++) {
      const bend = (-omega[from + l] / V) * slope[l];
      const dS2 = (-2 * m[l] * slope[l] - 2 * (v / K) * bend * (sum - slope[l])) / K;
      g[from + l] = h * (slope[l] / (Math.sqrt(K) * S) - (M * dS2) / (2 * S2 * S));
      mean += g[from + l] / K;
    }
    let total = 0;
    for (let l = 0; l < K; l++) {
      g[from + l] -= mean;
      total += g[from + l] * g[from + l];
    }
    return total;
  }
}

/** Rows of +-1 of known sum, tilted by exp(b.w): their means, by the law of the number of +1 among the units before and after each. */
export class KnownSumRows {
  private readonly before: Vec;
  private readonly after: Vec;
  private readonly up: Vec;
  private readonly sorted: Vec;
  private readonly K: number;
  constructor(K: number) {
    this.K = K;
    this.before = new Float64Array((K + 1) * (K + 1));
    this.after = new Float64Array((K + 1) * (K + 1));
    this.up = new Float64Array(K);
    this.sorted = new Float64Array(K);
  }
  /** Means of row `from`; returns sum_l (1 - mean^2). */
  posterior(b: Vec, from: number, sum: number, mean: Vec): number {
    const { K, before, after, up, sorted } = this;
    const count = Math.round((K + sum) / 2);
    if (count === 0 || count === K) {
      mean.fill(count === 0 ? -1 : 1, from, from + K);
      return 0;
    }
    // a common shift changes nothing: the one that makes the right number of units likelier up than down keeps P(count) >= 2^-K
    for (let l = 0; l < K; l++) sorted[l] = b[from + l];
    sorted.sort();
    const shift = 0.5 * (sorted[K - count - 1] + sorted[K - count]);
    for (let l = 0; l < K; l++) up[l] = 1 / (1 + Math.exp(-2 * (b[from + l] - shift)));
    const width = K + 1;
    before.fill(0);
    after.fill(0);
    before[0] = 1;
    after[K * width] = 1;
    for (let l = 0; l < K; l++)
      for (let j = 0; j <= l + 1; j++)
        before[(l + 1) * width + j] = (1 - up[l]) * before[l * width + j] + (j > 0 ? up[l] * before[l * width + j - 1] : 0);
    for (let l = K - 1; l >= 0; l--)
      for (let j = 0; j <= K - l; j++)
        after[l * width + j] = (1 - up[l]) * after[(l + 1) * width + j] + (j > 0 ? up[l] * after[(l + 1) * width + j - 1] : 0);
    const whole = before[K * width + count];
    let variance = 0;
    for (let l = 0; l < K; l++) {
      let one = 0;
      for (let j = 0; j < count; j++) one += before[l * width + j] * after[(l + 1) * width + count - 1 - j];
      const chance = Math.min(1, (up[l] * one) / whole);
      mean[from + l] = 2 * chance - 1;
      variance += 4 * chance * (1 - chance);
    }
    return variance;
  }
}

export interface LargeCommitteeOptions {
  readonly iterations?: number;
  /** On the change of the estimate relative to the second moment, root mean square. Default 3e-4: a finite system fluctuates more than that. */
  readonly tolerance?: number;
  /** The start: a mean (p x K, rows of the right sum) and the variance of a direction. */
  readonly start: { readonly mean: Vec; readonly v: number };
}

/** Frame t = 0 is the start. */
export function* largeCommitteeAmp(
  { X, y, units: K, sums, prior }: LargeCommitteeProblem,
  { iterations = 100, tolerance = 3e-4, start }: LargeCommitteeOptions
): Generator<LargeCommitteeState, Outcome> {
  const p = sums.length;
  const n = y.length;
  const state = { t: 0, mean: start.mean.slice(), v: start.v };
  const omega = new Float64Array(n * K);
  const g = new Float64Array(n * K);
  const b = new Float64Array(p * K);
  const sample = new GaussianSum(K);
  const rows = new KnownSumRows(K);
  yield state;
  let residual = 1;
  for (let t = 1; t <= iterations; t++) {
    multiplyUnits(X, state.mean, omega, n, p, K, false);
    let r = 0;
    for (let k = 0; k < omega.length; k++) omega[k] -= state.v * g[k]; // Onsager term; g is projected, and P g the score of V = v P
    for (let mu = 0; mu < n; mu++) r += sample.score(omega, mu * K, state.v, y[mu], g);
    r /= p * (K - 1);
    multiplyUnits(X, g, b, n, p, K, true);
    let change = 0;
    let size = 0;
    let variance = 0;
    for (let i = 0; i < p; i++) {
      const from = i * K;
      const centre = sums[i] / K;
      let shift = 0;
      for (let l = 0; l < K; l++) {
        b[from + l] += r * (state.mean[from + l] - centre);
        shift += b[from + l] / K;
      }
      if (prior === "gaussian") {
        for (let l = 0; l < K; l++) b[from + l] = centre + (b[from + l] - shift) / (1 + r);
        variance += (K - 1) / (1 + r);
      } else variance += rows.posterior(b, from, sums[i], b);
      for (let l = 0; l < K; l++) {
        const next = b[from + l];
        change += (next - state.mean[from + l]) ** 2;
        size += (next - centre) ** 2;
        state.mean[from + l] = next;
      }
    }
    state.v = variance / (p * (K - 1));
    state.t = t;
    if (!Number.isFinite(size) || !Number.isFinite(state.v))
      return outcome("diverged", Number.MAX_VALUE, t, { advice: "the estimate left the range of numbers: start closer to the truth" });
    yield state;
    residual = Math.sqrt(change / (size + variance));
    // with far less than one wrong sign expected the weights are known; another sweep would find no pull left in the data
    if (prior === "binary" && state.v * p * K < 1e-3) return outcome("exact-recovery", residual, t);
    if (residual < tolerance) return outcome("converged", residual, t);
  }
  return outcome("horizon", residual, iterations, { advice: `not converged after ${iterations} iterations: raise iterations` });
}
