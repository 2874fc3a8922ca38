/** The buffers of a committee AMP run and one sweep of it: the equations of committeeAmp.ts. */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import type { Memory, Watched } from "../graph/runWatch.ts";
import type { CommitteeProblem, CommitteeState } from "./committeeAmp.ts";

type Working = { -readonly [K in keyof CommitteeState]: CommitteeState[K] };

export interface CommitteeWork {
  readonly problem: CommitteeProblem;
  readonly state: Working;
  readonly watched: { -readonly [K in keyof Watched]: Watched[K] };
  /** Squared norms: |X|_F^2 / rows and / cols. */
  readonly rowNorm: number;
  readonly colNorm: number;
  /** Of the sweep, undamped: one Vec a unit. */
  readonly freshG: readonly Vec[];
  /** Rows: K numbers and K x K. */
  readonly row: Vec;
  readonly rowOut: Vec;
  readonly rowMatrix: Vec;
  readonly fisher: Vec;
  readonly factor: Vec;
  readonly freshCovariance: Vec;
  broken: boolean;
}

/** Checks shapes and labels, sizes every buffer. Throws ParameterError. */
export function prepareCommittee(problem: CommitteeProblem): CommitteeWork {
  const { operator, y, prior, channel } = problem;
  const { rows, cols } = operator;
  const K = prior.units;
  const refuse = (what: string): never => {
    throw new ParameterError(`committeeAmp: ${what}`);
  };
  if (operator.scalar !== "real") refuse("the matrix must be real, got a complex one");
  if (channel.units !== K) refuse(`prior and channel must have the same number of units, got ${K} and ${channel.units}`);
  if (y.length !== rows) refuse(`y must have ${rows} numbers, one a row, got ${y.length}`);
  for (let i = 0; i < rows; i++)
    if (!channel.labels.includes(y[i])) refuse(`y must be one of ${channel.labels.join(", ")}, got ${y[i]} at index ${i}`);
  if (!(operator.frobenius2 > 0 && operator.frobenius2 < Number.POSITIVE_INFINITY))
    refuse(`the matrix must be finite and not all zero, got squared Frobenius norm ${operator.frobenius2}`);
  const units = (n: number) => Array.from({ length: K }, () => new Float64Array(n));
  const matrix = () => new Float64Array(K * K);
  const rho = prior.secondMoment;
  return {
    problem,
    state: {
      t: 0,
      mean: units(cols),
      covariance: matrix(),
      omega: units(rows),
      V: matrix(),
      g: units(rows),
      A: matrix(),
      b: units(cols),
      residual: 1,
      damping: 0,
      clipped: 0
    },
    watched: { name: "w", change: 0, power: 0, before: rho, after: rho, scale: rho, leaf: true },
    rowNorm: operator.frobenius2 / rows,
    colNorm: operator.frobenius2 / cols,
    freshG: units(rows),
    row: new Float64Array(K),
    rowOut: new Float64Array(K),
    rowMatrix: matrix(),
    fisher: matrix(),
    factor: matrix(),
    freshCovariance: matrix(),
    broken: false
  };
}

/** Keeps a copy of the best state. */
export function memoryOf({ state }: CommitteeWork): Memory {
  const arrays = [...state.mean, state.covariance, ...state.omega, state.V, ...state.g, state.A, ...state.b];
  const best = arrays.map((x) => x.slice());
  let t = 0;
  return {
    remember() {
      for (let k = 0; k < arrays.length; k++) best[k].set(arrays[k]);
      t = state.t;
    },
    restore() {
      for (let k = 0; k < arrays.length; k++) arrays[k].set(best[k]);
      state.t = t;
    }
  };
}

/** One sweep. Damping averages the whole map (estimate, g) -> (estimate, g), as in gamp.ts: the adjoint sees the fresh score, the memory term the averaged one. */
export function sweepCommittee(work: CommitteeWork, keepG: number, keep: number): void {
  const { problem, state, rowNorm } = work;
  const K = problem.prior.units;
  for (let i = 0; i < K * K; i++) state.V[i] = rowNorm * state.covariance[i];
  for (let l = 0; l < K; l++) problem.operator.apply(state.mean[l], state.omega[l]);
  score(work, keepG);
  makePositive(work);
  for (let l = 0; l < K; l++) problem.operator.adjoint(work.freshG[l], state.b[l]);
  estimate(work, keep);
}

/** omega -= V g_prev (the memory term), then g and the summed curvature into A, the summed g g^T into `fisher`. */
function score(work: CommitteeWork, keep: number): void {
  const { problem, state, freshG, row, rowOut, rowMatrix, fisher } = work;
  const { omega, V, g, A } = state;
  const { y, channel } = problem;
  const K = channel.units;
  const take = 1 - keep;
  A.fill(0);
  fisher.fill(0);
  let finite = 0;
  for (let mu = 0; mu < y.length; mu++) {
    for (let l = 0; l < K; l++) {
      let sum = omega[l][mu];
      for (let k = 0; k < K; k++) sum -= V[l * K + k] * g[k][mu];
      row[l] = sum;
    }
    for (let l = 0; l < K; l++) omega[l][mu] = row[l];
    channel.score(row, V, y[mu], rowOut, rowMatrix);
    for (let l = 0; l < K; l++) {
      const next = rowOut[l];
      finite += next;
      freshG[l][mu] = next;
      g[l][mu] = keep * g[l][mu] + take * next;
      for (let k = 0; k < K; k++) {
        A[l * K + k] += rowMatrix[l * K + k];
        fisher[l * K + k] += next * rowOut[k];
      }
    }
  }
  work.broken = !Number.isFinite(finite);
}

/**
 * A = X^T curvature X averaged over inputs. Where nothing is known of a direction it is zero up to finite-size fluctuations of either
 * sign, which the prior outweighs; a precision that would outweigh half the prior is replaced by the Fisher form, equal to it on the
 * Nishimori line and never negative, and counted.
 */
function makePositive(work: CommitteeWork): void {
  const { problem, state, fisher, factor, colNorm } = work;
  const { A } = state;
  const K = problem.prior.units;
  const scale = colNorm / problem.operator.rows;
  for (let i = 0; i < K * K; i++) A[i] *= scale;
  if (!positive(A, K, factor, 0.5 / problem.prior.secondMoment)) {
    for (let i = 0; i < K * K; i++) A[i] = scale * fisher[i];
    state.clipped++;
  }
  for (let i = 0; i < K * K; i++) if (!Number.isFinite(A[i])) work.broken = true;
}

/** Whether A + slack I has a Cholesky factor. */
function positive(A: Vec, K: number, L: Vec, slack: number): boolean {
  for (let i = 0; i < K; i++)
    for (let j = 0; j <= i; j++) {
      let sum = A[i * K + j] + (i === j ? slack : 0);
      for (let k = 0; k < j; k++) sum -= L[i * K + k] * L[j * K + k];
      if (i !== j) L[i * K + j] = L[j * K + j] > 0 ? sum / L[j * K + j] : 0;
      else if (!(sum >= 0)) return false;
      else L[i * K + i] = Math.sqrt(sum);
    }
  return true;
}

/** b += A mean, then the prior's estimate; covariance averaged over the inputs. */
function estimate(work: CommitteeWork, keep: number): void {
  const { problem, state, row, rowOut, rowMatrix, freshCovariance, watched } = work;
  const { mean, b, A, covariance } = state;
  const K = problem.prior.units;
  const cols = problem.operator.cols;
  const take = 1 - keep;
  freshCovariance.fill(0);
  let change = 0;
  let power = 0;
  if (work.broken) return;
  for (let i = 0; i < cols; i++) {
    for (let l = 0; l < K; l++) {
      let sum = b[l][i];
      for (let k = 0; k < K; k++) sum += A[l * K + k] * mean[k][i];
      row[l] = sum;
    }
    for (let l = 0; l < K; l++) b[l][i] = row[l];
    problem.prior.posterior(A, row, rowOut, rowMatrix);
    for (let l = 0; l < K; l++) {
      const next = rowOut[l];
      const step = next - mean[l][i];
      change += step * step;
      power += next * next;
      mean[l][i] = keep * mean[l][i] + take * next;
    }
    for (let k = 0; k < K * K; k++) freshCovariance[k] += rowMatrix[k];
  }
  let before = 0;
  let after = 0;
  for (let l = 0; l < K; l++) before += covariance[l * K + l] / K;
  for (let k = 0; k < K * K; k++) {
    freshCovariance[k] /= cols;
    covariance[k] = keep * covariance[k] + take * freshCovariance[k];
  }
  for (let l = 0; l < K; l++) after += freshCovariance[l * K + l] / K;
  watched.change = change / (K * cols);
  watched.power = power / (K * cols);
  watched.before = before;
  watched.after = after;
  if (!Number.isFinite(change + power + after)) work.broken = true;
}
