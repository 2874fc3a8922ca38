/** x_2 = x_1 + N(0, variance), component by component; variance 0 is the identity. */
import { ParameterError } from "../core/parameters.ts";
import type { Message, Module, Scalar } from "../core/types.ts";
import { checkMessages, checkPort, GREATEST, half, LEAST, logGaussian, port } from "./ports.ts";

/** One input, one output. Complex noise is circular with E |noise|^2 = variance. Throws ParameterError. */
export function noiseModule(variance: number, size: number, scalar: Scalar = "real"): Module {
  const kind = "noise";
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
    throw new ParameterError(`noise: variance must be a finite number >= 0 such as 0.1, got ${variance}`);
  const one = port(kind, size, scalar);
  const ports = [one, one];
  const h = half(scalar);
  /** a_1 + a_2 + variance a_1 a_2: the determinant of the pair times the variance. */
  const determinant = (a: number, b: number): number => Math.max(a + b + variance * a * b, LEAST);
  const marginal = (own: number, other: number): number => (1 + variance * other) / determinant(own, other);
  return {
    kind,
    inputs: [one],
    outputs: [one],
    sample(rng, [x], [z]) {
      rng.fillNormal(z, Math.sqrt(scalar === "complex" ? variance / 2 : variance));
      for (let i = 0; i < z.length; i++) z[i] += x[i];
    },
    project(p, messages, mean, b) {
      checkPort(kind, ports, p);
      checkMessages(kind, ports, messages);
      const own = messages[p];
      const other = messages[1 - p];
      const blur = 1 + variance * other.a;
      const v = marginal(own.a, other.a);
      for (let i = 0; i < b.length; i++) {
        b[i] = other.b[i] / blur;
        mean[i] = v * (b[i] + own.b[i]);
      }
      return { v, extrinsic: other.a / blur };
    },
    variances(p, messages, out) {
      checkPort(kind, ports, p);
      out.fill(marginal(messages[p].a, messages[1 - p].a));
    },
    logPartition(messages: readonly Message[]) {
      checkMessages(kind, ports, messages);
      const [{ a: a1, b: b1 }, { a: a2, b: b2 }] = messages;
      const D = determinant(a1, a2);
      let square = 0;
      for (let i = 0; i < b1.length; i++) {
        const B = b1[i] + b2[i];
        square += B * B + variance * (a2 * b1[i] * b1[i] + a1 * b2[i] * b2[i]);
      }
      return size * logGaussian(scalar, D) + (h * square) / D;
    },
    secondMoments(tau) {
      tau[1] = tau[0] + variance;
    },
    error(p, a) {
      checkPort(kind, ports, p);
      const other = Math.min(a[1 - p], GREATEST);
      return { v: marginal(Math.min(a[p], GREATEST), other), extrinsic: other / (1 + variance * other) };
    },
    freeEntropy: (a) => size * (logGaussian(scalar, determinant(Math.min(a[0], GREATEST), Math.min(a[1], GREATEST))) - h)
  };
}
