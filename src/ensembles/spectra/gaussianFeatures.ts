/**
 * Random features in their Gaussian equivalent: A = (a C F/sqrt(d) + b N)/sqrt(cols), C rows x d, F d x cols and N standard
 * Gaussian, a^2 + b^2 = 1 (theory.md, section 6; Pennington and Worah 2017, Goldt et al. 2022). Given F the rows have covariance
 * S = a^2 F^T F/d + b^2, so that with eta_S(y) = E_S 1/(1 + y sigma), in closed form from Marchenko-Pastur, t = 1 - eta(x) obeys
 *   t = 1 - eta_S(y),  x = y/(alpha - t)   (Silverstein and Bai 1995).
 * Everything is rational in u = 1 - e, e the eta of Marchenko-Pastur at (a^2/delta) y/(1 + y b^2), delta = d/cols:
 *   lambda = -1/x = -R [(alpha - 1) a^2 f + R]/(a^2 delta f u),  f = delta - u,  R = a^2 (1 - u) f - delta b^2 u,  t = 1 - R/(a^2 f).
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { checkArgument, checkRatio } from "./atoms.ts";
import { featureRule } from "./featureDensity.ts";
import { gaussianProductSpectrum } from "./gaussianProduct.ts";
import { marchenkoPastur, marchenkoPasturShannon, marchenkoPasturTail } from "./marchenkoPastur.ts";

/** `linear` is a^2 in [0, 1], the share of the variance that is linear; delta = d/cols. Throws ParameterError out of range. */
export function gaussianFeatureSpectrum(alpha: number, delta: number, linear: number): Spectrum {
  checkRatio("gaussianFeatures", "alpha", alpha);
  checkRatio("gaussianFeatures", "delta", delta);
  if (!(linear >= 0 && linear <= 1))
    throw new ParameterError(`gaussianFeatures: the linear share must be a number in [0, 1], got ${linear}; for example 0.5`);
  const a2 = linear;
  const b2 = 1 - linear;
  // below the rounding of the other part neither changes a digit of the density
  if (a2 < 1e-14) return marchenkoPastur(alpha);
  if (b2 < 1e-14) return gaussianProductSpectrum([delta, alpha]);
  const rank = Math.min(1, alpha);

  /** y at x, from y/x = alpha - t(y) = alpha - 1 + eta_S(y): the left side grows, the right one falls. */
  const yOf = (x: number): number => {
    const miss = (logY: number) => {
      const y = Math.exp(logY);
      const { t, eta } = population(y, a2, b2, delta);
      const left = y / (alpha * x);
      const right = t < 0.5 ? 1 - t / alpha : (alpha - 1 + eta) / alpha;
      return left - right;
    };
    const top = Math.log(alpha) + Math.log(x); // t >= 0
    let low = top - 1;
    while (miss(low) > 0 && low > -740) low -= Math.max(1, 0.5 * (top - low));
    return Math.exp(brentRoot(miss, low, top + 1e-9 + 1e-14 * Math.abs(top)).x);
  };
  const tail = (x: number): number => {
    checkArgument("gaussianFeatures", x);
    if (alpha * x < 1e-290) return rank;
    const y = yOf(x);
    return alpha < 1 ? y / x : population(y, a2, b2, delta).eta; // for alpha < 1, alpha - t = y/x is the tail itself
  };
  let rule: { readonly nodes: Vec; readonly weights: Vec } | null = null;
  const quadrature = () => {
    rule ??= featureRule(alpha, delta, a2, b2);
    return rule;
  };
  return {
    alpha,
    rank,
    mean: alpha,
    get nodes() {
      return quadrature().nodes;
    },
    get weights() {
      return quadrature().weights;
    },
    eta: (x) => 1 - rank + tail(x),
    tail,
    missing(x) {
      checkArgument("gaussianFeatures", x);
      return alpha * x < 1e-290 ? alpha * x : population(yOf(x), a2, b2, delta).t;
    },
    /** V = int t d ln x = V_S(y) + [-alpha ln(1 - t/alpha) - t], 1 - t/alpha = y/(alpha x). */
    shannon(x) {
      checkArgument("gaussianFeatures", x);
      if (alpha * x < 1e-290) return alpha * x;
      const y = yOf(x);
      const { t, noise, argument } = population(y, a2, b2, delta);
      const left = y / (alpha * x);
      const rows = (left < 0.5 ? -alpha * Math.log(left) : -alpha * Math.log1p(-Math.min(1, t / alpha))) - t;
      return Math.log1p(noise) + marchenkoPasturShannon(delta, argument) + rows;
    }
  };
}

/** eta_S(y) and t = 1 - eta_S(y), each without cancellation; `noise` = y b^2, `argument` = a^2 y/(delta (1 + y b^2)). */
function population(y: number, a2: number, b2: number, delta: number) {
  const noise = y * b2;
  const argument = (a2 * y) / (1 + noise) / delta;
  const e = (delta < 1 ? 1 - delta : 0) + marchenkoPasturTail(delta, argument);
  const missing = (delta * argument * e) / (1 + argument * e); // 1 - e
  return { eta: e / (1 + noise), t: (noise + missing) / (1 + noise), noise, argument };
}
