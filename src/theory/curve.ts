/**
 * A curve alpha(r) cut into pieces on which it is monotone, and its points at a given alpha: what the curves of i.i.d. and of rotationally
 * invariant matrices share. Stable where alpha increases; the ends of a piece are spinodals.
 */
import type { Channel } from "../core/types.ts";
import { brentMinimum } from "../numerics/roots.ts";
import type { SignalBlock } from "./signalBlock.ts";

export interface CurvePoint {
  /** Precision of the effective observation (the hat of q); 0 at the trivial point, Infinity at exact recovery. */
  readonly r: number;
  readonly q: number;
  /** rho - q, with all its digits. */
  readonly V: number;
  readonly alpha: number;
}

/** A maximal piece of the curve on which alpha(r) is monotone: stable where it increases. */
export interface Piece {
  readonly from: CurvePoint;
  readonly to: CurvePoint;
  readonly stable: boolean;
  /** Table points of the piece, ends included, r increasing. */
  readonly points: readonly CurvePoint[];
}

/** A curve alpha(r) through every fixed point of a matched model. */
export interface Curve {
  readonly signal: SignalBlock;
  readonly channel: Channel;
  readonly rho: number;
  readonly points: readonly CurvePoint[];
  readonly pieces: readonly Piece[];
  /** True when q = 0 is a fixed point at every alpha. */
  readonly symmetric: boolean;
  /** Where zero overlap loses its stability, alpha(r -> 0), when symmetric, else null. */
  readonly weakRecovery: number | null;
  /** Exact recovery is a fixed point, stable for alpha above this; null where it never is (noise, or continuous signals seen through discrete labels). */
  readonly exactAbove: number | null;
  at(r: number): CurvePoint;
  /** Free entropy of a point of the curve at its own alpha, or at another one beside it; of zero overlap (r = 0) at any alpha. Nats per component. */
  freeEntropy(point: CurvePoint, alpha?: number): number;
  /** The slope of the free entropy in alpha along a branch. */
  slope(point: CurvePoint): number;
  /** What the layer and the channel add to the free entropy when the signal's posterior variance is held at v; alpha Psi_out(rho - v, v) where absent; null where v cannot be. */
  output?(v: number, alpha: number): number | null;
}

const DENSITY = 2; // table points per decade of r, before refinement
const FLAT = 0.12; // refine where |d ln alpha / d ln r| is smaller: extrema hide there
const BEND = 0.06; // and where that slope changes by more from cell to cell
const FINEST = Math.LN10 / 16; // smallest cell made for it
/** Largest r rho of a table by default: the nodes of the channels hold their digits down to V + noise = 1e-20 rho. */
export const SHARPEST = 1e25;
/** alpha past every transition. */
export const BEYOND = 1e5;
const SAME = 1e-9; // a max-min pair closer than this (relative) is rounding, not a fold

/** Table in ln r, then refined where it is flat. It ends where V underflows, or where alpha has left every range of interest. */
export function table(at: (r: number) => CurvePoint, rho: number, start: number, exact: boolean, sharpest: number): CurvePoint[] {
  const step = Math.LN10 / DENSITY;
  const coarse: CurvePoint[] = [];
  for (let k = 0; ; k++) {
    const r = start * Math.exp(step * k);
    if (r * rho > sharpest) break;
    const p = at(r);
    if (!(p.V > 1e-280) && exact) break; // discrete signal, no noise: beyond lies exact recovery
    if (!(p.alpha > 0) || !Number.isFinite(p.alpha)) break;
    coarse.push(p);
    if (p.alpha > BEYOND && p.r * rho > 1e3) break;
    if (exact && p.V < 1e-13 * rho && Math.abs(slope(coarse, coarse.length - 1)) < 1e-7) break; // the plateau alpha -> d/c is reached
  }
  if (coarse.length < 3) return coarse; // nothing to refine
  let points = coarse;
  for (let pass = 0; pass < 4; pass++) {
    const slopes = points.map((_, k) => slope(points, k));
    const finer: CurvePoint[] = [points[0]];
    for (let k = 1; k < points.length; k++) {
      const cell = Math.log(points[k].r / points[k - 1].r);
      const flat = Math.abs(slopes[k]) < FLAT && Math.abs(slopes[k]) > 1e-6;
      const bends = (j: number) => j > 0 && j < points.length && Math.abs(slopes[j] - slopes[k]) > BEND;
      if (cell > FINEST && (flat || bends(k - 1) || bends(k + 1))) finer.push(at(Math.sqrt(points[k - 1].r * points[k].r)));
      finer.push(points[k]);
    }
    if (finer.length === points.length) break;
    points = finer;
  }
  return points;
}

function slope(points: readonly CurvePoint[], k: number): number {
  if (k < 1) return slope(points, 1);
  return Math.log(points[k].alpha / points[k - 1].alpha) / Math.log(points[k].r / points[k - 1].r);
}

/** Cuts the table at the extrema of alpha(r), each located by Brent in ln r. */
export function monotonePieces(at: (r: number) => CurvePoint, points: readonly CurvePoint[]): Piece[] {
  // extrema of the table, alternating, with pairs that are only rounding removed
  let turns: number[] = [];
  for (let k = 1; k + 1 < points.length; k++) {
    const before = points[k].alpha - points[k - 1].alpha;
    const after = points[k + 1].alpha - points[k].alpha;
    if (before * after < 0) turns.push(k);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i + 1 < turns.length && !changed; i++)
      if (Math.abs(points[turns[i]].alpha / points[turns[i + 1]].alpha - 1) < SAME) {
        turns = turns.filter((_, j) => j !== i && j !== i + 1);
        changed = true;
      }
  }
  turns = turns.filter((k) => {
    const peak = points[k].alpha;
    const ends = [points[0].alpha, points[points.length - 1].alpha];
    return turns.length > 1 || ends.every((e) => Math.abs(e / peak - 1) > SAME);
  });
  const cuts = turns.map((k) => {
    const sign = points[k].alpha > points[k - 1].alpha ? -1 : 1;
    const found = brentMinimum((u) => sign * at(Math.exp(u)).alpha, Math.log(points[k - 1].r), Math.log(points[k + 1].r), {
      tolerance: 1e-7
    });
    return at(Math.exp(found.x));
  });
  const pieces: Piece[] = [];
  let from = points[0];
  for (const to of [...cuts, points[points.length - 1]]) {
    const inner = points.filter((p) => p.r > from.r && p.r < to.r);
    pieces.push({ from, to, stable: to.alpha > from.alpha, points: [from, ...inner, to] });
    from = to;
  }
  return pieces;
}

/**
 * The stable point of piece i at alpha, or null. The first piece is followed below the table (down to r = 0, or to weak
 * recovery), the last one above it: there r is proportional to alpha, J having its limit.
 */
export function stablePointAt(curve: Curve, i: number, alpha: number): CurvePoint | null {
  const piece = curve.pieces[i];
  if (!piece.stable) return null;
  const below = i === 0 && alpha < piece.from.alpha && !(curve.symmetric && alpha < (curve.weakRecovery as number));
  const above = i === curve.pieces.length - 1 && alpha > piece.to.alpha && !(curve.exactAbove !== null && alpha >= curve.exactAbove);
  if (below) return followTail(curve, piece.from, alpha);
  if (above) return followTail(curve, piece.to, alpha);
  return pointAt(curve, piece, alpha);
}

/** A few fixed-point steps from the end of the table are exact to rounding. */
function followTail(curve: Curve, edge: CurvePoint, alpha: number): CurvePoint {
  let point = edge;
  for (let k = 0; k < 60; k++) {
    const next = curve.at((point.r * alpha) / point.alpha);
    const done = Math.abs(next.alpha / alpha - 1) < 1e-13;
    point = next;
    if (done) break;
  }
  return point;
}

/** The point of a monotone piece at a given alpha, or null when the piece does not reach it. */
export function pointAt(curve: Curve, piece: Piece, alpha: number): CurvePoint | null {
  const rising = piece.to.alpha > piece.from.alpha;
  const [low, high] = rising ? [piece.from, piece.to] : [piece.to, piece.from];
  if (alpha === low.alpha) return low;
  if (alpha === high.alpha) return high;
  if (!(alpha > low.alpha && alpha < high.alpha)) return null;
  const list = piece.points;
  let a = 0;
  let b = list.length - 1;
  while (b - a > 1) {
    const mid = (a + b) >> 1;
    if (list[mid].alpha < alpha === rising) a = mid;
    else b = mid;
  }
  return solveInCell(curve, list, a, Math.log(alpha));
}

/**
 * ln alpha(r) = target inside the cell [k, k+1] of a piece. A cubic through four table points gives the first guess, secants
 * the rest, the bracket catches them: three or four evaluations of the curve instead of a dozen.
 */
function solveInCell(curve: Curve, list: readonly CurvePoint[], k: number, target: number): CurvePoint {
  let lo = Math.log(list[k].r);
  let hi = Math.log(list[k + 1].r);
  const rising = list[k + 1].alpha > list[k].alpha;
  const first = Math.max(0, Math.min(k - 1, list.length - 4));
  const near = list.slice(first, first + 4).map((p) => ({ u: Math.log(p.r), f: Math.log(p.alpha) - target }));
  let u = near.reduce((sum, p) => sum + p.u * near.reduce((w, other) => (other === p ? w : (w * other.f) / (other.f - p.f)), 1), 0);
  let before = { u: lo, f: Math.log(list[k].alpha) - target };
  let point = list[k];
  for (let it = 0; it < 100; it++) {
    if (!(u > lo && u < hi)) u = (lo + hi) / 2;
    point = curve.at(Math.exp(u));
    const f = Math.log(point.alpha) - target;
    if (Math.abs(f) < 2e-15 || hi - lo < 1e-15 * Math.max(1, Math.abs(u))) break;
    if (f < 0 === rising) lo = u;
    else hi = u;
    const next = u - (f * (u - before.u)) / (f - before.f);
    before = { u, f };
    if (Math.abs(next - u) < 1e-15 * Math.max(1, Math.abs(u))) break;
    u = next;
  }
  return point;
}
