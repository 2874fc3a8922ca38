/** The hyperbolic tangent: phi(z) = tanh z. */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { smoothActivation } from "./smooth.ts";

export const tanh = defineFamily<Activation>()({
  id: "tanh",
  about: "x = tanh z",
  params: {},
  build: () =>
    smoothActivation({
      id: "tanh",
      phi: Math.tanh,
      derivative(z) {
        const e = Math.exp(-2 * Math.abs(z));
        return (4 * e) / ((1 + e) * (1 + e));
      },
      length: Math.PI / 2,
      range: [-1, 1]
    })
});
