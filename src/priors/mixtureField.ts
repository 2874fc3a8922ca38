/**
 * The law of b = mHat x0 + sqrt(qHat) xi for x0 a mixture of Gaussians (a point mass is one of variance 0): itself a mixture of
 * Gaussians, with panels where its density varies and where the posterior switches from one component to another.
 */
import type { Field } from "../core/types.ts";
import { bell, blindField, type Chain, march, nodesOn } from "./panels.ts";

export interface Component {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** Log-odds between which logistic(log-odds), of poles at i pi (2k+1), is resolved by 16 nodes. */
const LEVELS = [-38, -20, -9, -2, 2, 9, 20, 38] as const;
/** Between atoms an average can live on sech of half the log-odds alone (mmse of binary = e^{-r/2}), so the tails reach further. */
const ATOMIC_LEVELS = [-72, -40, -20, -9, -2, 2, 9, 20, 40, 72] as const;
/** Components this far (in log) below the largest do not show. */
const SHADOWED = 80;

/**
 * Chains of break points in b for the posterior at precision a: the places where the log-odds of two components,
 * a quadratic in b, pass the levels above.
 */
export function mixtureBreaks(components: readonly Component[], a: number): Chain[] {
  const C = components.length;
  const levels = components.every((c) => c.variance === 0) ? ATOMIC_LEVELS : LEVELS;
  // log-weight of component c at b: two[c] b^2 + one[c] b + zero[c]
  const two = new Float64Array(C);
  const one = new Float64Array(C);
  const zero = new Float64Array(C);
  for (let c = 0; c < C; c++) {
    const { weight, mean, variance } = components[c];
    const gain = 1 / (1 + a * variance);
    two[c] = 0.5 * variance * gain;
    one[c] = mean * gain;
    zero[c] = Math.log(weight) - 0.5 * (a * mean * mean * gain + Math.log1p(a * variance));
  }
  const shown = (b: number, c: number, d: number): boolean => {
    if (C === 2 || !Number.isFinite(b)) return Number.isFinite(b);
    const least = Math.min((two[c] * b + one[c]) * b + zero[c], (two[d] * b + one[d]) * b + zero[d]) + SHADOWED;
    for (let e = 0; e < C; e++) if ((two[e] * b + one[e]) * b + zero[e] > least) return false;
    return true;
  };
  const chains: Chain[] = [];
  for (let c = 0; c < C; c++)
    for (let d = 0; d < c; d++) {
      const x = components[c];
      const y = components[d];
      const p = (0.5 * (x.variance - y.variance)) / ((1 + a * x.variance) * (1 + a * y.variance));
      const q = one[c] - one[d];
      const chain: number[] = [];
      for (const level of levels) {
        const r = zero[c] - zero[d] - level;
        const disc = q * q - 4 * p * r;
        if (!(disc >= 0)) continue;
        const s = -0.5 * (q + (q < 0 ? -1 : 1) * Math.sqrt(disc));
        if (s === 0) continue;
        if (shown(r / s, c, d)) chain.push(r / s);
        if (p !== 0 && shown(s / p, c, d)) chain.push(s / p);
      }
      if (chain.length > 1) chains.push(chain.sort((u, v) => u - v));
    }
  return chains;
}

/** Nodes for the mixture; `others` are chains in b of a student that is not this mixture. */
export function mixtureField(
  components: readonly Component[],
  mHat: number,
  qHat: number,
  order = 16,
  others: readonly Chain[] = []
): Field {
  if (mHat === 0 && qHat === 0) return blindField();
  const C = components.length;
  const centre = new Float64Array(C);
  const rate = new Float64Array(C); // -1 / (2 width^2)
  const height = new Float64Array(C);
  const own: Chain[] = [];
  const atoms: number[] = [];
  for (let c = 0; c < C; c++) {
    const { weight, mean, variance } = components[c];
    const width = Math.sqrt(qHat + mHat * mHat * variance);
    centre[c] = mHat * mean;
    if (width === 0) {
      atoms.push(centre[c], weight);
      continue;
    }
    rate[c] = -0.5 / width / width;
    height[c] = weight / (width * Math.sqrt(2 * Math.PI));
    let seen = false;
    for (let d = 0; d < c && !seen; d++) seen = height[d] > 0 && rate[d] === rate[c] && centre[d] === centre[c];
    if (!seen) own.push(bell(centre[c], width));
  }
  if (C > 1 && mHat !== 0 && qHat > 0) {
    const scale = qHat / mHat; // the posterior at the matched precision sees b mHat / qHat
    const floor = components.every((c) => c.variance === 0) ? -690 : -SHADOWED;
    const least = components.map((c) => floor - Math.log(c.weight));
    const dense = (b: number): boolean => {
      for (let c = 0; c < C; c++) if (rate[c] * (b - centre[c]) * (b - centre[c]) > least[c]) return true;
      return false;
    };
    for (const chain of mixtureBreaks(components, (mHat / qHat) * mHat)) {
      const kept = chain.map((b) => b * scale).filter(dense);
      if (scale < 0) kept.reverse();
      if (kept.length > 1) own.push(kept);
    }
  }
  const field = nodesOn(march(own, others), order, atoms);
  const { input, weight } = field;
  for (let k = 0; k < input.length - atoms.length / 2; k++) {
    let p = 0;
    for (let c = 0; c < C; c++) {
      const u = input[k] - centre[c];
      const e = rate[c] * u * u;
      if (e > -708) p += height[c] * Math.exp(e);
    }
    weight[k] *= p;
  }
  return field;
}
