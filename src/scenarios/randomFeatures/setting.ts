/** Parameters of `random-features`, the features they ask for, and the covariances of their Gaussian equivalent. */
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Values } from "../../core/types.ts";
import { marchenkoPastur, orthogonalSpectrum } from "../../ensembles/spectra/index.ts";
import { type MatrixData, multiply, symmetricEigen } from "../../linalg/index.ts";
import { type Covariates, featureCovariates } from "../../theory/risk/index.ts";
import { solverParams, studentParams } from "../family/riskStudent.ts";
import { ACTIVATIONS, type ActivationName, featureConstants } from "./features.ts";

export const params = {
  alpha: {
    kind: "real",
    default: 3,
    min: 0.01,
    max: 100,
    scale: "log",
    symbol: "α",
    about: "number of samples over latent dimension, n/d"
  },
  width: { kind: "real", default: 1, min: 0.01, max: 100, scale: "log", symbol: "p/d", about: "number of features over latent dimension" },
  activation: {
    kind: "choice",
    default: "erf",
    options: ACTIVATIONS,
    symbol: "σ",
    about: "the function of the features: erf(z) itself (not erf(z/√2)), sign, max(z, 0), tanh"
  },
  features: {
    kind: "choice",
    default: "gaussian",
    options: ["gaussian", "orthogonal"],
    symbol: "F",
    about: "independent N(0, 1) entries, or orthogonal columns (rows when p > d) of the same size"
  },
  featuresFile: {
    kind: "file",
    default: "",
    symbol: "F",
    accepts: "the matrix F, d x p, its columns of norm about √d",
    about: "features that replace the sampled ones; size must be its number of rows, and width its columns over its rows"
  },
  mean: {
    kind: "choice",
    default: "kept",
    options: ["kept", "removed"],
    symbol: "κ₀",
    about: "of the features; kept, it serves as a bias that is learned for free (relu). The theory is the same: labels have no mean"
  },
  inputs: {
    kind: "choice",
    default: "features",
    options: ["features", "gaussian-equivalent"],
    symbol: "x",
    about: "what runs are made of: σ(Fᵀc/√d), or the Gaussian κ₀ + κ₁Fᵀc/√d + κ⋆ξ that the theory puts in its place"
  },
  ...studentParams,
  size: {
    kind: "integer",
    default: 200,
    min: 2,
    max: 5000,
    symbol: "d",
    about: "latent dimension: a run has n = alpha d samples of p = width d features"
  },
  ...solverParams
} as const;
export type P = Values<typeof params>;

const MOST_NUMBERS = 1e8;

export interface Sizes {
  readonly d: number;
  readonly n: number;
  readonly p: number;
}
/** Throws ParameterError where the features of a run would not fit into memory. */
export function sizesOf({ alpha, width, size: d }: P): Sizes {
  const [n, p] = [Math.max(1, Math.round(alpha * d)), Math.max(1, Math.round(width * d))];
  if (n * p > MOST_NUMBERS)
    throw new ParameterError(
      `random-features: alpha x width x size^2 must be at most ${MOST_NUMBERS} for a run, got ${n} samples of ${p} features; for example size ${Math.max(2, Math.floor(Math.sqrt(MOST_NUMBERS / alpha / width)))}`
    );
  return { d, n, p };
}

const MOST_FEATURES = 4000;
let lastFile: { readonly text: string; readonly F: MatrixData } | null = null;

/** F of the file, d x p, or null. Throws ParameterError in one sentence on a wrong shape. */
export function givenFeatures({ featuresFile: text, size, width }: P): MatrixData | null {
  if (text === "") return null;
  if (lastFile?.text !== text) {
    const arrays = readArraysText(text, "random-features: featuresFile");
    const [{ shape, data }] = arrays;
    if (arrays.length !== 1 || shape.length !== 2 || shape[0] < 2 || shape[1] < 1)
      throw new ParameterError(
        `random-features: featuresFile must hold one matrix F, d x p with d >= 2, got ${arrays.length === 1 ? `an array of shape ${shape.join(" x ") || "()"}` : `${arrays.length} arrays`}`
      );
    const [rows, cols] = shape;
    if (cols > MOST_FEATURES)
      throw new ParameterError(`random-features: featuresFile must have at most ${MOST_FEATURES} columns (features), got ${cols}`);
    for (let j = 0; j < cols; j++) {
      let norm = 0;
      for (let i = 0; i < rows; i++) norm += data[i * cols + j] ** 2;
      if (!(norm > 0)) throw new ParameterError(`random-features: columns of featuresFile must not be zero, got zeros in column ${j + 1}`);
    }
    lastFile = { text, F: { rows, cols, data: Float64Array.from(data) } };
  }
  const { F } = lastFile;
  if (F.rows !== size || F.cols !== Math.max(1, Math.round(width * size)))
    throw new ParameterError(
      `random-features: featuresFile must be d x p with d = size and p = width x size, ${size} x ${Math.max(1, Math.round(width * size))} here, got ${F.rows} x ${F.cols}; for this file give size ${F.rows} and width ${F.cols / F.rows}`
    );
  return F;
}

const remembered = new Map<string, Covariates>();

/** Of the Gaussian equivalent, E z0^2 = 1. */
export function covariatesOf(p: P): Covariates {
  const F = givenFeatures(p);
  const key = JSON.stringify([p.activation, F ? p.featuresFile : [p.features, p.width]]);
  let found = remembered.get(key);
  if (!found) {
    found = F ? givenCovariates(F, p.activation) : limitCovariates(p);
    if (remembered.size >= 64) remembered.clear();
    remembered.set(key, found);
  }
  return found;
}

function limitCovariates({ activation, features, width }: P): Covariates {
  const { kappa1, rest } = featureConstants(activation);
  // 96 Gauss nodes: 1e-15 for all averages of 1/(kappa_1^2 s + kappa_*^2 + ...), whose pole is at least 0.19 away from s >= 0
  const spectrum = features === "gaussian" ? marchenkoPastur(1 / width, 96) : orthogonalSpectrum(1 / width);
  return featureCovariates({ linear: kappa1 * kappa1, rest }, width, spectrum);
}

/** kappa_1 of every column of F: its norm is that of the column over sqrt d. */
export function columnConstants({ rows, cols, data }: MatrixData, activation: ActivationName) {
  return Array.from({ length: cols }, (_, j) => {
    let norm = 0;
    for (let i = 0; i < rows; i++) norm += data[i * cols + j] ** 2;
    return featureConstants(activation, Math.sqrt(norm / rows));
  });
}

/** Omega = K F^T F K/d + diag(kappa_*^2), K = diag(kappa_1); over the teacher's directions E b b^T = K F^T F K/d^2. */
function givenCovariates(F: MatrixData, activation: ActivationName): Covariates {
  const { rows: d, cols: p } = F;
  const constants = columnConstants(F, activation);
  const scaled = new Float64Array(d * p);
  for (let i = 0; i < d; i++) for (let j = 0; j < p; j++) scaled[i * p + j] = (F.data[i * p + j] * constants[j].kappa1) / Math.sqrt(d);
  const Omega = new Float64Array(p * p);
  multiply(p, p, d, scaled, scaled, Omega, { adjoint: true });
  for (let j = 0; j < p; j++) Omega[j * p + j] += constants[j].rest;
  const { values, vectors } = symmetricEigen({ rows: p, cols: p, data: Omega });
  const omega = new Float64Array(p);
  const target = new Float64Array(p);
  const v = vectors as Float64Array;
  for (let k = 0; k < p; k++) {
    let own = 0;
    for (let j = 0; j < p; j++) own += v[k * p + j] ** 2 * constants[j].rest;
    omega[k] = Math.max(values[k], own);
    target[k] = (omega[k] - own) / d;
  }
  return { omega, weight: new Float64Array(p).fill(1 / p), target, rho: 1 };
}
