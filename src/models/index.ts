/** Models as expressions: variables made by priors, layers and activations between them, likelihoods at the ends (docs/models.md). */
import { bias, concatenate, groupSparsity, noise, reshape, split, sum } from "./junctions.ts";
import {
  blur,
  convolution,
  ensemble,
  ensembles,
  gradientLayer as gradient,
  linear,
  maskLayer as mask,
  named,
  ownEnsemble,
  rotation,
  subsampleLayer as subsample,
  transforms
} from "./layers.ts";

/** Everything that takes variables and gives variables, but for activations. */
export const layers = Object.freeze({
  linear,
  named,
  ensemble,
  ensembles,
  ownEnsemble,
  rotation,
  gradient,
  convolution,
  blur,
  ...transforms,
  mask,
  subsample,
  noise,
  bias,
  reshape,
  sum,
  concatenate,
  split
});

/** What `assume` takes beside priors. */
export const penalties = Object.freeze({ groupSparsity });

export {
  activations,
  type ActivationLayer,
  type ActivationOptions,
  assume,
  type Likelihood,
  likelihoods,
  type ModelPrior,
  type Observations,
  observe,
  ownActivation,
  ownLikelihood,
  ownPrior,
  priors
} from "./bricks.ts";
export { chainGraph } from "./chain.ts";
export type { Chosen } from "./chosen.ts";
export type { DrawOptions } from "./draw.ts";
export { type End, type Factor, type Knob, type ModelVariable, variable } from "./expression.ts";
export type { GroupSparsity } from "./junctions.ts";
export { fromJSON, type ReadFile } from "./json/read.ts";
export type { ModelJson, WriteArray } from "./json/write.ts";
export { type Learnable, learnable } from "./learnable.ts";
export type { MatrixGiven } from "./layers.ts";
export type { Layer, LayerOptions, Rows } from "./linearFactor.ts";
export { type Model, type ModelParameter, model, type NamedVariable, type Observation } from "./model.ts";
export { drawn, type Sampled } from "./sample.ts";
export type { Shape, ShapeGiven } from "./shape.ts";
