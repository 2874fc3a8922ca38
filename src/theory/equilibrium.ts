/**
 * What the fixed-point curve says at one alpha: every fixed point with its stability and free entropy, the branch an
 * uninformed algorithm reaches, the Bayes-optimal branch, and the phase.
 */
import type { FixedPoint, Phase } from "../core/types.ts";
import type { CurvePoint, Curve } from "./curve.ts";
import { pointAt, stablePointAt } from "./curve.ts";
import type { Thresholds } from "./thresholds.ts";

export interface BranchPoint {
  /** r = 0: zero overlap; r = Infinity: exact recovery. */
  readonly point: CurvePoint;
  readonly stable: boolean;
  /** +Infinity at the exact recovery of a continuous signal. */
  readonly freeEntropy: number;
}

export interface Equilibrium {
  readonly alpha: number;
  readonly algorithmic: BranchPoint;
  readonly optimal: BranchPoint;
  /** In order of growing overlap. */
  readonly all: readonly BranchPoint[];
  readonly phase: Phase;
}

/** The fixed point q = 0 of a symmetric model. */
export function trivialPoint(curve: Curve): CurvePoint {
  return { r: 0, q: 0, V: curve.rho, alpha: curve.weakRecovery ?? 0 };
}

/** Exact recovery. */
export function exactPoint(curve: Curve): CurvePoint {
  return { r: Number.POSITIVE_INFINITY, q: curve.rho, V: 0, alpha: curve.exactAbove ?? Number.POSITIVE_INFINITY };
}

/**
 * Free entropy of exact recovery at alpha: with discrete labels and a discrete signal -H(prior), finite; with continuous
 * labels (alpha c - d)/2 ln r -> +Infinity once alpha c > d.
 */
export function exactFreeEntropy(curve: Curve): number {
  return curve.channel.dimension(curve.rho) > 0 || curve.signal.entropy === null ? Number.POSITIVE_INFINITY : -curve.signal.entropy;
}

/** Everything at one alpha > 0. `thresholds` decide the phase. */
export function equilibrium(curve: Curve, alpha: number, thresholds: Thresholds): Equilibrium {
  const all: BranchPoint[] = [];
  if (curve.symmetric) {
    const point = trivialPoint(curve);
    all.push({ point, stable: alpha < (curve.weakRecovery as number), freeEntropy: curve.freeEntropy(point, alpha) });
  }
  curve.pieces.forEach((piece, i) => {
    const point = piece.stable ? stablePointAt(curve, i, alpha) : pointAt(curve, piece, alpha);
    if (point) all.push({ point, stable: piece.stable, freeEntropy: curve.freeEntropy(point) });
  });
  if (curve.exactAbove !== null && alpha >= curve.exactAbove)
    all.push({ point: exactPoint(curve), stable: true, freeEntropy: exactFreeEntropy(curve) });

  const algorithmic = all.find((b) => b.stable) ?? all[all.length - 1];
  let optimal = algorithmic;
  for (const b of all) if (b.stable && b.freeEntropy >= optimal.freeEntropy) optimal = b;
  return { alpha, algorithmic, optimal, all, phase: phaseAt(alpha, thresholds) };
}

/** easy: the algorithm reaches the optimum; hard: it does not; impossible: nobody recovers. null where the model has no transition. */
export function phaseAt(alpha: number, t: Thresholds): Phase {
  if (t.informationTheoretic !== null && alpha < t.informationTheoretic) return "impossible";
  if (t.algorithmic !== null) return alpha < t.algorithmic ? "hard" : "easy";
  if (t.weakRecovery !== null) return alpha < t.weakRecovery ? "impossible" : "easy";
  return null;
}

/** The same as plain data; an infinite free entropy becomes null. */
export function describeFixedPoints(e: Equilibrium, rho: number): FixedPoint[] {
  return e.all.map(({ point, stable, freeEntropy }) => ({
    order: { overlap: Math.max(point.q, 0) / rho, q: Math.max(point.q, 0), variance: point.V },
    freeEntropy: Number.isFinite(freeEntropy) ? freeEntropy : null,
    stable
  }));
}
