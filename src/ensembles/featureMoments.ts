/** How linear a function is under the standard Gaussian: kappa_0 = E phi, kappa_1 = E z phi(z), kappa_*^2 = Var phi - kappa_1^2. */
import { ParameterError } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { gaussianMeasure } from "../numerics/quadrature.ts";

/** `mean` and `deviation` are rounded to 2^-40 relative: instances are made with them, and the host's exp may differ in the last place. */
export interface FeatureMoments {
  readonly mean: number;
  readonly deviation: number;
  /** kappa_1^2 / variance in [0, 1]. */
  readonly linear: number;
}

/** Panels end at the kinks of a piecewise-linear activation and shrink toward zero for smooth ones. Throws ParameterError for a complex or a constant activation. */
export function featureMoments(id: string, activation: Activation): FeatureMoments {
  if (activation.scalar !== "real" || activation.outputScalar !== "real")
    throw new ParameterError(`random-features: activation must be real, got ${id}; for example relu`);
  const kinks = (activation.segments ?? []).flatMap((s) => (Number.isFinite(s.to) && Math.abs(s.to) < 37 ? [s.to] : []));
  const features = kinks.length > 0 ? kinks.map((centre) => ({ centre, width: 1 })) : [{ centre: 0, width: 1e-3 }];
  const { nodes, weights } = gaussianMeasure(features);
  const phi = new Float64Array(nodes.length);
  activation.apply(nodes, phi);
  let mean = 0;
  for (let k = 0; k < nodes.length; k++) mean += weights[k] * phi[k];
  let variance = 0;
  let slope = 0;
  for (let k = 0; k < nodes.length; k++) {
    variance += weights[k] * (phi[k] - mean) ** 2;
    slope += weights[k] * nodes[k] * phi[k];
  }
  if (!(variance > 1e-200 && variance < Number.POSITIVE_INFINITY))
    throw new ParameterError(`random-features: activation must vary under a standard Gaussian input, got ${id} of variance ${variance}`);
  const deviation = Number(Math.sqrt(variance).toPrecision(12));
  return {
    mean: (Math.round((mean / deviation) * 2 ** 40) / 2 ** 40) * deviation,
    deviation,
    linear: Math.min(1, (slope * slope) / variance)
  };
}
