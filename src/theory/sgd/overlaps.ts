/** Checks a set of overlaps: shapes that agree, finite numbers, symmetric Q and T, and a joint covariance that some weights have. */
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps } from "../../core/types.ts";

const EXAMPLE = '{"Q":[[1]],"R":[[0]],"T":[[1]],"v":[1],"vTeacher":[1]}';

export interface OverlapDemands {
  /** Every student must have Q_kk > 0. */
  readonly moving?: boolean;
  /** By how much an eigenvalue may be below 0, as a share of the largest diagonal entry: what integration leaves of a singular state. 0 unless given. */
  readonly rounding?: number;
}

/** Throws ParameterError unless `o` holds Q (K x K), R (K x M), T (M x M), v (K), vTeacher (M) with [[Q, R], [R^T, T]] positive semidefinite. */
export function checkOverlaps(owner: string, o: Overlaps, { moving = false, rounding = 0 }: OverlapDemands = {}): void {
  const refuse = (what: string): never => {
    throw new ParameterError(`${owner}: overlaps must ${what}; for example ${EXAMPLE}`);
  };
  const { Q, R, T, v, vTeacher } = o;
  const K = v?.length ?? 0;
  const M = vTeacher?.length ?? 0;
  if (!(K >= 1 && M >= 1)) refuse(`have at least one student and one teacher unit, got v of length ${K} and vTeacher of length ${M}`);
  const shaped = (name: string, a: readonly (readonly number[])[] | undefined, rows: number, cols: number) => {
    if (!a || a.length !== rows || a.some((row) => row.length !== cols))
      refuse(`have ${name} with ${rows} rows of ${cols} numbers, got ${a ? `${a.length} rows of ${a[0]?.length ?? 0}` : "none"}`);
    if (a?.some((row) => row.some((x) => !Number.isFinite(x)))) refuse(`have finite numbers in ${name}`);
  };
  shaped("Q", Q, K, K);
  shaped("R", R, K, M);
  shaped("T", T, M, M);
  if (![...v, ...vTeacher].every(Number.isFinite)) refuse("have finite numbers in v and vTeacher");
  const L = K + M;
  const entry = (a: number, b: number) => (a < K ? (b < K ? Q[a][b] : R[a][b - K]) : b < K ? R[b][a - K] : T[a - K][b - K]);
  let slack = 0;
  if (rounding > 0) for (let a = 0; a < L; a++) slack = Math.max(slack, rounding * entry(a, a));
  for (let a = 0; a < L; a++) {
    const name = a < K ? `Q[${a}][${a}]` : `T[${a - K}][${a - K}]`;
    if (!(entry(a, a) >= -slack)) refuse(`have a diagonal >= 0, got ${name} = ${entry(a, a)}`);
    if (moving && a < K && !(entry(a, a) > 0)) refuse(`have students that are not zero (relu has no slope there), got ${name} = 0`);
    for (let b = 0; b < a; b++)
      if (Math.abs(entry(a, b) - entry(b, a)) > 1e-9 * Math.sqrt((entry(a, a) + slack) * (entry(b, b) + slack) + 1e-300))
        refuse(`have symmetric Q and T, got ${entry(a, b)} and ${entry(b, a)} across the diagonal`);
  }
  if (!semidefinite((a, b) => entry(a, b) + (a === b ? slack : 0), L))
    refuse("be those of some weights: [[Q, R], [R^T, T]] has a negative eigenvalue");
}

/** Squares of weights below 1e-150 underflow: such units are zero, and so are overlaps with them up to that size. */
const VANISHING = 1e-150;

/** Pivoted Cholesky of the correlations down to rounding. */
function semidefinite(entry: (a: number, b: number) => number, L: number): boolean {
  const d = Array.from({ length: L }, (_, a) => (entry(a, a) > VANISHING ** 2 ? Math.sqrt(entry(a, a)) : 0));
  const none = VANISHING * (1 + Math.max(...d));
  const S = Array.from({ length: L }, (_, a) =>
    Array.from({ length: L }, (_, b) =>
      d[a] > 0 && d[b] > 0 ? entry(a, b) / (d[a] * d[b]) : Math.abs(entry(a, b)) <= none ? 0 : Number.NaN
    )
  );
  if (S.some((row) => row.some(Number.isNaN))) return false;
  const left = new Set(S.keys());
  const tolerance = 1e-9 * L;
  while (left.size > 0) {
    let p = -1;
    for (const a of left) if (p < 0 || S[a][a] > S[p][p]) p = a;
    left.delete(p);
    if (S[p][p] <= tolerance) {
      for (const a of left) if (S[a][a] < -tolerance || Math.abs(S[a][p]) > Math.sqrt(tolerance)) return false;
      if (S[p][p] < -tolerance) return false;
      continue;
    }
    for (const a of left) {
      const l = S[a][p] / S[p][p];
      for (const b of left) S[a][b] -= l * S[p][b];
    }
  }
  return true;
}
