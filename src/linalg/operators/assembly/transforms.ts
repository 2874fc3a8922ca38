/**
 * Complex FFT kernels: Stockham autosort, mixed radix 2, 3, 4, 5 (Swarztrauber, "FFT algorithms for vector computers", 1984),
 * batched over interleaved columns; Bailey's four-step for lengths beyond the cache; pointwise products for Bluestein's
 * algorithm; the reorderings that turn a complex FFT of half the length into a DCT (Makhoul 1980); Walsh-Hadamard.
 * One complex number is one v128 (re, im). Multiplying by -i is a swap and a sign, so a transform and its inverse
 * are the same code with the sign bit in the other lane.
 */

@inline
function swap(v: v128): v128 {
  return v128.shuffle<f64>(v, v, 1, 0);
}

/** Sign bit in the high lane: swap-and-xor is multiplication by -i. In the low lane: by +i. */
@inline
function signs(inverse: i32): v128 {
  return inverse ? i64x2(0x8000000000000000, 0) : i64x2(0, 0x8000000000000000);
}

@inline
function turn(v: v128, sign: v128): v128 {
  return v128.xor(swap(v), sign);
}

/** a times (re + i im), where `im` carries (-im, im). */
@inline
function times(a: v128, re: v128, im: v128): v128 {
  return f64x2.add(f64x2.mul(a, re), f64x2.mul(swap(a), im));
}

@inline
function put(at: usize, v: v128): void {
  v128.store(at, v);
}

@inline
function realPart(at: usize): v128 {
  return v128.load64_splat(at);
}

@inline
function imaginaryPart(at: usize, sign: v128): v128 {
  return v128.xor(v128.load64_splat(at, 8), sign);
}

function pass2(m: i32, s: i32, x: usize, y: usize, tw: usize, sign: v128): void {
  const row: usize = <usize>s << 4;
  const leg: usize = row * <usize>m;
  const conj: v128 = swap(sign);
  for (let p = 0; p < m; p++) {
    const re = realPart(tw);
    const im = imaginaryPart(tw, conj);
    tw += 16;
    const end = x + row;
    for (; x < end; x += 16, y += 16) {
      const a = v128.load(x);
      const b = v128.load(x + leg);
      put(y, f64x2.add(a, b));
      put(y + row, times(f64x2.sub(a, b), re, im));
    }
    y += row;
  }
}

function pass3(m: i32, s: i32, x: usize, y: usize, tw: usize, sign: v128): void {
  const row: usize = <usize>s << 4;
  const leg: usize = row * <usize>m;
  const conj: v128 = swap(sign);
  const half = f64x2.splat(0.5);
  const sin60 = f64x2.splat(0.86602540378443864676);
  for (let p = 0; p < m; p++) {
    const re1 = realPart(tw);
    const im1 = imaginaryPart(tw, conj);
    const re2 = realPart(tw + 16);
    const im2 = imaginaryPart(tw + 16, conj);
    tw += 32;
    const end = x + row;
    for (; x < end; x += 16, y += 16) {
      const a = v128.load(x);
      const b = v128.load(x + leg);
      const c = v128.load(x + 2 * leg);
      const t = f64x2.add(b, c);
      const u = f64x2.sub(a, f64x2.mul(t, half));
      const v = f64x2.mul(turn(f64x2.sub(b, c), sign), sin60);
      put(y, f64x2.add(a, t));
      put(y + row, times(f64x2.add(u, v), re1, im1));
      put(y + 2 * row, times(f64x2.sub(u, v), re2, im2));
    }
    y += 2 * row;
  }
}

function pass4(m: i32, s: i32, x: usize, y: usize, tw: usize, sign: v128): void {
  const row: usize = <usize>s << 4;
  const leg: usize = row * <usize>m;
  const conj: v128 = swap(sign);
  // p = 0: every twiddle is one (the whole of the last pass)
  for (const end = x + row; x < end; x += 16, y += 16) {
    const a = v128.load(x);
    const b = v128.load(x + leg);
    const c = v128.load(x + 2 * leg);
    const d = v128.load(x + 3 * leg);
    const e = f64x2.add(a, c);
    const f = f64x2.sub(a, c);
    const g = f64x2.add(b, d);
    const h = turn(f64x2.sub(b, d), sign);
    put(y, f64x2.add(e, g));
    put(y + row, f64x2.add(f, h));
    put(y + 2 * row, f64x2.sub(e, g));
    put(y + 3 * row, f64x2.sub(f, h));
  }
  y += 3 * row;
  tw += 48;
  for (let p = 1; p < m; p++) {
    const re1 = realPart(tw);
    const im1 = imaginaryPart(tw, conj);
    const re2 = realPart(tw + 16);
    const im2 = imaginaryPart(tw + 16, conj);
    const re3 = realPart(tw + 32);
    const im3 = imaginaryPart(tw + 32, conj);
    tw += 48;
    const end = x + row;
    for (; x < end; x += 16, y += 16) {
      const a = v128.load(x);
      const b = v128.load(x + leg);
      const c = v128.load(x + 2 * leg);
      const d = v128.load(x + 3 * leg);
      const e = f64x2.add(a, c);
      const f = f64x2.sub(a, c);
      const g = f64x2.add(b, d);
      const h = turn(f64x2.sub(b, d), sign);
      put(y, f64x2.add(e, g));
      put(y + row, times(f64x2.add(f, h), re1, im1));
      put(y + 2 * row, times(f64x2.sub(e, g), re2, im2));
      put(y + 3 * row, times(f64x2.sub(f, h), re3, im3));
    }
    y += 3 * row;
  }
}

function pass5(m: i32, s: i32, x: usize, y: usize, tw: usize, sign: v128): void {
  const row: usize = <usize>s << 4;
  const leg: usize = row * <usize>m;
  const conj: v128 = swap(sign);
  const cos1 = f64x2.splat(0.30901699437494742410);
  const cos2 = f64x2.splat(-0.80901699437494742410);
  const sin1 = f64x2.splat(0.95105651629515357212);
  const sin2 = f64x2.splat(0.58778525229247312917);
  for (let p = 0; p < m; p++) {
    const re1 = realPart(tw);
    const im1 = imaginaryPart(tw, conj);
    const re2 = realPart(tw + 16);
    const im2 = imaginaryPart(tw + 16, conj);
    const re3 = realPart(tw + 32);
    const im3 = imaginaryPart(tw + 32, conj);
    const re4 = realPart(tw + 48);
    const im4 = imaginaryPart(tw + 48, conj);
    tw += 64;
    const end = x + row;
    for (; x < end; x += 16, y += 16) {
      const a = v128.load(x);
      const b = v128.load(x + leg);
      const c = v128.load(x + 2 * leg);
      const d = v128.load(x + 3 * leg);
      const e = v128.load(x + 4 * leg);
      const t1 = f64x2.add(b, e);
      const t2 = f64x2.add(c, d);
      const t3 = f64x2.sub(b, e);
      const t4 = f64x2.sub(c, d);
      const m1 = f64x2.add(a, f64x2.add(f64x2.mul(cos1, t1), f64x2.mul(cos2, t2)));
      const m2 = f64x2.add(a, f64x2.add(f64x2.mul(cos2, t1), f64x2.mul(cos1, t2)));
      const r1 = turn(f64x2.add(f64x2.mul(sin1, t3), f64x2.mul(sin2, t4)), sign);
      const r2 = turn(f64x2.sub(f64x2.mul(sin2, t3), f64x2.mul(sin1, t4)), sign);
      put(y, f64x2.add(a, f64x2.add(t1, t2)));
      put(y + row, times(f64x2.add(m1, r1), re1, im1));
      put(y + 2 * row, times(f64x2.add(m2, r2), re2, im2));
      put(y + 3 * row, times(f64x2.sub(m2, r2), re3, im3));
      put(y + 4 * row, times(f64x2.sub(m1, r1), re4, im4));
    }
    y += 4 * row;
  }
}

/**
 * FFT of length n down `s` interleaved columns, x[q + s j], q < s; ping-pong between x and y.
 * `plan`: int32 count of the radices, then the radices (padded to 16 bytes), then each pass's twiddles.
 * Returns where the result is. Not normalised.
 */
export function columns(n: i32, s: i32, x: usize, y: usize, plan: usize, inverse: i32): usize {
  const sign = signs(inverse);
  const count = load<i32>(plan);
  let radices = plan + 4;
  let tw = plan + <usize>(((count + 1) * 4 + 15) & ~15);
  for (let k = 0; k < count; k++, radices += 4) {
    const r = load<i32>(radices);
    const m = n / r;
    if (r == 4) pass4(m, s, x, y, tw, sign);
    else if (r == 2) pass2(m, s, x, y, tw, sign);
    else if (r == 3) pass3(m, s, x, y, tw, sign);
    else pass5(m, s, x, y, tw, sign);
    tw += <usize>(m * (r - 1)) << 4;
    n = m;
    s *= r;
    const t = x;
    x = y;
    y = t;
  }
  return x;
}

/** exp(-2 pi i k / N) = hi[k >> shift] lo[k & (2^shift - 1)], both tables exact to rounding. */
@inline
function root(k: i32, hi: usize, lo: usize, shift: i32): v128 {
  const a = v128.load(hi + (<usize>(k >> shift) << 4));
  const b = lo + (<usize>(k & ((1 << shift) - 1)) << 4);
  return times(a, v128.load64_splat(b), v128.xor(v128.load64_splat(b, 8), i64x2(0x8000000000000000, 0)));
}

/** a w, or a conj(w) for the inverse: `conj` holds the sign bit in the low lane (w) or in the high lane (conj w). */
@inline
function product(a: v128, w: v128, conj: v128): v128 {
  return times(a, v128.shuffle<f64>(w, w, 0, 0), v128.xor(v128.shuffle<f64>(w, w, 1, 1), conj));
}

/** Columns worked on together: 16 complex numbers are four cache lines (2^20: 26 ms against 28 with 8, 30 with 4). */
const BLOCK: i32 = 16;

/**
 * X[k1 + n1 k2] = sum_j2 W_n2^(j2 k2) W_N^(j2 k1) sum_j1 W_n1^(j1 k1) x[j1 n2 + j2], N = n1 n2 (Bailey 1990).
 * Each half works on BLOCK columns copied into `a`, with `b` as its partner (BLOCK max(n1, n2) complex numbers each).
 * x is overwritten, the result is in y.
 */
export function fourStep(
  n1: i32, n2: i32, x: usize, y: usize, plan1: usize, plan2: usize,
  hi: usize, lo: usize, shift: i32, a: usize, b: usize, inverse: i32
): void {
  const conj = swap(signs(inverse));
  for (let j = 0; j < n2; j += BLOCK) {
    const width = min(BLOCK, n2 - j);
    let from = x + (<usize>j << 4);
    let to = a;
    for (let k = 0; k < n1; k++, from += <usize>n2 << 4)
      for (let q = 0; q < width; q++, to += 16) put(to, v128.load(from + (<usize>q << 4)));
    from = columns(n1, width, a, b, plan1, inverse);
    to = x + (<usize>j << 4);
    for (let k = 0; k < n1; k++, to += <usize>n2 << 4) {
      let at = j * k;
      for (let q = 0; q < width; q++, from += 16, at += k)
        put(to + (<usize>q << 4), product(v128.load(from), root(at, hi, lo, shift), conj));
    }
  }
  for (let k = 0; k < n1; k += BLOCK) {
    const width = min(BLOCK, n1 - k);
    for (let q = 0; q < width; q++) {
      let from = x + (<usize>((k + q) * n2) << 4);
      let to = a + (<usize>q << 4);
      for (let j = 0; j < n2; j++, from += 16, to += <usize>width << 4) put(to, v128.load(from));
    }
    let from = columns(n2, width, a, b, plan2, inverse);
    let to = y + (<usize>k << 4);
    for (let j = 0; j < n2; j++, to += <usize>n1 << 4)
      for (let q = 0; q < width; q++, from += 16) put(to + (<usize>q << 4), v128.load(from));
  }
}

/**
 * The FFT of `height` rows and `width` columns of x, both lengths by their own plan; x is the result, `a` and `b` are scratch of
 * max(width, BLOCK height) complex numbers.
 */
export function plane(height: i32, width: i32, x: usize, rowPlan: usize, columnPlan: usize, a: usize, b: usize, inverse: i32): void {
  const row: usize = <usize>width << 4;
  for (let i = 0; i < height; i++) {
    const at = x + <usize>i * row;
    memory.copy(a, at, row);
    memory.copy(at, columns(width, 1, a, b, rowPlan, inverse), row);
  }
  for (let j = 0; j < width; j += BLOCK) {
    const size: usize = <usize>min(BLOCK, width - j) << 4;
    let at = x + (<usize>j << 4);
    for (let i = 0; i < height; i++, at += row) memory.copy(a + <usize>i * size, at, size);
    const from = columns(height, <i32>(size >> 4), a, b, columnPlan, inverse);
    at = x + (<usize>j << 4);
    for (let i = 0; i < height; i++, at += row) memory.copy(at, from + <usize>i * size, size);
  }
}

/** x *= factor, `count` doubles (even). */
export function scale(x: usize, count: i32, factor: f64): void {
  const f = f64x2.splat(factor);
  for (const end = x + (<usize>count << 3); x < end; x += 16) put(x, f64x2.mul(v128.load(x), f));
}

/** out = factor a w (conjugate 0) or factor a conj(w) (conjugate 1), entry by entry, count >= 0; out may be a. */
export function multiply(a: usize, w: usize, out: usize, count: i32, conjugate: i32, factor: f64): void {
  const conj = swap(signs(conjugate));
  const f = f64x2.splat(factor);
  for (const end = a + (<usize>count << 4); a < end; a += 16, w += 16, out += 16)
    put(out, f64x2.mul(f, product(v128.load(a), v128.load(w), conj)));
}

/** The same with the result reversed modulo count: out[(count - k) mod count]. */
export function multiplyReversed(a: usize, w: usize, out: usize, count: i32, factor: f64): void {
  const conj = swap(signs(0));
  const f = f64x2.splat(factor);
  for (let k = 0; k < count; k++, a += 16, w += 16)
    put(out + (<usize>(k ? count - k : 0) << 4), f64x2.mul(f, product(v128.load(a), v128.load(w), conj)));
}

/** Makhoul's order, n even: v[i] = x[2i], v[n-1-i] = x[2i+1], read as n/2 complex numbers. */
export function dctGather(x: usize, v: usize, n: i32): void {
  let up = x;
  let down = x + (<usize>(n - 1) << 3);
  for (let i = 0; i < n >> 1; i++) {
    store<f64>(v + (<usize>i << 3), load<f64>(up));
    store<f64>(v + (<usize>(i + (n >> 1)) << 3), load<f64>(down));
    up += 16;
    down -= 16;
  }
}

/** Its inverse: x[2i] = v[i], x[2i+1] = v[n-1-i]. */
export function dctScatter(v: usize, x: usize, n: i32): void {
  let down = v + (<usize>(n - 1) << 3);
  for (let i = 0; i < n >> 1; i++, x += 16, v += 8, down -= 8) {
    store<f64>(x, load<f64>(v));
    store<f64>(x, load<f64>(down), 8);
  }
}

/**
 * DCT-II from c, the FFT (length m = n/2) of the gathered pairs. With W = exp(-2 pi i / 4n):
 * V_k = (c_k + conj c_(m-k))/2 - i W^(4k) (c_k - conj c_(m-k))/2 is the real FFT, u_k = W^k V_k, X_k = Re u_k, X_(n-k) = -Im u_k.
 * `factor` makes it orthonormal; the entry k = 0 takes a further 1/sqrt 2.
 */
export function dctSplit(c: usize, out: usize, n: i32, hi: usize, lo: usize, shift: i32, factor: f64): void {
  const m = n >> 1;
  const minus = i64x2(0, 0x8000000000000000);
  const plain = i64x2(0x8000000000000000, 0);
  const half = f64x2.splat(0.5 * factor);
  const re0 = load<f64>(c);
  const im0 = load<f64>(c, 8);
  store<f64>(out, (re0 + im0) * factor * 0.70710678118654752440);
  // k = m: V = re0 - im0, W^m = exp(-i pi / 4)
  store<f64>(out + (<usize>m << 3), (re0 - im0) * factor * 0.70710678118654752440);
  for (let k = 1; k < m; k++) {
    const p = v128.load(c + (<usize>k << 4));
    const q = v128.xor(v128.load(c + (<usize>(m - k) << 4)), minus);
    const odd = turn(product(f64x2.sub(p, q), root(4 * k, hi, lo, shift), plain), minus);
    const u = f64x2.mul(product(f64x2.add(f64x2.add(p, q), odd), root(k, hi, lo, shift), plain), half);
    store<f64>(out + (<usize>k << 3), f64x2.extract_lane(u, 0));
    store<f64>(out + (<usize>(n - k) << 3), -f64x2.extract_lane(u, 1));
  }
}

/** The transpose (and inverse) of dctSplit: c from X, ready for the inverse FFT of length m. */
export function dctJoin(x: usize, c: usize, n: i32, hi: usize, lo: usize, shift: i32, factor: f64): void {
  const m = n >> 1;
  const minus = i64x2(0, 0x8000000000000000);
  const plain = i64x2(0x8000000000000000, 0);
  const x0 = load<f64>(x) * factor * 1.4142135623730950488;
  const xm = load<f64>(x + (<usize>m << 3)) * factor * 1.4142135623730950488;
  store<f64>(c, 0.5 * (x0 + xm));
  store<f64>(c, 0.5 * (x0 - xm), 8);
  const half = f64x2.splat(0.5 * factor);
  for (let k = 1; k < m; k++) {
    const u = f64x2.replace_lane(f64x2.splat(load<f64>(x + (<usize>k << 3))), 1, -load<f64>(x + (<usize>(n - k) << 3)));
    // V_m-k = conj(W^(m-k)) u_(m-k); its conjugate enters the pair
    const w = f64x2.replace_lane(f64x2.splat(load<f64>(x + (<usize>(m - k) << 3))), 1, -load<f64>(x + (<usize>(m + k) << 3)));
    const p = product(u, root(k, hi, lo, shift), minus);
    const q = v128.xor(product(w, root(m - k, hi, lo, shift), minus), minus);
    const odd = turn(product(f64x2.sub(p, q), root(4 * k, hi, lo, shift), minus), plain);
    put(c + (<usize>k << 4), f64x2.mul(f64x2.add(f64x2.add(p, q), odd), half));
  }
}

/** In-place Walsh-Hadamard (Sylvester order), n = 2^k >= 4, times factor; blocks are finished in cache first. */
export function hadamard(x: usize, n: i32, factor: f64): void {
  if (n > 2048) {
    const quarter = n >> 2;
    hadamardQuarters(x, quarter);
    for (let i = 0; i < 4; i++) hadamard(x + (<usize>(i * quarter) << 3), quarter, factor);
    return;
  }
  const f = f64x2.splat(factor);
  const end = x + (<usize>n << 3);
  for (let at = x; at < end; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const s = f64x2.mul(f, f64x2.add(a, b));
    const t = f64x2.mul(f, f64x2.sub(a, b));
    const even = v128.shuffle<f64>(s, t, 0, 2);
    const odd = v128.shuffle<f64>(s, t, 1, 3);
    const sum = f64x2.add(even, odd);
    const difference = f64x2.sub(even, odd);
    put(at, v128.shuffle<f64>(sum, difference, 0, 2));
    put(at + 16, v128.shuffle<f64>(sum, difference, 1, 3));
  }
  let h = 4;
  for (; h << 2 <= n; h <<= 2) for (let at = x; at < end; at += <usize>h << 5) hadamardQuarters(at, h);
  if (h < n) {
    const leg: usize = <usize>h << 3;
    for (let at = x; at < x + leg; at += 16) {
      const a = v128.load(at);
      const b = v128.load(at + leg);
      put(at, f64x2.add(a, b));
      put(at + leg, f64x2.sub(a, b));
    }
  }
}

/** The 4x4 Hadamard matrix across four neighbouring blocks of h numbers. */
function hadamardQuarters(x: usize, h: i32): void {
  const leg: usize = <usize>h << 3;
  for (const end = x + leg; x < end; x += 16) {
    const a = v128.load(x);
    const b = v128.load(x + leg);
    const c = v128.load(x + 2 * leg);
    const d = v128.load(x + 3 * leg);
    const s = f64x2.add(a, b);
    const t = f64x2.sub(a, b);
    const u = f64x2.add(c, d);
    const v = f64x2.sub(c, d);
    put(x, f64x2.add(s, u));
    put(x + leg, f64x2.add(t, v));
    put(x + 2 * leg, f64x2.sub(s, u));
    put(x + 3 * leg, f64x2.sub(t, v));
  }
}
