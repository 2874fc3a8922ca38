/**
 * What one step of SGD does on average: for fields h = (students, teachers) ~ N(0, C) and the error Delta = sum_a s_a g(h_a)
 * (s = -v for students, v* for teachers), the brackets <g'_i h_y Delta>, <g'_i g'_k Delta^2>, <g'_i g'_k>, <g_i Delta> and
 * <Delta^2>, summed in loops over preallocated arrays. The integrals one by one are in gaussianIntegrals.ts.
 */
import type { Vec } from "../../core/types.ts";
import { productAverage, type SgdActivation, safeAsin, slopeAverage } from "./gaussianIntegrals.ts";
import { reluSquares } from "./reluSquares.ts";

/** Brackets at the last `update`. K students, L = K + M fields, students first; all row-major. */
export interface ErrorAverages {
  /** K x L: <g'(h_i) h_y Delta>. */
  readonly drift: Vec;
  /** K x K: <g'(h_i) g'(h_k) Delta^2>, label noise left out. */
  readonly square: Vec;
  /** K x K: <g'(h_i) g'(h_k)>. */
  readonly slopes: Vec;
  /** K: <g(h_i) Delta>. */
  readonly output: Vec;
  /** Fills the above from the covariance `C` (L x L) and the signed second layers `s` (L). */
  update(C: Vec, s: Vec): void;
}

const TWO_OVER_PI = 2 / Math.PI;

/** <Delta^2> = sum_ab s_a s_b <g_a g_b>, twice the generalisation error; 0 where rounding makes it negative. */
export function meanSquaredError(g: SgdActivation, C: Vec, s: Vec): number {
  const L = s.length;
  let sum = 0;
  for (let a = 0; a < L; a++) {
    for (let b = 0; b < a; b++) sum += 2 * s[a] * s[b] * productAverage(g, C[a * L + a], C[a * L + b], C[b * L + b]);
    sum += s[a] * s[a] * productAverage(g, C[a * L + a], C[a * L + a], C[a * L + a]);
  }
  return Math.max(0, sum);
}

/** The averages for an activation, K students and M teachers. */
export function errorAverages(g: SgdActivation, K: number, M: number): ErrorAverages {
  const L = K + M;
  const drift = new Float64Array(K * L);
  const square = new Float64Array(K * K);
  const slopes = new Float64Array(K * K);
  const output = new Float64Array(K);
  const squares = { erf: erfSquares, linear: linearSquares, square: squareSquares, relu: reluSquares }[g](K, L);
  const drifts = { erf: erfDrift, linear: linearDrift, square: squareDrift, relu: reluDrift }[g];
  return {
    drift,
    square,
    slopes,
    output,
    update(C, s) {
      drifts(C, s, drift, K, L);
      squares(C, s, square);
      for (let i = 0; i < K; i++) {
        for (let k = 0; k <= i; k++) slopes[i * K + k] = slopes[k * K + i] = slopeAverage(g, C[i * L + i], C[i * L + k], C[k * L + k]);
        let sum = 0;
        for (let a = 0; a < L; a++) sum += s[a] * productAverage(g, C[i * L + i], C[i * L + a], C[a * L + a]);
        output[i] = sum;
      }
    }
  };
}

function erfDrift(C: Vec, s: Vec, drift: Vec, K: number, L: number): void {
  for (let i = 0; i < K; i++) {
    const row = i * L;
    const d = 1 + C[row + i];
    for (let y = 0; y < L; y++) drift[row + y] = 0;
    for (let a = 0; a < L; a++) {
      const c = C[row + a];
      const f = (TWO_OVER_PI * s[a]) / Math.sqrt(d * (1 + C[a * L + a]) - c * c);
      for (let y = 0; y < L; y++) drift[row + y] += f * (C[a * L + y] - (C[row + y] * c) / d);
    }
  }
}

function linearDrift(C: Vec, s: Vec, drift: Vec, K: number, L: number): void {
  for (let y = 0; y < L; y++) {
    let sum = 0;
    for (let a = 0; a < L; a++) sum += s[a] * C[a * L + y];
    for (let i = 0; i < K; i++) drift[i * L + y] = sum;
  }
}

function squareDrift(C: Vec, s: Vec, drift: Vec, K: number, L: number): void {
  let trace = 0;
  for (let a = 0; a < L; a++) trace += s[a] * C[a * L + a];
  for (let i = 0; i < K; i++)
    for (let y = 0; y < L; y++) {
      let sum = 0;
      for (let a = 0; a < L; a++) sum += s[a] * C[i * L + a] * C[a * L + y];
      drift[i * L + y] = 2 * (C[i * L + y] * trace + 2 * sum);
    }
}

function reluDrift(C: Vec, s: Vec, drift: Vec, K: number, L: number): void {
  const inv2pi = 0.5 / Math.PI;
  for (let i = 0; i < K; i++) {
    const row = i * L;
    const xx = C[row + i];
    for (let y = 0; y < L; y++) drift[row + y] = 0;
    if (!(xx > 0)) continue; // a unit at zero has slope zero: it stays
    let shared = 0; // coefficient of C_iy
    for (let a = 0; a < L; a++) {
      const aa = C[a * L + a];
      if (!(aa > 0)) continue;
      const r = Math.max(-1, Math.min(1, C[row + a] / Math.sqrt(xx * aa)));
      shared += s[a] * inv2pi * Math.sqrt((aa / xx) * (1 - r) * (1 + r));
      const both = s[a] * (0.25 + inv2pi * Math.asin(r));
      for (let y = 0; y < L; y++) drift[row + y] += both * C[a * L + y];
    }
    for (let y = 0; y < L; y++) drift[row + y] += shared * C[row + y];
  }
}

type Squares = (C: Vec, s: Vec, square: Vec) => void;

/** The two slopes tilt the Gaussian law: <g'_i g'_k Delta^2> is <g'_i g'_k> times the mean square of Delta under a smaller covariance. */
function erfSquares(K: number, L: number): Squares {
  const scale = new Float64Array(L); // 1/sqrt(1 + tilted variance)
  const ofI = new Float64Array(L);
  const ofK = new Float64Array(L);
  return (C, s, square) => {
    for (let i = 0; i < K; i++) {
      for (let a = 0; a < L; a++) ofI[a] = C[i * L + a];
      const di = 1 + ofI[i];
      for (let k = 0; k <= i; k++) {
        for (let a = 0; a < L; a++) ofK[a] = C[k * L + a];
        const dk = 1 + ofK[k];
        const c = ofI[k];
        const det = di * dk - c * c;
        let sum = 0;
        for (let a = 0; a < L; a++) {
          const row = a * L;
          const left = (dk * ofI[a] - c * ofK[a]) / det;
          const right = (di * ofK[a] - c * ofI[a]) / det;
          const variance = C[row + a] - left * ofI[a] - right * ofK[a];
          const unit = 1 / Math.sqrt(1 + variance);
          scale[a] = unit;
          let below = 0;
          for (let b = 0; b < a; b++) below += s[b] * safeAsin((C[row + b] - left * ofI[b] - right * ofK[b]) * unit * scale[b]);
          sum += s[a] * (2 * below + s[a] * safeAsin(variance * unit * unit));
        }
        square[i * K + k] = square[k * K + i] = (TWO_OVER_PI * TWO_OVER_PI * Math.max(0, sum)) / Math.sqrt(det);
      }
    }
  };
}

function linearSquares(K: number, L: number): Squares {
  return (C, s, square) => {
    let sum = 0;
    for (let a = 0; a < L; a++) for (let b = 0; b < L; b++) sum += s[a] * s[b] * C[a * L + b];
    square.fill(sum, 0, K * K);
  };
}

/** With S = diag(s), X = C S: 4 <h_i h_k (h^T S h)^2> = 4 [C_ik ((tr X)^2 + 2 tr X^2) + 4 tr X (X C)_ik + 8 (X^2 C)_ik]. */
function squareSquares(K: number, L: number): Squares {
  const once = new Float64Array(L * L);
  return (C, s, square) => {
    let trace = 0;
    let trace2 = 0;
    for (let a = 0; a < L; a++) {
      trace += s[a] * C[a * L + a];
      for (let b = 0; b < L; b++) {
        trace2 += s[a] * s[b] * C[a * L + b] * C[a * L + b];
        let sum = 0;
        for (let e = 0; e < L; e++) sum += C[a * L + e] * s[e] * C[e * L + b];
        once[a * L + b] = sum;
      }
    }
    for (let i = 0; i < K; i++)
      for (let k = 0; k <= i; k++) {
        let twice = 0;
        for (let e = 0; e < L; e++) twice += once[i * L + e] * s[e] * C[e * L + k];
        square[i * K + k] = square[k * K + i] = 4 * (C[i * L + k] * (trace * trace + 2 * trace2) + 4 * trace * once[i * L + k] + 8 * twice);
      }
  };
}
