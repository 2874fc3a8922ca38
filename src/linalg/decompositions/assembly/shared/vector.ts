/** Dot products and updates of contiguous vectors of `n` numbers, real or complex interleaved. Results of `dot` are in `re`, `im`. */

export let re: f64 = 0;
export let im: f64 = 0;

/** re + i im = sum_j a_j conj(b_j). */
export function dot(complex: bool, a: usize, b: usize, n: usize): void {
  let s = f64x2.splat(0), t = f64x2.splat(0), u = f64x2.splat(0), w = f64x2.splat(0);
  if (!complex) {
    const end = a + ((n & ~7) << 3);
    const last = a + (n << 3);
    while (a < end) {
      s = f64x2.add(s, f64x2.mul(v128.load(a), v128.load(b)));
      t = f64x2.add(t, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
      u = f64x2.add(u, f64x2.mul(v128.load(a, 32), v128.load(b, 32)));
      w = f64x2.add(w, f64x2.mul(v128.load(a, 48), v128.load(b, 48)));
      a += 64;
      b += 64;
    }
    s = f64x2.add(f64x2.add(s, t), f64x2.add(u, w));
    let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    for (; a < last; a += 8, b += 8) sum += load<f64>(a) * load<f64>(b);
    re = sum;
    im = 0;
  } else {
    const end = a + (n << 4);
    const two = a + ((n & ~1) << 4);
    while (a < two) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      s = f64x2.add(s, f64x2.mul(v128.load(a), b0));
      t = f64x2.add(t, f64x2.mul(v128.load(a), v128.shuffle<i64>(b0, b0, 1, 0)));
      u = f64x2.add(u, f64x2.mul(v128.load(a, 16), b1));
      w = f64x2.add(w, f64x2.mul(v128.load(a, 16), v128.shuffle<i64>(b1, b1, 1, 0)));
      a += 32;
      b += 32;
    }
    if (a < end) {
      const b0 = v128.load(b);
      s = f64x2.add(s, f64x2.mul(v128.load(a), b0));
      t = f64x2.add(t, f64x2.mul(v128.load(a), v128.shuffle<i64>(b0, b0, 1, 0)));
    }
    s = f64x2.add(s, u);
    t = f64x2.add(t, w);
    re = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    im = f64x2.extract_lane(t, 1) - f64x2.extract_lane(t, 0);
  }
}

/** y += (ar + i ai) x. */
export function axpy(complex: bool, y: usize, ar: f64, ai: f64, x: usize, n: usize): void {
  const r = f64x2.splat(ar);
  if (!complex) {
    const end = y + ((n & ~3) << 3);
    const last = y + (n << 3);
    while (y < end) {
      v128.store(y, f64x2.add(v128.load(y), f64x2.mul(r, v128.load(x))));
      v128.store(y, f64x2.add(v128.load(y, 16), f64x2.mul(r, v128.load(x, 16))), 16);
      y += 32;
      x += 32;
    }
    for (; y < last; y += 8, x += 8) store<f64>(y, load<f64>(y) + ar * load<f64>(x));
  } else {
    const i = f64x2(-ai, ai);
    const end = y + (n << 4);
    while (y < end) {
      const x0 = v128.load(x);
      const sum = f64x2.add(v128.load(y), f64x2.mul(r, x0));
      v128.store(y, f64x2.add(sum, f64x2.mul(i, v128.shuffle<i64>(x0, x0, 1, 0))));
      y += 16;
      x += 16;
    }
  }
}
