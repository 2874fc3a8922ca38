/** Dense entries of a real operator, and solutions of positive definite systems that may be singular to working precision. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Vec } from "../../core/types.ts";
import { cholesky, materialise } from "../../linalg/index.ts";
import type { DenseMatrix } from "../../linalg/index.ts";

/** rows x cols, row-major: the matrix itself where it is dense in f64, else made by cols applications. Throws ParameterError beyond 2^28 entries. */
export function entriesOf(operator: LinearOperator): Float64Array {
  const { data } = operator as Partial<DenseMatrix>;
  if (data instanceof Float64Array && data.length === operator.rows * operator.cols) return data;
  if (data instanceof Float32Array && data.length === operator.rows * operator.cols) return Float64Array.from(data);
  if (operator.rows * operator.cols > 2 ** 28)
    throw new ParameterError(
      `risk: this method needs the entries of the matrix, ${operator.rows} x ${operator.cols} of them; use method lbfgs or gamp`
    );
  return materialise(operator);
}

/** cols x rows, row-major. */
export function transpose(A: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = A[i * cols + j];
  return out;
}

/**
 * x = (H + shift I)^-1 b; H (n x n) is overwritten. Where that is not positive definite to working precision the diagonal is raised
 * from rounding upwards until it is: the caller iterates, so that only the pace suffers.
 */
export function solveDefinite(H: Vec, n: number, shift: number, b: Vec, x: Vec): void {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += H[i * n + i];
  let added = shift;
  for (let i = 0; i < n; i++) H[i * n + i] += added;
  let more = Math.max((trace / n) * 4 * Number.EPSILON, Number.MIN_VALUE * 2 ** 80);
  for (;;) {
    const factor = cholesky({ rows: n, cols: n, data: H });
    if (factor) {
      factor.solve(b, x);
      return;
    }
    for (let i = 0; i < n; i++) H[i * n + i] += more;
    added += more;
    more *= 10;
    if (!(added < Number.MAX_VALUE)) throw new ParameterError("risk: the curvature of the objective is not finite; rescale the matrix");
  }
}
