/** Weights of a student and a teacher whose Gram matrices are exactly given ones: a factor of [[Q, R], [R^T, T]] times orthogonal rows. */
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps, Rng, Vec } from "../../core/types.ts";
import { symmetricEigen } from "../../linalg/index.ts";

export interface TwoLayerWeights {
  /** K x N. */
  readonly W: Vec;
  /** M x N. */
  readonly teacher: Vec;
}

/** Eigenvalues below this share of the largest are rounding. */
const ROUNDING = 1e-10;

/**
 * W W^T = N Q, W teacher^T = N R, teacher teacher^T = N T to rounding, uniformly distributed otherwise. Semi-definite overlaps
 * (units that are equal, or zero) are legal. Throws ParameterError on indefinite ones, on wrong shapes, and where N is smaller
 * than the number of independent units.
 */
export function weightsWithOverlaps(overlaps: Overlaps, N: number, rng: Rng): TwoLayerWeights {
  const K = overlaps.Q.length;
  const M = overlaps.T.length;
  const n = K + M;
  if (!Number.isInteger(N) || N < 1) throw new ParameterError(`overlaps: N must be an integer >= 1, got ${N}`);
  const { values, vectors } = symmetricEigen({ rows: n, cols: n, data: gramOf(overlaps) }, { backend: "wasm" });
  const largest = values[n - 1];
  if (values[0] < -ROUNDING * Math.max(largest, -values[0]))
    throw new ParameterError(
      `overlaps: [[Q, R], [R^T, T]] must be positive semi-definite, its smallest eigenvalue is ${values[0].toPrecision(4)}: no weights have these overlaps`
    );
  const used = Array.from({ length: n }, (_, i) => i).filter((i) => values[i] > ROUNDING * 1e-5 * largest);
  if (used.length > N) throw new ParameterError(`overlaps: ${used.length} independent units need N >= ${used.length} inputs, got ${N}`);
  const rows = orthogonalRows(used.length, N, rng);
  const units = new Float64Array(n * N);
  for (let u = 0; u < n; u++)
    used.forEach((i, r) => {
      const c = vectors![i * n + u] * Math.sqrt(values[i]);
      if (c !== 0) for (let j = 0; j < N; j++) units[u * N + j] += c * rows[r * N + j];
    });
  return { W: units.slice(0, K * N), teacher: units.slice(K * N) };
}

/** The (K+M) x (K+M) Gram matrix, row-major. Throws ParameterError on shapes that do not fit. */
export function gramOf({ Q, R, T }: Pick<Overlaps, "Q" | "R" | "T">): Vec {
  const K = Q.length;
  const M = T.length;
  const n = K + M;
  for (const [name, A, rows, cols] of [
    ["Q", Q, K, K],
    ["R", R, K, M],
    ["T", T, M, M]
  ] as const)
    if (A.length !== rows || A.some((row) => row.length !== cols))
      throw new ParameterError(`overlaps: ${name} must be ${rows} x ${cols}, got ${A.length} x ${A[0]?.length ?? 0}`);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < K; i++) for (let k = 0; k < K; k++) gram[i * n + k] = Q[i][k];
  for (let i = 0; i < M; i++) for (let k = 0; k < M; k++) gram[(K + i) * n + K + k] = T[i][k];
  for (let i = 0; i < K; i++) for (let m = 0; m < M; m++) gram[i * n + K + m] = gram[(K + m) * n + i] = R[i][m];
  return gram;
}

/** `count` orthogonal rows of squared norm N: Gaussian ones, Gram-Schmidt twice. */
function orthogonalRows(count: number, N: number, rng: Rng): Vec {
  const rows = new Float64Array(count * N);
  rng.fillNormal(rows);
  for (let r = 0; r < count; r++) {
    const row = rows.subarray(r * N, (r + 1) * N);
    for (let pass = 0; pass < 2; pass++)
      for (let s = 0; s < r; s++) {
        const other = rows.subarray(s * N, (s + 1) * N);
        let dot = 0;
        for (let j = 0; j < N; j++) dot += row[j] * other[j];
        dot /= N;
        for (let j = 0; j < N; j++) row[j] -= dot * other[j];
      }
    let norm2 = 0;
    for (let j = 0; j < N; j++) norm2 += row[j] * row[j];
    const scale = Math.sqrt(N / norm2);
    for (let j = 0; j < N; j++) row[j] *= scale;
  }
  return rows;
}
