/** Root and minimum of a function of one variable: Brent, Algorithms for Minimization without Derivatives (1973), chapters 4 and 5. */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Outcome } from "../core/types.ts";

export interface BrentOptions {
  /** Absolute tolerance on x, added to the rounding of x itself; 0 asks for all the digits there are. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}
/** `x` and f(x) = `value`, both finite; the outcome's residual is |f(x)| for a root, the bracket's length for a minimum. */
export interface BrentResult {
  readonly x: number;
  readonly value: number;
  readonly outcome: Outcome;
}

function interval(owner: string, lo: number, hi: number, tolerance: number): void {
  if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo <= hi))
    throw new ParameterError(`${owner}: the interval must be finite with lo <= hi, got [${lo}, ${hi}]; for example [0, 1]`);
  if (!(tolerance >= 0)) throw new ParameterError(`${owner}: tolerance must be a number >= 0, got ${tolerance}; for example 1e-12`);
}

function failed(x: number, iterations: number): BrentResult {
  const advice = `the function is not finite at ${x}: narrow the interval`;
  return { x, value: 0, outcome: outcome("diverged", Number.MAX_VALUE, iterations, { advice }) };
}

/**
 * Zero of f in [lo, hi], where f changes sign. Throws ParameterError for an interval that is not one or has no sign change.
 * A jump through zero is reported as converged with its residual |f|: check it if f may be discontinuous.
 */
export function brentRoot(f: (x: number) => number, lo: number, hi: number, options: BrentOptions = {}): BrentResult {
  const search = brentSteps(lo, hi, options);
  let step = search.next(0);
  while (!step.done) step = search.next(f(step.value));
  return step.value;
}

/** The same search for an f that is computed elsewhere: yields each x and is sent f(x). */
export function* brentSteps(lo: number, hi: number, options: BrentOptions = {}): Generator<number, BrentResult, number> {
  const { tolerance = 0, maxIterations = 200 } = options;
  interval("brentRoot", lo, hi, tolerance);
  let a = lo;
  let b = hi;
  let fa = yield a;
  let fb = yield b;
  if (!Number.isFinite(fa)) return failed(a, 0);
  if (!Number.isFinite(fb)) return failed(b, 0);
  if (fa * fb > 0 || Math.sign(fa) * Math.sign(fb) > 0)
    throw new ParameterError(
      `brentRoot: the function must change sign between lo and hi, got ${fa} at ${lo} and ${fb} at ${hi}; widen the interval or choose one around the root`
    );
  let c = a;
  let fc = fa;
  let d = b - a;
  let e = d;
  for (let it = 0; it <= maxIterations; it++) {
    if (Math.sign(fb) * Math.sign(fc) > 0) {
      c = a;
      fc = fa;
      d = b - a;
      e = d;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const tol = 2 * Number.EPSILON * Math.abs(b) + 0.5 * tolerance + Number.MIN_VALUE;
    const half = 0.5 * (c - b);
    if (fb === 0 || Math.abs(half) <= tol) return { x: b, value: fb, outcome: outcome("converged", Math.abs(fb), it) };
    if (it === maxIterations) break;
    if (Math.abs(e) >= tol && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fa / fc;
        const t = fb / fc;
        p = s * (2 * half * r * (r - t) - (b - a) * (t - 1));
        q = (r - 1) * (t - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * half * q - Math.abs(tol * q), Math.abs(e * q))) {
        e = d;
        d = p / q;
      } else {
        d = half;
        e = half;
      }
    } else {
      d = half;
      e = half;
    }
    a = b;
    fa = fb;
    b += Math.abs(d) > tol ? d : half > 0 ? tol : -tol;
    fb = yield b;
    if (!Number.isFinite(fb)) return failed(b, it + 1);
  }
  const advice = `no root to the tolerance in ${maxIterations} iterations: raise maxIterations or tolerance`;
  return { x: b, value: fb, outcome: outcome("horizon", Math.abs(fb), maxIterations, { advice }) };
}

/**
 * A local minimum of f in [lo, hi] (the minimum if f is unimodal there). The default tolerance is 1e-8 of the scale of x, about
 * the best a comparison of values can do. Throws ParameterError for an interval that is not one.
 */
export function brentMinimum(f: (x: number) => number, lo: number, hi: number, options: BrentOptions = {}): BrentResult {
  const { tolerance = 0, maxIterations = 200 } = options;
  interval("brentMinimum", lo, hi, tolerance);
  const golden = 0.5 * (3 - Math.sqrt(5));
  let a = lo;
  let b = hi;
  let x = a + golden * (b - a);
  let w = x;
  let v = x;
  let fx = f(x);
  if (!Number.isFinite(fx)) return failed(x, 0);
  let fw = fx;
  let fv = fx;
  let d = 0;
  let e = 0;
  for (let it = 0; it <= maxIterations; it++) {
    const mid = 0.5 * (a + b);
    const tol = 1e-8 * Math.abs(x) + tolerance / 3 + 1e-12 * (hi - lo) + Number.MIN_VALUE;
    if (Math.abs(x - mid) <= 2 * tol - 0.5 * (b - a)) return { x, value: fx, outcome: outcome("converged", b - a, it) };
    if (it === maxIterations) break;
    let parabolic = false;
    if (Math.abs(e) > tol) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      const before = e;
      e = d;
      if (Math.abs(p) < Math.abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x)) {
        d = p / q;
        const u = x + d;
        if (u - a < 2 * tol || b - u < 2 * tol) d = mid >= x ? tol : -tol;
        parabolic = true;
      }
    }
    if (!parabolic) {
      e = x >= mid ? a - x : b - x;
      d = golden * e;
    }
    const u = Math.min(hi, Math.max(lo, x + (Math.abs(d) >= tol ? d : d > 0 ? tol : -tol)));
    const fu = f(u);
    if (!Number.isFinite(fu)) return failed(u, it + 1);
    if (fu <= fx) {
      if (u >= x) a = x;
      else b = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  const advice = `no minimum to the tolerance in ${maxIterations} iterations: raise maxIterations or tolerance`;
  return { x, value: fx, outcome: outcome("horizon", b - a, maxIterations, { advice }) };
}
