/** Priors, likelihoods and activations as factors of an expression; a new one in a registry is a builder here at once. */
import * as activationRegistry from "../activations/index.ts";
import * as channelRegistry from "../channels/index.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Activation, Channel, Prior, Scalar, Vec } from "../core/types.ts";
import { activationModule, likelihoodModule, penaltyModule, priorModule } from "../modules/index.ts";
import * as priorRegistry from "../priors/index.ts";
import { buildersOf, type Chosen, changed, factsOf, jsonOf, knobsOf, own } from "./chosen.ts";
import { apply, checkField, checkName, type End, type Factor, type Knob, type ModelVariable, say } from "./expression.ts";
import { portOf, type Shape, type ShapeGiven, shapeOf, shapeWords, sizeOf } from "./shape.ts";

/** A prior that can make variables, or be put on one that something else made. */
export interface ModelPrior extends Chosen<Prior> {
  variable(name: string, shape: ShapeGiven): ModelVariable;
}

const SIZE: Omit<Knob, "value"> = { min: 1e-9, max: 2 ** 30, scale: "log", symbol: "N", about: "number of components" };

export function priorFactor(chosen: Chosen<Prior>, shape: Shape): Factor {
  const { brick: prior } = chosen;
  return {
    kind: "prior",
    label: chosen.id,
    letter: "x",
    knobs: { ...knobsOf(chosen), ...(shape.length === 1 ? { size: { ...SIZE, value: shape[0] } } : {}) },
    facts: factsOf(chosen),
    prior,
    shape,
    outputs: () => [{ shape, scalar: prior.scalar }],
    module: () => priorModule(prior, sizeOf(shape)),
    with({ size, ...values }) {
      return priorFactor(
        Object.keys(values).length ? changed(chosen, values) : chosen,
        size === undefined ? shape : shapeOf(size, chosen.id)
      );
    },
    json: () => ({ ...jsonOf(chosen), shape })
  };
}

/** A prior as a penalty: the same factor, as a leaf on a variable that something else made. */
export function penaltyFactor(chosen: Chosen<Prior>): Factor {
  const { brick: prior } = chosen;
  return {
    kind: "penalty",
    label: chosen.id,
    letter: "",
    knobs: knobsOf(chosen),
    facts: factsOf(chosen),
    prior,
    outputs(inputs, who) {
      const cure = prior.scalar === "real" ? "choose a complex prior such as complex-gauss-bernoulli" : "choose a real prior";
      checkField(chosen.id, prior.scalar, inputs[0], who[0], cure);
      return [];
    },
    module: ([x]) => penaltyModule(prior, portOf(x).size),
    with: (values) => penaltyFactor(changed(chosen, values)),
    json: () => jsonOf(chosen)
  };
}

export function modelPrior(chosen: Chosen<Prior>): ModelPrior {
  return Object.freeze({
    ...chosen,
    variable(name: string, shape: ShapeGiven): ModelVariable {
      checkName(name, chosen.id);
      return apply(priorFactor(chosen, shapeOf(shape, name)), [], [name])[0];
    }
  });
}

export const priors = buildersOf<Prior, typeof priorRegistry, ModelPrior>(priorRegistry, modelPrior);

/** A prior of one's own, say from `priorFromDensity`. */
export function ownPrior(prior: Prior, label = "prior"): ModelPrior {
  return modelPrior(own(prior, label));
}

export type Likelihood = Chosen<Channel>;
export const likelihoods = buildersOf<Channel, typeof channelRegistry, Likelihood>(channelRegistry, (chosen) => chosen);

/** A likelihood of one's own, say from `channelFromDensity`. */
export function ownLikelihood(channel: Channel, label = "likelihood"): Likelihood {
  return own(channel, label);
}

export function likelihoodFactor(chosen: Likelihood, data?: Vec): Factor {
  const { brick: channel } = chosen;
  return {
    kind: "likelihood",
    label: chosen.id,
    letter: "y",
    knobs: knobsOf(chosen),
    facts: factsOf(chosen),
    channel,
    outputs(inputs, who) {
      const cure =
        channel.scalar === "real"
          ? "choose a complex likelihood such as complex-gaussian or modulus"
          : "choose a real likelihood such as gaussian, or make the variable complex with layers.dft";
      checkField(chosen.id, channel.scalar, inputs[0], who[0], cure);
      return [];
    },
    module: ([z]) => likelihoodModule(channel, portOf(z).size, data),
    with: (values) => likelihoodFactor(changed(chosen, values), data),
    observing: (found) => likelihoodFactor(chosen, found),
    json: () => jsonOf(chosen)
  };
}

/** What `observe` takes: numbers (complex labels interleaved), or an array with its number field and shape as files give them. */
export type Observations =
  | ArrayLike<number>
  | { readonly scalar: Scalar; readonly shape?: readonly number[]; readonly data: ArrayLike<number> };

/** The numbers of `y`, checked against what the likelihood says of `z`. Throws ParameterError naming both. */
export function dataOf(y: Observations, channel: Channel, label: string, z: { readonly shape: Shape }, who: string, name: string): Vec {
  const array = "data" in y ? y : null;
  const field = array?.scalar ?? channel.labelScalar;
  if (field !== channel.labelScalar)
    throw new ParameterError(
      `${name}: ${label} observes ${channel.labelScalar} numbers, got ${field} ones; check the file or the likelihood`
    );
  const numbers = Float64Array.from(array ? array.data : (y as ArrayLike<number>));
  const size = sizeOf(z.shape);
  if (!Number.isInteger(size))
    throw new ParameterError(
      `${name}: data need a whole number of components, but ${who} has ${size}; change the sizes, or leave the data out`
    );
  const width = channel.labelScalar === "complex" ? 2 : 1;
  if (numbers.length !== size * width)
    throw new ParameterError(
      `${name}: ${who} has ${size} components (${shapeWords({ shape: z.shape, scalar: channel.scalar })}), so ${size * width} ${width === 2 ? "interleaved " : ""}numbers, got ${numbers.length}`
    );
  const bad = numbers.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new ParameterError(`${name}: observations must be finite numbers, got ${numbers[bad]} at place ${Math.floor(bad / width)}`);
  return numbers;
}

/** A likelihood on `z`. Without `y` the model serves theory, or `sample` draws it. */
export function observe(likelihood: Likelihood, z: ModelVariable, y?: Observations | null, options: { readonly name?: string } = {}): End {
  apply(likelihoodFactor(likelihood), [z]);
  if (options.name !== undefined) checkName(options.name, likelihood.id);
  const data = y === undefined || y === null ? null : dataOf(y, likelihood.brick, likelihood.id, z, say(z), options.name ?? "observations");
  const factor = likelihoodFactor(likelihood, data ?? undefined);
  return Object.freeze({ end: "observe", factor, variable: z, ...(options.name ? { name: options.name } : {}), ...(data ? { data } : {}) });
}

/** A prior put on a variable that something else made (a penalty), or given to a free variable. */
export function assume(prior: Chosen<Prior> | Factor, v: ModelVariable, options: { readonly name?: string } = {}): End {
  if (options.name !== undefined) checkName(options.name, "assume");
  const factor = "kind" in prior ? prior : v.maker === null && v.name !== null ? priorFactor(prior, v.shape) : penaltyFactor(prior);
  if (factor.kind === "prior")
    checkField(factor.label, factor.prior?.scalar ?? "real", v, say(v), "give the variable the field of its prior");
  else apply(factor, [v]);
  return Object.freeze({ end: "assume", factor, variable: v, ...(options.name ? { name: options.name } : {}) });
}

/** Variances of Gaussian noise added to the argument and to the value of an activation. */
export interface ActivationOptions {
  readonly noiseBefore?: number;
  readonly noiseAfter?: number;
  readonly name?: string;
}

const NOISE: Omit<Knob, "value" | "about"> = { min: 0, max: 1e6, symbol: "Δ" };
const ABOUT = {
  noiseBefore: "variance of the noise added before the activation",
  noiseAfter: "variance of the noise added after the activation"
} as const;

export function checkVariance(value: number, where: string): number {
  if (value >= 0 && value <= NOISE.max) return value;
  throw new ParameterError(`${where} must be a variance in [0, 1e6], such as 0.1, got ${value}`);
}

export function activationFactor(chosen: Chosen<Activation>, noise: { readonly noiseBefore: number; readonly noiseAfter: number }): Factor {
  const { brick: activation } = chosen;
  const noises = ["noiseBefore", "noiseAfter"] as const;
  for (const key of noises) checkVariance(noise[key], `${chosen.id}: ${key}`);
  return {
    kind: "activation",
    label: chosen.id,
    letter: "h",
    knobs: { ...knobsOf(chosen), ...Object.fromEntries(noises.map((key) => [key, { ...NOISE, about: ABOUT[key], value: noise[key] }])) },
    facts: factsOf(chosen),
    outputs([z], [who]) {
      const cure =
        activation.scalar === "real"
          ? "take the modulus first, or another activation"
          : "make it complex with layers.dft, or take another activation";
      checkField(chosen.id, activation.scalar, z, who, cure);
      return [{ shape: z.shape, scalar: activation.outputScalar }];
    },
    module: ([z]) => activationModule(activation, portOf(z).size, noise),
    with({ noiseBefore = noise.noiseBefore, noiseAfter = noise.noiseAfter, ...values }) {
      return activationFactor(Object.keys(values).length ? changed(chosen, values) : chosen, { noiseBefore, noiseAfter });
    },
    json: () => ({ ...jsonOf(chosen), ...noise })
  };
}

export type ActivationLayer = (z: ModelVariable, options?: ActivationOptions) => ModelVariable;

export function activationLayer(chosen: Chosen<Activation>): ActivationLayer {
  return (z, { noiseBefore = 0, noiseAfter = 0, name } = {}) =>
    apply(activationFactor(chosen, { noiseBefore, noiseAfter }), [z], [name])[0];
}

export const activations = buildersOf<Activation, typeof activationRegistry, ActivationLayer>(activationRegistry, activationLayer);

/** An activation of one's own. */
export function ownActivation(activation: Activation, label = "activation"): ActivationLayer {
  return activationLayer(own(activation, label));
}
