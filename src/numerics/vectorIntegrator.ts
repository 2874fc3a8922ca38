/**
 * Adaptive Gauss-Legendre for several integrands at once: panels are halved until the Legendre coefficients of every component say
 * that its error is within tolerance (as `integrate` of quadrature.ts, whose samples cost no more for it). For nested quadratures.
 */
import type { Vec } from "../core/types.ts";
import { gaussLegendre, legendreRows } from "./quadrature.ts";

/** The integrands at x, written to `out`. */
export type VectorIntegrand = (x: number, out: Vec) => void;
/** Integrals over [breaks[0], breaks[last]], written to `out`; `tolerance` per component, absolute, of one panel. Returns the number of nodes used. */
export type VectorIntegrator = (f: VectorIntegrand, breaks: ArrayLike<number>, tolerance: Vec, out: Vec) => number;

const ORDER = 14;
/** Halvings of a panel, at most: past these the integrand jumps, on a share 1e-4 of the panel. */
const DEPTH = 14;

/** Nodes of one call beyond which no panel is halved: an integrand that rounding makes rough is never refined for good. */
const BUDGET = 1500;

/** An integrator with its own work space for `dimensions` integrands; not re-entrant, so nested integrals need one each. */
export function vectorIntegrator(dimensions: number): VectorIntegrator {
  const { nodes: x, weights: w } = gaussLegendre(ORDER);
  const [last, beforeLast, middle, beforeMiddle] = legendreRows(ORDER);
  const values = new Float64Array(ORDER * dimensions);
  const samples = Array.from({ length: ORDER }, (_, k) => values.subarray(k * dimensions, (k + 1) * dimensions));
  const sums = new Float64Array(dimensions);
  return (f, breaks, tolerance, out) => {
    let nodes = 0;
    const panel = (a: number, b: number, depth: number): void => {
      const half = 0.5 * (b - a);
      const mid = 0.5 * (a + b);
      for (let k = 0; k < ORDER; k++) f(mid + half * x[k], samples[k]);
      nodes += ORDER;
      let good = true;
      for (let d = 0; d < dimensions && good; d++) {
        let sum = 0;
        let c0 = 0;
        let c1 = 0;
        let d0 = 0;
        let d1 = 0;
        for (let k = 0; k < ORDER; k++) {
          const y = values[k * dimensions + d];
          sum += w[k] * y;
          c0 += last[k] * y;
          c1 += beforeLast[k] * y;
          d0 += middle[k] * y;
          d1 += beforeMiddle[k] * y;
        }
        sums[d] = half * sum;
        const end = Math.max(Math.abs(c0), Math.abs(c1));
        const halfway = Math.max(Math.abs(d0), Math.abs(d1), end);
        good = !(2 * half * end * (end / halfway) > tolerance[d]);
      }
      if (!good && depth < DEPTH && nodes < BUDGET && half > 1e-15 * Math.abs(mid)) {
        panel(a, mid, depth + 1);
        panel(mid, b, depth + 1);
        return;
      }
      // The last of an unresolved panel: components after the first bad one have not been summed.
      for (let d = 0; d < dimensions; d++) {
        if (!good) {
          sums[d] = 0;
          for (let k = 0; k < ORDER; k++) sums[d] += half * w[k] * values[k * dimensions + d];
        }
        out[d] += sums[d];
      }
    };
    out.fill(0);
    for (let p = 1; p < breaks.length; p++) if (breaks[p] > breaks[p - 1]) panel(breaks[p - 1], breaks[p], 0);
    return nodes;
  };
}
