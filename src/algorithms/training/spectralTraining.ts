/**
 * Gradient descent on the singular values of a network (Gabrié et al. 2018, "Entropy and mutual information in models of deep
 * neural networks", section 4): s <- s - rate dL/ds, full batch or mini-batches, plain or Adam (Kingma and Ba 2015, Algorithm 1).
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Rng, Vec } from "../../core/types.ts";
import { makePass, type Pass, type Samples } from "./backpropagation.ts";
import { type SpectralNetwork, singularValuesOf, transposeInto } from "./spectralNetwork.ts";
import type { Task } from "./teacherTask.ts";

export interface SpectralTrainingOptions {
  /** Passes over the training samples. */
  readonly epochs: number;
  readonly learningRate: number;
  /** Samples a step; all of them by default. */
  readonly batch?: number;
  /** Default gradient-descent. */
  readonly optimizer?: "gradient-descent" | "adam";
  /** Ends when the root mean square gradient, averaged over an epoch, is below this. Default 0: all epochs are run. */
  readonly tolerance?: number;
  /** Shuffles mini-batches; needed with `batch`. */
  readonly rng?: Rng;
}

/** After `epoch` passes; epoch 0 is the start. Arrays are the caller's to keep. */
export interface TrainingFrame {
  readonly epoch: number;
  /** Per sample, of the network as it is at the end of the epoch. */
  readonly trainingLoss: number;
  readonly testLoss: number;
  /** Share of wrong labels; null for the square loss. */
  readonly trainingError: number | null;
  readonly testError: number | null;
  /** One per layer: length min(rows, cols), >= 0, descending. */
  readonly singularValues: readonly Vec[];
}

/**
 * Trains `network` in place, one frame an epoch; the network at a frame is the one of that frame. Ends `horizon` after the last
 * epoch, `converged` below the tolerance, `diverged` (with advice) where the loss overflows: that epoch is not reported and the
 * network is left as it was before it. Throws ParameterError on wrong shapes or options.
 */
export function spectralTraining(
  network: SpectralNetwork,
  task: Task,
  options: SpectralTrainingOptions
): Generator<TrainingFrame, Outcome> {
  const { epochs, learningRate, batch = task.training.count, optimizer = "gradient-descent", tolerance = 0, rng } = options;
  check(network, task);
  if (!Number.isInteger(epochs) || epochs < 0)
    throw new ParameterError(`training: epochs must be an integer >= 0, such as 100, got ${epochs}`);
  if (!(learningRate > 0 && Number.isFinite(learningRate)))
    throw new ParameterError(`training: learningRate must be a number > 0, such as 0.01, got ${learningRate}`);
  if (!Number.isInteger(batch) || batch < 1) throw new ParameterError(`training: batch must be an integer >= 1, such as 100, got ${batch}`);
  if (!(tolerance >= 0 && Number.isFinite(tolerance)))
    throw new ParameterError(`training: tolerance must be a number >= 0, such as 1e-8, got ${tolerance}`);
  if (optimizer !== "adam" && optimizer !== "gradient-descent")
    throw new ParameterError(`training: optimizer must be one of gradient-descent, adam, got ${String(optimizer)}`);
  if (batch < task.training.count && !rng)
    throw new ParameterError("training: mini-batches need an rng that shuffles the samples, such as rng: makeRng(0)");
  const size = Math.min(batch, task.training.count);
  const pass = makePass(network, task.loss, Math.min(Math.max(size, 512), Math.max(task.training.count, task.test.count)));
  return epochsOf(network, task, pass, { epochs, learningRate, size, adam: optimizer === "adam", tolerance, rng: rng ?? null });
}

interface Plan {
  readonly epochs: number;
  readonly learningRate: number;
  readonly size: number;
  readonly adam: boolean;
  readonly tolerance: number;
  readonly rng: Rng | null;
}

function* epochsOf(network: SpectralNetwork, task: Task, pass: Pass, plan: Plan): Generator<TrainingFrame, Outcome> {
  const { training } = task;
  const { size } = plan;
  const targets = network.layers.map(({ trained, s, free }) => (trained === "none" ? new Float64Array(0) : (free?.W ?? s)));
  const step = plan.adam ? adamStep(targets, plan.learningRate) : descentStep(targets, plan.learningRate);
  const sums = targets.map(({ length }) => new Float64Array(length));
  const before = targets.map(({ length }) => new Float64Array(length));
  const order = Uint32Array.from({ length: training.count }, (_, i) => i);
  const width = training.labels.length / training.count;
  const x = new Float64Array(size < training.count ? size * network.inputs : 0);
  const y = new Float64Array(size < training.count ? size * width : 0);
  const start = frame(network, task, pass, 0);
  if (!start) return outcome("diverged", 1, 0, { advice: "the loss of the start overflows: make the weights or the data smaller" });
  yield start;

  let residual = Number.MAX_VALUE;
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    for (let l = 0; l < targets.length; l++) {
      before[l].set(targets[l]);
      sums[l].fill(0);
    }
    if (plan.rng && size < training.count) shuffle(order, plan.rng.fork(`epoch ${epoch}`));
    for (let from = 0; from < training.count; from += size) {
      const n = Math.min(size, training.count - from);
      const [inputs, labels] = size < training.count ? [x, y] : [training.inputs, training.labels];
      if (size < training.count) {
        gather(training.inputs, network.inputs, order, from, n, x);
        gather(training.labels, width, order, from, n, y);
      }
      pass.forward(inputs, labels.subarray(0, n * width), n);
      pass.backward(inputs, n);
      for (let l = 0; l < targets.length; l++)
        for (let i = 0; i < sums[l].length; i++) sums[l][i] += (pass.gradients[l][i] * n) / training.count;
      step(pass.gradients);
      for (const { free, rows, cols } of network.layers) if (free) transposeInto(free.W, rows, cols, free.Wt);
    }
    residual = rootMeanSquare(sums);
    const now = Number.isFinite(residual) ? frame(network, task, pass, epoch) : null;
    if (!now) {
      for (let l = 0; l < targets.length; l++) targets[l].set(before[l]);
      for (const { free, rows, cols } of network.layers) if (free) transposeInto(free.W, rows, cols, free.Wt);
      return outcome("diverged", residual, epoch, {
        advice: `the loss overflows at epoch ${epoch}: take a smaller learningRate than ${plan.learningRate}`
      });
    }
    yield now;
    if (residual < plan.tolerance) return outcome("converged", residual, epoch);
  }
  return outcome("horizon", residual, plan.epochs);
}

/** Null where a loss or a weight is not a finite number. */
function frame(network: SpectralNetwork, task: Task, pass: Pass, epoch: number): TrainingFrame | null {
  for (const { s, free } of network.layers) if (!(free?.W ?? s).every(Number.isFinite)) return null;
  const training = evaluate(network, task.training, pass);
  const test = evaluate(network, task.test, pass);
  if (!Number.isFinite(training.loss) || !Number.isFinite(test.loss)) return null;
  const classes = task.loss === "cross-entropy";
  return {
    epoch,
    trainingLoss: training.loss,
    testLoss: test.loss,
    trainingError: classes ? training.wrong : null,
    testError: classes ? test.wrong : null,
    singularValues: network.layers.map(singularValuesOf)
  };
}

function evaluate(network: SpectralNetwork, { count, inputs, labels }: Samples, pass: Pass): { loss: number; wrong: number } {
  const width = labels.length / count;
  let loss = 0;
  let wrong = 0;
  for (let from = 0; from < count; from += pass.capacity) {
    const n = Math.min(pass.capacity, count - from);
    const sums = pass.forward(
      inputs.subarray(from * network.inputs, (from + n) * network.inputs),
      labels.subarray(from * width, (from + n) * width),
      n
    );
    loss += sums.loss / count;
    wrong += sums.wrong / count;
  }
  return { loss, wrong };
}

type Step = (gradients: readonly Vec[]) => void;

function descentStep(targets: readonly Vec[], rate: number): Step {
  return (gradients) => {
    for (let l = 0; l < targets.length; l++) for (let i = 0; i < targets[l].length; i++) targets[l][i] -= rate * gradients[l][i];
  };
}

/** beta = (0.9, 0.999), epsilon = 1e-8. */
function adamStep(targets: readonly Vec[], rate: number): Step {
  const first = targets.map(({ length }) => new Float64Array(length));
  const second = targets.map(({ length }) => new Float64Array(length));
  let t = 0;
  return (gradients) => {
    t++;
    const bias1 = 1 - 0.9 ** t;
    const bias2 = 1 - 0.999 ** t;
    for (let l = 0; l < targets.length; l++) {
      const [m, v, g, target] = [first[l], second[l], gradients[l], targets[l]];
      for (let i = 0; i < target.length; i++) {
        m[i] += 0.1 * (g[i] - m[i]);
        v[i] += 0.001 * (g[i] * g[i] - v[i]);
        target[i] -= (rate * m[i]) / bias1 / (Math.sqrt(v[i] / bias2) + 1e-8);
      }
    }
  };
}

/** Fisher-Yates. */
function shuffle(order: Uint32Array, rng: Rng): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng.uniform() * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

function gather(from: Vec, width: number, order: Uint32Array, first: number, n: number, out: Vec): void {
  for (let mu = 0, at = 0; mu < n; mu++)
    for (let i = 0, source = order[first + mu] * width; i < width; i++, at++) out[at] = from[source + i];
}

function rootMeanSquare(vectors: readonly Vec[]): number {
  let sum = 0;
  let n = 0;
  for (const v of vectors) {
    for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
    n += v.length;
  }
  return n === 0 ? 0 : Math.sqrt(sum / n);
}

function check(network: SpectralNetwork, task: Task): void {
  const last = network.layers[network.layers.length - 1];
  if (task.inputs !== network.inputs)
    throw new ParameterError(`training: the task must have as many inputs as the network, ${network.inputs}, got ${task.inputs}`);
  if (task.outputs !== last.rows)
    throw new ParameterError(`training: the task must have as many outputs as the last layer, ${last.rows}, got ${task.outputs}`);
  if (task.loss === "cross-entropy" && last.activation?.segments?.some(({ slope, offset }) => slope !== 1 || offset !== 0))
    throw new ParameterError("training: the last layer must be linear under the cross-entropy, whose softmax follows it");
  for (const [name, samples] of [
    ["training", task.training],
    ["test", task.test]
  ] as const) {
    const width = task.loss === "square" ? task.outputs : 1;
    if (samples.inputs.length !== samples.count * task.inputs)
      throw new ParameterError(
        `training: ${name} inputs must have ${samples.count * task.inputs} numbers (${samples.count} x ${task.inputs}), got ${samples.inputs.length}`
      );
    if (samples.labels.length !== samples.count * width)
      throw new ParameterError(
        `training: ${name} labels must have ${samples.count * width} numbers (${samples.count} x ${width}), got ${samples.labels.length}`
      );
    if (task.loss === "cross-entropy" && !samples.labels.every((c) => Number.isInteger(c) && c >= 0 && c < task.outputs))
      throw new ParameterError(`training: ${name} labels must be class numbers 0 to ${task.outputs - 1}`);
  }
}
