/**
 * The law of r = |z| for complex z under exp(-a_z |z|^2 + 2 Re(b_z^* z) - a_x r^2/2 + b_x r): the angle integrates to
 * 2 pi r I0(2 beta r) exp(-A r^2 + b_x r), beta = |b_z|, A = a_z + a_x/2, which has one mode. Panels march out of it.
 */
import type { Vec } from "../core/types.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { besselI0e, besselRatio, ratioDefect } from "../numerics/special/bessel.ts";

const ORDER = 16;
const LOST = 45;
/** Of a panel, in widths of the peak. */
const WIDTHS = 2.2;

/** Indices of what is written: ln int r I0(2 beta r) exp(...) dr, E r, Var r, E r (1 - R), E (b_x - a_x r) R, with R = I1/I0 at 2 beta r. */
export const Radial = { LogMass: 0, Mean: 1, Variance: 2, Defect: 3, Drift: 4 } as const;

const { nodes: x, weights: w } = gaussLegendre(ORDER);
const sums = new Float64Array(5);

/** The mode: 1/r - 2 A r + b_x + 2 beta R(2 beta r) falls with r. */
function modeOf(A: number, beta: number, bx: number): number {
  const root = (c: number): number => {
    const s = Math.sqrt(c * c + 8 * A);
    return c > 0 ? (c + s) / (4 * A) : 2 / (s - c);
  };
  let lo = root(bx);
  let hi = root(bx + 2 * beta);
  for (let k = 0; k < 80 && hi - lo > 1e-3 * Math.min(hi, 1 / Math.sqrt(A)); k++) {
    const mid = 0.5 * (lo + hi);
    if (1 / mid - 2 * A * mid + bx + 2 * beta * besselRatio(2 * beta * mid) > 0) lo = mid;
    else hi = mid;
  }
  return 0.5 * (lo + hi);
}

/** Moments of r for one component, written to `out` (length 5). */
export function radialMoments(az: number, beta: number, ax: number, bx: number, out: Vec): void {
  const A = az + 0.5 * ax;
  const r0 = modeOf(A, beta, bx);
  const force = bx + 2 * beta - 2 * A * r0;
  const base = besselI0e(2 * beta * r0) * r0;
  const width = 1 / Math.sqrt(1 / (r0 * r0) + 2 * A);
  sums.fill(0);
  for (let side = -1; side <= 1; side += 2) {
    let u = 0;
    for (let k = 0; k < 400; k++) {
      let step = WIDTHS * width;
      const last = side < 0 && r0 + u <= step;
      if (last) step = r0 + u;
      const half = 0.5 * step;
      let largest = 0;
      for (let i = 0; i < ORDER; i++) {
        const t = u + side * half * (1 + x[i]);
        const r = r0 + t;
        const p = ((besselI0e(2 * beta * r) * r) / base) * Math.exp(t * (force - A * t));
        if (p > largest) largest = p;
        const m = half * w[i] * p;
        const defect = ratioDefect(2 * beta * r);
        sums[0] += m;
        sums[1] += m * t;
        sums[2] += m * t * t;
        sums[3] += m * r * defect;
        sums[4] += m * (bx - ax * r) * (1 - defect);
      }
      u += side * step;
      if (last || largest < Math.exp(-LOST)) break;
    }
  }
  const shift = sums[1] / sums[0];
  out[Radial.LogMass] = Math.log(sums[0]) + Math.log(base) + r0 * (bx + 2 * beta - A * r0);
  out[Radial.Mean] = r0 + shift;
  out[Radial.Variance] = Math.max(0, sums[2] / sums[0] - shift * shift);
  out[Radial.Defect] = sums[3] / sums[0];
  out[Radial.Drift] = sums[4] / sums[0];
}

/** Var z = Var r + (E r)^2 - (E r R)^2, as products. */
export function phaseVariance(moments: Vec): number {
  return moments[Radial.Variance] + moments[Radial.Defect] * (2 * moments[Radial.Mean] - moments[Radial.Defect]);
}
