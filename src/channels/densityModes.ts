/**
 * The maxima of a log density and the lengths on which it falls there by half a nat: what a quadrature needs to know of a function
 * that a user wrote. Logarithms are climbed, so a needle of width 1e-6 is found from any distance.
 */
import type { Feature } from "../numerics/quadrature.ts";

/** Distances from an anchor that are looked at first: 1e-8 to 1e8, three a decade. */
const DISTANCES = Float64Array.from({ length: 49 }, (_, k) => 10 ** ((k - 24) / 3));
const GOLDEN = 0.6180339887498949;
/** Climbs of one function: more maxima than these on the grid are left to adaptive quadrature. */
const MOST = 6;

/** Local maxima of `f` over [low, high] with their half-widths at half a nat. Maxima at infinity and plateaus are not reported. */
export function densityModes(f: (x: number) => number, anchors: readonly number[], low: number, high: number): Feature[] {
  const set = new Set<number>();
  const put = (x: number) => {
    if (x >= low && x <= high) set.add(x);
  };
  for (const a of [...anchors, low, high]) {
    if (!Number.isFinite(a)) continue;
    put(a);
    for (let k = 0; k < DISTANCES.length; k++) {
      put(a + DISTANCES[k]);
      put(a - DISTANCES[k]);
    }
  }
  const x = Float64Array.from(set).sort();
  const y = x.map(f);
  const value = (k: number) => (k >= 0 && k < y.length ? y[k] : -Infinity);
  const found: { centre: number; width: number; top: number }[] = [];
  for (let k = 0; k < x.length; k++) {
    if (!(y[k] > -Infinity) || (k === 0 && x[0] !== low) || (k === x.length - 1 && x[k] !== high)) continue;
    if (!(y[k] >= value(k - 1) && y[k] >= value(k + 1) && (y[k] > value(k - 1) || y[k] > value(k + 1)))) continue;
    const centre = climb(f, x[Math.max(0, k - 1)], x[k], x[Math.min(x.length - 1, k + 1)]);
    const top = f(centre);
    const width = halfWidth(f, centre, top, low, high);
    if (width < Infinity && !found.some((m) => Math.abs(m.centre - centre) < 0.1 * width)) found.push({ centre, width, top });
  }
  return found
    .sort((a, b) => b.top - a.top)
    .slice(0, MOST)
    .map(({ centre, width }) => ({ centre, width }));
}

/** The highest point of `f` on [a, b] that golden section finds from `best`, where f > -Infinity. */
export function climb(f: (x: number) => number, a: number, best: number, b: number): number {
  let top = f(best);
  for (let k = 0; k < 90 && b - a > 1e-15 * (Math.abs(a) + Math.abs(b)); k++) {
    const c = b - GOLDEN * (b - a);
    const d = a + GOLDEN * (b - a);
    const fc = f(c);
    const fd = f(d);
    // A better point, not an equal one: a kink given exactly stays exact.
    if (fc > top) [best, top] = [c, fc];
    if (fd > top) [best, top] = [d, fd];
    if (fc === fd ? best < 0.5 * (c + d) : fc > fd) b = d;
    else a = c;
    if (k > 8 && Math.abs(fc - fd) < 1e-6 && top - fc < 1e-6 && top - f(a) < 1e-3 && top - f(b) < 1e-3) break;
  }
  return best;
}

/** The shorter distance to either side at which `f` has fallen by half a nat, within a factor 2; Infinity if it does not fall. A jump is no width. */
export function halfWidth(f: (x: number) => number, centre: number, top: number, low: number, high: number): number {
  return Math.min(oneSided(f, centre, top, centre - low, -1), oneSided(f, centre, top, high - centre, 1));
}

function oneSided(f: (x: number) => number, centre: number, top: number, room: number, side: 1 | -1): number {
  const falls = (w: number) => !(f(centre + side * w) > top - 0.5);
  const least = 1e-13 * Math.abs(centre) + 1e-100;
  let w = Math.min(1, room);
  if (w > 0 && falls(w)) {
    while (w > least && falls(0.5 * w)) w *= w > 1e-30 ? 0.5 : 1e-10;
    return w > least ? w : Infinity;
  }
  while (w > 0 && 2 * w <= room && w < 1e20) {
    w *= 2;
    if (falls(w)) return w;
  }
  return Infinity;
}
