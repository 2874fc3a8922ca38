/**
 * One step of online SGD in one pass over the weights: the rank-one update of the sample before, then the dot products with the
 * new sample. Rows of f64, padded with zeros to a multiple of four numbers; `cols` counts the padding.
 */

export function heapBase(): usize {
  return __heap_base;
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

/** w <- keep w + factor before, then its product with x: `lanes` (1, 2 or 4) rows at once. */
// @ts-ignore: decorator
@inline
function learnRows(lanes: i32, w: usize, stride: usize, keep: v128, factors: usize, before: usize, x: usize, out: usize): void {
  let w0 = w, w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
  const f0 = f64x2.splat(load<f64>(factors));
  const f1 = lanes > 1 ? f64x2.splat(load<f64>(factors, 8)) : f0;
  const f2 = lanes > 2 ? f64x2.splat(load<f64>(factors, 16)) : f0;
  const f3 = lanes > 2 ? f64x2.splat(load<f64>(factors, 24)) : f0;
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  const end = w + stride;
  while (w0 < end) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    const b0 = v128.load(before);
    const b1 = v128.load(before, 16);
    let a0 = plus(f64x2.mul(keep, v128.load(w0)), f0, b0);
    let a1 = plus(f64x2.mul(keep, v128.load(w0, 16)), f0, b1);
    v128.store(w0, a0);
    v128.store(w0, a1, 16);
    s0 = plus(s0, a0, x0);
    t0 = plus(t0, a1, x1);
    if (lanes > 1) {
      a0 = plus(f64x2.mul(keep, v128.load(w1)), f1, b0);
      a1 = plus(f64x2.mul(keep, v128.load(w1, 16)), f1, b1);
      v128.store(w1, a0);
      v128.store(w1, a1, 16);
      s1 = plus(s1, a0, x0);
      t1 = plus(t1, a1, x1);
    }
    if (lanes > 2) {
      a0 = plus(f64x2.mul(keep, v128.load(w2)), f2, b0);
      a1 = plus(f64x2.mul(keep, v128.load(w2, 16)), f2, b1);
      v128.store(w2, a0);
      v128.store(w2, a1, 16);
      s2 = plus(s2, a0, x0);
      t2 = plus(t2, a1, x1);
      a0 = plus(f64x2.mul(keep, v128.load(w3)), f3, b0);
      a1 = plus(f64x2.mul(keep, v128.load(w3, 16)), f3, b1);
      v128.store(w3, a0);
      v128.store(w3, a1, 16);
      s3 = plus(s3, a0, x0);
      t3 = plus(t3, a1, x1);
    }
    w0 += 32;
    w1 += 32;
    w2 += 32;
    w3 += 32;
    x += 32;
    before += 32;
  }
  store<f64>(out, total(s0, t0));
  if (lanes > 1) store<f64>(out, total(s1, t1), 8);
  if (lanes > 2) {
    store<f64>(out, total(s2, t2), 16);
    store<f64>(out, total(s3, t3), 24);
  }
}

/** The products alone. */
// @ts-ignore: decorator
@inline
function readRows(lanes: i32, w: usize, stride: usize, x: usize, out: usize): void {
  let w0 = w, w1 = w + stride, w2 = w1 + stride, w3 = w2 + stride;
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  const end = w + stride;
  while (w0 < end) {
    const x0 = v128.load(x);
    const x1 = v128.load(x, 16);
    s0 = plus(s0, v128.load(w0), x0);
    t0 = plus(t0, v128.load(w0, 16), x1);
    if (lanes > 1) {
      s1 = plus(s1, v128.load(w1), x0);
      t1 = plus(t1, v128.load(w1, 16), x1);
    }
    if (lanes > 2) {
      s2 = plus(s2, v128.load(w2), x0);
      t2 = plus(t2, v128.load(w2, 16), x1);
      s3 = plus(s3, v128.load(w3), x0);
      t3 = plus(t3, v128.load(w3, 16), x1);
    }
    w0 += 32;
    w1 += 32;
    w2 += 32;
    w3 += 32;
    x += 32;
  }
  store<f64>(out, total(s0, t0));
  if (lanes > 1) store<f64>(out, total(s1, t1), 8);
  if (lanes > 2) {
    store<f64>(out, total(s2, t2), 16);
    store<f64>(out, total(s3, t3), 24);
  }
}

/** Students: w_k <- keep w_k + factor_k before, out_k = w_k . x. */
export function learn(w: usize, rows: i32, cols: i32, keep: f64, factors: usize, before: usize, x: usize, out: usize): void {
  const stride = <usize>cols << 3;
  const kept = f64x2.splat(keep);
  let k = 0;
  for (; k + 4 <= rows; k += 4) learnRows(4, w + <usize>k * stride, stride, kept, factors + (k << 3), before, x, out + (k << 3));
  for (; k + 2 <= rows; k += 2) learnRows(2, w + <usize>k * stride, stride, kept, factors + (k << 3), before, x, out + (k << 3));
  if (k < rows) learnRows(1, w + <usize>k * stride, stride, kept, factors + (k << 3), before, x, out + (k << 3));
}

/** Teachers: out_m = w_m . x. */
export function read(w: usize, rows: i32, cols: i32, x: usize, out: usize): void {
  const stride = <usize>cols << 3;
  let k = 0;
  for (; k + 4 <= rows; k += 4) readRows(4, w + <usize>k * stride, stride, x, out + (k << 3));
  for (; k + 2 <= rows; k += 2) readRows(2, w + <usize>k * stride, stride, x, out + (k << 3));
  if (k < rows) readRows(1, w + <usize>k * stride, stride, x, out + (k << 3));
}
