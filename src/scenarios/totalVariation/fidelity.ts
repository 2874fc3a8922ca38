/**
 * What observations y = B x + N(0, noise) say of the gradient g = D x, as one factor f(g) with x integrated out, a leaf of a graph:
 * x | y, a, b has precision B^2/noise + a lambda at every frequency. Blur and gradient share their basis, so nothing is lost between
 * them, as it would be if each sent its own message of one precision on x. Integrals over g are over the image of D.
 */
import type { Message, Module, Vec } from "../../core/types.ts";
import { checkMessages, checkPort, dot, LEAST, port } from "../../modules/ports.ts";
import type { Field } from "./field.ts";

export interface Fidelity extends Module {
  /** E x when the message arrives on g: the estimate of the signal. */
  estimate(message: Message, x: Vec): void;
  /** Its posterior variance, the mean over the samples. */
  variance(message: Message): number;
}

/** B^2/noise by frequency. */
export function observedPrecision({ transfer }: Pick<Field, "transfer">, noise: number): Vec {
  return transfer.map((B) => (B * B) / noise);
}

/** v = E 1/(omega + a) over the components of g, and 1/v - a without its cancellation: omega is infinite outside the image of D. */
export function spreadOf(
  { lambda, m }: Pick<Field, "lambda" | "m">,
  p: Vec,
  a: number
): { readonly v: number; readonly extrinsic: number } {
  let inverse = 0;
  let seen = m - (lambda.length - 1);
  for (let k = 1; k < lambda.length; k++) {
    const total = p[k] + a * lambda[k];
    inverse += lambda[k] / total;
    seen += p[k] / total;
  }
  return { v: inverse / m, extrinsic: seen / inverse };
}

export function fidelityModule(field: Field, noise: number, y?: Vec): Fidelity {
  const { n, m, lambda, transfer } = field;
  const kind = "fidelity";
  const one = port(kind, m);
  const p = observedPrecision(field, noise);
  const gains = new Float64Array(n);
  const data = new Float64Array(n); // B y/noise
  if (y) {
    data.set(y);
    field.filter(
      data,
      transfer.map((B) => B / noise)
    );
  }
  const x = new Float64Array(n);
  const energy = y ? dot(y, y) / noise : 0;

  const estimate = ({ a, b }: Message, out: Vec): void => {
    field.divergence(b, out);
    for (let i = 0; i < n; i++) out[i] += data[i];
    const precision = Math.max(a, LEAST);
    for (let k = 0; k < n; k++) gains[k] = 1 / (p[k] + precision * lambda[k]);
    field.filter(out, gains);
  };
  /** sum over frequencies above 0 of ln (p + a lambda) noise/lambda. */
  const logVolume = (a: number): number => {
    let s = 0;
    for (let k = 1; k < n; k++) s += Math.log(((p[k] + a * lambda[k]) * noise) / lambda[k]);
    return s;
  };
  return {
    kind,
    inputs: [one],
    outputs: [],
    estimate,
    variance({ a }) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += 1 / (p[k] + Math.max(a, LEAST) * lambda[k]);
      return sum / n;
    },
    sample() {},
    project(at, messages, mean, b) {
      checkPort(kind, [one], at);
      checkMessages(kind, [one], messages);
      const [message] = messages;
      estimate(message, x);
      field.gradient(x, mean);
      const spread = spreadOf(field, p, Math.max(message.a, LEAST));
      for (let i = 0; i < m; i++) b[i] = mean[i] / spread.v - message.b[i];
      return spread;
    },
    /** The diagonal of D (B^T B/noise + a D^T D)^-1 D^T: the exact one, by one pass of the gradient and its adjoint for every component. */
    variances(at, messages, out) {
      checkPort(kind, [one], at);
      checkMessages(kind, [one], messages);
      const a = Math.max(messages[0].a, LEAST);
      for (let k = 0; k < n; k++) gains[k] = 1 / (p[k] + a * lambda[k]);
      const g = new Float64Array(m);
      const through = new Float64Array(m);
      for (let i = 0; i < m; i++) {
        g[i] = 1;
        field.divergence(g, x);
        field.filter(x, gains);
        field.gradient(x, through);
        out[i] = through[i];
        g[i] = 0;
      }
    },
    /** The mean level is free: its evidence is 0, a flat law of density 1. */
    logPartition(messages) {
      checkMessages(kind, [one], messages);
      const [{ a, b }] = messages;
      estimate(messages[0], x);
      const pull = new Float64Array(n);
      field.divergence(b, pull);
      for (let i = 0; i < n; i++) pull[i] += data[i];
      return 0.5 * (dot(x, pull) - energy - logVolume(Math.max(a, LEAST)));
    },
    secondMoments() {},
    error(at, [a]) {
      checkPort(kind, [one], at);
      return spreadOf(field, p, Math.max(Math.min(a, 1e100), LEAST));
    },
    freeEntropy: ([a]) => -0.5 * logVolume(Math.max(Math.min(a, 1e100), LEAST))
  };
}
