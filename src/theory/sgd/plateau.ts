/**
 * The symmetric plateau of online SGD: all students alike and equally near every unit of the teacher, Q_ii = C + D, Q_ij = C,
 * R_in = R (Saad and Solla, Phys. Rev. E 52 (1995) 4225, section IV). It is what attracts within the symmetric subspace, found by
 * following the equations there and then by Newton's method. For erf and eta -> 0 the students merge, D = 0, which attracts only as
 * 1/t: at eta > 0 the random part of the steps makes D = 0 unstable and D settles proportional to eta. The rate at which the
 * plateau is left is that of the specialising mode.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Overlaps, Vec } from "../../core/types.ts";
import { newton } from "./fixedState.ts";
import { dopri5 } from "../../numerics/ode.ts";
import { errorAverages, meanSquaredError } from "./errorAverages.ts";
import { fieldsOf, type SgdModel } from "./sgdOde.ts";

export interface PlateauSetting extends Pick<SgdModel, "activation" | "learningRate" | "noise" | "weightDecay"> {
  readonly studentUnits: number;
  /** As many as the students by default. */
  readonly teacherUnits?: number;
  /** T_nn of the orthogonal teacher units; 1 by default. */
  readonly teacherNorm?: number;
  /** Second layers, equal for all units; 1 by default. */
  readonly v?: number;
  readonly vTeacher?: number;
}

/** A fixed point of the symmetric subspace. */
export interface PlateauState {
  readonly overlaps: Overlaps;
  /** Height of the plateau, e_g. */
  readonly generalizationError: number;
  /**
   * Growth rate, per unit of eta t, of the mode in which student i turns to teacher n and j to m (R_in, R_jm up, R_im, R_jn
   * down): positive where specialisation sets in. Null with one student or one teacher.
   */
  readonly specialisationRate: number | null;
}

/** What attracts in the symmetric subspace: where runs that start near it stay for long. */
export interface Plateau extends PlateauState {
  readonly outcome: Outcome;
  /** 1/(eta rate): the time t in which a deviation grows by e; null where it does not grow or eta = 0. */
  readonly escapeTime: number | null;
  /** The fixed point with D = 0 (for erf at finite eta unstable, and off the plateau by O(eta^2)). For erf it is the plateau as eta -> 0; at eta > 0 steps spread the students to D proportional to eta. Null where Newton finds none. */
  readonly merged: PlateauState | null;
}

/** eta t after which the symmetric subspace is at rest. */
const REST = 300;

/** Overlaps of the symmetric subspace. */
function symmetric(
  s: Required<Pick<PlateauSetting, "studentUnits" | "teacherUnits" | "teacherNorm" | "v" | "vTeacher">>,
  x: ArrayLike<number>
): Overlaps {
  const { studentUnits: K, teacherUnits: M } = s;
  const [R, C, D] = [x[0], x[1], x[2]];
  return {
    Q: Array.from({ length: K }, (_, i) => Array.from({ length: K }, (_, k) => (i === k ? C + D : C))),
    R: Array.from({ length: K }, () => new Array<number>(M).fill(R)),
    T: Array.from({ length: M }, (_, n) => Array.from({ length: M }, (_, m) => (n === m ? s.teacherNorm : 0))),
    v: new Array<number>(K).fill(s.v),
    vTeacher: new Array<number>(M).fill(s.vTeacher)
  };
}

/**
 * The symmetric plateau at a learning rate, eta = 0 being the limit of small rates.
 * The outcome is `diverged` where none is found: the rate is so large that the students run away.
 * Throws ParameterError unless the units are positive integers and rates and norms are not negative.
 */
export function symmetricPlateau(setting: PlateauSetting): Plateau {
  const { activation, learningRate: eta, noise = 0, weightDecay = 0, studentUnits: K } = setting;
  const sizes = { teacherUnits: K, teacherNorm: 1, v: 1, vTeacher: 1, ...setting };
  const M = sizes.teacherUnits;
  for (const [name, n] of [
    ["studentUnits", K],
    ["teacherUnits", M]
  ] as const)
    if (!(Number.isInteger(n) && n >= 1))
      throw new ParameterError(`symmetricPlateau: ${name} must be a positive integer, got ${n}; for example 2`);
  for (const [name, x] of [
    ["learningRate", eta],
    ["noise", noise],
    ["weightDecay", weightDecay]
  ] as const)
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
      throw new ParameterError(`symmetricPlateau: ${name} must be a number >= 0, got ${x}; for example 0.1`);
  if (!(sizes.teacherNorm > 0 && sizes.v !== 0 && sizes.vTeacher !== 0))
    throw new ParameterError("symmetricPlateau: teacherNorm must be positive and the second layers not zero; for example 1");
  const v = sizes.v;
  const L = K + M;
  const averages = errorAverages(activation, K, M);

  /** (dR, dC, dD)/d(eta t) at x = (R, C, D). Students that are the same vector move alike: D = 0 stays. */
  const flow = (x: Vec, rate: number, out: Vec) => {
    const { covariance, signs } = fieldsOf(symmetric(sizes, x));
    averages.update(covariance, signs);
    const { drift, square, slopes } = averages;
    const diagonal = 2 * v * drift[0] + rate * v * v * (square[0] + noise * slopes[0]) - 2 * weightDecay * (x[1] + x[2]);
    const off = K > 1 ? 2 * v * drift[1] + rate * v * v * (square[1] + noise * slopes[1]) - 2 * weightDecay * x[1] : diagonal;
    out[0] = v * drift[K] - weightDecay * x[0];
    out[1] = off;
    out[2] = diagonal - off;
  };
  const full = new Float64Array(3);
  /** x = (R, C), all students the same vector. */
  const merged = (x: Vec, out: Vec) => {
    flow(Float64Array.of(x[0], x[1], 0), eta, full);
    out[0] = full[0];
    out[1] = full[1];
  };
  /** x = (R, C, sqrt D): the random part of relu's steps spreads students apart as sqrt(D). */
  const spread = (x: Vec, out: Vec) => {
    flow(Float64Array.of(x[0], x[1], x[2] * x[2]), eta, out);
    out[2] /= x[2];
  };
  // what attracts inside the subspace, then Newton, with and without D
  const scale = sizes.teacherNorm;
  const sign = Math.sign(v * sizes.vTeacher);
  const start = Float64Array.of(0.1 * scale * sign, 0.1 * scale, K > 1 ? 0.4 * scale : 0);
  const run = dopri5((_t, y, dy) => flow(y, eta, dy), start, [REST], { rtol: 1e-7, maxSteps: 4000 });
  const rest = run.next();
  const y = rest.done ? start : rest.value.y;
  const one = newton(merged, Float64Array.of(y[0], y[1]), (z) => z[1] > 0);
  const merging = one.outcome.kind === "converged" ? describe(Float64Array.of(one.x[0], one.x[1], 0)) : null;
  let state = merging;
  let result = one.outcome;
  // D relaxes slowly at small rates, where it is near 0.2 eta C: a second start
  for (const D0 of K > 1 ? [y[2], 0.2 * eta * Math.abs(y[1])] : []) {
    if (!(D0 > 0)) continue;
    const two = newton(spread, Float64Array.of(y[0], y[1], Math.sqrt(D0)), (z) => z[2] > 0 && z[2] * z[2] + K * z[1] > 0);
    const D = two.x[2] ** 2;
    if (two.outcome.kind !== "converged" || D <= 1e-5 * Math.min(1, eta > 0 ? 100 * eta : 1) * Math.abs(two.x[1])) continue;
    state = describe(Float64Array.of(two.x[0], two.x[1], D));
    result = two.outcome;
    break;
  }
  if (rest.done || !state)
    result = outcome("diverged", result.residual, result.iterations, {
      advice: `no symmetric plateau was found at learning rate ${eta}: lower it, or look at the trajectory`
    });
  state ??= describe(start);
  const rate = state.specialisationRate;
  return { outcome: result, ...state, escapeTime: rate !== null && rate > 0 && eta > 0 ? 1 / (eta * rate) : null, merged: merging };

  function describe(x: Vec): PlateauState {
    const overlaps = symmetric(sizes, x);
    const { covariance, signs } = fieldsOf(overlaps);
    return {
      overlaps,
      generalizationError: 0.5 * meanSquaredError(activation, covariance, signs),
      specialisationRate: K > 1 && M > 1 ? specialisation(x[0], covariance, signs) : null
    };
  }

  /** dR_00 along the pattern (1, -1, 0 ...) x (1, -1, 0 ...): by symmetry an eigenvector of the linearised dynamics, with Q at rest. */
  function specialisation(R: number, C: Vec, signs: Vec): number {
    const slope = (h: number) => {
      const up = derivative(h);
      const down = derivative(-h);
      return (up - down) / (2 * h);
    };
    const derivative = (h: number) => {
      for (const [i, n, sign] of [
        [0, K, 1],
        [0, K + 1, -1],
        [1, K, -1],
        [1, K + 1, 1]
      ])
        C[i * L + n] = C[n * L + i] = R + sign * h;
      averages.update(C, signs);
      return v * averages.drift[K] - weightDecay * (R + h);
    };
    const h = 1e-3 * Math.abs(R) + 1e-6;
    return (4 * slope(0.5 * h) - slope(h)) / 3;
  }
}
