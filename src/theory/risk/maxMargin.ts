/**
 * The max-margin classifier of separable noisy sign labels (Gardner's kappa with a teacher; Montanari et al. 2019): the largest
 * kappa with y x.w >= kappa for all alpha p patterns and |w|^2 = p, from alpha E (kappa - c u - sqrt(1 - c^2) Z)_+^2 = 1 - c^2
 * at the overlap c of largest kappa, where u = y z0/sqrt(rho) has density 2 phi(u) Phi(u sqrt(rho/noise)).
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { brentMinimum, brentRoot } from "../../numerics/roots.ts";
import { mills, normalCdf, normalPdf } from "../../numerics/special/index.ts";

export interface MaxMargin {
  /** Of a classifier of norm |w|^2 = p, > 0. */
  readonly margin: number;
  /** Overlap with the teacher, each of unit norm. */
  readonly overlap: number;
  /** Angle between them, which keeps its digits as the overlap goes to 1. */
  readonly angle: number;
  readonly outcome: Outcome;
}

/** alpha below separability (see separabilityThreshold; there is no positive margin above it: `diverged`). `noise` in units of rho. */
export function maxMargin(alpha: number, noise: number): MaxMargin {
  const slope = noise > 0 ? 1 / Math.sqrt(noise) : Number.POSITIVE_INFINITY;
  /** Averages at margin kappa, angle psi: E (.)_+^2, E u (.)_+ and P(. > 0). */
  const averages = (kappa: number, psi: number, order = 16): readonly [number, number, number] => {
    const [c, s] = [Math.cos(psi), Math.sin(psi)];
    const kink = Math.abs(c) > 1e-8 ? [{ centre: kappa / c, width: Math.max(1e-12, s / Math.abs(c)) }] : [];
    const odds = noise > 0 ? [{ centre: 0, width: Math.max(1e-12, Math.min(1.5, 1 / slope)) }] : [];
    const features = [{ centre: 0, width: 1.5 }, ...kink.filter((f) => Math.abs(f.centre) < 12), ...odds];
    const { nodes, weights } = composite(gradedBreaks(noise > 0 ? -12 : 0, 12, features), order);
    let [square, pull, share] = [0, 0, 0];
    for (let k = 0; k < nodes.length; k++) {
      const u = nodes[k];
      const w = 2 * weights[k] * normalPdf(u) * (noise > 0 ? normalCdf(slope * u) : 1);
      const x = (kappa - c * u) / s;
      const P = normalCdf(x);
      // far on the left (1 + x^2) Phi(x) + x phi(x) cancels: tails as multiples of phi
      const first = x < -1 ? normalPdf(x) * (1 + x * mills(-x)) : x * P + normalPdf(x);
      const second = x < -1 ? normalPdf(x) * ((1 + x * x) * mills(-x) + x) : (1 + x * x) * P + x * normalPdf(x);
      square += w * s * s * second;
      pull += w * u * s * first;
      share += w * P;
    }
    return [square, pull, share];
  };
  /** The margin that is just reached at this angle; null where none is positive. */
  const marginAt = (psi: number, order?: number): number | null => {
    const excess = (kappa: number) => Math.log((alpha * averages(kappa, psi, order)[0]) / Math.sin(psi) ** 2);
    if (excess(0) >= 0) return null;
    let high = Math.sin(psi);
    while (excess(high) < 0) high *= 2;
    return brentRoot(excess, 0, high, order ? { tolerance: 1e-4 * Math.sin(psi) } : {}).x;
  };
  /** Sign of -d kappa/d psi along that line. */
  const stationarity = (logPsi: number): number => {
    const psi = Math.exp(logPsi);
    const kappa = marginAt(psi) ?? 0;
    const [, pull, share] = averages(kappa, psi);
    return alpha * (pull + Math.cos(psi) * share) - Math.cos(psi);
  };
  // a coarse look first: the angle shrinks as 1/alpha, and feasible angles form an interval around the best
  let best = Number.NaN;
  let widest = 0;
  for (let x = Math.log(Math.PI / 2) - 1e-9; x > Math.log(0.1 / (1 + alpha)); x -= 0.5) {
    const margin = marginAt(Math.exp(x), 5) ?? 0;
    if (margin > widest) {
      widest = margin;
      best = x;
    }
  }
  if (!(widest > 0)) {
    // just below the threshold the interval is short: it surrounds the angle that is closest to separating
    const closest = brentMinimum(
      (x) => averages(0, Math.exp(x))[0] / Math.sin(Math.exp(x)) ** 2,
      Math.log(0.1 / (1 + alpha)),
      Math.log(Math.PI / 2)
    );
    if (marginAt(Math.exp(closest.x)) !== null) {
      widest = 1;
      best = closest.x;
    }
  }
  if (!(widest > 0))
    return {
      margin: 0,
      overlap: 0,
      angle: Math.PI / 2,
      outcome: outcome("diverged", 1, 0, { advice: "the data are not separable: no positive margin exists" })
    };
  const root = brentRoot(stationarity, best - 0.5, Math.min(best + 0.5, Math.log(Math.PI / 2)));
  const angle = Math.exp(root.x);
  return {
    margin: marginAt(angle) ?? 0,
    overlap: Math.cos(angle),
    angle,
    outcome: outcome("converged", root.outcome.residual, root.outcome.iterations)
  };
}
