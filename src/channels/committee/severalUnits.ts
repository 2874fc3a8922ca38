/**
 * y = sign(sum_l sign z_l) for any number of units, through the law of the count of positive ones (signCounts.ts): with f(c) = 1 where
 * the label of c positive units is y,
 *   d_i Z = N(0; omega_i, V_ii) E[f(c+1) - f(c) | z_i = 0],   d_i d_j Z = N(0, 0; ...) E[f(c+2) - 2 f(c+1) + f(c) | z_i = z_j = 0],
 *   d_i^2 Z = -(omega_i d_i Z + sum_j V_ij d_i d_j Z)/V_ii,   c counting the other units.
 */
import type { Vec } from "../../core/types.ts";
import { normalPdf } from "../../numerics/special/index.ts";
import { type SignCounts, signCounts } from "./signCounts.ts";

/** Below this mass Z is all error: V is inflated, and what large deviations say is used, ln Z(V) = c ln Z(c V) to leading order. */
const LEAST_MASS = 1e-13;
const LEAST = 1e-300;

export interface Several {
  logPartition(omega: Vec, V: Vec, y: number): number;
  score(omega: Vec, V: Vec, y: number, g: Vec, curvature: Vec): number;
  /** P(c units are positive), c = 0 .. K. */
  counts: SignCounts;
}

/** Owns its buffers: no call allocates but the quadrature of three and more dependent units. */
export function makeSeveral(K: number): Several {
  const counts = signCounts(K);
  const countsBut1 = signCounts(K - 1);
  const countsBut2 = signCounts(Math.max(0, K - 2));
  const all = new Float64Array(K + 1);
  const but1 = new Float64Array(K);
  const but2 = new Float64Array(Math.max(1, K - 1));
  const omega1 = new Float64Array(K - 1);
  const V1 = new Float64Array((K - 1) ** 2);
  const omega2 = new Float64Array(Math.max(0, K - 2));
  const V2 = new Float64Array(Math.max(0, K - 2) ** 2);
  const U = new Float64Array(K * K);
  const first = new Float64Array(K);
  const second = new Float64Array(K * K);
  const is = (c: number, y: number) => (Math.sign(2 * c - K) === y ? 1 : 0);

  /** Law of all but unit i of n, given that it is zero. */
  function condition(n: number, i: number, omega: Vec, V: Vec, omegaOut: Vec, VOut: Vec): void {
    const inverse = 1 / V[i * n + i];
    for (let a = 0, p = 0; a < n; a++) {
      if (a === i) continue;
      const slope = V[a * n + i] * inverse;
      omegaOut[p] = omega[a] - slope * omega[i];
      for (let b = 0, q = 0; b < n; b++) {
        if (b === i) continue;
        const v = V[a * n + b] - slope * V[b * n + i];
        VOut[p * (n - 1) + q] = a === b ? Math.max(v, 1e-14 * V[a * n + a], LEAST) : v;
        q++;
      }
      p++;
    }
  }

  /** U = V, its diagonal made positive, times the least power of 4 that gives y some mass; returns it. `all` holds the counts. */
  function inflate(omega: Vec, V: Vec, y: number): number {
    let factor = 1;
    for (;;) {
      for (let i = 0; i < K * K; i++) U[i] = factor * V[i];
      for (let l = 0; l < K; l++) U[l * K + l] = factor * Math.max(V[l * K + l], LEAST);
      counts(omega, U, all);
      if (mass(y) >= LEAST_MASS || !(factor < 1e290)) return factor;
      factor *= 4;
    }
  }
  function mass(y: number): number {
    let sum = 0;
    for (let c = 0; c <= K; c++) sum += is(c, y) * all[c];
    return Math.min(1, sum);
  }

  return {
    counts,
    logPartition(omega, V, y) {
      const factor = inflate(omega, V, y);
      return factor * Math.log(Math.max(mass(y), Number.MIN_VALUE));
    },
    score(omega, V, y, g, curvature) {
      const factor = inflate(omega, V, y);
      const Z = Math.max(mass(y), Number.MIN_VALUE);
      second.fill(0);
      for (let i = 0; i < K; i++) {
        const root = Math.sqrt(U[i * K + i]);
        const density = normalPdf(omega[i] / root) / root;
        condition(K, i, omega, U, omega1, V1);
        countsBut1(omega1, V1, but1);
        let sum = 0;
        for (let c = 0; c < K; c++) sum += but1[c] * (is(c + 1, y) - is(c, y));
        first[i] = density * sum;
        for (let j = i + 1; j < K; j++) {
          const place = j - 1; // of unit j without unit i
          const v = Math.sqrt(V1[place * (K - 1) + place]);
          const joint = (density * normalPdf(omega1[place] / v)) / v;
          condition(K - 1, place, omega1, V1, omega2, V2);
          countsBut2(omega2, V2, but2);
          let bend = 0;
          for (let c = 0; c < K - 1; c++) bend += but2[c] * (is(c + 2, y) - 2 * is(c + 1, y) + is(c, y));
          second[i * K + j] = second[j * K + i] = joint * bend;
        }
      }
      for (let i = 0; i < K; i++) {
        let sum = omega[i] * first[i];
        for (let j = 0; j < K; j++) if (j !== i) sum += U[i * K + j] * second[i * K + j];
        second[i * K + i] = -sum / U[i * K + i];
      }
      for (let i = 0; i < K; i++) g[i] = (factor * first[i]) / Z;
      for (let i = 0; i < K; i++)
        for (let j = 0; j < K; j++) curvature[i * K + j] = factor * ((first[i] / Z) * (first[j] / Z) - second[i * K + j] / Z);
      return factor * Math.log(Z);
    }
  };
}
