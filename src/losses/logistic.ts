/** The logistic loss ln(1 + exp(-y z)): logistic regression; its proximal point solves t = u + V/(1 + e^t), u = y omega, t = y eta. */
import { defineFamily } from "../core/parameters.ts";
import type { Loss } from "../core/types.ts";

export const logistic = defineFamily<Loss>()({
  id: "logistic",
  about: "logistic loss ln(1 + exp(-y z)), labels +-1",
  params: {},
  build: () => ({
    labels: "signs",
    smooth: true,
    value(y, z, out) {
      for (let i = 0; i < z.length; i++) {
        const u = y[i] * z[i];
        out[i] = Math.max(0, -u) + Math.log1p(Math.exp(-Math.abs(u)));
      }
    },
    derivatives(y, z, first, second) {
      for (let i = 0; i < z.length; i++) {
        const u = y[i] * z[i];
        const e = Math.exp(-Math.abs(u));
        first[i] = -y[i] * (u > 0 ? e / (1 + e) : 1 / (1 + e));
        second[i] = e / ((1 + e) * (1 + e));
      }
    },
    score(V, omega, y, g, curvature) {
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < omega.length; i++) {
        const v = V[i * step];
        const u = y[i] * omega[i];
        // t -> -t maps (u, V) to (-u - V, V): it is enough to find positive proximal points
        const positive = u + 0.5 * v >= 0;
        const from = positive ? u : -u - v;
        const t = positivePoint(from, v);
        const e = Math.exp(-t);
        // small = 1/(1 + e^t); a long way t - from carries it with more digits than the exponential does
        const way = t - from;
        const small = way > 1 ? way / v : e / (1 + e);
        const large = 1 - small;
        g[i] = y[i] * (positive ? small : large);
        curvature[i] = (small * large) / (1 + v * small * large);
      }
    },
    breaks: () => []
  })
});

/**
 * The root of F(t) = t - u - V/(1 + e^t) when u + V/2 >= 0, so that t >= 0, where F is increasing and concave: from the left
 * Newton's and Halley's steps never pass it. For u > 0, d = t - u solves d e^d ~ V/(1 + e^u), Lambert's W by Winitzki's formula;
 * for u <= 0, (|u| + t)(e^t - 1) + 2t = V - 2|u|. Both guesses are right for V -> 0 and for V -> infinity.
 */
function positivePoint(u: number, V: number): number {
  const least = Math.max(0, u);
  let t: number;
  if (u > 0) {
    const e = Math.exp(-u);
    const L = Math.log1p((V * e) / (1 + e));
    t = u + L * (1 - Math.log1p(L) / (2 + L));
  } else {
    const D = Math.max(0, V + 2 * u);
    t = Math.log1p(D / (2 - u));
    t = Math.log1p(D / (2 - u + t));
  }
  for (let k = 0; k < MOST_STEPS; k++) {
    const e = Math.exp(-t);
    const s = e / (1 + e);
    const bend = (V * s) / (1 + e); // V s (1 - s)
    const newton = (t - u - V * s) / (1 + bend);
    // Halley: F'' = -V s (1-s)(1-2s), so that the divisor is at least 1 where newton < 0
    const halley = newton / (1 + (0.5 * newton * bend * (1 - 2 * s)) / (1 + bend));
    const step = Number.isFinite(halley) && halley * newton >= 0 ? halley : newton;
    t = Math.max(least, t - step);
    if (Math.abs(step) <= CUBIC_ENOUGH) break;
  }
  return t;
}

/** After a step of this length the cubic error of the next is below rounding. */
const CUBIC_ENOUGH = 1e-6;
/** Never needed (about 4 are taken); ends the loop all the same. */
const MOST_STEPS = 100;
