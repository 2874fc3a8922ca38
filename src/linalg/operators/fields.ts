/** Changing the number field: a complex operator acting on real unknowns, a real operator acting on complex ones. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Vec } from "../../core/types.ts";
import { guarded, type StructuredOperator } from "./structure.ts";

/** What an operator calls itself, or its shape. */
export function nameOf(op: LinearOperator): string {
  return "name" in op && typeof op.name === "string" ? op.name : `matrix(${op.rows}x${op.cols})`;
}

/**
 * A complex operator seen by real unknowns: a real operator with 2 rows for each complex one, Re and Im interleaved, so z is the
 * complex vector as it lies in memory. The adjoint is Re(A* z). |A|_F^2 is unchanged.
 */
export function realUnknowns(op: LinearOperator, known: { readonly name?: string; readonly rowGram?: number } = {}): StructuredOperator {
  const name = known.name ?? `real unknowns of ${nameOf(op)}`;
  if (op.scalar !== "complex")
    throw new ParameterError(
      `${name}: the operator must be complex, got a real one (${op.rows}x${op.cols}), which takes real unknowns as it is`
    );
  const { rows, cols } = op;
  const x2 = new Float64Array(2 * cols);
  return guarded({
    name,
    scalar: "real",
    rows: 2 * rows,
    cols,
    frobenius2: () => op.frobenius2,
    ...(known.rowGram === undefined ? {} : { rowGram: known.rowGram }),
    apply(x, z) {
      for (let j = 0; j < cols; j++) {
        x2[2 * j] = x[j];
        x2[2 * j + 1] = 0;
      }
      op.apply(x2, z);
    },
    adjoint(z, x) {
      op.adjoint(z, x2);
      for (let j = 0; j < cols; j++) x[j] = x2[2 * j];
    }
  });
}

/** A real operator acting on complex vectors, on real and imaginary parts alike. */
export function complexUnknowns(op: LinearOperator): StructuredOperator {
  const name = `complex unknowns of ${nameOf(op)}`;
  if (op.scalar !== "real") throw new ParameterError(`${name}: the operator must be real, got a complex one (${op.rows}x${op.cols})`);
  const { rows, cols } = op;
  const x1 = new Float64Array(cols);
  const z1 = new Float64Array(rows);
  const half = (f: (from: Vec, to: Vec) => void, from: Vec, a: Vec, b: Vec, to: Vec, part: 0 | 1): void => {
    for (let j = 0; j < a.length; j++) a[j] = from[2 * j + part];
    f(a, b);
    for (let i = 0; i < b.length; i++) to[2 * i + part] = b[i];
  };
  const apply = (x: Vec, z: Vec): void => op.apply(x, z);
  const adjoint = (z: Vec, x: Vec): void => op.adjoint(z, x);
  const { rowGram, columnGram, monomial, gramBasis } = op as StructuredOperator;
  return guarded({
    name,
    scalar: "complex",
    rows,
    cols,
    frobenius2: () => op.frobenius2,
    ...(rowGram === undefined ? {} : { rowGram }),
    ...(columnGram === undefined ? {} : { columnGram }),
    ...(monomial ? { monomial } : {}),
    ...(gramBasis ? { gramBasis } : {}),
    apply(x, z) {
      half(apply, x, x1, z1, z, 0);
      half(apply, x, x1, z1, z, 1);
    },
    adjoint(z, x) {
      half(adjoint, z, z1, x1, x, 0);
      half(adjoint, z, z1, x1, x, 1);
    },
    ...(op.applySquared ? { applySquared: (v: Vec, V: Vec) => op.applySquared?.(v, V) } : {}),
    ...(op.adjointSquared ? { adjointSquared: (s: Vec, out: Vec) => op.adjointSquared?.(s, out) } : {})
  });
}
