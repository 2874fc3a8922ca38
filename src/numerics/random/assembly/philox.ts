/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3") and the 256-layer ziggurat
 * (Marsaglia, Tsang 2000) on top of it. Word w of a stream is half of block w >> 1, so the stream is a function of its
 * index alone. Logarithms and exponentials are compiled in: the numbers are the same bits on every engine.
 */

const M0: u64 = 0xd2511f53;
const M1: u64 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

/** Rightmost layer edge and the area of each of the 256 layers for exp(-x^2/2) (Marsaglia, Tsang 2000). */
const R: f64 = 3.6541528853610088;
const AREA: f64 = 0.004928673233974655;
/** 52 random bits decide the place in a layer. */
const SPAN: f64 = 4503599627370496.0;

const edge = memory.data(257 * 8);
const width = memory.data(256 * 8);
const height = memory.data(257 * 8);
const inside = memory.data(256 * 8);
const block = memory.data(16);
let ready = false;

// The block in `block`, so that two neighbouring draws cost one.
let k0_: u32 = 0;
let k1_: u32 = 0;
let c2_: u32 = 0;
let c3_: u32 = 0;
let at_: u64 = u64.MAX_VALUE;

/** Where this module's own data ends; callers use memory from here on. */
export function heapBase(): usize {
  return __heap_base;
}

/** The ten rounds; writes four 32-bit words. */
// @ts-ignore: decorator
@inline
function rounds(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  for (let round = 0; round < 10; ++round) {
    const p0 = M0 * <u64>c0;
    const p1 = M1 * <u64>c2;
    const n0 = <u32>(p1 >> 32) ^ c1 ^ k0;
    const n2 = <u32>(p0 >> 32) ^ c3 ^ k1;
    c1 = <u32>p1;
    c3 = <u32>p0;
    c0 = n0;
    c2 = n2;
    k0 += W0;
    k1 += W1;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

/** One block of the bijection, for the known-answer test and for hashing labels. */
export function philox(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32, out: usize): void {
  rounds(c0, c1, c2, c3, k0, k1, out);
}

// @ts-ignore: decorator
@inline
function word(k0: u32, k1: u32, c2: u32, c3: u32, index: u64): u64 {
  const at = index >> 1;
  if (at != at_ || k0 != k0_ || k1 != k1_ || c2 != c2_ || c3 != c3_) {
    rounds(<u32>at, <u32>(at >> 32), c2, c3, k0, k1, block);
    at_ = at;
    k0_ = k0;
    k1_ = k1;
    c2_ = c2;
    c3_ = c3;
  }
  return load<u64>(block + (<usize>(index & 1) << 3));
}

// @ts-ignore: decorator
@inline
function toUnit(w: u64): f64 {
  return <f64>(w >> 11) * (1.0 / 9007199254740992.0);
}

/** Layers i = 1..255 between x_i and x_(i+1), x_256 = 0; layer 0 is the base with the tail, of pseudo-width AREA / f(R). */
function prepare(): void {
  ready = true;
  store<f64>(edge + 8, R);
  store<f64>(edge, AREA / Math.exp(-0.5 * R * R));
  for (let i = 2; i < 256; ++i) {
    const x = load<f64>(edge + (<usize>(i - 1) << 3));
    store<f64>(edge + (<usize>i << 3), Math.sqrt(-2.0 * Math.log(AREA / x + Math.exp(-0.5 * x * x))));
  }
  store<f64>(edge + (256 << 3), 0.0);
  for (let i = 0; i < 256; ++i) {
    const x = load<f64>(edge + (<usize>i << 3));
    const next = load<f64>(edge + (<usize>(i + 1) << 3));
    store<f64>(width + (<usize>i << 3), x / SPAN);
    store<u64>(inside + (<usize>i << 3), <u64>((next / x) * SPAN));
    store<f64>(height + (<usize>i << 3), Math.exp(-0.5 * x * x));
  }
  store<f64>(height + (256 << 3), 1.0);
}

/** How many words the last draw consumed. */
let used: u64 = 0;

/** Everything but the 98.8 percent that fall inside their layer at once. */
function slow(first: u64, k0: u32, k1: u32, c2: u32, c3: u32, index: u64): f64 {
  let w = first;
  let next = index + 1;
  for (;;) {
    const layer = <usize>(w & 255) << 3;
    const negative = (w >> 8) & 1;
    const place = w >> 12;
    let x = <f64>place * load<f64>(width + layer);
    if (place < load<u64>(inside + layer)) {
      used = next - index;
      return negative ? -x : x;
    }
    if (layer == 0) {
      // The tail beyond R (Marsaglia 1964).
      let beyond: f64, y: f64;
      do {
        beyond = -Math.log(1.0 - toUnit(word(k0, k1, c2, c3, next))) / R;
        y = -Math.log(1.0 - toUnit(word(k0, k1, c2, c3, next + 1)));
        next += 2;
      } while (y + y < beyond * beyond);
      used = next - index;
      x = R + beyond;
      return negative ? -x : x;
    }
    const u = toUnit(word(k0, k1, c2, c3, next));
    next += 1;
    const low = load<f64>(height + layer);
    const high = load<f64>(height + layer + 8);
    if (low + u * (high - low) < Math.exp(-0.5 * x * x)) {
      used = next - index;
      return negative ? -x : x;
    }
    w = word(k0, k1, c2, c3, next);
    next += 1;
  }
  return 0.0; // never reached
}

/** Words of BLOCKS consecutive blocks. */
const BLOCKS: i32 = 128;
const WORDS: u64 = 256;
const words = memory.data(4096);

/** The odd 32-bit halves of four products (high), and the even ones (low). */
// @ts-ignore: decorator
@inline
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}
// @ts-ignore: decorator
@inline
function lows(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** Fills `words` from block `at` on: four blocks side by side, one in each 32-bit lane. */
function refill(k0: u32, k1: u32, h0: u32, h1: u32, at: u64): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  for (let b = 0; b < BLOCKS; b += 4) {
    const n = at + b;
    let c0 = i32x4.replace_lane(
      i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(<i32>n), 1, <i32>(n + 1)), 2, <i32>(n + 2)),
      3,
      <i32>(n + 3)
    );
    let c1 = i32x4.replace_lane(
      i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(<i32>(n >> 32)), 1, <i32>((n + 1) >> 32)), 2, <i32>((n + 2) >> 32)),
      3,
      <i32>((n + 3) >> 32)
    );
    let c2 = i32x4.splat(h0);
    let c3 = i32x4.splat(h1);
    let key0 = k0;
    let key1 = k1;
    for (let round = 0; round < 10; ++round) {
      const p0a = i64x2.extmul_low_i32x4_u(c0, m0);
      const p0b = i64x2.extmul_high_i32x4_u(c0, m0);
      const p1a = i64x2.extmul_low_i32x4_u(c2, m1);
      const p1b = i64x2.extmul_high_i32x4_u(c2, m1);
      c0 = v128.xor(v128.xor(highs(p1a, p1b), c1), i32x4.splat(key0));
      c2 = v128.xor(v128.xor(highs(p0a, p0b), c3), i32x4.splat(key1));
      c1 = lows(p1a, p1b);
      c3 = lows(p0a, p0b);
      key0 += W0;
      key1 += W1;
    }
    // Four lanes of four words, transposed back to block order.
    const ab0 = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5);
    const ab1 = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7);
    const cd0 = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
    const cd1 = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
    const out = words + (<usize>b << 4);
    v128.store(out, v128.shuffle<i64>(ab0, cd0, 0, 2));
    v128.store(out, v128.shuffle<i64>(ab0, cd0, 1, 3), 16);
    v128.store(out, v128.shuffle<i64>(ab1, cd1, 0, 2), 32);
    v128.store(out, v128.shuffle<i64>(ab1, cd1, 1, 3), 48);
  }
}

/** n uniforms on [0, 1) with 53 bits from word `index` on. */
export function fillUniform(k0: u32, k1: u32, c2: u32, c3: u32, start: f64, out: usize, n: i32): void {
  let index = <u64>start;
  let i = 0;
  while (n - i >= FEW) {
    const base = index & ~1;
    refill(k0, k1, c2, c3, base >> 1);
    while (index < base + WORDS && i < n) {
      store<f64>(out + (<usize>i << 3), toUnit(load<u64>(words + (<usize>(index - base) << 3))));
      ++index;
      ++i;
    }
  }
  for (; i < n; ++i) store<f64>(out + (<usize>i << 3), toUnit(word(k0, k1, c2, c3, index++)));
}

/** Below this many numbers a whole refill does not pay. */
const FEW: i32 = 48;

/** n normals times `scale` from word `index` on; returns how many words that took. */
export function fillNormal(k0: u32, k1: u32, c2: u32, c3: u32, start: f64, out: usize, n: i32, scale: f64): i32 {
  if (!ready) prepare();
  const begin = <u64>start;
  let index = begin;
  let i = 0;
  while (i < n) {
    const many = n - i >= FEW;
    const base = index & ~1;
    if (many) refill(k0, k1, c2, c3, base >> 1);
    const end = many ? base + WORDS : u64.MAX_VALUE;
    while (index < end && i < n) {
      const w = many ? load<u64>(words + (<usize>(index - base) << 3)) : word(k0, k1, c2, c3, index);
      const layer = <usize>(w & 255) << 3;
      const place = w >> 12;
      let x = <f64>place * load<f64>(width + layer);
      if (place < load<u64>(inside + layer)) {
        // The sign bit goes in by integer arithmetic: no branch to mispredict.
        x = reinterpret<f64>(reinterpret<u64>(x) | (((w >> 8) & 1) << 63));
        index += 1;
      } else {
        x = slow(w, k0, k1, c2, c3, index);
        index += used;
      }
      store<f64>(out + (<usize>i << 3), scale * x);
      ++i;
    }
  }
  return <i32>(index - begin);
}
