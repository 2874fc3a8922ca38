/**
 * Averages over t = r phi(z0) + xi, r^2 = ax, z0 ~ N(omega, V), at one omega: Z(t) = sum_k N(t; r f_k, S_k) times the mass of segment k
 * cut at sqrt S a - sigma rho/sqrt S, rho = t - r f_k (notation of observationPanels.ts).
 *
 * Two forms of the score. Direct, sqrt V g_k = sigma rho/S + m/sqrt S with m the mean of the cut normal: exact where phi is seen
 * sharply. Smooth, sum_k pi_k sigma_k e_k + jumps with e = t - r <x>, integrated by parts: exact as r -> 0.
 */
import { gaussLegendre } from "../numerics/quadrature.ts";
import { mills, truncatedNormal } from "../numerics/special/index.ts";
import { type ObservationPanels, observationPanels } from "./observationPanels.ts";
import type { SegmentShape } from "./segmentShape.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);
const HALF_LOG_2PIE = 0.5 * (Math.log(2 * Math.PI) + 1);
/** Past this depth a cut takes less than 1e-17. */
const DEEP = 8.6;

/** Of one omega, in this order: V J, vz/V (direct form only: it is 1 - V J), vx, 1 - ax vx, information. */
export const GAIN = 0;
export const VZ = 1;
export const VX = 2;
export const LEFT = 3;
export const INFORMATION = 4;

export interface ObservationAverages {
  readonly values: Float64Array;
  /** The smooth form is in use. */
  readonly smooth: boolean;
  /** Sets V and ax. */
  prepare(V: number, ax: number, order: number): void;
  /** The scale in omega of a fold, whose branches turn like tanh(t omega/sqrt V): infinite where there is none. */
  readonly fold: number;
  /** Fills `values` at omega; `excess`: less those of pure segments by their mass. */
  at(omega: number, excess: boolean): void;
}

const known = new WeakMap<SegmentShape, ObservationAverages>();

/** The averages of a shape, with a workspace made once. */
export function observationAverages(shape: SegmentShape): ObservationAverages {
  const found = known.get(shape) ?? make(shape);
  known.set(shape, found);
  return found;
}

function make(shape: SegmentShape): ObservationAverages {
  const { count: K, slope, valueFrom, valueTo, continuous, steepest } = shape;
  const panels: ObservationPanels = observationPanels(shape);
  const { sigma, S, rootS, a, b, mass, value, segments } = panels;
  const values = new Float64Array(5);
  const cut = new Float64Array(3);
  // At one t: weight, sqrt V times score, e, x, var z/V.
  const W = new Float64Array(K);
  const G = new Float64Array(K);
  const E = new Float64Array(K);
  const X = new Float64Array(K);
  const T = new Float64Array(K);
  let v = 1;
  let sd = 1;
  let r = 0;
  let smooth = true;
  let fold = Number.POSITIVE_INFINITY;

  /** Adds the panel of n nodes. */
  function panel(x: number, local: number, length: number, n: number): void {
    const { nodes, weights } = gaussLegendre(n);
    const half = 0.5 * length;
    const mid = local + half;
    const active = panels.active;
    let gain = 0;
    let vz = 0;
    let vx = 0;
    let left = 0;
    let information = 0;
    for (let i = 0; i < n; i++) {
      const t = mid + half * nodes[i];
      let Z = 0;
      let top = segments[0]; // the likeliest segment: means are taken about its own
      W[top] = 0;
      for (let j = 0; j < active; j++) {
        const k = segments[j];
        const rho = r * (x - value[k]) + t;
        if (slope[k] === 0) {
          const w = mass[k] * ROOT * Math.exp(-0.5 * rho * rho);
          W[k] = w;
          E[k] = rho;
          Z += w;
          if (w > W[top]) top = k;
          continue;
        }
        const root = rootS[k];
        const drift = (sigma[k] / S[k]) * rho;
        const l = root * (a[k] - drift);
        const h = root * (b[k] - drift);
        let share = 1;
        let m = 0;
        let variance = 1;
        if (h - l < 0.5) {
          truncatedNormal(l, h, cut);
          share = Math.exp(cut[0]);
          m = cut[1];
          variance = cut[2];
        } else if (h < -38 || l > 38) share = 0;
        else if (l > -DEEP || h < DEEP) {
          let pl = 0;
          let ph = 0;
          let tl = 0;
          let th = 0;
          if (l > -DEEP) {
            pl = ROOT * Math.exp(-0.5 * l * l);
            tl = pl * mills(Math.abs(l));
          }
          if (h < DEEP) {
            ph = ROOT * Math.exp(-0.5 * h * h);
            th = ph * mills(Math.abs(h));
          }
          share = l > 0 ? tl - th : h < 0 ? th - tl : 1 - tl - th;
          // relative errors grow like (depth)^4, weights fall like exp(-depth^2/2)
          if (share > 0) {
            m = (pl - ph) / share;
            variance = 1 + ((pl > 0 ? l * pl : 0) - (ph > 0 ? h * ph : 0)) / share - m * m;
            if (!(variance > 0)) variance = 0;
          } else share = 0;
        }
        const w = share * (ROOT / root) * Math.exp(((-0.5 * rho) / S[k]) * rho);
        W[k] = w;
        G[k] = drift + m / root;
        T[k] = variance / S[k];
        E[k] = rho / S[k] - (sigma[k] / root) * m;
        X[k] = value[k] + slope[k] * sd * G[k];
        Z += w;
        if (w > W[top]) top = k;
      }
      if (!(Z > 1e-280)) continue;
      const inverse = 1 / Z;
      let e = 0;
      let shift = 0;
      let square = 0;
      let within = 0;
      let g = 0;
      let g2 = 0;
      let z = 0;
      for (let j = 0; j < active; j++) {
        const k = segments[j];
        const pi = W[k] * inverse;
        const s = slope[k];
        e += pi * E[k];
        within += pi * s * s * T[k];
        if (smooth) {
          const d = X[k] - X[top];
          shift += pi * d;
          square += pi * d * d;
          g += pi * sigma[k] * E[k];
        } else {
          const d = E[k] - E[top];
          const dg = G[k] - G[top];
          shift += pi * d;
          square += pi * d * d;
          g += pi * dg;
          g2 += pi * dg * dg;
          z += pi * T[k];
        }
      }
      const w = half * weights[i] * Z;
      const between = square - shift * shift;
      if (smooth) {
        vx += w * (within * v + (between > 0 ? between : 0));
        if (!continuous) g += jumps(x, t) * inverse;
      } else {
        vx += w * (within * v + (between > 0 ? between / (r * r) : 0));
        const spread = g2 - g * g;
        vz += w * (z + (spread > 0 ? spread : 0));
        g += G[top];
      }
      gain += w * g * g;
      left += w * e * e;
      information -= w * Math.log(Z);
    }
    values[GAIN] += gain;
    values[VZ] += vz;
    values[VX] += vx;
    values[LEFT] += left;
    values[INFORMATION] += information;
  }

  /** sum over edges of phi(u_edge) (N(t; after) - N(t; before)). */
  function jumps(x: number, local: number): number {
    let sum = 0;
    for (let k = 1; k < K; k++) {
      if (valueTo[k - 1] === valueFrom[k] || !(Math.abs(a[k]) < 38)) continue;
      const after = value[k] + slope[k] * sd * a[k];
      const before = value[k - 1] + slope[k - 1] * sd * a[k];
      const p = r * (x - after) + local;
      const q = r * (x - before) + local;
      // exp(-p^2/2) - exp(-q^2/2), from the larger; the exponents differ by (q - p)(q + p)/2, q - p = r (after - before)
      const d = 0.5 * r * (after - before) * (q + p);
      const difference = d < 0 ? Math.exp(-0.5 * q * q) * Math.expm1(d) : -Math.exp(-0.5 * p * p) * Math.expm1(-d);
      sum += ROOT * ROOT * Math.exp(-0.5 * a[k] * a[k]) * difference;
    }
    return sum;
  }

  /** ax = 0: nothing is seen, x has its prior spread. */
  function blind(): void {
    const first = segments[0];
    let total = 0;
    let shift = 0;
    let square = 0;
    let within = 0;
    for (let j = 0; j < panels.active; j++) {
      const k = segments[j];
      truncatedNormal(a[k], b[k], cut);
      X[k] = value[k] + slope[k] * sd * cut[1];
      total += mass[k];
      within += mass[k] * slope[k] * slope[k] * cut[2];
      const d = X[k] - X[first];
      shift += mass[k] * d;
      square += mass[k] * d * d;
    }
    shift /= total;
    values[VX] = (within / total) * v + Math.max(0, square / total - shift * shift);
    values[LEFT] = 1;
  }

  return {
    values,
    get smooth() {
      return smooth;
    },
    get fold() {
      return fold;
    },
    prepare(V, ax, order) {
      v = V;
      sd = Math.sqrt(V);
      r = Math.sqrt(ax);
      smooth = ax * V * steepest < 1;
      panels.prepare(V, r, order);
      fold = Number.POSITIVE_INFINITY;
      for (let k = 1; k < K; k++)
        if (slope[k - 1] * slope[k] < 0) {
          const sharp = Math.min(Math.abs(sigma[k]), Math.abs(sigma[k - 1]));
          if (sharp > 0.3) fold = Math.min(fold, sd * Math.max(1, 1 / sharp));
        }
    },
    at(omega, excess) {
      panels.place(omega);
      const { active } = panels;
      values.fill(0);
      for (let j = 0; j < active; j++) {
        const k = segments[j];
        if (slope[k] !== 0) continue;
        truncatedNormal(a[k], b[k], cut);
        G[k] = cut[1];
        T[k] = cut[2];
        X[k] = value[k];
      }
      if (r === 0) blind();
      else {
        panels.fill();
        for (let p = 0; p < panels.size; p++) panel(panels.x[p], panels.local[p], panels.length[p], panels.nodes[p]);
        values[INFORMATION] -= HALF_LOG_2PIE;
      }
      if (!excess) return;
      for (let j = 0; j < active; j++) {
        const k = segments[j];
        const p = mass[k];
        values[GAIN] -= p * ((sigma[k] / S[k]) * sigma[k]);
        values[VZ] -= p / S[k];
        values[VX] -= (p * slope[k] * slope[k] * v) / S[k];
        values[LEFT] -= p / S[k];
        values[INFORMATION] -= 0.5 * p * Math.log(S[k]);
      }
    }
  };
}
