/**
 * Bethe free entropy of an instance (Krzakala, Manoel, Tramel and Zdeborova 2014; Yedidia-type, two-moment form).
 *
 * Phi = sum_i [ ln Z_i(A_i, b_i) - b_i m_i + A_i (m_i^2 + v_i)/2 ] + sum_mu [ ln Z_mu(omega_mu, V_mu) + (omega_mu - (A m)_mu)^2/(2 V_mu) ],
 * V = |A|^2 v. Its derivatives in b, A, omega, m, v are the five GAMP equations, so it is stationary at every fixed point:
 * d_b: m = f_a(A, b); d_A: v = f_v; d_omega: omega = A m - V g; d_m: b = A m + A^H g; d_v: A = |A|^2T curvature, because
 * d_V ln Z = (g^2 - curvature)/2 (heat equation). Complex: the halves become ones and products take real parts.
 */
import type { Vec } from "../core/types.ts";
import type { GampProblem, GampState } from "./gamp.ts";

/** The part of a state the free entropy depends on. */
export type BetheState = Pick<GampState, "mean" | "variance" | "omega" | "A" | "b">;

/**
 * Nats per instance (divide by cols for the free entropy per component); an estimate of ln P(y), exact as cols grows for
 * i.i.d. matrices. Needs one product with the matrix. Null where it is infinite or undefined: an exactly known estimate
 * (V = 0), or a MAP prior, which has no evidence.
 */
export function bethe({ operator, y, prior, channel }: GampProblem, { mean, variance, omega, A, b }: BetheState): number | null {
  if (prior.rule === "map") return null;
  const { rows, cols } = operator;
  const width = operator.scalar === "complex" ? 2 : 1;
  const half = width === 2 ? 1 : 0.5;
  const V = new Float64Array(variance.length === 1 ? 1 : rows);
  if (variance.length === 1) V[0] = (operator.frobenius2 / rows) * variance[0];
  else operator.applySquared?.(variance, V);
  const z = new Float64Array(width * rows);
  operator.apply(mean, z);
  const logs = new Float64Array(Math.max(rows, cols));
  const input = logs.subarray(0, cols);
  prior.logPartition(A, b, input);
  let sum = 0;
  for (let i = 0; i < cols; i++) {
    const a = A.length === 1 ? A[0] : A[i];
    const v = variance.length === 1 ? variance[0] : variance[i];
    sum += input[i] - (width === 2 ? 2 * dot2(b, mean, i) : b[i] * mean[i]) + half * a * (power(mean, i, width) + v);
  }
  const output = logs.subarray(0, rows);
  channel.logPartition(V, omega, y, output);
  for (let mu = 0; mu < rows; mu++) {
    const v = V.length === 1 ? V[0] : V[mu];
    let d2 = 0;
    for (let k = width * mu; k < width * (mu + 1); k++) d2 += (omega[k] - z[k]) ** 2;
    sum += output[mu] + (d2 > 0 ? (half * d2) / v : 0);
  }
  return Number.isFinite(sum) ? sum : null;
}

function power(x: Vec, i: number, width: number): number {
  return width === 1 ? x[i] * x[i] : x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1];
}
function dot2(x: Vec, z: Vec, i: number): number {
  return x[2 * i] * z[2 * i] + x[2 * i + 1] * z[2 * i + 1];
}
