/** Inputs and labels of two classes from a file: X centred and of unit mean variance, y in {-1, 1}. */
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { multiply } from "../../linalg/index.ts";

export interface LabelledData {
  readonly samples: number;
  readonly N: number;
  /** samples x N. */
  readonly X: Vec;
  /** The smaller class value is -1, the larger 1. */
  readonly y: Vec;
}

const FEWEST = 30;
const remembered = new Map<string, LabelledData>();

/** Throws ParameterError where the arrays are missing, misshapen, or not of two classes. */
export function labelledData(text: string): LabelledData {
  const known = remembered.get(text);
  if (known) return known;
  const arrays = readArraysText(text, "hidden-manifold: file");
  const has = arrays.map((a) => `${a.name} (${a.shape.join(" x ")})`).join(", ");
  const matrix = arrays.find((a) => a.name === "X") ?? arrays.find((a) => a.shape.length === 2 && a.shape[1] > 1);
  const labels = arrays.find((a) => a.name === "y") ?? arrays.find((a) => a !== matrix);
  if (!matrix || !labels || matrix.shape.length !== 2 || matrix.shape[1] < 2)
    throw new ParameterError(`hidden-manifold: file must hold arrays X (samples x N, N >= 2) and y (samples), got ${has}`);
  const [samples, N] = matrix.shape;
  if (labels.data.length !== samples)
    throw new ParameterError(`hidden-manifold: file must hold one label a sample, got ${labels.data.length} labels for ${samples} samples`);
  if (samples < FEWEST) throw new ParameterError(`hidden-manifold: file must hold at least ${FEWEST} samples, got ${samples}`);
  const classes = [...new Set(Array.from(labels.data))].sort((a, b) => a - b);
  if (classes.length !== 2)
    throw new ParameterError(
      `hidden-manifold: file must have labels y of two classes, got ${classes.length} (${classes.slice(0, 5).join(", ")}${classes.length > 5 ? ", ..." : ""}); for example odd against even digits as -1 and 1`
    );
  const y = Float64Array.from(labels.data, (c) => (c === classes[1] ? 1 : -1));
  const X = Float64Array.from(matrix.data);
  let power = 0;
  for (let i = 0; i < N; i++) {
    let mean = 0;
    for (let s = 0; s < samples; s++) mean += X[s * N + i];
    mean /= samples;
    for (let s = 0; s < samples; s++) {
      X[s * N + i] -= mean;
      power += X[s * N + i] ** 2;
    }
  }
  const scale = Math.sqrt((samples * N) / power);
  if (!(power > 0 && Number.isFinite(scale)))
    throw new ParameterError("hidden-manifold: file must hold inputs that vary, got an X of equal rows");
  for (let c = 0; c < X.length; c++) X[c] *= scale;
  const data = { samples, N, X, y };
  if (remembered.size >= 4) remembered.clear();
  remembered.set(text, data);
  return data;
}

/** Omega = X^T X/samples (N x N) and phi = X^T y/samples of the rows given. */
export function secondMoments({ samples, N, X, y }: LabelledData): { readonly Omega: Vec; readonly phi: Vec } {
  const Omega = new Float64Array(N * N);
  multiply(N, N, samples, X, X, Omega, { adjoint: true });
  const phi = new Float64Array(N);
  multiply(N, 1, samples, X, y, phi, { adjoint: true });
  for (let c = 0; c < Omega.length; c++) Omega[c] /= samples;
  for (let c = 0; c < N; c++) phi[c] /= samples;
  return { Omega, phi };
}
