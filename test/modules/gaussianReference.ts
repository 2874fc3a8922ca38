/**
 * Gaussian models by brute force: every variable's real parts stacked, one precision matrix, Gauss-Jordan elimination. A complex
 * component z = u + iv under exp(-a |z|^2 + 2 Re(b^* z)) is two real ones of precision 2a and field 2b.
 */
import type { Message, Module, Rng, Scalar, Vec } from "../../src/core/types.ts";

export interface Reference {
  readonly mean: Vec;
  readonly covariance: Vec;
  readonly logPartition: number;
}

/** ln int exp(-x^T P x/2 + h.x) dx and its moments; P is n x n, row-major. */
export function gaussian(P: Vec, h: Vec): Reference {
  const n = h.length;
  const M = Float64Array.from(P);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  let logDeterminant = 0;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k; i < n; i++) if (Math.abs(M[i * n + k]) > Math.abs(M[best * n + k])) best = i;
    for (const A of [M, inverse])
      for (let j = 0; j < n; j++) {
        const t = A[k * n + j];
        A[k * n + j] = A[best * n + j];
        A[best * n + j] = t;
      }
    const pivot = M[k * n + k];
    logDeterminant += Math.log(Math.abs(pivot));
    for (const A of [M, inverse]) for (let j = 0; j < n; j++) A[k * n + j] /= pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const f = M[i * n + k];
      for (const A of [M, inverse]) for (let j = 0; j < n; j++) A[i * n + j] -= f * A[k * n + j];
    }
  }
  const mean = new Float64Array(n);
  let square = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) mean[i] += inverse[i * n + j] * h[j];
    square += mean[i] * h[i];
  }
  return { mean, covariance: inverse, logPartition: (n / 2) * Math.log(2 * Math.PI) - logDeterminant / 2 + square / 2 };
}

/**
 * A module that is x_p = L_p u + c_p for independent real coordinates u with precision Q (0: free), each port's map given row by
 * row: the moments at one port under all messages, and the log-partition (`constant`: that of the normalised noise).
 */
export function byBruteForce(
  module: Module,
  maps: readonly { readonly L: readonly (readonly number[])[]; readonly c?: Vec }[],
  Q: readonly number[],
  messages: readonly Message[],
  port: number,
  constant = 0
): { readonly mean: Vec; readonly variances: Vec; readonly v: number; readonly logPartition: number } {
  const n = Q.length;
  const ports = [...module.inputs, ...module.outputs];
  const P = new Float64Array(n * n);
  const h = new Float64Array(n);
  for (let i = 0; i < n; i++) P[i * n + i] = Q[i];
  let shift = constant;
  maps.forEach(({ L, c }, p) => {
    const factor = ports[p].scalar === "complex" ? 2 : 1;
    const a = factor * messages[p].a;
    L.forEach((row, r) => {
      const offset = c ? c[r] : 0;
      const b = factor * messages[p].b[r];
      shift += -0.5 * a * offset * offset + b * offset;
      for (let i = 0; i < n; i++) {
        if (row[i] === 0) continue;
        h[i] += row[i] * (b - a * offset);
        for (let j = 0; j < n; j++) P[i * n + j] += a * row[i] * row[j];
      }
    });
  });
  const found = gaussian(P, h);
  const { L, c } = maps[port];
  const w = ports[port].scalar === "complex" ? 2 : 1;
  const mean = new Float64Array(L.length);
  const variances = new Float64Array(L.length / w);
  L.forEach((row, r) => {
    mean[r] = c ? c[r] : 0;
    for (let i = 0; i < n; i++) {
      mean[r] += row[i] * found.mean[i];
      for (let j = 0; j < n; j++) variances[Math.floor(r / w)] += row[i] * found.covariance[i * n + j] * row[j];
    }
  });
  const v = variances.reduce((s, x) => s + x, 0) / variances.length;
  return { mean, variances, v, logPartition: found.logPartition + shift };
}

/** Random messages with the given precisions. */
export function randomMessages(module: Module, a: readonly number[], rng: Rng): Message[] {
  return [...module.inputs, ...module.outputs].map((port, p) => {
    const b = new Float64Array(port.size * (port.scalar === "complex" ? 2 : 1));
    rng.fork(`b${p}`).fillNormal(b);
    return { a: a[p], b };
  });
}

export function realsOf(scalar: Scalar): 1 | 2 {
  return scalar === "complex" ? 2 : 1;
}
