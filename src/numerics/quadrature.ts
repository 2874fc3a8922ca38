/**
 * Quadrature with error estimates: composite Gauss-Legendre on graded panels, the wide trapezoid, Gauss-Hermite.
 * The workhorse is `gradedBreaks`: panels that shrink geometrically toward every declared feature, so an integrand with
 * scales 1 and 1e-8 side by side costs a few hundred nodes (theory.md, section 1: Gauss-Hermite is a poor default).
 */
import type { Vec } from "../core/types.ts";

export interface Rule {
  readonly nodes: Vec;
  readonly weights: Vec;
}

const legendre = new Map<number, Rule>();

/** n-point Gauss-Legendre on (-1, 1), by Newton on the three-term recurrence; cached. */
export function gaussLegendre(n: number): Rule {
  const cached = legendre.get(n);
  if (cached) return cached;
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let it = 0; it < 100; it++) {
      let p0 = 1;
      let p1 = x;
      for (let k = 2; k <= n; k++) [p0, p1] = [p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k];
      slope = (n * (x * p1 - p0)) / (x * x - 1);
      const step = p1 / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - x * x) * slope * slope);
  }
  if (n % 2) nodes[n >> 1] = 0;
  const rule = { nodes, weights };
  legendre.set(n, rule);
  return rule;
}

/** A place where an integrand changes: around `centre`, on the length `width`. */
export interface Feature {
  readonly centre: number;
  readonly width: number;
}

const NEAR = [0, 0.75, 1.5, 2.25, 3, 4, 5, 6.5, 8] as const;

/**
 * Sorted break points of [from, to], graded toward every feature: multiples of its width up to 8, then doubling.
 * Breaks closer than a 1e-3 part of the smallest width around are merged.
 */
export function gradedBreaks(from: number, to: number, features: readonly Feature[]): number[] {
  const points: number[] = [];
  let least = to - from;
  const put = (x: number) => {
    if (x > from && x < to) points.push(x);
  };
  for (const { centre, width } of features) {
    if (!(width > 0) || !Number.isFinite(centre)) continue;
    least = Math.min(least, width);
    for (const k of NEAR) {
      put(centre + k * width);
      put(centre - k * width);
    }
    const reach = Math.max(Math.abs(to - centre), Math.abs(centre - from));
    for (let d = 12 * width; d < reach; d *= 1.6) {
      put(centre + d);
      put(centre - d);
    }
  }
  points.sort((x, y) => x - y);
  const merge = 1e-3 * least;
  const breaks = [from];
  for (const x of points) if (x - breaks[breaks.length - 1] > merge) breaks.push(x);
  if (to - breaks[breaks.length - 1] > merge) breaks.push(to);
  else breaks[breaks.length - 1] = to;
  return breaks;
}

/** Composite Gauss-Legendre, `order` nodes on each panel between consecutive breaks. */
export function composite(breaks: ArrayLike<number>, order = 16): Rule {
  const { nodes: x, weights: w } = gaussLegendre(order);
  const panels = breaks.length - 1;
  const nodes = new Float64Array(panels * order);
  const weights = new Float64Array(panels * order);
  for (let p = 0, k = 0; p < panels; p++) {
    const half = (breaks[p + 1] - breaks[p]) / 2;
    const mid = (breaks[p + 1] + breaks[p]) / 2;
    for (let i = 0; i < order; i++, k++) {
      nodes[k] = mid + half * x[i];
      weights[k] = half * w[i];
    }
  }
  return { nodes, weights };
}

/**
 * The standard Gaussian measure with extra features: nodes t, weights include phi(t), summing to 1 within 1e-15.
 * The window is [-9, 9], widened (to at most 38) to hold every feature, so exponentially small tails keep relative accuracy.
 */
export function gaussianMeasure(features: readonly Feature[] = [], order = 16): Rule {
  let reach = 9;
  for (const { centre, width } of features) if (Math.abs(centre) < 37) reach = Math.max(reach, Math.min(38, Math.abs(centre) + 8 * width));
  const rule = composite(gradedBreaks(-reach, reach, [{ centre: 0, width: 1.5 }, ...features]), order);
  for (let k = 0; k < rule.nodes.length; k++) rule.weights[k] *= Math.exp(-0.5 * rule.nodes[k] * rule.nodes[k]) / Math.sqrt(2 * Math.PI);
  return rule;
}
