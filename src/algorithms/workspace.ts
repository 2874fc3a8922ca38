/** The buffers of a GAMP run, sized once, and the checks that shapes and number fields fit. */
import { ParameterError } from "../core/parameters.ts";
import type { Vec } from "../core/types.ts";
import type { GampOptions, GampProblem, GampState } from "./gamp.ts";

export type Working = { -readonly [K in keyof GampState]: GampState[K] };

/** Everything one run owns; sized once. */
export interface Workspace {
  readonly problem: GampProblem;
  readonly state: Working;
  /** Reals per component: 2 when complex. */
  readonly width: 1 | 2;
  readonly vector: boolean;
  readonly onsager: boolean;
  /** Mean squared row and column norms: |A|_F^2 / rows and / cols. */
  readonly rowNorm: number;
  readonly colNorm: number;
  readonly fresh: Vec;
  readonly freshVariance: Vec;
  readonly freshG: Vec;
  readonly curvature: Vec;
  /** Results of the loops, by the indices below: a returned number would be a heap allocation. */
  readonly sums: Vec;
}
export const CURVATURE = 0;
export const SCORE2 = 1;
export const SCORE_CHANGE2 = 2;
export const CHANGE2 = 3;
export const NORM2 = 4;
export const VARIANCE = 5;
export const OLD_VARIANCE = 6;

const LARGEST_LABEL = 1e100;

/** Checks shapes and fields, sizes every buffer. Throws ParameterError. */
export function prepare(problem: GampProblem, { variances = "scalar", onsager = true }: GampOptions): Workspace {
  const { operator, y, prior, channel } = problem;
  const { rows, cols, scalar } = operator;
  if (prior.scalar !== scalar) throw new ParameterError(`gamp: the prior must be ${scalar} like the matrix, got a ${prior.scalar} prior`);
  if (channel.scalar !== scalar)
    throw new ParameterError(`gamp: the channel must be ${scalar} like the matrix, got a ${channel.scalar} channel`);
  const labels = channel.labelScalar === "complex" ? 2 * rows : rows;
  if (y.length !== labels)
    throw new ParameterError(
      `gamp: y must have ${labels} numbers (${rows} rows${labels > rows ? ", re and im interleaved" : ""}), got ${y.length}`
    );
  for (let i = 0; i < y.length; i++)
    if (!(Math.abs(y[i]) <= LARGEST_LABEL)) {
      const cure = Number.isFinite(y[i]) ? `within ${LARGEST_LABEL} of zero, for its square to be a number; rescale it` : "finite";
      throw new ParameterError(`gamp: y must be ${cure}, got ${y[i]} at index ${i}`);
    }
  if (!(rows >= 1 && cols >= 1))
    throw new ParameterError(`gamp: the matrix must have at least one row and one column, got ${rows} x ${cols}`);
  if (!(operator.frobenius2 > 0 && Number.isFinite(operator.frobenius2)))
    throw new ParameterError(`gamp: the matrix must be finite and not all zero, got squared Frobenius norm ${operator.frobenius2}`);
  if (variances !== "scalar" && variances !== "vector")
    throw new ParameterError(`gamp: variances must be scalar or vector, got ${variances}`);
  const vector = variances === "vector";
  if (vector && !(operator.applySquared && operator.adjointSquared))
    throw new ParameterError(
      "gamp: vector variances need a matrix with known squared entries; this operator has none, use variances: scalar"
    );
  const width = scalar === "complex" ? 2 : 1;
  const input = () => new Float64Array(width * cols);
  const output = () => new Float64Array(width * rows);
  const state: Working = {
    t: 0,
    mean: input(),
    variance: new Float64Array(vector ? cols : 1),
    omega: output(),
    V: new Float64Array(vector ? rows : 1),
    g: output(),
    A: new Float64Array(vector ? cols : 1),
    b: input(),
    residual: 1,
    damping: 0,
    clipped: 0
  };
  return {
    problem,
    state,
    width,
    vector,
    onsager,
    rowNorm: operator.frobenius2 / rows,
    colNorm: operator.frobenius2 / cols,
    fresh: input(),
    freshVariance: new Float64Array(cols),
    freshG: output(),
    curvature: new Float64Array(rows),
    sums: new Float64Array(8)
  };
}

export function norm2(x: Vec): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) s += x[i] * x[i];
  return s;
}
