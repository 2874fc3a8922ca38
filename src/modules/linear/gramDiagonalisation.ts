/**
 * The smaller Gram matrix, K = A A^* (or A^* A), brought to tridiagonal form Q T Q^*: no singular vectors are made, a solution
 * costs products with A and with the reflectors of Q, and one tridiagonal solve. A call loses log10 of the conditioning of
 * a_x + a_z K in digits; one that would lose more than four is answered by a singular value decomposition, made when first needed.
 */
import type { LinearOperator, Vec } from "../../core/types.ts";
import { type MatrixData, multiply, symmetricEigen, tridiagonalForm } from "../../linalg/index.ts";
import { type Diagonalisation, type LinearMessages, ones } from "./diagonalisation.ts";
import { remembered } from "./remembered.ts";
import { svdDiagonalisation } from "./svdDiagonalisation.ts";

/** The conditioning of a_x + a_z K up to which the Gram matrix is used: relative errors stay near 1e4 epsilon = 2e-12. */
export const GRAM_CONDITION = 1e4;

export function gramDiagonalisation(op: LinearOperator, A: MatrixData): Diagonalisation {
  const { rows, cols, scalar } = op;
  const complex = scalar === "complex";
  const w = complex ? 2 : 1;
  const wide = rows < cols;
  const n = Math.min(rows, cols);
  let gram: Vec | null = gramMatrix(A, wide);
  const form = tridiagonalForm({ rows: n, cols: n, data: gram, scalar });
  const top = form.values[n - 1];
  const least = form.values[0];
  let exact: Diagonalisation | null = null;
  const svd = (): Diagonalisation => (exact ??= svdDiagonalisation(A));
  // An eigenvalue of the Gram matrix is right to top * epsilon: it will do where the smallest precision is not below that by much.
  const safe = (ax: number, az: number): boolean => ax + az * top <= GRAM_CONDITION * (ax + az * Math.max(least, 0));
  const small = new Float64Array(w * n);
  const long = new Float64Array(w * cols);
  const solver = tridiagonalSolver(form.diagonal, form.off, w);

  /** Q^* A b_x and Q^* b_z (wide), or A^* b_z (tall). */
  const fromX = remembered(w * cols, w * n, (bx, out) => {
    op.apply(bx, out);
    form.toBasis(out, out);
  });
  const fromZ = remembered(w * rows, w * n, wide ? form.toBasis : (bz, out) => op.adjoint(bz, out));
  const viaGram: Pick<Diagonalisation, "meanX" | "meanZ"> = wide
    ? {
        /** g = b_z - a_z z = (a_x + a_z K)^(-1) (a_x b_z - a_z A b_x), x = (b_x + A^* g)/a_x. */
        meanX({ ax, az, bx, bz }, x) {
          const seen = fromX(bx);
          const told = fromZ(bz);
          for (let i = 0; i < small.length; i++) small[i] = told[i] - az * (seen[i] / ax);
          solver(ax, az, small);
          form.fromBasis(small, small);
          op.adjoint(small, long);
          for (let j = 0; j < x.length; j++) x[j] = bx[j] / ax + long[j];
        },
        /** z = (a_x + a_z K)^(-1) (A b_x + K b_z), K b_z in the basis of T. */
        meanZ({ ax, az, bx, bz }, z) {
          small.set(fromX(bx));
          addTridiagonal(form.diagonal, form.off, w, fromZ(bz), small);
          solver(ax, az, small);
          form.fromBasis(small, z);
        }
      }
    : {
        meanX({ ax, az, bx, bz }, x) {
          const told = fromZ(bz);
          for (let j = 0; j < small.length; j++) small[j] = told[j] + bx[j];
          form.toBasis(small, small);
          solver(ax, az, small);
          form.fromBasis(small, x);
        },
        meanZ(given, z) {
          viaGram.meanX(given, long);
          op.apply(long, z);
        }
      };

  /** |u_k|^2 of the eigenvectors of K, entry by entry, and |A^* u_k|^2 (or |A u_k|^2) on the other side, of norm lambda_k. */
  let squares: { readonly near: Vec; readonly far: Vec } | null = null;
  const eigenSquares = (): { readonly near: Vec; readonly far: Vec } => {
    if (squares) return squares;
    const V = symmetricEigen({ rows: n, cols: n, data: gram as Vec, scalar }).vectors as Vec;
    gram = null;
    const m = Math.max(rows, cols);
    const far = new Float64Array(n * m);
    const image = new Float64Array(w * m);
    for (let k = 0; k < n; k++) {
      const vector = V.subarray(k * n * w, (k + 1) * n * w);
      if (wide) op.adjoint(vector, image);
      else op.apply(vector, image);
      moduli(image, w, far.subarray(k * m, (k + 1) * m));
    }
    const near = new Float64Array(n * n);
    moduli(V, w, near);
    squares = { near, far };
    return squares;
  };
  const combine = (table: Vec, of: (lambda: number) => number, out: Vec): void => {
    out.fill(0);
    for (let k = 0; k < n; k++) {
      const f = of(Math.max(form.values[k], 0));
      for (let i = 0, at = k * out.length; i < out.length; i++, at++) out[i] += f * table[at];
    }
  };
  const clamped = form.values.map((x) => Math.max(x, 0));
  const one = ones(n);
  return {
    method: "gram",
    get lambda() {
      return top <= GRAM_CONDITION * least ? form.values : svd().lambda;
    },
    get counts() {
      return top <= GRAM_CONDITION * least ? one : svd().counts;
    },
    at: (ax, az) => (safe(ax, az) ? { lambda: clamped, counts: one } : svd()),
    meanX: (given: LinearMessages, x: Vec) => (safe(given.ax, given.az) ? viaGram : svd()).meanX(given, x),
    meanZ: (given: LinearMessages, z: Vec) => (safe(given.ax, given.az) ? viaGram : svd()).meanZ(given, z),
    variancesX(ax, az, out) {
      if (!safe(ax, az)) return svd().variancesX(ax, az, out);
      const { near, far } = eigenSquares();
      if (!wide) return combine(near, (x) => 1 / (ax + az * x), out);
      combine(far, (x) => az / (ax + az * x) / ax, out);
      // what is learned is at most 1/a_x: below zero there is rounding only
      for (let j = 0; j < out.length; j++) out[j] = Math.max(1 / ax - out[j], 0);
    },
    variancesZ(ax, az, out) {
      if (!safe(ax, az)) return svd().variancesZ(ax, az, out);
      const { near, far } = eigenSquares();
      if (wide) combine(near, (x) => x / (ax + az * x), out);
      else combine(far, (x) => 1 / (ax + az * x), out);
    }
  };
}

/** A A^* or A^* A of the matrix's numbers in f64, by blocks of columns: only those on and left of the diagonal are multiplied. */
function gramMatrix({ rows, cols, data, scalar = "real" }: MatrixData, wide: boolean): Vec {
  const w = scalar === "complex" ? 2 : 1;
  const n = wide ? rows : cols;
  const depth = wide ? cols : rows;
  const K = new Float64Array(n * n * w);
  // Slices of B (depth x size), K = B^* B: of A itself, or of A^* (the conjugate transpose).
  const slice = (from: number, size: number): Float64Array => {
    const B = new Float64Array(depth * size * w);
    if (!wide) for (let p = 0; p < depth; p++) B.set(data.subarray((p * cols + from) * w, (p * cols + from + size) * w), p * size * w);
    else if (w === 1)
      for (let i = 0; i < size; i++) for (let p = 0, at = (from + i) * cols; p < depth; p++, at++) B[p * size + i] = data[at];
    else
      for (let i = 0; i < size; i++)
        for (let p = 0, at = 2 * (from + i) * cols; p < depth; p++, at += 2) {
          B[2 * (p * size + i)] = data[at];
          B[2 * (p * size + i) + 1] = -data[at + 1];
        }
    return B;
  };
  const block = Math.min(n, Math.max(128, Math.ceil(n / 4)));
  const slices: { readonly from: number; readonly size: number; readonly B: Float64Array }[] = [];
  for (let from = 0; from < n; from += block) {
    const size = Math.min(block, n - from);
    slices.push({ from, size, B: slice(from, size) });
  }
  for (const a of slices)
    for (const b of slices) {
      if (b.from > a.from) continue;
      const C = new Float64Array(a.size * b.size * w);
      multiply(a.size, b.size, depth, a.B, b.B, C, { adjoint: true, scalar });
      for (let i = 0; i < a.size; i++)
        for (let j = 0; j < b.size; j++) {
          const from = (i * b.size + j) * w;
          const to = ((a.from + i) * n + b.from + j) * w;
          const mirror = ((b.from + j) * n + a.from + i) * w;
          K[to] = C[from];
          K[mirror] = C[from];
          if (w === 2) {
            K[to + 1] = C[from + 1];
            K[mirror + 1] = -C[from + 1];
          }
        }
    }
  return K;
}

/** |x|^2 of each number. */
function moduli(x: Vec, w: number, out: Vec): void {
  for (let i = 0; i < out.length; i++) out[i] = w === 1 ? x[i] * x[i] : x[2 * i] ** 2 + x[2 * i + 1] ** 2;
}

/** Solves (a + t T) y = r in place, T real symmetric tridiagonal and a + t T positive definite: L D L^T without pivots is stable. */
export function tridiagonalSolver(diagonal: Vec, off: Vec, w: 1 | 2): (a: number, t: number, r: Vec) => void {
  const n = diagonal.length;
  const pivot = new Float64Array(n);
  const ratio = new Float64Array(n);
  return (a, t, r) => {
    pivot[0] = a + t * diagonal[0];
    for (let k = 1; k < n; k++) {
      const e = t * off[k - 1];
      ratio[k] = e / pivot[k - 1];
      pivot[k] = a + t * diagonal[k] - e * ratio[k];
    }
    for (let part = 0; part < w; part++) {
      for (let k = 1; k < n; k++) r[w * k + part] -= ratio[k] * r[w * (k - 1) + part];
      for (let k = 0; k < n; k++) r[w * k + part] /= pivot[k];
      for (let k = n - 2; k >= 0; k--) r[w * k + part] -= ratio[k + 1] * r[w * (k + 1) + part];
    }
  };
}

/** out += T y. */
function addTridiagonal(diagonal: Vec, off: Vec, w: 1 | 2, y: Vec, out: Vec): void {
  const n = diagonal.length;
  for (let k = 0; k < n; k++)
    for (let part = 0; part < w; part++) {
      let s = diagonal[k] * y[w * k + part];
      if (k > 0) s += off[k - 1] * y[w * (k - 1) + part];
      if (k + 1 < n) s += off[k] * y[w * (k + 1) + part];
      out[w * k + part] += s;
    }
}
