/** What the orthogonal ensembles share: a wide matrix has orthonormal rows, a tall one orthonormal columns times sqrt(rows/cols). */
import type { LinearOperator, Rng, Scalar } from "../core/types.ts";
import { type DenseMatrix, type DenseOptions, denseMatrix } from "../linalg/dense.ts";
import { adjointOf, scale } from "../linalg/operators/combine.ts";
import type { Subsampling } from "../linalg/operators/unitary.ts";
import { haarRows } from "./haar.ts";

/** A `rows` x `cols` block of a Haar matrix of size max(rows, cols), scaled so that |A|_F^2 = rows. */
export function haarBlock(rng: Rng, rows: number, cols: number, scalar: Scalar, options: DenseOptions = {}): DenseMatrix {
  const A = denseMatrix(rows, cols, { ...options, scalar });
  const wide = rows <= cols;
  const M = haarRows(rng, Math.min(rows, cols), Math.max(rows, cols), scalar);
  if (wide) A.data.set(M);
  else {
    const factor = Math.sqrt(rows / cols);
    const parts = scalar === "complex" ? 2 : 1;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < cols; j++)
        for (let c = 0; c < parts; c++) A.data[(i * cols + j) * parts + c] = factor * M[(j * rows + i) * parts + c];
  }
  A.changed();
  return A;
}

export const signsParam = {
  kind: "choice",
  default: "random",
  options: ["random", "none"],
  symbol: "D",
  about: "random signs before the transform make it blind to the structure of the signal; none: the bare transform"
} as const;

/** Rows of a square transform drawn at random; tall ones are sqrt(rows/cols) times the adjoint of a wide one. */
export function partialTransform(
  transform: (choice: Subsampling) => LinearOperator,
  rng: Rng,
  rows: number,
  cols: number,
  signs: "random" | "none"
): LinearOperator {
  const choice = { rows: Math.min(rows, cols), cols: Math.max(rows, cols), rng, signs: signs === "random" };
  return rows <= cols ? transform(choice) : scale(Math.sqrt(rows / cols), adjointOf(transform(choice)));
}
