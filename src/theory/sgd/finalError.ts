/**
 * Where label noise leaves a specialised student of as many units as its orthogonal teacher (K = M, v = v* = 1): the fixed point
 * next to Q = R = T in the subspace Q_ii, Q_ij, R_ii, R_ij. To leading order in eta the error is eta sigma^2 K/(2 pi sqrt 3) for
 * erf (Saad and Solla, Adv. NIPS 9, 1997; Goldt et al., NeurIPS 2019).
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Overlaps, Vec } from "../../core/types.ts";
import { errorAverages, meanSquaredError } from "./errorAverages.ts";
import { newton } from "./fixedState.ts";
import { fieldsOf, type SgdModel } from "./sgdOde.ts";

export interface FinalError {
  readonly outcome: Outcome;
  readonly overlaps: Overlaps;
  readonly generalizationError: number;
}

/** eta sigma^2 K/(2 pi sqrt 3), times sqrt 3/sqrt(1 + 2 T_nn) for teacher units of another norm T_nn than 1. */
export function leadingFinalError(learningRate: number, noise: number, units: number, teacherNorm = 1): number {
  return (learningRate * noise * units) / (2 * Math.PI * Math.sqrt(1 + 2 * teacherNorm));
}

/**
 * The fixed point near R = T for `units` students and teachers, T = `teacherNorm` times the identity, first layer trained: at noise 0 it is R = T itself.
 * `diverged` where the rate is so large that none is found. Linear and square units specialise only up to rotations: they are
 * refused. Throws ParameterError.
 */
export function specialisedFixedPoint(
  model: Pick<SgdModel, "activation" | "learningRate" | "noise" | "weightDecay">,
  units: number,
  teacherNorm = 1
): FinalError {
  const { activation, learningRate: eta, noise = 0, weightDecay = 0 } = model;
  if (activation !== "erf" && activation !== "relu")
    throw new ParameterError(`specialisedFixedPoint: activation must be erf or relu, got ${activation}; for example erf`);
  if (!(Number.isInteger(units) && units >= 1))
    throw new ParameterError(`specialisedFixedPoint: units must be a positive integer, got ${units}; for example 2`);
  if (!(teacherNorm > 0 && teacherNorm < Number.POSITIVE_INFINITY))
    throw new ParameterError(`specialisedFixedPoint: teacherNorm must be a positive number, got ${teacherNorm}; for example 1`);
  for (const [name, x] of Object.entries({ learningRate: eta, noise, weightDecay }))
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
      throw new ParameterError(`specialisedFixedPoint: ${name} must be a number >= 0, got ${x}; for example 0.1`);
  const K = units;
  const averages = errorAverages(activation, K, K);
  const several = K > 1;
  const overlapsAt = (x: ArrayLike<number>): Overlaps => {
    const square = (diagonal: number, off: number) =>
      Array.from({ length: K }, (_, i) => Array.from({ length: K }, (_, k) => (i === k ? diagonal : off)));
    // unknowns: R_ii, Q_ii - 2 R_ii + T_nn (the squared distance of a student to its teacher), R_ij, Q_ij
    const Rd = x[0];
    const Ro = several ? x[2] : 0;
    return {
      Q: square(x[1] + 2 * Rd - teacherNorm, several ? x[3] : 0),
      R: square(Rd, Ro),
      T: square(teacherNorm, 0),
      v: new Array<number>(K).fill(1),
      vTeacher: new Array<number>(K).fill(1)
    };
  };
  const flow = (rate: number, sigma2: number) => (x: Vec, out: Vec) => {
    const o = overlapsAt(x);
    const { covariance, signs } = fieldsOf(o);
    averages.update(covariance, signs);
    const { drift, square, slopes } = averages;
    const L = 2 * K;
    out[0] = drift[K] - weightDecay * o.R[0][0];
    out[1] = 2 * drift[0] + rate * (square[0] + sigma2 * slopes[0]) - 2 * weightDecay * o.Q[0][0] - 2 * out[0];
    if (several) {
      out[2] = drift[K + 1] - weightDecay * o.R[0][1];
      out[3] = drift[1] + drift[L] + rate * (square[1] + sigma2 * slopes[1]) - 2 * weightDecay * o.Q[0][1];
    }
  };
  let x: Vec = several ? Float64Array.of(teacherNorm, 0, 0, 0) : Float64Array.of(teacherNorm, 0);
  let found = outcome("converged", 0, 0);
  if ((eta > 0 && noise > 0) || weightDecay > 0) {
    // from a student nearly there at a small rate, up
    const inside = (y: Vec) => y[1] >= 0 && y[0] > 0;
    x[1] = Math.max(1e-12, 0.5 * Math.min(eta, 0.01) * noise);
    let rate = Math.min(eta, 0.01);
    let reached = -1;
    let ratio = 2;
    for (let turn = 0; turn < 100 && reached < eta; turn++) {
      const next = newton(flow(rate, noise), x, inside, 1e-14);
      found = next.outcome;
      if (found.kind === "converged") {
        x = next.x;
        reached = rate;
        rate = Math.min(eta, rate * ratio);
        if (eta === 0) break;
      } else {
        if (reached < 0) rate *= 0.25;
        else {
          ratio = Math.sqrt(ratio);
          rate = reached * ratio;
        }
        if (ratio < 1.001 || rate < 1e-9) break;
      }
    }
  }
  if (found.kind !== "converged")
    found = outcome("diverged", found.residual, found.iterations, {
      advice: `no specialised fixed point was found at learning rate ${eta}: lower it`
    });
  const overlaps = overlapsAt(x);
  const { covariance, signs } = fieldsOf(overlaps);
  return { outcome: found, overlaps, generalizationError: 0.5 * meanSquaredError(activation, covariance, signs) };
}
