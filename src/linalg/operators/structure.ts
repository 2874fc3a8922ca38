/** What structured operators share: a name, checked shapes, what is known of their Gram matrices, and materialisation for tests. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Scalar, Vec } from "../../core/types.ts";
import type { GramBasis } from "./gridTransform.ts";

/** A LinearOperator that knows its structure; compositions use it to know their Frobenius norm and entrywise squares exactly. */
export interface StructuredOperator extends LinearOperator {
  /** What error messages call it: dct(1024). */
  readonly name: string;
  /** A A* = rowGram I. */
  readonly rowGram?: number;
  /** A* A = columnGram I. */
  readonly columnGram?: number;
  /** At most one non-zero in every row and every column (masks, diagonals, permutations). */
  readonly monomial?: boolean;
  /** The fast basis in which A* A is diagonal. */
  readonly gramBasis?: GramBasis;
}

/** The parts of an operator before its shapes are guarded. `frobenius2` may be a function: called once, when first asked for. */
export interface Parts extends Omit<StructuredOperator, "frobenius2"> {
  readonly frobenius2: number | (() => number);
}

/** Real numbers per entry of a vector: 2 for interleaved complex ones. */
export function width(scalar: Scalar): 1 | 2 {
  return scalar === "complex" ? 2 : 1;
}

/** rows x cols, as the errors write it. */
export function shape(op: { readonly scalar: Scalar; readonly rows: number; readonly cols: number }): string {
  return `${op.rows}x${op.cols}${op.scalar === "complex" ? " complex" : ""}`;
}

/** The operator with every vector's length checked at the door: a mismatch is a ParameterError that names both shapes. */
export function guarded(parts: Parts): StructuredOperator {
  const { name, scalar, rows, cols, rowGram, columnGram, monomial, gramBasis, frobenius2 } = parts;
  const w = width(scalar);
  const check = (method: string, given: Vec, out: Vec, n: number, m: number, from: string, to: string): void => {
    if (given.length !== n || out.length !== m)
      throw new ParameterError(
        `${name}: ${method} takes ${from} of length ${n} and ${to} of length ${m} (the operator is ${shape(parts)}), got ${given.length} and ${out.length}`
      );
  };
  let known = typeof frobenius2 === "number" ? frobenius2 : undefined;
  const { applySquared, adjointSquared } = parts;
  return {
    name,
    scalar,
    rows,
    cols,
    ...(rowGram === undefined ? {} : { rowGram }),
    ...(columnGram === undefined ? {} : { columnGram }),
    ...(monomial ? { monomial } : {}),
    ...(gramBasis ? { gramBasis } : {}),
    get frobenius2() {
      known ??= typeof frobenius2 === "number" ? frobenius2 : frobenius2();
      return known;
    },
    apply(x, z) {
      check("apply", x, z, w * cols, w * rows, "x", "z");
      parts.apply(x, z);
    },
    adjoint(z, x) {
      check("adjoint", z, x, w * rows, w * cols, "z", "x");
      parts.adjoint(z, x);
    },
    ...(applySquared
      ? {
          applySquared(v: Vec, V: Vec) {
            check("applySquared", v, V, cols, rows, "v", "V");
            applySquared(v, V);
          }
        }
      : {}),
    ...(adjointSquared
      ? {
          adjointSquared(s: Vec, out: Vec) {
            check("adjointSquared", s, out, rows, cols, "s", "the result");
            adjointSquared(s, out);
          }
        }
      : {})
  };
}

/** A size: an integer in [1, 2^26]. Throws ParameterError. */
export function checkSize(name: string, what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 26) throw new ParameterError(`${name}: ${what} must be an integer in [1, 2^26], got ${n}`);
}

/** A finite number. Throws ParameterError. */
export function checkFinite(name: string, what: string, x: number): void {
  if (!Number.isFinite(x)) throw new ParameterError(`${name}: ${what} must be a finite number, got ${x}`);
}

/** Every entry finite. Throws ParameterError naming the first that is not. */
export function checkEntries(name: string, what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw new ParameterError(`${name}: ${what} must be finite numbers, got ${values[i]} at place ${i}`);
}

/** Distinct integers in [0, count), as an Int32Array of its own. Throws ParameterError. */
export function checkIndices(name: string, indices: ArrayLike<number>, count: number): Int32Array {
  if (indices.length < 1) throw new ParameterError(`${name}: indices must name at least one of the ${count} entries, got none`);
  const seen = new Uint8Array(count);
  for (let i = 0; i < indices.length; i++) {
    const k = indices[i];
    if (!Number.isInteger(k) || k < 0 || k >= count)
      throw new ParameterError(`${name}: indices must be integers in [0, ${count - 1}], got ${k} at place ${i}`);
    if (seen[k]) throw new ParameterError(`${name}: indices must be distinct, got ${k} twice`);
    seen[k] = 1;
  }
  return Int32Array.from(indices);
}

/** The rows of an operator as one dense array, `rows` x `cols` (complex interleaved): for tests and small problems; costs cols applies. */
export function materialise(op: LinearOperator): Vec {
  const w = width(op.scalar);
  const dense = new Float64Array(w * op.rows * op.cols);
  const x = new Float64Array(w * op.cols);
  const z = new Float64Array(w * op.rows);
  for (let j = 0; j < op.cols; j++) {
    x[w * j] = 1;
    op.apply(x, z);
    x[w * j] = 0;
    for (let i = 0; i < op.rows; i++) for (let c = 0; c < w; c++) dense[w * (i * op.cols + j) + c] = z[w * i + c];
  }
  return dense;
}
