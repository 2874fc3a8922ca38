/**
 * P(y|z) as the last factor of a model. With V = 1/a, omega = b/a and the channel's g = d ln Z_y/d omega, c = -dg/d omega averaged
 * over components: v = V (1 - V c), and what is sent out, 1/v - a and mean/v - b, is c/(1 - V c) and (g + c omega)/(1 - V c):
 * no difference of large numbers as V -> 0. Where the label confines z (V c > 1/2) the posterior itself has the digits.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Message, Module, Projection, Vec } from "../core/types.ts";
import { information, outputEntropy, outputVariance } from "./averages.ts";
import { bounded, checkMessages, half, logGaussian, port } from "./ports.ts";
import { EXACT, FAINT } from "./vanished.ts";

/** 1 - V J below this has lost two digits: the variance is then integrated instead. */
const CONFINED = 0.01;

/** One input of `size` components, with labels `y` (interleaved if complex); without them only `error` and `freeEntropy` are defined and the rest throws ParameterError. */
export function likelihoodModule(channel: Channel, size: number, y?: Vec): Module {
  const complex = channel.scalar === "complex";
  const h = half(channel.scalar);
  const input = port("likelihood", size, channel.scalar);
  const expected = channel.labelScalar === "complex" ? 2 * size : size;
  if (y && y.length !== expected)
    throw new ParameterError(
      `likelihood: y must have ${expected} numbers for ${size} components${expected > size ? " (re, im interleaved)" : ""}, got ${y.length}`
    );
  const labels = (): Vec => {
    if (y) return y;
    throw new ParameterError("likelihood: a likelihood without observations serves theory only; give y, such as observe(channel, z, y)");
  };
  const V = new Float64Array(1);
  let omega = new Float64Array(0);
  let curvature = new Float64Array(0);
  /** Sets V, omega and work space for a message. */
  function receive({ a, b }: Message): number {
    if (omega.length !== b.length) {
      omega = new Float64Array(b.length);
      curvature = new Float64Array(complex ? b.length / 2 : b.length);
    }
    const precision = Math.max(a, FAINT);
    V[0] = 1 / precision;
    for (let i = 0; i < b.length; i++) omega[i] = b[i] / precision;
    return precision;
  }
  function confined(a: number, b: Vec, mean: Vec, out: Vec): Projection {
    V[0] = a;
    channel.posterior(V, b, labels(), mean, curvature);
    let v = 0;
    for (let i = 0; i < curvature.length; i++) v += curvature[i] / curvature.length;
    const scale = 1 / Math.max(v, EXACT);
    for (let i = 0; i < b.length; i++) out[i] = mean[i] * scale - b[i];
    return { v, extrinsic: scale - a };
  }
  return {
    kind: "likelihood",
    inputs: [input],
    outputs: [],
    sample() {},
    project(_port, messages, mean, b) {
      checkMessages("likelihood", [input], messages);
      const [message] = messages;
      const a = receive(message);
      channel.score(V, omega, labels(), mean, curvature);
      let c = 0;
      for (let i = 0; i < curvature.length; i++) c += curvature[i] / curvature.length;
      const v = V[0];
      const left = 1 - v * c;
      if (!(left > 0.5)) return confined(a, message.b, mean, b);
      for (let i = 0; i < b.length; i++) {
        b[i] = (mean[i] + c * omega[i]) / left;
        mean[i] = omega[i] + v * mean[i];
      }
      return { v: v * left, extrinsic: c / left };
    },
    variances(_port, [message], out) {
      V[0] = Math.max(message.a, FAINT);
      channel.posterior(V, message.b, labels(), new Float64Array(message.b.length), out);
    },
    logPartition([message]) {
      const a = receive(message);
      channel.logPartition(V, omega, labels(), curvature);
      let sum = curvature.length * logGaussian(channel.scalar, a);
      for (let i = 0; i < curvature.length; i++) sum += curvature[i];
      for (let i = 0; i < omega.length; i++) sum += h * message.b[i] * omega[i];
      return sum;
    },
    secondMoments() {},
    error(_port, [a], [tau]) {
      const spread = Math.min(1 / a, tau);
      const q = tau - spread;
      const J = information(channel, q, spread);
      if (spread === 0) return { v: 0, extrinsic: J };
      const left = 1 - spread * J;
      if (left > CONFINED) return { v: spread * left, extrinsic: J / left };
      const v = outputVariance(channel, q, spread);
      return { v, extrinsic: 1 / v - 1 / spread };
    },
    /** Psi_out(tau - V, V) - 1/2 + ln(2 pi V)/2 per component (complex: - 1 + ln(pi V)); at a = infinity, z known, with the V = 1e-100 of ports.ts. */
    freeEntropy([a], [tau]) {
      const spread = Math.min(1 / a, tau);
      const psi = outputEntropy(channel, tau - spread, spread);
      return size * (psi - h + logGaussian(channel.scalar, bounded(1 / spread)));
    }
  };
}
