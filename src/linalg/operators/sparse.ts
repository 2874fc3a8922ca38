/** Sparse operators in compressed rows (CSR), with a second copy in compressed columns so that the adjoint is a gather too. */
import { ParameterError } from "../../core/parameters.ts";
import type { Scalar, Vec } from "../../core/types.ts";
import { checkEntries, checkSize, guarded, type StructuredOperator, width } from "./structure.ts";

/** Row i has its entries at starts[i] <= k < starts[i + 1]: column index[k], value values[k] (complex interleaved). */
export interface Compressed {
  readonly rows: number;
  readonly cols: number;
  readonly starts: ArrayLike<number>;
  readonly index: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly scalar?: Scalar;
}

interface Arrays {
  readonly starts: Int32Array;
  readonly index: Int32Array;
  readonly values: Vec;
}

/** Rows become columns, by counting sort; entries of one place are added up. Each result row is sorted. */
function transpose(from: Arrays, cols: number, w: number): Arrays {
  const { starts, index, values } = from;
  const next = new Int32Array(cols + 1);
  for (let k = 0; k < index.length; k++) next[index[k] + 1]++;
  for (let j = 0; j < cols; j++) next[j + 1] += next[j];
  const at = next.slice(0, cols);
  const rowOf = new Int32Array(index.length);
  const moved = new Float64Array(values.length);
  for (let i = 0; i + 1 < starts.length; i++)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const to = at[index[k]]++;
      rowOf[to] = i;
      for (let c = 0; c < w; c++) moved[w * to + c] = values[w * k + c];
    }
  const merged = new Int32Array(cols + 1);
  let end = 0;
  for (let j = 0; j < cols; j++) {
    for (let k = next[j]; k < next[j + 1]; k++) {
      const same = end > merged[j] && rowOf[end - 1] === rowOf[k];
      const to = same ? end - 1 : end++;
      rowOf[to] = rowOf[k];
      for (let c = 0; c < w; c++) moved[w * to + c] = (same ? moved[w * to + c] : 0) + moved[w * k + c];
    }
    merged[j + 1] = end;
  }
  return { starts: merged, index: rowOf.slice(0, end), values: moved.slice(0, w * end) };
}

function check(name: string, { rows, cols, starts, index, values }: Compressed, w: number): void {
  checkSize(name, "rows", rows);
  checkSize(name, "cols", cols);
  if (starts.length !== rows + 1)
    throw new ParameterError(`${name}: starts must have rows + 1 = ${rows + 1} entries, got ${starts.length}`);
  if (values.length !== w * index.length)
    throw new ParameterError(
      `${name}: values must have ${w === 2 ? "two numbers" : "one number"} per index (${w * index.length}), got ${values.length}`
    );
  if (starts[0] !== 0 || starts[rows] !== index.length)
    throw new ParameterError(
      `${name}: starts must go from 0 to the number of entries ${index.length}, got ${starts[0]} to ${starts[rows]}`
    );
  for (let i = 0; i < rows; i++)
    if (!(starts[i] <= starts[i + 1]) || !Number.isInteger(starts[i]))
      throw new ParameterError(`${name}: starts must be increasing integers, got ${starts[i]} then ${starts[i + 1]} at row ${i}`);
  for (let k = 0; k < index.length; k++)
    if (!Number.isInteger(index[k]) || index[k] < 0 || index[k] >= cols)
      throw new ParameterError(`${name}: column indices must be integers in [0, ${cols - 1}], got ${index[k]} at entry ${k}`);
  checkEntries(name, "values", values);
}

function multiply({ starts, index, values }: Arrays, x: Vec, z: Vec): void {
  for (let i = 0, k = 0; i < z.length; i++) {
    let s = 0;
    for (const end = starts[i + 1]; k < end; k++) s += values[k] * x[index[k]];
    z[i] = s;
  }
}

function multiplyComplex({ starts, index, values }: Arrays, conj: 1 | -1, x: Vec, z: Vec): void {
  for (let i = 0, k = 0; 2 * i < z.length; i++) {
    let re = 0;
    let im = 0;
    for (const end = starts[i + 1]; k < end; k++) {
      const a = values[2 * k];
      const b = conj * values[2 * k + 1];
      const c = x[2 * index[k]];
      const d = x[2 * index[k] + 1];
      re += a * c - b * d;
      im += a * d + b * c;
    }
    z[2 * i] = re;
    z[2 * i + 1] = im;
  }
}

function multiplySquared({ starts, index, values }: Arrays, w: number, v: Vec, V: Vec): void {
  for (let i = 0, k = 0; i < V.length; i++) {
    let s = 0;
    for (const end = starts[i + 1]; k < end; k++)
      s += (w === 1 ? values[k] * values[k] : values[2 * k] * values[2 * k] + values[2 * k + 1] * values[2 * k + 1]) * v[index[k]];
    V[i] = s;
  }
}

/** A sparse operator from compressed rows; the arrays are copied, repeated entries of one place are added. */
export function sparse(given: Compressed): StructuredOperator {
  const { rows, cols, scalar = "real" } = given;
  const name = `sparse(${rows}x${cols}, ${given.index.length} entries)`;
  const w = width(scalar);
  check(name, given, w);
  const raw = { starts: Int32Array.from(given.starts), index: Int32Array.from(given.index), values: Float64Array.from(given.values) };
  const byColumn = transpose(raw, cols, w);
  const byRow = transpose(byColumn, rows, w);
  let frobenius2 = 0;
  for (let k = 0; k < byRow.values.length; k++) frobenius2 += byRow.values[k] * byRow.values[k];
  return guarded({
    name,
    scalar,
    rows,
    cols,
    frobenius2,
    apply: (x, z) => (w === 1 ? multiply(byRow, x, z) : multiplyComplex(byRow, 1, x, z)),
    adjoint: (z, x) => (w === 1 ? multiply(byColumn, z, x) : multiplyComplex(byColumn, -1, z, x)),
    applySquared: (v, V) => multiplySquared(byRow, w, v, V),
    adjointSquared: (s, out) => multiplySquared(byColumn, w, s, out)
  });
}

/** The same from entries (i_k, j_k, value_k) in any order. */
export function sparseFromEntries(
  rows: number,
  cols: number,
  i: ArrayLike<number>,
  j: ArrayLike<number>,
  values: ArrayLike<number>,
  scalar: Scalar = "real"
): StructuredOperator {
  const w = width(scalar);
  if (i.length !== j.length || values.length !== w * i.length)
    throw new ParameterError(
      `sparse: row indices, column indices and values must be equally many, got ${i.length}, ${j.length} and ${values.length / w}`
    );
  const order = Int32Array.from({ length: i.length }, (_, k) => k).sort((a, b) => i[a] - i[b]);
  const starts = new Int32Array(rows + 1);
  for (let k = 0; k < i.length; k++) {
    if (!Number.isInteger(i[k]) || i[k] < 0 || i[k] >= rows)
      throw new ParameterError(`sparse: row indices must be integers in [0, ${rows - 1}], got ${i[k]} at entry ${k}`);
    starts[i[k] + 1]++;
  }
  for (let r = 0; r < rows; r++) starts[r + 1] += starts[r];
  const index = Array.from(order, (k) => j[k]);
  const sorted = new Float64Array(values.length);
  for (let k = 0; k < order.length; k++) for (let c = 0; c < w; c++) sorted[w * k + c] = values[w * order[k] + c];
  return sparse({ rows, cols, starts, index, values: sorted, scalar });
}
