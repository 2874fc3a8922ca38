/** Observables shared by the family. */
import type { Observable } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { normalCdf, normalPdf } from "../../numerics/special/index.ts";

export const overlap: Observable = {
  symbol: "m/ρ",
  about: "overlap of estimate and truth, E x0 xhat / rho; q/rho in the Bayes-optimal theory",
  range: [-1, 1]
};
export const mse: Observable = { symbol: "MSE", about: "mean squared error per component", range: [0, Number.POSITIVE_INFINITY] };

/** arccos(m / sqrt(q rho)) / pi: the chance that the signs of two centred Gaussians differ. 1/2 when either vanishes. */
export function signDisagreement(m: number, q: number, rho: number): number {
  if (!(q > 0 && rho > 0)) return 0.5;
  const c = m / Math.sqrt(q * rho);
  // near 1 arccos loses half the digits: use the sine of the angle, from the residual norm
  if (c > 0.9) return Math.asin(Math.sqrt(Math.max(0, (1 - c) * (1 + c)))) / Math.PI;
  return Math.acos(Math.max(-1, c)) / Math.PI;
}

/** Chance that the best guess of sign(|z| - width) from omega is wrong; z0 | omega ~ N(m omega/q, rho - m^2/q), the guess believes V. */
export function doorError(m: number, q: number, V: number, rho: number, width: number): number {
  const slope = q > 0 ? m / q : 0;
  const spread = Math.sqrt(Math.max(rho - m * slope, 0));
  const inside = (omega: number, sd: number) =>
    sd > 0 ? Math.max(0, normalCdf((width - omega) / sd) - normalCdf((-width - omega) / sd)) : Math.abs(omega) < width ? 1 : 0;
  const wrong = (omega: number) => {
    const truth = inside(slope * omega, spread);
    return inside(omega, Math.sqrt(Math.max(V, 0))) > 0.5 ? 1 - truth : truth;
  };
  const sd = Math.sqrt(Math.max(q, 0));
  if (sd === 0) return wrong(0);
  // the guess flips where its belief crosses 1/2: a break point, found by bisection on omega > 0
  let flip = width;
  const believes = inside(0, Math.sqrt(Math.max(V, 0))) > 0.5;
  if (believes) {
    let lo = 0;
    let hi = width + 40 * Math.sqrt(Math.max(V, 0)) + 1e-300;
    for (let k = 0; k < 200 && hi - lo > 1e-15 * hi; k++) {
      const mid = (lo + hi) / 2;
      if (inside(mid, Math.sqrt(Math.max(V, 0))) > 0.5) lo = mid;
      else hi = mid;
    }
    flip = (lo + hi) / 2;
  }
  const far = 9 * sd;
  const edge = slope !== 0 ? width / Math.abs(slope) : width;
  const scale = slope !== 0 ? Math.max(spread / Math.abs(slope), 1e-12 * sd) : sd;
  const features = [
    { centre: edge, width: scale },
    { centre: 0, width: sd }
  ];
  const breaks =
    believes && flip > 0 && flip < far
      ? [...gradedBreaks(0, flip, features), ...gradedBreaks(flip, far, features).slice(1)]
      : gradedBreaks(0, far, features);
  const { nodes, weights } = composite(breaks);
  let error = 0;
  for (let k = 0; k < nodes.length; k++) error += (2 * weights[k] * normalPdf(nodes[k] / sd) * wrong(nodes[k])) / sd;
  return Math.min(1, error);
}
