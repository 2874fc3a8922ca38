/** Parameters of `perceptron-erm`, the loss and the penalty they ask for. */
import { canonicalSpec, makeFromSpec } from "../../core/specs.ts";
import type { Loss, Values } from "../../core/types.ts";
import * as losses from "../../losses/index.ts";
import { onsager } from "../family/caveats.ts";
import { type TunedPenalty, tunedRidge } from "../../theory/risk/index.ts";

export const params = {
  loss: {
    kind: "brick",
    default: "logistic",
    registry: "loss",
    symbol: "ℓ",
    about: "loss of a label ±1 and a preactivation: logistic, hinge, square, absolute or huber"
  },
  lambda: {
    kind: "real",
    default: 0.01,
    min: 0,
    max: 1e6,
    symbol: "λ",
    about: "ridge penalty λ|w|²/2, used unless tuned; 0 is the limit of vanishing penalty"
  },
  tune: {
    kind: "choice",
    default: "none",
    options: ["none", "generalization"],
    symbol: "λ*",
    about: "none: lambda as given; generalization: the one of least predicted error, in [1e-11, 1e4]"
  },
  alpha: { kind: "real", default: 3, min: 1e-3, max: 1e4, symbol: "α", about: "patterns per weight, n/p" },
  noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the teacher's sign" },
  algorithm: {
    kind: "choice",
    default: "gamp",
    options: ["gamp", "solver"],
    symbol: "A",
    about: "gamp: convex GAMP, one frame a sweep; solver: Newton, coordinate ascent or max-margin, one frame, independent of GAMP"
  },
  size: { kind: "integer", default: 1000, min: 10, max: 100_000, symbol: "p", about: "number of weights" },
  iterations: { kind: "integer", default: 500, min: 1, max: 100_000, symbol: "T", about: "largest number of GAMP sweeps" },
  damping: {
    kind: "real",
    default: 0,
    min: 0,
    max: 0.99,
    symbol: "δ",
    about: "weight on the old estimate of GAMP, 0 for none; the theory has none"
  },
  onsager: { ...onsager, about: `${onsager.about} (algorithm gamp)` }
} as const;
export type P = Values<typeof params>;
export type O = "generalizationError" | "trainingLoss" | "overlap" | "norm";

/** Variance GAMP starts from: within reach of the hinge's kink at zero weights, and large where the penalty, and so the curvature, is small. */
export const startVariance = (ridge: number): number => 2 + (ridge > 0 ? Math.min(0.1 / ridge, 1e100) : 0);

export const lossOf = (p: P): Loss => makeFromSpec<Loss>(losses, p.loss, "loss");

export interface UsedPenalty {
  readonly lambda: number;
  /** Said of a tuned penalty at an end of its range. */
  readonly advice?: string;
}

/** Penalties already tuned, by everything they depend on. */
const tuned = new Map<string, TunedPenalty>();
const KEEP = 256;

/** lambda as given, or tuned. */
export function penaltyOf(p: P): UsedPenalty {
  if (p.tune === "none") return { lambda: p.lambda };
  const key = JSON.stringify([canonicalSpec(losses, p.loss, "loss"), p.noise, p.alpha]);
  let found = tuned.get(key);
  if (!found) {
    found = tunedRidge(lossOf(p), p.noise, p.alpha);
    if (tuned.size >= KEEP) tuned.delete(tuned.keys().next().value as string);
    tuned.set(key, found);
  }
  const { lambda, atEnd } = found;
  return atEnd
    ? { lambda, advice: `the error is least at lambda = ${lambda.toExponential(0)}, the end of the range that is searched` }
    : { lambda };
}
