/** The start of the equations that given weights are: exact whatever the spectrum, for modes that are one direction of the inputs each. */
import { ParameterError } from "../../../core/parameters.ts";
import type { Vec } from "../../../core/types.ts";
import { multiply } from "../../../linalg/index.ts";
import type { InputModes } from "./inputModes.ts";
import type { StructuredState } from "./structuredOde.ts";

/** q_kl = w_k w_l and r_km = sqrt N w_k phi_m in every direction, of weights `W` (K x N) and second layers `v` (K). Throws ParameterError for modes of many directions. */
export function stateOfWeights({ axes, omega, T }: InputModes, W: Vec, v: readonly number[]): StructuredState {
  const N = omega.length;
  const K = v.length;
  const M = T.length;
  if (!axes) throw new ParameterError("state of weights: modes must be single directions; take those of a given covariance");
  if (W.length !== K * N) throw new ParameterError(`state of weights: W must have ${K} x ${N} numbers, got ${W.length}`);
  const along = new Float64Array(N * K);
  const columns = new Float64Array(N * K);
  for (let k = 0; k < K; k++) for (let j = 0; j < N; j++) columns[j * K + k] = W[k * N + j];
  multiply(N, K, N, axes.directions, columns, along);
  const root = Math.sqrt(N);
  const q = new Float64Array(N * K * K);
  const r = new Float64Array(N * K * M);
  for (let i = 0; i < N; i++)
    for (let k = 0; k < K; k++) {
      const w = along[i * K + k];
      for (let l = 0; l < K; l++) q[(i * K + k) * K + l] = w * along[i * K + l];
      for (let m = 0; m < M; m++) r[(i * K + k) * M + m] = root * w * axes.phi[i * M + m];
    }
  return { q, r, v: Float64Array.from(v) };
}
