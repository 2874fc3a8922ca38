/**
 * Online SGD of a two-layer student (K units) learning a two-layer teacher (M units), one fresh Gaussian input a step, as
 * N -> infinity: the ordinary differential equations of Q = w w^T/N, R = w w*^T/N and v in t = steps/N (Saad and Solla, Phys. Rev.
 * E 52 (1995) 4225; second layer and overparametrised students: Goldt et al., NeurIPS 2019, eqs. 8-12).
 *
 *   step: Delta = phi*(x) - phi(x) + sigma zeta, w_k += (eta/sqrt N) v_k g'(lambda_k) Delta x - (eta kappa/N) w_k,
 *         v_k += (eta_2/N) g(lambda_k) Delta - (eta_2 kappa/N) v_k;    `noise` is sigma^2, `weightDecay` is kappa
 *   dR_in = eta v_i <g'_i nu_n Delta> - eta kappa R_in
 *   dQ_ik = eta (v_i <g'_i lambda_k Delta> + v_k <g'_k lambda_i Delta>) + eta^2 v_i v_k (<g'_i g'_k Delta^2> + sigma^2 <g'_i g'_k>) - 2 eta kappa Q_ik
 *   dv_i  = eta_2 <g_i Delta> - eta_2 kappa v_i        (train = both)
 * with Delta without noise in the brackets. T and the teacher's second layer stay.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Overlaps, Vec } from "../../core/types.ts";
import { dopri5, type OdeOptions } from "../../numerics/ode.ts";
import { errorAverages, meanSquaredError } from "./errorAverages.ts";
import { SGD_ACTIVATIONS, type SgdActivation } from "./gaussianIntegrals.ts";
import { checkOverlaps } from "./overlaps.ts";

export interface SgdModel {
  readonly activation: SgdActivation;
  /** eta of the first layer. */
  readonly learningRate: number;
  /** eta_2 of the second layer, used when `train` is both; by default the same. */
  readonly secondLearningRate?: number;
  /** Variance sigma^2 of the label noise; 0 by default. */
  readonly noise?: number;
  /** kappa; 0 by default. */
  readonly weightDecay?: number;
  readonly train?: "first" | "both";
  /** Weight of the second-order term of dQ, eta^2 unless given: a limit in which steps shrink or noise dominates has another (scaling.ts). */
  readonly secondOrder?: number;
}

/** The right-hand side with its packing: Q's lower triangle by rows, R by rows, then v when it is trained. */
export interface SgdSystem {
  readonly dimension: number;
  pack(overlaps: Overlaps): Vec;
  /** T and vTeacher are those the system was made with; so is v when only the first layer is trained. */
  unpack(y: Vec): Overlaps;
  /** dy/dt; t is not used. NaN where an overlap is 1e12 times what is given at the start (and 1): the dynamics is lost, and differences of overlaps mean nothing. */
  derivative(t: number, y: Vec, dy: Vec): void;
  /** e_g = <(phi* - phi)^2>/2. */
  generalizationError(y: Vec): number;
}

function checkModel(m: SgdModel): void {
  if (!SGD_ACTIVATIONS.includes(m.activation))
    throw new ParameterError(`sgdOde: activation must be one of ${SGD_ACTIVATIONS.join(", ")}, got ${m.activation}; for example erf`);
  const rates = {
    learningRate: m.learningRate,
    secondLearningRate: m.secondLearningRate,
    noise: m.noise,
    weightDecay: m.weightDecay,
    secondOrder: m.secondOrder
  };
  for (const [name, x] of Object.entries(rates))
    if (x !== undefined && !(x >= 0 && x < Number.POSITIVE_INFINITY))
      throw new ParameterError(`sgdOde: ${name} must be a number >= 0, got ${x}; for example 0.1`);
}

/** Field covariance [[Q, R], [R^T, T]] (L x L, students first) and signed second layers (-v, v*) of a set of overlaps. */
export function fieldsOf(o: Overlaps): { readonly covariance: Vec; readonly signs: Vec } {
  const K = o.Q.length;
  const L = K + o.T.length;
  const covariance = new Float64Array(L * L);
  for (let a = 0; a < L; a++)
    for (let b = 0; b < L; b++)
      covariance[a * L + b] = a < K ? (b < K ? o.Q[a][b] : o.R[a][b - K]) : b < K ? o.R[b][a - K] : o.T[a - K][b - K];
  return { covariance, signs: Float64Array.from([...o.v.map((x) => -x), ...o.vTeacher]) };
}

/** Eigenvalue below 0, as a share of the largest variance, that an integrated state of dependent units may have: 100 local errors. */
const INTEGRATED = 1e-6;

/** e_g = <(phi* - phi)^2>/2 over inputs, label noise left out (0 where rounding makes it negative). Throws ParameterError for overlaps that do not fit. */
export function generalizationErrorOf(activation: SgdActivation, overlaps: Overlaps): number {
  checkOverlaps("generalizationErrorOf", overlaps, { rounding: INTEGRATED });
  const { covariance, signs } = fieldsOf(overlaps);
  return 0.5 * meanSquaredError(activation, covariance, signs);
}

/** Growth of an overlap that no dynamics returns from. */
const LOST = 1e12;

/** The equations for a model and its sizes; `start` gives K, M, T, vTeacher and v. Throws ParameterError. */
export function sgdSystem(model: SgdModel, start: Overlaps): SgdSystem {
  checkModel(model);
  checkOverlaps("sgdOde", start, { moving: model.activation === "relu" });
  const { activation, learningRate: eta, noise = 0, weightDecay = 0, train = "first" } = model;
  const eta2 = model.secondLearningRate ?? eta;
  const eta12 = model.secondOrder ?? eta * eta;
  const K = start.Q.length;
  const M = start.T.length;
  const L = K + M;
  const both = train === "both";
  const triangle = (K * (K + 1)) / 2;
  const dimension = triangle + K * M + (both ? K : 0);
  const { covariance: C, signs: s } = fieldsOf(start);
  const averages = errorAverages(activation, K, M);
  const { drift, square, slopes, output } = averages;
  const lost = LOST * Math.max(1, ...C.map(Math.abs), ...s.map((x) => x * x));

  function load(y: Vec): void {
    let at = 0;
    for (let i = 0; i < K; i++) for (let k = 0; k <= i; k++) C[i * L + k] = C[k * L + i] = y[at++];
    for (let i = 0; i < K; i++) for (let n = K; n < L; n++) C[i * L + n] = C[n * L + i] = y[at++];
    if (both) for (let i = 0; i < K; i++) s[i] = -y[at++];
  }
  return {
    dimension,
    pack(o) {
      const y: number[] = [];
      for (let i = 0; i < K; i++) for (let k = 0; k <= i; k++) y.push(0.5 * (o.Q[i][k] + o.Q[k][i]));
      for (let i = 0; i < K; i++) y.push(...o.R[i]);
      if (both) y.push(...o.v);
      return Float64Array.from(y);
    },
    unpack(y) {
      const Q = Array.from({ length: K }, () => new Array<number>(K).fill(0));
      let at = 0;
      for (let i = 0; i < K; i++) for (let k = 0; k <= i; k++) Q[i][k] = Q[k][i] = y[at++];
      const R = Array.from({ length: K }, () => Array.from({ length: M }, () => y[at++]));
      const v = both ? Array.from({ length: K }, () => y[at++]) : [...start.v];
      return { Q, R, T: start.T.map((row) => [...row]), v, vTeacher: [...start.vTeacher] };
    },
    derivative(_t, y, dy) {
      for (let c = 0; c < dimension; c++)
        if (!(Math.abs(y[c]) < lost)) {
          dy.fill(Number.NaN);
          return;
        }
      load(y);
      averages.update(C, s);
      let at = 0;
      for (let i = 0; i < K; i++) {
        const vi = -s[i];
        for (let k = 0; k <= i; k++) {
          const vk = -s[k];
          const learning = vi * drift[i * L + k] + vk * drift[k * L + i];
          const spread = vi * vk * (square[i * K + k] + noise * slopes[i * K + k]);
          dy[at] = eta * (learning - 2 * weightDecay * y[at]) + eta12 * spread;
          at++;
        }
      }
      for (let i = 0; i < K; i++)
        for (let n = K; n < L; n++) {
          dy[at] = eta * (-s[i] * drift[i * L + n] - weightDecay * y[at]);
          at++;
        }
      if (both)
        for (let i = 0; i < K; i++) {
          dy[at] = eta2 * (output[i] - weightDecay * y[at]);
          at++;
        }
    },
    generalizationError(y) {
      load(y);
      return 0.5 * meanSquaredError(activation, C, s);
    }
  };
}

/**
 * Yields the overlaps at every one of the ascending `times` (t = steps/N, the start at t = 0), by Dormand-Prince with error
 * control (rtol 1e-8, atol 1e-10 unless given). Ends `completed`, the residual being the fastest |dQ|, |dR| or |dv| there, or
 * early with advice where the dynamics diverges.
 * Throws ParameterError for overlaps whose shapes disagree or which no weights can have, and for negative rates.
 */
export function* sgdOde(
  model: SgdModel,
  start: Overlaps,
  times: readonly number[],
  options: OdeOptions = {}
): Generator<{ readonly t: number; readonly overlaps: Overlaps }, Outcome> {
  const system = sgdSystem(model, start);
  const solution = dopri5(system.derivative, system.pack(start), times, options);
  const speed = new Float64Array(system.dimension);
  for (;;) {
    const next = solution.next();
    if (next.done) {
      const end = next.value.outcome;
      if (end.kind !== "converged") return end;
      return outcome(
        "completed",
        speed.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
        end.iterations
      );
    }
    system.derivative(next.value.t, next.value.y, speed);
    yield { t: next.value.t, overlaps: system.unpack(next.value.y) };
  }
}
