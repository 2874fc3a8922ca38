/** A^* A = F^* diag(lambda) F in a fast basis F (Fourier, cosine, or the entries themselves): periodic and reflecting convolutions and gradients, diagonals. */
import type { LinearOperator, Vec } from "../../core/types.ts";
import { dct, type GramBasis, gridTransform, type StructuredOperator } from "../../linalg/index.ts";
import { type Diagonalisation, type LinearMessages, positivePart, ones } from "./diagonalisation.ts";

/** The basis of a structured operator as it was built, or null. */
export function fastBasisDiagonalisation(op: LinearOperator): Diagonalisation | null {
  const { gramBasis, monomial } = op as StructuredOperator;
  if (gramBasis) return inBasis(op, gramBasis);
  if (!monomial || !op.adjointSquared) return null;
  const eigenvalues = new Float64Array(op.cols);
  op.adjointSquared(new Float64Array(op.rows).fill(1), eigenvalues);
  return inBasis(op, { basis: "entries", shape: [op.cols], eigenvalues });
}

function inBasis(op: LinearOperator, { basis, shape, eigenvalues, blocks }: GramBasis): Diagonalisation {
  const { rows, cols } = op;
  const w = op.scalar === "complex" ? 2 : 1;
  const transform = basis === "entries" ? null : gridTransform(basis, shape, op.scalar);
  const onX = new Float64Array(w * cols);
  const full = new Float64Array(w * cols);
  const gains = new Float64Array(cols);
  // an eigenvalue is the square of a transform that is right to epsilon
  const lambda = positivePart(eigenvalues, (cols * 2 ** -52) ** 2);
  const invert = (ax: number, az: number): void => {
    for (let k = 0; k < cols; k++) gains[k] = 1 / (ax + az * eigenvalues[k]);
  };
  let top = 0;
  for (let k = 0; k < cols; k++) top = Math.max(top, eigenvalues[k]);
  const zero = top * (cols * 2 ** -52) ** 2;
  const filter = (x: Vec): void => {
    if (transform) transform.filter(x, gains);
    else for (let j = 0; j < x.length; j++) x[j] *= gains[w === 1 ? j : j >> 1];
  };
  const meanX = ({ ax, az, bx, bz }: LinearMessages, x: Vec): void => {
    op.adjoint(bz, onX);
    invert(ax, az);
    if (ax > 1e-12 * az * top) {
      for (let j = 0; j < x.length; j++) x[j] = bx[j] + onX[j];
      filter(x);
      return;
    }
    // A^* b_z has nothing where lambda = 0 but rounding, which 1/a_x would blow up
    x.set(bx);
    filter(x);
    for (let k = 0; k < cols; k++) if (eigenvalues[k] <= zero) gains[k] = 0;
    filter(onX);
    for (let j = 0; j < x.length; j++) x[j] += onX[j];
  };
  return {
    method: "fourier",
    lambda,
    counts: ones(lambda.length),
    meanX,
    meanZ(given, z) {
      meanX(given, full);
      op.apply(full, z);
    },
    variancesX(ax, az, out) {
      invert(ax, az);
      if (basis === "cosine") cosineDiagonal(shape, gains, out);
      else if (basis === "entries") out.set(gains);
      else out.fill(mean(gains));
    },
    variancesZ(ax, az, out) {
      invert(ax, az);
      if (basis === "entries") {
        // one entry a row: lambda of its column is the square of that entry
        op.applySquared?.(gains, out);
        return;
      }
      const all = blocks ?? [eigenvalues];
      for (let c = 0; c < all.length; c++) {
        const block = out.subarray((c * rows) / all.length, ((c + 1) * rows) / all.length);
        const through = gains.map((g, k) => g * all[c][k]);
        if (basis === "fourier") block.fill(mean(through));
        else cosineDiagonal(shape, through, block, c);
      }
    }
  };
}

function mean(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i];
  return s / x.length;
}

/**
 * The diagonal of F^T diag(gains) F, F the orthonormal DCT-II along every axis: the squared cosines applied axis by axis. Along
 * axis `sine` (that of a difference) the basis is sqrt(2/n) sin(pi k (i + 1)/n) instead.
 */
function cosineDiagonal(shape: readonly number[], gains: Vec, out: Vec, sine = -1): void {
  out.set(gains);
  for (let axis = 0, stride = out.length; axis < shape.length; axis++) {
    const n = shape[axis];
    stride /= n;
    const given = new Float64Array(n);
    const made = new Float64Array(n);
    const squares = axis === sine ? sineSquares(n) : dct(n).adjointSquared;
    for (let outer = 0; outer < out.length; outer += n * stride)
      for (let inner = 0; inner < stride; inner++) {
        const first = outer + inner;
        for (let k = 0, at = first; k < n; k++, at += stride) given[k] = out[at];
        squares?.(given, made);
        for (let i = 0, at = first; i < n; i++, at += stride) out[at] = made[i];
      }
  }
}

/** out_i = (2/n) sum_(k > 0) sin^2(pi k (i + 1)/n) s_k, 0 at i = n - 1. */
function sineSquares(n: number): (s: Vec, out: Vec) => void {
  const table = Float64Array.from({ length: n }, (_, m) => (2 / n) * Math.sin((Math.PI * m) / n) ** 2);
  return (s, out) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 1, m = i + 1; k < n; k++, m += i + 1) {
        m %= n;
        sum += table[m] * s[k];
      }
      out[i] = sum;
    }
  };
}
