/**
 * Moments of the tilted law exp(-a_z (z - omega)^2/2 + b_x phi(z) - a_x phi(z)^2/2) of a smooth phi: panels of Gauss-Legendre
 * marched out of every mode that a scan finds, halved where their Legendre coefficients do not fall. Everything is measured
 * from the highest mode z0: u = z - z0, d = phi(z) - phi(z0), so that narrow peaks keep their digits.
 */
import { gaussLegendre, legendreRows } from "../numerics/quadrature.ts";
import { LOST, type SmoothFunction, tiltedScan } from "./tiltedScan.ts";

const ORDER = 16;
/** Relative error of the mass at which a panel is good enough, and halvings of one. */
const FINE = 1e-11;
const DEPTH = 12;
/** Panels are at most so many widths of the peak, and so many lengths on which phi turns. */
const WIDTHS = 3;
const TURNS = 1.6;
/** L may fall by so much on a panel. */
const FALL = 14;

export interface Moments {
  /** z0 and phi(z0). */
  mode: number;
  value: number;
  /** ln int exp(L(z) - L(z0)) dz. */
  logMass: number;
  /** E u, Var u, E d, Var d. */
  zShift: number;
  zVariance: number;
  xShift: number;
  xVariance: number;
  /** E (b_x - a_x phi) phi' = a_z (E z - omega), by Stein's lemma without that cancellation; only when asked for. */
  drift: number;
}

export type TiltedMoments = (az: number, omega: number, ax: number, bx: number, drift: boolean, out: Moments) => void;

export const noMoments = (): Moments => ({
  mode: 0,
  value: 0,
  logMass: 0,
  zShift: 0,
  zVariance: 0,
  xShift: 0,
  xVariance: 0,
  drift: 0
});

export function tiltedMoments(smooth: SmoothFunction): TiltedMoments {
  const { phi, derivative, length, wavy } = smooth;
  const scan = tiltedScan(smooth);
  const { nodes: x, weights: w } = gaussLegendre(ORDER);
  const [last, beforeLast, middle, beforeMiddle] = legendreRows(ORDER);
  const sums = new Float64Array(6);
  const part = new Float64Array(6);

  return (az, omega, ax, bx, drift, out) => {
    const found = scan(az, omega, ax, bx);
    const z0 = found.at[found.best];
    const c = phi(z0);
    const force = bx - ax * c;
    const pull = z0 - omega;
    const level = (u: number): number => {
      const d = phi(z0 + u) - c;
      return d * (force - 0.5 * ax * d) - az * u * (0.5 * u + pull);
    };
    sums.fill(0);
    // What L is uncertain by, at worst: panels are not halved for that.
    const noise = 1e-15 * Math.abs(force) * (Math.abs(c) + Math.abs(derivative(z0) * z0));
    const fine = Math.max(FINE, noise);

    const panel = (a: number, b: number, depth: number): void => {
      const half = 0.5 * (b - a);
      const mid = 0.5 * (a + b);
      let c0 = 0;
      let c1 = 0;
      let d0 = 0;
      let d1 = 0;
      part.fill(0);
      for (let k = 0; k < ORDER; k++) {
        const u = mid + half * x[k];
        const d = phi(z0 + u) - c;
        const f = force - 0.5 * ax * d;
        const p = Math.exp(d * f - az * u * (0.5 * u + pull));
        c0 += last[k] * p;
        c1 += beforeLast[k] * p;
        d0 += middle[k] * p;
        d1 += beforeMiddle[k] * p;
        const m = half * w[k] * p;
        part[0] += m;
        part[1] += m * u;
        part[2] += m * u * u;
        part[3] += m * d;
        part[4] += m * d * d;
        if (drift) part[5] += m * (force - ax * d) * derivative(z0 + u);
      }
      const end = Math.max(Math.abs(c0), Math.abs(c1));
      const halfway = Math.max(Math.abs(d0), Math.abs(d1), end);
      const error = halfway > 0 ? 2 * half * end * (end / halfway) : 0;
      if (error > fine * (sums[0] + part[0]) && depth < DEPTH && half > 1e-14 * Math.abs(z0 + mid)) {
        panel(a, mid, depth + 1);
        panel(mid, b, depth + 1);
        return;
      }
      for (let k = 0; k < 6; k++) sums[k] += part[k];
    };

    /** Out of the mode at u = from, on one side, until L is LOST below the highest or the gap to the next mode is reached. */
    const march = (from: number, side: number, end: number): void => {
      const here = level(from);
      const slope = Math.abs(derivative(z0 + from));
      let width = 1 / Math.sqrt(az + ax * slope * slope);
      for (let k = 0; k < 100 && here - level(from + side * width) > 1.2; k++) width *= 0.5;
      for (let k = 0; k < 100 && here - level(from + side * width) < 0.3 && width < 1 / Math.sqrt(az); k++) width *= 1.6;
      let u = from;
      let h = WIDTHS * width;
      for (let k = 0; k < 4000; k++) {
        const z = z0 + u;
        // Outwards a panel may be as long as its distance from the origin, inwards half of it.
        const turn = wavy ? TURNS * length : Math.max(TURNS * length, Math.abs(z) * (z > 0 === side > 0 ? 1 : 0.5));
        let step = Math.min(h, turn);
        const rest = side * (end - u);
        const ends = step >= rest;
        if (ends) step = rest;
        if (!(step > 0)) return;
        const next = u + side * step;
        panel(Math.min(u, next), Math.max(u, next), 0);
        const before = level(u);
        u = next;
        const now = level(u);
        if (ends || now < -LOST) return;
        const fall = (before - now) / step;
        h = Math.min(2 * step, fall > 0 ? Math.max(FALL / fall, 0.25 * step) : Infinity, WIDTHS / Math.sqrt(az));
      }
    };

    // The highest first: the others are measured against its mass.
    for (let j = -1; j < found.size; j++) {
      const k = j < 0 ? found.best : j;
      if (j === found.best || found.height[k] < found.height[found.best] - LOST) continue;
      const at = found.at[k] - z0;
      march(at, -1, k > 0 ? found.gap[k] - z0 : -Infinity);
      march(at, 1, k < found.size - 1 ? found.gap[k + 1] - z0 : Infinity);
    }
    const inverse = 1 / sums[0];
    out.mode = z0;
    out.value = c;
    out.logMass = Math.log(sums[0]);
    out.zShift = sums[1] * inverse;
    out.zVariance = Math.max(0, sums[2] * inverse - out.zShift * out.zShift);
    out.xShift = sums[3] * inverse;
    out.xVariance = Math.max(0, sums[4] * inverse - out.xShift * out.xShift);
    out.drift = sums[5] * inverse;
  };
}
