/** Parameters of `layer-entropy`, and the chain, sizes and weights that they ask for. */
import * as activations from "../../activations/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type { Activation, Ensemble, Prior, Values } from "../../core/types.ts";
import type { MatrixData } from "../../linalg/index.ts";
import * as priors from "../../priors/index.ts";
import { readLayers } from "../family/layers.ts";
import { outputChannel } from "../family/network.ts";
import type { Chain } from "./stages.ts";
import { reportedEpochs, type TrainingPlan } from "./training.ts";
import { readWeights, sampledWeights } from "./weights.ts";

export const params = {
  prior: { kind: "brick", registry: "prior", default: "gaussian", symbol: "P_Y", about: "law of the components of the labels Y" },
  labelRatio: { kind: "real", default: 0.5, min: 1e-3, max: 100, symbol: "n_Y/n₀", about: "label components per input component" },
  generator: {
    kind: "choice",
    default: "orthogonal",
    options: ["orthogonal", "iid"],
    symbol: "W₀",
    about: "the matrix that makes inputs of labels; orthogonal with n_Y = n₀ and Gaussian labels: X is i.i.d."
  },
  inputNoise: {
    kind: "real",
    default: 0.1,
    min: 0,
    max: 0.99,
    symbol: "Δ₀",
    about: "share of noise in the inputs X, whose second moment is 1"
  },
  layers: {
    kind: "layers",
    default: "hard-tanh:ratio=1,noise=0.1;relu:ratio=0.5,noise=0.1",
    symbol: "φ",
    about: "layers from the input on; ratio = n_l/n_(l-1), noise = variance added before the activation (not while training)"
  },
  weights: {
    kind: "choice",
    default: "iid",
    options: ["iid", "orthogonal", "trained"],
    symbol: "W",
    about: "independent Gaussian entries, orthonormal rows (or columns), or Gaussian ones whose singular values are then trained"
  },
  weightsFile: {
    kind: "file",
    default: "",
    symbol: "W",
    accepts: "the matrices W_1 ... W_L, n_l x n_(l-1)",
    about: "weights that replace the sampled ones, sizes included; with trained weights the start of the training"
  },
  layer: {
    kind: "integer",
    default: 0,
    min: 0,
    max: 4,
    symbol: "l",
    about: "the layer that entropy and informations are read at, 0 for the last"
  },
  size: { kind: "integer", default: 300, min: 4, max: 20_000, symbol: "n₀", about: "number of components of the input" },
  draws: {
    kind: "integer",
    default: 4,
    min: 1,
    max: 10_000,
    symbol: "K",
    about: "samples of the data that the entropies of an instance are averaged over"
  },
  iterations: {
    kind: "integer",
    default: 500,
    min: 1,
    max: 100_000,
    symbol: "T",
    about: "largest number of iterations of message passing"
  },
  epochs: { kind: "integer", default: 100, min: 0, max: 100_000, symbol: "E", about: "passes over the training samples" },
  frames: {
    kind: "integer",
    default: 8,
    min: 1,
    max: 1000,
    symbol: "F",
    about: "epochs, evenly spaced in their logarithm, at which entropies are computed"
  },
  learningRate: { kind: "real", default: 0.02, min: 1e-9, max: 1e3, scale: "log", symbol: "η", about: "step of the descent" },
  optimizer: { kind: "choice", default: "adam", options: ["adam", "gradient-descent"], symbol: "∇", about: "how the gradient is followed" },
  batch: { kind: "integer", default: 0, min: 0, max: 1_000_000, symbol: "B", about: "training samples a step, 0 for all" },
  sampleRatio: {
    kind: "real",
    default: 4,
    min: 0.01,
    max: 1000,
    symbol: "m/n₀",
    about: "training samples per input component; as many test samples"
  },
  trainings: {
    kind: "integer",
    default: 4,
    min: 1,
    max: 100,
    symbol: "R",
    about: "independent trainings whose singular values and losses the theory averages"
  }
} as const;
export type P = Values<typeof params>;
export interface Setting {
  readonly chain: Chain;
  /** n_Y/n_0, 1, n_1/n_0 ...; integers where the weights are finite matrices. */
  readonly sizes: readonly number[];
  readonly generator: Ensemble;
  readonly sampled: Ensemble;
  readonly matrices: readonly MatrixData[] | null;
  /** Index among T_1 ... T_L of the layer read. */
  readonly read: number;
}

export function settingOf(p: P): Setting {
  const stack = readLayers(p.layers, "layer-entropy");
  const prior = makeFromSpec<Prior>(priors, p.prior, "prior");
  if (prior.rule === "map")
    throw new ParameterError(`layer-entropy: prior ${p.prior} is an estimator, not the law of labels; give one such as gaussian or binary`);
  if (prior.scalar === "complex")
    throw new ParameterError(`layer-entropy: prior ${p.prior} is complex but the layers are real; give a real one such as gaussian`);
  const identity = makeFromSpec<Activation>(activations, "linear", "activation");
  const layers = stack.map((layer) => {
    const channel = outputChannel(layer, "layer-entropy");
    if (channel.deterministic && channel.dimension(1) > 0)
      throw new ParameterError(
        `layer-entropy: layer ${layer.spec} must have noise > 0, such as ${layer.spec}:noise=0.01: without it its informations are infinite`
      );
    return { activation: layer.activation, noise: layer.noise, channel };
  });
  if (p.layer > stack.length)
    throw new ParameterError(`layer-entropy: layer must be 0 (the last) to ${stack.length}, the number of layers, got ${p.layer}`);
  const matrices = p.weightsFile ? readWeights(p.weightsFile, stack.length, "layer-entropy") : null;
  const finite = matrices !== null || p.weights === "trained";
  const whole = (n: number) => Math.max(1, Math.round(n));
  const n0 = matrices ? matrices[0].cols : finite ? p.size : 1;
  const sizes = [finite ? whole(p.labelRatio * n0) : p.labelRatio, n0];
  let ratio = n0;
  stack.forEach((layer, l) => {
    ratio *= layer.ratio;
    sizes.push(matrices ? matrices[l].rows : finite ? whole(ratio) : ratio);
  });
  return {
    chain: { prior, stages: [{ activation: identity, noise: p.inputNoise, channel: null }, ...layers] },
    sizes,
    generator: sampledWeights(p.generator, (1 - p.inputNoise) / prior.secondMoment),
    sampled: sampledWeights(p.weights === "orthogonal" ? "orthogonal" : "iid"),
    matrices,
    read: (p.layer || stack.length) - 1
  };
}

export function planOf(p: P, n0: number): TrainingPlan {
  const { epochs, learningRate, batch, optimizer } = p;
  return { epochs, learningRate, batch, optimizer, samples: samplesOf(p, n0), reported: reportedEpochs(epochs, p.frames) };
}

export function samplesOf({ sampleRatio }: P, n0: number): number {
  return Math.max(1, Math.round(sampleRatio * n0));
}
