/**
 * Online SGD on structured inputs as ordinary differential equations, one set of variables a mode of E x x^T: q_kl = w_k w_l and
 * r_km = sqrt N w_k phi_m averaged over the directions of a mode (Goldt, Mezard, Krzakala, Zdeborova 2020, eqs. 30-36; Goldt et al. 2022).
 * With G_kl = v_k E d_l(g'_k Delta), H_km = v_k E d_m(g'_k Delta), t = steps/N and the Gaussian fields of `InputModes`:
 *   dq_kl/dt = eta sum_j (G_kj omega q_jl + G_lj omega q_kj) + eta sum_m (H_km r_lm + H_lm r_km) + eta^2 omega v_k v_l E g'_k g'_l (Delta^2 + sigma^2)
 *   dr_km/dt = eta sum_j G_kj omega r_jm + eta sum_n H_kn (N phi_n phi_m),   Q = E omega q,  R = E r,  W = E q over the modes.
 * Several students may learn from independent streams of samples: they share the teacher, and the last term is absent between them.
 */
import { outcome } from "../../../core/outcome.ts";
import { ParameterError } from "../../../core/parameters.ts";
import type { Outcome, Vec } from "../../../core/types.ts";
import { dopri5 } from "../../../numerics/ode.ts";
import { errorAverages } from "../errorAverages.ts";
import { productAverage, type SgdActivation, slopeAverage } from "../gaussianIntegrals.ts";
import { curvedAverage } from "./fieldAverages.ts";
import type { InputModes } from "./inputModes.ts";

export interface StructuredTask {
  readonly modes: InputModes;
  readonly activation: SgdActivation;
  readonly learningRate: number;
  /** eta_2 of the second layer; 0 keeps it. */
  readonly secondLearningRate: number;
  /** Variance of the noise on every label. */
  readonly noise: number;
  /** Second layer of the teacher, length M. */
  readonly vTeacher: readonly number[];
  /** Units of each student; K in all. */
  readonly units: readonly number[];
}

/** At a time: per-mode variables and what follows from them; matrices row-major, K units of all students in order. */
export interface StructuredState {
  /** n modes: q at `(i K + k) K + l`, r at `(i K + k) M + m`. */
  readonly q: Vec;
  readonly r: Vec;
  readonly v: Vec;
}

export interface StructuredOverlaps {
  readonly Q: Vec;
  readonly R: Vec;
  readonly W: Vec;
  readonly v: Vec;
}

/** Q, R and W of a state. */
export function overlapsOfState(modes: InputModes, K: number, { q, r, v }: StructuredState): StructuredOverlaps {
  const M = modes.T.length;
  const Q = new Float64Array(K * K);
  const W = new Float64Array(K * K);
  const R = new Float64Array(K * M);
  for (let i = 0; i < modes.omega.length; i++) {
    const p = modes.weight[i];
    const po = p * modes.omega[i];
    for (let c = 0; c < K * K; c++) {
      W[c] += p * q[i * K * K + c];
      Q[c] += po * q[i * K * K + c];
    }
    for (let c = 0; c < K * M; c++) R[c] += p * r[i * K * M + c];
  }
  return { Q, R, W, v: v.slice() };
}

/** Covariance of fields (lambda, nu): [[Q, R], [R^T, T]], (K+M) x (K+M). */
function fieldCovariance(Q: Vec, R: Vec, T: InputModes["T"], K: number, C: Vec): void {
  const M = T.length;
  const n = K + M;
  for (let k = 0; k < K; k++) {
    for (let l = 0; l < K; l++) C[k * n + l] = Q[k * K + l];
    for (let m = 0; m < M; m++) C[k * n + K + m] = C[(K + m) * n + k] = R[k * M + m];
  }
  for (let m = 0; m < M; m++) for (let l = 0; l < M; l++) C[(K + m) * n + K + l] = T[m][l];
}

/** E (sum_a u_a g(field a))^2/2 over fields of covariance C (n x n). */
export function halfMeanSquare(activation: SgdActivation, C: Vec, n: number, u: ArrayLike<number>): number {
  let sum = 0;
  for (let a = 0; a < n; a++) {
    if (u[a] === 0) continue;
    for (let b = 0; b < n; b++) if (u[b] !== 0) sum += u[a] * u[b] * productAverage(activation, C[a * n + a], C[a * n + b], C[b * n + b]);
  }
  return Math.max(0, 0.5 * sum);
}

/** E (phi* - phi)^2/2 of student `which`. */
export function structuredError(task: StructuredTask, overlaps: StructuredOverlaps, which = 0): number {
  const { units, vTeacher, modes, activation } = task;
  const K = units.reduce((s, k) => s + k, 0);
  const n = K + vTeacher.length;
  const C = new Float64Array(n * n);
  fieldCovariance(overlaps.Q, overlaps.R, modes.T, K, C);
  const u = new Float64Array(n);
  const from = units.slice(0, which).reduce((s, k) => s + k, 0);
  for (let k = from; k < from + units[which]; k++) u[k] = -overlaps.v[k];
  u.set(vTeacher, K);
  return halfMeanSquare(activation, C, n, u);
}

/** E (phi_1 - phi_2)^2/2 of the first two students over inputs where their fields have covariance `Q` (K x K). */
export function disagreement(task: StructuredTask, Q: Vec, v: ArrayLike<number>): number {
  const [first, second] = task.units;
  const K = task.units.reduce((s, k) => s + k, 0);
  const u = Float64Array.from({ length: K }, (_, k) => (k < first ? v[k] : k < first + second ? -v[k] : 0));
  return halfMeanSquare(task.activation, Q, K, u);
}

/** E phi_1 phi_2 / sqrt(E phi_1^2 E phi_2^2) of the first two students; 0 where one of them is silent. */
export function outputCorrelation(task: StructuredTask, Q: Vec, v: ArrayLike<number>): number {
  const [first, second] = task.units;
  const K = task.units.reduce((s, k) => s + k, 0);
  const product = (from: number, to: number, of: number, end: number): number => {
    let sum = 0;
    for (let k = from; k < to; k++)
      for (let l = of; l < end; l++) sum += v[k] * v[l] * productAverage(task.activation, Q[k * K + k], Q[k * K + l], Q[l * K + l]);
    return sum;
  };
  const power = product(0, first, 0, first) * product(first, first + second, first, first + second);
  return power > 0 ? product(0, first, first, first + second) / Math.sqrt(power) : 0;
}

/**
 * States at `times`, ascending from t = 0. Ends "completed", or as dopri5 does where it fails. Throws ParameterError on lengths that do
 * not fit.
 */
export function* structuredOde(
  task: StructuredTask,
  start: StructuredState,
  times: readonly number[],
  options: { readonly rtol?: number; readonly atol?: number; readonly maxSteps?: number } = {}
): Generator<{ readonly t: number; readonly state: StructuredState; readonly overlaps: StructuredOverlaps }, Outcome> {
  const { modes, units, vTeacher } = task;
  const K = units.reduce((s, k) => s + k, 0);
  const M = vTeacher.length;
  const n = modes.omega.length;
  for (const [name, have, want] of [
    ["T", modes.T.length, M],
    ["product", modes.product.length, n * M * M],
    ["q", start.q.length, n * K * K],
    ["r", start.r.length, n * K * M],
    ["v", start.v.length, K]
  ] as const)
    if (have !== want) throw new ParameterError(`structured ode: ${name} must have length ${want}, got ${have}`);
  const y0 = new Float64Array(n * K * (K + M) + K);
  y0.set(start.q);
  y0.set(start.r, n * K * K);
  y0.set(start.v, n * K * (K + M));
  const stateOf = (y: Vec): StructuredState => ({
    q: y.subarray(0, n * K * K),
    r: y.subarray(n * K * K, n * K * (K + M)),
    v: y.subarray(n * K * (K + M))
  });
  const run = dopri5(rightHandSide(task, K), y0, times, { rtol: 1e-7, atol: 1e-9, ...options });
  for (;;) {
    const step = run.next();
    if (step.done) {
      const end = step.value.outcome;
      return end.kind === "converged" ? outcome("completed", end.residual, end.iterations) : end;
    }
    const state = stateOf(step.value.y);
    yield { t: step.value.t, state, overlaps: overlapsOfState(modes, K, state) };
  }
}

/** The forces on one student: its fields are its own units and the teacher's. */
function studentForces({ activation, noise, vTeacher }: StructuredTask, from: number, size: number, K: number) {
  const M = vTeacher.length;
  const L = size + M;
  const n = K + M;
  const at = Int32Array.from({ length: L }, (_, a) => (a < size ? from + a : K + a - size));
  const C = new Float64Array(L * L);
  const u = new Float64Array(L);
  u.set(vTeacher, size);
  const averages = errorAverages(activation, size, M);
  /** Writes this student's block of G, H, E and its part of dv = eta_2 <g Delta>. `all` is the covariance of all fields. */
  return (all: Vec, v: Vec, G: Vec, H: Vec, E: Vec, pull: Vec): void => {
    for (let a = 0; a < L; a++) for (let b = 0; b < L; b++) C[a * L + b] = all[at[a] * n + at[b]];
    for (let k = 0; k < size; k++) u[k] = -v[from + k];
    averages.update(C, u);
    for (let k = 0; k < size; k++) {
      const vk = -u[k];
      const row = from + k;
      let curved = 0;
      for (let a = 0; a < L; a++) {
        const [ckk, cka, caa] = [C[k * L + k], C[k * L + a], C[a * L + a]];
        curved += u[a] * curvedAverage(activation, ckk, cka, caa);
        if (a < size) {
          G[row * K + from + a] = vk * u[a] * averages.slopes[k * size + a];
          E[row * K + from + a] = u[k] * u[a] * (averages.square[k * size + a] + noise * averages.slopes[k * size + a]);
        } else H[row * M + a - size] = vk * u[a] * slopeAverage(activation, ckk, cka, caa);
      }
      G[row * K + row] += vk * curved;
      pull[row] = averages.output[k];
    }
  };
}

/** Growth of an overlap that no dynamics returns from. */
const LOST = 1e12;

/** The right-hand side, with its buffers; NaN where an overlap is past 1e12 and 1e12 times those at the start. */
function rightHandSide(task: StructuredTask, K: number): (t: number, y: Vec, dy: Vec) => void {
  const { modes, learningRate: eta, secondLearningRate, vTeacher, units } = task;
  const { omega, weight, product, T } = modes;
  const M = vTeacher.length;
  const count = omega.length;
  const n = K + M;
  const C = new Float64Array(n * n);
  const Q = new Float64Array(K * K);
  const R = new Float64Array(K * M);
  const G = new Float64Array(K * K);
  const H = new Float64Array(K * M);
  const E = new Float64Array(K * K);
  const v = new Float64Array(K);
  const pull = new Float64Array(K);
  const rAt = count * K * K;
  const vAt = rAt + count * K * M;
  let lost = 0; // set at the first call, which is at the start
  const forces = units.map((size, s) =>
    studentForces(
      task,
      units.slice(0, s).reduce((sum, k) => sum + k, 0),
      size,
      K
    )
  );

  return (_, y, dy) => {
    Q.fill(0);
    R.fill(0);
    for (let i = 0; i < count; i++) {
      const po = weight[i] * omega[i];
      for (let c = 0; c < K * K; c++) Q[c] += po * y[i * K * K + c];
      for (let c = 0; c < K * M; c++) R[c] += weight[i] * y[rAt + i * K * M + c];
    }
    fieldCovariance(Q, R, T, K, C);
    let largest = 0;
    for (let c = 0; c < n * n; c++) largest = Math.max(largest, Math.abs(C[c]));
    lost ||= LOST * Math.max(1, largest);
    if (!(largest < lost)) {
      dy.fill(Number.NaN);
      return;
    }
    for (let k = 0; k < K; k++) v[k] = y[vAt + k];
    for (const force of forces) force(C, v, G, H, E, pull);
    for (let k = 0; k < K; k++) dy[vAt + k] = secondLearningRate * pull[k];
    for (let i = 0; i < count; i++) {
      const q = i * K * K;
      const r = rAt + i * K * M;
      const o = omega[i];
      for (let k = 0; k < K; k++) {
        for (let l = k; l < K; l++) {
          let drift = 0;
          for (let j = 0; j < K; j++) drift += G[k * K + j] * y[q + j * K + l] + G[l * K + j] * y[q + k * K + j];
          drift *= o;
          for (let m = 0; m < M; m++) drift += H[k * M + m] * y[r + l * M + m] + H[l * M + m] * y[r + k * M + m];
          dy[q + k * K + l] = dy[q + l * K + k] = eta * drift + eta * eta * o * E[k * K + l];
        }
        for (let m = 0; m < M; m++) {
          let drift = 0;
          for (let j = 0; j < K; j++) drift += G[k * K + j] * y[r + j * M + m];
          drift *= o;
          for (let l = 0; l < M; l++) drift += H[k * M + l] * product[(i * M + l) * M + m];
          dy[r + k * M + m] = eta * drift;
        }
      }
    }
  };
}
