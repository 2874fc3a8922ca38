/** The sine: phi(z) = sin(frequency z), the activation of periodic networks. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { smoothActivation } from "./smooth.ts";

export const sine = defineFamily<Activation>()({
  id: "sine",
  about: "x = sin(k z)",
  params: { frequency: { kind: "real", default: 1, min: 0.1, max: 10, scale: "log", symbol: "k", about: "radians per unit of z" } },
  build: ({ frequency: k }) =>
    smoothActivation({
      id: "sine",
      phi: (z) => Math.sin(k * z),
      derivative: (z) => k * Math.cos(k * z),
      length: 1 / k,
      wavy: true,
      range: [-1, 1]
    })
});
