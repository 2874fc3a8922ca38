/** The hard hyperbolic tangent: phi(z) = z clipped to [-1, 1]. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const hardTanh = defineFamily<Activation>()({
  id: "hard-tanh",
  about: "x = z clipped to [-1, 1]",
  params: {},
  build: () =>
    piecewiseActivation([
      { from: -Infinity, to: -1, slope: 0, offset: -1 },
      { from: -1, to: 1, slope: 1, offset: 0 },
      { from: 1, to: Infinity, slope: 0, offset: 1 }
    ])
});
