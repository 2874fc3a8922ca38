/**
 * Training of the hidden layers' singular values (U and V fixed) so that a linear readout of T_L, trained freely from zero, gives the
 * labels Y back from X: the task of Gabrié et al. 2018, section 4, by gradient descent on the mean squared error, without noise in the layers.
 */
import { type SpectralNetwork, spectralNetwork, spectralTraining, type Task } from "../../algorithms/training/index.ts";
import type { LinearOperator, Outcome, Rng, Vec } from "../../core/types.ts";
import type { Chain } from "./stages.ts";

export interface TrainingPlan {
  readonly epochs: number;
  readonly learningRate: number;
  /** Samples a step, 0 for all. */
  readonly batch: number;
  readonly optimizer: "gradient-descent" | "adam";
  /** Training samples; as many test samples. */
  readonly samples: number;
  /** The epochs reported, ascending. */
  readonly reported: readonly number[];
}

export interface TrainedFrame {
  readonly epoch: number;
  /** Mean squared errors per component of Y over E y^2: 1 for a network that knows nothing. */
  readonly trainingLoss: number;
  readonly testLoss: number;
  /** Of the hidden layers, >= 0, descending. */
  readonly singularValues: readonly Vec[];
}

/** 0, then `frames` epochs up to the last, evenly spaced in their logarithm (fewer where these are the same integer). */
export function reportedEpochs(epochs: number, frames: number): number[] {
  const at = new Set([0]);
  for (let k = 1; k <= frames; k++) at.add(Math.max(1, Math.round(frames === 1 ? epochs : epochs ** ((k - 1) / (frames - 1)))));
  return [...at].filter((t) => t <= epochs).sort((a, b) => a - b);
}

/** X and Y of `count` samples, row-major; X only if `generator` is given. */
function drawPairs({ prior, stages }: Chain, generator: LinearOperator, count: number, rng: Rng): { x: Vec; y: Vec } {
  const { rows, cols } = generator;
  const y = new Float64Array(count * cols);
  prior.sample(rng.fork("labels"), y);
  const x = new Float64Array(count * rows);
  rng.fork("noise").fillNormal(x, Math.sqrt(stages[0].noise));
  const z = new Float64Array(rows);
  for (let mu = 0; mu < count; mu++) {
    generator.apply(y.subarray(mu * cols, (mu + 1) * cols), z);
    for (let i = 0; i < rows; i++) x[mu * rows + i] += z[i];
  }
  return { x, y };
}

/** The mean squared errors of a readout that is zero, over labels drawn as `train` would draw them. */
export function untrainedLosses(
  chain: Chain,
  labels: number,
  samples: number,
  rng: Rng
): { readonly trainingLoss: number; readonly testLoss: number } {
  const [trainingLoss, testLoss] = ["training", "test"].map((set) => {
    const y = new Float64Array(samples * labels);
    chain.prior.sample(rng.fork(set).fork("labels"), y);
    return y.reduce((s, v) => s + v * v, 0) / y.length / chain.prior.secondMoment;
  });
  return { trainingLoss, testLoss };
}

/**
 * One frame a reported epoch, at which `network.layers` are as they are then, the readout last. `weights`: the hidden matrices to start
 * from (row-major), Gaussian where null; `sizes`: n_0 ... n_L.
 */
export function train(
  chain: Chain,
  {
    generator,
    sizes,
    weights
  }: { readonly generator: LinearOperator; readonly sizes: readonly number[]; readonly weights: readonly (Vec | null)[] },
  plan: TrainingPlan,
  rng: Rng
): { readonly network: SpectralNetwork; readonly frames: Generator<TrainedFrame, Outcome> } {
  const outputs = generator.cols;
  const hidden = sizes.slice(1);
  const network = spectralNetwork(rng.fork("weights"), sizes[0], [
    ...hidden.map((size, l) => ({ size, activation: chain.stages[l + 1].activation, weights: weights[l] ?? ("gaussian" as const) })),
    { size: outputs, trained: "weights" as const, weights: new Float64Array(outputs * hidden[hidden.length - 1]) }
  ]);
  const samplesOf = (set: string) => {
    const { x, y } = drawPairs(chain, generator, plan.samples, rng.fork(set));
    return { count: plan.samples, inputs: x, labels: y };
  };
  const task: Task = { loss: "square", inputs: sizes[0], outputs, training: samplesOf("training"), test: samplesOf("test") };
  return { network, frames: framesOf(network, task, plan, 2 / (outputs * chain.prior.secondMoment), rng) };
}

function* framesOf(network: SpectralNetwork, task: Task, plan: TrainingPlan, unit: number, rng: Rng): Generator<TrainedFrame, Outcome> {
  const { epochs, learningRate, batch, optimizer, reported } = plan;
  const wanted = new Set(reported);
  const run = spectralTraining(network, task, {
    epochs,
    learningRate,
    optimizer,
    ...(batch > 0 ? { batch } : {}),
    rng: rng.fork("shuffle")
  });
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
    const { epoch, trainingLoss, testLoss, singularValues } = step.value;
    if (wanted.has(epoch))
      yield { epoch, trainingLoss: unit * trainingLoss, testLoss: unit * testLoss, singularValues: singularValues.slice(0, -1) };
  }
}
