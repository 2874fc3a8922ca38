/** What the decompositions share: their input, its checks, and a WebAssembly memory laid out for one call. */
import { ParameterError } from "../../core/parameters.ts";
import type { Scalar } from "../../core/types.ts";
import { instantiate, MAX_PAGES, PAGE } from "../../numerics/wasm.ts";
import type { BackendName } from "../backend.ts";
import { wasm as householder } from "./householder.wasm.ts";
import { wasm as rotations } from "./rotations.wasm.ts";

/** Row-major numbers, complex interleaved; a DenseMatrix is one. */
export interface MatrixData {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array | Float32Array;
  readonly scalar?: Scalar;
}

export interface DecompositionOptions {
  /** Overrides `useBackend`: "wasm" for whatever must be the same on every machine. */
  readonly backend?: BackendName;
}

export interface Kernels {
  tridiagonalize(complex: number, A: number, n: number, d: number, e: number, tau: number, work: number): void;
  bidiagonalize(
    complex: number,
    A: number,
    m: number,
    n: number,
    L: number,
    d: number,
    e: number,
    tauLeft: number,
    tauRight: number,
    work: number
  ): void;
  accumulate(complex: number, M: number, rows: number, cols: number, R: number, tau: number, count: number, offset: number): void;
  reflectAll(complex: number, R: number, n: number, tau: number, x: number, adjoint: number): void;
  toSlabs(M: number, rows: number, width: number, slabs: number): void;
  fromSlabs(slabs: number, rows: number, width: number, from: number, sign: number, to: number): void;
  cholesky(complex: number, A: number, n: number): number;
  tridiagonalQL(n: number, d: number, e: number, slabs: number, count: number, buffer: number, room: number): number;
  bidiagonalQR(n: number, s: number, e: number, U: number, countU: number, V: number, countV: number, buffer: number, room: number): number;
}

/** Checks shape and finiteness, and returns the number of parts and the largest modulus of a part (0 for a zero matrix). */
export function inspect(name: string, A: MatrixData, square: boolean): { readonly parts: 1 | 2; readonly size: number } {
  const parts = A.scalar === "complex" ? 2 : 1;
  if (square && A.rows !== A.cols) throw new ParameterError(`${name}: the matrix must be square, got ${A.rows} x ${A.cols}`);
  if (!(A.rows >= 1 && A.cols >= 1) || A.data.length !== A.rows * A.cols * parts)
    throw new ParameterError(`${name}: ${A.rows} x ${A.cols} needs ${A.rows * A.cols * parts} numbers, got ${A.data.length}`);
  let size = 0;
  for (let i = 0; i < A.data.length; i++) {
    const x = Math.abs(A.data[i]);
    if (x > size) size = x;
    else if (Number.isNaN(x)) throw new ParameterError(`${name}: entries must be finite numbers, got NaN`);
  }
  if (size === Number.POSITIVE_INFINITY) throw new ParameterError(`${name}: entries must be finite numbers, got Infinity`);
  return { parts, size };
}

/** A power of two near 1 / size: scaling by it is exact. Within the normal range for every finite size. */
export function exactScale(size: number): number {
  if (size === 0) return 1;
  return 2 ** -Math.max(-1022, Math.min(1022, Math.floor(Math.log2(size))));
}

/** Reserves areas (bytes) of one memory. Throws ParameterError above 4 GiB. */
export function workspace(
  name: string,
  bytes: readonly number[]
): { readonly kernels: Kernels; readonly at: number[]; readonly memory: WebAssembly.Memory } {
  const at: number[] = [];
  let end = 4096;
  for (const b of bytes) {
    at.push(end);
    end += Math.ceil(b / 64) * 64;
  }
  const pages = Math.ceil((end + 64) / PAGE);
  if (pages > MAX_PAGES)
    throw new ParameterError(
      `${name}: the matrix is too large for WebAssembly (4 GiB with workspace); install OpenBLAS and koffi for more`
    );
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages });
  } catch {
    throw new ParameterError(
      `${name}: ${((pages * PAGE) / 2 ** 30).toPrecision(3)} GiB of workspace are needed, which this machine does not give`
    );
  }
  const kernels = { ...instantiate<Partial<Kernels>>(householder, memory), ...instantiate<Partial<Kernels>>(rotations, memory) } as Kernels;
  return { kernels, at, memory };
}

/** Recorded rotations that stay in the second-level cache, yet hold a sweep of n. */
export function rotationRoom(n: number): number {
  return Math.max(131072, 2 * (40 * n + 64));
}
