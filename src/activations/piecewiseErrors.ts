/**
 * Matched averages of a piecewise-linear hidden activation: z0 ~ N(omega, V), omega ~ N(0, q), t = sqrt(ax) phi(z0) + xi (so that
 * bx = sqrt(ax) t and the noise is the unit of t). Seen from t, segment k has S = 1 + ax s^2 V and the posterior
 * N(omega + V s sqrt(ax) (t - sqrt(ax) f)/S, V/S) cut to the segment, f = s omega + c. Averages over omega are those of pure segments,
 * in closed form, plus what the edges add (edgeNodes.ts); averages over t are composite Gauss-Legendre (observationPanels.ts).
 */
import { ParameterError } from "../core/parameters.ts";
import type { ActivationErrors } from "../core/types.ts";
import { binaryAverages } from "./binaryErrors.ts";
import { edgeNodes, placeEdgeNodes } from "./edgeNodes.ts";
import { GAIN, INFORMATION, LEFT, VX, VZ, observationAverages } from "./observationAverages.ts";
import type { SegmentShape } from "./segmentShape.ts";
import { normalCdf } from "../numerics/special/index.ts";

const LOG2PI = Math.log(2 * Math.PI);
/** A variance below this is treated as this: its square root and inverse are still finite. */
const LEAST = 1e-290;
/** ax V s^2 above which the edges are taken at this sharpness: t is then exact to 1e-7 of its noise. */
const SHARP = 1e18;

/** V J = V E g^2, vz/V, vx, 1 - ax vx, and the mutual information I(x; bx | omega). */
export interface Averages {
  gain: number;
  vz: number;
  vx: number;
  left: number;
  information: number;
}

function segmentMass(from: number, to: number, sd: number): number {
  const l = from / sd;
  const u = to / sd;
  return l > 0 ? normalCdf(-l) - normalCdf(-u) : normalCdf(u) - normalCdf(l);
}

/** Averages over omega ~ N(0, q), z0 ~ N(omega, V) and the observation of phi(z0) at precision ax; `order` (24 by default) scales the number of nodes. */
export function piecewiseAverages(shape: SegmentShape, q: number, V: number, ax: number, order = 24): Averages {
  const sum: Averages = { gain: 0, vz: 0, vx: 0, left: 0, information: 0 };
  const v = Math.max(V, LEAST);
  if (shape.flat && shape.count > 1 && binaryAverages(shape, q, v, ax, order, sum)) return sum;
  // What edges add has reached its sharp limit, as ax^(-1/2), long before t loses its digits.
  const seen = Math.min(ax, SHARP / (shape.steepest > 0 ? shape.steepest * v : shape.range * shape.range));
  const fade = seen < ax ? Math.sqrt(seen / ax) : 1;
  // At small q an even function sends almost nothing to z: no differences with pure segments there.
  const pure = shape.count === 1 || q > v || fade < 1;
  if (pure) {
    // Every segment on its own.
    const spread = Math.sqrt(q + v);
    for (let k = 0; k < shape.count; k++) {
      const p = shape.count === 1 ? 1 : segmentMass(shape.from[k], shape.to[k], spread);
      const s2 = shape.slope[k] * shape.slope[k];
      const extra = ax * s2 * v;
      const S = 1 + extra;
      sum.gain += (p * extra) / S;
      sum.vz += p / S;
      sum.vx += (p * s2 * v) / S;
      sum.left += p / S;
      sum.information += 0.5 * p * Math.log1p(extra);
    }
    if (shape.count === 1) return sum;
  }
  const inner = observationAverages(shape);
  const { values } = inner;
  inner.prepare(v, seen, order);
  placeEdgeNodes(shape, q, v, 12 / order, (2.88 / order) * inner.fold, inner.fold, !pure);
  for (let i = 0; i < edgeNodes.size; i++) {
    const w = edgeNodes.weight[i];
    inner.at(edgeNodes.omega[i], pure);
    sum.gain += w * values[GAIN];
    sum.vz += w * values[VZ];
    sum.vx += w * values[VX] * fade * fade * fade;
    sum.left += w * values[LEFT] * fade;
    sum.information += w * values[INFORMATION];
  }
  if (fade < 1) sum.gain = Math.max(0, sum.gain);
  if (inner.smooth) sum.vz = 1 - sum.gain;
  return sum;
}

/** The contract's `errors`. Throws ParameterError unless 0 < V <= tau (up to rounding) and ax >= 0. */
export function piecewiseErrors(shape: SegmentShape, V: number, ax: number, tau: number, order?: number): ActivationErrors {
  if (!(V > 0 && V <= tau * (1 + 1e-9) && tau < Number.POSITIVE_INFINITY))
    throw new ParameterError(`activation: V must be a number in (0, tau], got V ${V} with tau ${tau}; for example V 0.5, tau 1`);
  if (!(ax >= 0 && ax < Number.POSITIVE_INFINITY))
    throw new ParameterError(`activation: ax must be a finite number >= 0, got ${ax}; for example 1`);
  const { gain, vz, vx, left, information } = piecewiseAverages(shape, Math.max(0, tau - V), V, ax, order);
  return {
    vz: V * vz,
    vx,
    extrinsicZ: vz > 0 ? gain / (V * vz) : Number.POSITIVE_INFINITY,
    extrinsicX: vx > 0 ? left / vx : Number.POSITIVE_INFINITY,
    freeEntropy: 0.5 * (LOG2PI + Math.log(V) - 1) - information
  };
}
