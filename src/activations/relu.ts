/** The rectifier: phi(z) = max(0, z). */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const relu = defineFamily<Activation>()({
  id: "relu",
  about: "x = max(0, z)",
  params: {},
  build: () =>
    piecewiseActivation([
      { from: -Infinity, to: 0, slope: 0, offset: 0 },
      { from: 0, to: Infinity, slope: 1, offset: 0 }
    ])
});
