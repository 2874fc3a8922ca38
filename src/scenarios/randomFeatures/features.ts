/** Activations of random features as they enter the theory: kappa_0, kappa_1, kappa_*, at inputs of any variance. */
import * as activations from "../../activations/index.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type { Activation, Vec } from "../../core/types.ts";
import { featureMoments } from "../../ensembles/featureMoments.ts";

export const ACTIVATIONS = ["erf", "sign", "relu", "tanh"] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

export interface FeatureConstants {
  /** E sigma(r z). */
  readonly kappa0: number;
  /** E z sigma(r z)/r = E sigma'(r z), squared: Cov(sigma(u), v) = kappa_1 Cov(u, v) for u of variance r^2. */
  readonly kappa1: number;
  /** Var sigma(r z) - r^2 kappa_1^2. */
  readonly rest: number;
}

/** Of the brick `erf`, which is erf(z/sqrt 2): here sigma = erf(z). */
const inner = (name: ActivationName): number => (name === "erf" ? Math.SQRT2 : 1);

/** phi(scale z). */
function stretched(phi: Activation, scale: number): Activation {
  return {
    ...phi,
    ...(phi.segments
      ? { segments: phi.segments.map((s) => ({ ...s, from: s.from / scale, to: s.to / scale, slope: s.slope * scale })) }
      : {}),
    apply(z, x) {
      phi.apply(
        z.map((v) => scale * v),
        x
      );
    }
  };
}

const known = new Map<ActivationName, FeatureConstants>();

/** For inputs N(0, r^2). All four activations rise, so that kappa_1 > 0. */
export function featureConstants(name: ActivationName, r = 1): FeatureConstants {
  const found = r === 1 ? known.get(name) : undefined;
  if (found) return found;
  const phi = stretched(makeFromSpec<Activation>(activations, name, "activation"), inner(name) * r);
  const { mean, deviation, linear } = featureMoments(name, phi);
  const constants = { kappa0: mean, kappa1: (Math.sqrt(linear) * deviation) / r, rest: (1 - linear) * deviation * deviation };
  if (r === 1) known.set(name, constants);
  return constants;
}

/** sigma, in place. */
export function activate(name: ActivationName, z: Vec): void {
  const phi = makeFromSpec<Activation>(activations, name, "activation");
  const scale = inner(name);
  if (scale !== 1) for (let i = 0; i < z.length; i++) z[i] *= scale;
  phi.apply(z, z);
}
