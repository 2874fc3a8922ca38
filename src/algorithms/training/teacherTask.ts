/** Tasks made by a teacher network: x drawn from a prior, y = teacher(x) + noise (regression), or its largest output (classification). */
import { ParameterError } from "../../core/parameters.ts";
import type { Prior, Rng, Vec } from "../../core/types.ts";
import { type TrainingLoss, makePass, type Samples } from "./backpropagation.ts";
import type { SpectralNetwork } from "./spectralNetwork.ts";

export interface Task {
  readonly loss: TrainingLoss;
  readonly inputs: number;
  /** Outputs of the square loss, classes of the cross-entropy. */
  readonly outputs: number;
  readonly training: Samples;
  readonly test: Samples;
}

export interface TeacherTaskOptions {
  readonly samples: number;
  /** Default: as many as `samples`. */
  readonly testSamples?: number;
  /** Default regression. */
  readonly kind?: "regression" | "classification";
  /** Variance of the Gaussian noise added to the teacher's outputs (before the largest is taken). Default 0. */
  readonly noise?: number;
  /** Of the components of x; N(0, 1) by default. */
  readonly prior?: Prior;
}

/** Throws ParameterError on wrong sizes, a negative noise, a complex prior, or fewer than two classes. */
export function teacherTask(rng: Rng, teacher: SpectralNetwork, options: TeacherTaskOptions): Task {
  const { samples, testSamples = samples, kind = "regression", noise = 0, prior } = options;
  for (const [name, n] of [
    ["samples", samples],
    ["testSamples", testSamples]
  ] as const)
    if (!Number.isInteger(n) || n < 1) throw new ParameterError(`teacher task: ${name} must be an integer >= 1, such as 1000, got ${n}`);
  if (!(noise >= 0 && Number.isFinite(noise)))
    throw new ParameterError(`teacher task: noise must be a variance >= 0, such as 0.01, got ${noise}`);
  if (prior && prior.scalar !== "real") throw new ParameterError("teacher task: the prior of the inputs must be real, got a complex one");
  const outputs = teacher.layers[teacher.layers.length - 1].rows;
  if (kind === "classification" && outputs < 2)
    throw new ParameterError(`teacher task: the teacher must have two outputs or more, one per class, for classification, got ${outputs}`);

  const draw = (label: string, count: number): Samples => {
    const inputs = new Float64Array(count * teacher.inputs);
    if (prior) prior.sample(rng.fork(`${label} inputs`), inputs);
    else rng.fork(`${label} inputs`).fillNormal(inputs);
    const seen = outputsOf(teacher, inputs, count);
    const added = new Float64Array(seen.length);
    rng.fork(`${label} noise`).fillNormal(added, Math.sqrt(noise));
    for (let i = 0; i < seen.length; i++) seen[i] += added[i];
    return { count, inputs, labels: kind === "regression" ? seen : largest(seen, outputs, count) };
  };
  return {
    loss: kind === "regression" ? "square" : "cross-entropy",
    inputs: teacher.inputs,
    outputs,
    training: draw("training", samples),
    test: draw("test", testSamples)
  };
}

/** Outputs of a network, `count` x n_L. */
export function outputsOf(network: SpectralNetwork, inputs: Vec, count: number): Vec {
  if (inputs.length !== count * network.inputs)
    throw new ParameterError(
      `network: inputs must have ${count * network.inputs} numbers (${count} x ${network.inputs}), got ${inputs.length}`
    );
  const outputs = network.layers[network.layers.length - 1].rows;
  const out = new Float64Array(count * outputs);
  const pass = makePass(network, "square", Math.min(count, 512));
  for (let from = 0; from < count; from += pass.capacity) {
    const n = Math.min(pass.capacity, count - from);
    pass.forward(inputs.subarray(from * network.inputs, (from + n) * network.inputs), null, n);
    out.set(pass.outputs.subarray(0, n * outputs), from * outputs);
  }
  return out;
}

function largest(values: Vec, classes: number, count: number): Vec {
  const labels = new Float64Array(count);
  for (let mu = 0; mu < count; mu++)
    for (let c = 1; c < classes; c++) if (values[mu * classes + c] > values[mu * classes + labels[mu]]) labels[mu] = c;
  return labels;
}
