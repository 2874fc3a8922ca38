/**
 * Householder reductions (Golub, Van Loan 2013, sections 5.4.8, 8.3.1; LAPACK's zlarfg, zhetd2, zgebd2 for complex matrices):
 * Hermitian to real tridiagonal, rectangular to real bidiagonal, and the accumulation of the reflectors. Matrices are
 * row-major; each step passes over the trailing matrix once, applying the last update and forming the next product.
 */
import { axpy, dot, im, re } from "./shared/vector";

let tauR: f64 = 0;
let tauI: f64 = 0;
let beta: f64 = 0;
/** 1 / (alpha - beta). */
let invR: f64 = 0;
let invI: f64 = 0;

/** H = I - tau v v^*, H^* x = beta e_1 with beta real; `x` (n >= 1 numbers) becomes v, v_1 = 1. */
function reflect(complex: bool, x: usize, n: usize): void {
  const shift: usize = complex ? 4 : 3;
  const ar = load<f64>(x);
  const ai = complex ? load<f64>(x, 8) : 0.0;
  const rest = x + ((<usize>1) << shift);
  dot(complex, rest, rest, n - 1);
  const tail = re;
  if (tail == 0 && ai == 0) {
    tauR = 0;
    tauI = 0;
    beta = ar;
    invR = 0;
    invI = 0;
  } else {
    const norm = Math.sqrt(ar * ar + ai * ai + tail);
    beta = ar >= 0 ? -norm : norm;
    tauR = (beta - ar) / beta;
    tauI = -ai / beta;
    const dr = ar - beta;
    const d2 = dr * dr + ai * ai;
    invR = dr / d2;
    invI = -ai / d2;
    for (let j: usize = 0; j < n - 1; ++j) {
      const at = rest + (j << shift);
      const xr = load<f64>(at);
      if (complex) {
        const xi = load<f64>(at, 8);
        store<f64>(at, xr * invR - xi * invI);
        store<f64>(at, xr * invI + xi * invR, 8);
      } else store<f64>(at, xr * invR);
    }
  }
  store<f64>(x, 1);
  if (complex) store<f64>(x, 0, 8);
}

function conjugate(to: usize, from: usize, n: usize, complex: bool): void {
  if (!complex) memory.copy(to, from, n << 3);
  else for (let j: usize = 0; j < n; ++j) v128.store(to + (j << 4), f64x2.mul(v128.load(from + (j << 4)), f64x2(1, -1)));
}

/**
 * Hermitian A (n x n, both triangles) to real tridiagonal (d, e); reflector k is left in row k of A from column k + 1 on, its
 * factor in tau (2 n complex pairs, the second half scratch). `work`: 3 n numbers.
 */
export function tridiagonalize(complex: bool, A: usize, n: usize, d: usize, e: usize, tau: usize, work: usize): void {
  const shift: usize = complex ? 4 : 3;
  const stride = n << shift;
  // Conjugates of v and w of the pending update A -= v w^* + w v^*.
  const vc = work;
  const wc = work + stride;
  const next = work + 2 * stride;
  let pending = false;
  for (let k: usize = 0; k < n; ++k) {
    const row = A + k * stride;
    if (pending) update(complex, row, vc, wc, k, k, n);
    store<f64>(d + (k << 3), load<f64>(row + (k << shift)));
    if (k + 1 == n) break;
    const begin = k + 1;
    const at = row + (begin << shift);
    conjugate(at, at, n - begin, complex);
    reflect(complex, at, n - begin);
    const tr = tauR;
    const ti = tauI;
    store<f64>(e + (k << 3), beta);
    store<f64>(tau + (k << 4), tr);
    store<f64>(tau + (k << 4), ti, 8);
    // p = tau A v over the trailing matrix, each row updated first; p goes to the place of the next w.
    const fresh = next + (begin << shift);
    conjugate(fresh, at, n - begin, complex);
    for (let i = begin; i < n; ++i) {
      const a = A + i * stride;
      if (pending) update(complex, a, vc, wc, i, begin, n);
      dot(complex, a + (begin << shift), fresh, n - begin);
      // Held behind the factors until all rows are done: wc is still in use.
      store<f64>(tau + ((n + i) << 4), tr * re - ti * im);
      store<f64>(tau + ((n + i) << 4), tr * im + ti * re, 8);
    }
    memory.copy(vc + (begin << shift), fresh, (n - begin) << shift);
    // w = p - (tau / 2) (p^* v) v.
    let sr: f64 = 0;
    let si: f64 = 0;
    for (let i = begin; i < n; ++i) {
      const pr = load<f64>(tau + ((n + i) << 4));
      const pi = load<f64>(tau + ((n + i) << 4), 8);
      const vr = load<f64>(row + (i << shift));
      const vi = complex ? load<f64>(row + (i << shift), 8) : 0.0;
      sr += pr * vr + pi * vi;
      si += pr * vi - pi * vr;
    }
    const hr = -0.5 * (tr * sr - ti * si);
    const hi = -0.5 * (tr * si + ti * sr);
    for (let i = begin; i < n; ++i) {
      const vr = load<f64>(row + (i << shift));
      const vi = complex ? load<f64>(row + (i << shift), 8) : 0.0;
      const w = wc + (i << shift);
      store<f64>(w, load<f64>(tau + ((n + i) << 4)) + hr * vr - hi * vi);
      if (complex) store<f64>(w, -(load<f64>(tau + ((n + i) << 4), 8) + hr * vi + hi * vr), 8);
    }
    pending = true;
  }
}

/** Row i, columns from `begin`: a -= v_i conj(w) + w_i conj(v). */
// @ts-ignore: decorator
@inline
function update(complex: bool, a: usize, vc: usize, wc: usize, i: usize, begin: usize, n: usize): void {
  const shift: usize = complex ? 4 : 3;
  const v = vc + (i << shift);
  const w = wc + (i << shift);
  const at = begin << shift;
  if (complex) {
    axpy(true, a + at, -load<f64>(v), load<f64>(v, 8), wc + at, n - begin);
    axpy(true, a + at, -load<f64>(w), load<f64>(w, 8), vc + at, n - begin);
  } else {
    const p = f64x2.splat(load<f64>(v));
    const q = f64x2.splat(load<f64>(w));
    let j = begin;
    for (; j + 2 <= n; j += 2) {
      const to = a + (j << 3);
      const change = f64x2.add(f64x2.mul(p, v128.load(wc + (j << 3))), f64x2.mul(q, v128.load(vc + (j << 3))));
      v128.store(to, f64x2.sub(v128.load(to), change));
    }
    if (j < n) {
      const to = a + (j << 3);
      store<f64>(to, load<f64>(to) - load<f64>(v) * load<f64>(wc + (j << 3)) - load<f64>(w) * load<f64>(vc + (j << 3)));
    }
  }
}

/**
 * A (m x n, m >= n) to real upper bidiagonal (d, e), A = Q B P^*. Left reflector k goes to row k of L (n x m) from column k on,
 * right reflector k stays in row k of A from column k + 1 on; factors in tauL, tauR (complex pairs). `work`: m + 2 n numbers.
 */
export function bidiagonalize(
  complex: bool, A: usize, m: usize, n: usize, L: usize, d: usize, e: usize, tauLeft: usize, tauRight: usize, work: usize
): void {
  const shift: usize = complex ? 4 : 3;
  const stride = n << shift;
  const column = work;
  const t = column + (m << shift);
  const vc = t + stride;
  gather(complex, A, m, n, 0, 0, column, t);
  for (let k: usize = 0; k < n; ++k) {
    const row = A + k * stride;
    const begin = k + 1;
    const trailing = n - begin;
    const at = row + (begin << shift);
    const from = begin << shift;
    // Left: u from column k; t = u^* A = (x^* A - beta A_k) / conj(alpha - beta).
    reflect(complex, column + (k << shift), m - k);
    const lr = tauR;
    const li = tauI;
    store<f64>(d + (k << 3), beta);
    store<f64>(tauLeft + (k << 4), lr);
    store<f64>(tauLeft + (k << 4), li, 8);
    memory.copy(L + k * (m << shift) + (k << shift), column + (k << shift), (m - k) << shift);
    const left = lr != 0 || li != 0;
    if (trailing == 0) break;
    if (left) {
      axpy(complex, t + from, -beta, 0, at, trailing);
      scale(complex, t + from, invR, -invI, trailing);
      axpy(complex, at, -lr, li, t + from, trailing);
    }
    // Right: v from the conjugate of row k.
    conjugate(at, at, trailing, complex);
    reflect(complex, at, trailing);
    const rr = tauR;
    const ri = tauI;
    store<f64>(e + (k << 3), beta);
    store<f64>(tauRight + (k << 4), rr);
    store<f64>(tauRight + (k << 4), ri, 8);
    conjugate(vc + from, at, trailing, complex);
    const u = L + k * (m << shift);
    for (let i = begin; i < m; ++i) {
      const a = A + i * stride + from;
      if (left) {
        const ur = load<f64>(u + (i << shift));
        const ui = complex ? load<f64>(u + (i << shift), 8) : 0.0;
        axpy(complex, a, -(lr * ur + li * ui), -(lr * ui - li * ur), t + from, trailing);
      }
      dot(complex, a, vc + from, trailing);
      axpy(complex, a, -(rr * re - ri * im), -(rr * im + ri * re), vc + from, trailing);
    }
    gather(complex, A, m, n, begin, begin, column, t);
  }
}

/** x = column k of A from row `first` on, and t = x^* A over the columns after k. */
function gather(complex: bool, A: usize, m: usize, n: usize, first: usize, k: usize, x: usize, t: usize): void {
  const shift: usize = complex ? 4 : 3;
  const from = (k + 1) << shift;
  if (k + 1 < n) memory.fill(t + from, 0, (n - k - 1) << shift);
  for (let i = first; i < m; ++i) {
    const a = A + i * (n << shift);
    const r = load<f64>(a + (k << shift));
    const s = complex ? load<f64>(a + (k << shift), 8) : 0.0;
    store<f64>(x + (i << shift), r);
    if (complex) store<f64>(x + (i << shift), s, 8);
    if (k + 1 < n) axpy(complex, t + from, r, -s, a + from, n - k - 1);
  }
}

function scale(complex: bool, x: usize, ar: f64, ai: f64, n: usize): void {
  for (let j: usize = 0; j < n; ++j) {
    if (complex) {
      const at = x + (j << 4);
      const r = load<f64>(at);
      const s = load<f64>(at, 8);
      store<f64>(at, r * ar - s * ai);
      store<f64>(at, r * ai + s * ar, 8);
    } else store<f64>(x + (j << 3), load<f64>(x + (j << 3)) * ar);
  }
}

/**
 * M (rows x cols) = the first `rows` rows of (H_0 H_1 ...)^T, reflector k in row k of R (stride `cols`) from column k + offset
 * on, k < count. Row i is e_i until reflector k = i - offset; four rows share each pass over the reflectors.
 */
export function accumulate(complex: bool, M: usize, rows: usize, cols: usize, R: usize, tau: usize, count: usize, offset: usize): void {
  const shift: usize = complex ? 4 : 3;
  const stride = cols << shift;
  memory.fill(M, 0, rows * stride);
  for (let i: usize = 0; i < rows; ++i) store<f64>(M + i * stride + (i << shift), 1);
  for (let i0: usize = 0; i0 < rows; i0 += 4) {
    const last = min(i0 + 4, rows);
    if (last <= offset) continue;
    for (let k = <isize>min(count, last - offset) - 1; k >= 0; --k) {
      const begin = <usize>k + offset;
      const v = R + <usize>k * stride + (begin << shift);
      const tr = load<f64>(tau + (<usize>k << 4));
      const ti = load<f64>(tau + (<usize>k << 4), 8);
      if (tr == 0 && ti == 0) continue;
      for (let i = max(i0, begin); i < last; ++i) {
        const row = M + i * stride + (begin << shift);
        dot(complex, row, v, cols - begin);
        axpy(complex, row, -(tr * re - ti * im), -(tr * im + ti * re), v, cols - begin);
      }
    }
  }
}

/**
 * x = H_0 H_1 ... x (adjoint: its inverse), reflector k in row k of R (stride `n`) from column k + 1 on, k < n - 1: with the
 * reflectors of `tridiagonalize`, A = Q T Q^*, this is Q x (Q^* x) in n^2 / 2 loads.
 */
export function reflectAll(complex: bool, R: usize, n: usize, tau: usize, x: usize, adjoint: bool): void {
  const shift: usize = complex ? 4 : 3;
  for (let step: usize = 0; step + 1 < n; ++step) {
    const k = adjoint ? step : n - 2 - step;
    const tr = load<f64>(tau + (k << 4));
    const ti = adjoint ? -load<f64>(tau + (k << 4), 8) : load<f64>(tau + (k << 4), 8);
    if (tr == 0 && ti == 0) continue;
    const begin = k + 1;
    const v = R + ((k * n + begin) << shift);
    const at = x + (begin << shift);
    dot(complex, at, v, n - begin);
    axpy(complex, at, -(tr * re - ti * im), -(tr * im + ti * re), v, n - begin);
  }
}

/** Row-major M (rows x width reals) to slabs of eight columns (rows x 8 each, zero-padded). */
export function toSlabs(M: usize, rows: usize, width: usize, slabs: usize): void {
  for (let j: usize = 0; j < width; j += 8)
    for (let i: usize = 0; i < rows; ++i) {
      const from = M + ((i * width + j) << 3);
      const to = slabs + ((j * rows) << 3) + (i << 6);
      const have = min(<usize>8, width - j) << 3;
      memory.fill(to, 0, 64);
      memory.copy(to, from, have);
    }
}

/** Row `from` of the slabs back to a contiguous row of `width` reals, times sign. */
export function fromSlabs(slabs: usize, rows: usize, width: usize, from: usize, sign: f64, to: usize): void {
  for (let j: usize = 0; j < width; ++j)
    store<f64>(to + (j << 3), sign * load<f64>(slabs + (((j >> 3) * rows) << 6) + (from << 6) + ((j & 7) << 3)));
}

/**
 * Cholesky A = L L^* in place, row by row; only the lower triangle is read, the upper one is zeroed.
 * Returns 0, or 1 + the index of the first pivot that is not positive.
 */
export function cholesky(complex: bool, A: usize, n: usize): usize {
  const shift: usize = complex ? 4 : 3;
  const stride = n << shift;
  for (let i: usize = 0; i < n; ++i) {
    const row = A + i * stride;
    for (let j: usize = 0; j < i; ++j) {
      const other = A + j * stride;
      dot(complex, row, other, j);
      const inverse = 1.0 / load<f64>(other + (j << shift));
      const at = row + (j << shift);
      store<f64>(at, (load<f64>(at) - re) * inverse);
      if (complex) store<f64>(at, (load<f64>(at, 8) - im) * inverse, 8);
    }
    dot(complex, row, row, i);
    const pivot = load<f64>(row + (i << shift)) - re;
    if (!(pivot > 0)) return i + 1;
    store<f64>(row + (i << shift), Math.sqrt(pivot));
    if (complex) store<f64>(row + (i << shift), 0, 8);
    memory.fill(row + ((i + 1) << shift), 0, (n - i - 1) << shift);
  }
  return 0;
}
