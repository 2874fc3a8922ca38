/**
 * Piecewise-linear activations from their segments: phi(z) = s z + c on [from, to); segments are sorted and cover the line.
 *
 * On segment k the message exp(-az z^2/2 + bz z - ax phi^2/2 + bx phi) is a Gaussian of precision P = az + ax s^2 about
 * m = (bz + s (bx - ax c))/P, cut to the segment. Its weight is measured from its highest point z_k (m, or the end nearest to it):
 * with h = bz - az z and e = bx - ax phi there, two exponents differ by (z_k - z_j)(h_k + h_j)/2 + (x_k - x_j)(e_k + e_j)/2, a form in
 * which nothing large cancels; inside a segment e = (az (bx - ax c) - ax s bz)/P and h = -s e.
 */
import type { Activation, Segment, Vec } from "../core/types.ts";
import { normalCdf, normalPdf } from "../numerics/special/index.ts";
import { piecewiseErrors } from "./piecewiseErrors.ts";
import { piecewiseField } from "./piecewiseField.ts";
import { NOTHING, restrictedNormal } from "./restrictedNormal.ts";
import { segmentShape } from "./segmentShape.ts";

/** x ↦ density of N(0, 1) times x, 0 at ±infinity. */
function edgeTerm(x: number): number {
  return Number.isFinite(x) ? x * normalPdf(x) : 0;
}

/** Mass of N(0, 1) on [l, u], from the tail that keeps its digits. */
function mass(l: number, u: number): number {
  return l > 0 ? normalCdf(-l) - normalCdf(-u) : normalCdf(u) - normalCdf(l);
}

/** E phi(z)^2 for z ~ N(0, tau), in closed form segment by segment. */
export function segmentSecondMoment(segments: readonly Segment[], tau: number): number {
  const sd = Math.sqrt(tau);
  let total = 0;
  for (const { from, to, slope, offset } of segments) {
    if (sd === 0) {
      if (from <= 0 && 0 < to) total += offset * offset;
      continue;
    }
    const l = from / sd;
    const u = to / sd;
    const m0 = mass(l, u);
    const m1 = normalPdf(l) - normalPdf(u);
    const m2 = m0 + edgeTerm(l) - edgeTerm(u);
    total += slope * slope * tau * m2 + 2 * slope * offset * sd * m1 + offset * offset * m0;
  }
  return total;
}

/** The value at one point; a point on an edge belongs to the segment on its right. */
export function segmentValue(segments: readonly Segment[], z: number): number {
  let k = 0;
  while (k < segments.length - 1 && z >= segments[k].to) k++;
  return segments[k].slope * z + segments[k].offset;
}

/** A precision below this is treated as this: squares of means stay in the range of doubles. */
const LEAST = 1e-100;

/** The activation a list of segments defines. */
export function piecewiseActivation(segments: readonly Segment[], even = false): Activation {
  const shape = segmentShape(segments);
  const { count, from, to, slope, offset, valueFrom, valueTo } = shape;
  // Of each segment, for one component: its highest point z, x = phi(z), the gradients h and e there, log mass, mean of z and x measured from there, variance of z.
  const Z = new Float64Array(count);
  const X = new Float64Array(count);
  const H = new Float64Array(count);
  const E = new Float64Array(count);
  const L = new Float64Array(count);
  const M = new Float64Array(count);
  const W = new Float64Array(count);
  const cut = new Float64Array(4);
  // Of the mixture: log Z, means and variances of z and x.
  const out = new Float64Array(5);

  /** How far the log weight of segment k lies above that of segment j. */
  function lead(k: number, j: number): number {
    return 0.5 * (Z[k] - Z[j]) * (H[k] + H[j]) + 0.5 * (X[k] - X[j]) * (E[k] + E[j]) + (L[k] - L[j]);
  }

  function evaluate(az: number, bz: number, ax: number, bx: number, moments: boolean): void {
    let best = 0;
    for (let k = 0; k < count; k++) {
      const s = slope[k];
      const P = az + ax * s * s;
      const pull = bx - ax * offset[k];
      const m = (bz + s * pull) / P;
      const root = Math.sqrt(P);
      restrictedNormal((from[k] - m) * root, (to[k] - m) * root, (to[k] - from[k]) * root, cut);
      L[k] = cut[0] - 0.5 * Math.log(P);
      M[k] = cut[1] / root;
      W[k] = cut[2] / P;
      if (cut[3] === 0) {
        const e = (az * pull - ax * s * bz) / P;
        Z[k] = m;
        X[k] = s * m + offset[k];
        E[k] = e;
        H[k] = -s * e;
      } else {
        Z[k] = cut[3] > 0 ? from[k] : to[k];
        X[k] = cut[3] > 0 ? valueFrom[k] : valueTo[k];
        E[k] = bx - ax * X[k];
        H[k] = bz - az * Z[k];
      }
      if (k > 0 && lead(k, best) > 0) best = k;
    }
    let total = 0;
    let zShift = 0;
    let zSquare = 0;
    let zWithin = 0;
    let xShift = 0;
    let xSquare = 0;
    let xWithin = 0;
    for (let k = 0; k < count; k++) {
      const p = k === best ? 1 : L[k] > NOTHING ? Math.exp(lead(k, best)) : 0;
      if (p === 0) continue;
      total += p;
      if (!moments) continue;
      const dz = Z[k] - Z[best] + (M[k] - M[best]);
      const dx = X[k] - X[best] + (slope[k] * M[k] - slope[best] * M[best]);
      zShift += p * dz;
      zSquare += p * dz * dz;
      zWithin += p * W[k];
      xShift += p * dx;
      xSquare += p * dx * dx;
      xWithin += p * slope[k] * slope[k] * W[k];
    }
    const zTop = Z[best];
    const xTop = X[best];
    out[0] = zTop * (bz - 0.5 * az * zTop) + xTop * (bx - 0.5 * ax * xTop) + L[best] + Math.log(total);
    if (!moments) return;
    zShift /= total;
    xShift /= total;
    out[1] = zTop + (M[best] + zShift);
    out[2] = zWithin / total + Math.max(0, zSquare / total - zShift * zShift);
    out[3] = xTop + (slope[best] * M[best] + xShift);
    out[4] = xWithin / total + Math.max(0, xSquare / total - xShift * xShift);
  }

  return {
    scalar: "real",
    outputScalar: "real",
    even,
    segments,
    apply(z: Vec, x: Vec) {
      for (let i = 0; i < z.length; i++) x[i] = segmentValue(segments, z[i]);
    },
    secondMoment: (tau) => segmentSecondMoment(segments, tau),
    logPartition(az, bz, ax, bx, result) {
      const oneZ = az.length === 1;
      const oneX = ax.length === 1;
      for (let i = 0; i < bz.length; i++) {
        evaluate(Math.max(az[oneZ ? 0 : i], LEAST), bz[i], ax[oneX ? 0 : i], bx[i], false);
        result[i] = out[0];
      }
    },
    posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance) {
      const oneZ = az.length === 1;
      const oneX = ax.length === 1;
      for (let i = 0; i < bz.length; i++) {
        evaluate(Math.max(az[oneZ ? 0 : i], LEAST), bz[i], ax[oneX ? 0 : i], bx[i], true);
        zMean[i] = out[1];
        zVariance[i] = out[2];
        xMean[i] = out[3];
        xVariance[i] = out[4];
      }
    },
    field: (law, mHat, qHat, order) => piecewiseField(shape, law, mHat, qHat, order),
    errors: (V, ax, tau, order) => piecewiseErrors(shape, V, ax, tau, order)
  };
}
