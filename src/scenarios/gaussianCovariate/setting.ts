/** Parameters of `gaussian-covariate`, and the covariances of its models. */
import { ParameterError } from "../../core/parameters.ts";
import type { Values } from "../../core/types.ts";
import { marchenkoPastur } from "../../ensembles/spectra/index.ts";
import { type Covariates, featureCovariates } from "../../theory/risk/index.ts";
import { solverParams, studentParams } from "../family/riskStudent.ts";
import { ACTIVATIONS, featureConstants } from "../randomFeatures/features.ts";
import { type DataSet, dataLaw, readData } from "./data.ts";

export const ID = "gaussian-covariate";

export const params = {
  alpha: {
    kind: "real",
    default: 2,
    min: 0.001,
    max: 100,
    scale: "log",
    symbol: "α",
    about: "number of samples over number of features, n/p"
  },
  model: {
    kind: "choice",
    default: "power-law",
    options: ["isotropic", "power-law", "random-features"],
    symbol: "Ω",
    about: "covariances of the student's features and of the teacher, where no data is given"
  },
  decay: {
    kind: "real",
    default: 1.5,
    min: 0,
    max: 4,
    symbol: "a",
    about: "power-law: eigenvalue k of the features' covariance falls as k^-a (the capacity exponent)"
  },
  source: {
    kind: "real",
    default: 0.5,
    min: 0,
    max: 4,
    symbol: "r",
    about: "power-law: the teacher's variance along eigenvector k falls as k^-(1 + 2 a r) (the source exponent)"
  },
  visible: {
    kind: "real",
    default: 1,
    min: 0,
    max: 1,
    symbol: "γ",
    about: "isotropic, power-law: share of the teacher's variance that is a linear function of the student's features"
  },
  activation: {
    kind: "choice",
    default: "erf",
    options: ACTIVATIONS,
    symbol: "σ",
    about: "random-features: the function whose κ₁ and κ⋆ make the covariances, erf(z), sign, max(z, 0) or tanh"
  },
  latentRatio: {
    kind: "real",
    default: 0.5,
    min: 0.01,
    max: 100,
    scale: "log",
    symbol: "d/p",
    about: "random-features: latent dimension, where the teacher lives, over number of features"
  },
  data: {
    kind: "file",
    default: "",
    symbol: "X, y",
    accepts:
      "a matrix X of features, samples in rows, and labels y of two classes or the digits 0 to 9 (as a second array or as the last column)",
    about:
      "real features and labels that replace the model: their covariances make the theory, their rows the runs; size is their number of columns"
  },
  ...studentParams,
  size: {
    kind: "integer",
    default: 200,
    min: 2,
    max: 5000,
    symbol: "p",
    about: "number of features (with data: not used, it is their number); a power law ends at k = p"
  },
  ...solverParams
} as const;
export type P = Values<typeof params>;

export interface Law {
  readonly inputs: Covariates;
  /** n/p at which n samples determine the weights. */
  readonly rank: number;
  readonly clipped: boolean;
  readonly data: DataSet | null;
}

const remembered = new Map<string, Law>();

/** Throws ParameterError for data of the wrong form, or with noise. */
export function lawOf(p: P): Law {
  if (p.data !== "" && p.noise > 0)
    throw new ParameterError(`${ID}: noise must be 0 with data, whose labels are what they are, got ${p.noise}`);
  const key = JSON.stringify(
    p.data !== "" ? [p.data, p.labels] : [p.model, p.size, p.decay, p.source, p.visible, p.activation, p.latentRatio]
  );
  let found = remembered.get(key);
  if (!found) {
    found = p.data !== "" ? lawOfData(p) : { inputs: covariatesOf(p), rank: 1, clipped: false, data: null };
    if (remembered.size >= 32) remembered.clear();
    remembered.set(key, found);
  }
  return found;
}

function lawOfData(p: P): Law {
  const data = readData(p.data, ID);
  return { ...dataLaw(data, p.labels), data };
}

function covariatesOf(p: P): Covariates {
  switch (p.model) {
    case "isotropic":
      return { omega: Float64Array.of(1), weight: Float64Array.of(1), target: Float64Array.of(p.visible), rho: 1 };
    case "power-law":
      return powerLaw(p);
    case "random-features": {
      const { kappa1, rest } = featureConstants(p.activation);
      return featureCovariates({ linear: kappa1 * kappa1, rest }, 1 / p.latentRatio, marchenkoPastur(p.latentRatio, 96));
    }
  }
}

/** omega_k ~ k^-a of mean 1, b_k^2/omega_k ~ k^-(1 + 2 a r) of sum `visible`. */
function powerLaw({ size, decay, source, visible }: P): Covariates {
  const omega = Float64Array.from({ length: size }, (_, k) => (k + 1) ** -decay);
  const share = Float64Array.from({ length: size }, (_, k) => (k + 1) ** -(1 + 2 * decay * source));
  const sum = (v: Float64Array) => v.reduce((s, x) => s + x, 0);
  const [trace, total] = [sum(omega), sum(share)];
  for (let k = 0; k < size; k++) omega[k] *= size / trace;
  return {
    omega,
    weight: new Float64Array(size).fill(1 / size),
    target: omega.map((w, k) => (w * visible * share[k]) / total),
    rho: 1
  };
}
