/**
 * Fixed points x = F(x) of small or large systems: damped iteration with Anderson acceleration (Walker and Ni, SIAM J. Numer.
 * Anal. 49, 2011), safeguarded so that it goes where the plain iteration goes: while the residual grows in one direction the
 * iterate is leaving an unstable fixed point, and a secant step would throw it back there.
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Outcome, Vec } from "../core/types.ts";
import { jacobian, spectralRadius, type VectorMap } from "./jacobian.ts";

export interface FixedPointOptions {
  /** Weight on the OLD value, in [0, 1): x <- damping x + (1 - damping) F(x). Default 0. */
  readonly damping?: number;
  /** Number of former steps Anderson acceleration combines; 0 is plain damped iteration. Default 5. */
  readonly depth?: number;
  /** Converged when the undamped |F_i(x) - x_i| <= tolerance (|x_i| + scale) for every i. Default 1e-12. */
  readonly tolerance?: number;
  /** Size below which a component counts as zero for the tolerance. Default 1e-3. */
  readonly scale?: number;
  readonly maxIterations?: number;
  /** Box the iterates are kept in; each time a wall acts is counted in `outcome.clipped`. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** Check the stability of what was found (4 further evaluations per component). Default: up to 12 components. */
  readonly stability?: boolean;
}
export interface FixedPointResult {
  /** Where it ended, finite: the fixed point, or the last good iterate. */
  readonly x: Vec;
  /** Unstable fixed points are `trivial-fixed-point`; the residual is the largest undamped |F_i(x) - x_i|. */
  readonly outcome: Outcome;
  /** Spectral radius of the Jacobian of F there; null when it was not asked for or not converged. */
  readonly growthRate: number | null;
}

function dot(a: Vec, b: Vec): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Coefficients c minimising |f - sum c_k dF_k| by modified Gram-Schmidt; columns that add nothing get 0. Newest column last. */
function leastSquares(columns: readonly Vec[], f: Vec): number[] {
  const basis: Vec[] = [];
  const order: number[] = [];
  const triangle: number[][] = [];
  for (let k = columns.length - 1; k >= 0; k--) {
    const v = Float64Array.from(columns[k]);
    const length = Math.sqrt(dot(v, v));
    if (!(length > 0)) continue;
    const row: number[] = [];
    for (const b of basis) {
      const p = dot(b, v);
      row.push(p);
      for (let i = 0; i < v.length; i++) v[i] -= p * b[i];
    }
    const left = Math.sqrt(dot(v, v));
    if (left < 1e-8 * length) continue; // nearly dependent on newer steps
    for (let i = 0; i < v.length; i++) v[i] /= left;
    row.push(left);
    basis.push(v);
    order.push(k);
    triangle.push(row);
  }
  const rest = Float64Array.from(f);
  const projections = basis.map((b) => {
    const p = dot(b, rest);
    for (let i = 0; i < rest.length; i++) rest[i] -= p * b[i];
    return p;
  });
  const c = columns.map(() => 0);
  for (let j = basis.length - 1; j >= 0; j--) {
    let sum = projections[j];
    for (let l = j + 1; l < basis.length; l++) sum -= triangle[l][j] * c[order[l]];
    c[order[j]] = sum / triangle[j][j];
  }
  return c;
}

/**
 * Iterates x <- F(x) from x0 (length n; `F(x, out)` writes its value into `out`). Throws ParameterError for options out of range;
 * everything numerical is in the outcome: converged, trivial-fixed-point (unstable), horizon, diverged.
 */
export function fixedPoint(F: VectorMap, x0: ArrayLike<number>, options: FixedPointOptions = {}): FixedPointResult {
  const { damping = 0, depth = 5, tolerance = 1e-12, scale = 1e-3, maxIterations = 1000, lower, upper } = options;
  if (!(damping >= 0 && damping < 1))
    throw new ParameterError(
      `fixedPoint: damping is the weight on the old value and must be a number in [0, 1), got ${damping}; for example 0.5`
    );
  if (!(depth >= 0 && Number.isInteger(depth)))
    throw new ParameterError(`fixedPoint: depth must be an integer >= 0, got ${depth}; for example 5`);
  if (!(tolerance > 0)) throw new ParameterError(`fixedPoint: tolerance must be a positive number, got ${tolerance}; for example 1e-12`);
  const n = x0.length;
  let x = Float64Array.from(x0 as ArrayLike<number>);
  if (!x.every(Number.isFinite))
    throw new ParameterError(`fixedPoint: the start must be finite, got [${Array.from(x)}]; for example zeros`);
  const image = new Float64Array(n);
  let f = new Float64Array(n);
  let lastF = new Float64Array(n);
  let lastX = new Float64Array(n);
  let dX: Vec[] = [];
  let dF: Vec[] = [];
  let accelerated = false;
  let clipped = 0;
  let residual = Number.MAX_VALUE;
  let lastSize = Number.POSITIVE_INFINITY;

  const clip = (v: Vec) => {
    let acted = false;
    for (let i = 0; i < n; i++) {
      const lo = lower ? lower[i] : Number.NEGATIVE_INFINITY;
      const hi = upper ? upper[i] : Number.POSITIVE_INFINITY;
      if (v[i] < lo || v[i] > hi) {
        v[i] = Math.min(hi, Math.max(lo, v[i]));
        acted = true;
      }
    }
    if (acted) clipped++;
  };
  const plain = () => {
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) next[i] = x[i] + (1 - damping) * f[i];
    return next;
  };
  clip(x);
  for (let it = 0; it <= maxIterations; it++) {
    F(x, image);
    for (let tries = 0; it > 0 && tries < 30 && !image.every(Number.isFinite); tries++) {
      // left the domain of F: halve the step
      for (let i = 0; i < n; i++) x[i] = 0.5 * (x[i] + lastX[i]);
      dX = [];
      dF = [];
      accelerated = false;
      clipped++;
      F(x, image);
    }
    if (!image.every(Number.isFinite) || x.some((v) => Math.abs(v) > 1e150)) {
      const advice = "the iteration left the domain where F is finite: raise damping, or start elsewhere";
      const good = it > 0 && lastX.every(Number.isFinite) ? lastX : x;
      return { x: good, outcome: outcome("diverged", residual, it, { advice, clipped }), growthRate: null };
    }
    let converged = true;
    let size = 0;
    residual = 0;
    for (let i = 0; i < n; i++) {
      f[i] = image[i] - x[i];
      const gap = Math.abs(f[i]);
      residual = Math.max(residual, gap);
      const allowed = Math.abs(x[i]) + scale;
      size = Math.max(size, gap / allowed);
      if (gap > tolerance * allowed) converged = false;
    }
    if (converged) return settled(F, x, residual, it, clipped, options);
    if (it === maxIterations) break;

    let next: Vec;
    if (accelerated && size > 2 * lastSize) {
      // the combination made it worse: go back and take the plain step from there
      x = lastX;
      f = lastF;
      lastX = new Float64Array(n);
      lastF = new Float64Array(n);
      size = lastSize;
      dX = [];
      dF = [];
      next = plain();
      accelerated = false;
    } else {
      const leaving = it > 0 && dot(f, f) >= dot(lastF, lastF) && dot(f, lastF) > 0;
      if (leaving || depth === 0) {
        dX = [];
        dF = [];
      } else if (it > 0) {
        const sx = new Float64Array(n);
        const sf = new Float64Array(n);
        for (let i = 0; i < n; i++) {
          sx[i] = x[i] - lastX[i];
          sf[i] = f[i] - lastF[i];
        }
        dX.push(sx);
        dF.push(sf);
        if (dX.length > Math.min(depth, n)) {
          dX.shift();
          dF.shift();
        }
      }
      next = plain();
      accelerated = dX.length > 0;
      if (accelerated) {
        const c = leastSquares(dF, f);
        for (let k = 0; k < c.length; k++) for (let i = 0; i < n; i++) next[i] -= c[k] * (dX[k][i] + (1 - damping) * dF[k][i]);
        if (!next.every(Number.isFinite)) {
          next = plain();
          accelerated = false;
        }
      }
    }
    clip(next);
    lastSize = size;
    [lastX, x] = [x, next as Float64Array<ArrayBuffer>];
    [lastF, f] = [f, lastF];
  }
  const advice = `not converged in ${maxIterations} iterations: raise maxIterations, change damping, or look for a transition nearby, where iteration slows down`;
  return { x, outcome: outcome("horizon", residual, maxIterations, { advice, clipped }), growthRate: null };
}

/** The end of a converged run: a fixed point from which a heavily damped iteration moves away is not an answer. */
function settled(
  F: VectorMap,
  x: Vec,
  residual: number,
  iterations: number,
  clipped: number,
  options: FixedPointOptions
): FixedPointResult {
  const n = x.length;
  if (!(options.stability ?? n <= 12)) return { x, outcome: outcome("converged", residual, iterations, { clipped }), growthRate: null };
  const { scale = 1e-3, lower, upper } = options;
  const J = jacobian(F, x, n, { scale, ...(lower ? { lower } : {}), ...(upper ? { upper } : {}) });
  const growthRate = spectralRadius(J, n);
  const mix = 0.01; // (1 - mix) I + mix J has spectral radius above 1 when J has an eigenvalue of real part above 1
  const slow = Float64Array.from(J, (v, k) => mix * v + (k % (n + 1) === 0 ? 1 - mix : 0));
  const unstable = spectralRadius(slow, n) > 1 + mix * 1e-6;
  if (!unstable) return { x, outcome: outcome("converged", residual, iterations, { clipped }), growthRate };
  const advice = `this fixed point is unstable (growth rate ${growthRate.toPrecision(6)} an iteration): start further away from it`;
  return { x, outcome: outcome("trivial-fixed-point", residual, iterations, { advice, clipped }), growthRate };
}
