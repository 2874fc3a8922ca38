/**
 * Haar matrices without a QR decomposition: the product of Householder reflections of independent Gaussian vectors of lengths
 * n, n - 1, ... (Stewart 1980, The efficient generation of random orthogonal matrices, section 3; Mezzadri 2007 for the phases),
 * accumulated in blocks, I - V T V^* (Schreiber and Van Loan 1989), by the WebAssembly product, whose bits are the same everywhere.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Rng, Scalar } from "../core/types.ts";
import { multiply } from "../linalg/gemm.ts";

/** Reflections a block: the products V^* V and M V are large enough for the blocked kernel. */
const BLOCK = 48;

/**
 * `count` orthonormal rows of length `size` (row-major, complex interleaved): the first rows of a Haar matrix of O(size) or
 * U(size). Draws from rng in the order of the rows. Throws ParameterError unless 1 <= count <= size.
 */
export function haarRows(rng: Rng, count: number, size: number, scalar: Scalar = "real"): Float64Array {
  if (!(Number.isInteger(count) && Number.isInteger(size) && count >= 1 && count <= size))
    throw new ParameterError(`haar: the number of rows must be an integer in [1, ${size}], the size of the matrix, got ${count}`);
  const parts = scalar === "complex" ? 2 : 1;
  const { vectors, signs } = reflections(rng, count, size, parts);
  const M = new Float64Array(count * size * parts);
  for (let i = 0; i < count; i++) M[(i * size + i) * parts] = 1;
  for (let end = count; end > 0; end -= end % BLOCK || BLOCK) {
    const start = end - (end % BLOCK || BLOCK);
    reflectRows(M, vectors, start, end, count, size, scalar, parts);
  }
  for (let i = 0; i < count; i++) {
    const re = signs[i * parts];
    const im = parts === 2 ? -signs[2 * i + 1] : 0; // conjugate: M is the adjoint of what the reflections make of the first columns
    const row = M.subarray(i * size * parts, (i + 1) * size * parts);
    if (parts === 1) for (let j = 0; j < size; j++) row[j] *= re;
    else
      for (let j = 0; j < row.length; j += 2) {
        const x = row[j];
        row[j] = re * x - im * row[j + 1];
        row[j + 1] = re * row[j + 1] + im * x;
      }
  }
  return M;
}

/**
 * Row k of `vectors` (count x size) is sqrt(2) v_k/|v_k|, so that H_k = 1 - v v^*; zero before place k. v = x + e^{i phi} |x| e_k sends
 * the Gaussian x to -e^{i phi}|x| e_k, phi the phase of its first entry; `signs` holds -e^{i phi}, the phases that make the law Haar's.
 */
function reflections(
  rng: Rng,
  count: number,
  size: number,
  parts: 1 | 2
): { readonly vectors: Float64Array; readonly signs: Float64Array } {
  const vectors = new Float64Array(count * size * parts);
  const signs = new Float64Array(count * parts);
  for (let k = 0; k < count; k++) {
    const v = vectors.subarray((k * size + k) * parts, (k + 1) * size * parts);
    rng.fillNormal(v);
    let norm2 = 0;
    for (let i = 0; i < v.length; i++) norm2 += v[i] * v[i];
    const norm = Math.sqrt(norm2);
    const modulus = parts === 1 ? Math.abs(v[0]) : Math.sqrt(v[0] * v[0] + v[1] * v[1]);
    const re = modulus > 0 ? v[0] / modulus : 1;
    const im = parts === 2 && modulus > 0 ? v[1] / modulus : 0;
    v[0] += re * norm;
    if (parts === 2) v[1] += im * norm;
    const scale = norm > 0 ? 1 / Math.sqrt(norm * (norm + modulus)) : 0; // sqrt(2)/|v|, since |v|^2 = 2 |x| (|x| + |x_1|)
    for (let i = 0; i < v.length; i++) v[i] *= scale;
    signs[k * parts] = -re;
    if (parts === 2) signs[2 * k + 1] = -im;
  }
  return { vectors, signs };
}

/** M <- M H_(end-1) ... H_start on rows and columns from `start` on: the rows before are untouched by these reflections. */
function reflectRows(
  M: Float64Array,
  vectors: Float64Array,
  start: number,
  end: number,
  count: number,
  size: number,
  scalar: Scalar,
  parts: 1 | 2
): void {
  const b = end - start;
  const c = size - start;
  const r = count - start;
  const options = { scalar, backend: "wasm" } as const;
  const V = new Float64Array(c * b * parts); // columns are the reflectors
  const Vh = new Float64Array(b * c * parts);
  for (let k = 0; k < b; k++)
    for (let j = 0; j < c; j++) {
      const at = ((start + k) * size + start + j) * parts;
      V[(j * b + k) * parts] = Vh[(k * c + j) * parts] = vectors[at];
      if (parts === 2) {
        V[(j * b + k) * 2 + 1] = vectors[at + 1];
        Vh[(k * c + j) * 2 + 1] = -vectors[at + 1];
      }
    }
  const G = new Float64Array(b * b * parts);
  multiply(b, b, c, Vh, V, G, options);
  const T = triangle(G, b, parts);
  const block = new Float64Array(r * c * parts);
  for (let i = 0; i < r; i++) block.set(M.subarray(((start + i) * size + start) * parts, (start + i + 1) * size * parts), i * c * parts);
  const MV = new Float64Array(r * b * parts);
  multiply(r, b, c, block, V, MV, options);
  const MVT = new Float64Array(r * b * parts);
  multiply(r, b, b, MV, T, MVT, options);
  const change = block; // no longer needed
  multiply(r, c, b, MVT, Vh, change, options);
  for (let i = 0; i < r; i++) {
    const row = M.subarray(((start + i) * size + start) * parts, (start + i + 1) * size * parts);
    const at = i * c * parts;
    for (let j = 0; j < row.length; j++) row[j] -= change[at + j];
  }
}

/** H_0 H_1 ... = 1 - V T V^*, T upper triangular from the Gram matrix G = V^* V; returned is T^*, for the product in reverse order. */
function triangle(G: Float64Array, b: number, parts: 1 | 2): Float64Array {
  const T = new Float64Array(b * b * parts);
  for (let j = 0; j < b; j++) {
    T[(j * b + j) * parts] = 1;
    for (let i = 0; i < j; i++) {
      // T_ij = -sum_l T_il G_lj over i <= l < j
      let re = 0;
      let im = 0;
      for (let l = i; l < j; l++) {
        const [p, q] = [(i * b + l) * parts, (l * b + j) * parts];
        re -= T[p] * G[q];
        if (parts === 2) {
          re += T[p + 1] * G[q + 1];
          im -= T[p] * G[q + 1] + T[p + 1] * G[q];
        }
      }
      T[(i * b + j) * parts] = re;
      if (parts === 2) T[(i * b + j) * 2 + 1] = im;
    }
  }
  const adjoint = new Float64Array(T.length);
  for (let i = 0; i < b; i++)
    for (let j = 0; j < b; j++) {
      adjoint[(j * b + i) * parts] = T[(i * b + j) * parts];
      if (parts === 2) adjoint[(j * b + i) * 2 + 1] = -T[(i * b + j) * 2 + 1];
    }
  return adjoint;
}
