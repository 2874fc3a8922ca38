/** Activations of random features as they enter the theory: kappa_0, kappa_1, kappa_*, at inputs of any variance, in closed form but for tanh. */
import * as activations from "../../activations/index.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type { Activation, Vec } from "../../core/types.ts";
import { trapezoid } from "../../numerics/quadrature.ts";

export const ACTIVATIONS = ["erf", "sign", "relu", "tanh"] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

export interface FeatureConstants {
  /** E sigma(r z). */
  readonly kappa0: number;
  /** E z sigma(r z)/r = E sigma'(r z): Cov(sigma(u), v) = kappa_1 Cov(u, v) for Gaussian u of variance r^2 and v. */
  readonly kappa1: number;
  /** kappa_*^2 = Var sigma(r z) - r^2 kappa_1^2. */
  readonly rest: number;
}

/** For inputs N(0, r^2), r > 0. sigma is erf(z), sign(z), max(z, 0) or tanh(z); all rise, so that kappa_1 > 0. */
export function featureConstants(name: ActivationName, r = 1): FeatureConstants {
  const r2 = r * r;
  switch (name) {
    case "erf": {
      const kappa1 = 2 / Math.sqrt(Math.PI * (1 + 2 * r2));
      return { kappa0: 0, kappa1, rest: Math.max(0, (2 / Math.PI) * Math.asin((2 * r2) / (1 + 2 * r2)) - r2 * kappa1 * kappa1) };
    }
    case "sign":
      return { kappa0: 0, kappa1: Math.sqrt(2 / Math.PI) / r, rest: 1 - 2 / Math.PI };
    case "relu":
      return { kappa0: r / Math.sqrt(2 * Math.PI), kappa1: 0.5, rest: r2 * (0.25 - 0.5 / Math.PI) };
    case "tanh": {
      const { nodes, weights } = trapezoid(nodesOf(r));
      let [slope, square] = [0, 0];
      for (let k = 0; k < nodes.length; k++) {
        const x = Math.tanh(r * nodes[k]);
        slope += weights[k] * nodes[k] * x;
        square += weights[k] * x * x;
      }
      return { kappa0: 0, kappa1: slope / r, rest: Math.max(0, square - slope * slope) };
    }
  }
}

/** tanh(r z) has poles at distance pi/(2r): the trapezoid at step h is off by exp(-pi^2/(r h)), and 17/h nodes cover the measure. */
const nodesOf = (r: number): number => Math.min(100_000, Math.max(128, Math.ceil(64 * r)));

/** sigma, in place. The brick `erf` is erf(z/sqrt 2). */
export function activate(name: ActivationName, z: Vec): void {
  const phi = makeFromSpec<Activation>(activations, name, "activation");
  if (name === "erf") for (let i = 0; i < z.length; i++) z[i] *= Math.SQRT2;
  phi.apply(z, z);
}
