/** The activations of online SGD and their derivatives: erf(x/sqrt 2), x, x^2 and max(0, x). */
import { erf } from "../../numerics/special/index.ts";

export type SgdActivation = "erf" | "linear" | "square" | "relu";

export interface Nonlinearity {
  value(x: number): number;
  /** 0 at the kink of relu. */
  derivative(x: number): number;
}

const TWO_OVER_ROOT_TWO_PI = Math.sqrt(2 / Math.PI);

export const nonlinearities: Readonly<Record<SgdActivation, Nonlinearity>> = {
  erf: {
    value: (x) => erf(x * Math.SQRT1_2),
    derivative: (x) => TWO_OVER_ROOT_TWO_PI * Math.exp(-0.5 * x * x)
  },
  linear: { value: (x) => x, derivative: () => 1 },
  square: { value: (x) => x * x, derivative: (x) => 2 * x },
  relu: { value: (x) => (x > 0 ? x : 0), derivative: (x) => (x > 0 ? 1 : 0) }
};
