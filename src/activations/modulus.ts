/**
 * The modulus as a hidden layer: x = |z| of complex z, real x. Z = 2 pi int r I0(2 |b_z| r) exp(-(a_z + a_x/2) r^2 + b_x r) dr; on
 * the matched line r given omega is Rice, 2 r/V exp(-(r - |omega|)^2/V) I0e(2 r |omega|/V), and g = E (b_x - a_x r) R/2.
 */
import { defineFamily } from "../core/parameters.ts";
import type { Activation, ActivationErrors, Field, OutputLaw, Vec } from "../core/types.ts";
import { composite, gaussLegendre, trapezoid } from "../numerics/quadrature.ts";
import { besselI0e, ratioDefect } from "../numerics/special/bessel.ts";
import { AVERAGES, errorsOf, jointAverages } from "./jointAverages.ts";
import { Radial, phaseVariance, radialMoments } from "./modulusMoments.ts";

const LOG_2PI = Math.log(2 * Math.PI);
const ORDER = 12;
/** Panels of the shared grid of r, at most; finer images are left to the moments about the mode. */
const MOST = 1500;
/** Standard deviations sqrt(V/2) of r about |omega| that are kept, a panel of them, and the largest change of sqrt(a_x) r on one. */
const REACH = 8.5;
const WIDTHS = 2.5;
const IMAGE = 3;
const FAR = 9.5;
/** Gauss-Legendre panels of |omega| for fields, in sqrt q. */
const RADIUS = [0, 0.25, 1, 2, 3, 4, 5, 6.3] as const;

/** 2 r/V exp(-(r - omega)^2/V) I0e(2 r omega/V). */
function rice(r: number, omega: number, V: number): number {
  const d = r - omega;
  return ((2 * r) / V) * Math.exp((-d / V) * d) * besselI0e(2 * r * (omega / V));
}

/** p(u|omega) and its moments from one grid of r for all u. */
function riceGrid() {
  const { nodes, weights } = gaussLegendre(ORDER);
  const radius = new Float64Array(MOST * ORDER);
  const defect = new Float64Array(MOST * ORDER);
  const weight = new Float64Array(MOST * ORDER);
  let size = 0;
  let root = 0;
  let omega = 0;
  return {
    lay(centre: number, V: number, scale: number): boolean {
      const sd = Math.sqrt(V / 2);
      omega = centre;
      root = scale;
      const low = Math.max(0, omega - REACH * sd);
      const high = omega + REACH * sd;
      const panels = Math.ceil((high - low) / Math.min(WIDTHS * sd, IMAGE / root));
      if (!(panels <= MOST)) return false;
      const half = (0.5 * (high - low)) / panels;
      size = panels * ORDER;
      for (let j = 0; j < size; j++) {
        const k = j % ORDER;
        const r = low + half * (2 * Math.floor(j / ORDER) + 1 + nodes[k]);
        radius[j] = r;
        defect[j] = ratioDefect(2 * r * (omega / V));
        weight[j] = (half * weights[k] * rice(r, omega, V)) / Math.sqrt(2 * Math.PI);
      }
      return true;
    },
    point(u: number, out: Vec): void {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let lost = 0;
      let force = 0;
      for (let p = 0; p < size; p += ORDER) {
        if (root * radius[p] > u + FAR || root * radius[p + ORDER - 1] < u - FAR) continue;
        for (let j = p; j < p + ORDER; j++) {
          const gap = root * radius[j] - u;
          const m = weight[j] * Math.exp(-0.5 * gap * gap);
          const d = radius[j] - omega;
          s0 += m;
          s1 += m * d;
          s2 += m * d * d;
          lost += m * radius[j] * defect[j];
          force -= m * gap * (1 - defect[j]);
        }
      }
      out.fill(0);
      if (!(s0 > 1e-300)) return;
      const shift = s1 / s0;
      const variance = Math.max(0, s2 / s0 - shift * shift);
      const missing = lost / s0;
      const g = (0.5 * root * force) / s0;
      const s = root * (root * (omega + shift) - u);
      out[0] = s0;
      out[1] = s0 * (variance + missing * (2 * (omega + shift) - missing));
      out[2] = s0 * variance;
      out[3] = s0 * g * g;
      out[4] = s0 * s * s;
      out[5] = s0 * Math.log(s0);
    }
  };
}

export const modulus = defineFamily<Activation>()({
  id: "modulus",
  about: "x = |z|, z complex, x real",
  params: {},
  build() {
    const moments = new Float64Array(5);
    const grid = riceGrid();

    function errors(V: number, ax: number, tau: number): ActivationErrors {
      const q = Math.max(0, tau - V);
      const root = Math.sqrt(ax);
      const sd = Math.sqrt(V / 2);
      const spread = Math.sqrt(q);
      const out = new Float64Array(AVERAGES);
      let shared = false;
      jointAverages(
        {
          breaks: [0, 0.3, 1, 2.5, 6.2].map((t) => t * spread),
          density: (omega) => ((2 * omega) / q) * Math.exp(-(omega / spread) * (omega / spread)),
          ...(q > 0 ? {} : { single: 0 }),
          uBreaks(omega) {
            shared = grid.lay(omega, V, root);
            const low = root * Math.max(0, omega - REACH * sd);
            const high = root * (omega + REACH * sd);
            const breaks = [low - 7.5, low];
            // At the edge r = 0 the density of u turns on the unit of u, further out in proportion.
            if (low === 0) for (let x = 4; x < 0.3 * high; x *= 4) breaks.push(x);
            for (const r of [omega - 2 * sd, omega, omega + 2 * sd]) if (root * r > breaks[breaks.length - 1] + 2) breaks.push(root * r);
            breaks.push(Math.max(high, breaks[breaks.length - 1] + 1), high + 7.5);
            return breaks;
          },
          point(omega, u, values) {
            if (shared) {
              grid.point(u, values);
              return;
            }
            radialMoments(1 / V, omega / V, ax, root * u, moments);
            // 2 r/V exp(-r^2/V - omega^2/V) I0 N(u; root r, 1)
            const log = moments[Radial.LogMass] + Math.log(2 / V) - (omega / V) * omega - 0.5 * u * u - 0.5 * LOG_2PI;
            const p = Math.exp(log);
            const s = ax * moments[Radial.Mean] - root * u;
            values[0] = p;
            values[1] = p * phaseVariance(moments);
            values[2] = p * moments[Radial.Variance];
            values[3] = 0.25 * p * moments[Radial.Drift] ** 2;
            values[4] = p * s * s;
            values[5] = p * log;
          },
          scale: Float64Array.of(
            10,
            V,
            1 / (1 / tau + ax),
            Math.min(1 / V, ax) || 1,
            ax > 0 ? Math.max(1 / (1 / ax + tau), 0.01 * root) : 1,
            1
          )
        },
        out
      );
      return errorsOf(out, V, ax, Math.log(Math.PI * V) + 0.5 * (LOG_2PI - 1));
    }

    function each(az: Vec, bz: Vec, ax: Vec, bx: Vec, use: (i: number, beta: number) => void): void {
      for (let i = 0; i < bx.length; i++) {
        const beta = Math.hypot(bz[2 * i], bz[2 * i + 1]);
        radialMoments(az[az.length === 1 ? 0 : i], beta, ax[ax.length === 1 ? 0 : i], bx[i], moments);
        use(i, beta);
      }
    }

    return {
      scalar: "complex",
      outputScalar: "real",
      even: true,
      apply(z, x) {
        for (let i = 0; i < x.length; i++) x[i] = Math.sqrt(z[2 * i] * z[2 * i] + z[2 * i + 1] * z[2 * i + 1]);
      },
      secondMoment: (tau) => tau,
      logPartition(az, bz, ax, bx, out) {
        each(az, bz, ax, bx, (i) => {
          out[i] = LOG_2PI + moments[Radial.LogMass];
        });
      },
      posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance) {
        each(az, bz, ax, bx, (i, beta) => {
          const along = beta > 0 ? (moments[Radial.Mean] - moments[Radial.Defect]) / beta : 0;
          zMean[2 * i] = along * bz[2 * i];
          zMean[2 * i + 1] = along * bz[2 * i + 1];
          zVariance[i] = phaseVariance(moments);
          xMean[i] = moments[Radial.Mean];
          xVariance[i] = moments[Radial.Variance];
        });
      },
      /** Nodes of one phase: omega real and positive. */
      field({ q, slope, spread }: OutputLaw, mHat: number, qHat: number, order = 10): Field {
        const one = { nodes: new Float64Array(1), weights: Float64Array.of(1) };
        const noise = qHat > 0 ? trapezoid(33, 8.5) : one;
        const outer = q > 0 ? composite(RADIUS, order) : one;
        const sd = Math.sqrt(spread / 2);
        const input: number[] = [];
        const label: number[] = [];
        const weight: number[] = [];
        for (let i = 0; i < outer.nodes.length; i++) {
          const t = outer.nodes[i];
          const omega = Math.sqrt(q) * t;
          const w = q > 0 ? outer.weights[i] * 2 * t * Math.exp(-t * t) : 1;
          const centre = Math.abs(slope) * omega;
          const low = Math.max(0, centre - REACH * sd);
          const high = centre + REACH * sd;
          const inside =
            sd > 0
              ? composite(
                  [0, 1, 2, 3, 4, 5, 6].map((k) => low + (k / 6) * (high - low)),
                  order
                )
              : one;
          for (let j = 0; j < inside.nodes.length; j++) {
            const r = sd > 0 ? inside.nodes[j] : centre;
            const density = sd > 0 ? inside.weights[j] * rice(r, centre, spread) : 1;
            for (let k = 0; k < noise.nodes.length; k++) {
              const p = w * density * noise.weights[k];
              if (!(p > 1e-18)) continue;
              input.push(omega, 0);
              label.push(mHat * r + Math.sqrt(qHat) * noise.nodes[k]);
              weight.push(p);
            }
          }
        }
        return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
      },
      errors
    };
  }
});
