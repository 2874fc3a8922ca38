/** x_1 = ... = x_k = x: one variable used k times (precisions and fields add up), and the reshape, which is a duplicate into one copy. */
import type { Message, Module, Precision, Scalar, Vec } from "../core/types.ts";
import { checkCount, checkMessages, checkPort, GREATEST, half, LEAST, logGaussian, port } from "./ports.ts";

/** One input, `copies` outputs, all of `size` components. Throws ParameterError. */
export function duplicateModule(copies: number, size: number, scalar: Scalar = "real"): Module {
  checkCount("duplicate", "copies", copies);
  return equality("duplicate", copies, size, scalar);
}

/** Identity on the data: the same numbers read as another shape. */
export function reshapeModule(size: number, scalar: Scalar = "real"): Module {
  return equality("reshape", 1, size, scalar);
}

function equality(kind: string, copies: number, size: number, scalar: Scalar): Module {
  const one = port(kind, size, scalar);
  const outputs = Array.from({ length: copies }, () => one);
  const ports = [one, ...outputs];
  const h = half(scalar);
  const total = (a: readonly Precision[], but = -1): number => {
    let s = 0;
    for (let p = 0; p < a.length; p++) if (p !== but) s += Math.min(a[p], GREATEST);
    return s;
  };
  const precisions = (messages: readonly Message[]): number[] => messages.map((m) => m.a);
  return {
    kind,
    inputs: [one],
    outputs,
    sample(_rng, [x], made) {
      for (const copy of made) copy.set(x);
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      checkMessages(kind, ports, messages);
      const a = precisions(messages);
      const v = 1 / Math.max(total(a), LEAST);
      b.fill(0);
      for (let q = 0; q < messages.length; q++) if (q !== p) add(messages[q].b, b);
      const own = messages[p].b;
      for (let i = 0; i < mean.length; i++) mean[i] = v * (b[i] + own[i]);
      return { v, extrinsic: total(a, p) };
    },
    variances(p, messages, out) {
      checkPort(kind, ports, p);
      out.fill(1 / Math.max(total(precisions(messages)), LEAST));
    },
    logPartition(messages) {
      checkMessages(kind, ports, messages);
      const A = Math.max(total(precisions(messages)), LEAST);
      let square = 0;
      for (let i = 0; i < messages[0].b.length; i++) {
        let B = 0;
        for (let p = 0; p < messages.length; p++) B += messages[p].b[i];
        square += B * B;
      }
      return size * logGaussian(scalar, A) + (h * square) / A;
    },
    secondMoments(tau) {
      tau.fill(tau[0], 1, copies + 1);
    },
    error(p, a) {
      checkPort(kind, ports, p);
      return { v: 1 / Math.max(total(a), LEAST), extrinsic: total(a, p) };
    },
    /** E |B|^2/A = A tau - 1 on the matched line, so that only the determinant and -h stay. */
    freeEntropy: (a) => size * (logGaussian(scalar, Math.max(total(a), LEAST)) - h)
  };
}

function add(from: Vec, to: Vec): void {
  for (let i = 0; i < to.length; i++) to[i] += from[i];
}
