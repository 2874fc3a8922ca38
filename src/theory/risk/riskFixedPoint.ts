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
  const move = new Float64Array(3);
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
  let plain = 12;
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
    const end = newton(map, x, image, move, tolerance, maxIterations - spent);
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

function gapBetween(a: Vec, b: Vec): number {
  let gap = 0;
  for (let i = 0; i < a.length; i++) gap = Math.max(gap, Math.abs(a[i] - b[i]));
  return Number.isNaN(gap) || a.some(Number.isNaN) ? Number.NaN : gap;
}

/** Newton on F(x) - x with steps halved until the residual falls; leaves the best point in x. */
function newton(
  map: (at: Vec, out: Vec) => void,
  x: Vec,
  image: Vec,
  move: Vec,
  tolerance: number,
  budget: number
): { readonly gap: number; readonly stalled: boolean } {
  const n = x.length;
  const jacobian = new Float64Array(n * n);
  const shifted = new Float64Array(n);
  const there = new Float64Array(n);
  map(x, image);
  let gap = gapBetween(image, x);
  let used = 1;
  while (used + n < budget) {
    if (!Number.isFinite(gap)) return { gap: Number.POSITIVE_INFINITY, stalled: false };
    if (gap <= tolerance) return { gap, stalled: false };
    const h = 1e-6;
    for (let j = 0; j < n; j++) {
      shifted.set(x);
      shifted[j] += h;
      map(shifted, there);
      for (let i = 0; i < n; i++) jacobian[i * n + j] = (there[i] - image[i]) / h - (i === j ? 1 : 0);
      move[j] = x[j] - image[j];
    }
    used += n;
    if (!jacobian.every(Number.isFinite) || !(solveSmall(jacobian, move) !== 0) || !move.every(Number.isFinite))
      return { gap, stalled: false };
    const largest = Math.max(...move.map(Math.abs));
    let length = Math.min(1, 2 / largest);
    let better = false;
    for (let tries = 0; tries < 8 && used < budget; tries++, length /= 3) {
      for (let i = 0; i < n; i++) shifted[i] = x[i] + length * move[i];
      map(shifted, there);
      used++;
      const next = gapBetween(there, shifted);
      if (next < gap) {
        x.set(shifted);
        image.set(there);
        better = next < 0.5 * gap || gap > 1e-6;
        gap = next;
        break;
      }
    }
    if (!better) return { gap, stalled: true };
  }
  return { gap, stalled: false };
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
