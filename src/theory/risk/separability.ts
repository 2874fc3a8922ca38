/**
 * Where labels y = sign(z0 + noise) on n Gaussian inputs of p components can be separated by a hyperplane through the origin, so that
 * no maximum-likelihood estimate exists (Candes and Sur 2020; Montanari et al. 2019): iff p/n > min_t E (t y z1 - Z)_+^2, where z1 is the best
 * linear predictor, of correlation r with z0 + noise.
 *
 * t y z1 - Z is sqrt(1 + t^2) times a normal u whose sign is flipped with that of a normal of correlation t r/sqrt(1 + t^2): with
 * t = -tan phi and d = r sin phi, E (.)_+^2 = [1/2 - (arcsin d + d sqrt(1 - d^2))/pi]/cos^2 phi.
 */
import { ParameterError } from "../../core/parameters.ts";
import { brentMinimum } from "../../numerics/roots.ts";

/** 1/2 - (arcsin d + d sqrt(1 - d^2))/pi from a = arccos d, without cancellation as d -> 1: (2a - sin 2a)/(2 pi). */
function flipped(a: number): number {
  const x = 2 * a;
  // the series of x - sin x
  if (x < 0.3) {
    let term = (x * x * x) / 6;
    let sum = term;
    for (let k = 5; k < 21; k += 2) {
      term *= -(x * x) / ((k - 1) * k);
      sum += term;
    }
    return sum / (2 * Math.PI);
  }
  return (x - Math.sin(x)) / (2 * Math.PI);
}

/** The largest p/n at which the data can NOT be separated, in [0, 1/2]; `correlation` r in [0, 1]. */
export function inseparableRatio(correlation: number): number {
  const r = correlation;
  if (!(r >= 0 && r <= 1 + 1e-12))
    throw new ParameterError(`separability: the correlation must be a number in [0, 1], got ${correlation}; for example 0.8`);
  if (r >= 1) return 0;
  // the ratio at psi = pi/2 - phi: d = r cos psi, arccos d = 2 arcsin(sqrt((1 - d)/2)), 1 - d = (1 - r) + 2 r sin^2(psi/2)
  const ratio = (logPsi: number): number => {
    const psi = Math.exp(logPsi);
    const half = Math.sin(psi / 2);
    const a = 2 * Math.asin(Math.sqrt((1 - r + 2 * r * half * half) / 2));
    return flipped(a) / Math.sin(psi) ** 2;
  };
  const { value } = brentMinimum(ratio, Math.log(Math.sqrt(1 - r)) - 4, Math.log(Math.PI / 2));
  return Math.min(value, 0.5);
}

/** n/p below which noisy signs of a preactivation of variance rho, of which the inputs explain `explained`, can be separated: 2 when they explain nothing, +infinity when all. */
export function separabilityThreshold(explained: number, rho: number, noise: number): number {
  return 1 / inseparableRatio(Math.sqrt(Math.min(1, explained / (rho + noise))));
}
