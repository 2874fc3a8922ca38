/** The symmetric door: phi(z) = sign(|z| - width), -1 inside the door and +1 outside (theory.md, section 1). */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { piecewiseActivation } from "./piecewise.ts";

export const door = defineFamily<Activation>()({
  id: "door",
  about: "x = sign(|z| - width): -1 inside the door, 1 outside; the default width splits N(0, 1) in halves",
  params: {
    width: { kind: "real", default: 0.67449, min: 0.001, max: 10, symbol: "K", about: "half-width of the door" }
  },
  build: ({ width }) =>
    piecewiseActivation(
      [
        { from: -Infinity, to: -width, slope: 0, offset: 1 },
        { from: -width, to: width, slope: 0, offset: -1 },
        { from: width, to: Infinity, slope: 0, offset: 1 }
      ],
      true
    )
});
