/** z = x_1 + ... + x_k of independent variables: means and variances add up forwards, the others are noise of known mean backwards. */
import type { Message, Module, Precision, Scalar } from "../core/types.ts";
import { bounded, checkCount, checkMessages, checkPort, GREATEST, half, LEAST, logGaussian, port } from "./ports.ts";

/** `count` inputs and one output, all of `size` components. Throws ParameterError. */
export function sumModule(count: number, size: number, scalar: Scalar = "real"): Module {
  const kind = "sum";
  checkCount(kind, "count", count);
  const one = port(kind, size, scalar);
  const inputs = Array.from({ length: count }, () => one);
  const ports = [...inputs, one];
  const h = half(scalar);
  /** Sum of the variances of the inputs but one. */
  const spread = (a: readonly Precision[], but = -1): number => {
    let s = 0;
    for (let j = 0; j < count; j++) if (j !== but) s += 1 / bounded(a[j]);
    return s;
  };
  /** `v` from the message of the port itself and the one that the rest sends, so that nothing is subtracted. */
  const state = (p: number, a: readonly Precision[]): { readonly v: number; readonly extrinsic: Precision } => {
    const az = Math.min(a[count], GREATEST);
    const extrinsic = p === count ? 1 / spread(a) : az / (1 + spread(a, p) * az);
    return { v: 1 / Math.max(Math.min(a[p], GREATEST) + extrinsic, LEAST), extrinsic };
  };
  const precisions = (messages: readonly Message[]): number[] => messages.map((m) => m.a);
  return {
    kind,
    inputs,
    outputs: [one],
    sample(_rng, terms, [z]) {
      z.fill(0);
      for (const x of terms) for (let i = 0; i < z.length; i++) z[i] += x[i];
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      checkMessages(kind, ports, messages);
      const made = state(p, precisions(messages));
      b.fill(0);
      for (let j = 0; j < count; j++) {
        if (j === p) continue;
        const { b: bj } = messages[j];
        const vj = 1 / Math.max(messages[j].a, LEAST);
        for (let i = 0; i < b.length; i++) b[i] += vj * bj[i];
      }
      const own = messages[p].b;
      const { a: az, b: bz } = messages[count];
      const gain = p === count || az === 0 ? 0 : made.extrinsic / az;
      for (let i = 0; i < b.length; i++) {
        b[i] = p === count ? made.extrinsic * b[i] : gain * bz[i] - made.extrinsic * b[i];
        mean[i] = made.v * (b[i] + own[i]);
      }
      return made;
    },
    variances(p, messages, out) {
      checkPort(kind, ports, p);
      out.fill(state(p, precisions(messages)).v);
    },
    logPartition(messages) {
      checkMessages(kind, ports, messages);
      const s = spread(precisions(messages));
      const { a: az, b: bz } = messages[count];
      let constants = 0;
      let exponent = 0;
      for (let j = 0; j < count; j++) {
        const a = Math.max(messages[j].a, LEAST);
        constants += logGaussian(scalar, a);
        for (let i = 0; i < bz.length; i++) exponent += messages[j].b[i] ** 2 / a;
      }
      for (let i = 0; i < bz.length; i++) {
        let m = 0;
        for (let j = 0; j < count; j++) m += messages[j].b[i] / Math.max(messages[j].a, LEAST);
        exponent += (bz[i] * bz[i] * s + m * (2 * bz[i] - az * m)) / (1 + s * az);
      }
      return size * (constants - h * Math.log1p(s * az)) + h * exponent;
    },
    secondMoments(tau) {
      tau[count] = 0;
      for (let j = 0; j < count; j++) tau[count] += tau[j];
    },
    error(p, a) {
      checkPort(kind, ports, p);
      return state(p, a);
    },
    freeEntropy(a) {
      let constants = 0;
      for (let j = 0; j < count; j++) constants += logGaussian(scalar, bounded(a[j])) - h;
      return size * (constants - h * Math.log1p(spread(a) * Math.min(a[count], GREATEST)));
    }
  };
}
