/**
 * A layer h = phi(z + N(0, noise)) whose z is known: the law of h given the input of the network, a leaf of the layers after it. With
 * u = z + noise, p(h) has Z = prod_i int N(u; z_i, noise) exp(-a phi(u)^2/2 + b phi(u)) du: phi with messages 1/noise, z/noise from below.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Activation, Module, Vec } from "../../core/types.ts";

/** Mean posterior variances below it are exact values. */
const EXACT = 1e-100;

export interface KnownInput {
  readonly activation: Activation;
  /** Variance added before the activation, > 0. */
  readonly noise: number;
  readonly size: number;
  /** Second moment per component of z. */
  readonly power: number;
  /** z itself, length `size`; without it only the theory side works. */
  readonly z?: Vec;
}

/** One output of `size` components. Throws ParameterError unless noise > 0: without it h is known too. */
export function knownInputModule({ activation, noise, size, power, z }: KnownInput): Module {
  if (!(noise > 0)) throw new ParameterError(`known input: noise must be a variance > 0, such as 0.1, got ${noise}`);
  const port = { scalar: activation.outputScalar, size };
  const known = (): Vec => {
    if (!z) throw new ParameterError("known input: without z it serves theory only; give z, the vector before the noise");
    return z;
  };
  const az = Float64Array.of(1 / noise);
  const ax = new Float64Array(1);
  const bz = z ? z.map((x) => x / noise) : new Float64Array(0);
  const zMean = new Float64Array(bz.length);
  const zVariance = new Float64Array(bz.length);
  const variance = new Float64Array(bz.length);
  return {
    kind: "known input",
    inputs: [],
    outputs: [port],
    sample(rng, _inputs, [h]) {
      const u = new Float64Array(known().length);
      rng.fillNormal(u, Math.sqrt(noise));
      for (let i = 0; i < u.length; i++) u[i] += known()[i];
      activation.apply(u, h);
    },
    project(_port, [message], mean, b) {
      known();
      ax[0] = message.a;
      activation.posterior(az, bz, ax, message.b, zMean, zVariance, mean, variance);
      let v = 0;
      for (let i = 0; i < variance.length; i++) v += variance[i] / variance.length;
      const scale = 1 / Math.max(v, EXACT);
      for (let i = 0; i < b.length; i++) b[i] = mean[i] * scale - message.b[i];
      return { v, extrinsic: scale - message.a };
    },
    variances(_port, [message], out) {
      known();
      ax[0] = message.a;
      activation.posterior(az, bz, ax, message.b, zMean, zVariance, new Float64Array(bz.length), out);
    },
    logPartition([message]) {
      const given = known();
      ax[0] = message.a;
      activation.logPartition(az, bz, ax, message.b, variance);
      let sum = -0.5 * bz.length * Math.log(2 * Math.PI * noise);
      for (let i = 0; i < bz.length; i++) sum += variance[i] - 0.5 * bz[i] * given[i];
      return sum;
    },
    secondMoments(tau) {
      tau[0] = activation.secondMoment(power + noise);
    },
    error(_port, [a]) {
      const { vx, extrinsicX } = activation.errors(noise, a, power + noise);
      return { v: vx, extrinsic: extrinsicX };
    },
    /** Less E ln int exp(-(u - z)^2/(2 noise)) du, whose terms in z are those that `errors` has subtracted but for 1/2. */
    freeEntropy([a]) {
      return size * (activation.errors(noise, a, power + noise).freeEntropy + 0.5 - 0.5 * Math.log(2 * Math.PI * noise));
    }
  };
}
