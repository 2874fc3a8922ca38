/**
 * Quadrature for the estimated preactivations of three hidden units, omega ~ N(0, Q), Q with eigenvalue lambda_+ on their sum and lambda_- on
 * their differences. What is averaged keeps its value under permutations of the units and under omega -> -omega, so that one node stands
 * for up to twelve.
 */
import type { Vec } from "../../core/types.ts";
import type { CommitteeOrder } from "./order.ts";
import { halfAxis } from "./overlapPlane.ts";

/** omega = (first, second, third); weights sum to 1. */
export interface OverlapSpace {
  readonly first: Vec;
  readonly second: Vec;
  readonly third: Vec;
  readonly weight: Vec;
}

/** Points of the differences with their share: (i, j, k) summing to zero, i >= j >= k, weights of whole orbits summing to 1. */
export interface DifferencePlane {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly third: readonly number[];
  readonly weight: readonly number[];
}

/** Standard deviations covered. */
const REACH = 7.5;
/** Steps in units of the width of what varies. */
const STEP = 0.5;
const COARSEST = 0.45;
/** The same with variances this unequal: far along the sum the rarer label has complex zeros close to the line of equal units. */
const FINE_STEP = 0.38;
const FINE_BELOW = 0.5;
/** Below it both variances are small, and features lie along the planes omega_l = 0. */
const SHARP = 0.06;
const UNEQUAL = 0.15;
const TINY = 2e-3;
const SINH_STEP = 0.2;
const SINH_SCALE = 1.6;

/** The lattice grows no finer: with differences known better than that and the sum unknown, walls of this width are all that is missed. */
const FINEST = 0.03;

/** The hexagonal lattice h (i, j, k), i + j + k = 0, of area sqrt 3 h^2 a point, under a Gaussian of variance lambda in each of its two directions. `own`: the variance of the noise, whose root is the width of what varies. */
export function differencePlane(lambda: number, own: number, step = STEP): DifferencePlane {
  const sd = Math.sqrt(Math.max(lambda, 0));
  if (sd < 1e-150) return { first: [0], second: [0], third: [0], weight: [1] };
  const h = Math.min(COARSEST, (step * Math.sqrt(Math.max(own, FINEST))) / sd);
  const [first, second, third, weight]: number[][] = [[], [], [], []];
  const most = Math.ceil(REACH / h);
  const cell = (Math.sqrt(3) * h * h) / (2 * Math.PI);
  for (let i = 0; i <= most; i++)
    for (let j = -Math.floor(i / 2); j <= i; j++) {
      const k = -i - j;
      if (k > j) continue;
      const r2 = h * h * (i * i + j * j + k * k);
      if (r2 > REACH * REACH) continue;
      first.push(sd * h * i);
      second.push(sd * h * j);
      third.push(sd * h * k);
      weight.push((i === j && j === k ? 1 : i === j || j === k ? 3 : 6) * cell * Math.exp(-0.5 * r2));
    }
  return { first, second, third, weight };
}

function tensor(o: CommitteeOrder, fine: number): OverlapSpace {
  const most = Math.max(o.vPlus, o.vMinus);
  const axis = halfAxis(o.lambdaPlus, o.vPlus, most, REACH);
  const plane = differencePlane(o.lambdaMinus, o.vMinus, (o.vPlus < FINE_BELOW * o.vMinus ? FINE_STEP : STEP) * fine);
  const root = 1 / Math.sqrt(3);
  return collect(function* () {
    for (let a = 0; a < axis.x.length; a++)
      for (let b = 0; b < plane.weight.length; b++) {
        const w = axis.w[a] * plane.weight[b];
        if (w < 1e-15) continue;
        const u = root * axis.x[a];
        yield [u + plane.first[b], u + plane.second[b], u + plane.third[b], w];
      }
  });
}

function collect(nodes: () => Generator<readonly [number, number, number, number]>): OverlapSpace {
  const [first, second, third, weight]: number[][] = [[], [], [], []];
  for (const [x, y, z, w] of nodes()) {
    first.push(x);
    second.push(y);
    third.push(z);
    weight.push(w);
  }
  return {
    first: Float64Array.from(first),
    second: Float64Array.from(second),
    third: Float64Array.from(third),
    weight: Float64Array.from(weight)
  };
}

/** Both variances small: omega_l = s b sinh(tau_l), s a unit's standard deviation; nodes first >= second >= third, their sum >= 0. Only the middle one need be near 0 for a label to be uncertain. */
function sharp(o: CommitteeOrder, fine: number): OverlapSpace {
  const s = Math.sqrt((o.vPlus + 2 * o.vMinus) / 3);
  const ratio = Math.sqrt(Math.min(o.vPlus, o.vMinus) / Math.max(o.vPlus, o.vMinus));
  const h = SINH_STEP * fine * Math.min(1, 2 * Math.max(ratio, 0.1));
  const reach = REACH * Math.sqrt((o.lambdaPlus + 2 * o.lambdaMinus) / 3);
  const m = Math.ceil(Math.asinh(reach / (s * SINH_SCALE)) / h);
  const x = Float64Array.from({ length: 2 * m }, (_, i) => s * SINH_SCALE * Math.sinh((i + 0.5 - m) * h));
  const dx = Float64Array.from({ length: 2 * m }, (_, i) => h * s * SINH_SCALE * Math.cosh((i + 0.5 - m) * h));
  const density = (2 * Math.PI) ** -1.5 / (Math.sqrt(o.lambdaPlus) * o.lambdaMinus);
  return collect(function* () {
    for (let i = 0; i < 2 * m; i++)
      for (let j = 0; j <= i; j++) {
        if (Math.abs(x[j]) > 8.4 * s) continue;
        for (let k = 0; k <= j; k++) {
          const sum = x[i] + x[j] + x[k];
          if (sum < 0) continue;
          const along = (sum * sum) / 3;
          const e = 0.5 * (along / o.lambdaPlus + (x[i] * x[i] + x[j] * x[j] + x[k] * x[k] - along) / o.lambdaMinus);
          if (e > 36) continue;
          const orbit = i === j && j === k ? 2 : i === j || j === k ? 6 : 12;
          yield [x[i], x[j], x[k], orbit * density * dx[i] * dx[j] * dx[k] * Math.exp(-e)];
        }
      }
  });
}

/** The rule fit for an order parameter with 0 <= lambda <= 1, 0 < v <= 1; `fine` below 1 refines it. Nodes where a label is certain may be missing. */
export function overlapSpace(o: CommitteeOrder, fine = 1): OverlapSpace {
  const most = Math.max(o.vPlus, o.vMinus);
  const ratio = Math.sqrt(Math.min(o.vPlus, o.vMinus) / most);
  return most < SHARP && (ratio > UNEQUAL || most < TINY) ? sharp(o, fine) : tensor(o, fine);
}
