/**
 * The two scalar averages every model is made of: the prior under a Gaussian observation of precision r, and the channel at
 * overlap q (Barbier et al., PNAS 116, 5451 (2019), eqs. 4-6). Matched teacher and student.
 */
import type { Channel, Prior } from "../core/types.ts";

export interface PriorBlock {
  /** E <x>^2 and mmse = rho - q; V is integrated directly and keeps its digits when q -> rho. */
  readonly q: number;
  readonly V: number;
  /** Psi_w(r) = E ln Z(r, b), nats per component; dPsi_w/dr = q/2 (real), q (complex). */
  readonly psi: number;
}

export interface OutputBlock {
  /** J(q) = E |d_omega ln Z_y|^2. */
  readonly J: number;
  /** Psi_out(q) = E ln Z_y, nats per sample. */
  readonly psi: number;
}

/** The prior block at precision r >= 0. `order`: quadrature nodes a panel. */
export function priorBlock(prior: Prior, r: number, order?: number): PriorBlock {
  const field = prior.field(r, r, order);
  const K = field.weight.length;
  const mean = new Float64Array(field.input.length);
  const variance = new Float64Array(K);
  const logZ = new Float64Array(K);
  const a = Float64Array.of(r);
  prior.posterior(a, field.input, mean, variance);
  prior.logPartition(a, field.input, logZ);
  let V = 0;
  let psi = 0;
  for (let k = 0; k < K; k++) {
    V += field.weight[k] * variance[k];
    psi += field.weight[k] * logZ[k];
  }
  return { q: prior.secondMoment - V, V, psi };
}

/** mmse(r) alone. */
export function mmse(prior: Prior, r: number, order?: number): number {
  const field = prior.field(r, r, order);
  const K = field.weight.length;
  const mean = new Float64Array(field.input.length);
  const variance = new Float64Array(K);
  prior.posterior(Float64Array.of(r), field.input, mean, variance);
  let V = 0;
  for (let k = 0; k < K; k++) V += field.weight[k] * variance[k];
  return V;
}

/** J(q, V) on the matched line. */
export function information(channel: Channel, q: number, V: number, order?: number): number {
  if (channel.information) return channel.information(q, V, order);
  const field = channel.field({ q, slope: 1, spread: V }, order);
  const K = field.weight.length;
  const g = new Float64Array(field.input.length);
  const curvature = new Float64Array(K);
  channel.score(Float64Array.of(V), field.input, field.label, g, curvature);
  const stride = g.length / K;
  let J = 0;
  for (let k = 0; k < K; k++) {
    let square = 0;
    for (let c = 0; c < stride; c++) square += g[stride * k + c] * g[stride * k + c];
    if (field.weight[k] > 0) J += field.weight[k] * square;
  }
  return J;
}

/** E Var(z) on the matched line, from posterior variances: for channels so informative that V (1 - V J) has lost its digits. */
export function outputVariance(channel: Channel, q: number, V: number, order?: number): number {
  if (channel.variance) return channel.variance(q, V);
  const field = channel.field({ q, slope: 1, spread: V }, order);
  const K = field.weight.length;
  const mean = new Float64Array(field.input.length);
  const variance = new Float64Array(K);
  channel.posterior(
    Float64Array.of(1 / V),
    field.input.map((omega) => omega / V),
    field.label,
    mean,
    variance
  );
  let v = 0;
  for (let k = 0; k < K; k++) if (field.weight[k] > 0) v += field.weight[k] * variance[k];
  return v;
}

/** Psi_out(q, V) on the matched line. */
export function outputEntropy(channel: Channel, q: number, V: number, order?: number): number {
  if (channel.freeEntropy) return channel.freeEntropy(q, V, order);
  const field = channel.field({ q, slope: 1, spread: V }, order);
  const K = field.weight.length;
  const logZ = new Float64Array(K);
  channel.logPartition(Float64Array.of(V), field.input, field.label, logZ);
  let psi = 0;
  for (let k = 0; k < K; k++) if (field.weight[k] > 0) psi += field.weight[k] * logZ[k];
  return psi;
}

/** 1/2 for real variables, 1 for complex ones: the free entropy is Psi_w + alpha Psi_out - half r q. */
export function halfOf(prior: Prior): number {
  return prior.scalar === "complex" ? 1 : 0.5;
}
