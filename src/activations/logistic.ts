/** The logistic sigmoid: phi(z) = 1/(1 + exp(-z)). */
import { defineFamily } from "../core/parameters.ts";
import type { Activation } from "../core/types.ts";
import { logistic as sigmoid } from "../numerics/special/index.ts";
import { smoothActivation } from "./smooth.ts";

export const logistic = defineFamily<Activation>()({
  id: "logistic",
  about: "x = 1/(1 + exp(-z))",
  params: {},
  build: () =>
    smoothActivation({
      id: "logistic",
      phi: sigmoid,
      derivative(z) {
        const e = Math.exp(-Math.abs(z));
        return e / ((1 + e) * (1 + e));
      },
      length: Math.PI,
      range: [0, 1]
    })
});
