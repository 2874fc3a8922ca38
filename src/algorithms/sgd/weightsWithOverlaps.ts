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

/** A negative eigenvalue of this share of the largest is rounding of the numbers given (they may come from a text of ten digits). */
const ROUNDING = 1e-9;

/**
 * W W^T = N Q, W teacher^T = N R, teacher teacher^T = N T to rounding, uniformly distributed otherwise. Semi-definite overlaps
 * (units that are equal, or zero) are legal. Throws ParameterError, beginning with `owner`, on indefinite ones, on wrong shapes,
 * and where N is smaller than the number of independent units.
 */
export function weightsWithOverlaps(overlaps: Overlaps, N: number, rng: Rng, owner = "overlaps"): TwoLayerWeights {
  if (!Number.isInteger(N) || N < 1) throw new ParameterError(`${owner}: size must be an integer >= 1, got ${N}`);
  const { units: n, rank, factor } = factorOf(overlaps, owner);
  if (rank > N) throw new ParameterError(`${owner}: size must be at least ${rank}, the number of independent units, got ${N}`);
  const rows = orthogonalRows(rank, N, rng);
  const all = new Float64Array(n * N);
  for (let u = 0; u < n; u++)
    for (let r = 0; r < rank; r++) {
      const c = factor[u * rank + r];
      for (let j = 0; j < N; j++) all[u * N + j] += c * rows[r * N + j];
    }
  const K = overlaps.Q.length;
  return { W: all.slice(0, K * N), teacher: all.slice(K * N) };
}

/** `factor` (units x rank, row-major) times its transpose is the Gram matrix. Throws ParameterError as `weightsWithOverlaps` does. */
export function factorOf(
  overlaps: Pick<Overlaps, "Q" | "R" | "T">,
  owner = "overlaps"
): { readonly units: number; readonly rank: number; readonly factor: Vec } {
  const n = overlaps.Q.length + overlaps.T.length;
  const { values, vectors } = symmetricEigen({ rows: n, cols: n, data: gramOf(overlaps, owner) }, { backend: "wasm" });
  const largest = values[n - 1];
  if (values[0] < -ROUNDING * Math.max(largest, -values[0]))
    throw new ParameterError(
      `${owner}: [[Q, R], [R^T, T]] must be positive semi-definite, got the eigenvalue ${values[0].toPrecision(4)}: no weights have these overlaps`
    );
  const nothing = 4 * n * Number.EPSILON * largest; // the decomposition's own rounding
  const used = Array.from(values.keys()).filter((i) => values[i] > nothing);
  const rank = used.length;
  const factor = new Float64Array(n * rank);
  used.forEach((i, r) => {
    for (let u = 0; u < n; u++) factor[u * rank + r] = vectors![i * n + u] * Math.sqrt(values[i]);
  });
  return { units: n, rank, factor };
}

/** The (K+M) x (K+M) Gram matrix, row-major. Throws ParameterError on shapes that do not fit. */
export function gramOf({ Q, R, T }: Pick<Overlaps, "Q" | "R" | "T">, owner = "overlaps"): Vec {
  const K = Q.length;
  const M = T.length;
  const n = K + M;
  for (const [name, A, rows, cols] of [
    ["Q", Q, K, K],
    ["R", R, K, M],
    ["T", T, M, M]
  ] as const)
    if (A.length !== rows || A.some((row) => row.length !== cols))
      throw new ParameterError(`${owner}: ${name} must be ${rows} x ${cols}, got ${A.length} x ${A[0]?.length ?? 0}`);
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
