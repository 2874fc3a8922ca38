/** Operators with at most one non-zero a row and a column: choosing entries, and multiplying them. */
import { ParameterError } from "../../core/parameters.ts";
import type { Rng, Scalar } from "../../core/types.ts";
import { checkEntries, checkIndices, checkSize, guarded, type StructuredOperator, width } from "./structure.ts";
import { randomSubset } from "./unitary.ts";

export interface Choice {
  readonly cols: number;
  /** Distinct entries to keep, in the order of the rows; or `rows` of them drawn by `rng.fork("rows")`, increasing. */
  readonly indices?: ArrayLike<number>;
  readonly rows?: number;
  readonly rng?: Rng;
  readonly scalar?: Scalar;
}

/** z_i = x_(indices_i). */
export function subsample(choice: Choice): StructuredOperator {
  const { cols, scalar = "real", rng } = choice;
  checkSize("subsample", "cols", cols);
  const name = `subsample(${choice.indices?.length ?? choice.rows}x${cols})`;
  let at: Int32Array;
  if (choice.indices) at = checkIndices(name, choice.indices, cols);
  else {
    if (choice.rows === undefined || !rng) throw new ParameterError(`${name}: missing indices; give them, or rows and rng to draw them`);
    if (!Number.isInteger(choice.rows) || choice.rows < 1 || choice.rows > cols)
      throw new ParameterError(`${name}: rows must be an integer in [1, ${cols}], got ${choice.rows}`);
    at = randomSubset(rng.fork("rows"), cols, choice.rows);
  }
  const rows = at.length;
  const w = width(scalar);
  return guarded({
    name,
    scalar,
    rows,
    cols,
    rowGram: 1,
    monomial: true,
    frobenius2: rows,
    ...(rows === cols ? { columnGram: 1 } : {}),
    apply(x, z) {
      if (w === 1) for (let i = 0; i < rows; i++) z[i] = x[at[i]];
      else
        for (let i = 0; i < rows; i++) {
          z[2 * i] = x[2 * at[i]];
          z[2 * i + 1] = x[2 * at[i] + 1];
        }
    },
    adjoint(z, x) {
      x.fill(0);
      if (w === 1) for (let i = 0; i < rows; i++) x[at[i]] = z[i];
      else
        for (let i = 0; i < rows; i++) {
          x[2 * at[i]] = z[2 * i];
          x[2 * at[i] + 1] = z[2 * i + 1];
        }
    },
    applySquared(v, V) {
      for (let i = 0; i < rows; i++) V[i] = v[at[i]];
    },
    adjointSquared(s, out) {
      out.fill(0);
      for (let i = 0; i < rows; i++) out[at[i]] = s[i];
    }
  });
}

/** The entries where `keep` is non-zero (a mask, say of pixels), in order. */
export function mask(keep: ArrayLike<number>, scalar: Scalar = "real"): StructuredOperator {
  const indices: number[] = [];
  for (let i = 0; i < keep.length; i++) if (keep[i] !== 0) indices.push(i);
  return subsample({ cols: keep.length, indices, scalar });
}

/** z_i = d_i x_i; `entries` real, or complex interleaved when `scalar` is complex. */
export function diagonal(entries: ArrayLike<number>, scalar: Scalar = "real"): StructuredOperator {
  const d = Float64Array.from(entries);
  const w = width(scalar);
  const n = d.length / w;
  const name = `diagonal(${n})`;
  checkSize(name, "size", n);
  checkEntries(name, "entries", d);
  const square = new Float64Array(n);
  let total = 0;
  let constant = true;
  for (let i = 0; i < n; i++) {
    square[i] = w === 1 ? d[i] * d[i] : d[2 * i] * d[2 * i] + d[2 * i + 1] * d[2 * i + 1];
    total += square[i];
    constant &&= square[i] === square[0];
  }
  const multiply = (x: Float64Array, z: Float64Array, conj: 1 | -1): void => {
    if (w === 1) for (let i = 0; i < n; i++) z[i] = d[i] * x[i];
    else
      for (let i = 0; i < 2 * n; i += 2) {
        const re = x[i];
        const im = x[i + 1];
        z[i] = d[i] * re - conj * d[i + 1] * im;
        z[i + 1] = d[i] * im + conj * d[i + 1] * re;
      }
  };
  const squared = (v: Float64Array, V: Float64Array): void => {
    for (let i = 0; i < n; i++) V[i] = square[i] * v[i];
  };
  return guarded({
    name,
    scalar,
    rows: n,
    cols: n,
    monomial: true,
    frobenius2: total,
    ...(constant ? { rowGram: square[0], columnGram: square[0] } : {}),
    apply: (x, z) => multiply(x, z, 1),
    adjoint: (z, x) => multiply(z, x, -1),
    applySquared: squared,
    adjointSquared: squared
  });
}
