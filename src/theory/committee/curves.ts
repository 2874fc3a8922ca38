/**
 * All fixed points of a committee of a few units, for every alpha at once. Unspecialised: Q = 2 grad Psi_w(r, 0), alpha = r/J_+(Q). Specialised:
 * r_- is the parameter, r_+ solves r_+/J_+(Q) = r_-/J_-(Q), and that ratio is alpha; at r_- = 0 the curve leaves the unspecialised one, where
 * alpha chi_w dJ_-/dlambda_- = 1. Its local extrema in alpha are spinodals.
 */
import { brentMinimum, brentRoot } from "../../numerics/roots.ts";
import type { CommitteeThresholds } from "./committeeTheory.ts";
import type { CommitteeOrder } from "./order.ts";
import type { CommitteeOutput } from "./outputBlock.ts";
import type { CommitteePrecision, RowPrior } from "./rowPriors.ts";

export interface CommitteeCurves {
  unspecialised(alpha: number): readonly CommitteeOrder[];
  /** Stable where alpha grows along the curve: state evolution preserves order, so its largest eigenvalue passes 1 at the extrema and nowhere else. */
  specialised(alpha: number): readonly { readonly order: CommitteeOrder; readonly stable: boolean }[];
  unspecialisedStable(alpha: number, o: CommitteeOrder): boolean;
  thresholds(freeEntropy: (alpha: number, o: CommitteeOrder, r: CommitteePrecision) => number): CommitteeThresholds;
}

interface Point {
  readonly r: CommitteePrecision;
  readonly order: CommitteeOrder;
  readonly alpha: number;
}

/** Steps along the specialised curve in ln r; three units are dear and need no more. */
const STEP = 0.35;
const LONG_STEP = 0.7;
/** Where the curve of exact learning has come down to fewer samples than anyone asks for. */
const LEAST_ALPHA = 5e-3;
/** r_- of the first point past the transition. */
const FIRST = 1e-3;
/** Past this r_- the curve is close to a power law. */
const SMOOTH = 20;
const MOST_POINTS = 400;

export function committeeCurves(rows: RowPrior, output: CommitteeOutput): CommitteeCurves {
  const along = (r: number): Point => {
    const order = rows.order({ plus: r, minus: 0 });
    return { r: { plus: r, minus: 0 }, order, alpha: r / output.information(order).plus };
  };
  /** alpha chi_w dJ_-/dlambda_- - 1: positive where a difference between the units grows. */
  const growth = (p: Point) => p.alpha * rows.susceptibility(p.r.plus) * output.susceptibility(p.order.lambdaPlus, p.order.vPlus) - 1;
  const ceiling = rows.sharpest;
  const stride = output.units > 2 ? LONG_STEP : STEP;

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
      const J = output.information(order);
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
      if (Math.abs(step) < output.accuracy * (1 + Math.abs(x1)) || Math.abs(f1) < 0.01 * output.accuracy) break;
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
    const minus = curve.length === 1 ? FIRST : last.r.minus * Math.exp(last.r.minus > SMOOTH ? 2.5 * STEP : stride);
    const before = curve[curve.length - 2];
    // r_+ continued as a power of r_-
    const slope = curve.length > 2 ? Math.log(last.r.plus / before.r.plus) / Math.log(last.r.minus / before.r.minus) : 0;
    const next = at(minus, last.r.plus * Math.exp(slope * Math.log(minus / (last.r.minus || minus))));
    curve.push(next);
    if (next.r.minus > ceiling / 3 || (rows.entropy !== null && next.alpha < LEAST_ALPHA) || curve.length > MOST_POINTS) ended = true;
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
    const tolerance = output.accuracy * b.r.minus;
    return point(brentRoot((minus) => Math.log(point(minus).alpha / alpha), a.r.minus, b.r.minus, { tolerance }).x);
  };
  /** ln r = ln(alpha J) in both directions at once, by Newton and Broyden from the chord; null unless it ends between a and b. */
  const newton = (a: Point, b: Point, alpha: number): Point | null => {
    let order = a.order;
    const residual = (x: number, y: number): [number, number] => {
      order = rows.order({ plus: Math.exp(x), minus: Math.exp(y) });
      const J = output.information(order);
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
      if (Math.abs(dx) + Math.abs(dy) < 10 * output.accuracy) {
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
    peak = at(
      Math.exp(brentMinimum((x) => -at(Math.exp(x), plus).alpha, lo, hi, { tolerance: Math.max(1e-8, Math.sqrt(output.accuracy)) }).x),
      plus
    );
    curve.push(peak);
    curve.sort((a, b) => a.r.minus - b.r.minus);
    return peak;
  };

  /** Whether the curve leaves the unspecialised state towards smaller alpha. */
  const turns = () => {
    while (curve.length < 3) grow();
    return curve[2].alpha < curve[1].alpha;
  };
  let valley: Point | undefined;
  /** Gaussian weights: the least alpha of a specialised state where the curve first runs back; made a point of the table. */
  const bottom = (): Point => {
    if (valley) return valley;
    while (curve.length < 3 || curve[curve.length - 1].alpha < curve[curve.length - 2].alpha) grow();
    const n = curve.length;
    const [lo, hi] = [Math.log(curve[n - 3].r.minus), Math.log(curve[n - 1].r.minus)];
    const { plus } = curve[n - 2].r;
    valley = at(Math.exp(brentMinimum((x) => at(Math.exp(x), plus).alpha, lo, hi, { tolerance: Math.sqrt(output.accuracy) }).x), plus);
    curve.push(valley);
    curve.sort((a, b) => a.r.minus - b.r.minus);
    return valley;
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
      else if (turns()) bottom();
      for (let k = 0; ; k++) {
        while (curve.length < k + 2 && !ended) grow();
        if (curve.length < k + 2) return found;
        const [a, b] = [curve[k], curve[k + 1]];
        if ((a.alpha - alpha) * (b.alpha - alpha) < 0) found.push({ order: solve(a, b, alpha).order, stable: b.alpha > a.alpha });
        // Gaussian weights: once alpha grows along the curve it does so for good
        if (rows.entropy === null && b.alpha > a.alpha && b.alpha > 2 * alpha && b.alpha > 8) return found;
      }
    },
    unspecialisedStable: (alpha, o) =>
      alpha * rows.susceptibility(precisionOf(alpha, o)) * output.susceptibility(o.lambdaPlus, o.vPlus) < 1,
    thresholds: (freeEntropy) => {
      const specialization = start().alpha;
      const unspecialised = (alpha: number): Point => {
        const x = brentRoot((y) => Math.log(along(Math.exp(y)).alpha / alpha), -8, 8, { tolerance: 1e-13 }).x;
        return along(Math.exp(x));
      };
      const bare = (alpha: number) => {
        const { order, r } = unspecialised(alpha);
        return freeEntropy(alpha, order, r);
      };
      if (rows.entropy !== null) {
        const exact = -rows.entropy;
        return {
          specialization,
          spinodal: null,
          // past it nothing holds the student back: the last maximum of the curve, or its start
          algorithmic: Math.max(summit().alpha, specialization),
          informationTheoretic: brentRoot((alpha) => bare(alpha) - exact, 0.5, specialization, { tolerance: 1e-12 }).x
        };
      }
      // Gaussian weights: the curve leaves towards larger alpha, and all is continuous; or towards smaller, and turns
      if (!turns()) return { specialization, spinodal: null, algorithmic: null, informationTheoretic: null };
      const turn = bottom();
      // from the turn on the specialised branch gains on the other one
      let k = curve.findIndex((p) => p.r.minus > turn.r.minus);
      const gain = (p: Point) => freeEntropy(p.alpha, p.order, p.r) - bare(p.alpha);
      while (gain(curve[k]) < 0) {
        k++;
        while (curve.length <= k) grow();
      }
      const [a, b] = [curve[k - 1].r.minus > turn.r.minus ? curve[k - 1] : turn, curve[k]];
      const cross = brentRoot((x) => gain(between(a, b, Math.exp(x))), Math.log(a.r.minus), Math.log(b.r.minus), {
        tolerance: output.accuracy
      }).x;
      return {
        specialization,
        spinodal: turn.alpha,
        algorithmic: specialization,
        informationTheoretic: between(a, b, Math.exp(cross)).alpha
      };
    }
  };
  function precisionOf(alpha: number, o: CommitteeOrder): number {
    return alpha * output.information(o).plus;
  }
}
