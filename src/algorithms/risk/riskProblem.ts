/** Empirical risk minimisation on an instance: min_w sum_mu l(y_mu, (A w)_mu) + l1 |w|_1 + (ridge/2) |w|^2, and what every solver reports. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator, Loss, Outcome, Vec } from "../../core/types.ts";
import { checkLabels } from "./labels.ts";

/** Weights of |w|^2/2 and |w|_1, each >= 0 and 0 where absent: ridge, lasso, or both (elastic net). */
export interface Penalty {
  readonly ridge?: number;
  readonly l1?: number;
}

/** `y` of length rows; the operator is real. */
export interface RiskProblem {
  readonly operator: LinearOperator;
  readonly y: Vec;
  readonly loss: Loss;
  readonly penalty: Penalty;
}

export type RiskMethod = "gamp" | "newton" | "lbfgs" | "coordinate";

export interface RiskOptions {
  /** What `residual` must reach. Default 1e-10. */
  readonly tolerance?: number;
  /** At most; each solver has its own default. */
  readonly iterations?: number;
  /** Where to start, length cols; zero where absent. Dual solvers start from zero whatever it is. */
  readonly start?: Vec;
}

export interface RiskResult {
  readonly method: RiskMethod;
  /** The minimiser, length cols. */
  readonly w: Vec;
  /** u = -l'(y, A w), length rows (at a kink the subgradient that the minimum takes): nonzero at the support vectors. */
  readonly dual: Vec;
  readonly objective: number;
  /** (1/rows) sum_mu l(y_mu, (A w)_mu). */
  readonly trainingLoss: number;
  /** objective - minimum <= gap: primal minus dual objective. null without a penalty, where no dual point is feasible before the end. */
  readonly gap: number | null;
  /** Distance of 0 from the subdifferential of the objective at w (the gradient's norm where it has one). */
  readonly stationarity: number;
  /**
   * `residual`: smooth loss and ridge > 0: the bound sqrt(2 gap/ridge)/|w| on the relative distance to the minimiser; else gap over
   * the objective, and stationarity over |A|_F |l'(y, 0)| where there is no gap.
   */
  readonly outcome: Outcome;
}

/** A problem whose shapes, numbers and labels have been checked. */
export interface Setting extends RiskProblem {
  readonly rows: number;
  readonly cols: number;
  readonly ridge: number;
  readonly l1: number;
}

/** Throws ParameterError in one sentence on whatever does not fit. */
export function checkProblem(problem: RiskProblem, options: RiskOptions = {}): Setting {
  const { operator, y, loss, penalty } = problem;
  const { rows, cols } = operator;
  const { ridge = 0, l1 = 0 } = penalty;
  if (operator.scalar !== "real") throw new ParameterError(`risk: the matrix must be real, got a ${operator.scalar} one`);
  if (y.length !== rows)
    throw new ParameterError(`risk: y must have one label for each of the ${rows} rows of the matrix, got ${y.length}`);
  checkLabels(y, loss);
  if (!(operator.frobenius2 > 0 && Number.isFinite(operator.frobenius2)))
    throw new ParameterError(`risk: the matrix must be finite and not all zero, got squared Frobenius norm ${operator.frobenius2}`);
  for (const [name, weight] of [
    ["ridge", ridge],
    ["l1", l1]
  ] as const)
    if (!(weight >= 0 && weight <= LARGEST_WEIGHT))
      throw new ParameterError(`risk: ${name} must be a number in [0, ${LARGEST_WEIGHT}], such as 0.1, got ${weight}`);
  if (!loss.smooth && ridge === 0 && l1 === 0)
    throw new ParameterError(
      "risk: a loss with a kink needs a penalty, for its minimiser to be unique: take ridge > 0, such as 1e-3 (maxMargin gives the limit ridge -> 0 of the hinge on separable data)"
    );
  const { tolerance = DEFAULT_TOLERANCE, iterations, start } = options;
  if (!(tolerance > 0 && tolerance < 1))
    throw new ParameterError(`risk: tolerance must be a number in (0, 1), such as 1e-10, got ${tolerance}`);
  if (iterations !== undefined && !(Number.isInteger(iterations) && iterations >= 1))
    throw new ParameterError(`risk: iterations must be an integer >= 1, such as 200, got ${iterations}`);
  if (start !== undefined && !(start.length === cols && start.every(Number.isFinite)))
    throw new ParameterError(`risk: start must be ${cols} finite numbers, got ${start.length}`);
  return { ...problem, rows, cols, ridge, l1 };
}

export const DEFAULT_TOLERANCE = 1e-10;
const LARGEST_WEIGHT = 1e100;
