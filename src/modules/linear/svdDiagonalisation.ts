/** A = U diag(s) V^* once, then every solution is two products with U and V: exact to rounding for any conditioning. */
import type { Vec } from "../../core/types.ts";
import { type DenseMatrix, denseFrom, type MatrixData, svd } from "../../linalg/index.ts";
import type { Diagonalisation, LinearMessages } from "./diagonalisation.ts";
import { ones } from "./diagonalisation.ts";
import { remembered } from "./remembered.ts";

/** Thin decomposition; singular values below max(rows, cols) epsilon of the largest are zeros. */
export function svdDiagonalisation(A: MatrixData): Diagonalisation {
  const { rows, cols, scalar = "real" } = A;
  const found = svd(A);
  const k = found.s.length;
  const w = scalar === "complex" ? 2 : 1;
  const threshold = Math.max(rows, cols) * 2 ** -52 * found.s[0];
  const s = found.s.map((x) => (x > threshold ? x : 0));
  const U: DenseMatrix = denseFrom(rows, k, found.U as Vec, { scalar });
  const Vh: DenseMatrix = denseFrom(k, cols, found.Vh as Vec, { scalar });
  const fromX = remembered(w * cols, w * k, (bx, out) => Vh.apply(bx, out));
  const fromZ = remembered(w * rows, w * k, (bz, out) => U.adjoint(bz, out));
  const y = new Float64Array(w * k);
  const full = new Float64Array(w * cols);
  const diagonal = new Float64Array(k);
  const lambda = s.filter((x) => x > 0).map((x) => x * x);

  return {
    method: "svd",
    lambda,
    counts: ones(lambda.length),
    /** V spans everything, or what it leaves out is b_x/a_x: x = b_x/a_x + V s (c_z - a_z s c_x/a_x)/(a_x + a_z s^2). */
    meanX({ ax, az, bx, bz }: LinearMessages, x) {
      const cx = fromX(bx);
      const cz = fromZ(bz);
      for (let i = 0; i < cx.length; i++) {
        const si = s[w === 1 ? i : i >> 1];
        const precision = ax + az * si * si;
        y[i] = k === cols ? (cx[i] + si * cz[i]) / precision : (si * (cz[i] - az * si * (cx[i] / ax))) / precision;
      }
      Vh.adjoint(y, full);
      if (k === cols) x.set(full);
      else for (let j = 0; j < x.length; j++) x[j] = bx[j] / ax + full[j];
    },
    meanZ({ ax, az, bx, bz }: LinearMessages, z) {
      const cx = fromX(bx);
      const cz = fromZ(bz);
      for (let i = 0; i < cx.length; i++) {
        const si = s[w === 1 ? i : i >> 1];
        y[i] = (si * (cx[i] + si * cz[i])) / (ax + az * si * si);
      }
      U.apply(y, z);
    },
    /** k = cols: sum of |V_ji|^2/(a_x + a_z lambda); else 1/a_x minus what is learned. */
    variancesX(ax, az, out) {
      for (let i = 0; i < k; i++) {
        const precision = ax + az * s[i] * s[i];
        diagonal[i] = k === cols ? 1 / precision : ((az * s[i] * s[i]) / precision) * (1 / ax);
      }
      Vh.adjointSquared(diagonal, out);
      // V has orthonormal columns: the subtraction can fall below zero by rounding only
      if (k < cols) for (let j = 0; j < cols; j++) out[j] = Math.max(1 / ax - out[j], 0);
    },
    variancesZ(ax, az, out) {
      for (let i = 0; i < k; i++) diagonal[i] = (s[i] * s[i]) / (ax + az * s[i] * s[i]);
      U.applySquared(diagonal, out);
    }
  };
}
