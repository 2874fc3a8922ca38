/** What scenarios of regularised students on structured inputs share: their loss, penalty and labels, the theory's two frames, and the run. */
import { minimiseRisk } from "../../algorithms/risk/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import { makeFromSpec, readSpec } from "../../core/specs.ts";
import type { Branch, Frame, LinearOperator, Loss, Observable, Outcome, Rng, SimulationEnd, Vec } from "../../core/types.ts";
import * as losses from "../../losses/index.ts";
import {
  bayesRisk,
  type CovariateRisk,
  type Covariates,
  type CovariateTask,
  covariateRisk,
  errorOf,
  type LabelLaw,
  PENALTIES,
  trainingLossAt,
  tunedRisk
} from "../../theory/risk/index.ts";

export const studentParams = {
  labels: {
    kind: "choice",
    default: "sign",
    options: ["sign", "linear"],
    symbol: "f₀",
    about: "sign: y = ±1 and the error is that of labels; linear: y is real and the error its mean square"
  },
  noise: {
    kind: "real",
    default: 0,
    min: 0,
    max: 100,
    symbol: "Δ",
    about: "variance of the noise added to the teacher's preactivation (of variance 1), before the sign"
  },
  loss: {
    kind: "brick",
    registry: "loss",
    default: "square",
    symbol: "ℓ",
    about: "the loss: square, absolute, huber, or for sign labels logistic, hinge"
  },
  lambda: {
    kind: "real",
    default: 1e-4,
    min: PENALTIES.least,
    max: PENALTIES.most,
    scale: "log",
    symbol: "λ",
    about: "weight of |w|²/2 beside the sum of the losses"
  },
  tune: {
    kind: "choice",
    default: "none",
    options: ["none", "generalization"],
    symbol: "λ*",
    about: "generalization: lambda is the one of least generalisation error by the theory, and the one given is not used"
  }
} as const;

export const solverParams = {
  method: {
    kind: "choice",
    default: "auto",
    options: ["auto", "newton", "lbfgs", "coordinate"],
    symbol: "argmin",
    about: "how a run minimises: auto is Newton's method (smooth losses) or dual coordinate ascent (losses with kinks)"
  },
  iterations: {
    kind: "integer",
    default: 20_000,
    min: 1,
    max: 1_000_000,
    symbol: "T",
    about: "largest number of iterations of the minimiser"
  },
  testSamples: {
    kind: "integer",
    default: 4000,
    min: 10,
    max: 1_000_000,
    symbol: "n_test",
    about: "fresh samples that the generalisation error of a run is measured on"
  }
} as const;

export interface Student {
  readonly labels: "sign" | "linear";
  readonly noise: number;
  readonly loss: string;
  readonly lambda: number;
  readonly tune: "none" | "generalization";
}
export interface Solver {
  readonly method: "auto" | "newton" | "lbfgs" | "coordinate";
  readonly iterations: number;
}

export type RiskName = "generalizationError" | "trainingLoss";
export const riskObservables: { readonly [K in RiskName]: Observable } = {
  generalizationError: {
    symbol: "ε_g",
    about: "on new samples, their noise included: chance of a wrong label (sign labels) or mean squared error (linear labels)",
    range: [0, Number.POSITIVE_INFINITY]
  },
  trainingLoss: { symbol: "E_train", about: "mean loss of a training sample, without the penalty", range: [0, Number.POSITIVE_INFINITY] }
};
export const riskTime = { symbol: "t", about: "0: before training, w = 0; 1: at the minimiser" } as const;

/** Throws ParameterError for a loss of signs on linear labels. */
export function lossOf({ loss: spec, labels }: Pick<Student, "loss" | "labels">, owner: string): Loss {
  const loss = makeFromSpec<Loss>(losses, spec, "loss");
  if (labels === "linear" && loss.labels === "signs")
    throw new ParameterError(`${owner}: loss must be square, absolute or huber for linear labels, got ${spec}, which needs labels ±1`);
  return loss;
}

/** Everything the theory needs; `samples` = n/p. */
export function taskOf(p: Student, inputs: Covariates, samples: number, owner: string): CovariateTask {
  return {
    inputs,
    labels: { kind: p.labels, noise: p.noise },
    loss: lossOf(p, owner),
    square: readSpec(p.loss, "loss").id === "square",
    samples
  };
}

/** Tasks already tuned: a run and its theory ask for the same one, as do the seeds. */
const tuned = new WeakMap<Covariates, Map<string, CovariateRisk>>();

/** The minimiser of the theory at lambda as given, or at the lambda of least error. */
export function solvedRisk(task: CovariateTask, p: Student): CovariateRisk {
  if (p.tune === "none") return covariateRisk(task, p.lambda);
  const known = tuned.get(task.inputs) ?? new Map<string, CovariateRisk>();
  tuned.set(task.inputs, known);
  const key = JSON.stringify([task.labels, p.loss, task.samples]);
  let found = known.get(key);
  if (!found) {
    found = tunedRisk(task);
    known.set(key, found);
  }
  return found;
}

export function* riskFrames(task: CovariateTask, p: Student): Generator<Frame<RiskName>, Outcome> {
  const { labels, loss, inputs } = task;
  const zero = { m: 0, q: 0, V: 0 };
  yield {
    t: 0,
    generalizationError: errorOf(labels, inputs.rho, zero),
    trainingLoss: trainingLossAt(loss, labels, inputs.rho, zero)
  };
  const { error, trainingLoss, outcome } = solvedRisk(task, p);
  yield { t: 1, generalizationError: error, trainingLoss };
  return outcome;
}

export function riskBranch(found: CovariateRisk): Branch<RiskName> {
  return { outcome: found.outcome, observables: { generalizationError: found.error, trainingLoss: found.trainingLoss } };
}

/** The Bayes-optimal learner; its training loss is that of the posterior mean of the preactivations. */
export function bayesBranch({ inputs, labels, samples, loss }: CovariateTask): Branch<RiskName> {
  const { outcome, error, trainingLoss } = bayesRisk(inputs, labels, samples, loss);
  return { outcome, observables: { generalizationError: error, trainingLoss } };
}

export function riskPoint({ lambda, order: { m, q, V } }: CovariateRisk) {
  return { order: { m, q, V, lambda }, stable: true };
}

/** Labels of preactivations of variance 1. */
export function drawLabels(rng: Rng, z0: Vec, { kind, noise }: LabelLaw): Vec {
  const y = new Float64Array(z0.length);
  rng.fillNormal(y, Math.sqrt(noise));
  for (let mu = 0; mu < y.length; mu++) {
    const z = z0[mu] + y[mu];
    y[mu] = kind === "linear" ? z : z < 0 ? -1 : 1;
  }
  return y;
}

/** Share of labels that sign(z) misses, or the mean of (y - z)^2. A preactivation 0 is a guess, right half of the time. */
export function measuredError(kind: LabelLaw["kind"], y: Vec, z: Vec): number {
  let sum = 0;
  for (let mu = 0; mu < y.length; mu++) sum += kind === "linear" ? (y[mu] - z[mu]) ** 2 : z[mu] === 0 ? 0.5 : y[mu] * z[mu] < 0 ? 1 : 0;
  return sum / y.length;
}

export interface TrainingSet {
  /** Rows x/sqrt p. */
  readonly operator: LinearOperator;
  readonly y: Vec;
}

/** The two frames of a run. `errorAt` measures the error of weights on fresh samples (null: w = 0). */
export function* studentRun(
  { operator, y }: TrainingSet,
  loss: Loss,
  lambda: number,
  { method, iterations }: Solver,
  errorAt: (w: Vec | null) => number
): Generator<Frame<RiskName>, SimulationEnd> {
  const kept = new Float64Array(y.length);
  loss.value(y, new Float64Array(y.length), kept);
  yield { t: 0, generalizationError: errorAt(null), trainingLoss: kept.reduce((s, l) => s + l, 0) / y.length };
  const { w, trainingLoss, outcome } = minimiseRisk(
    { operator, y, loss, penalty: { ridge: lambda } },
    { method: method === "auto" ? (loss.smooth ? "newton" : "coordinate") : method, iterations, tolerance: 1e-8 }
  );
  yield { t: 1, generalizationError: errorAt(w), trainingLoss };
  return { ...outcome, extra: { lambda } };
}
