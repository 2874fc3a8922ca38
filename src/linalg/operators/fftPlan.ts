/**
 * Plans for the complex FFT kernels: radices, accurate twiddles and the memory they live in. Lengths 2^a 3^b 5^c run by Stockham
 * passes (four-step beyond the cache), every other length by Bluestein's chirp convolution.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Scalar, Vec } from "../../core/types.ts";
import { instantiate, PAGE } from "../../numerics/wasm.ts";
import { wasm } from "./transforms.wasm.ts";

/** The exports of assembly/transforms.ts; pointers are byte offsets. */
export interface Kernels {
  columns(n: number, s: number, x: number, y: number, plan: number, inverse: number): number;
  fourStep(
    n1: number,
    n2: number,
    x: number,
    y: number,
    plan1: number,
    plan2: number,
    hi: number,
    lo: number,
    shift: number,
    a: number,
    b: number,
    inverse: number
  ): void;
  plane(height: number, width: number, x: number, rowPlan: number, columnPlan: number, a: number, b: number, inverse: number): void;
  multiply(a: number, w: number, out: number, count: number, conjugate: number, factor: number): void;
  multiplyReversed(a: number, w: number, out: number, count: number, factor: number): void;
  dctGather(x: number, v: number, n: number): void;
  dctScatter(v: number, x: number, n: number): void;
  dctSplit(c: number, out: number, n: number, hi: number, lo: number, shift: number, factor: number): void;
  dctJoin(x: number, c: number, n: number, hi: number, lo: number, shift: number, factor: number): void;
  hadamard(x: number, n: number, factor: number): void;
}

/**
 * A unitary transform on memory of its own: write `input`, call, read `output` (they may be the same array; `input` is
 * destroyed). The unitary result is `gain * output`.
 */
export interface Transform {
  readonly scalar: Scalar;
  readonly size: number;
  readonly input: Vec;
  readonly output: Vec;
  readonly gain: number;
  forward(): void;
  inverse(): void;
}

/** A place in memory that is filled once the memory exists. */
export interface Layout {
  /** Reserves bytes, aligned to a cache line; `fill` writes tables when the memory exists. Returns the pointer. */
  reserve(bytes: number, fill?: (buffer: ArrayBuffer, at: number) => void): number;
  /** Makes the memory, fills the tables, and starts the kernels over it. */
  start(): { readonly kernels: Kernels; readonly buffer: ArrayBuffer };
}

/** Memory for one plan; the module itself has no static data below 1024. */
export function layout(): Layout {
  let end = 1024;
  const fills: ((buffer: ArrayBuffer) => void)[] = [];
  return {
    reserve(bytes, fill) {
      const at = end;
      end = 64 * Math.ceil((at + bytes) / 64);
      if (end > 2 ** 31)
        throw new ParameterError("transform: the size needs more than 2 GiB of tables and buffers; give a smaller one, such as 2^24");
      if (fill) fills.push((buffer) => fill(buffer, at));
      return at;
    },
    start() {
      const pages = Math.ceil(end / PAGE);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      for (const fill of fills) fill(memory.buffer);
      return { kernels: instantiate<Kernels>(wasm, memory), buffer: memory.buffer };
    }
  };
}

/** exp(-2 pi i k / n) at out[2 at], the angle reduced to an octant in integers so that the error is one rounding. */
export function writeRoot(k: number, n: number, out: Vec, at: number): void {
  const turns = 4 * (k % n);
  const quadrant = Math.floor(turns / n);
  const rest = turns - quadrant * n;
  const flip = 2 * rest > n;
  const angle = ((Math.PI / 2) * (flip ? n - rest : rest)) / n;
  const diagonal = 2 * rest === n; // sin and cos of pi/4 differ in the last digit
  const c = diagonal ? Math.SQRT1_2 : flip ? Math.sin(angle) : Math.cos(angle);
  const s = diagonal ? Math.SQRT1_2 : flip ? Math.cos(angle) : Math.sin(angle);
  out[2 * at] = quadrant === 0 ? c : quadrant === 1 ? -s : quadrant === 2 ? -c : s;
  out[2 * at + 1] = quadrant === 0 ? -s : quadrant === 1 ? -c : quadrant === 2 ? s : c;
}

/** exp(-2 pi i k / n) for all k as two short tables: root(k) = hi[k >> shift] lo[k mod 2^shift]. */
export function reserveRoots(n: number, memory: Layout): { readonly hi: number; readonly lo: number; readonly shift: number } {
  const shift = Math.max(1, Math.ceil(Math.log2(n) / 2));
  const low = 2 ** shift;
  const high = Math.floor((n - 1) / low) + 1;
  const lo = memory.reserve(16 * low, (buffer, at) => {
    const table = new Float64Array(buffer, at, 2 * low);
    for (let k = 0; k < low; k++) writeRoot(k, n, table, k);
  });
  const hi = memory.reserve(16 * high, (buffer, at) => {
    const table = new Float64Array(buffer, at, 2 * high);
    for (let k = 0; k < high; k++) writeRoot(k * low, n, table, k);
  });
  return { hi, lo, shift };
}

/** Radices of n in the order of the passes (5, 3, 2 once, then 4), or null when another prime divides n. */
export function radices(n: number): number[] | null {
  const factors: number[] = [];
  for (const r of [5, 3]) for (; n % r === 0; n /= r) factors.push(r);
  let fours = 0;
  for (; n % 4 === 0; n /= 4) fours++;
  if (n % 2 === 0) {
    factors.push(2);
    n /= 2;
  }
  for (; fours > 0; fours--) factors.push(4);
  return n === 1 ? factors : null;
}

/** The smallest 2^a 3^b 5^c >= n. */
export function smoothAbove(n: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let five = 1; five < 5 * n; five *= 5)
    for (let three = five; three < 3 * n; three *= 3) {
      let m = three;
      while (m < n) m *= 2;
      if (m < best) best = m;
    }
  return best;
}

/** Reserves what `columns` of assembly/transforms.ts reads: count, radices, twiddles of each pass. n must be 5-smooth. */
export function reservePasses(n: number, memory: Layout): { readonly at: number; readonly count: number } {
  const factors = radices(n);
  if (!factors) throw new RangeError(`fft plan: ${n} has a prime factor above 5`);
  const header = (4 * (factors.length + 1) + 15) & ~15;
  let twiddles = 0;
  for (let k = 0, m = n; k < factors.length; k++) {
    m /= factors[k];
    twiddles += m * (factors[k] - 1);
  }
  const at = memory.reserve(header + 16 * twiddles, (buffer, from) => {
    new Int32Array(buffer, from, factors.length + 1).set([factors.length, ...factors]);
    const table = new Float64Array(buffer, from + header, 2 * twiddles);
    let to = 0;
    let length = n;
    for (const r of factors) {
      const m = length / r;
      for (let p = 0; p < m; p++) for (let j = 1; j < r; j++) writeRoot(p * j, length, table, to++);
      length = m;
    }
  });
  return { at, count: factors.length };
}

/** A planned FFT between two buffers of 16 n bytes: reads `input`, leaves the unnormalised result in `result`; `spare` is the other one. */
export interface FftPlan {
  readonly input: number;
  readonly result: number;
  readonly spare: number;
  run(kernels: Kernels, inverse: 0 | 1): void;
  /** Tables that need the kernels themselves (the chirp's spectrum); called once after `start`. */
  prepare(kernels: Kernels, buffer: ArrayBuffer): void;
}

/** Up to this length (two buffers of 64 KiB) the passes run over the whole array; beyond, by blocks of columns. Measured. */
const DIRECT = 4096;
/** Columns per block, BLOCK of assembly/transforms.ts. */
export const BLOCK = 16;

function nothing(): void {}

/** Plans the FFT of length n inside `memory`. */
export function planFft(n: number, memory: Layout): FftPlan {
  const smooth = radices(n) !== null;
  if (!smooth) return planBluestein(n, memory);
  const x = memory.reserve(16 * n);
  const y = memory.reserve(16 * n);
  if (n <= DIRECT) {
    const { at, count } = reservePasses(n, memory);
    const odd = count % 2 === 1;
    return {
      input: x,
      result: odd ? y : x,
      spare: odd ? x : y,
      prepare: nothing,
      run: (kernels, inverse) => void kernels.columns(n, 1, x, y, at, inverse)
    };
  }
  let n1 = 1;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) n1 = d;
  const n2 = n / n1;
  const first = reservePasses(n1, memory).at;
  const second = n2 === n1 ? first : reservePasses(n2, memory).at;
  const { hi, lo, shift } = reserveRoots(n, memory);
  const a = memory.reserve(16 * BLOCK * n2);
  const b = memory.reserve(16 * BLOCK * n2);
  return {
    input: x,
    result: y,
    spare: x,
    prepare: nothing,
    run: (kernels, inverse) => kernels.fourStep(n1, n2, x, y, first, second, hi, lo, shift, a, b, inverse)
  };
}

/** X_k = w_k sum_j (x_j w_j) conj(w_(k-j)), w_k = exp(-i pi k^2 / n): a convolution, done at a smooth length >= 2n - 1 (Bluestein 1970). */
function planBluestein(n: number, memory: Layout): FftPlan {
  const m = smoothAbove(2 * n - 1);
  const inner = planFft(m, memory);
  const chirp = memory.reserve(16 * n, (buffer, at) => {
    const table = new Float64Array(buffer, at, 2 * n);
    for (let k = 0; k < n; k++) writeRoot((k * k) % (2 * n), 2 * n, table, k);
  });
  const spectrum = memory.reserve(16 * m);
  const { input, result, spare } = inner;
  let tail = new Float64Array(0);
  return {
    input,
    result: spare,
    spare: result,
    prepare(kernels, buffer) {
      const w = new Float64Array(buffer, chirp, 2 * n);
      const padded = new Float64Array(buffer, input, 2 * m);
      padded.fill(0);
      for (let k = 0; k < n; k++)
        for (const at of k ? [k, m - k] : [0]) {
          padded[2 * at] = w[2 * k];
          padded[2 * at + 1] = -w[2 * k + 1];
        }
      inner.run(kernels, 0);
      new Float64Array(buffer, spectrum, 2 * m).set(new Float64Array(buffer, result, 2 * m));
      tail = new Float64Array(buffer, input + 16 * n, 2 * (m - n));
    },
    run(kernels, inverse) {
      kernels.multiply(input, chirp, input, n, 0, 1);
      tail.fill(0);
      inner.run(kernels, 0);
      kernels.multiply(result, spectrum, input, m, 0, 1 / m);
      inner.run(kernels, 1);
      // the inverse DFT is the DFT read backwards
      if (inverse) kernels.multiplyReversed(result, chirp, spare, n, 1);
      else kernels.multiply(result, chirp, spare, n, 0, 1);
    }
  };
}

const cache = new Map<string, WeakRef<Transform>>();

/** One transform per kind and size, shared by all operators: calls are synchronous, and its buffers carry nothing between them. */
export function shared(key: string, make: () => Transform): Transform {
  const found = cache.get(key)?.deref();
  if (found) return found;
  for (const [k, ref] of cache) if (!ref.deref()) cache.delete(k);
  const made = make();
  cache.set(key, new WeakRef(made));
  return made;
}

/** The unitary complex DFT of length n, any n: X_k = n^(-1/2) sum_j x_j exp(-2 pi i j k / n). */
export function complexTransform(n: number): Transform {
  return shared(`fft ${n}`, () => {
    const memory = layout();
    const plan = planFft(n, memory);
    const { kernels, buffer } = memory.start();
    plan.prepare(kernels, buffer);
    return {
      scalar: "complex",
      size: n,
      gain: 1 / Math.sqrt(n),
      input: new Float64Array(buffer, plan.input, 2 * n),
      output: new Float64Array(buffer, plan.result, 2 * n),
      forward: () => plan.run(kernels, 0),
      inverse: () => plan.run(kernels, 1)
    };
  });
}
