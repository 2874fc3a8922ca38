/**
 * The symmetric door: y = sign(|z + sqrt(noise) xi| - width): +1 outside, -1 inside (theory.md, section 1).
 * Z_+ = Q((K - omega)/sqrt V) + Q((K + omega)/sqrt V), with V + noise for V.
 */
import { door } from "../activations/door.ts";
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { composite } from "../numerics/quadrature.ts";
import { logAddExp, logNormalCdf, logNormalInterval } from "../numerics/special/index.ts";
import { LEAST, gapWidths, steppedBreaks, windowOf } from "./outputNodes.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

/** J(q, V) = E (Z_+')^2/(Z_+ Z_-), over omega >= 0 by symmetry. */
function doorInformation(width: number, q: number, V: number, order: number): number {
  const root = Math.sqrt(q);
  const sd = Math.sqrt(V);
  if (!(root > 0)) return 0;
  const features = [{ centre: width / root, width: sd / root }];
  for (const w of gapWidths(2 * width, V)) features.push({ centre: 0, width: w / root });
  const { nodes, weights } = composite(steppedBreaks(0, windowOf(width / root, sd / root), 3, features), order);
  let sum = 0;
  for (let i = 0; i < nodes.length; i++) {
    const omega = root * nodes[i];
    const a = (width - omega) / sd;
    const b = (width + omega) / sd;
    // Z_+' = (phi(a) - phi(b))/sqrt V, b^2 - a^2 = 4 K omega/V.
    const slope = -Math.expm1(-2 * width * (omega / V));
    if (slope === 0) continue;
    const log = 2 * Math.log(slope) - a * a - logAddExp(logNormalCdf(-a), logNormalCdf(-b)) - logNormalInterval(-b, a);
    sum += weights[i] * Math.exp(log - 0.5 * nodes[i] * nodes[i]);
  }
  // 2 halves, phi's 1/(2 pi) and the Gaussian weight's 1/sqrt(2 pi).
  return (2 * sum) / (V * (2 * Math.PI) ** 1.5);
}

export const symmetricDoor = defineFamily<Channel>()({
  id: "symmetric-door",
  about: "y = sign(|z + sqrt(noise) xi| - width): +1 outside the door, -1 inside",
  params: {
    width: { kind: "real", default: 0.67449, min: 0.001, max: 10, symbol: "K", about: "half-width of the door" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the door" }
  },
  build({ width, noise }) {
    const segments = door.build({ width }).segments ?? [];
    return {
      ...piecewiseLinearChannel({ id: "symmetric-door", segments, even: true, noiseBefore: noise }),
      information: (q, V, order = 16) => doorInformation(width, q, Math.max(V + noise, LEAST), order)
    };
  }
});
