/**
 * The input side of empirical risk minimisation, min sum_mu l(y_mu, x_mu.w/sqrt p) + (lambda/2)|w|^2, for correlated Gaussian inputs
 * (Loureiro et al. 2021, eq. 2.7; Gerace et al. 2020): only the eigenvalues of the inputs' covariance count, and how the teacher's
 * preactivation is spread over its eigenvectors.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";
import type { InputSide } from "./riskFixedPoint.ts";

/**
 * Inputs x ~ N(0, Omega) of p components beside the teacher's preactivation z0 ~ N(0, rho), b = Cov(x, z0): quadrature over the
 * eigenvalues of Omega, or all of them. Sums over nodes stand for (1/p) tr and for sums over eigenvectors.
 */
export interface Covariates {
  /** Eigenvalues of Omega, >= 0. */
  readonly omega: Vec;
  /** The share of all p of each: they sum to 1. */
  readonly weight: Vec;
  /** (b . eigenvector)^2, summed over the eigenvectors of the node: the sum of target / omega is at most rho. */
  readonly target: Vec;
  readonly rho: number;
}

/** Throws ParameterError unless the shares sum to 1 and z0 has the variance that the inputs explain, at least. */
export function checkCovariates({ omega, weight, target, rho }: Covariates): void {
  let [share, explained] = [0, 0];
  for (let k = 0; k < omega.length; k++) {
    if (!(omega[k] >= 0 && weight[k] >= 0 && target[k] >= 0 && (omega[k] > 0 || target[k] === 0)))
      throw new ParameterError(
        `covariates: eigenvalues, shares and targets must be >= 0, and no target may stand on an eigenvalue 0, got ${omega[k]}, ${weight[k]}, ${target[k]} at place ${k}`
      );
    share += weight[k];
    if (target[k] > 0) explained += target[k] / omega[k];
  }
  if (!(Math.abs(share - 1) < 1e-9)) throw new ParameterError(`covariates: the shares of the eigenvalues must sum to 1, got ${share}`);
  if (!(explained <= rho * (1 + 1e-9)))
    throw new ParameterError(`covariates: the inputs explain a variance of ${explained}, more than the teacher's rho = ${rho}`);
}

/** E z0^2 that a linear function of the inputs can explain, b.Omega^-1 b: the square of their correlation times rho. */
export function explainedVariance({ omega, target }: Covariates): number {
  let sum = 0;
  for (let k = 0; k < omega.length; k++) if (target[k] > 0) sum += target[k] / omega[k];
  return sum;
}

/** (1/p) tr Omega. */
export function meanVariance({ omega, weight }: Covariates): number {
  let sum = 0;
  for (let k = 0; k < omega.length; k++) sum += weight[k] * omega[k];
  return sum;
}

/**
 * V = <Omega/D>, m = mHat sum b^2/D, q = mHat^2 sum b^2 Omega/D^2 + qHat <Omega^2/D^2> with D = lambda + VHat Omega. With u = b^2/Omega and
 * s = Omega/D the gap rho q - m^2 is mHat^2 (rho - sum u) sum u s^2 + mHat^2 (sum u)^2 Var_u(s) + rho qHat <s^2>, no difference of large
 * terms, and so is the error E(z0 - omega)^2. Throws ParameterError unless lambda > 0.
 */
export function spectralSide(inputs: Covariates, lambda: number): InputSide {
  if (!(lambda > 0 && lambda < Number.POSITIVE_INFINITY))
    throw new ParameterError(`spectralSide: lambda must be a positive number, got ${lambda}; for example 1e-4`);
  const { omega, weight, target, rho } = inputs;
  const explained = explainedVariance(inputs);
  const unexplained = Math.max(0, rho - explained);
  return ({ mHat, qHat, VHat }) => {
    let [V, overlap, signal, noise, missed] = [0, 0, 0, 0, 0];
    for (let k = 0; k < omega.length; k++) {
      const gain = 1 / (lambda + VHat * omega[k]);
      const spread = omega[k] * gain;
      V += weight[k] * spread;
      noise += weight[k] * spread * spread;
      if (target[k] === 0) continue;
      const known = target[k] * gain;
      overlap += known;
      signal += known * spread;
      const rest = (lambda + (VHat - mHat) * omega[k]) * gain;
      missed += (target[k] / omega[k]) * rest * rest;
    }
    const mean = explained > 0 ? overlap / explained : 0;
    let variance = 0;
    for (let k = 0; k < omega.length; k++)
      if (target[k] > 0) variance += (target[k] / omega[k]) * (omega[k] / (lambda + VHat * omega[k]) - mean) ** 2;
    return {
      m: mHat * overlap,
      q: mHat * mHat * signal + qHat * noise,
      V,
      gap: mHat * mHat * (unexplained * signal + explained * variance) + rho * qHat * noise,
      mse: unexplained + missed + qHat * noise
    };
  };
}

/** kappa_1^2 and kappa_*^2 of an activation. */
export interface FeatureShares {
  readonly linear: number;
  readonly rest: number;
}

/**
 * Random features sigma(F^T c/sqrt d) of latent c in their Gaussian equivalent: Omega = kappa_1^2 F^T F/d + kappa_*^2, and a teacher on c of
 * variance `rho`, averaged over its direction: target = rho kappa_1^2 s/d for each eigenvalue s of F^T F/d. `spectrum` is the law of
 * those p eigenvalues times d/p (A^T A with A = F/sqrt p), width = p/d.
 */
export function featureCovariates({ linear, rest }: FeatureShares, width: number, spectrum: Spectrum, rho = 1): Covariates {
  const { nodes, weights, rank } = spectrum;
  const count = nodes.length + (rank < 1 ? 1 : 0);
  const [omega, weight, target] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let k = 0; k < nodes.length; k++) {
    const s = width * nodes[k];
    omega[k] = linear * s + rest;
    weight[k] = weights[k];
    target[k] = rho * linear * width * weights[k] * s;
  }
  if (rank < 1) {
    omega[count - 1] = rest;
    weight[count - 1] = 1 - rank;
  }
  return { omega, weight, target, rho };
}
