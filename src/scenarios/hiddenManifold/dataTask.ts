/** Task `data`: covariance of the inputs, the best linear teacher of the labels, and the weights that equations and runs start from. */
import type { Vec } from "../../core/types.ts";
import { multiply } from "../../linalg/index.ts";
import { covarianceModes, type InputModes } from "../../theory/sgd/structured/index.ts";
import { type LabelledData, labelledData, secondMoments } from "./labelledData.ts";
import { type P, type Start, startOf } from "./setting.ts";
import { sharedWeights } from "./startingWeights.ts";

export interface DataTask {
  readonly data: LabelledData;
  /** Applies the covariance of the inputs to each of `rows` rows. */
  covariance(W: Vec, rows: number): Vec;
  readonly omega: Vec;
  /** Directions of the modes, and the correlations of input and label in these, 0 in directions that carry none. */
  readonly axes: { readonly directions: Vec; readonly phi: Vec };
  /** Variance of the labels that the best linear teacher explains. */
  readonly explained: number;
  /** sqrt N E x nu with nu the teacher's field scaled to variance one, N. */
  readonly Phi: Vec;
  readonly start: Start;
  /** 2K x N. Real inputs vary in few directions: their own weights, not those of a law, are the start of the equations. */
  readonly weights: Vec;
}

/** Eigenvalues below this share of the mean carry no labels. */
const FLAT = 1e-6;
const known = new WeakMap<LabelledData, { readonly Omega: Vec; readonly modes: InputModes }>();

function momentsOf(data: LabelledData) {
  const before = known.get(data);
  if (before) return before;
  const { Omega, phi } = secondMoments(data);
  const moments = { Omega, modes: covarianceModes(Omega, phi, [[1]]) };
  known.set(data, moments);
  return moments;
}

/** Throws ParameterError for a file that does not hold data of two classes, labels that the inputs know nothing of, and starts without room. */
export function dataTaskOf(p: P): DataTask {
  const data = labelledData(p.file);
  const { N } = data;
  const { Omega, modes } = momentsOf(data);
  const { omega, axes } = modes;
  const { directions, phi: all } = axes!;
  const phi = all.map((x, i) => (omega[i] > FLAT ? x : 0));
  let explained = 0;
  for (let i = 0; i < N; i++) if (phi[i] !== 0) explained += (phi[i] * phi[i]) / omega[i];
  explained = Math.min(1, explained);
  const Phi = new Float64Array(N);
  multiply(N, 1, N, directions, phi, Phi, { adjoint: true });
  const scale = explained > 0 ? Math.sqrt(N / explained) : 0;
  for (let j = 0; j < N; j++) Phi[j] *= scale;
  const covariance = (W: Vec, rows: number): Vec => {
    const out = new Float64Array(rows * N);
    multiply(rows, N, N, W, Omega, out);
    return out;
  };
  const start = startOf(p, 1);
  const weights = sharedWeights("hidden-manifold", p, { N, Phi, covariance, Q: start.Q, R: start.R }, { omega, directions, phi });
  return { data, covariance, omega, axes: { directions, phi }, explained, Phi, start, weights };
}
