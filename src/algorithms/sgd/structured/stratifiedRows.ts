/**
 * Rows of noise that every group of neighbouring directions has an equal share of. Where few directions of the inputs matter, what
 * independent entries have in these fluctuates from draw to draw; these rows do not.
 */
import type { Rng, Vec } from "../../../core/types.ts";
import { multiply } from "../../../linalg/index.ts";

/**
 * `rows` rows of length N and squared norm N, orthogonal within every group of consecutive `directions` (unit vectors in rows, N x N,
 * ordered by what they are alike in), and there to the rows of `avoid` (C x N, components along the directions). Random otherwise. A group
 * has rows + C directions; null where N is smaller.
 */
export function stratifiedRows(rows: number, directions: Vec, avoid: Vec, rng: Rng): Vec | null {
  const N = Math.round(Math.sqrt(directions.length));
  const C = avoid.length / N;
  const least = rows + C;
  if (N < least) return null;
  const along = new Float64Array(rows * N);
  for (let from = 0; from < N; ) {
    const size = N - from < 2 * least ? N - from : least;
    const basis: Vec[] = [];
    for (let c = 0; c < C; c++) keep(avoid.slice(c * N + from, c * N + from + size), basis);
    for (let k = 0; k < rows; k++) {
      const row = new Float64Array(size);
      do rng.fillNormal(row);
      while (!keep(row, basis));
      for (let i = 0; i < size; i++) along[k * N + from + i] = row[i] * Math.sqrt(size);
    }
    from += size;
  }
  const out = new Float64Array(rows * N);
  multiply(rows, N, N, along, directions, out);
  return out;
}

/** Makes `row` a unit vector orthogonal to those of `basis` and adds it; false where nothing of it is left. */
function keep(row: Vec, basis: Vec[]): boolean {
  const before = dot(row, row);
  for (let pass = 0; pass < 2; pass++)
    for (const b of basis) {
      const along = dot(row, b);
      for (let i = 0; i < row.length; i++) row[i] -= along * b[i];
    }
  const norm = Math.sqrt(dot(row, row));
  if (!(norm > 1e-8 * Math.sqrt(before))) return false;
  for (let i = 0; i < row.length; i++) row[i] /= norm;
  basis.push(row);
  return true;
}

function dot(a: Vec, b: Vec): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
