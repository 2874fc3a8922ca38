/**
 * Losses of a network on a batch and their gradients, by products with U, diag(s) and V^T in turn (W is never formed):
 * with p = V^T h and delta = dL/dz, dL/ds_k = sum_mu (U^T delta)_mu,k p_mu,k and dL/dh = V diag(s) U^T delta.
 */
import type { Vec } from "../../core/types.ts";
import { multiply } from "../../linalg/index.ts";
import type { SpectralLayer, SpectralNetwork } from "./spectralNetwork.ts";

/** `square`: sum over outputs of (out - y)^2/2. `cross-entropy`: -ln softmax(out)_label, nats. Both averaged over the samples. */
export type TrainingLoss = "square" | "cross-entropy";

/** Inputs row-major `count` x n_0; labels `count` x n_L for the square loss, class numbers 0, 1, ... (length `count`) for the other. */
export interface Samples {
  readonly count: number;
  readonly inputs: Vec;
  readonly labels: Vec;
}

/** Of one layer and up to `capacity` samples: z, h = phi(z), p = V^T h_below, its scaled copy, and dL/dz. */
interface LayerSpace {
  readonly z: Vec;
  readonly h: Vec;
  readonly p: Vec;
  readonly q: Vec;
  readonly delta: Vec;
  /** dL/ds, or dL/dW of a free layer, or empty. */
  readonly gradient: Vec;
}

export interface Pass {
  readonly capacity: number;
  /** Summed loss and, for cross-entropy, wrong labels of the batch (0 otherwise). Outputs remain in `outputs`. */
  forward(inputs: Vec, labels: Vec | null, count: number): { readonly loss: number; readonly wrong: number };
  /** After `forward` with labels of the same `count` samples: fills `gradients` with those of the loss averaged over them. */
  backward(inputs: Vec, count: number): void;
  readonly outputs: Vec;
  /** One per layer: length rank, rows * cols (free), or 0 (not trained). */
  readonly gradients: readonly Vec[];
}

/** Buffers for batches of up to `capacity` samples, and the two passes through them. */
export function makePass(network: SpectralNetwork, loss: TrainingLoss, capacity: number): Pass {
  const { layers } = network;
  const widest = layers.reduce((most, { rows, cols }) => Math.max(most, rows, cols), 0);
  const spaces: LayerSpace[] = layers.map((layer) => ({
    z: new Float64Array(capacity * layer.rows),
    h: new Float64Array(capacity * layer.rows),
    p: new Float64Array(capacity * layer.rank),
    q: new Float64Array(capacity * layer.rank),
    delta: new Float64Array(capacity * layer.rows),
    gradient: new Float64Array(layer.trained === "weights" ? layer.rows * layer.cols : layer.trained === "none" ? 0 : layer.rank)
  }));
  const below = new Float64Array(capacity * widest);
  const last = layers.length - 1;
  const lowest = layers.findIndex(({ trained }) => trained !== "none");

  return {
    capacity,
    outputs: spaces[last].h,
    gradients: spaces.map(({ gradient }) => gradient),
    forward(inputs, labels, count) {
      let h = inputs.subarray(0, count * network.inputs);
      for (let l = 0; l <= last; l++) {
        propagate(layers[l], spaces[l], h, count);
        h = spaces[l].h.subarray(0, count * layers[l].rows);
      }
      if (!labels) return { loss: 0, wrong: 0 };
      return loss === "square"
        ? { loss: squareLoss(h, labels, spaces[last].delta), wrong: 0 }
        : softmaxLoss(h, labels, layers[last].rows, count, spaces[last].delta);
    },
    backward(inputs, count) {
      for (let l = last; l >= lowest && lowest >= 0; l--) {
        const { rows, cols, rank, activation, s, U, Vt, free } = layers[l];
        const { z, p, q, delta, gradient } = spaces[l];
        const d = delta.subarray(0, count * rows);
        if (activation) timesSlope(activation.segments ?? [], z, d);
        const h = l === 0 ? inputs.subarray(0, count * network.inputs) : spaces[l - 1].h.subarray(0, count * cols);
        const u = q.subarray(0, count * rank);
        if (free) multiply(rows, cols, count, d, h, gradient, { adjoint: true });
        else multiply(count, rank, rows, d, U, u);
        if (layers[l].trained === "singular-values") {
          gradient.fill(0);
          for (let mu = 0, at = 0; mu < count; mu++) for (let k = 0; k < rank; k++, at++) gradient[k] += u[at] * p[at];
        }
        for (let i = 0; i < gradient.length; i++) gradient[i] /= count;
        if (l === lowest) return;
        const out = below.subarray(0, count * cols);
        if (free) multiply(count, cols, rows, d, free.W, out);
        else {
          for (let mu = 0, at = 0; mu < count; mu++) for (let k = 0; k < rank; k++, at++) u[at] *= s[k];
          multiply(count, cols, rank, u, Vt, out);
        }
        spaces[l - 1].delta.set(out);
      }
    }
  };
}

function propagate(layer: SpectralLayer, space: LayerSpace, input: Vec, count: number): void {
  const { rows, cols, rank, s, V, Ut, free, activation } = layer;
  const z = space.z.subarray(0, count * rows);
  const h = space.h.subarray(0, count * rows);
  if (free) multiply(count, rows, cols, input, free.Wt, z);
  else {
    const p = space.p.subarray(0, count * rank);
    const q = space.q.subarray(0, count * rank);
    multiply(count, rank, cols, input, V, p);
    for (let mu = 0, at = 0; mu < count; mu++) for (let k = 0; k < rank; k++, at++) q[at] = s[k] * p[at];
    multiply(count, rows, rank, q, Ut, z);
  }
  if (activation) activation.apply(z, h);
  else h.set(z);
}

function timesSlope(segments: readonly { readonly to: number; readonly slope: number }[], z: Vec, delta: Vec): void {
  const last = segments.length - 1;
  for (let i = 0; i < delta.length; i++) {
    let k = 0;
    while (k < last && z[i] >= segments[k].to) k++;
    delta[i] *= segments[k].slope;
  }
}

/** Writes d loss/d out of each sample (not averaged); returns the sum over samples. */
function squareLoss(out: Vec, labels: Vec, delta: Vec): number {
  let sum = 0;
  for (let i = 0; i < out.length; i++) {
    delta[i] = out[i] - labels[i];
    sum += 0.5 * delta[i] ** 2;
  }
  return sum;
}

function softmaxLoss(out: Vec, labels: Vec, classes: number, count: number, delta: Vec): { loss: number; wrong: number } {
  let loss = 0;
  let wrong = 0;
  for (let mu = 0, at = 0; mu < count; mu++, at += classes) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (out[at + c] > out[at + best]) best = c;
    let Z = 0;
    for (let c = 0; c < classes; c++) {
      delta[at + c] = Math.exp(out[at + c] - out[at + best]);
      Z += delta[at + c];
    }
    for (let c = 0; c < classes; c++) delta[at + c] /= Z;
    delta[at + labels[mu]] -= 1;
    loss += Math.log(Z) + out[at + best] - out[at + labels[mu]];
    if (best !== labels[mu]) wrong++;
  }
  return { loss, wrong };
}
