/**
 * The information plane of a network: labels Y make inputs X, a network turns X into T_1 ... T_L. How many nats are in a layer, H(T_l),
 * and how many of them are about X and about Y? Sampled weights, weights from files, or weights trained on their singular values
 * alone, along the epochs (Gabrié et al. 2018).
 */
import { weightsOf } from "../algorithms/training/index.ts";
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, LinearOperator, Observable, Outcome, Prediction, Rng, SimulationEnd, Vec } from "../core/types.ts";
import { denseFrom } from "../linalg/index.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { instanceEntropies, type LayerValues, theoryLayers, theoryOutcome, theoryValues, worse } from "./layerEntropy/entropies.ts";
import { type P, params, planOf, samplesOf, settingOf } from "./layerEntropy/setting.ts";
import { instanceChain } from "./layerEntropy/stages.ts";
import { type TheoryPoint, theoryPoints } from "./layerEntropy/theoryPoints.ts";
import { train, untrainedLosses } from "./layerEntropy/training.ts";

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
  theoryPoints: 21,
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
  // The theory of trained weights averages trainings of its own, whose spread adds to that of the runs.
  agreement: [
    { at: "end", bias: 2, params: { size: 200 } },
    {
      at: "end",
      bias: 2,
      params: {
        size: 200,
        generator: "iid",
        prior: "binary",
        weights: "orthogonal",
        layers: "relu:ratio=1.5,noise=0.1;hard-tanh:ratio=0.8,noise=0.05"
      }
    },
    { at: "every-t", bias: 2, params: { size: 100, weights: "trained", epochs: 40, frames: 3, draws: 2, trainings: 8 }, seeds: 8 }
  ],

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
      const layers = theoryLayers(step.value.chain);
      worst = worse(worst, theoryOutcome(layers));
      yield frameOf(step.value.epoch, theoryValues(layers, "algorithmic"), s.read, step.value);
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
    const point = last;
    const layers = theoryLayers(point.chain, s.read);
    const { whole } = layers[s.read];
    const branch = (of: "algorithmic" | "optimal", ended: Outcome) => {
      const { t: _, matrices, ...observables } = frameOf(point.epoch, theoryValues(layers, of), s.read, point);
      return { outcome: worse(end as Outcome, ended), observables, freeEntropy: -whole[of], ...(matrices ? { matrices } : {}) };
    };
    return {
      branches: { algorithmic: branch("algorithmic", theoryOutcome(layers)), optimal: branch("optimal", whole.outcome) },
      phase: whole.optimal < whole.algorithmic ? "hard" : null,
      fixedPoints: whole.fixedPoints
    };
  }
});
