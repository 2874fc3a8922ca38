/** The leaky rectifier with Gaussian noise after it: y = max(z, 0) + slope min(z, 0) + sqrt(noise) xi. */
import { leakyRelu as activation } from "../activations/leakyRelu.ts";
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

export const leakyRelu = defineFamily<Channel>()({
  id: "leaky-relu",
  about: "y = max(z, 0) + slope min(z, 0) + sqrt(noise) xi",
  params: {
    slope: { kind: "real", default: 0.1, min: -1, max: 1, symbol: "a", about: "slope for negative arguments; 0 is relu, -1 abs" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added after the rectifier" }
  },
  build({ slope, noise }) {
    const segments = activation.build({ slope }).segments ?? [];
    return piecewiseLinearChannel({ id: "leaky-relu", segments, even: slope === -1, noiseAfter: noise });
  }
});
