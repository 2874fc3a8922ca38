/** The logistic channel of classification: P(y|z) = 1/(1 + exp(-gain y z)), y = -1 or 1; Z_y by quadrature, for any V and omega. */
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { exactExp } from "../numerics/random/exact.ts";
import { smoothLikelihoodChannel } from "./smoothLikelihood.ts";

export const logistic = defineFamily<Channel>()({
  id: "logistic",
  about: "P(y = ±1) = 1/(1 + exp(-gain y z))",
  params: {
    gain: { kind: "real", default: 1, min: 0.01, max: 100, scale: "log", symbol: "β", about: "slope of the logit" }
  },
  build({ gain }) {
    return smoothLikelihoodChannel({
      id: "logistic",
      labels: "-1 or 1",
      legal: (y) => y === 1 || y === -1,
      derivatives(y, z, out) {
        const u = gain * y * z;
        const e = Math.exp(-Math.abs(u));
        const p = 1 / (1 + e);
        const wrong = u > 0 ? e * p : p; // 1/(1 + exp(u))
        out[0] = (u < 0 ? u : 0) - Math.log1p(e);
        out[1] = gain * y * wrong;
        out[2] = -gain * gain * e * p * p;
      },
      strip: Math.PI / gain,
      sample(rng, z, y) {
        for (let i = 0; i < z.length; i++) {
          const u = gain * z[i];
          y[i] = rng.uniform() < 1 / (1 + exactExp(Math.min(-u, 700))) ? 1 : -1;
        }
      },
      enumerate: () => [
        { y: 1, from: -45 / gain, to: Infinity, centre: 0, width: 1 / gain },
        { y: -1, from: -Infinity, to: 45 / gain, centre: 0, width: 1 / gain }
      ]
    });
  }
});
