/** z = (x_1, ..., x_k) one after the other, and its reverse: the only plumbing where one precision stands for blocks of different ones. */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Module, Precision, Projection, Scalar, Vec } from "../core/types.ts";
import { bounded, checkMessages, checkPort, GREATEST, half, LEAST, logGaussian, port, widthOf } from "./ports.ts";

/** Inputs of the given sizes, one output of their sum. Throws ParameterError. */
export function concatenateModule(sizes: readonly number[], scalar: Scalar = "real"): Module {
  return blocks("concatenate", sizes, scalar, false);
}

/** One input, outputs of the given sizes, in order. Throws ParameterError. */
export function splitModule(sizes: readonly number[], scalar: Scalar = "real"): Module {
  return blocks("split", sizes, scalar, true);
}

function blocks(kind: string, sizes: readonly number[], scalar: Scalar, split: boolean): Module {
  if (sizes.length < 1) throw new ParameterError(`${kind}: sizes must name at least one block such as [100, 50], got none`);
  const parts = sizes.map((n) => port(kind, n, scalar));
  const total = sizes.reduce((s, n) => s + n, 0);
  const whole = port(kind, total, scalar);
  const count = sizes.length;
  const inputs = split ? [whole] : parts;
  const outputs = split ? parts : [whole];
  const ports = [...inputs, ...outputs];
  /** The place of the whole among the ports, and of block j. */
  const W = split ? 0 : count;
  const at = (j: number): number => (split ? j + 1 : j);
  const w = widthOf(scalar);
  const starts = sizes.map((_, j) => w * sizes.slice(0, j).reduce((s, n) => s + n, 0));
  const h = half(scalar);

  const state = (p: number, a: readonly Precision[]): Projection => {
    const aw = Math.min(a[W], GREATEST);
    if (p !== W) return { v: 1 / bounded(a[p] + aw), extrinsic: aw };
    let v = 0;
    let known = 0; // 1 - a v, as a sum of positive terms
    for (let j = 0; j < count; j++) {
      const aj = Math.min(a[at(j)], GREATEST);
      const one = 1 / Math.max(aj + aw, LEAST);
      v += (sizes[j] / total) * one;
      known += (sizes[j] / total) * aj * one;
    }
    return { v, extrinsic: known / v };
  };
  const precisions = (messages: readonly Message[]): number[] => messages.map((m) => m.a);
  const logDeterminants = (a: readonly Precision[]): number => {
    let s = 0;
    for (let j = 0; j < count; j++) s += sizes[j] * logGaussian(scalar, bounded(a[at(j)] + a[W]));
    return s;
  };

  return {
    kind,
    inputs,
    outputs,
    sample(_rng, given, made) {
      for (let j = 0; j < count; j++) {
        if (split) made[j].set(given[0].subarray(starts[j], starts[j] + w * sizes[j]));
        else made[0].set(given[j], starts[j]);
      }
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      checkMessages(kind, ports, messages);
      const made = state(p, precisions(messages));
      const all = messages[W];
      if (p !== W) {
        const own = messages[p].b;
        const start = starts[split ? p - 1 : p];
        for (let i = 0; i < b.length; i++) {
          b[i] = all.b[start + i];
          mean[i] = made.v * (own[i] + b[i]);
        }
        return made;
      }
      for (let j = 0; j < count; j++) {
        const { a, b: bj } = messages[at(j)];
        const v = 1 / Math.max(a + all.a, LEAST);
        for (let i = 0, k = starts[j]; i < bj.length; i++, k++) {
          mean[k] = v * (bj[i] + all.b[k]);
          b[k] = mean[k] / made.v - all.b[k];
        }
      }
      return made;
    },
    variances(p, messages, out: Vec) {
      checkPort(kind, ports, p);
      const a = precisions(messages);
      if (p !== W) out.fill(state(p, a).v);
      else for (let j = 0; j < count; j++) out.fill(1 / Math.max(a[at(j)] + a[W], LEAST), starts[j] / w, starts[j] / w + sizes[j]);
    },
    logPartition(messages) {
      checkMessages(kind, ports, messages);
      const all = messages[W];
      let exponent = 0;
      for (let j = 0; j < count; j++) {
        const { a, b } = messages[at(j)];
        let square = 0;
        for (let i = 0, k = starts[j]; i < b.length; i++, k++) square += (b[i] + all.b[k]) ** 2;
        exponent += square / Math.max(a + all.a, LEAST);
      }
      return logDeterminants(precisions(messages)) + h * exponent;
    },
    secondMoments(tau) {
      if (split) tau.fill(tau[0], 1, count + 1);
      else {
        tau[W] = 0;
        for (let j = 0; j < count; j++) tau[W] += (sizes[j] / total) * tau[j];
      }
    },
    error(p, a) {
      checkPort(kind, ports, p);
      return state(p, a);
    },
    freeEntropy: (a) => logDeterminants(a) - h * total
  };
}
