/**
 * Output side of the replica equations of regularised risk minimisation: averages of the proximal operator over the joint Gaussian
 * law of a teacher's preactivation and the student's field, for convex losses (Gerace et al. 2020; Loureiro et al. 2021).
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Loss } from "../../core/types.ts";
import { averageOver } from "./labelAverages.ts";

/** y = sign(z0 + sqrt(noise) xi) or z0 + sqrt(noise) xi, z0 ~ N(0, rho). */
export interface LabelLaw {
  readonly kind: "sign" | "linear";
  readonly noise: number;
}

/**
 * E z0 omega = m, E omega^2 = q, and V, what one pattern's cavity sees of the penalised inverse curvature. `gap` = rho q - m^2 and
 * `mse` = rho - 2 m + q may be given apart: near perfect learning they lose their digits when formed from m and q.
 */
export interface RiskOrder {
  readonly m: number;
  readonly q: number;
  readonly V: number;
  readonly gap?: number;
  readonly mse?: number;
}

/**
 * Per sample: VHat = E[(1 - d_omega eta)/V], qHat = E[((eta - omega)/V)^2], mHat = E[d_z0 (eta - omega)/V], the average response
 * to the teacher's field. Times the number of samples per component, the estimate minimises
 * VHat w^2/2 - (mHat w0 + sqrt(qHat) xi) w + r(w): for r = lambda w^2/2, V = 1/(lambda + VHat), m = rho mHat V, q = (rho mHat^2 + qHat) V^2.
 */
export interface RiskHats {
  readonly mHat: number;
  readonly qHat: number;
  readonly VHat: number;
}

/** rho q - m^2 >= 0. */
export const gapOf = (rho: number, o: RiskOrder): number => Math.max(0, o.gap ?? rho * o.q - o.m * o.m);
/** E (z0 - omega)^2. */
export const mseOf = (rho: number, o: RiskOrder): number => Math.max(0, o.mse ?? rho - 2 * o.m + o.q);

const PROBES = Float64Array.of(-7.3, -1, 0, 0.5, 2, 11);

/** The constant second derivative of a quadratic loss c (y - z)^2/2, or null. */
function quadratic(loss: Loss): number | null {
  const first = new Float64Array(PROBES.length);
  const second = new Float64Array(PROBES.length);
  loss.derivatives(new Float64Array(PROBES.length).fill(1), PROBES, first, second);
  const c = second[0];
  return c > 0 && second.every((s, i) => s === c && Math.abs(first[i] - c * (PROBES[i] - 1)) <= 1e-14 * c * (1 + Math.abs(PROBES[i])))
    ? c
    : null;
}

/** Throws ParameterError for a loss of signs on linear labels, a negative noise or rho. */
function check(loss: Loss, labels: LabelLaw, rho: number): void {
  if (labels.kind === "linear" && loss.labels === "signs")
    throw new ParameterError("risk: a loss of signs must see sign labels, got linear ones; for example square, absolute or huber");
  if (!(labels.noise >= 0 && Number.isFinite(labels.noise)))
    throw new ParameterError(`risk: noise must be a number >= 0, got ${labels.noise}; for example 0`);
  if (!(rho > 0 && Number.isFinite(rho))) throw new ParameterError(`risk: rho must be a positive number, got ${rho}; for example 1`);
}

/** m/sqrt(rho q - m^2 + noise q): the odds of the label, Phi(sharpness t), at omega = sqrt(q) t. Kept below 1e13. */
function sharpness(labels: LabelLaw, rho: number, o: RiskOrder): number {
  const spread = gapOf(rho, o) + labels.noise * o.q;
  if (o.m === 0) return 0;
  return Math.sign(o.m) * Math.min(1e13, Math.abs(o.m) / Math.sqrt(spread));
}

/**
 * The hats of a loss that is even (l(y, z) = l(-y, -z)) as a function of the order parameters; `order` Gauss-Legendre nodes a panel,
 * relative error about 1e-12 for V from 1e-12 to 1e12. Throws ParameterError.
 */
export function makeOutputSide(loss: Loss, labels: LabelLaw, rho: number, order = 16): (o: RiskOrder) => RiskHats {
  check(loss, labels, rho);
  const c = quadratic(loss);
  const { noise } = labels;
  if (labels.kind === "linear") {
    return (o) => {
      const variance = mseOf(rho, o) + noise;
      if (c !== null) {
        const gain = c / (1 + c * o.V);
        return { mHat: gain, qHat: gain * gain * variance, VHat: gain };
      }
      const { qHat, VHat } = averageOver(loss, 0, o.V, variance, 0, order);
      return { mHat: VHat, qHat, VHat };
    };
  }
  const response = Math.sqrt(2 / (Math.PI * (rho + noise)));
  return (o) => {
    if (c !== null) {
      const gain = c / (1 + c * o.V);
      return { mHat: gain * response, qHat: gain * gain * Math.max(0, 1 - 2 * o.m * response + o.q), VHat: gain };
    }
    const { response: pull, qHat, VHat } = averageOver(loss, 1, o.V, Math.max(0, o.q), sharpness(labels, rho, o), order);
    return { mHat: response * pull, qHat, VHat };
  };
}

/** E l(y, eta(omega, V)): the mean loss a training pattern keeps. Throws ParameterError. */
export function trainingLossAt(loss: Loss, labels: LabelLaw, rho: number, o: RiskOrder, order = 16): number {
  check(loss, labels, rho);
  return labels.kind === "linear"
    ? averageOver(loss, 0, o.V, mseOf(rho, o) + labels.noise, 0, order).kept()
    : averageOver(loss, 1, o.V, Math.max(0, o.q), sharpness(labels, rho, o), order).kept();
}

/** Chance that sign(omega) is not the label of a new pattern, its noise included: arccos(m/sqrt((rho + noise) q))/pi, 1/2 at q = 0. */
export function labelErrorAt(labels: LabelLaw, rho: number, o: RiskOrder): number {
  if (!(o.q > 0)) return 0.5;
  return Math.atan2(Math.sqrt(gapOf(rho, o) + labels.noise * o.q), o.m) / Math.PI;
}

/** E (y - omega)^2 on a new linear label, its noise included: rho - 2 m + q + noise. */
export function squaredErrorAt(labels: LabelLaw, rho: number, o: RiskOrder): number {
  return mseOf(rho, o) + labels.noise;
}
