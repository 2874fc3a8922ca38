/**
 * All fixed points of a committee of two units, for every alpha at once. Unspecialised: Q = 2 grad Psi_w(r, 0), alpha = r/J_+(Q). Specialised:
 * r_- is the parameter, r_+ solves r_+/J_+(Q) = r_-/J_-(Q), and that ratio is alpha; at r_- = 0 the curve leaves the unspecialised one, where
 * alpha chi_w dJ_-/dlambda_- = 1. Its local extrema in alpha are spinodals.
 */
import { brentMinimum, brentRoot } from "../../numerics/roots.ts";
import type { CommitteeThresholds } from "./committeeTheory.ts";
import type { CommitteeOrder } from "./order.ts";
import { outputInformation, outputSusceptibility } from "./outputBlock.ts";
import type { CommitteePrecision, RowPrior } from "./rowPriors.ts";

export interface CommitteeCurves {
  unspecialised(alpha: number): readonly CommitteeOrder[];
  /** Stable where alpha grows along the curve: state evolution preserves order, so its largest eigenvalue passes 1 at the extrema and nowhere else. */
  specialised(alpha: number): readonly { readonly order: CommitteeOrder; readonly stable: boolean }[];
  unspecialisedStable(alpha: number, o: CommitteeOrder): boolean;
  thresholds(freeEntropy: (alpha: number, o: CommitteeOrder, r?: CommitteePrecision) => number): CommitteeThresholds;
}

interface Point {
  readonly r: CommitteePrecision;
  readonly order: CommitteeOrder;
  readonly alpha: number;
}

/** Steps of both curves in ln r. */
const STEP = 0.35;
/** r_- of the first point past the transition. */
const FIRST = 1e-3;
/** Past this r_- the curve is close to a power law. */
const SMOOTH = 20;
const MOST_POINTS = 400;

export function committeeCurves(rows: RowPrior): CommitteeCurves {
  const along = (r: number): Point => {
    const order = rows.order({ plus: r, minus: 0 });
    return { r: { plus: r, minus: 0 }, order, alpha: r / outputInformation(order).plus };
  };
  /** alpha chi_w dJ_-/dlambda_- - 1: positive where a difference between the units grows. */
  const growth = (p: Point) => p.alpha * rows.susceptibility(p.r.plus) * outputSusceptibility(p.order.lambdaPlus, p.order.vPlus) - 1;
  const ceiling = rows.sharpest;

  let departure: Point | undefined;
  /** Where the specialised curve starts. */
  const start = (): Point => {
    if (departure) return departure;
    let lo = -3;
    let hi = lo;
    while (growth(along(Math.exp(hi))) < 0) {
      lo = hi;
      hi += 0.5;
    }
    departure = along(Math.exp(brentRoot((x) => growth(along(Math.exp(x))), lo, hi, { tolerance: 1e-13 }).x));
    return departure;
  };

  /** The point of the specialised curve at r_-, its r_+ near `guess`. */
  const at = (minus: number, guess: number): Point => {
    let order = rows.order({ plus: guess, minus });
    let alpha = 0;
    const mismatch = (x: number) => {
      const plus = Math.exp(x);
      order = rows.order({ plus, minus });
      const J = outputInformation(order);
      alpha = plus / J.plus;
      return x - Math.log(J.plus) - Math.log(minus) + Math.log(J.minus);
    };
    // secant steps: smooth, and started next to the root
    let x0 = Math.log(guess);
    let f0 = mismatch(x0);
    let x1 = x0 - 0.5 * f0;
    for (let it = 0; it < 40; it++) {
      const f1 = mismatch(x1);
      const step = f1 === f0 ? 0 : (-f1 * (x1 - x0)) / (f1 - f0);
      [x0, f0] = [x1, f1];
      x1 += Math.max(-1, Math.min(1, step));
      if (Math.abs(step) < 1e-12 * (1 + Math.abs(x1)) || Math.abs(f1) < 1e-14) break;
    }
    mismatch(x0);
    return { r: { plus: Math.exp(x0), minus }, order, alpha };
  };

  const curve: Point[] = [];
  let ended = false;
  /** Tabulates one point more. */
  const grow = () => {
    if (curve.length === 0) {
      curve.push(start());
      return;
    }
    const last = curve[curve.length - 1];
    const minus = curve.length === 1 ? FIRST : last.r.minus * Math.exp(last.r.minus > SMOOTH ? 2.5 * STEP : STEP);
    const before = curve[curve.length - 2];
    // r_+ continued as a power of r_-
    const slope = curve.length > 2 ? Math.log(last.r.plus / before.r.plus) / Math.log(last.r.minus / before.r.minus) : 0;
    const next = at(minus, last.r.plus * Math.exp(slope * Math.log(minus / (last.r.minus || minus))));
    curve.push(next);
    if (next.r.minus > ceiling / 3 || curve.length > MOST_POINTS) ended = true;
  };
  /** The point between two of the table at r_-. */
  const between = (a: Point, b: Point, minus: number): Point => {
    const from = Math.max(a.r.minus, 1e-9);
    const share = a.r.minus === 0 ? (minus - a.r.minus) / (b.r.minus - a.r.minus) : Math.log(minus / from) / Math.log(b.r.minus / from);
    return at(minus, a.r.plus * Math.exp(share * Math.log(b.r.plus / a.r.plus)));
  };
  const solve = (a: Point, b: Point, alpha: number): Point => {
    const quick = a.r.minus > 0 ? newton(a, b, alpha) : null;
    if (quick) return quick;
    const point = (minus: number) => (minus === a.r.minus ? a : minus === b.r.minus ? b : between(a, b, minus));
    const tolerance = 1e-12 * b.r.minus;
    return point(brentRoot((minus) => Math.log(point(minus).alpha / alpha), a.r.minus, b.r.minus, { tolerance }).x);
  };
  /** ln r = ln(alpha J) in both directions at once, by Newton and Broyden from the chord; null unless it ends between a and b. */
  const newton = (a: Point, b: Point, alpha: number): Point | null => {
    let order = a.order;
    const residual = (x: number, y: number): [number, number] => {
      order = rows.order({ plus: Math.exp(x), minus: Math.exp(y) });
      const J = outputInformation(order);
      return [x - Math.log(alpha * J.plus), y - Math.log(alpha * J.minus)];
    };
    const share = Math.log(alpha / a.alpha) / Math.log(b.alpha / a.alpha);
    let x = Math.log(a.r.plus) + share * Math.log(b.r.plus / a.r.plus);
    let y = Math.log(a.r.minus) + share * Math.log(b.r.minus / a.r.minus);
    const h = 1e-4;
    let f = residual(x, y);
    const fx = residual(x + h, y);
    const fy = residual(x, y + h);
    let [p, q, r, s] = [(fx[0] - f[0]) / h, (fy[0] - f[0]) / h, (fx[1] - f[1]) / h, (fy[1] - f[1]) / h];
    for (let it = 0; it < 25; it++) {
      const det = p * s - q * r;
      const dx = (-f[0] * s + f[1] * q) / det;
      const dy = (-f[1] * p + f[0] * r) / det;
      if (!(Math.abs(dx) + Math.abs(dy) < 1)) return null;
      x += dx;
      y += dy;
      f = residual(x, y);
      if (Math.abs(dx) + Math.abs(dy) < 1e-11) {
        const [lo, hi] = [Math.log(a.r.minus), Math.log(b.r.minus)];
        return y > lo - 1e-9 && y < hi + 1e-9 ? { r: { plus: Math.exp(x), minus: Math.exp(y) }, order, alpha } : null;
      }
      // Broyden's update: the new residual is what the step should have removed
      const length = dx * dx + dy * dy;
      p += (f[0] * dx) / length;
      q += (f[0] * dy) / length;
      r += (f[1] * dx) / length;
      s += (f[1] * dy) / length;
    }
    return null;
  };

  let peak: Point | undefined;
  /** Discrete weights: the last maximum of alpha along the specialised curve, past which only exact learning is left. Made a point of the table, lest pairs of roots beside it be missed. */
  const summit = (): Point => {
    if (peak) return peak;
    while (!ended) grow();
    let top = curve.length - 2;
    for (let k = 1; k < curve.length - 1; k++) if (curve[k].alpha > curve[top].alpha) top = k;
    const { plus } = curve[top].r;
    const [lo, hi] = [Math.log(curve[top - 1].r.minus || FIRST / 10), Math.log(curve[top + 1].r.minus)];
    peak = at(Math.exp(brentMinimum((x) => -at(Math.exp(x), plus).alpha, lo, hi, { tolerance: 1e-8 }).x), plus);
    curve.push(peak);
    curve.sort((a, b) => a.r.minus - b.r.minus);
    return peak;
  };

  return {
    unspecialised: (alpha) => {
      // alpha(r) is close to r for small r, and J_+ grows with r
      let lo = Math.log(alpha) - 3;
      while (along(Math.exp(lo)).alpha > alpha) lo -= 1;
      let hi = lo + 1;
      while (along(Math.exp(hi)).alpha < alpha) {
        lo = hi;
        hi += 1;
      }
      const x = brentRoot((y) => Math.log(along(Math.exp(y)).alpha / alpha), lo, hi, { tolerance: 1e-13 }).x;
      return [along(Math.exp(x)).order];
    },
    specialised: (alpha) => {
      const found: { order: CommitteeOrder; stable: boolean }[] = [];
      if (rows.entropy !== null) summit();
      for (let k = 0; ; k++) {
        while (curve.length < k + 2 && !ended) grow();
        if (curve.length < k + 2) return found;
        const [a, b] = [curve[k], curve[k + 1]];
        if ((a.alpha - alpha) * (b.alpha - alpha) < 0) found.push({ order: solve(a, b, alpha).order, stable: b.alpha > a.alpha });
        // Gaussian weights: alpha grows along the curve for good
        if (rows.entropy === null && b.alpha > 2 * alpha && b.alpha > 8) return found;
      }
    },
    unspecialisedStable: (alpha, o) => alpha * rows.susceptibility(precisionOf(alpha, o)) * outputSusceptibility(o.lambdaPlus, o.vPlus) < 1,
    thresholds: (freeEntropy) => {
      const specialization = start().alpha;
      if (rows.entropy === null) return { specialization, algorithmic: null, informationTheoretic: null };
      const gap = (alpha: number) => {
        const r = unspecialisedPrecision(alpha);
        return freeEntropy(alpha, r.order, r.r) + (rows.entropy as number);
      };
      const unspecialisedPrecision = (alpha: number): Point => {
        const x = brentRoot((y) => Math.log(along(Math.exp(y)).alpha / alpha), -8, 5, { tolerance: 1e-13 }).x;
        return along(Math.exp(x));
      };
      return {
        specialization,
        algorithmic: summit().alpha,
        informationTheoretic: brentRoot(gap, 0.5, specialization, { tolerance: 1e-12 }).x
      };
    }
  };
  function precisionOf(alpha: number, o: CommitteeOrder): number {
    return alpha * outputInformation(o).plus;
  }
}
