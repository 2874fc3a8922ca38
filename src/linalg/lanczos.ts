/** Symmetric Lanczos through a matrix-vector product alone: extreme eigenvalues and the top eigenvector, O(dimension) memory (Golub and Van Loan, section 10.1). */
import type { Rng, Vec } from "../core/types.ts";

export interface Tridiagonal {
  readonly diagonal: Vec;
  /** One shorter: off[k] couples k and k+1. */
  readonly off: Vec;
}

/**
 * `steps` of Lanczos on the Hermitian map `apply(x, out)` from `start` (overwritten by its direction). Complex vectors are
 * interleaved: the recurrence only needs real inner products, because alpha and beta are real. When `onVector` is given it sees q_k.
 */
export function lanczos(apply: (x: Vec, out: Vec) => void, start: Vec, steps: number, onVector?: (k: number, q: Vec) => void): Tridiagonal {
  const n = start.length;
  let q = start;
  normalise(q);
  let before: Vec = new Float64Array(n);
  let w: Vec = new Float64Array(n);
  const diagonal: number[] = [];
  const off: number[] = [];
  for (let k = 0; k < steps; k++) {
    onVector?.(k, q);
    apply(q, w);
    let a = 0;
    for (let i = 0; i < n; i++) a += q[i] * w[i];
    const beta = k > 0 ? off[k - 1] : 0;
    let b2 = 0;
    for (let i = 0; i < n; i++) {
      w[i] -= a * q[i] + beta * before[i];
      b2 += w[i] * w[i];
    }
    diagonal.push(a);
    const b = Math.sqrt(b2);
    if (k === steps - 1 || !(b > 1e-13 * (Math.abs(a) + beta))) break; // an invariant subspace: done
    off.push(b);
    const free = before;
    before = q;
    q = w;
    w = free;
    for (let i = 0; i < n; i++) q[i] /= b;
  }
  return { diagonal: Float64Array.from(diagonal), off: Float64Array.from(off) };
}

/** Number of eigenvalues below x (Sturm sequence). */
function countBelow({ diagonal, off }: Tridiagonal, x: number): number {
  let count = 0;
  let d = 1;
  for (let k = 0; k < diagonal.length; k++) {
    d = diagonal[k] - x - (k > 0 ? (off[k - 1] * off[k - 1]) / d : 0);
    if (d === 0) d = 1e-300;
    if (d < 0) count++;
  }
  return count;
}

/** The eigenvalue of rank `rank` (0 the smallest) by bisection. */
export function eigenvalue(T: Tridiagonal, rank: number): number {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < T.diagonal.length; k++) {
    const r = (k > 0 ? Math.abs(T.off[k - 1]) : 0) + (k < T.off.length ? Math.abs(T.off[k]) : 0);
    lo = Math.min(lo, T.diagonal[k] - r);
    hi = Math.max(hi, T.diagonal[k] + r);
  }
  for (let it = 0; it < 200 && hi - lo > 2e-16 * (Math.abs(lo) + Math.abs(hi)); it++) {
    const mid = (lo + hi) / 2;
    if (mid <= lo || mid >= hi) break;
    if (countBelow(T, mid) > rank) hi = mid;
    else lo = mid;
  }
  return (lo + hi) / 2;
}

/** Eigenvector of an eigenvalue by two steps of inverse iteration (elimination with partial pivoting). */
export function eigenvector({ diagonal, off }: Tridiagonal, lambda: number): Vec {
  const n = diagonal.length;
  let x = new Float64Array(n).fill(1 / Math.sqrt(n));
  const tiny = 1e-15 * (Math.abs(lambda) + Math.max(...diagonal.map(Math.abs), 1e-290));
  for (let pass = 0; pass < 3; pass++) {
    const d = diagonal.map((v) => v - lambda);
    const u = Float64Array.from(off);
    const u2 = new Float64Array(n);
    const rhs = x.slice();
    for (let k = 0; k + 1 < n; k++) {
      if (Math.abs(off[k]) > Math.abs(d[k])) {
        const [p, c, e] = [off[k], d[k + 1], k + 1 < off.length ? off[k + 1] : 0]; // row k+1 becomes the pivot row
        const f = d[k] / p;
        d[k] = p;
        d[k + 1] = u[k] - f * c;
        u[k] = c;
        u2[k] = e;
        if (k + 1 < off.length) u[k + 1] = -f * e;
        [rhs[k], rhs[k + 1]] = [rhs[k + 1], rhs[k] - f * rhs[k + 1]];
      } else {
        const f = d[k] === 0 ? 0 : off[k] / d[k];
        d[k + 1] -= f * u[k];
        rhs[k + 1] -= f * rhs[k];
      }
    }
    for (let k = n - 1; k >= 0; k--) {
      const pivot = Math.abs(d[k]) < tiny ? tiny : d[k];
      rhs[k] = (rhs[k] - (k + 1 < n ? u[k] * rhs[k + 1] : 0) - (k + 2 < n ? u2[k] * rhs[k + 2] : 0)) / pivot;
    }
    normalise(rhs);
    x = rhs;
  }
  return x;
}

/** The largest eigenvalue and its unit vector; two passes, so no basis is stored. `residual` is |M x - lambda x|. */
export function topEigenvector(
  apply: (x: Vec, out: Vec) => void,
  dimension: number,
  rng: Rng,
  { steps = 50, restarts = 4, tolerance = 1e-3 } = {}
): { readonly value: number; readonly vector: Vec; readonly residual: number } {
  let start: Vec = new Float64Array(dimension);
  rng.fillNormal(start);
  let value = 0;
  let residual = Number.POSITIVE_INFINITY;
  const out = new Float64Array(dimension);
  for (let pass = 0; pass < restarts && residual > tolerance * (Math.abs(value) || 1); pass++) {
    const T = lanczos(apply, start.slice(), steps);
    value = eigenvalue(T, T.diagonal.length - 1);
    const s = eigenvector(T, value);
    const x = new Float64Array(dimension);
    lanczos(apply, start, T.diagonal.length, (k, q) => {
      for (let i = 0; i < dimension; i++) x[i] += s[k] * q[i];
    });
    normalise(x);
    apply(x, out);
    residual = 0;
    for (let i = 0; i < dimension; i++) residual += (out[i] - value * x[i]) ** 2;
    residual = Math.sqrt(residual);
    start = x;
  }
  return { value, vector: start, residual };
}

function normalise(x: Vec): void {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * x[i];
  const scale = s > 0 ? 1 / Math.sqrt(s) : 0;
  for (let i = 0; i < x.length; i++) x[i] *= scale;
}
