/**
 * The joint point of jointAverages.ts from one grid of z for all u: p(u|omega) = sum_j w_j N(u; sqrt(a_x) phi_j, 1) with w_j the law of
 * z given omega, on panels so short that sqrt(a_x) phi changes by at most 3 on each; panels whose images are far from u are skipped.
 */
import type { Vec } from "../core/types.ts";
import { gaussLegendre } from "../numerics/quadrature.ts";
import { expMinusHalfSquare } from "../numerics/special/normal.ts";
import { LOST, type SmoothFunction } from "./tiltedScan.ts";

const ORDER = 12;
/** Standard deviations of z given omega that are kept, and the length of a panel in these. */
const REACH = 8.5;
const WIDTHS = 2.5;
/** Change of sqrt(a_x) phi on a panel. */
const IMAGE = 3;
/** Panels at most; a finer image is left to the search for modes, which costs more where there are many of them. */
const MOST = 1500;
const MOST_WAVY = 6000;
const TWO_PI = 2 * Math.PI;

export interface SharedGrid {
  /** Lays the grid for one omega; false when it would be too fine. */
  lay(omega: number, V: number, root: number): boolean;
  /** p, p Var z, p Var x, p g^2, p (a_x E x - b_x)^2, p ln p at u. */
  point(u: number, out: Vec): void;
}

export function sharedGrid({ phi, derivative, length, wavy }: SmoothFunction): SharedGrid {
  const { nodes: x, weights: w } = gaussLegendre(ORDER);
  const most = wavy ? MOST_WAVY : MOST;
  const offset = new Float64Array(most * ORDER); // z - omega
  const image = new Float64Array(most * ORDER); // sqrt(a_x) phi
  const steep = new Float64Array(most * ORDER); // phi'
  const weight = new Float64Array(most * ORDER);
  const low = new Float64Array(most);
  const high = new Float64Array(most);
  let panels = 0;
  let root = 1;
  const far = Math.sqrt(2 * LOST);
  return {
    lay(omega, V, scale) {
      const sd = Math.sqrt(V);
      root = scale;
      panels = 0;
      for (let t = -REACH; t < REACH; panels++) {
        if (panels === most) return false;
        const z = omega + sd * t;
        const turn = wavy ? length : Math.max(length, z < 0 ? -0.5 * z : z);
        let step = Math.min(WIDTHS, (1.3 * turn) / sd, REACH - t);
        // phi is nearly straight on a panel: its slope at both ends and in the middle tells how far the image moves.
        for (let k = 0; k < 60; k++) {
          const move = Math.max(Math.abs(derivative(z)), Math.abs(derivative(z + 0.5 * sd * step)), Math.abs(derivative(z + sd * step)));
          const longest = IMAGE / (root * move * sd);
          if (step <= longest) break;
          step = Math.max(longest, 0.5 * step);
        }
        let least = Infinity;
        let largest = -Infinity;
        for (let k = 0; k < ORDER; k++) {
          const at = t + 0.5 * step * (1 + x[k]);
          const j = panels * ORDER + k;
          offset[j] = sd * at;
          const y = root * phi(omega + sd * at);
          image[j] = y;
          steep[j] = derivative(omega + sd * at);
          weight[j] = (0.5 * step * w[k] * expMinusHalfSquare(at)) / TWO_PI;
          if (y < least) least = y;
          if (y > largest) largest = y;
        }
        low[panels] = least;
        high[panels] = largest;
        if (t + step === t) return false;
        t = step === REACH - t ? REACH : t + step;
      }
      return true;
    },
    point(u, out) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let d1 = 0;
      let d2 = 0;
      let force = 0;
      for (let p = 0; p < panels; p++) {
        if (low[p] > u + far || high[p] < u - far) continue;
        for (let j = p * ORDER; j < (p + 1) * ORDER; j++) {
          const gap = image[j] - u;
          const m = weight[j] * Math.exp(-0.5 * gap * gap);
          const z = m * offset[j];
          const d = m * gap;
          s0 += m;
          s1 += z;
          s2 += z * offset[j];
          d1 += d;
          d2 += d * gap;
          force -= d * steep[j];
        }
      }
      if (!(s0 > 1e-300)) {
        out.fill(0);
        return;
      }
      const z = s1 / s0;
      const d = d1 / s0;
      const g = (root * force) / s0;
      out[0] = s0;
      out[1] = s2 - s1 * z;
      out[2] = root > 0 ? (d2 - d1 * d) / (root * root) : 0;
      out[3] = s0 * g * g;
      out[4] = s0 * (root * d) ** 2;
      out[5] = s0 * Math.log(s0);
    }
  };
}
