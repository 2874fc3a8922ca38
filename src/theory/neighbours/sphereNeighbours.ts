/**
 * Neighbours of n points drawn uniformly on the sphere S^d, where every point sees the same: with C(theta) the share of the sphere within
 * an angle theta, the k-th of the n - 1 others is an order statistic of C. All expectations are one-dimensional integrals, exact at every n.
 */
import { composite, gaussLegendre } from "../../numerics/quadrature.ts";
import { brentRoot } from "../../numerics/roots.ts";

export interface SphereNeighbours {
  /** 1/E ln(r_2/r_1). */
  readonly twoNN: number;
  /** ln(high/low) / ln(r(high/n)/r(low/n)), C(r(c)) = c. */
  readonly correlation: number;
  /** ln 2 / ln(E r_1 (n/2) / E r_1 (n)). */
  readonly nearestNeighbour: number;
}

const { nodes: X, weights: W } = gaussLegendre(64);

/** int_0^theta sin^(d-1). */
function cap(d: number, theta: number): number {
  if (d === 1) return theta;
  let s = 0;
  for (let k = 0; k < X.length; k++) s += W[k] * Math.sin((theta * (1 + X[k])) / 2) ** (d - 1);
  return (s * theta) / 2;
}

/** C(theta), the share of S^d within the angle theta of a point. */
export function capShare(d: number, theta: number): number {
  const whole = 2 * cap(d, Math.PI / 2);
  return theta <= Math.PI / 2 ? cap(d, theta) / whole : 1 - cap(d, Math.PI - theta) / whole;
}

/** The angle within which a share c of the sphere lies. */
function angleOf(d: number, c: number): number {
  return brentRoot((t) => capShare(d, t) - c, 0, Math.PI, { tolerance: 1e-15 }).x;
}

/** Panels a quarter of the typical distance wide, as far as any of `n` others is still likely to be further away. */
function panels(d: number, n: number): number[] {
  const step = angleOf(d, 1 / n) / 4;
  const breaks = [0];
  for (let t = step; t < Math.PI; t += step) {
    breaks.push(t);
    if (n * capShare(d, t) > 45) return breaks;
  }
  breaks.push(Math.PI);
  return breaks;
}

/** E r_1 among n points: int (1 - C)^(n-1) dr, r = 2 sin(theta/2) the chord. */
function meanNearest(d: number, n: number): number {
  const { nodes, weights } = composite(panels(d, n), 8);
  let s = 0;
  for (let k = 0; k < nodes.length; k++) s += weights[k] * Math.exp((n - 1) * Math.log1p(-capShare(d, nodes[k]))) * Math.cos(nodes[k] / 2);
  return s;
}

/** E ln(r_2/r_1): int P(exactly one of the others is within r) d ln r. */
function meanLogRatio(d: number, n: number): number {
  const { nodes, weights } = composite(panels(d, n), 8);
  let s = 0;
  for (let k = 0; k < nodes.length; k++) {
    const C = capShare(d, nodes[k]);
    s += (weights[k] * (n - 1) * C * Math.exp((n - 2) * Math.log1p(-C))) / (2 * Math.tan(nodes[k] / 2));
  }
  return s;
}

/** `n` even and at least 64 points on S^d, d >= 1; `window`: the pair fractions times n of the correlation integral. */
export function sphereNeighbours(d: number, n: number, window: readonly [number, number]): SphereNeighbours {
  const radius = (c: number) => Math.log(2 * Math.sin(angleOf(d, c / n) / 2));
  return {
    twoNN: 1 / meanLogRatio(d, n),
    correlation: Math.log(window[1] / window[0]) / (radius(window[1]) - radius(window[0])),
    nearestNeighbour: Math.LN2 / Math.log(meanNearest(d, n / 2) / meanNearest(d, n))
  };
}
