/** The leaky rectifier: phi(z) = z for z > 0, slope z below. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const leakyRelu = defineFamily<Activation>()({
  id: "leaky-relu",
  about: "x = z for z > 0, slope z below; slope 0 is relu, 1 linear, -1 abs",
  params: {
    slope: { kind: "real", default: 0.1, min: -1, max: 1, symbol: "a", about: "slope for negative arguments" }
  },
  build: ({ slope }) =>
    piecewiseActivation(
      [
        { from: -Infinity, to: 0, slope, offset: 0 },
        { from: 0, to: Infinity, slope: 1, offset: 0 }
      ],
      slope === -1
    )
});
