/** The smooth rectifier: phi(z) = ln(1 + exp(sharpness z))/sharpness. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { logistic, softplus as logPlus } from "../numerics/special/index.ts";
import { smoothActivation } from "./smooth.ts";

export const softplus = defineFamily<Activation>()({
  id: "softplus",
  about: "x = ln(1 + exp(k z))/k, relu as k grows",
  params: {
    sharpness: { kind: "real", default: 1, min: 0.1, max: 100, scale: "log", symbol: "k", about: "slope at which the bend is crossed" }
  },
  build: ({ sharpness: k }) =>
    smoothActivation({
      id: "softplus",
      phi: (z) => logPlus(k * z) / k,
      derivative: (z) => logistic(k * z),
      length: Math.PI / k,
      range: [0, Infinity]
    })
});
