/**
 * The LASSO and the elastic net on a Gauss-Bernoulli signal (1 - rho) delta_0 + rho N(0, 1): input side of the replica equations in
 * closed form, and the LASSO itself by calibration, threshold for penalty (Bayati and Montanari 2012).
 */
import { outcome } from "../../core/outcome.ts";
import { make } from "../../core/parameters.ts";
import type { Outcome } from "../../core/types.ts";
import { square } from "../../losses/index.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { mills, normalCdf, normalPdf } from "../../numerics/special/index.ts";
import { makeOutputSide } from "./outputSide.ts";
import { type InputSide, riskFixedPoint } from "./riskFixedPoint.ts";

/** Soft thresholding at theta of s w0 + sigma xi. */
interface Thresholded {
  /** E w0 w and E w^2. */
  readonly m: number;
  readonly q: number;
  /** E (w0 - w)^2, summed without cancellation. */
  readonly mse: number;
  /** P(w != 0). */
  readonly share: number;
}

/** E S(B)^2/sd^2 for B ~ N(0, sd^2), x = theta/sd: 2[(1 + x^2) Q(x) - x phi(x)]. */
const squared = (x: number): number => Math.max(0, 2 * normalPdf(x) * ((1 + x * x) * mills(x) - x));
/** E (S(B) - B)^2/sd^2 = 2 x^2 Q(x) + P(|B| < theta) variance: what the threshold takes away. */
function taken(x: number): number {
  // int_{-x}^{x} t^2 phi, by its series where x phi(x) cancels against it
  const inner = x < 0.1 ? 2 * normalPdf(0) * x ** 3 * (1 / 3 - (x * x) / 10 + x ** 4 / 56) : 1 - 2 * normalCdf(-x) - 2 * x * normalPdf(x);
  return 2 * x * x * normalCdf(-x) + inner;
}

/** rho in [0, 1], s, theta >= 0, sigma >= 0. */
export function softThreshold(rho: number, s: number, sigma: number, theta: number): Thresholded {
  const sd = Math.hypot(s, sigma);
  const x = sd > 0 ? theta / sd : Number.POSITIVE_INFINITY;
  const zero = sigma > 0 ? theta / sigma : Number.POSITIVE_INFINITY;
  const P = Number.isFinite(x) ? 2 * normalCdf(-x) : 0;
  const P0 = Number.isFinite(zero) ? 2 * normalCdf(-zero) : 0;
  const q0 = Number.isFinite(zero) ? sigma * sigma * squared(zero) : 0;
  const short = 1 - s;
  const bias = Number.isFinite(x) ? sd * sd * taken(x) : sd * sd;
  // w0 - w = (1 - s) w0 - sigma xi - (S(B) - B)
  const error = short * short + sigma * sigma + 2 * (short * s - sigma * sigma) * (1 - P) + bias;
  return {
    m: rho * s * P,
    q: rho * (Number.isFinite(x) ? sd * sd * squared(x) : 0) + (1 - rho) * q0,
    mse: rho * Math.max(0, error) + (1 - rho) * q0,
    share: rho * P + (1 - rho) * P0
  };
}

/** argmin VHat w^2/2 - b w + l1 |w| + ridge w^2/2: soft thresholding divided by VHat + ridge. */
export function elasticSide(rho: number, l1: number, ridge: number): InputSide {
  return ({ mHat, qHat, VHat }) => {
    const a = VHat + ridge;
    const { m, q, mse, share } = softThreshold(rho, mHat / a, Math.sqrt(qHat) / a, l1 / a);
    return { m, q, V: share / a, mse };
  };
}

export interface LassoSolution {
  readonly mse: number;
  readonly m: number;
  readonly q: number;
  /** Share of nonzero components. */
  readonly share: number;
  /** V = share/(alpha - share). */
  readonly V: number;
  /** Standard deviation of the effective noise, sigma^2 = (mse + noise)/alpha, and the threshold in units of it. */
  readonly sigma: number;
  readonly tau: number;
  /** Mean of (y - z)^2/2 over the training samples. */
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

/**
 * min |y - A w|^2/2 + lambda |w|_1, A ~ N(0, 1/p), alpha = n/p: with sigma^2 = (mse + noise)/alpha, theta = tau sigma and
 * lambda = theta (alpha - share), lambda increases with tau from where share = alpha (basis pursuit). lambda > 0, noise >= 0, rho in (0, 1].
 */
export function lassoSolution(rho: number, alpha: number, noise: number, lambda: number): LassoSolution {
  const at = (tau: number) => {
    const sigma = effectiveNoise(rho, alpha, noise, tau);
    const found = softThreshold(rho, 1, sigma, tau * sigma);
    return { ...found, sigma, penalty: tau * sigma * (alpha - found.share) };
  };
  // ln of the penalty over lambda, -infinity where no penalty is positive
  const excess = (logTau: number) => {
    const { penalty, sigma } = at(Math.exp(logTau));
    return penalty > 0 && sigma > 0 ? Math.max(-700, Math.log(penalty / lambda)) : -700;
  };
  let low = -30;
  let high = 0;
  while (excess(high) < 0 && high < 200) high += 1;
  // shrink to where the penalty is positive, for Brent to see a slope
  for (let k = 0; k < 200 && excess(low) <= -700; k++) {
    const mid = (low + high) / 2;
    if (excess(mid) <= -700) low = mid;
    else if (excess(mid) < 0) {
      low = mid;
      break;
    } else high = mid;
    if (high - low < 1e-15 * Math.max(1, Math.abs(high))) break;
  }
  const root = brentRoot(excess, low, high, { tolerance: 1e-15 });
  const tau = Math.exp(root.x);
  const { m, q, mse, share, sigma } = at(tau);
  if (Math.abs(root.value) > CALIBRATED && sigma > 0 && share < alpha) {
    const polished = fromEquations(rho, alpha, noise, lambda, mse, share / (alpha - share));
    if (polished) return polished;
  }
  const a = lambda / (tau * sigma); // alpha - share, with its digits
  return {
    mse,
    m,
    q,
    share,
    V: share / a,
    sigma,
    tau,
    trainingLoss: (a * a * sigma * sigma) / (2 * alpha),
    outcome:
      Math.abs(root.value) < 1e-6
        ? outcome("converged", Math.abs(root.value), root.outcome.iterations)
        : outcome("horizon", Math.min(1, Math.abs(root.value)), root.outcome.iterations, {
            advice: "the penalty is too small to be told from basis pursuit in double precision: raise lambda"
          })
  };
}

/** Relative error of the penalty that is left where nearby thresholds cannot be told apart (no noise, lambda -> 0 above the L1 line). */
const CALIBRATED = 1e-9;

/** The replica equations at lambda itself, from an approximate solution; null where they do not converge. */
function fromEquations(rho: number, alpha: number, noise: number, lambda: number, mse: number, V: number): LassoSolution | null {
  const gain = 1 / (1 + V);
  const output = makeOutputSide(make(square), { kind: "linear", noise }, rho);
  const start = { mHat: gain, qHat: gain * gain * (mse + noise), VHat: gain };
  const { order, hats, outcome: end } = riskFixedPoint(output, elasticSide(rho, lambda, 0), alpha, { start });
  if (end.kind !== "converged") return null;
  const sigma = Math.sqrt(hats.qHat / alpha) / hats.VHat;
  return {
    mse: order.mse ?? 0,
    m: order.m,
    q: order.q,
    share: order.V * alpha * hats.VHat,
    V: order.V,
    sigma,
    tau: lambda / (alpha * hats.VHat * sigma),
    trainingLoss: hats.qHat / 2,
    outcome: end
  };
}

/** The root of sigma^2 = (mse(sigma, tau sigma) + noise)/alpha, concave in sigma^2: 0 where only that is one; +infinity is cut at 1e60. */
function effectiveNoise(rho: number, alpha: number, noise: number, tau: number): number {
  const ratio = (logSigma: number) => {
    const sigma = Math.exp(logSigma);
    // far on the right the error is 0 to rounding, and a logarithm of 0 would end the search
    return Math.max(-700, Math.log((softThreshold(rho, 1, sigma, tau * sigma).mse + noise) / (alpha * sigma * sigma)));
  };
  const [low, high] = [-60, 70];
  if (ratio(low) <= 0) return 0;
  if (ratio(high) >= 0) return Math.exp(high);
  return Math.exp(brentRoot(ratio, low, high).x);
}
