/** The max-margin classifier: min |w|^2/2 with y_mu (A w)_mu >= 1 (Vapnik 1982), the direction to which separable logistic and hinge minimisers tend as ridge -> 0. */
import { outcome } from "../../core/outcome.ts";
import type { LinearOperator, Outcome, Vec } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { hinge } from "../../losses/hinge.ts";
import { make } from "../../core/parameters.ts";
import { dot } from "./certificate.ts";
import { ascend, type BoxProblem, boxState, firstPasses, polish, settle } from "./dualCoordinate.ts";
import { entriesOf } from "./entries.ts";
import { checkProblem } from "./riskProblem.ts";

export interface MaxMarginResult {
  /** Length cols, with min_mu y_mu (A w)_mu = 1 where the data are separable. */
  readonly w: Vec;
  /** w = A^T dual; nonzero at the support vectors. */
  readonly dual: Vec;
  /** min_mu y_mu (A w)_mu/|w|: the distance of the nearest sample from the hyperplane; <= 0 where no separating one was found. */
  readonly margin: number;
  /** No hyperplane has a larger margin than this. */
  readonly marginBound: number;
  readonly outcome: Outcome;
}

/** Throws ParameterError on labels that are not +-1 and on shapes that do not fit. */
export function maxMargin(operator: LinearOperator, y: Vec, options: { readonly iterations?: number } = {}): MaxMarginResult {
  const setting = checkProblem({ operator, y, loss: make(hinge), penalty: { ridge: 1 } }, options);
  const { rows, cols } = setting;
  const { iterations = 20_000 } = options;
  const A = entriesOf(operator);
  const norms = Float64Array.from({ length: rows }, (_, mu) =>
    dot(A.subarray(mu * cols, (mu + 1) * cols), A.subarray(mu * cols, (mu + 1) * cols))
  );
  const reach = Math.sqrt(operator.frobenius2 / rows);
  const infinite = Number.POSITIVE_INFINITY;
  const problem: BoxProblem = {
    A,
    rows,
    cols,
    ridge: 1,
    l1: 0,
    at: y,
    low: Float64Array.from(y, (s) => (s > 0 ? 0 : -infinite)),
    high: Float64Array.from(y, (s) => (s > 0 ? infinite : 0))
  };
  const state = boxState(problem);
  const z = new Float64Array(rows);
  const order = Int32Array.from({ length: rows }, (_, mu) => mu);
  const rng = makeRng(0, "max margin");
  let passes = 0;
  let pause = firstPasses(rows, cols);
  for (;;) {
    for (let k = 0; k < pause && passes < iterations; k++, passes++) if (ascend(problem, state, norms, order, rng) === 0) break;
    settle(problem, state);
    const done = polish(problem, state, z, 40);
    settle(problem, state);
    operator.apply(state.w, z);
    const size = Math.sqrt(dot(state.w, state.w));
    let least = infinite;
    let total = 0;
    for (let mu = 0; mu < rows; mu++) {
      least = Math.min(least, y[mu] * z[mu]);
      total += Math.abs(state.u[mu]);
    }
    const margin = size > 0 ? least / size : 0;
    // with a >= 0 and sum a = 1 every unit w has min y z <= sum a y z <= |A^T (a y)|
    const marginBound = total > 0 ? size / total : reach;
    const end = (how: Outcome): MaxMarginResult => ({ w: state.w.slice(), dual: state.u.slice(), margin, marginBound, outcome: how });
    const residual = Math.max(0, marginBound - margin) / reach;
    if (margin > 0 && (done || residual <= 1e-12 * (margin / reach))) return end(outcome("converged", residual, passes));
    if (marginBound <= LEAST_MARGIN * reach)
      return end(
        outcome("diverged", residual, passes, {
          advice: `the data are not separable: no hyperplane leaves every sample on its side by more than ${marginBound.toExponential(1)} (samples have length ${reach.toPrecision(2)}); minimise the hinge loss with ridge > 0`
        })
      );
    if (passes >= iterations)
      return end(
        outcome("horizon", residual, passes, {
          advice: `the largest margin lies between ${Math.max(0, margin).toExponential(2)} and ${marginBound.toExponential(2)}: raise iterations, or minimise the hinge loss with ridge > 0`
        })
      );
    pause = Math.min(2 * pause, 500);
  }
}

/** In units of the length of a typical sample: less is no margin to any practical purpose. */
const LEAST_MARGIN = 1e-4;
