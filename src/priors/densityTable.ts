/** A density tabulated once: panels found by bisection until 16 Gauss-Legendre nodes agree with their halves, mass and moments. */
import { ParameterError } from "../core/parameters.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import type { DensitySource } from "./fromDensity.ts";

export interface DensityTable {
  /** Normalised log-density; -Infinity where the density is 0 and outside the support. */
  readonly logDensity: (x: number) => number;
  /** Ends of the support, infinite ones at +-2^60. */
  readonly from: number;
  readonly to: number;
  /** Finite ends of the support and declared breaks: the places that noise alone smooths. */
  readonly edges: readonly number[];
  /** Sorted panel ends: the density is smooth between neighbours. */
  readonly panels: readonly number[];
  /** Nodes over all panels and their probabilities, summing to 1. */
  readonly x: Float64Array;
  readonly mass: Float64Array;
  /** Where a tilted mode is looked for: the nodes, and places without mass that a strong message can still reach; log-density there. */
  readonly places: Float64Array;
  readonly logAt: Float64Array;
  /** Piecewise-linear density for sampling: cell ends, end values, cumulative mass. */
  readonly cells: {
    readonly from: Float64Array;
    readonly to: Float64Array;
    readonly left: Float64Array;
    readonly right: Float64Array;
    readonly cumulative: Float64Array;
  };
}

const rule = gaussLegendre(16);
const CELLS = 64;
/** Bisections of one panel: enough for an integrable singularity x^(-1/2) at an end, whose mass halves every second time. */
const DEPTH = 60;
const MOST_PANELS = 4000;

export function tabulate(source: DensitySource, name: string): DensityTable {
  const [lo, hi] = source.support ?? [-Infinity, Infinity];
  if (!(lo < hi)) throw new ParameterError(`${name}: support must be two increasing numbers, such as [0, Infinity], got ${lo}, ${hi}`);
  const breaks = [...(source.breaks ?? [])].filter((x) => x > lo && x < hi).sort((x, y) => x - y);
  const log = (x: number): number => {
    const value = source.logDensity ? source.logDensity(x) : Math.log(positive(source, x, name));
    if (Number.isNaN(value) || value === Infinity)
      throw new ParameterError(
        `${name}: ${source.logDensity ? "logDensity" : "density"} must be a finite number >= 0 everywhere on the support, got ${source.logDensity ? value : source.density?.(x)} at x=${x}`
      );
    return value;
  };
  // the top sets the scale, so that an unnormalised density neither overflows nor underflows
  const probes = start(lo, hi, breaks);
  let top = -Infinity;
  for (const x of probes) if (x !== lo && x !== hi) top = Math.max(top, log(x));
  if (top === -Infinity)
    throw new ParameterError(
      `${name}: density must be positive somewhere; it is 0 at every place probed: narrow the support to where it is not, such as support: [-1, 1]`
    );
  const f = (x: number): number => Math.exp(log(x) - top);
  /** mass, and the mass with weight 1 + x^2, of a panel. */
  const weigh = (from: number, to: number): [number, number] => {
    const half = 0.5 * (to - from);
    let m = 0;
    let s = 0;
    for (let i = 0; i < 16; i++) {
      const x = 0.5 * (from + to) + half * rule.nodes[i];
      const p = half * rule.weights[i] * f(x);
      m += p;
      s += p * (1 + x * x);
    }
    return [m, s];
  };
  const ends: number[] = [];
  let total = 0;
  const refine = (from: number, to: number, whole: readonly [number, number], depth: number): void => {
    const mid = 0.5 * (from + to);
    const left = weigh(from, mid);
    const right = weigh(mid, to);
    const error = Math.abs(left[0] + right[0] - whole[0]);
    const errorTwo = Math.abs(left[1] + right[1] - whole[1]);
    const small = left[1] + right[1] <= 1e-17 * total;
    const good = error <= 1e-13 * (left[0] + right[0]) && errorTwo <= 1e-13 * (left[1] + right[1]);
    if (
      depth >= 2 &&
      (small || good || depth >= DEPTH || (error <= 1e-15 * total && errorTwo <= 1e-15 * total) || !(mid > from && mid < to))
    ) {
      ends.push(to);
      return;
    }
    if (ends.length > MOST_PANELS)
      throw new ParameterError(
        `${name}: the density is too rough to integrate; name its jumps and kinks in breaks, such as breaks: [-1, 1]`
      );
    refine(from, mid, left, depth + 1);
    refine(mid, to, right, depth + 1);
  };
  // coarse panels between the probes, refined where they matter
  const coarse = probes.slice(0, -1).map((x, i) => [x, probes[i + 1], weigh(x, probes[i + 1])] as const);
  for (const [, , w] of coarse) total += w[1];
  if (!(total > 0) || !Number.isFinite(total)) throw new ParameterError(`${name}: density must have a finite second moment, got ${total}`);
  for (const side of [0, coarse.length - 1]) {
    const infinite = side === 0 ? lo === -Infinity : hi === Infinity;
    if (infinite && coarse[side][2][1] > 1e-13 * total)
      throw new ParameterError(
        `${name}: density must be normalisable with a finite second moment; its tail at x=${coarse[side][side === 0 ? 0 : 1]} still weighs ${(coarse[side][2][1] / total).toExponential(1)} of x^2: narrow the support, such as support: [-10, 10]`
      );
  }
  // panels without mass at the sides are left out
  let begin = 0;
  let end = coarse.length;
  while (begin < end - 1 && coarse[begin][2][1] < 1e-20 * total) begin++;
  while (end > begin + 1 && coarse[end - 1][2][1] < 1e-20 * total) end--;
  ends.push(coarse[begin][0]);
  for (const [from, to, whole] of coarse.slice(begin, end)) refine(from, to, whole, 0);
  merge(ends, weigh, new Set(breaks));
  const n = (ends.length - 1) * 16;
  const x = new Float64Array(n);
  const mass = new Float64Array(n);
  const beyond = probes.filter((u) => (u < ends[0] || u > ends[ends.length - 1]) && u !== lo && u !== hi);
  const places = new Float64Array(n + beyond.length);
  const logAt = new Float64Array(places.length);
  let sum = 0;
  for (let p = 0, k = 0; p + 1 < ends.length; p++) {
    const half = 0.5 * (ends[p + 1] - ends[p]);
    for (let i = 0; i < 16; i++, k++) {
      x[k] = 0.5 * (ends[p + 1] + ends[p]) + half * rule.nodes[i];
      places[k] = x[k];
      logAt[k] = log(x[k]);
      mass[k] = half * rule.weights[i] * Math.exp(logAt[k] - top);
      sum += mass[k];
    }
  }
  const norm = top + Math.log(sum);
  beyond.forEach((u, i) => {
    places[n + i] = u;
    logAt[n + i] = log(u);
  });
  for (let k = 0; k < n; k++) mass[k] /= sum;
  for (let k = 0; k < logAt.length; k++) logAt[k] -= norm;
  const edges = [...(Number.isFinite(lo) ? [lo] : []), ...breaks, ...(Number.isFinite(hi) ? [hi] : [])];
  return {
    logDensity: (u) => {
      if (u > lo && u < hi) return log(u) - norm;
      if (u !== lo && u !== hi) return -Infinity;
      const value = source.logDensity ? source.logDensity(u) : Math.log(source.density?.(u) ?? 0);
      return Number.isFinite(value) ? value - norm : -Infinity; // a singular end is left open
    },
    from: Math.max(lo, -(2 ** 60)),
    to: Math.min(hi, 2 ** 60),
    edges,
    panels: ends,
    x,
    mass,
    places,
    logAt,
    cells: cellsOf(ends, mass, (u) => Math.exp(log(u) - norm))
  };
}

/** Joins neighbouring panels in place while 16 nodes on the union agree with the parts; declared breaks stay. */
function merge(ends: number[], weigh: (from: number, to: number) => [number, number], breaks: ReadonlySet<number>): void {
  const parts = ends.slice(1).map((to, i) => weigh(ends[i], to));
  for (let p = 0; p + 1 < parts.length; ) {
    const whole = weigh(ends[p], ends[p + 2]);
    const m = parts[p][0] + parts[p + 1][0];
    const s = parts[p][1] + parts[p + 1][1];
    if (!breaks.has(ends[p + 1]) && Math.abs(whole[0] - m) <= 1e-14 * m && Math.abs(whole[1] - s) <= 1e-14 * s) {
      ends.splice(p + 1, 1);
      parts.splice(p, 2, whole);
      if (p > 0) p--;
    } else p++;
  }
}

function positive(source: DensitySource, x: number, name: string): number {
  const value = source.density ? source.density(x) : Number.NaN;
  if (!(value >= 0))
    throw new ParameterError(`${name}: density must be a finite number >= 0 everywhere on the support, got ${value} at x=${x}`);
  return value;
}

/** Ends of coarse panels: the support's ends and breaks, and doublings 2^-20 ... 2^60 away from a finite end or from 0. */
function start(lo: number, hi: number, breaks: readonly number[]): number[] {
  const anchors = [lo, ...breaks, hi].filter(Number.isFinite);
  if (anchors.length === 0) anchors.push(0);
  const inside = (x: number): boolean => x > lo && x < hi;
  const points = new Set<number>(anchors);
  const first = anchors[0];
  const last = anchors[anchors.length - 1];
  if (hi === Infinity) for (let e = -4; e <= 60; e++) if (inside(last + 2 ** e)) points.add(last + 2 ** e);
  if (lo === -Infinity) for (let e = -4; e <= 60; e++) if (inside(first - 2 ** e)) points.add(first - 2 ** e);
  // between neighbours, sixteen equal parts: a narrow bump is found if it is wider than a 256th of them
  const sorted = [...points].sort((x, y) => x - y);
  const bounded = sorted.flatMap((x, i) =>
    i + 1 < sorted.length && x >= first && sorted[i + 1] <= last
      ? Array.from({ length: 16 }, (_, k) => x + ((sorted[i + 1] - x) * k) / 16)
      : [x]
  );
  return bounded;
}

function cellsOf(ends: readonly number[], mass: Float64Array, density: (x: number) => number): DensityTable["cells"] {
  const count = (ends.length - 1) * CELLS;
  const [from, to, left, right, cumulative] = Array.from({ length: 5 }, () => new Float64Array(count));
  let sum = 0;
  for (let p = 0, c = 0; p + 1 < ends.length; p++) {
    let panel = 0;
    for (let i = 0; i < 16; i++) panel += mass[16 * p + i];
    const step = (ends[p + 1] - ends[p]) / CELLS;
    const start = c;
    let rough = 0;
    for (let i = 0; i < CELLS; i++, c++) {
      from[c] = ends[p] + i * step;
      to[c] = ends[p] + (i + 1) * step;
      // ends of the support may be singular or open: look just inside
      left[c] = density(from[c] + 1e-3 * step);
      right[c] = density(to[c] - 1e-3 * step);
      rough += 0.5 * (left[c] + right[c]) * step;
    }
    // the panel's mass is known to 1e-13: the cells share it in proportion
    for (let i = start; i < c; i++) {
      sum += rough > 0 ? (0.5 * (left[i] + right[i]) * step * panel) / rough : panel / CELLS;
      cumulative[i] = sum;
    }
  }
  return { from, to, left, right, cumulative };
}
