/**
 * Matrix-vector kernels over a row-major matrix, real or complex interleaved, stored in f64 or f32 and accumulated in f64.
 * They are bound by memory: every kernel reads the matrix once, in order, four rows at a time. `mode` is a compile-time
 * constant: LINEAR for A x, SQUARE for |A|^2 v, LINEAR | SQUARE for both in the same pass (GAMP with vector variances).
 */

const LINEAR: i32 = 1;
const SQUARE: i32 = 2;

export function heapBase(): usize {
  return __heap_base;
}

/** Two neighbouring numbers of storage type T. */
// @ts-ignore: decorator
@inline
function pair<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}
// @ts-ignore: decorator
@inline
function one<T>(at: usize): f64 {
  return sizeof<T>() == 4 ? <f64>load<f32>(at) : load<f64>(at);
}
// @ts-ignore: decorator
@inline
function plus(s: v128, a: v128, b: v128): v128 {
  return f64x2.add(s, f64x2.mul(a, b));
}
// @ts-ignore: decorator
@inline
function total(a: v128, b: v128): f64 {
  const s = f64x2.add(a, b);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}
/** (re, im) -> (im, re). */
// @ts-ignore: decorator
@inline
function swap(a: v128): v128 {
  return v128.shuffle<i64>(a, a, 1, 0);
}
// @ts-ignore: decorator
@inline
function zero(): v128 {
  return f64x2.splat(0);
}

/** z = A x and V = |A|^2 v, lengths cols -> rows. */
// @ts-ignore: decorator
@inline
function applyReal<T>(mode: i32, A: usize, rows: usize, cols: usize, x: usize, z: usize, v: usize, V: usize): void {
  const size: usize = sizeof<T>();
  const stride = cols * size;
  const even = cols & ~1;
  const fours = cols & ~3;
  let i: usize = 0;
  for (; i + 4 <= rows; i += 4) {
    const a0 = A + i * stride;
    const a1 = a0 + stride;
    const a2 = a1 + stride;
    const a3 = a2 + stride;
    let s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), t0 = zero(), t1 = zero(), t2 = zero(), t3 = zero();
    let p0 = zero(), p1 = zero(), p2 = zero(), p3 = zero();
    let j: usize = 0;
    if (mode == LINEAR && size == 8) {
      // Pointers that advance and constant offsets: one instruction a load, so that memory and not address arithmetic is the limit.
      let c0 = a0, c1 = a1, c2 = a2, c3 = a3, at = x;
      const end = x + ((cols & ~7) << 3);
      while (at < end) {
        let x0 = v128.load(at);
        let x1 = v128.load(at, 16);
        s0 = plus(s0, v128.load(c0), x0);
        t0 = plus(t0, v128.load(c0, 16), x1);
        s1 = plus(s1, v128.load(c1), x0);
        t1 = plus(t1, v128.load(c1, 16), x1);
        s2 = plus(s2, v128.load(c2), x0);
        t2 = plus(t2, v128.load(c2, 16), x1);
        s3 = plus(s3, v128.load(c3), x0);
        t3 = plus(t3, v128.load(c3, 16), x1);
        x0 = v128.load(at, 32);
        x1 = v128.load(at, 48);
        s0 = plus(s0, v128.load(c0, 32), x0);
        t0 = plus(t0, v128.load(c0, 48), x1);
        s1 = plus(s1, v128.load(c1, 32), x0);
        t1 = plus(t1, v128.load(c1, 48), x1);
        s2 = plus(s2, v128.load(c2, 32), x0);
        t2 = plus(t2, v128.load(c2, 48), x1);
        s3 = plus(s3, v128.load(c3, 32), x0);
        t3 = plus(t3, v128.load(c3, 48), x1);
        at += 64;
        c0 += 64;
        c1 += 64;
        c2 += 64;
        c3 += 64;
      }
      j = cols & ~7;
    }
    if (mode == LINEAR) {
      for (; j < fours; j += 4) {
        const x0 = v128.load(x + (j << 3));
        const x1 = v128.load(x + (j << 3), 16);
        const k = j * size;
        s0 = plus(s0, pair<T>(a0 + k), x0);
        t0 = plus(t0, pair<T>(a0 + k + 2 * size), x1);
        s1 = plus(s1, pair<T>(a1 + k), x0);
        t1 = plus(t1, pair<T>(a1 + k + 2 * size), x1);
        s2 = plus(s2, pair<T>(a2 + k), x0);
        t2 = plus(t2, pair<T>(a2 + k + 2 * size), x1);
        s3 = plus(s3, pair<T>(a3 + k), x0);
        t3 = plus(t3, pair<T>(a3 + k + 2 * size), x1);
      }
    }
    for (; j < even; j += 2) {
      const k = j * size;
      const b0 = pair<T>(a0 + k);
      const b1 = pair<T>(a1 + k);
      const b2 = pair<T>(a2 + k);
      const b3 = pair<T>(a3 + k);
      if (mode & LINEAR) {
        const x0 = v128.load(x + (j << 3));
        s0 = plus(s0, b0, x0);
        s1 = plus(s1, b1, x0);
        s2 = plus(s2, b2, x0);
        s3 = plus(s3, b3, x0);
      }
      if (mode & SQUARE) {
        const v0 = v128.load(v + (j << 3));
        p0 = plus(p0, f64x2.mul(b0, b0), v0);
        p1 = plus(p1, f64x2.mul(b1, b1), v0);
        p2 = plus(p2, f64x2.mul(b2, b2), v0);
        p3 = plus(p3, f64x2.mul(b3, b3), v0);
      }
    }
    let r0 = total(s0, t0), r1 = total(s1, t1), r2 = total(s2, t2), r3 = total(s3, t3);
    let q0 = total(p0, zero()), q1 = total(p1, zero()), q2 = total(p2, zero()), q3 = total(p3, zero());
    if (j < cols) {
      const k = j * size;
      const b0 = one<T>(a0 + k), b1 = one<T>(a1 + k), b2 = one<T>(a2 + k), b3 = one<T>(a3 + k);
      if (mode & LINEAR) {
        const x0 = load<f64>(x + (j << 3));
        r0 += b0 * x0;
        r1 += b1 * x0;
        r2 += b2 * x0;
        r3 += b3 * x0;
      }
      if (mode & SQUARE) {
        const v0 = load<f64>(v + (j << 3));
        q0 += b0 * b0 * v0;
        q1 += b1 * b1 * v0;
        q2 += b2 * b2 * v0;
        q3 += b3 * b3 * v0;
      }
    }
    if (mode & LINEAR) {
      store<f64>(z + (i << 3), r0);
      store<f64>(z + (i << 3), r1, 8);
      store<f64>(z + (i << 3), r2, 16);
      store<f64>(z + (i << 3), r3, 24);
    }
    if (mode & SQUARE) {
      store<f64>(V + (i << 3), q0);
      store<f64>(V + (i << 3), q1, 8);
      store<f64>(V + (i << 3), q2, 16);
      store<f64>(V + (i << 3), q3, 24);
    }
  }
  for (; i < rows; ++i) {
    const a = A + i * stride;
    let s: f64 = 0;
    let p: f64 = 0;
    for (let j: usize = 0; j < cols; ++j) {
      const b = one<T>(a + j * size);
      if (mode & LINEAR) s += b * load<f64>(x + (j << 3));
      if (mode & SQUARE) p += b * b * load<f64>(v + (j << 3));
    }
    if (mode & LINEAR) store<f64>(z + (i << 3), s);
    if (mode & SQUARE) store<f64>(V + (i << 3), p);
  }
}

/** x = A^T z and w = (|A|^2)^T s, lengths rows -> cols. */
// @ts-ignore: decorator
@inline
function adjointReal<T>(mode: i32, A: usize, rows: usize, cols: usize, z: usize, x: usize, s: usize, w: usize): void {
  const size: usize = sizeof<T>();
  const stride = cols * size;
  const even = cols & ~1;
  if (mode & LINEAR) memory.fill(x, 0, cols << 3);
  if (mode & SQUARE) memory.fill(w, 0, cols << 3);
  let i: usize = 0;
  for (; i + 4 <= rows; i += 4) {
    const a0 = A + i * stride;
    const a1 = a0 + stride;
    const a2 = a1 + stride;
    const a3 = a2 + stride;
    let z0 = zero(), z1 = zero(), z2 = zero(), z3 = zero(), s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero();
    if (mode & LINEAR) {
      z0 = v128.load64_splat(z + (i << 3));
      z1 = v128.load64_splat(z + (i << 3), 8);
      z2 = v128.load64_splat(z + (i << 3), 16);
      z3 = v128.load64_splat(z + (i << 3), 24);
    }
    if (mode & SQUARE) {
      s0 = v128.load64_splat(s + (i << 3));
      s1 = v128.load64_splat(s + (i << 3), 8);
      s2 = v128.load64_splat(s + (i << 3), 16);
      s3 = v128.load64_splat(s + (i << 3), 24);
    }
    let j: usize = 0;
    if (mode == LINEAR && size == 8) {
      let c0 = a0, c1 = a1, c2 = a2, c3 = a3, at = x;
      const end = x + ((cols & ~7) << 3);
      while (at < end) {
        v128.store(at, plus(plus(plus(plus(v128.load(at), v128.load(c0), z0), v128.load(c1), z1), v128.load(c2), z2), v128.load(c3), z3));
        v128.store(at, plus(plus(plus(plus(v128.load(at, 16), v128.load(c0, 16), z0), v128.load(c1, 16), z1), v128.load(c2, 16), z2), v128.load(c3, 16), z3), 16);
        v128.store(at, plus(plus(plus(plus(v128.load(at, 32), v128.load(c0, 32), z0), v128.load(c1, 32), z1), v128.load(c2, 32), z2), v128.load(c3, 32), z3), 32);
        v128.store(at, plus(plus(plus(plus(v128.load(at, 48), v128.load(c0, 48), z0), v128.load(c1, 48), z1), v128.load(c2, 48), z2), v128.load(c3, 48), z3), 48);
        at += 64;
        c0 += 64;
        c1 += 64;
        c2 += 64;
        c3 += 64;
      }
      j = cols & ~7;
    }
    for (; j < even; j += 2) {
      const k = j * size;
      const b0 = pair<T>(a0 + k);
      const b1 = pair<T>(a1 + k);
      const b2 = pair<T>(a2 + k);
      const b3 = pair<T>(a3 + k);
      if (mode & LINEAR) {
        const at = x + (j << 3);
        v128.store(at, plus(plus(plus(plus(v128.load(at), b0, z0), b1, z1), b2, z2), b3, z3));
      }
      if (mode & SQUARE) {
        const at = w + (j << 3);
        const sum = plus(plus(v128.load(at), f64x2.mul(b0, b0), s0), f64x2.mul(b1, b1), s1);
        v128.store(at, plus(plus(sum, f64x2.mul(b2, b2), s2), f64x2.mul(b3, b3), s3));
      }
    }
    if (j < cols) {
      const k = j * size;
      const b0 = one<T>(a0 + k), b1 = one<T>(a1 + k), b2 = one<T>(a2 + k), b3 = one<T>(a3 + k);
      if (mode & LINEAR) {
        const at = x + (j << 3);
        const sum = load<f64>(at) + b0 * load<f64>(z + (i << 3)) + b1 * load<f64>(z + (i << 3), 8);
        store<f64>(at, sum + b2 * load<f64>(z + (i << 3), 16) + b3 * load<f64>(z + (i << 3), 24));
      }
      if (mode & SQUARE) {
        const at = w + (j << 3);
        const sum = load<f64>(at) + b0 * b0 * load<f64>(s + (i << 3)) + b1 * b1 * load<f64>(s + (i << 3), 8);
        store<f64>(at, sum + b2 * b2 * load<f64>(s + (i << 3), 16) + b3 * b3 * load<f64>(s + (i << 3), 24));
      }
    }
  }
  for (; i < rows; ++i) {
    const a = A + i * stride;
    for (let j: usize = 0; j < cols; ++j) {
      const b = one<T>(a + j * size);
      if (mode & LINEAR) store<f64>(x + (j << 3), load<f64>(x + (j << 3)) + b * load<f64>(z + (i << 3)));
      if (mode & SQUARE) store<f64>(w + (j << 3), load<f64>(w + (j << 3)) + b * b * load<f64>(s + (i << 3)));
    }
  }
}

/** Complex z = A x: P = a * (xr, xi) and Q = a * (xi, xr) lane by lane; re = P0 - P1, im = Q0 + Q1. v, V are real. */
// @ts-ignore: decorator
@inline
function applyComplex<T>(mode: i32, A: usize, rows: usize, cols: usize, x: usize, z: usize, v: usize, V: usize): void {
  const size: usize = 2 * sizeof<T>();
  const stride = cols * size;
  for (let i: usize = 0; i < rows; i += 2) {
    const a0 = A + i * stride;
    // An odd last row is computed twice and stored once.
    const twin = i + 1 < rows;
    const a1 = twin ? a0 + stride : a0;
    let P0 = zero(), Q0 = zero(), P1 = zero(), Q1 = zero(), S0 = zero(), S1 = zero();
    for (let j: usize = 0; j < cols; ++j) {
      const k = j * size;
      const b0 = pair<T>(a0 + k);
      const b1 = pair<T>(a1 + k);
      if (mode & LINEAR) {
        const xj = v128.load(x + (j << 4));
        const yj = swap(xj);
        P0 = plus(P0, b0, xj);
        Q0 = plus(Q0, b0, yj);
        P1 = plus(P1, b1, xj);
        Q1 = plus(Q1, b1, yj);
      }
      if (mode & SQUARE) {
        const vj = v128.load64_splat(v + (j << 3));
        S0 = plus(S0, f64x2.mul(b0, b0), vj);
        S1 = plus(S1, f64x2.mul(b1, b1), vj);
      }
    }
    if (mode & LINEAR) {
      const at = z + (i << 4);
      store<f64>(at, f64x2.extract_lane(P0, 0) - f64x2.extract_lane(P0, 1));
      store<f64>(at, total(Q0, zero()), 8);
      if (twin) {
        store<f64>(at, f64x2.extract_lane(P1, 0) - f64x2.extract_lane(P1, 1), 16);
        store<f64>(at, total(Q1, zero()), 24);
      }
    }
    if (mode & SQUARE) {
      store<f64>(V + (i << 3), total(S0, zero()));
      if (twin) store<f64>(V + (i << 3), total(S1, zero()), 8);
    }
  }
}

/** Complex x = A^* z through its conjugate, sum a conj(z) = zr a + (zi, -zi) swap(a); w = (|A|^2)^T s is real. */
// @ts-ignore: decorator
@inline
function adjointComplex<T>(mode: i32, A: usize, rows: usize, cols: usize, z: usize, x: usize, s: usize, w: usize): void {
  const size: usize = 2 * sizeof<T>();
  const stride = cols * size;
  const flip = f64x2(1, -1);
  if (mode & LINEAR) memory.fill(x, 0, cols << 4);
  if (mode & SQUARE) memory.fill(w, 0, cols << 3);
  for (let i: usize = 0; i < rows; i += 2) {
    const a0 = A + i * stride;
    const twin = i + 1 < rows;
    const a1 = twin ? a0 + stride : a0;
    let re0 = zero(), im0 = zero(), re1 = zero(), im1 = zero(), s0 = zero(), s1 = zero();
    if (mode & LINEAR) {
      re0 = v128.load64_splat(z + (i << 4));
      im0 = f64x2.mul(v128.load64_splat(z + (i << 4), 8), flip);
      if (twin) {
        re1 = v128.load64_splat(z + (i << 4), 16);
        im1 = f64x2.mul(v128.load64_splat(z + (i << 4), 24), flip);
      }
    }
    if (mode & SQUARE) {
      s0 = v128.load64_splat(s + (i << 3));
      if (twin) s1 = v128.load64_splat(s + (i << 3), 8);
    }
    for (let j: usize = 0; j < cols; ++j) {
      const k = j * size;
      const b0 = pair<T>(a0 + k);
      const b1 = pair<T>(a1 + k);
      if (mode & LINEAR) {
        const at = x + (j << 4);
        v128.store(at, plus(plus(plus(plus(v128.load(at), b0, re0), swap(b0), im0), b1, re1), swap(b1), im1));
      }
      if (mode & SQUARE) {
        const at = w + (j << 3);
        store<f64>(at, load<f64>(at) + total(f64x2.mul(f64x2.mul(b0, b0), s0), f64x2.mul(f64x2.mul(b1, b1), s1)));
      }
    }
  }
  if (mode & LINEAR) for (let j: usize = 0; j < cols; ++j) v128.store(x + (j << 4), f64x2.mul(v128.load(x + (j << 4)), flip));
}

// One export per kernel, mode, number field and storage type; unused pointers are passed as 0.
export function applyReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f64>(LINEAR, A, rows, cols, p, q, r, s);
}
export function applyReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f32>(LINEAR, A, rows, cols, p, q, r, s);
}
export function applySquaredReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f64>(SQUARE, A, rows, cols, p, q, r, s);
}
export function applySquaredReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f32>(SQUARE, A, rows, cols, p, q, r, s);
}
export function applyBothReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f64>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function applyBothReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyReal<f32>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f64>(LINEAR, A, rows, cols, p, q, r, s);
}
export function adjointReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f32>(LINEAR, A, rows, cols, p, q, r, s);
}
export function adjointSquaredReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f64>(SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointSquaredReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f32>(SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointBothReal64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f64>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointBothReal32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointReal<f32>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function applyComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f64>(LINEAR, A, rows, cols, p, q, r, s);
}
export function applyComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f32>(LINEAR, A, rows, cols, p, q, r, s);
}
export function applySquaredComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f64>(SQUARE, A, rows, cols, p, q, r, s);
}
export function applySquaredComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f32>(SQUARE, A, rows, cols, p, q, r, s);
}
export function applyBothComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f64>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function applyBothComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  applyComplex<f32>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f64>(LINEAR, A, rows, cols, p, q, r, s);
}
export function adjointComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f32>(LINEAR, A, rows, cols, p, q, r, s);
}
export function adjointSquaredComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f64>(SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointSquaredComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f32>(SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointBothComplex64(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f64>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
export function adjointBothComplex32(A: usize, rows: usize, cols: usize, p: usize, q: usize, r: usize, s: usize): void {
  adjointComplex<f32>(LINEAR | SQUARE, A, rows, cols, p, q, r, s);
}
