/**
 * State evolution of expectation propagation when the teacher is not the student: prior, rotationally invariant layer z = A x, channel
 * (Takahashi and Kabashima, J. Stat. Mech. 093402 (2020); Gerbelot, Abbara and Krzakala 2020). A message is b = mHat x0 + sqrt(qHat) xi
 * with the precision a that the student ascribes to it. A block that estimates with overlaps m = E x0 xhat, q = E xhat^2 and its own
 * variance v sends a' = 1/v - a, mHat' = m/(rho v) - mHat, qHat' = (q - m^2/rho)/v^2 - qHat. Matched: a = mHat = qHat.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Channel, Outcome, Prior, Spectrum } from "../../core/types.ts";

/** The law of a message in a mismatched model. */
export interface MismatchedMessage {
  /** What the student takes for its precision. */
  readonly a: number;
  readonly mHat: number;
  readonly qHat: number;
}

/** Overlaps per component of an estimate of a variable: m = E x0 xhat, q = E xhat^2, v the student's own variance, mse = E |x0 - xhat|^2. */
export interface MismatchedOverlaps {
  readonly m: number;
  readonly q: number;
  readonly v: number;
  readonly mse: number;
}

export interface MismatchedState {
  readonly t: number;
  readonly x: MismatchedOverlaps;
  readonly z: MismatchedOverlaps;
  /** Messages on x and z, from the producer and from the consumer. */
  readonly messages: {
    readonly xForward: MismatchedMessage;
    readonly xBackward: MismatchedMessage;
    readonly zForward: MismatchedMessage;
    readonly zBackward: MismatchedMessage;
  };
}

export interface MismatchedModel {
  readonly prior: Prior;
  readonly channel: Channel;
}

export interface MismatchedOptions {
  readonly iterations?: number;
  /** On the change of m, q and v of x, relative to the teacher's second moment. */
  readonly tolerance?: number;
  /** Weight on the old messages, in [0, 1). */
  readonly damping?: number;
  readonly order?: number;
}

const NONE: MismatchedMessage = { a: 0, mHat: 0, qHat: 0 };

/**
 * Yields t = 0 (what the student's prior says), 1, ...; one iteration is prior, layer forward, channel, layer backward. Real variables only:
 * throws ParameterError for complex ones.
 */
export function* mismatchedGraphEvolution(
  spectrum: Spectrum,
  student: MismatchedModel,
  teacher: MismatchedModel,
  { iterations = 1000, tolerance = 1e-11, damping = 0, order }: MismatchedOptions = {}
): Generator<MismatchedState, Outcome> {
  if ([student.prior, student.channel, teacher.prior, teacher.channel].some((brick) => brick.scalar === "complex"))
    throw new ParameterError(
      "mismatched state evolution covers real variables, got complex ones; for example the prior gauss-bernoulli:rho=0.1"
    );
  if (!(damping >= 0 && damping < 1))
    throw new ParameterError(`mismatched state evolution: damping must be a number in [0, 1), got ${damping}; for example 0.5`);
  const rho = teacher.prior.secondMoment;
  const rhoZ = (rho * spectrum.mean) / spectrum.alpha;
  let [xBackward, zBackward] = [NONE, NONE];
  let [xForward, zForward] = [NONE, NONE];
  let x = priorEstimate(student.prior, teacher.prior, NONE, order);
  let z: MismatchedOverlaps = { m: 0, q: 0, v: rhoZ, mse: rhoZ };
  yield { t: 0, x, z, messages: { xForward, xBackward, zForward, zBackward } };
  let change = Number.POSITIVE_INFINITY;
  const mix = (old: MismatchedMessage, now: MismatchedMessage): MismatchedMessage => ({
    a: damping * old.a + (1 - damping) * now.a,
    mHat: damping * old.mHat + (1 - damping) * now.mHat,
    qHat: damping * old.qHat + (1 - damping) * now.qHat
  });
  for (let t = 1; t <= iterations; t++) {
    const before = x;
    x = priorEstimate(student.prior, teacher.prior, xBackward, order);
    xForward = mix(xForward, extrinsic(x, xBackward, rho));
    zForward = mix(zForward, extrinsic(layerEstimate(spectrum, "z", xForward, zBackward, rho), zBackward, rhoZ));
    z = channelEstimate(student.channel, teacher.channel, zForward, rhoZ, order);
    zBackward = mix(zBackward, extrinsic(z, zForward, rhoZ));
    xBackward = mix(xBackward, extrinsic(layerEstimate(spectrum, "x", xForward, zBackward, rho), xForward, rho));
    if (![xForward, xBackward, zForward, zBackward].every((s) => Number.isFinite(s.a + s.mHat + s.qHat) && s.a >= 0))
      return outcome("diverged", change, t, {
        advice:
          "the student's precisions leave the positive numbers: its prior or noise is too far from the teacher's; use the teacher's, or damping"
      });
    yield { t, x, z, messages: { xForward, xBackward, zForward, zBackward } };
    change = Math.max(Math.abs(x.m - before.m), Math.abs(x.q - before.q), Math.abs(x.v - before.v)) / rho;
    if (t > 1 && change < tolerance) return outcome("converged", change, t);
  }
  return outcome("horizon", change, iterations, { advice: `still moving by ${change.toExponential(1)} an iteration: raise iterations` });
}

function extrinsic({ m, q, v }: MismatchedOverlaps, { a, mHat, qHat }: MismatchedMessage, rho: number): MismatchedMessage {
  return { a: 1 / v - a, mHat: m / (rho * v) - mHat, qHat: Math.max(0, (q - (m * m) / rho) / (v * v) - qHat) };
}

/** The student's posterior under its prior, the truth drawn from the teacher's. */
function priorEstimate(student: Prior, teacher: Prior, { a, mHat, qHat }: MismatchedMessage, order?: number): MismatchedOverlaps {
  const field = teacher.field(mHat, qHat, order, student.breaks?.(a));
  const K = field.weight.length;
  const mean = new Float64Array(K);
  const variance = new Float64Array(K);
  const truth = new Float64Array(K);
  const spread = new Float64Array(K);
  student.posterior(Float64Array.of(a), field.input, mean, variance);
  const snr = qHat > 0 ? mHat / qHat : 0;
  teacher.posterior(
    Float64Array.of(mHat * snr),
    field.input.map((b) => snr * b),
    truth,
    spread
  );
  const sum = { m: 0, q: 0, v: 0, mse: 0 };
  for (let k = 0; k < K; k++) {
    const w = field.weight[k];
    sum.m += w * truth[k] * mean[k];
    sum.q += w * mean[k] * mean[k];
    sum.v += w * variance[k];
    sum.mse += w * (spread[k] + (truth[k] - mean[k]) ** 2);
  }
  return sum;
}

/** xhat = (a_x + a_z A^T A)^-1 (b_x + A^T b_z), or zhat = A xhat, averaged over the spectrum. */
function layerEstimate(spectrum: Spectrum, of: "x" | "z", x: MismatchedMessage, z: MismatchedMessage, rho: number): MismatchedOverlaps {
  const { alpha, rank, mean, nodes, weights } = spectrum;
  const sum = { m: 0, q: 0, v: 0 };
  const add = (weight: number, lambda: number) => {
    const total = x.a + z.a * lambda;
    const gain = (x.mHat + z.mHat * lambda) / total;
    const noise = (x.qHat + z.qHat * lambda) / (total * total);
    const w = of === "x" ? weight : (weight * lambda) / alpha;
    sum.m += w * rho * gain;
    sum.q += w * (rho * gain * gain + noise);
    sum.v += w / total;
  };
  for (let k = 0; k < nodes.length; k++) add(weights[k], nodes[k]);
  if (rank < 1 && of === "x") add(1 - rank, 0);
  const truth = of === "x" ? rho : (rho * mean) / alpha;
  return { ...sum, mse: truth - 2 * sum.m + sum.q };
}

/** The student's posterior of z under its channel, the label drawn from the teacher's. */
function channelEstimate(
  student: Channel,
  teacher: Channel,
  { a, mHat, qHat }: MismatchedMessage,
  rho: number,
  order?: number
): MismatchedOverlaps {
  const V = 1 / a;
  const q = (mHat * mHat * rho + qHat) * V * V; // E omega^2, omega = b/a
  const overlap = mHat * rho * V; // E z0 omega
  const slope = q > 0 ? overlap / q : 0;
  const spread = Math.max(0, rho - overlap * slope);
  const field = teacher.field({ q, slope, spread }, order);
  const K = field.weight.length;
  const g = new Float64Array(K);
  const curvature = new Float64Array(K);
  const g0 = new Float64Array(K);
  const scratch = new Float64Array(K);
  student.score(Float64Array.of(V), field.input, field.label, g, curvature);
  teacher.score(
    Float64Array.of(spread),
    field.input.map((omega) => slope * omega),
    field.label,
    g0,
    scratch
  );
  const sum = { m: 0, q: 0, v: 0 };
  for (let k = 0; k < K; k++) {
    const w = field.weight[k];
    if (!(w > 0)) continue;
    const omega = field.input[k];
    const zhat = omega + V * g[k];
    sum.m += w * (slope * omega + spread * g0[k]) * zhat;
    sum.q += w * zhat * zhat;
    sum.v += w * V * (1 - V * curvature[k]);
  }
  return { ...sum, mse: rho - 2 * sum.m + sum.q };
}
