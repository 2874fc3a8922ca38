/** What a regularised student of correlated Gaussian inputs ends with: error, training loss, and the penalty of least error. */
import { outcome, succeeded } from "../../core/outcome.ts";
import type { Loss, Outcome } from "../../core/types.ts";
import { brentMinimum } from "../../numerics/roots.ts";
import {
  type LabelLaw,
  labelErrorAt,
  makeOutputSide,
  type RiskHats,
  type RiskOrder,
  squaredErrorAt,
  trainingLossAt
} from "./outputSide.ts";
import { ridgeSolution } from "./ridgeSolution.ts";
import { riskFixedPoint } from "./riskFixedPoint.ts";
import { type Covariates, spectralSide } from "./spectralSide.ts";

export interface CovariateTask {
  readonly inputs: Covariates;
  readonly labels: LabelLaw;
  /** The loss; `square` says that it is (z - y)^2/2, which has a closed form. */
  readonly loss: Loss;
  readonly square: boolean;
  /** n/p. */
  readonly samples: number;
}

export interface CovariateRisk {
  readonly lambda: number;
  readonly order: RiskOrder;
  readonly hats: RiskHats;
  /** Label error (sign labels) or mean squared error (linear labels), the labels' noise included. */
  readonly error: number;
  /** (1/n) sum l. */
  readonly trainingLoss: number;
  readonly outcome: Outcome;
}

export function errorOf(labels: LabelLaw, rho: number, order: RiskOrder): number {
  return labels.kind === "sign" ? labelErrorAt(labels, rho, order) : squaredErrorAt(labels, rho, order);
}

export interface RiskPrecision {
  /** Hats per sample of a neighbouring solution. */
  readonly start?: RiskHats;
  /** Gauss-Legendre nodes a panel, 16 by default. */
  readonly order?: number;
  /** Relative, on the hats: 1e-11 by default. */
  readonly tolerance?: number;
}

type Untrained = Omit<CovariateRisk, "trainingLoss">;

/** All but the training loss, which costs as much as several steps of the solution. */
function untrained(task: CovariateTask, lambda: number, { order: nodes, ...options }: RiskPrecision = {}): Untrained {
  const { inputs, labels, loss, samples, square } = task;
  const {
    order,
    hats,
    outcome: end
  } = square
    ? ridgeSolution(inputs, labels, samples, lambda)
    : riskFixedPoint(makeOutputSide(loss, labels, inputs.rho, nodes), spectralSide(inputs, lambda), samples, options);
  return { lambda, order, hats, error: errorOf(labels, inputs.rho, order), outcome: end };
}

/** Throws ParameterError for a loss of signs on linear labels. */
export function covariateRisk(task: CovariateTask, lambda: number, precision: RiskPrecision = {}): CovariateRisk {
  const found = untrained(task, lambda, precision);
  // square: l = g^2/2 at the proximal point
  const trainingLoss = task.square ? found.hats.qHat / 2 : trainingLossAt(task.loss, task.labels, task.inputs.rho, found.order);
  return { ...found, trainingLoss };
}

/** Penalties that `tunedRisk` looks between. */
export const PENALTIES = { least: 1e-8, most: 1e6 } as const;

/**
 * The penalty of least error: a scan of ln lambda, then Brent between the neighbours of its least value. At an end of the range the
 * outcome says so.
 */
export function tunedRisk(task: CovariateTask): CovariateRisk {
  const [low, high] = [Math.log(PENALTIES.least), Math.log(PENALTIES.most)];
  const steps = 14;
  const scan: Untrained[] = [];
  for (let k = 0; k <= steps; k++) {
    // downwards, where the solutions before lead to the next
    const lambda = Math.exp(high - (k * (high - low)) / steps);
    const last = scan[k - 1];
    const start = last && succeeded(last.outcome) ? { start: leadTo(lambda, scan.slice(-2)) } : {};
    scan.push(untrained(task, lambda, { ...start, order: 6, tolerance: 1e-6 }));
  }
  let best = scan[0];
  for (const point of scan) if (succeeded(point.outcome) && point.error < best.error) best = point;
  const at = scan.indexOf(best);
  if (at === 0 || at === steps) {
    const advice = `the error falls all the way to lambda = ${best.lambda.toExponential(0)}, the end of the range that is searched`;
    const end = covariateRisk(task, best.lambda);
    return {
      ...end,
      outcome: outcome(end.outcome.kind, end.outcome.residual, end.outcome.iterations, { advice: end.outcome.advice ?? advice })
    };
  }
  // the same rule at every penalty: its error of 1e-9 is a smooth one, and moves the minimum no further
  const precision = { order: 8, tolerance: 1e-10 };
  let found = untrained(task, best.lambda, { ...precision, start: best.hats });
  const solved = [found, ...[scan[at - 1], scan[at + 1]].filter((point) => succeeded(point.outcome))];
  brentMinimum(
    (logLambda) => {
      const lambda = Math.exp(logLambda);
      const point = untrained(task, lambda, { ...precision, start: leadTo(lambda, solved) });
      if (succeeded(point.outcome)) solved.push(point);
      if (succeeded(point.outcome) && point.error <= found.error) found = point;
      return point.error;
    },
    Math.log(scan[at + 1].lambda),
    Math.log(scan[at - 1].lambda),
    { tolerance: 1e-5 } // the error is quadratic in it
  );
  return covariateRisk(task, found.lambda, { start: found.hats });
}

/** Hats are close to power laws of lambda: those at `lambda` by the line through the two nearest solutions. */
function leadTo(lambda: number, solved: readonly Untrained[]): RiskHats {
  const distance = ({ lambda: other }: Untrained): number => Math.abs(Math.log(other / lambda));
  const [b, a = b] = [...solved].sort((x, y) => distance(x) - distance(y));
  const way = a.lambda === b.lambda ? 0 : Math.log(lambda / b.lambda) / Math.log(b.lambda / a.lambda);
  const next = (x: number, y: number): number => y * (x > 0 && y > 0 ? Math.min(100, Math.max(0.01, (y / x) ** way)) : 1);
  return { mHat: next(a.hats.mHat, b.hats.mHat), qHat: next(a.hats.qHat, b.hats.qHat), VHat: next(a.hats.VHat, b.hats.VHat) };
}
