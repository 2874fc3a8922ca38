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

/** Throws ParameterError for a loss of signs on linear labels. */
export function covariateRisk(task: CovariateTask, lambda: number, { order: nodes, ...options }: RiskPrecision = {}): CovariateRisk {
  const { inputs, labels, loss, samples, square } = task;
  if (square) {
    const { order, hats, trainingLoss, outcome: end } = ridgeSolution(inputs, labels, samples, lambda);
    return { lambda, order, hats, error: errorOf(labels, inputs.rho, order), trainingLoss, outcome: end };
  }
  const {
    order,
    hats,
    outcome: end
  } = riskFixedPoint(makeOutputSide(loss, labels, inputs.rho, nodes), spectralSide(inputs, lambda), samples, options);
  const trainingLoss = trainingLossAt(loss, labels, inputs.rho, order);
  return { lambda, order, hats, error: errorOf(labels, inputs.rho, order), trainingLoss, outcome: end };
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
  const scan: CovariateRisk[] = [];
  for (let k = 0; k <= steps; k++) {
    // downwards, where each solution is a start for the next
    const last = scan[scan.length - 1];
    const start = last && succeeded(last.outcome) ? { start: last.hats } : {};
    scan.push(covariateRisk(task, Math.exp(high - (k * (high - low)) / steps), { ...start, order: 6, tolerance: 1e-6 }));
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
  let found = covariateRisk(task, best.lambda);
  brentMinimum(
    (logLambda) => {
      const point = covariateRisk(task, Math.exp(logLambda), { start: found.hats });
      if (succeeded(point.outcome) && point.error <= found.error) found = point;
      return point.error;
    },
    Math.log(scan[at + 1].lambda),
    Math.log(scan[at - 1].lambda),
    { tolerance: 1e-6 } // the error is quadratic in it
  );
  return found;
}
