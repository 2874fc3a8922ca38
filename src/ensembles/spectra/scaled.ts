/** The spectrum of sqrt(factor) A: every eigenvalue times `factor`. */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum } from "../../core/types.ts";

/** Throws ParameterError unless factor is positive and finite. */
export function scaledSpectrum(spectrum: Spectrum, factor: number): Spectrum {
  if (!(factor > 0 && factor < Number.POSITIVE_INFINITY))
    throw new ParameterError(`spectrum: the factor of the eigenvalues must be a positive number, got ${factor}; for example 2`);
  if (factor === 1) return spectrum;
  const within = (x: number) => Math.min(Number.MAX_VALUE, factor * x);
  return {
    alpha: spectrum.alpha,
    rank: spectrum.rank,
    mean: factor * spectrum.mean,
    get nodes() {
      return spectrum.nodes.map((lambda) => factor * lambda);
    },
    get weights() {
      return spectrum.weights;
    },
    eta: (x) => spectrum.eta(within(x)),
    tail: (x) => spectrum.tail(within(x)),
    shannon: (x) => spectrum.shannon(within(x)),
    ...(spectrum.missing ? { missing: (x: number) => (spectrum.missing as (x: number) => number)(within(x)) } : {})
  };
}
