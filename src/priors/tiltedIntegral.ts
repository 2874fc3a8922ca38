/** int p(x) exp(-a x^2/2 + b x) dx for a tabulated density: panels graded around the tilted mode, moments about it. */
import { gaussLegendre } from "../numerics/quadrature.ts";
import type { DensityTable } from "./densityTable.ts";
import { march } from "./panels.ts";

const rule = gaussLegendre(16);
/** Parts of the tilted density below e^-42 of its top are left out. */
const DEPTH = 42;
const STEPS = [1, 2.5, 4.5, 7, 10, 15, 22, 33] as const;

/** The result of the last `integrate`: log integral without the exponent at the mode (b - a mode/2) mode, and the moments. */
export class TiltedIntegral {
  logIntegral = 0;
  mode = 0;
  mean = 0;
  variance = 0;
  readonly #table: DensityTable;
  #at = new Float64Array(0);
  #weight = new Float64Array(0);

  constructor(table: DensityTable) {
    this.#table = table;
  }

  integrate(a: number, b: number): void {
    const { logDensity, from, to, places, logAt, panels, edges } = this.#table;
    // the highest place, or the top of the tilt itself when that is narrower than the places are apart
    let mode = places[0];
    let value = -Infinity;
    for (let k = 0; k < places.length; k++) {
      const v = logAt[k] + (b - 0.5 * a * places[k]) * places[k];
      if (v > value) {
        value = v;
        mode = places[k];
      }
    }
    for (const u of [Math.min(Math.max(b / a, from), to), from, to, ...edges]) {
      const v = Number.isFinite(u) ? logDensity(u) + (b - 0.5 * a * u) * u : -Infinity;
      if (v > value) {
        value = v;
        mode = u;
      }
    }
    // everything below in s = x - mode, so that a law much narrower than |mode| keeps its digits
    let top = logDensity(mode);
    const drop = (s: number): number => logDensity(mode + s) - top + s * (b - a * (mode + 0.5 * s));
    let left = 0;
    let right = 0;
    for (let again = 0; again < 60; again++) {
      const guess = Math.min(1 / Math.sqrt(a), 1 / Math.abs(b - a * mode), to - from);
      const first = guess > 0 ? guess : to - from;
      right = fall(drop, first, to - mode, 1);
      left = fall(drop, first, mode - from, -1);
      // a higher point met on the way becomes the mode
      let step = 0;
      let gain = 0.05;
      for (const t of [0.25, 0.5, 1])
        for (const s of [t * right, -t * left]) {
          const v = drop(s);
          if (v > gain) {
            gain = v;
            step = s;
          }
        }
      if (step === 0) break;
      mode += step;
      top = logDensity(mode);
    }
    const own: number[] = [0];
    for (const k of STEPS) {
      if (right > 0 && k * right < to - mode) own.push(k * right);
      if (left > 0 && k * left < mode - from) own.unshift(-k * left);
    }
    const table: number[] = panels.map((u) => u - mode);
    // cut where nothing is left, but keep every panel of the table that still stands above the cut
    let lo = 0;
    let hi = 0;
    for (const s of own) if (drop(s) > -DEPTH) [lo, hi] = [Math.min(lo, s), Math.max(hi, s)];
    for (let k = 0; k < places.length; k++) {
      const s = places[k] - mode;
      if ((s < lo || s > hi) && logAt[k] - top + s * (b - a * (mode + 0.5 * s)) > -DEPTH) [lo, hi] = [Math.min(lo, s), Math.max(hi, s)];
    }
    let before = from - mode;
    let after = to - mode;
    for (const chain of [own, table])
      for (const s of chain) {
        if (s < lo && s > before) before = s;
        if (s > hi && s < after) after = s;
      }
    const cells = march([[before, after]], [own, table, ...edges.map((u) => [u - mode])]); // an edge alone is never passed over
    const n = (cells.length / 2) * 16;
    if (this.#at.length < n) {
      this.#at = new Float64Array(2 * n);
      this.#weight = new Float64Array(2 * n);
    }
    const at = this.#at;
    const weight = this.#weight;
    let sum = 0;
    let first = 0;
    for (let p = 0, k = 0; p < cells.length; p += 2) {
      const half = 0.5 * (cells[p + 1] - cells[p]);
      const mid = 0.5 * (cells[p + 1] + cells[p]);
      for (let i = 0; i < 16; i++, k++) {
        at[k] = mid + half * rule.nodes[i];
        weight[k] = half * rule.weights[i] * Math.exp(drop(at[k]));
        sum += weight[k];
        first += weight[k] * at[k];
      }
    }
    first /= sum;
    let second = 0;
    for (let k = 0; k < n; k++) second += weight[k] * (at[k] - first) * (at[k] - first);
    this.mode = mode;
    this.mean = mode + first;
    this.variance = second / sum;
    this.logIntegral = top + Math.log(sum);
  }
}

/** The distance, at most `most`, at which `drop` has reached about -1, by doubling or halving from a guess. */
function fall(drop: (s: number) => number, guess: number, most: number, side: 1 | -1): number {
  if (!(most > 0)) return 0;
  let d = Math.min(guess, most);
  if (drop(side * d) < -2) {
    for (let i = 0; i < 300 && drop(side * d) < -2; i++) d *= 0.5;
    return d;
  }
  for (let i = 0; i < 300 && d < most && drop(side * d) > -0.5; i++) d = Math.min(2 * d, most);
  return d;
}
