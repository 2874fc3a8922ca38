/** The committee machine, y = sign(sum_l sign z_l) with sign 0 = 0 (Schwarze 1993; Aubin et al. 2018, sign-sign). */
import { ParameterError } from "../../core/parameters.ts";
import type { VectorChannel } from "../../core/types.ts";
import { makePair } from "./pair.ts";

export function committeeSign(units: number): VectorChannel {
  const pair = makePair();
  const labels = units % 2 ? [-1, 1] : [-1, 0, 1];
  function check(y: number): void {
    if (!labels.includes(y)) throw new ParameterError(`committee: a label of ${units} units must be one of ${labels.join(", ")}, got ${y}`);
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
      check(y);
      return pair.logPartition(omega, V, y);
    },
    score(omega, V, y, g, curvature) {
      check(y);
      return pair.score(omega, V, y, g, curvature);
    }
  };
}
