/**
 * Pseudo-arclength continuation of F(x, lambda) = 0 (Keller, 1977): follows a solution curve through folds, and locates the
 * folds (d lambda / ds = 0) and the branch points (where the augmented Jacobian is singular) on the way.
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Outcome, Vec } from "../core/types.ts";
import { jacobian, solveSmall, type VectorMap } from "./jacobian.ts";
import { brentRoot } from "./roots.ts";

/** F(x, lambda) of length n = x.length, written into `out`. */
export type Residual = (x: Vec, lambda: number, out: Vec) => void;
/** dF/d(x, lambda): n x (n+1), row-major, written into `out`. */
export type ResidualJacobian = (x: Vec, lambda: number, out: Vec) => void;

export interface ContinuationOptions {
  /** First, smallest and largest step along the curve. Defaults 0.01, 1e-9, 0.1. */
  readonly step?: number;
  readonly minStep?: number;
  readonly maxStep?: number;
  readonly maxPoints?: number;
  /** Stops when lambda leaves it; the last point then lies on the border. */
  readonly range?: readonly [number, number];
  /** Which way lambda goes at the start: 1 or -1. Default 1. */
  readonly direction?: 1 | -1;
  /** A point counts as on the curve when the last Newton step is below tolerance (1 + |(x, lambda)|). Default 1e-11. */
  readonly tolerance?: number;
  /** Analytic Jacobian; finite differences otherwise. */
  readonly jacobian?: ResidualJacobian;
  /** Length on which F varies around 0, for the finite differences. Default 1e-3. */
  readonly scale?: number;
  /** Ends the curve when true. */
  readonly stop?: (x: Vec, lambda: number) => boolean;
}
export interface CurvePoint {
  readonly x: Vec;
  readonly lambda: number;
  /** Distance travelled so far (sum of chords). */
  readonly arc: number;
}
export interface Curve {
  readonly points: readonly CurvePoint[];
  readonly folds: readonly CurvePoint[];
  readonly branchPoints: readonly CurvePoint[];
  /** converged: left the range, stopped or closed; horizon: out of points; diverged: the corrector failed at the smallest step. */
  readonly outcome: Outcome;
}

/** Curves further apart than this are not mistaken for one with a branch point. */
const RESOLUTION = 1e-6;

/** Follows the curve through the solution near (x0, lambda0), which is first corrected at fixed lambda. */
export function continuation(F: Residual, x0: ArrayLike<number>, lambda0: number, options: ContinuationOptions = {}): Curve {
  const { minStep = 1e-9, maxStep = 0.1, maxPoints = 2000, range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } = options;
  const { direction = 1, tolerance = 1e-11, scale = 1e-3, stop } = options;
  let step = options.step ?? 0.01;
  if (!(minStep > 0 && minStep <= step && step <= maxStep))
    throw new ParameterError(
      `continuation: steps must satisfy 0 < minStep <= step <= maxStep, got ${minStep}, ${step}, ${maxStep}; for example 1e-9, 0.01, 0.1`
    );
  if (!(lambda0 >= range[0] && lambda0 <= range[1]))
    throw new ParameterError(
      `continuation: the start must lie in the range [${range[0]}, ${range[1]}], got ${lambda0}; for example ${range[0]}`
    );
  const n = x0.length;
  const m = n + 1;
  const value = new Float64Array(n);
  const J = new Float64Array(n * m);
  const whole: VectorMap = (y, out) => F(y.subarray(0, n), y[n], out);
  const derivative = (y: Vec) => {
    if (options.jacobian) options.jacobian(y.subarray(0, n), y[n], J);
    else J.set(jacobian(whole, y, n, { scale }));
  };
  /** The square matrix [J; row]. */
  const augmented = (row: Vec) => {
    const A = new Float64Array(m * m);
    A.set(J);
    A.set(row, n * m);
    return A;
  };
  const unit = (j: number) => Float64Array.from({ length: m }, (_, i) => (i === j ? 1 : 0));

  /** Newton on F(y) = 0, row.(y - y0) = 0, in place; the number of iterations, or -1. */
  const correct = (y: Vec, row: Vec): number => {
    const anchor = Float64Array.from(y);
    let former = Number.POSITIVE_INFINITY;
    for (let it = 1; it <= 12; it++) {
      whole(y, value);
      derivative(y);
      const b = new Float64Array(m);
      for (let i = 0; i < n; i++) b[i] = -value[i];
      for (let i = 0; i < m; i++) b[n] -= row[i] * (y[i] - anchor[i]);
      solveSmall(augmented(row), b, m);
      let size = 0;
      let at = 0;
      for (let i = 0; i < m; i++) {
        y[i] += b[i];
        size = Math.max(size, Math.abs(b[i]));
        at = Math.max(at, Math.abs(y[i]));
      }
      if (!Number.isFinite(size)) return -1;
      if (size <= tolerance * (1 + at)) return it;
      if (it > 3 && size > 2 * former) return -1;
      former = size;
    }
    return -1;
  };
  /** Unit tangent at y along `along`, and the sign-carrying pivot determinant of [J; along]. */
  const tangent = (y: Vec, along: Vec): { t: Vec; det: number } | null => {
    derivative(y);
    const t = unit(n);
    const A = augmented(along);
    const det = determinant(A, m);
    if (solveSmall(A, t, m) === 0) return null;
    const length = Math.hypot(...t);
    if (!(length > 0 && Number.isFinite(length))) return null;
    for (let i = 0; i < m; i++) t[i] /= length;
    return { t, det };
  };
  const fail = (points: CurvePoint[], advice: string): Curve => ({
    points,
    folds: [],
    branchPoints: [],
    outcome: outcome("diverged", Number.MAX_VALUE, points.length, { advice })
  });

  const y0 = new Float64Array(m);
  y0.set(Float64Array.from(x0 as ArrayLike<number>));
  y0[n] = lambda0;
  let y: Vec = y0;
  if (correct(y, unit(n)) < 0) return fail([], `no solution found near the start at lambda = ${lambda0}: start closer to the curve`);
  let here: { t: Vec; det: number } | null = null;
  for (let j = n; j >= 0 && !here; j--) here = tangent(y, unit(j));
  if (!here) return fail([point(y, n, 0)], "the start is a singular point of the curve: start beside it");
  if (here.t[n] * direction < 0)
    here.t.forEach((v, i) => {
      (here as { t: Vec }).t[i] = -v;
    });
  here = tangent(y, here.t) ?? here;

  const points: CurvePoint[] = [point(y, n, 0)];
  const folds: CurvePoint[] = [];
  const branchPoints: CurvePoint[] = [];
  const startTangent = Float64Array.from(here.t);
  let arc = 0;
  const finish = (kind: Outcome["kind"], advice?: string): Curve => {
    whole(y, value);
    const residual = value.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
    return { points, folds, branchPoints, outcome: outcome(kind, residual, points.length, { advice }) };
  };
  /** The point of the curve at distance d ahead along t, with its tangent. */
  const ahead = (from: Vec, t: Vec, d: number) => {
    const z = Float64Array.from(from, (v, i) => v + d * t[i]);
    const iterations = correct(z, t);
    const next = iterations < 0 ? null : tangent(z, t);
    return next && { z, iterations, ...next };
  };

  while (points.length < maxPoints) {
    const { t, det } = here;
    let next = ahead(y, t, step);
    // the determinant keeps its sign along a curve: a change is a branch point, or a jump to a curve close by, which a
    // shorter step tells apart
    while (!next || next.t.reduce((a, v, i) => a + v * t[i], 0) < 0.95 || (det * next.det < 0 && step > Math.max(minStep, RESOLUTION))) {
      if (step <= minStep)
        return finish("diverged", `the corrector failed at the smallest step at lambda = ${y[n]}: F may not be smooth there`);
      step = Math.max(minStep, 0.5 * step);
      next = ahead(y, t, step);
    }
    const start = y;
    const locate = (f: (z: { t: Vec; det: number }) => number) => {
      const root = brentRoot((d) => f(d === 0 ? { t, det } : (ahead(start, t, d) ?? (next as { t: Vec; det: number }))), 0, step, {
        tolerance: 1e-13
      });
      return ahead(start, t, root.x);
    };
    if (t[n] * next.t[n] < 0) {
      const fold = locate((z) => z.t[n]);
      if (fold) folds.push(point(fold.z, n, arc + distance(fold.z, y)));
    }
    if (det * next.det < 0) {
      const branch = locate((z) => z.det);
      if (branch) branchPoints.push(point(branch.z, n, arc + distance(branch.z, y)));
    }
    if (next.z[n] < range[0] || next.z[n] > range[1]) {
      const border = next.z[n] < range[0] ? range[0] : range[1];
      const share = (border - y[n]) / (next.z[n] - y[n]);
      const z = Float64Array.from(y, (v, i) => v + share * ((next as { z: Vec }).z[i] - v));
      z[n] = border;
      if (correct(z, unit(n)) > 0) {
        z[n] = border;
        arc += distance(z, y);
        y = z;
        points.push(point(y, n, arc));
      }
      return finish("converged");
    }
    arc += distance(next.z, y);
    y = next.z;
    here = { t: next.t, det: next.det };
    points.push(point(y, n, arc));
    if (stop?.(y.subarray(0, n), y[n])) return finish("converged");
    if (arc > 4 * step && distance(y, y0) < step && here.t.reduce((a, v, i) => a + v * startTangent[i], 0) > 0.8 && points.length > 8)
      return finish("converged");
    step = Math.min(maxStep, next.iterations <= 3 ? 1.5 * step : next.iterations > 5 ? 0.7 * step : step);
    step = Math.max(minStep, step);
  }
  return finish("horizon", `the curve goes on after ${maxPoints} points: raise maxPoints or maxStep`);
}

function point(y: Vec, n: number, arc: number): CurvePoint {
  return { x: Float64Array.from(y.subarray(0, n)), lambda: y[n], arc };
}

function distance(a: Vec, b: Vec): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/** Determinant of a small matrix (row-major, kept) by elimination with partial pivoting. */
function determinant(A: Vec, n: number): number {
  const M = Float64Array.from(A);
  let det = 1;
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(M[i * n + k]) > Math.abs(M[p * n + k])) p = i;
    if (M[p * n + k] === 0) return 0;
    if (p !== k) {
      det = -det;
      for (let j = 0; j < n; j++) [M[k * n + j], M[p * n + j]] = [M[p * n + j], M[k * n + j]];
    }
    det *= M[k * n + k];
    for (let i = k + 1; i < n; i++) {
      const factor = M[i * n + k] / M[k * n + k];
      for (let j = k; j < n; j++) M[i * n + j] -= factor * M[k * n + j];
    }
  }
  return det;
}
