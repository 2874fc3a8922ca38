/** A A^* = c I or A^* A = c I (choices of rows of a unitary transform, masks, orthonormal bases): every solution in closed form. */
import type { LinearOperator, Vec } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import type { Diagonalisation } from "./diagonalisation.ts";
import { remembered } from "./remembered.ts";

/** The side on which the Gram matrix is `gram` times the identity. */
export interface FlatGram {
  readonly side: "rows" | "cols";
  readonly gram: number;
}

/** From the operator's own construction, or null. Columns first: that side needs one product less. */
export function knownFlatGram(op: LinearOperator): FlatGram | null {
  const { rowGram, columnGram } = op as { readonly rowGram?: number; readonly columnGram?: number };
  if (columnGram !== undefined && columnGram > 0) return { side: "cols", gram: columnGram };
  if (rowGram !== undefined && rowGram > 0) return { side: "rows", gram: rowGram };
  return null;
}

/**
 * By one random vector u on the smaller side: G u = c u for a Gaussian u proves G = c I with probability one; in doubles, to the
 * tolerance of 1e-13 |G u|, well above the rounding of a product and below any error that matters.
 */
export function probedFlatGram(op: LinearOperator): FlatGram | null {
  const wide = op.rows <= op.cols;
  const w = op.scalar === "complex" ? 2 : 1;
  const u = new Float64Array(w * Math.min(op.rows, op.cols));
  const through = new Float64Array(w * Math.max(op.rows, op.cols));
  const back = new Float64Array(u.length);
  makeRng(0, "linear probe").fillNormal(u);
  if (wide) {
    op.adjoint(u, through);
    op.apply(through, back);
  } else {
    op.apply(u, through);
    op.adjoint(through, back);
  }
  let uu = 0;
  let ub = 0;
  let bb = 0;
  for (let i = 0; i < u.length; i++) {
    uu += u[i] * u[i];
    ub += u[i] * back[i];
    bb += back[i] * back[i];
  }
  const gram = ub / uu;
  let off = 0;
  for (let i = 0; i < u.length; i++) off += (back[i] - gram * u[i]) ** 2;
  return gram > 0 && off <= 1e-26 * bb ? { side: wide ? "rows" : "cols", gram } : null;
}

export function flatDiagonalisation(op: LinearOperator, { side, gram }: FlatGram): Diagonalisation {
  const w = op.scalar === "complex" ? 2 : 1;
  const onX = new Float64Array(w * op.cols);
  const onZ = new Float64Array(w * op.rows);
  const fromX = remembered(w * op.cols, w * op.rows, (bx, out) => op.apply(bx, out));
  const fromZ = remembered(w * op.rows, w * op.cols, (bz, out) => op.adjoint(bz, out));
  const squares = (ofX: boolean): Vec => {
    const out = new Float64Array(ofX ? op.cols : op.rows);
    if (ofX && op.adjointSquared) op.adjointSquared(new Float64Array(op.rows).fill(1), out);
    else if (!ofX && op.applySquared) op.applySquared(new Float64Array(op.cols).fill(1), out);
    else norms(op, ofX, out);
    return out;
  };
  let columnNorms: Vec | null = null;
  let rowNorms: Vec | null = null;
  return {
    method: "rows",
    lambda: Float64Array.of(gram),
    counts: Float64Array.of(side === "rows" ? op.rows : op.cols),
    /** Rows: x = (b_x + A^* g)/a_x with g = b_z - a_z z = (a_x b_z - a_z A b_x)/(a_x + a_z c): nothing cancels as a_x -> 0. */
    meanX({ ax, az, bx, bz }, x) {
      const precision = ax + az * gram;
      if (side === "cols") {
        const told = fromZ(bz);
        for (let j = 0; j < x.length; j++) x[j] = (bx[j] + told[j]) / precision;
        return;
      }
      const seen = fromX(bx);
      for (let i = 0; i < onZ.length; i++) onZ[i] = (bz[i] - az * (seen[i] / ax)) / precision;
      op.adjoint(onZ, onX);
      for (let j = 0; j < x.length; j++) x[j] = bx[j] / ax + onX[j];
    },
    meanZ({ ax, az, bx, bz }, z) {
      const precision = ax + az * gram;
      if (side === "cols") {
        const told = fromZ(bz);
        for (let j = 0; j < onX.length; j++) onX[j] = (bx[j] + told[j]) / precision;
        op.apply(onX, z);
        return;
      }
      const seen = fromX(bx);
      for (let i = 0; i < z.length; i++) z[i] = (seen[i] + gram * bz[i]) / precision;
    },
    variancesX(ax, az, out) {
      const precision = ax + az * gram;
      if (side === "cols") {
        out.fill(1 / precision);
        return;
      }
      columnNorms ??= squares(true);
      // |column|^2 <= c, so that c - |column|^2 falls below zero by rounding only
      for (let j = 0; j < out.length; j++) out[j] = (1 + (az / ax) * Math.max(gram - columnNorms[j], 0)) / precision;
    },
    variancesZ(ax, az, out) {
      const precision = ax + az * gram;
      if (side === "rows") {
        out.fill(gram / precision);
        return;
      }
      rowNorms ??= squares(false);
      for (let i = 0; i < out.length; i++) out[i] = rowNorms[i] / precision;
    }
  };
}

/** Squared norms of the columns (or rows) by one product each, where the operator does not know its entrywise squares. */
function norms(op: LinearOperator, columns: boolean, out: Vec): void {
  const w = op.scalar === "complex" ? 2 : 1;
  const unit = new Float64Array(w * out.length);
  const image = new Float64Array(w * (columns ? op.rows : op.cols));
  for (let j = 0; j < out.length; j++) {
    unit[w * j] = 1;
    if (columns) op.apply(unit, image);
    else op.adjoint(unit, image);
    unit[w * j] = 0;
    out[j] = 0;
    for (let i = 0; i < image.length; i++) out[j] += image[i] * image[i];
  }
}
