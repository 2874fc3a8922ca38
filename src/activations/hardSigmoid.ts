/** The hard sigmoid: phi(z) = z/6 + 1/2 clipped to [0, 1] (the convention of common deep-learning libraries; its edges are at z = -3 and 3). */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const hardSigmoid = defineFamily<Activation>()({
  id: "hard-sigmoid",
  about: "x = z/6 + 1/2 clipped to [0, 1]",
  params: {},
  build: () =>
    piecewiseActivation([
      { from: -Infinity, to: -3, slope: 0, offset: 0 },
      { from: -3, to: 3, slope: 1 / 6, offset: 0.5 },
      { from: 3, to: Infinity, slope: 0, offset: 1 }
    ])
});
