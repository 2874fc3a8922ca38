/** A loss as the zero-temperature likelihood exp(-beta l), beta -> infinity: ln Z_y is minus the Moreau envelope, g the proximal step. */
import type { Loss } from "../../core/types.ts";
import type { GampChannel } from "../gamp.ts";

/** What convex GAMP asks of a channel. ln Z = -min_z l(y, z) + (z - omega)^2/(2V) = -(l(y, omega + V g) + V g^2/2). */
export function lossChannel(loss: Loss): GampChannel {
  let eta = new Float64Array(0);
  let g = new Float64Array(0);
  let curvature = new Float64Array(0);
  return {
    scalar: "real",
    labelScalar: "real",
    even: false,
    logPartition(V, omega, y, out) {
      const n = omega.length;
      if (eta.length !== n) {
        eta = new Float64Array(n);
        g = new Float64Array(n);
        curvature = new Float64Array(n);
      }
      loss.score(V, omega, y, g, curvature);
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < n; i++) eta[i] = omega[i] + V[i * step] * g[i];
      loss.value(y, eta, out);
      for (let i = 0; i < n; i++) out[i] = -out[i] - 0.5 * V[i * step] * g[i] * g[i];
    },
    score: (V, omega, y, g, curvature) => loss.score(V, omega, y, g, curvature)
  };
}
