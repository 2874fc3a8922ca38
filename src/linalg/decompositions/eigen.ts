/** Eigenvalues and eigenvectors of a real symmetric or complex Hermitian matrix: Householder to tridiagonal, then implicit QL. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { native } from "../backend.ts";
import { type DecompositionOptions, exactScale, inspect, type MatrixData, rotationRoom, workspace } from "./workspace.ts";

export interface Eigen {
  /** Ascending. */
  readonly values: Vec;
  /** Row k is the eigenvector of `values[k]` (n numbers, complex interleaved), norm one, sign or phase arbitrary; null unless asked for. */
  readonly vectors: Vec | null;
}

/**
 * A = sum_k values[k] v_k v_k^*. Residual and orthogonality are below 1e-13 |A|. Throws ParameterError on a matrix that is not
 * square, not Hermitian (beyond 1e-6 of its largest entry; below that both triangles are averaged) or not finite.
 */
export function symmetricEigen(A: MatrixData, options: DecompositionOptions & { readonly vectors?: boolean } = {}): Eigen {
  const { parts, size } = inspect("symmetric eigen", A, true);
  const n = A.rows;
  const wantVectors = options.vectors ?? true;
  const scale = exactScale(size);
  const H = hermitian(A.data, n, parts, size, scale);
  const values = new Float64Array(n);
  const fast = native(options.backend);
  if (fast) {
    const info = fast.eigen(n, H, values, wantVectors, parts === 2 ? "complex" : "real");
    if (info !== 0) throw new Error(`symmetric eigen: LAPACK did not converge (info ${info})`);
    for (let i = 0; i < n; i++) values[i] /= scale;
    // LAPACK saw the transpose, which is the conjugate.
    if (parts === 2 && wantVectors) for (let i = 1; i < H.length; i += 2) H[i] = -H[i];
    return { values, vectors: wantVectors ? H : null };
  }

  const width = n * parts;
  const slabs = wantVectors ? Math.ceil(width / 8) : 0;
  const room = rotationRoom(n);
  const { kernels, at, memory } = workspace("symmetric eigen", [
    Math.max(n * width * 8, slabs * 64 * n),
    wantVectors ? n * width * 8 : 0,
    n * 8,
    n * 8,
    n * 32,
    3 * width * 8,
    room
  ]);
  const [aAt, mAt, dAt, eAt, tauAt, workAt, bufferAt] = at;
  new Float64Array(memory.buffer, aAt, n * width).set(H);
  const complex = parts === 2 ? 1 : 0;
  kernels.tridiagonalize(complex, aAt, n, dAt, eAt, tauAt, workAt);
  if (wantVectors) {
    kernels.accumulate(complex, mAt, n, n, aAt, tauAt, n - 1, 1);
    kernels.toSlabs(mAt, n, width, aAt);
  }
  const left = kernels.tridiagonalQL(n, dAt, eAt, aAt, slabs, bufferAt, room);
  if (left !== 0) throw new Error(`symmetric eigen: eigenvalue ${left} of ${n} did not converge`);
  const found = new Float64Array(memory.buffer, dAt, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => found[i] - found[j]);
  for (let i = 0; i < n; i++) values[i] = found[order[i]] / scale;
  if (!wantVectors) return { values, vectors: null };
  for (let i = 0; i < n; i++) kernels.fromSlabs(aAt, n, width, order[i], 1, mAt + i * width * 8);
  return { values, vectors: new Float64Array(memory.buffer, mAt, n * width).slice() };
}

/** (A + A^*) scale / 2, with both triangles. */
function hermitian(data: Float64Array | Float32Array, n: number, parts: 1 | 2, size: number, scale: number): Float64Array {
  const H = new Float64Array(n * n * parts);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      for (let part = 0; part < parts; part++) {
        const p = (i * n + j) * parts + part;
        const q = (j * n + i) * parts + part;
        const sign = part === 1 ? -1 : 1;
        const x = data[p] * scale;
        const y = sign * data[q] * scale;
        if (Math.abs(x - y) > 1e-6 * size * scale)
          throw new ParameterError(
            `symmetric eigen: the matrix must be symmetric (Hermitian if complex), but entries (${i}, ${j}) and (${j}, ${i}) differ by ${Math.abs(x - y) / scale}`
          );
        H[p] = (x + y) / 2;
        H[q] = (sign * (x + y)) / 2;
      }
  return H;
}
