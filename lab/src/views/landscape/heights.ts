/** Geometry of landscapes: between two that are known, and the heights that a figure of many of them has to show. */
import type { FixedPoint, Landscape } from "../../../../src/core/types.ts";

/** A landscape at one value of the parameter that is dragged, with its fixed points. */
export interface Known {
  readonly landscape: Landscape;
  readonly fixedPoints: readonly FixedPoint[];
}

/** Of a curve given at increasing abscissae; null outside of them. */
function valueAt(l: Landscape, x: number): number | null {
  const last = l.x.length - 1;
  if (last < 0 || x < l.x[0] || x > l.x[last]) return null;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (l.x[mid] <= x) low = mid;
    else high = mid;
  }
  const width = l.x[high] - l.x[low];
  return width > 0 ? l.freeEntropy[low] + ((x - l.x[low]) / width) * (l.freeEntropy[high] - l.freeEntropy[low]) : l.freeEntropy[low];
}

/** A landscape `share` of the way from one to the other: exact where it is linear in the parameter, as in alpha with independent entries. */
export function between(a: Landscape, b: Landscape, share: number): Landscape {
  if (share <= 0) return a;
  if (share >= 1) return b;
  const x: number[] = [];
  const freeEntropy: number[] = [];
  const same = a.x.length === b.x.length && a.x[0] === b.x[0] && a.x[a.x.length - 1] === b.x[b.x.length - 1];
  a.x.forEach((v, k) => {
    const other = same && b.x[k] === v ? b.freeEntropy[k] : valueAt(b, v);
    if (other === null) return;
    x.push(v);
    freeEntropy.push((1 - share) * a.freeEntropy[k] + share * other);
  });
  return { order: a.order, x, freeEntropy };
}

/** Fixed points between two that are known, put on the curve that is drawn: near enough until the exact ones come. */
export function pointsBetween(a: Known, b: Known, share: number, curve: Landscape): FixedPoint[] {
  const alike = a.fixedPoints.length === b.fixedPoints.length && a.fixedPoints.every((p, k) => p.stable === b.fixedPoints[k].stable);
  const near = share < 0.5 ? a.fixedPoints : b.fixedPoints;
  return near.map((p, k) => {
    const [u, v] = alike ? [a.fixedPoints[k].order, b.fixedPoints[k].order] : [p.order, p.order];
    const order = Object.fromEntries(Object.keys(p.order).map((name) => [name, (1 - share) * u[name] + share * (v[name] ?? u[name])]));
    const height = valueAt(curve, order[curve.order] ?? Number.NaN);
    return { order, stable: p.stable, freeEntropy: p.freeEntropy === null ? null : (height ?? p.freeEntropy ?? null) };
  });
}

/**
 * Heights at which something happens: the start of the curve, its turning points, its fixed points, and its end where it rises to a
 * finite one. A curve that falls steeply to its end, or rises to infinity, is cut there.
 */
export function heightsOf({ landscape, fixedPoints }: Known): number[] {
  const { x, freeEntropy: f } = landscape;
  const out: number[] = [];
  if (f.length > 0) out.push(f[0]);
  for (let k = 1; k < f.length - 1; k++) if ((f[k] - f[k - 1]) * (f[k + 1] - f[k]) < 0) out.push(f[k]);
  for (const p of fixedPoints) if (typeof p.freeEntropy === "number") out.push(p.freeEntropy);
  // where exact recovery has no finite height, what is seen of the way up
  if (fixedPoints.some((p) => p.freeEntropy === null)) {
    const near = x.findIndex((v) => v >= 0.98);
    if (near >= 0) out.push(f[near]);
  }
  return out.filter(Number.isFinite);
}

/** A vertical axis that holds them all, with room above and below. */
export function axisOf(known: readonly Known[]): readonly [number, number] {
  const all = known.flatMap(heightsOf);
  if (all.length === 0) return [-1, 1];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.09 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}
