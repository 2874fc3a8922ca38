/** The linear activation: phi(z) = z. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const linear = defineFamily<Activation>()({
  id: "linear",
  about: "x = z",
  params: {},
  build: () => piecewiseActivation([{ from: -Infinity, to: Infinity, slope: 1, offset: 0 }])
});
