/** The committee machine, y = sign(sum_l sign z_l) with sign 0 = 0 (Schwarze 1993; Aubin et al. 2018, sign-sign). */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec, VectorChannel } from "../../core/types.ts";
import { hazard, logNormalCdf } from "../../numerics/special/index.ts";
import { tail1 } from "../../numerics/special/tails.ts";
import { makePair } from "./pair.ts";
import { makeSeveral } from "./severalUnits.ts";
import { isDiagonal } from "./signCounts.ts";

export interface CommitteeChannel extends VectorChannel {
  /** P(y) of every label, in the order of `labels`, to absolute rather than relative accuracy: cheaper than `logPartition` for rare ones. */
  probabilities(omega: Vec, V: Vec, out: Vec): void;
}

/** Most units whose V may have off-diagonal entries: a quadrature in units - 2 dimensions. */
const MOST_DEPENDENT = 4;
const LEAST = 1e-300;

/**
 * One unit is the perceptron, two are in closed form with all their tails, more go through quadrature (absolute accuracy 1e-9; labels
 * rarer than that by large deviations). Labels are -1 and 1 for odd units, -1, 0 and 1 for even ones. Throws ParameterError unless units
 * is an integer in [1, 64]; V of 5 units or more must be diagonal.
 */
export function committeeSign(units: number): CommitteeChannel {
  if (!(Number.isInteger(units) && units >= 1 && units <= 64))
    throw new ParameterError(`committee: units must be an integer in [1, 64], got ${units}; for example 2`);
  const labels = units % 2 ? [-1, 1] : [-1, 0, 1];
  const engine = units === 1 ? single : units === 2 ? makePair() : makeSeveral(units);
  const several = makeSeveral(units);
  const counted = new Float64Array(units + 1);
  const safe = new Float64Array(units * units);
  function check(V: Vec, y: number): void {
    if (!labels.includes(y)) throw new ParameterError(`committee: a label of ${units} units must be one of ${labels.join(", ")}, got ${y}`);
    checkShape(V);
  }
  function checkShape(V: Vec): void {
    if (units > MOST_DEPENDENT && !isDiagonal(V, units))
      throw new ParameterError(
        `committee: V must be diagonal for more than ${MOST_DEPENDENT} units, got ${units} units that depend on each other`
      );
  }
  return {
    units,
    labels,
    sample(_rng, z, y) {
      for (let i = 0; i < y.length; i++) {
        let sum = 0;
        for (let l = 0; l < units; l++) sum += Math.sign(z[i * units + l]);
        y[i] = Math.sign(sum);
      }
    },
    logPartition(omega, V, y) {
      check(V, y);
      return engine.logPartition(omega, V, y);
    },
    score(omega, V, y, g, curvature) {
      check(V, y);
      return engine.score(omega, V, y, g, curvature);
    },
    probabilities(omega, V, out) {
      checkShape(V);
      safe.set(V);
      for (let l = 0; l < units; l++) safe[l * units + l] = Math.max(V[l * units + l], LEAST);
      several.counts(omega, safe, counted);
      out.fill(0);
      let sum = 0;
      for (let c = 0; c <= units; c++) {
        out[labels.indexOf(Math.sign(2 * c - units))] += counted[c];
        sum += counted[c];
      }
      for (let k = 0; k < labels.length; k++) out[k] /= sum;
    }
  };
}

/** One unit: ln Phi(y omega/sqrt V). */
const single = {
  logPartition: (omega: Vec, V: Vec, y: number): number => logNormalCdf((y * omega[0]) / Math.sqrt(Math.max(V[0], LEAST))),
  score(omega: Vec, V: Vec, y: number, g: Vec, curvature: Vec): number {
    const v = Math.max(V[0], LEAST);
    const u = (y * omega[0]) / Math.sqrt(v);
    const h = hazard(u);
    g[0] = (y * h) / Math.sqrt(v);
    curvature[0] = (u < 0 ? tail1(-u) * h * h : h * (u + h)) / v; // h + u = J_1/J_0, as in sign.ts
    return logNormalCdf(u);
  }
};
