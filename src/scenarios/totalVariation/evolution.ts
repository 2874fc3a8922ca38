/**
 * State evolution of the exchange between the observations and a belief about the gradient, teacher and student different
 * (Takahashi and Kabashima 2020): a message is b = mHat g0 + sqrt(qHat) xi, xi white, with the precision a ascribed to it. It is exact when the
 * gradient's basis is random; the cosine basis leaves xi correlated between neighbours, and then it is an approximation.
 */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import type { MismatchedMessage, MismatchedOverlaps } from "../../theory/index.ts";
import type { Field } from "./field.ts";
import { observedPrecision } from "./fidelity.ts";

export interface Evolving {
  readonly field: Pick<Field, "n" | "m" | "lambda" | "transfer">;
  readonly noise: number;
  readonly rho: number;
  readonly estimate: (message: MismatchedMessage) => MismatchedOverlaps;
  /** Precision of the Gaussian that the belief starts as; 1/rho is the truth's. */
  readonly start: number;
  readonly iterations: number;
  readonly tolerance?: number;
}

/** A precision this far beyond all others is a gradient known exactly. */
const EXACT = 1e14;

/** Yields the mean squared error per sample of the signal at t = 0 (a Gaussian belief: Wiener's filter), 1, ... */
export function* evolution({
  field,
  noise,
  rho,
  estimate,
  start,
  iterations,
  tolerance = 1e-10
}: Evolving): Generator<{ readonly t: number; readonly mse: number }, Outcome> {
  const p = observedPrecision(field, noise);
  let forward: MismatchedMessage = { a: start, mHat: 0, qHat: 0 };
  let mse = signalError(field, p, rho, forward);
  yield { t: 0, mse };
  let change = Number.POSITIVE_INFINITY;
  for (let t = 1; t <= iterations; t++) {
    const backward = extrinsic(gradientOverlaps(field, p, rho, forward), forward, rho);
    if (!legal(backward))
      return outcome("diverged", Math.min(change, 1), t, { advice: "the precisions leave the positive numbers: take another lambda" });
    const guess = estimate(backward);
    const next = guess.v > 0 ? extrinsic(guess, backward, rho) : { a: EXACT / rho, mHat: 0, qHat: 0 };
    if (!legal(next))
      return outcome("diverged", Math.min(change, 1), t, {
        advice: "the belief is less certain than what it was told: take another lambda, or the belief bayes"
      });
    forward = next;
    const now = signalError(field, p, rho, forward);
    change = Math.abs(now - mse) / Math.max(now, Number.MIN_VALUE);
    mse = now;
    yield { t, mse };
    if (change < tolerance) return outcome("converged", change, t);
  }
  return outcome("horizon", change, iterations, { advice: `still moving by ${change.toExponential(1)} an iteration: raise iterations` });
}

/** What follows from y and a message on g, by frequency: gains and noises of the estimate of g (all of it in the image of D). */
function gradientOverlaps(
  { lambda, m, n }: Evolving["field"],
  p: Vec,
  rho: number,
  { a, mHat, qHat }: MismatchedMessage
): MismatchedOverlaps {
  const power = (rho * m) / (n - 1); // of the truth, in each direction of the image
  const sum = { m: 0, q: 0, v: 0 };
  for (let k = 1; k < n; k++) {
    const total = p[k] + a * lambda[k];
    const gain = (p[k] + mHat * lambda[k]) / total;
    sum.m += power * gain;
    sum.q += power * gain * gain + (lambda[k] * (p[k] + qHat * lambda[k])) / (total * total);
    sum.v += lambda[k] / total;
  }
  const q = sum.q / m;
  return { m: sum.m / m, q, v: sum.v / m, mse: rho - (2 * sum.m) / m + q };
}

/** The error of x itself, its mean level included. */
function signalError({ lambda, m, n }: Evolving["field"], p: Vec, rho: number, { a, mHat, qHat }: MismatchedMessage): number {
  const power = (rho * m) / (n - 1);
  let sum = 1 / p[0];
  for (let k = 1; k < n; k++) {
    const total = p[k] + a * lambda[k];
    sum += (power * (mHat - a) ** 2 * lambda[k] + p[k] + qHat * lambda[k]) / (total * total);
  }
  return sum / n;
}

function extrinsic({ m, q, v }: MismatchedOverlaps, { a, mHat, qHat }: MismatchedMessage, rho: number): MismatchedMessage {
  return { a: 1 / v - a, mHat: m / (rho * v) - mHat, qHat: Math.max(0, (q - (m * m) / rho) / (v * v) - qHat) };
}

function legal({ a, mHat, qHat }: MismatchedMessage): boolean {
  return a > 0 && Number.isFinite(a + mHat + qHat);
}
