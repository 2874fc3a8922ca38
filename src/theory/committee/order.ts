/**
 * Order parameters of a committee of two units with matched teacher and student: Q = q_d I + (q_a/2) 11^T, the overlap of one row of
 * estimated weights with the truth; its eigenvalues are lambda_+ = q_d + q_a (the sum of the units) and lambda_- = q_d (their difference).
 */
import { ParameterError } from "../../core/parameters.ts";

/** lambda in [0, 1]; v = 1 - lambda is kept beside it, with the digits that 1 - lambda loses near exact recovery. */
export interface CommitteeOrder {
  readonly lambdaPlus: number;
  readonly lambdaMinus: number;
  readonly vPlus: number;
  readonly vMinus: number;
}

/** Variance below which weights count as exactly known. */
export const EXACT = 1e-13;

/** From the eigen-overlaps, and their complements where they are known better. Throws ParameterError outside [0, 1]. */
export function committeeOrder(o: {
  readonly lambdaPlus: number;
  readonly lambdaMinus: number;
  readonly vPlus?: number;
  readonly vMinus?: number;
}): CommitteeOrder {
  for (const name of ["lambdaPlus", "lambdaMinus"] as const)
    if (!(o[name] >= 0 && o[name] <= 1))
      throw new ParameterError(`committee: ${name} must be a number in [0, 1], got ${o[name]}; for example 0.5`);
  return {
    lambdaPlus: o.lambdaPlus,
    lambdaMinus: o.lambdaMinus,
    vPlus: Math.max(EXACT / 4, o.vPlus ?? 1 - o.lambdaPlus),
    vMinus: Math.max(EXACT / 4, o.vMinus ?? 1 - o.lambdaMinus)
  };
}
