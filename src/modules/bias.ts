/** x_2 = x_1 + c with a known vector c: precisions pass unchanged, fields are shifted by a c. */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Module, Scalar, Vec } from "../core/types.ts";
import { bounded, checkMessages, checkPort, GREATEST, half, LEAST, logGaussian, port, widthOf } from "./ports.ts";

/** The vector itself, or for theory alone its size and second moment per component. */
export type Bias = Vec | { readonly size: number; readonly secondMoment: number };

/** One input, one output. `bias` is interleaved if complex. Second moments add up as for inputs of mean zero. Throws ParameterError. */
export function biasModule(bias: Bias, scalar: Scalar = "real"): Module {
  const kind = "bias";
  const c = bias instanceof Float64Array ? bias : null;
  const size = bias instanceof Float64Array ? bias.length / widthOf(scalar) : bias.size;
  const one = port(kind, size, scalar);
  const ports = [one, one];
  const h = half(scalar);
  let power = bias instanceof Float64Array ? 0 : bias.secondMoment;
  if (c) {
    for (let i = 0; i < c.length; i++) power += c[i] * c[i];
    power /= size;
  }
  if (!(power >= 0 && power < Number.POSITIVE_INFINITY))
    throw new ParameterError(`bias: entries must be finite numbers (a second moment >= 0), got a second moment ${power}`);
  const vector = (): Vec => {
    if (!c) throw new ParameterError("bias: an instance needs the vector itself, but only its second moment was given");
    return c;
  };
  const total = (messages: readonly Message[]): number => Math.max(messages[0].a + messages[1].a, LEAST);
  return {
    kind,
    inputs: [one],
    outputs: [one],
    sample(_rng, [x], [z]) {
      const shift = vector();
      for (let i = 0; i < z.length; i++) z[i] = x[i] + shift[i];
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      checkMessages(kind, ports, messages);
      const shift = vector();
      const own = messages[p];
      const other = messages[1 - p];
      const v = 1 / total(messages);
      const a = p === 0 ? -other.a : other.a;
      for (let i = 0; i < b.length; i++) {
        b[i] = other.b[i] + a * shift[i];
        mean[i] = v * (b[i] + own.b[i]);
      }
      return { v, extrinsic: other.a };
    },
    variances(p, messages, out) {
      checkPort(kind, ports, p);
      out.fill(1 / total(messages));
    },
    logPartition(messages) {
      checkMessages(kind, ports, messages);
      const shift = vector();
      const [{ b: b1 }, { a: a2, b: b2 }] = messages;
      const A = total(messages);
      let exponent = 0;
      for (let i = 0; i < b1.length; i++) {
        const B = b1[i] + b2[i] - a2 * shift[i];
        exponent += shift[i] * (2 * b2[i] - a2 * shift[i]) + (B * B) / A;
      }
      return size * logGaussian(scalar, A) + h * exponent;
    },
    secondMoments(tau) {
      tau[1] = tau[0] + power;
    },
    error(p, a) {
      checkPort(kind, ports, p);
      return { v: 1 / bounded(a[0] + a[1]), extrinsic: Math.min(a[1 - p], GREATEST) };
    },
    freeEntropy: (a) => size * (logGaussian(scalar, bounded(a[0] + a[1])) - h)
  };
}
