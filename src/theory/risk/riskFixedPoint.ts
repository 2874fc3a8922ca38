/**
 * Fixed point of the replica equations of risk minimisation: hats = output(order), order = input(samples hats). The map is iterated
 * until it settles into its basin, then solved by Newton in the logarithms of the hats, whatever their scale.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import { solveSmall } from "../../numerics/jacobian.ts";
import type { RiskHats, RiskOrder } from "./outputSide.ts";

/** Order parameters from the hats of all the samples per component (already multiplied). */
export type InputSide = (hats: RiskHats) => RiskOrder;

export interface RiskOptions {
  /** Hats per sample to start from; by default those of an estimate of unit norm that knows nothing. A neighbouring solution saves most of the work. */
  readonly start?: RiskHats;
  /** On the relative change of every hat. Default 1e-11. */
  readonly tolerance?: number;
  /** Evaluations of the map. Default 3000. */
  readonly maxIterations?: number;
}

export interface RiskSolution {
  readonly order: RiskOrder;
  /** Per sample. */
  readonly hats: RiskHats;
  readonly outcome: Outcome;
}

/** A norm beyond it is on its way to infinity: there is no finite minimiser. */
const FARTHEST = 1e60;
/** Hats below it are zero in effect (an SVM under a huge penalty has no pattern near its margin). */
const LEAST = 1e-290;

const multiplied = (h: RiskHats, samples: number): RiskHats => ({
  mHat: samples * h.mHat,
  qHat: samples * h.qHat,
  VHat: samples * h.VHat
});

function unpack(x: Vec): RiskHats {
  return { mHat: Math.exp(x[0]), qHat: Math.exp(x[1]), VHat: Math.exp(x[2]) };
}

/** Logarithms; a negative hat has none, and NaN says so. */
function pack(h: RiskHats, out: Vec): void {
  out[0] = Math.log(h.mHat < LEAST && h.mHat >= 0 ? LEAST : h.mHat);
  out[1] = Math.log(h.qHat < LEAST && h.qHat >= 0 ? LEAST : h.qHat);
  out[2] = Math.log(h.VHat < LEAST && h.VHat >= 0 ? LEAST : h.VHat);
}

/**
 * Solves order = input(samples output(order)). Never throws for what is numerical: where hats run away (separable data without a
 * penalty) the outcome is `diverged`, with the last finite order. Throws ParameterError unless samples > 0.
 */
export function riskFixedPoint(
  output: (o: RiskOrder) => RiskHats,
  input: InputSide,
  samples: number,
  options: RiskOptions = {}
): RiskSolution {
  if (!(samples > 0 && Number.isFinite(samples)))
    throw new ParameterError(`risk: the number of samples per component must be a positive number, got ${samples}; for example 3`);
  const { tolerance = 1e-11, maxIterations = 3000 } = options;
  const x = new Float64Array(3);
  const image = new Float64Array(3);
  let spent = 0;
  let norm = 0;
  const map = (at: Vec, out: Vec) => {
    spent++;
    const order = input(multiplied(unpack(at), samples));
    norm = order.q;
    pack(output(order), out);
  };
  pack(options.start ?? output({ m: 0, q: 1, V: 1 }), x);
  let best = x.slice();
  let bestGap = Number.POSITIVE_INFINITY;
  const finish = (at: Vec, kind: Outcome["kind"], residual: number, advice?: string): RiskSolution => {
    const hats = unpack(at);
    return { order: input(multiplied(hats, samples)), hats, outcome: outcome(kind, residual, spent, { advice }) };
  };
  if (!x.every(Number.isFinite)) {
    const hats = { mHat: 0, qHat: 0, VHat: 0 };
    return {
      order: { m: 0, q: 0, V: 0 },
      hats,
      outcome: outcome("diverged", 1, 1, { advice: "the labels say nothing about the weights: the loss has no slope at zero" })
    };
  }
  let plain = options.start ? 2 : 12;
  while (spent < maxIterations) {
    // the plain map, which follows what the algorithm does
    for (let k = 0; k < plain && spent < maxIterations; k++) {
      map(x, image);
      const gap = gapBetween(image, x);
      if (!Number.isFinite(gap)) return finish(best, "diverged", bestGap, "the equations left the domain where they are finite");
      if (gap < bestGap) {
        bestGap = gap;
        best = x.slice();
      }
      if (gap <= tolerance) return finish(x, "converged", gap);
      x.set(image);
      if (norm > FARTHEST)
        return finish(best, "diverged", Math.min(gap, 1), "the weights grow without bound: no finite minimiser exists; raise lambda");
    }
    const end = newton(map, x, image, tolerance, maxIterations - spent);
    if (end.gap < bestGap) {
      bestGap = end.gap;
      best = x.slice();
    }
    if (bestGap <= tolerance || (end.stalled && bestGap <= 100 * tolerance)) return finish(best, "converged", bestGap);
    x.set(best);
    plain = Math.min(400, 2 * plain);
  }
  return finish(best, "horizon", bestGap, `not converged in ${maxIterations} evaluations (relative residual ${bestGap.toExponential(1)})`);
}

/**
 * The fixed point at penalty `lambda`, reached from max(1, lambda) down a ladder of penalties: near lambda = 0, where the plain map
 * crawls, each rung starts Newton close to its solution. `sideOf` is the input side at a penalty.
 */
export function riskPath(
  output: (o: RiskOrder) => RiskHats,
  sideOf: (lambda: number) => InputSide,
  samples: number,
  lambda: number,
  options: RiskOptions = {}
): RiskSolution {
  if (options.start || !(lambda < 0.1)) return riskFixedPoint(output, sideOf(lambda), samples, options);
  let start: RiskHats | undefined;
  const last = Math.max(lambda, 1e-12);
  for (let rung = 1; rung > 8 * last; rung /= 8) {
    const { hats, outcome: end } = riskFixedPoint(output, sideOf(rung), samples, { tolerance: 1e-6, ...(start ? { start } : {}) });
    if (end.kind === "converged") start = hats;
  }
  return riskFixedPoint(output, sideOf(lambda), samples, { ...options, ...(start ? { start } : {}) });
}

function gapBetween(a: Vec, b: Vec): number {
  let gap = 0;
  for (let i = 0; i < a.length; i++) gap = Math.max(gap, Math.abs(a[i] - b[i]));
  return Number.isNaN(gap) || a.some(Number.isNaN) ? Number.NaN : gap;
}

/**
 * Newton on F(x) - x with Deuflhard's natural monotonicity test: a step is kept when the Newton correction that follows it, with the
 * same slopes, is shorter. The residual itself is no guide where the plain map crawls: it is small far from the solution there.
 * Leaves the best point in x.
 */
function newton(
  map: (at: Vec, out: Vec) => void,
  x: Vec,
  image: Vec,
  tolerance: number,
  budget: number
): { readonly gap: number; readonly stalled: boolean } {
  const n = x.length;
  const slopes = new Float64Array(n * n);
  const move = new Float64Array(n);
  const following = new Float64Array(n);
  const shifted = new Float64Array(n);
  const there = new Float64Array(n);
  /** (1 - F')^-1 (to - from); false where that has no finite value. */
  const correction = (from: Vec, to: Vec, out: Vec): boolean => {
    const system = slopes.map((s, k) => (k % (n + 1) === 0 ? 1 : 0) - s);
    for (let i = 0; i < n; i++) out[i] = to[i] - from[i];
    return system.every(Number.isFinite) && solveSmall(system, out) !== 0 && out.every(Number.isFinite);
  };
  map(x, image);
  let gap = gapBetween(image, x);
  let step = 1;
  let used = 1;
  let again = false; // the slopes serve once more
  while (used + n < budget) {
    if (!Number.isFinite(gap)) return { gap: Number.POSITIVE_INFINITY, stalled: false };
    if (gap <= tolerance) return { gap, stalled: false };
    const reused = again;
    if (reused) move.set(following);
    else {
      const h = 1e-6;
      for (let j = 0; j < n; j++) {
        shifted.set(x);
        shifted[j] += h;
        map(shifted, there);
        for (let i = 0; i < n; i++) slopes[i * n + j] = (there[i] - image[i]) / h;
      }
      used += n;
      if (!correction(x, image, move)) return { gap, stalled: true };
    }
    const length = sizeOf(move);
    step = Math.min(1, 2 * step, 3 / length);
    let kept = false;
    for (let tries = 0; tries < 12 && used < budget; tries++, step /= 2) {
      for (let i = 0; i < n; i++) shifted[i] = x[i] + step * move[i];
      map(shifted, there);
      used++;
      kept = correction(shifted, there, following) && sizeOf(following) < (1 - step / 4) * length;
      if (kept) break;
    }
    const next = gapBetween(there, shifted);
    again = kept && step === 1 && sizeOf(following) < REUSED * length;
    if (!kept && reused) {
      step = 1;
      continue;
    }
    if (!kept) return { gap, stalled: true };
    if (!reused && length < 1e-7 && next > 0.5 * gap) return { gap, stalled: true };
    x.set(shifted);
    image.set(there);
    gap = next;
  }
  return { gap, stalled: false };
}

/** Slopes cost as much as n steps: they are kept while a step with them leaves less than this of its correction. */
const REUSED = 0.2;

function sizeOf(v: Vec): number {
  let size = 0;
  for (let i = 0; i < v.length; i++) size = Math.max(size, Math.abs(v[i]));
  return size;
}

/** The order parameters step by step from `start`, as convex GAMP goes: yields t = 0, 1, ... and returns how it ended. */
export function* riskEvolution(
  output: (o: RiskOrder) => RiskHats,
  input: InputSide,
  samples: number,
  start: RiskOrder,
  { iterations = 1000, tolerance = 1e-10 }: { readonly iterations?: number; readonly tolerance?: number } = {}
): Generator<RiskOrder & { readonly t: number }, Outcome> {
  let now = start;
  yield { t: 0, ...now };
  let change = Number.POSITIVE_INFINITY;
  for (let t = 1; t <= iterations; t++) {
    const next = input(multiplied(output(now), samples));
    if (!Number.isFinite(next.m + next.q + next.V) || next.q > 1e24)
      return outcome("diverged", change, t, { advice: "the weights grow without bound: no finite minimiser exists; raise lambda" });
    change = Math.max(relative(next.m, now.m), relative(next.q, now.q), relative(next.V, now.V));
    now = next;
    yield { t, ...now };
    if (change < tolerance) return outcome("converged", change, t);
  }
  return outcome("horizon", change, iterations, { advice: `still moving by ${change.toExponential(1)} a step: raise iterations` });
}

const relative = (a: number, b: number): number => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-12);
