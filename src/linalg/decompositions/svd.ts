/** Thin singular value decomposition, real or complex: Householder to bidiagonal, then implicit QR (Golub, Reinsch 1970). */
import type { Vec } from "../../core/types.ts";
import { native } from "../backend.ts";
import { type DecompositionOptions, exactScale, inspect, type MatrixData, rotationRoom, workspace } from "./workspace.ts";

/** A = U diag(s) Vh with k = min(rows, cols). */
export interface SingularValues {
  /** Descending, >= 0, length k. */
  readonly s: Vec;
  /** `rows` x k, row-major, orthonormal columns; null with `vectors: false`. */
  readonly U: Vec | null;
  /** k x `cols`, row-major, orthonormal rows (the conjugate transpose of V); null with `vectors: false`. */
  readonly Vh: Vec | null;
}

/** Residual and orthogonality are below 1e-13 |A|, whatever the rank. Throws ParameterError on entries that are not finite. */
export function svd(A: MatrixData, options: DecompositionOptions & { readonly vectors?: boolean } = {}): SingularValues {
  const { parts, size } = inspect("svd", A, false);
  const { rows, cols } = A;
  const wantVectors = options.vectors ?? true;
  const scale = exactScale(size);
  const k = Math.min(rows, cols);
  const fast = native(options.backend);
  if (fast) {
    const copy = Float64Array.from(A.data);
    for (let i = 0; i < copy.length; i++) copy[i] *= scale;
    const s = new Float64Array(k);
    const U = new Float64Array(wantVectors ? rows * k * parts : 0);
    const Vh = new Float64Array(wantVectors ? k * cols * parts : 0);
    const info = fast.svd(rows, cols, copy, U, s, Vh, parts === 2 ? "complex" : "real");
    if (info !== 0) throw new Error(`svd: LAPACK did not converge (info ${info})`);
    for (let i = 0; i < k; i++) s[i] /= scale;
    return wantVectors ? { s, U, Vh } : { s, U: null, Vh: null };
  }
  if (rows >= cols) {
    const { s, left, right } = tall(A.data, rows, cols, parts, scale, wantVectors);
    return { s, U: left && transpose(left, cols, rows, parts, 1), Vh: right && conjugated(right, parts) };
  }
  // A^* = V s U^*: its left vectors are V, its right ones U.
  const { s, left, right } = tall(transpose(A.data, rows, cols, parts, -1), cols, rows, parts, scale, wantVectors);
  return { s, U: right && transpose(right, rows, rows, parts, 1), Vh: left && conjugated(left, parts) };
}

/** m >= n. `left` (n x m) and `right` (n x n): row i is the i-th singular vector, not conjugated. */
function tall(
  data: Float64Array | Float32Array,
  m: number,
  n: number,
  parts: 1 | 2,
  scale: number,
  wantVectors: boolean
): { readonly s: Vec; readonly left: Vec | null; readonly right: Vec | null } {
  const long = m * parts;
  const wide = n * parts;
  const slabsU = wantVectors ? Math.ceil(long / 8) : 0;
  const slabsV = wantVectors ? Math.ceil(wide / 8) : 0;
  const room = rotationRoom(n);
  const { kernels, at, memory } = workspace("svd", [
    Math.max(m * wide * 8, slabsV * 64 * n),
    Math.max(n * long * 8, slabsU * 64 * n),
    wantVectors ? n * long * 8 : 0,
    wantVectors ? n * wide * 8 : 0,
    n * 8,
    n * 8,
    n * 16,
    n * 16,
    (long + 2 * wide) * 8,
    2 * room
  ]);
  const [aAt, lAt, uAt, vAt, sAt, eAt, tauLeft, tauRight, workAt, bufferAt] = at;
  const input = new Float64Array(memory.buffer, aAt, m * wide);
  for (let i = 0; i < input.length; i++) input[i] = data[i] * scale;
  const complex = parts === 2 ? 1 : 0;
  kernels.bidiagonalize(complex, aAt, m, n, lAt, sAt, eAt, tauLeft, tauRight, workAt);
  if (wantVectors) {
    kernels.accumulate(complex, uAt, n, m, lAt, tauLeft, n, 0);
    kernels.accumulate(complex, vAt, n, n, aAt, tauRight, n - 1, 1);
    kernels.toSlabs(uAt, n, long, lAt);
    kernels.toSlabs(vAt, n, wide, aAt);
  }
  const unfinished = kernels.bidiagonalQR(n, sAt, eAt, lAt, slabsU, aAt, slabsV, bufferAt, room);
  if (unfinished !== 0) throw new Error(`svd: ${unfinished} of ${n} singular values did not converge`);
  const found = new Float64Array(memory.buffer, sAt, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => Math.abs(found[j]) - Math.abs(found[i]));
  const s = Float64Array.from(order, (i) => Math.abs(found[i]) / scale);
  if (!wantVectors) return { s, left: null, right: null };
  for (let i = 0; i < n; i++) {
    kernels.fromSlabs(lAt, n, long, order[i], 1, uAt + i * long * 8);
    kernels.fromSlabs(aAt, n, wide, order[i], found[order[i]] < 0 ? -1 : 1, vAt + i * wide * 8);
  }
  return { s, left: new Float64Array(memory.buffer, uAt, n * long).slice(), right: new Float64Array(memory.buffer, vAt, n * wide).slice() };
}

/** Transpose of a row-major rows x cols matrix; `sign` -1 conjugates. */
function transpose(A: Float64Array | Float32Array, rows: number, cols: number, parts: 1 | 2, sign: 1 | -1): Float64Array {
  const out = new Float64Array(A.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      out[(j * rows + i) * parts] = A[(i * cols + j) * parts];
      if (parts === 2) out[(j * rows + i) * 2 + 1] = sign * A[(i * cols + j) * 2 + 1];
    }
  return out;
}

/** In place. */
function conjugated(A: Float64Array, parts: 1 | 2): Float64Array {
  if (parts === 2) for (let i = 1; i < A.length; i += 2) A[i] = -A[i];
  return A;
}
