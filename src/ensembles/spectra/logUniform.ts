/** The limit of geometric singular values: ln lambda uniform on an interval of length `spread` = 2 ln(condition number). */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";
import { composite } from "../../numerics/quadrature.ts";
import { atomicSpectrum, averageLog, checkArgument, checkRatio } from "./atoms.ts";

/**
 * With lambda in [low, low e^spread]: tail = (rank/spread) ln[(1 + 1/(x low)) / (1 + 1/(x high))], written through log1p; the
 * Shannon transform is a dilogarithm, taken by Gauss-Legendre in ln lambda, where the integrand is analytic in a strip of
 * half-width pi: panels of length 2 and 16 nodes give it to the last digit. The mean is alpha. Throws ParameterError unless
 * 0 < rank <= 1 and 0 <= spread <= 600.
 */
export function logUniformSpectrum(alpha: number, rank: number, spread: number): Spectrum {
  checkRatio("logUniform", "alpha", alpha);
  if (!(rank > 0 && rank <= 1)) throw new ParameterError(`logUniform: rank must be a number in (0, 1], got ${rank}; for example 1`);
  if (!(spread >= 0 && spread <= 600)) throw new ParameterError(`logUniform: spread must be a number in [0, 600], got ${spread}`);
  if (spread < 1e-12) return atomicSpectrum(alpha, [alpha / rank], [rank]);
  const ratio = Math.expm1(spread); // (high - low)/low
  const growth = ratio / spread; // mean over low
  const low = alpha / (rank * growth);
  const high = low * (1 + ratio);
  let rule: { readonly nodes: Vec; readonly weights: Vec } | null = null;
  const quadrature = () => {
    if (!rule) {
      const panels = Math.ceil(spread / 2);
      const even = composite(
        Array.from({ length: panels + 1 }, (_, k) => (k * spread) / panels),
        16
      );
      rule = { nodes: even.nodes.map((u) => low * Math.exp(u)), weights: even.weights.map((w) => (rank * w) / spread) };
    }
    return rule;
  };
  const tail = (x: number): number => {
    checkArgument("logUniform", x);
    return (rank * Math.log1p(ratio / (1 + x * high))) / spread;
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
    shannon(x) {
      checkArgument("logUniform", x);
      const { nodes, weights } = quadrature();
      return averageLog(nodes, weights, x);
    },
    missing(x) {
      checkArgument("logUniform", x);
      return (rank * Math.log1p((ratio * low) / (1 / x + low))) / spread;
    }
  };
}
