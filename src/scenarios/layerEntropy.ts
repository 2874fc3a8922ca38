/**
 * The information plane of a network: labels Y make inputs X, a network turns X into T_1 ... T_L. How many nats are in a layer, H(T_l),
 * and how many of them are about X and about Y? Sampled weights, weights from files, or weights trained on their singular values
 * alone, along the epochs (Gabrié et al. 2018).
 */
import { weightsOf } from "../algorithms/training/index.ts";
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import { makeFromSpec } from "../core/specs.ts";
import type {
  Activation,
  Ensemble,
  Frame,
  LinearOperator,
  Observable,
  Outcome,
  Prediction,
  Prior,
  Rng,
  SimulationEnd,
  Values,
  Vec
} from "../core/types.ts";
import * as activations from "../activations/index.ts";
import { denseFrom, type MatrixData } from "../linalg/index.ts";
import { makeRng } from "../numerics/random/index.ts";
import * as priors from "../priors/index.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { readLayers } from "./family/layers.ts";
import { outputChannel } from "./family/network.ts";
import { instanceEntropies, type LayerValues, theoryEntropies, theoryEntropy, worse } from "./layerEntropy/entropies.ts";
import { type Chain, instanceChain, type TheoryChain, theoryChain } from "./layerEntropy/stages.ts";
import { reportedEpochs, train, type TrainedFrame, type TrainingPlan, untrainedLosses } from "./layerEntropy/training.ts";
import { lawOf, pooledLaw, readWeights, sampledWeights } from "./layerEntropy/weights.ts";

const params = {
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
type P = Values<typeof params>;
type O = "entropy" | "informationX" | "informationY" | "trainingLoss" | "testLoss";

const nats = (symbol: string, about: string, least: number): Observable => ({
  symbol,
  about: `${about}, in nats per input component`,
  range: [least, Number.POSITIVE_INFINITY]
});
const loss = (symbol: string, set: string): Observable => ({
  symbol,
  about: `mean squared error of a linear readout of T_L for Y on the ${set} samples, over E y²: 1 before training`,
  range: [0, Number.POSITIVE_INFINITY]
});

interface Setting {
  readonly chain: Chain;
  /** n_Y/n_0, 1, n_1/n_0 ...; integers where the weights are finite matrices. */
  readonly sizes: readonly number[];
  readonly generator: Ensemble;
  readonly sampled: Ensemble;
  readonly matrices: readonly MatrixData[] | null;
  /** Index among T_1 ... T_L of the layer read. */
  readonly read: number;
}

function settingOf(p: P): Setting {
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

function planOf(p: P, n0: number): TrainingPlan {
  const { epochs, learningRate, batch, optimizer } = p;
  return { epochs, learningRate, batch, optimizer, samples: samplesOf(p, n0), reported: reportedEpochs(epochs, p.frames) };
}

function samplesOf({ sampleRatio }: P, n0: number): number {
  return Math.max(1, Math.round(sampleRatio * n0));
}

function frameOf(
  t: number,
  values: LayerValues,
  read: number,
  losses: { readonly trainingLoss: number; readonly testLoss: number }
): Frame<O> {
  const { entropy, informationX, informationY } = values;
  return {
    t,
    entropy: entropy[read],
    informationX: informationX[read],
    informationY: informationY[read],
    trainingLoss: losses.trainingLoss,
    testLoss: losses.testLoss,
    matrices: { entropy: [entropy], informationX: [informationX], informationY: [informationY] }
  };
}

/** The chain of the theory at each reported epoch, and the losses there. */
interface TheoryPoint {
  readonly epoch: number;
  readonly chain: TheoryChain;
  readonly trainingLoss: number;
  readonly testLoss: number;
}

/**
 * Sampled or given weights: one point. Trained: `trainings` networks of their own streams side by side, all of whose singular values
 * make the law of a layer; they share nothing with a simulation but the size, on which training depends.
 */
function* theoryPoints(p: P, s: Setting): Generator<TheoryPoint, Outcome> {
  const { chain, sizes, matrices } = s;
  if (p.weights !== "trained") {
    const laws = [s.generator, ...(matrices ? matrices.map(lawOf) : sizes.slice(2).map(() => s.sampled))];
    yield { epoch: 0, chain: theoryChain(chain, sizes, laws), trainingLoss: 1, testLoss: 1 };
    return outcome("converged", 0, 0);
  }
  const runs = Array.from({ length: p.trainings }, (_, k) => {
    const rng = makeRng(k, "layer-entropy theory");
    const generator = s.generator.sample(rng.fork("generator"), sizes[1], sizes[0]);
    const weights = sizes.slice(2).map((_, l) => (matrices?.[l].data as Vec | undefined) ?? null);
    return train(chain, { generator, sizes: sizes.slice(1), weights }, planOf(p, sizes[1]), rng.fork("training")).frames;
  });
  for (;;) {
    const steps = runs.map((run) => run.next());
    const ended = steps.find((step) => step.done);
    if (ended) return steps.reduce((worst, step) => (step.done ? worse(worst, step.value) : worst), ended.value as Outcome);
    const frames = steps.map((step) => step.value as TrainedFrame);
    const laws = sizes.slice(2).map((rows, l) =>
      pooledLaw(
        frames.map((f) => f.singularValues[l]),
        rows,
        sizes[l + 1]
      )
    );
    const mean = (of: (f: TrainedFrame) => number) => frames.reduce((sum, f) => sum + of(f), 0) / frames.length;
    yield {
      epoch: frames[0].epoch,
      chain: theoryChain(chain, sizes, [s.generator, ...laws]),
      trainingLoss: mean((f) => f.trainingLoss),
      testLoss: mean((f) => f.testLoss)
    };
  }
}

const itself = () => layerEntropy;
/** X i.i.d. Gaussian, and one relu layer. */
const RELU = { labelRatio: 1, inputNoise: 0, layers: "relu:ratio=2,noise=0.1" };

export const layerEntropy = defineScenario({
  id: "layer-entropy",
  title: "Entropies of layers and the information plane",
  summary:
    "Labels make inputs, and a network of sampled, given or trained weights processes them. The replica theory and message passing tell the entropy of each layer and its mutual information with the inputs and with the labels, epoch by epoch when the singular values are trained.",
  formulas: [
    String.raw`Y \sim P_Y^{n_Y}, \qquad X = \sqrt{1-\Delta_0}\, W_0 Y + \sqrt{\Delta_0}\,\xi, \qquad T_l = \varphi_l\big(W_l T_{l-1} + \sqrt{\Delta_l}\,\xi_l\big), \quad T_0 = X`,
    String.raw`I(X;T_l) = H(T_l) - H(T_l|X), \qquad I(Y;T_l) = H(T_l) - H(T_l|Y), \qquad W_l = U_l \operatorname{diag}(s_l)\, V_l^T`
  ],
  family: "multi-layer models",
  params,
  observables: {
    entropy: nats("H(T)/n₀", "entropy of the layer's outputs (densities and probabilities both counted)", Number.NEGATIVE_INFINITY),
    informationX: nats("I(X;T)/n₀", "mutual information of the inputs and the layer", 0),
    informationY: nats("I(Y;T)/n₀", "mutual information of the labels and the layer", 0),
    trainingLoss: loss("E_train", "training"),
    testLoss: loss("E_test", "test")
  },
  thresholdNames: [],
  references: [
    {
      key: "gabrie2018",
      cite: "M. Gabrié, A. Manoel, C. Luneau, J. Barbier, N. Macris, F. Krzakala, L. Zdeborová, Entropy and mutual information in models of deep neural networks, NeurIPS 31 (2018)",
      url: "https://arxiv.org/abs/1805.09785",
      used: "section 4: the chain, training of singular values alone, entropies by the replica formula for rotationally invariant weights"
    }
  ],
  landmarks: [
    predictionLandmark(itself, RELU, "entropy", {
      name: "one relu layer, ratio 2, noise 0.1, i.i.d. Gaussian inputs: H(T)/n0",
      value: 1.5888658617,
      tolerance: 1e-9,
      source: "replica formula, adaptive quadrature"
    }),
    predictionLandmark(itself, RELU, "informationX", {
      name: "one relu layer, ratio 2, noise 0.1, i.i.d. Gaussian inputs: I(X;T)/n0",
      value: 1.1046688106,
      tolerance: 1e-9,
      source: "replica formula, adaptive quadrature"
    })
  ],
  agreement: [],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const s = settingOf(p);
    const n0 = s.matrices ? s.matrices[0].cols : p.size;
    const sizes = s.sizes.map((n) => Math.max(1, Math.round((n / s.sizes[1]) * n0)));
    const generator = s.generator.sample(rng.fork("generator"), sizes[1], sizes[0]);
    let unfinished = 0;
    let worst = outcome("converged", 0, 0);
    const entropiesOf = (weights: readonly LinearOperator[]): LayerValues => {
      const {
        values,
        outcome: end,
        unfinished: left
      } = instanceEntropies(instanceChain(s.chain, [generator, ...weights]), p.draws, rng.fork("data"), p);
      worst = worse(worst, end);
      unfinished += left;
      return values;
    };
    if (p.weights !== "trained") {
      const weights = s.matrices
        ? s.matrices.map(({ rows, cols, data }) => denseFrom(rows, cols, data))
        : sizes.slice(2).map((rows, l) => s.sampled.sample(rng.fork(`W${l + 1}`), rows, sizes[l + 1]));
      const losses = untrainedLosses(s.chain, sizes[0], samplesOf(p, n0), rng.fork("training"));
      yield frameOf(0, entropiesOf(weights), s.read, losses);
      return { ...worst, extra: { unfinished } };
    }
    const starts = sizes.slice(2).map((_, l) => (s.matrices ? (s.matrices[l].data as Vec) : null));
    const { network, frames } = train(s.chain, { generator, sizes: sizes.slice(1), weights: starts }, planOf(p, n0), rng.fork("training"));
    for (let step = frames.next(); ; step = frames.next()) {
      if (step.done) return { ...worse(step.value, worst), extra: { unfinished } };
      const weights = network.layers.slice(0, -1).map((layer) => denseFrom(layer.rows, layer.cols, weightsOf(layer)));
      yield frameOf(step.value.epoch, entropiesOf(weights), s.read, step.value);
    }
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const s = settingOf(p);
    const points = theoryPoints(p, s);
    let worst = outcome("converged", 0, 0);
    for (let step = points.next(); ; step = points.next()) {
      if (step.done) return worse(step.value, worst);
      const { values, outcome: end } = theoryEntropies(step.value.chain);
      worst = worse(worst, end);
      yield frameOf(step.value.epoch, values, s.read, step.value);
    }
  },

  predict(p: P): Prediction<O> {
    const s = settingOf(p);
    const points = theoryPoints(p, s);
    let last: TheoryPoint | null = null;
    let end: Outcome | null = null;
    for (let step = points.next(); end === null; step = points.next()) {
      if (step.done) end = step.value;
      else last = step.value;
    }
    if (!last)
      throw new ParameterError(`layer-entropy: training diverges at once (${end.advice}); take smaller weights or a smaller learningRate`);
    const { chain, trainingLoss, testLoss } = last;
    const stage = s.read + 1;
    const [H, givenX, givenY] = (["nothing", 1, 0] as const).map((given) => theoryEntropy(chain, stage, given, true));
    const all = theoryEntropies(chain);
    const observables = (of: "algorithmic" | "optimal") => ({
      entropy: H[of],
      informationX: Math.max(0, H[of] - givenX[of]),
      informationY: Math.max(0, H[of] - givenY[of]),
      trainingLoss,
      testLoss
    });
    const { matrices } = frameOf(last.epoch, all.values, s.read, last);
    const several = H.optimal < H.algorithmic - 1e-9;
    return {
      branches: {
        algorithmic: {
          outcome: worse(end, all.outcome),
          observables: observables("algorithmic"),
          freeEntropy: -H.algorithmic,
          ...(matrices ? { matrices } : {})
        },
        optimal: { outcome: worse(end, H.outcome), observables: observables("optimal"), freeEntropy: -H.optimal }
      },
      phase: several ? "hard" : null,
      fixedPoints: H.fixedPoints
    };
  }
});
