/** The error function of the committee machines: phi(z) = erf(z/sqrt 2) (Saad and Solla 1995). */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { erf as errorFunction } from "../numerics/special/index.ts";
import { expMinusHalfSquare } from "../numerics/special/normal.ts";
import { smoothActivation } from "./smooth.ts";

export const erf = defineFamily<Activation>()({
  id: "erf",
  about: "x = erf(z/sqrt 2)",
  params: {},
  build: () =>
    smoothActivation({
      id: "erf",
      phi: (z) => errorFunction(z * Math.SQRT1_2),
      derivative: (z) => Math.sqrt(2 / Math.PI) * expMinusHalfSquare(z),
      length: 1.5,
      range: [-1, 1]
    })
});
