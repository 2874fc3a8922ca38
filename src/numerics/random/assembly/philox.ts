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

/** n uniforms on [0, 1) with 53 bits from word `index` on. */
export function fillUniform(k0: u32, k1: u32, c2: u32, c3: u32, start: f64, out: usize, n: i32): void {
  const index = <u64>start;
  for (let i = 0; i < n; ++i) store<f64>(out + (<usize>i << 3), toUnit(word(k0, k1, c2, c3, index + i)));
}

/** n normals times `scale` from word `index` on; returns how many words that took. */
export function fillNormal(k0: u32, k1: u32, c2: u32, c3: u32, start: f64, out: usize, n: i32, scale: f64): i32 {
  if (!ready) prepare();
  const begin = <u64>start;
  let index = begin;
  for (let i = 0; i < n; ++i) {
    const w = word(k0, k1, c2, c3, index);
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
  }
  return <i32>(index - begin);
}
