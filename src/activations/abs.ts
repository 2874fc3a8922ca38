/** The absolute value: phi(z) = |z|. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const abs = defineFamily<Activation>()({
  id: "abs",
  about: "x = |z|",
  params: {},
  build: () =>
    piecewiseActivation(
      [
        { from: -Infinity, to: 0, slope: -1, offset: 0 },
        { from: 0, to: Infinity, slope: 1, offset: 0 }
      ],
      true
    )
});
