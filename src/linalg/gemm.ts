/** Matrix product C = A B or C = A^* B, in WebAssembly blocks of the cache's size or, where it is loaded, by OpenBLAS. */
import { ParameterError } from "../core/parameters.ts";
import type { Scalar } from "../core/types.ts";
import { instantiate, PAGE } from "../numerics/wasm.ts";
import { type BackendName, native } from "./backend.ts";
import { type DenseMatrix, denseMatrix } from "./dense.ts";
import { wasm } from "./gemm.wasm.ts";

interface Kernels {
  packRows(A: number, rs: number, cs: number, rows: number, depth: number, out: number): void;
  multiply(A: number, B: number, C: number, m: number, n: number, depth: number, ldc: number): void;
}

export interface ProductOptions {
  /** Multiply by the conjugate transpose of A, which is then stored `k` x `m`. */
  readonly adjoint?: boolean;
  readonly scalar?: Scalar;
  /** Overrides `useBackend`: "wasm" for whatever must be the same on every machine. */
  readonly backend?: BackendName;
}

type Numbers = Float64Array | Float32Array;

/** A block of C stays in WebAssembly while A and B stream by; panels of `DEPTH` are packed, `STRIP` rows of A at a time. */
const ROWS = 512;
const COLS = 1024;
const DEPTH = 256;
const STRIP = 128;
const A_AT = 4096;
const PACKED_A = A_AT + STRIP * DEPTH * 8;
const B_AT = PACKED_A + (STRIP + 4) * DEPTH * 8;
const PACKED_B = B_AT + DEPTH * COLS * 8;
const C_AT = PACKED_B + DEPTH * (COLS + 4) * 8;
const END = C_AT + ROWS * COLS * 8;

interface Workshop {
  readonly kernels: Kernels;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly c: Float64Array;
}
let workshop: Workshop | null = null;

function open(): Workshop {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(END / PAGE) });
  return {
    kernels: instantiate<Kernels>(wasm, memory),
    a: new Float64Array(memory.buffer, A_AT, STRIP * DEPTH),
    b: new Float64Array(memory.buffer, B_AT, DEPTH * COLS),
    c: new Float64Array(memory.buffer, C_AT, ROWS * COLS)
  };
}

/**
 * C (`m` x `n`) = op(A) (`m` x `k`) B (`k` x `n`), row-major (complex: interleaved); products are summed in f64 by WebAssembly,
 * in the arrays' own precision by OpenBLAS. `C` must not overlap A or B. Throws ParameterError on a wrong length.
 */
export function multiply(m: number, n: number, k: number, A: Numbers, B: Numbers, C: Numbers, options: ProductOptions = {}): void {
  const parts = options.scalar === "complex" ? 2 : 1;
  for (const [name, have, rows, cols] of [
    ["A", A, m, k],
    ["B", B, k, n],
    ["C", C, m, n]
  ] as const)
    if (have.length !== rows * cols * parts)
      throw new ParameterError(`multiply: ${name} must have ${rows * cols * parts} numbers (${rows} x ${cols}), got ${have.length}`);
  const fast = native(options.backend);
  if (fast && A.constructor === B.constructor && A.constructor === C.constructor)
    fast.gemm(m, n, k, A, options.adjoint ?? false, B, C, options.scalar ?? "real");
  else multiplyBlocks(m, n * parts, k * parts, A, B, C, options.adjoint ?? false, parts);
}

/** n and k count real numbers. A complex product is the real one of [re, im] rows with [[re, im], [-im, re]] blocks. */
function multiplyBlocks(m: number, n: number, k: number, A: Numbers, B: Numbers, C: Numbers, adjoint: boolean, parts: number): void {
  workshop ??= open();
  const { kernels, a, b, c } = workshop;
  for (let j0 = 0; j0 < n; j0 += COLS) {
    const nb = Math.min(COLS, n - j0);
    for (let i0 = 0; i0 < m; i0 += ROWS) {
      const mb = Math.min(ROWS, m - i0);
      c.fill(0, 0, mb * nb);
      for (let p0 = 0; p0 < k; p0 += DEPTH) {
        const kb = Math.min(DEPTH, k - p0);
        if (parts === 1) for (let p = 0; p < kb; p++) b.set(B.subarray((p0 + p) * n + j0, (p0 + p) * n + j0 + nb), p * nb);
        else expand(B, p0, kb, n, j0, nb, b);
        kernels.packRows(B_AT, 1, nb, nb, kb, PACKED_B);
        for (let s0 = 0; s0 < mb; s0 += STRIP) {
          const sb = Math.min(STRIP, mb - s0);
          if (!adjoint) {
            for (let i = 0; i < sb; i++) a.set(A.subarray((i0 + s0 + i) * k + p0, (i0 + s0 + i) * k + p0 + kb), i * kb);
            kernels.packRows(A_AT, kb, 1, sb, kb, PACKED_A);
          } else {
            if (parts === 1) for (let p = 0; p < kb; p++) a.set(A.subarray((p0 + p) * m + i0 + s0, (p0 + p) * m + i0 + s0 + sb), p * sb);
            else unravel(A, p0, kb, m, i0 + s0, sb, a);
            kernels.packRows(A_AT, 1, sb, sb, kb, PACKED_A);
          }
          kernels.multiply(PACKED_A, PACKED_B, C_AT + s0 * nb * 8, sb, nb, kb, nb);
        }
      }
      for (let i = 0; i < mb; i++) C.set(c.subarray(i * nb, (i + 1) * nb), (i0 + i) * n + j0);
    }
  }
}

/** Rows p0.. of complex B, two real rows each: (re, im) and (-im, re). */
function expand(B: Numbers, p0: number, kb: number, n: number, j0: number, nb: number, b: Float64Array): void {
  for (let p = 0; p < kb; p += 2) {
    let at = ((p0 + p) / 2) * n + j0;
    let out = p * nb;
    for (let j = 0; j < nb; j += 2, at += 2, out += 2) {
      b[out] = B[at];
      b[out + 1] = B[at + 1];
      b[out + nb] = -B[at + 1];
      b[out + nb + 1] = B[at];
    }
  }
}

/** Columns s0.. of complex A (k x m) as rows of real parts and minus imaginary parts. */
function unravel(A: Numbers, p0: number, kb: number, m: number, s0: number, sb: number, a: Float64Array): void {
  for (let p = 0; p < kb; p += 2) {
    const at = (((p0 + p) / 2) * m + s0) * 2;
    for (let i = 0; i < sb; i++) {
      a[p * sb + i] = A[at + 2 * i];
      a[(p + 1) * sb + i] = -A[at + 2 * i + 1];
    }
  }
}

/** A B, or A^* B with `adjoint`, as a new dense matrix in the precision of A. Throws ParameterError where the shapes or fields do not fit. */
export function gemm(
  A: DenseMatrix,
  B: DenseMatrix,
  options: { readonly adjoint?: boolean; readonly backend?: BackendName } = {}
): DenseMatrix {
  const [m, k] = options.adjoint ? [A.cols, A.rows] : [A.rows, A.cols];
  if (k !== B.rows) throw new ParameterError(`gemm: the inner sizes must agree, got ${m} x ${k} times ${B.rows} x ${B.cols}`);
  if (A.scalar !== B.scalar) throw new ParameterError(`gemm: both matrices must be real or both complex, got ${A.scalar} and ${B.scalar}`);
  const C = denseMatrix(m, B.cols, { scalar: A.scalar, precision: A.precision });
  multiply(m, B.cols, k, A.data, B.data, C.data, { ...options, scalar: A.scalar });
  return C;
}
