/** Thresholds along alpha, read off the fixed-point curve: limits, extrema, and equal free entropies. Nothing is bisected on an iteration. */
import { brentRoot } from "../numerics/roots.ts";
import { exactFreeEntropy, trivialPoint } from "./equilibrium.ts";
import type { CurvePoint, Curve } from "./curve.ts";
import { stablePointAt } from "./curve.ts";

/** null: there is no such transition. */
export interface Thresholds {
  /** The zero-overlap point loses its stability. */
  readonly weakRecovery: number | null;
  /** Above it the uninformed algorithm reaches the best fixed point: the upper spinodal, or the continuous onset of exact recovery. */
  readonly algorithmic: number | null;
  /** Above it the informed branch has the larger free entropy. */
  readonly informationTheoretic: number | null;
  /** The informed branch exists above it: the lower spinodal. */
  readonly spinodalLow: number | null;
  /** Every local maximum and minimum of alpha(r). */
  readonly spinodals: readonly { readonly alpha: number; readonly q: number; readonly kind: "max" | "min" }[];
}

export function thresholdsOf(curve: Curve): Thresholds {
  const { pieces, weakRecovery, exactAbove } = curve;
  const spinodals = pieces
    .slice(0, -1)
    .map((p) => ({ alpha: p.to.alpha, q: p.to.q, kind: p.stable ? ("max" as const) : ("min" as const) }));

  // The uninformed branch sits at the smallest stable r with alpha(r) >= alpha: it jumps at every maximum that is a record.
  let record = 0;
  let jump: { alpha: number; piece: number } | null = null;
  if (curve.symmetric && pieces.length && !pieces[0].stable) {
    record = weakRecovery as number;
    jump = { alpha: record, piece: -1 };
  }
  pieces.forEach((p, i) => {
    if (!p.stable || p.to.alpha <= record) return;
    record = p.to.alpha;
    if (i < pieces.length - 1) jump = { alpha: record, piece: i };
  });
  const jumped = jump as { alpha: number; piece: number } | null;
  const algorithmic = exactAbove !== null && exactAbove >= (jumped?.alpha ?? 0) ? exactAbove : (jumped?.alpha ?? null);

  let informationTheoretic: number | null = null;
  let spinodalLow: number | null = null;
  if (jumped && algorithmic === jumped.alpha) {
    const endless = (i: number) => i === pieces.length - 1 && exactAbove === null; // alpha grows without bound past the table
    const upper = pieces.findIndex((p, i) => i > jumped.piece && p.stable && (endless(i) || p.to.alpha > jumped.alpha));
    if (upper >= 0) {
      spinodalLow = pieces[upper].from.alpha;
      informationTheoretic = firstOrder(curve, jumped.piece, upper);
    } else if (exactAbove !== null) {
      spinodalLow = exactAbove;
      informationTheoretic = Number.isFinite(exactFreeEntropy(curve)) ? firstOrderToExact(curve, jumped) : exactAbove;
    }
  } else if (exactAbove !== null) informationTheoretic = exactAbove;
  return { weakRecovery, algorithmic, informationTheoretic, spinodalLow, spinodals };
}

/** The uninformed state at alpha below the jump: on the pieces up to `piece`, or the trivial point. */
function lowerState(curve: Curve, piece: number, alpha: number): CurvePoint | null {
  if (curve.symmetric && alpha < (curve.weakRecovery as number)) return trivialPoint(curve);
  for (let i = 0; i <= piece; i++) {
    const p = stablePointAt(curve, i, alpha);
    if (p) return p;
  }
  return null;
}

/** Equal free entropies of the uninformed state and a stable piece; the difference grows with alpha (its slope is a difference of Psi_out). */
function firstOrder(curve: Curve, lower: number, upper: number): number | null {
  const low = curve.pieces[upper].from.alpha;
  const high = lower < 0 ? (curve.weakRecovery as number) : curve.pieces[lower].to.alpha;
  const gap = (alpha: number) => {
    const a = lowerState(curve, lower, alpha);
    const b = stablePointAt(curve, upper, alpha);
    if (!a || !b) return null;
    return { value: curve.freeEntropy(b, alpha) - curve.freeEntropy(a, alpha), slope: curve.slope(b) - curve.slope(a) };
  };
  return newtonInside(gap, low, high);
}

/** The same against exact recovery of a discrete signal through discrete labels, whose free entropy is -H(prior) at every alpha. */
function firstOrderToExact(curve: Curve, jumped: { alpha: number; piece: number }): number | null {
  const exact = exactFreeEntropy(curve);
  const gap = (alpha: number) => {
    const a = lowerState(curve, jumped.piece, alpha);
    return a && { value: exact - curve.freeEntropy(a, alpha), slope: -curve.slope(a) };
  };
  return newtonInside(gap, 0, jumped.alpha);
}

/** Newton on a convex-enough increasing function, kept inside (low, high) by bisection; Brent finishes if it stalls. */
function newtonInside(f: (alpha: number) => { value: number; slope: number } | null, low: number, high: number): number | null {
  let a = low;
  let b = high;
  let x = low > 0 ? (low + high) / 2 : 0.8 * high;
  for (let k = 0; k < 60; k++) {
    const at = f(x);
    if (!at) return null;
    if (at.value < 0) a = x;
    else b = x;
    let next = x - at.value / at.slope;
    if (!(next > a && next < b)) next = (a + b) / 2;
    if (Math.abs(next - x) <= 1e-13 * Math.abs(x)) return next;
    if (b - a < 1e-14 * high) break;
    x = next;
  }
  const edge = 1e-12 * (high - low);
  const g = (alpha: number) => f(alpha)?.value ?? 0;
  if (g(low + edge) * g(high - edge) > 0) return null;
  return brentRoot(g, low + edge, high - edge, { tolerance: 1e-13 }).x;
}
