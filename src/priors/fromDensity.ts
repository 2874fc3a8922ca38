/** A prior from its density alone: normalised, integrated and checked numerically, under the same contract as the others. */
import { ParameterError } from "../core/parameters.ts";
import type { Prior, Rng, Vec } from "../core/types.ts";
import { densityField } from "./densityField.ts";
import { type DensityTable, tabulate } from "./densityTable.ts";
import { TiltedIntegral } from "./tiltedIntegral.ts";

/**
 * What a user's file exports: `density` or `logDensity` (neither need be normalised), and optionally the support, the places
 * where the density jumps or kinks, and a sampler. Prefer `logDensity`: a density that underflows is zero there, and a strong
 * message far outside the bulk then stops where doubles end. `support` ends may be infinite; the default is the whole line.
 */
export interface DensitySource {
  readonly density?: (x: number) => number;
  readonly logDensity?: (x: number) => number;
  readonly support?: readonly [number, number];
  readonly breaks?: readonly number[];
  /** Fills x with draws. The default inverts the tabulated distribution function; write one out of + - * / sqrt for draws with the same bits on every engine. */
  readonly sampler?: (rng: Rng, x: Vec) => void;
}

/** Reads an imported module (or its default export) as a density; `name` is what errors call it. Throws ParameterError. */
export function priorFromModule(module: unknown, name = "prior"): Prior {
  const direct = module as Record<string, unknown> | null | undefined;
  const exported = (direct?.density || direct?.logDensity ? direct : direct?.default) as Record<string, unknown> | undefined;
  if (typeof exported?.density !== "function" && typeof exported?.logDensity !== "function")
    throw new ParameterError(
      `${name}: must export a function density(x) or logDensity(x), such as export const density = (x) => Math.exp(-x ** 4), got ${Object.keys(direct ?? {}).join(", ") || "no exports"}`
    );
  return priorFromDensity(exported as DensitySource, name);
}

/**
 * The prior with this density. A posterior moment is a quadrature around the tilted mode, about 50 us an element: for hot use
 * write a brick. Throws ParameterError when it is not a density, or too rough for its derivatives to come out.
 */
export function priorFromDensity(source: DensitySource, name = "prior"): Prior {
  const table = tabulate(source, name);
  const tilted = new TiltedIntegral(table);
  let first = 0;
  let spread = 0;
  for (let k = 0; k < table.x.length; k++) first += table.mass[k] * table.x[k];
  for (let k = 0; k < table.x.length; k++) spread += table.mass[k] * (table.x[k] - first) ** 2;
  const prior: Prior = {
    scalar: "real",
    rule: "bayes",
    mean: first,
    secondMoment: first * first + spread,
    dimension: 1,
    entropy: null,
    sample: source.sampler ? (rng, x) => source.sampler?.(rng, x) : inverseCdf(table),
    logPartition(a, b, out) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        tilted.integrate(a[i * step], b[i]);
        out[i] = tilted.logIntegral + (b[i] - 0.5 * a[i * step] * tilted.mode) * tilted.mode;
      }
    },
    posterior(a, b, mean, variance) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        tilted.integrate(a[i * step], b[i]);
        mean[i] = tilted.mean;
        variance[i] = tilted.variance;
      }
    },
    field: (mHat, qHat, order, breaks) => densityField(table, tilted, mHat, qHat, order, breaks)
  };
  check(prior, Math.sqrt(spread), name);
  return prior;
}

/** log Z, mean and variance must be derivatives of each other at messages weak and strong, inside and at the side. */
function check(prior: Prior, scale: number, name: string): void {
  const one = (f: Prior["logPartition"], a: number, b: number): number => {
    const out = new Float64Array(1);
    f(Float64Array.of(a), Float64Array.of(b), out);
    return out[0];
  };
  const mean = new Float64Array(1);
  const variance = new Float64Array(1);
  for (const strength of [0.1, 1, 10])
    for (const u of [-3, -0.6, 0.7, 3]) {
      const a = strength / scale ** 2;
      const b = a * prior.mean + u * Math.sqrt(a);
      prior.posterior(Float64Array.of(a), Float64Array.of(b), mean, variance);
      const h = 0.02 / scale;
      // central differences of fourth order: truncation about (h scale)^4 = 2e-7 of the fifth cumulant
      const slope = (f: (t: number) => number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
      const first = slope((t) => one(prior.logPartition, a, b + t));
      const second = slope((t) => {
        const m = new Float64Array(1);
        prior.posterior(Float64Array.of(a), Float64Array.of(b + t), m, new Float64Array(1));
        return m[0];
      });
      if (!(Math.abs(first - mean[0]) <= 1e-5 * (scale + Math.abs(mean[0]))) || !(Math.abs(second - variance[0]) <= 1e-4 * scale ** 2))
        throw new ParameterError(
          `${name}: the density is too rough to integrate: at a=${a}, b=${b} the mean is ${mean[0]} but d log Z/db is ${first}; name its jumps and kinks in breaks, such as breaks: [-1, 1]`
        );
    }
}

/** Cells of the table, each with a linear density, inverted exactly. */
function inverseCdf({ cells }: DensityTable): (rng: Rng, x: Vec) => void {
  const { from, to, left, right, cumulative } = cells;
  const n = cumulative.length;
  return (rng, x) => {
    for (let i = 0; i < x.length; i++) {
      const u = rng.uniform() * cumulative[n - 1];
      let lo = 0;
      let hi = n - 1;
      while (lo < hi) {
        const mid = (lo + hi) >> 1;
        if (cumulative[mid] > u) hi = mid;
        else lo = mid + 1;
      }
      const before = lo > 0 ? cumulative[lo - 1] : 0;
      const t = (u - before) / (cumulative[lo] - before);
      const f0 = left[lo];
      const slope = right[lo] - f0;
      const c = 0.5 * t * (f0 + right[lo]);
      const place = f0 + right[lo] > 0 ? (2 * c) / (f0 + Math.sqrt(Math.max(f0 * f0 + 2 * slope * c, 0)) || 1) : t;
      x[i] = from[lo] + (to[lo] - from[lo]) * Math.min(place, 1);
    }
  };
}
