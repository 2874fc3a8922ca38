/** The sign: phi(z) = 1 for z >= 0, -1 below. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const sign = defineFamily<Activation>()({
  id: "sign",
  about: "x = sign(z), sign(0) = 1",
  params: {},
  build: () =>
    piecewiseActivation([
      { from: -Infinity, to: 0, slope: 0, offset: -1 },
      { from: 0, to: Infinity, slope: 0, offset: 1 }
    ])
});
