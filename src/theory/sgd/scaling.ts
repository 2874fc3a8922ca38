/**
 * Width against learning rate in online SGD: p = p0 d^kappa students, prediction averaged with 1/p, rate gamma = gamma0 d^-delta,
 * a teacher of k units averaged with 1/k, label noise of variance Delta (Veiga, Stephan, Loureiro, Krzakala and Zdeborova,
 * NeurIPS 2022, arXiv 2202.00293: the increments and the theorem on the four regions). One step moves
 *   dq_jl = gamma/(p d) (E_j lambda_l + E_l lambda_j) + gamma^2/(p^2 d) E_j E_l,   dm_jr = gamma/(p d) E_j lambda*_r,
 * with E_j = g'(lambda_j) (phi* - phi + sqrt(Delta) zeta): in tau = steps dt, dt = max(d^-(1+theta), d^-(1+2 theta)) with
 * theta = kappa + delta, learning weighs gamma0/p0 d^-(1+theta)/dt and noise (gamma0/p0)^2 d^-(1+2 theta)/dt.
 * Here d is the size N of the inputs and the equations are those of sgdOde.ts with v = 1/p and v* = 1/k.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Overlaps } from "../../core/types.ts";
import type { OdeOptions } from "../../numerics/ode.ts";
import type { SgdActivation } from "./gaussianIntegrals.ts";
import { type SgdModel, sgdOde } from "./sgdOde.ts";

/** theta > 0, theta = 0, -1/2 < theta < 0, theta <= -1/2. */
export type ScalingRegion = "perfect-learning" | "plateau" | "noise-dominated" | "no-ode";

export interface ScalingSetting {
  /** d >= 2. */
  readonly dimension: number;
  /** kappa >= 0. */
  readonly width: number;
  /** delta, of either sign. */
  readonly rate: number;
  /** p0: students at d = 1; k by default. */
  readonly widthFactor?: number;
  /** gamma0; 1 by default. */
  readonly rateFactor?: number;
  /** k. */
  readonly teacherUnits: number;
  /** Delta, the variance of the label noise. */
  readonly noise: number;
  /** erf by default. */
  readonly activation?: SgdActivation;
}

export interface ScalingRegime {
  readonly region: ScalingRegion;
  /** theta = kappa + delta. */
  readonly exponent: number;
  /** p = round(p0 d^kappa), at least 1. */
  readonly units: number;
  /** gamma = gamma0 d^-delta. */
  readonly learningRate: number;
  /** dt: tau gained by a step; also where there is no limit. */
  readonly timeStep: number;
  /** Samples per unit of tau, 1/dt = d^(1 + theta) or d^(1 + 2 theta). */
  readonly samples: number;
  /** Weights of the learning and the noise term in d/dtau at this d ... */
  readonly learning: number;
  readonly spread: number;
  /** ... and as d -> infinity, at fixed p0 and gamma0; null where there is no limit. */
  readonly limit: { readonly learning: number; readonly spread: number } | null;
  /**
   * Delta gamma/(p 2 pi sqrt 3): to leading order in gamma/p, the error (its half convention) at which specialised students
   * of as many units as the teacher end (erf); 0 without noise.
   */
  readonly excessRisk: number;
}

function check(s: ScalingSetting): void {
  const need = (name: string, ok: boolean, range: string, x: number, example: number) => {
    if (!ok) throw new ParameterError(`sgd-scaling: ${name} must be ${range}, got ${x}; for example ${example}`);
  };
  const { widthFactor = 1, rateFactor = 1 } = s;
  need("dimension", s.dimension >= 2 && s.dimension <= 1e12, "a number in [2, 1e12]", s.dimension, 1000);
  need("width exponent", s.width >= 0 && s.width <= 2, "a number in [0, 2]", s.width, 0.25);
  need("rate exponent", Math.abs(s.rate) <= 4, "a number in [-4, 4]", s.rate, 0);
  need("width factor", widthFactor > 0 && widthFactor < 1e6, "a positive number", widthFactor, 4);
  need("rate factor", rateFactor > 0 && rateFactor < 1e6, "a positive number", rateFactor, 1);
  need("teacherUnits", Number.isInteger(s.teacherUnits) && s.teacherUnits >= 1, "a positive integer", s.teacherUnits, 4);
  need("noise", s.noise >= 0 && s.noise < 1e6, "a number >= 0", s.noise, 1e-3);
}

/** The region of an exponent theta = kappa + delta. */
export function scalingRegionOf(theta: number): ScalingRegion {
  if (Math.abs(theta) < 1e-12) return "plateau";
  return theta > 0 ? "perfect-learning" : theta > -0.5 ? "noise-dominated" : "no-ode";
}

/** Region, time scale, weights of the two terms, samples needed and leading risk of a setting. Throws ParameterError. */
export function scalingRegime(setting: ScalingSetting): ScalingRegime {
  check(setting);
  const { dimension: d, width, rate, widthFactor = setting.teacherUnits, rateFactor = 1, noise } = setting;
  const exponent = width + rate;
  const region = scalingRegionOf(exponent);
  const theta = region === "plateau" ? 0 : exponent;
  const units = Math.max(1, Math.round(widthFactor * d ** width));
  const learningRate = rateFactor * d ** -rate;
  const timeStep = Math.max(d ** -(1 + theta), d ** -(1 + 2 * theta));
  // at this d with the width it really has, so that equations and simulation agree although p is an integer
  const ratio = learningRate / units;
  const asymptotic = rateFactor / widthFactor;
  const limit = {
    "perfect-learning": { learning: asymptotic, spread: 0 },
    plateau: { learning: asymptotic, spread: asymptotic * asymptotic },
    "noise-dominated": { learning: 0, spread: asymptotic * asymptotic },
    "no-ode": null
  }[region];
  return {
    region,
    exponent,
    units,
    learningRate,
    timeStep,
    samples: 1 / timeStep,
    learning: ratio / (d * timeStep),
    spread: (ratio * ratio) / (d * timeStep),
    limit,
    excessRisk: (noise * ratio) / (2 * Math.PI * Math.sqrt(3))
  };
}

/**
 * The equations in tau for a start whose second layers are 1/K and 1/k: with the weights of this d (`finite`, where only the
 * fluctuations of relative order d^-1/2 are left out) or of the limit. The start may have fewer units K than the p of the
 * setting: the K then stand for all p, each weighing 1/K in the prediction at the same gamma/p, exact as far as the average over
 * units is (K = p: exactly). Throws ParameterError in the region without a limit for `limit`, and for second layers that differ.
 */
export function scalingOde(
  setting: ScalingSetting,
  which: "finite" | "limit",
  start: Overlaps,
  times: readonly number[],
  options: OdeOptions = {}
): Generator<{ readonly t: number; readonly overlaps: Overlaps }, Outcome> {
  const model = scalingModel(setting, which, start);
  return sgdOde(model, start, times, options);
}

/** The model whose `sgdOde` is `scalingOde`, its time tau. */
export function scalingModel(setting: ScalingSetting, which: "finite" | "limit", start: Overlaps): SgdModel {
  const regime = scalingRegime(setting);
  const weights = which === "limit" ? regime.limit : regime;
  if (!weights)
    throw new ParameterError(
      `sgd-scaling: width + rate exponents must be > -0.5 for the limit to exist, got ${regime.exponent}; for example a rate exponent of ${-setting.width}`
    );
  const K = start.v.length;
  const M = start.vTeacher.length;
  if (start.v.some((x) => Math.abs(x * K - 1) > 1e-12) || start.vTeacher.some((x) => Math.abs(x * M - 1) > 1e-12))
    throw new ParameterError(
      `sgd-scaling: second layers must be 1/K and 1/k, got v = ${start.v[0]} for K = ${K} and ${start.vTeacher[0]} for k = ${M}`
    );
  // sgdOde multiplies by v = 1/K once in the learning term and twice in the noise term
  return {
    activation: setting.activation ?? "erf",
    learningRate: weights.learning * K,
    secondOrder: weights.spread * K * K,
    noise: setting.noise
  };
}
