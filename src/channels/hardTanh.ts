/** The hard hyperbolic tangent (a saturating sensor) with Gaussian noise after it: y = clip(z, -1, 1) + sqrt(noise) xi. */
import { hardTanh as activation } from "../activations/hardTanh.ts";
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

export const hardTanh = defineFamily<Channel>()({
  id: "hard-tanh",
  about: "y = z clipped to [-1, 1], plus sqrt(noise) xi",
  params: {
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added after the clipping" }
  },
  build: ({ noise }) =>
    piecewiseLinearChannel({ id: "hard-tanh", segments: activation.build({}).segments ?? [], even: false, noiseAfter: noise })
});
