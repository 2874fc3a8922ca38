/**
 * x = phi(z + sqrt(noiseBefore) xi) + sqrt(noiseAfter) zeta between two variables. Gaussian noise is composed outside phi: a
 * message (a, b) that crosses noise of variance D becomes (a, b)/(1 + D a), in either direction, and the posterior of the noisy
 * side follows linearly from that of the clean one. Complex noise is circular, E|xi|^2 = 1.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Activation, Message, Module, Precision, Projection, Rng, Scalar, Vec } from "../core/types.ts";
import { bounded, checkMessages, half, logGaussian, port } from "./ports.ts";
import { EXACT, FAINT } from "./vanished.ts";

export interface ActivationNoise {
  /** Variance added to z before phi; 0 by default. */
  readonly noiseBefore?: number;
  /** Variance added to phi(z); 0 by default. */
  readonly noiseAfter?: number;
}

/** Stands for an infinite precision of x where phi needs a number: to densities of order 1 it is one. */
const GREATEST = 1e12;
/** The relative variance at which a z that is known exactly is asked for the message that comes back. */
const NEARLY = 1e-10;

/** A precision seen through noise of variance D; exact at a = infinity. */
const through = (a: Precision, D: number): Precision => (a === Infinity ? (D > 0 ? 1 / D : GREATEST) : a / (1 + D * a));

function addNoise(rng: Rng, x: Vec, D: number, complex: boolean): void {
  if (!(D > 0)) return;
  const sd = Math.sqrt(complex ? D / 2 : D);
  for (let i = 0; i < x.length; i++) x[i] += sd * rng.normal();
}

/** Port 0 is z, port 1 is x, both of `size` components. Throws ParameterError on a negative or infinite noise. */
export function activationModule(activation: Activation, size: number, { noiseBefore = 0, noiseAfter = 0 }: ActivationNoise = {}): Module {
  for (const [name, D] of Object.entries({ noiseBefore, noiseAfter }))
    if (!(D >= 0 && D < Infinity))
      throw new ParameterError(`activation: ${name} must be a variance in [0, inf), got ${D}; for example 0.1`);
  const ports = [port("activation", size, activation.scalar), port("activation", size, activation.outputScalar)] as const;
  const zComplex = activation.scalar === "complex";
  const xComplex = activation.outputScalar === "complex";
  const D = [noiseBefore, noiseAfter];
  const az = new Float64Array(1);
  const ax = new Float64Array(1);
  let bz = new Float64Array(0);
  let bx = new Float64Array(0);
  let zMean = new Float64Array(0);
  let xMean = new Float64Array(0);
  let zVariance = new Float64Array(0);
  let xVariance = new Float64Array(0);

  /** What reaches phi from both sides, in az, bz, ax, bx; returns the factors 1/(1 + D a). */
  function receive(messages: readonly Message[]): readonly [number, number] {
    checkMessages("activation", ports, messages);
    const [z, x] = messages;
    if (bz.length !== z.b.length || bx.length !== x.b.length) {
      bz = new Float64Array(z.b.length);
      bx = new Float64Array(x.b.length);
      zMean = new Float64Array(bz.length);
      xMean = new Float64Array(bx.length);
      zVariance = new Float64Array(zComplex ? bz.length / 2 : bz.length);
      xVariance = new Float64Array(zVariance.length);
    }
    const a = Math.max(z.a, FAINT);
    const kz = 1 / (1 + noiseBefore * a);
    const kx = 1 / (1 + noiseAfter * x.a);
    az[0] = a * kz;
    ax[0] = x.a * kx;
    for (let i = 0; i < bz.length; i++) bz[i] = z.b[i] * kz;
    for (let i = 0; i < bx.length; i++) bx[i] = x.b[i] * kx;
    return [kz, kx];
  }

  return {
    kind: "activation",
    inputs: [ports[0]],
    outputs: [ports[1]],
    sample(rng, [z], [x]) {
      const noisy = noiseBefore > 0 ? Float64Array.from(z) : z;
      if (noiseBefore > 0) addNoise(rng.fork("before"), noisy, noiseBefore, zComplex);
      activation.apply(noisy, x);
      if (noiseAfter > 0) addNoise(rng.fork("after"), x, noiseAfter, xComplex);
    },
    project(p, messages, mean, b): Projection {
      const shrink = receive(messages)[p];
      activation.posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance);
      const variance = p === 0 ? zVariance : xVariance;
      const inner = p === 0 ? zMean : xMean;
      const into = p === 0 ? bz : bx;
      const a = p === 0 ? az[0] : ax[0];
      let v = 0;
      for (let i = 0; i < variance.length; i++) v += variance[i] / variance.length;
      const scale = 1 / Math.max(v, EXACT);
      // The clean side sends (scale - a, mean scale - b); noise of variance D divides both by 1 + D (scale - a) > 0.
      const gain = 1 / (1 + D[p] * (scale - a));
      const received = messages[p].b;
      for (let i = 0; i < mean.length; i++) {
        b[i] = gain * (inner[i] * scale - into[i]);
        mean[i] = shrink * (inner[i] + D[p] * received[i]);
      }
      return { v: shrink * (D[p] + shrink * v), extrinsic: gain * (scale - a) };
    },
    variances(p, messages, out) {
      const shrink = receive(messages)[p];
      activation.posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance);
      const variance = p === 0 ? zVariance : xVariance;
      for (let i = 0; i < out.length; i++) out[i] = shrink * (D[p] + shrink * variance[i]);
    },
    /** Noise before: ln Z gains |b|^2/(2a) - |b'|^2/(2a') + ln(a'/a)/2; after: D |b|^2/(2 (1 + D a)) - ln(1 + D a)/2. */
    logPartition(messages) {
      const [kz, kx] = receive(messages);
      activation.logPartition(az, bz, ax, bx, zVariance);
      let sum = 0;
      for (let i = 0; i < zVariance.length; i++) sum += zVariance[i];
      const [z, x] = messages;
      const zHalf = half(activation.scalar);
      const xHalf = half(activation.outputScalar);
      if (noiseBefore > 0) {
        // b^2/a - b'^2/a' = b^2 (1 - k)/a with k = 1/(1 + D a): D b b'
        for (let i = 0; i < bz.length; i++) sum += zHalf * noiseBefore * z.b[i] * bz[i];
        sum += zVariance.length * zHalf * Math.log(kz);
      }
      if (noiseAfter > 0) {
        for (let i = 0; i < bx.length; i++) sum += xHalf * noiseAfter * x.b[i] * bx[i];
        sum += zVariance.length * xHalf * Math.log(kx);
      }
      return sum;
    },
    secondMoments(tau) {
      tau[1] = activation.secondMoment(tau[0] + noiseBefore) + noiseAfter;
    },
    error(p, [aIn, aOut], [tau]) {
      const V = Math.min(1 / aIn, tau) + noiseBefore;
      const a = p === 0 ? aIn : aOut;
      // z known: x is known too, up to the noise after phi.
      if (!(V > 0)) {
        if (p === 0) return { v: 0, extrinsic: activation.errors(NEARLY * tau, through(aOut, noiseAfter), tau).extrinsicZ };
        return noiseAfter > 0 ? { v: 1 / (aOut + 1 / noiseAfter), extrinsic: 1 / noiseAfter } : { v: 0, extrinsic: Infinity };
      }
      const { extrinsicZ, extrinsicX, vz, vx } = activation.errors(V, through(aOut, noiseAfter), tau + noiseBefore);
      if (D[p] === 0) return p === 0 ? { v: a === Infinity ? 0 : vz, extrinsic: extrinsicZ } : { v: vx, extrinsic: extrinsicX };
      const extrinsic = through(p === 0 ? extrinsicZ : extrinsicX, D[p]);
      return { v: a === Infinity ? 0 : 1 / (a + extrinsic), extrinsic };
    },
    /**
     * That of phi between the messages seen through the noises, - ln(1 + D a)/2 for each noise. An infinite precision is the 1e100
     * of ports.ts, here as in the other modules: what is of the order of its logarithm cancels in the variable's own term.
     */
    freeEntropy([aIn, aOut], [tau]) {
      const V = Math.min(1 / aIn, tau) + noiseBefore;
      const crossed = (a: number, noise: number, scalar: Scalar): number => -half(scalar) * Math.log1p(noise * bounded(a));
      const noises = crossed(aIn, noiseBefore, activation.scalar) + crossed(aOut, noiseAfter, activation.outputScalar);
      // z known: E ln Z - (a_z tau + a_x tau_x)/2 = -1/2 + ln(2 pi/a_z)/2, whatever phi is.
      const inner =
        V > 0
          ? activation.errors(V, through(aOut, noiseAfter), tau + noiseBefore).freeEntropy
          : logGaussian(activation.scalar, bounded(aIn)) - half(activation.scalar);
      return size * (inner + noises);
    }
  };
}
