/**
 * Activations from any smooth function phi, by quadrature: Z(a_z, b_z, a_x, b_x) = int dz exp(-a_z z^2/2 + b_z z - a_x phi^2/2 + b_x phi).
 * The laws of tiltedMoments.ts per component; the matched averages of jointAverages.ts for state evolution.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Activation, ActivationErrors, Field, OutputLaw, Vec } from "../core/types.ts";
import { composite, gaussianMeasure, trapezoid } from "../numerics/quadrature.ts";
import { expMinusHalfSquare } from "../numerics/special/normal.ts";
import { AVERAGES, errorsOf, jointAverages } from "./jointAverages.ts";
import { noMoments, tiltedMoments } from "./tiltedMoments.ts";
import { sharedGrid } from "./sharedGrid.ts";
import type { SmoothFunction } from "./tiltedScan.ts";

export interface SmoothActivation {
  /** Named in messages. */
  readonly id?: string;
  phi(z: number): number;
  /** phi'(z); by central differences when absent. */
  derivative?(z: number): number;
  /** The distance of the nearest singularity of phi from 0, or the length on which it turns; 1 by default. */
  readonly length?: number;
  /** True if phi turns on that length everywhere, like a sine, rather than only around 0, like a sigmoid. */
  readonly wavy?: boolean;
  /** Bounds of phi, the whole line by default. A phi that grows faster than z needs a message from above. */
  readonly range?: readonly [number, number];
}

const LOG_2PI = Math.log(2 * Math.PI);
const ROOT = 1 / Math.sqrt(2 * Math.PI);
/** phi is compared with its mirror image at these. */
const PROBES = [0.137, 0.71, 1.9, 4.3, 11] as const;
/** Of the scales of J, in units of what cancels in them. */
const ROUGH = 0.01;
/** Standard deviations of z given omega whose images break the integral over u, and the window of u beyond the outermost. */
const IMAGES = [-8, -4, -1.5, 0, 1.5, 4, 8] as const;
const WINDOW = [3, 7.5] as const;
const REACH = 8;
/** Steps of the search for extrema, at most. */
const EXTREMA = 2000;
/** Panels of u shorter than this are merged: p(u|omega) is a convolution with a unit Gaussian. */
const GRAIN = 2;

/** An activation from a user's own smooth function. Throws ParameterError when phi is not finite or the numbers given with it are illegal. */
export function smoothActivation(model: SmoothActivation): Activation {
  const { id = "smooth activation", length = 1, wavy = false, range = [-Infinity, Infinity] } = model;
  if (!(length > 0 && length < Infinity))
    throw new ParameterError(`${id}: length must be a number in (0, inf), got ${length}; for example 1`);
  if (!(range[0] < range[1]))
    throw new ParameterError(`${id}: range must be an interval with low < high, got [${range.join(", ")}]; for example [-1, 1]`);
  const phi = (z: number): number => model.phi(z);
  for (const z of [0, ...PROBES.map((k) => k * length), ...PROBES.map((k) => -k * length)]) {
    const value = phi(z);
    if (!(value >= range[0] && value <= range[1] && Number.isFinite(value)))
      throw new ParameterError(`${id}: phi must be finite and within [${range.join(", ")}], got ${value} at z = ${z}`);
  }
  const h = 1e-5 * length;
  const derivative = model.derivative
    ? (z: number): number => (model.derivative as (z: number) => number)(z)
    : (z: number): number => (8 * (phi(z + h) - phi(z - h)) - (phi(z + 2 * h) - phi(z - 2 * h))) / (12 * h);
  const mirrored = (sign: number): boolean => PROBES.every((k) => phi(-k * length) === sign * phi(k * length));
  const even = mirrored(1);
  const symmetric = even || mirrored(-1);
  const smooth: SmoothFunction = { phi, derivative, length, wavy, range };
  const moments = tiltedMoments(smooth);
  const grid = sharedGrid(smooth);
  const at = noMoments();

  /** E f(z) for z ~ N(0, tau). */
  function average(tau: number, f: (z: number) => number): number {
    const sd = Math.sqrt(tau);
    if (!(sd > 0)) return f(0);
    const { nodes, weights } = wavy ? composite(zBreaks(0, sd), 16) : gaussianMeasure([{ centre: 0, width: Math.min(1, length / sd) }], 16);
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) sum += weights[k] * (wavy ? ROOT * expMinusHalfSquare(nodes[k]) : 1) * f(sd * nodes[k]);
    return sum;
  }

  /** Breaks of t on [-9, 9], z = centre + sd t, on the scale on which phi turns. */
  function zBreaks(centre: number, sd: number): number[] {
    const breaks = [-9];
    for (let t = -9; t < 9; ) {
      const z = centre + sd * t;
      const turn = wavy ? length : Math.max(length, z < 0 ? 0.5 * -z : z);
      t = Math.min(9, t + Math.min(3, (1.6 * turn) / sd));
      breaks.push(t);
    }
    return breaks;
  }

  function posteriorLoop(az: Vec, bz: Vec, ax: Vec, bx: Vec, each: (i: number, precision: number, omega: number) => void): void {
    for (let i = 0; i < bz.length; i++) {
      const precision = az[az.length === 1 ? 0 : i];
      const omega = bz[i] / precision;
      moments(precision, omega, ax[ax.length === 1 ? 0 : i], bx[i], false, at);
      each(i, precision, omega);
    }
  }

  function errors(V: number, ax: number, tau: number): ActivationErrors {
    const q = Math.max(0, tau - V);
    const az = 1 / V;
    const free = 0.5 * (LOG_2PI + Math.log(V)) + 0.5 * LOG_2PI;
    const root = Math.sqrt(ax);
    const second = average(tau, (z) => phi(z) ** 2);
    const spread = Math.sqrt(q);
    const sd = Math.sqrt(V);
    const point = Math.log(az) / 2 - LOG_2PI;
    const xScale = second > 0 ? 1 / (1 / second + ax) : 1;
    const steepness = average(tau, (z) => derivative(z) ** 2);
    const out = new Float64Array(AVERAGES);
    let shared = false;
    const jScale = Math.min(az, ax * steepness) || 1;
    jointAverages(
      {
        breaks: omegaBreaks(spread, sd),
        density: (omega) => ((symmetric ? 2 : 1) * ROOT * expMinusHalfSquare(omega / spread)) / spread,
        ...(q > 0 ? {} : { single: 0 }),
        uBreaks(omega) {
          shared = grid.lay(omega, V, root);
          return uBreaks(omega, sd, root);
        },
        point(omega, u, values) {
          if (shared) {
            grid.point(u, values);
            return;
          }
          moments(az, omega, ax, root * u, true, at);
          const gap = u - root * at.value;
          const pull = at.mode - omega;
          const log = at.logMass - 0.5 * az * pull * pull - 0.5 * gap * gap + point;
          const p = Math.exp(log);
          const s = root * (root * at.xShift - gap);
          values[0] = p;
          values[1] = p * at.zVariance;
          values[2] = p * at.xVariance;
          values[3] = p * at.drift * at.drift;
          values[4] = p * s * s;
          values[5] = p * log;
        },
        // Below these the integrands are not smooth: E d and the drift are differences of terms of order sqrt a_x.
        scale: Float64Array.of(
          10,
          Math.max(Math.sqrt(V / (az + ax * steepness)), ROUGH * 0.1 * V),
          xScale,
          Math.max(jScale, ROUGH * root * Math.sqrt(az * steepness)),
          ax > 0 ? Math.max(1 / (1 / ax + second), ROUGH * root) : 1,
          1
        )
      },
      out
    );
    return errorsOf(out, V, ax, free);
  }

  function omegaBreaks(spread: number, sd: number): number[] {
    const points = [0, 1.5 * spread, 4 * spread, 7.8 * spread];
    for (const scale of [2, 8]) {
      const x = scale * Math.max(length, 0.3 * sd);
      if (x < 0.8 * spread) points.push(x);
    }
    points.sort((a, b) => a - b);
    return symmetric
      ? points
      : [
          ...points
            .slice(1)
            .reverse()
            .map((x) => -x),
          ...points
        ];
  }

  /** Values of phi at its extrema within REACH standard deviations of omega: there the density of u has edges. */
  function extrema(omega: number, sd: number, found: number[]): void {
    let z = omega - REACH * sd;
    let slope = derivative(z);
    for (let k = 0; k < EXTREMA && z < omega + REACH * sd; k++) {
      const next = Math.min(z + 0.3 * (wavy ? length : Math.max(length, 0.5 * Math.abs(z))), omega + REACH * sd);
      const after = derivative(next);
      if (slope > 0 !== after > 0) {
        let lo = z;
        let hi = next;
        for (let i = 0; i < 40; i++) {
          const mid = 0.5 * (lo + hi);
          if (derivative(mid) > 0 === slope > 0) lo = mid;
          else hi = mid;
        }
        found.push(phi(0.5 * (lo + hi)));
      }
      z = next;
      slope = after;
    }
  }

  function uBreaks(omega: number, sd: number, root: number): number[] {
    const points: number[] = [];
    extrema(omega, sd, points);
    for (const k of IMAGES) points.push(phi(omega + k * sd));
    // Places on the way where a sigmoid turns.
    if (!wavy) for (const k of [-2, -1, 0, 1, 2]) if (Math.abs(k * length - omega) < REACH * sd) points.push(phi(k * length));
    for (let k = 0; k < points.length; k++) points[k] *= root;
    points.sort((a, b) => a - b);
    const low = points[0];
    const high = points[points.length - 1];
    for (const k of WINDOW) points.push(low - k, high + k, Math.min(high, low + k), Math.max(low, high - k));
    points.sort((a, b) => a - b);
    const merged = [points[0]];
    for (const x of points) if (x - merged[merged.length - 1] > GRAIN) merged.push(x);
    merged[merged.length - 1] = points[points.length - 1];
    return merged;
  }

  return {
    scalar: "real",
    outputScalar: "real",
    even,
    apply(z, x) {
      for (let i = 0; i < z.length; i++) x[i] = phi(z[i]);
    },
    secondMoment: (tau) => average(tau, (z) => phi(z) ** 2),
    logPartition(az, bz, ax, bx, out) {
      posteriorLoop(az, bz, ax, bx, (i, precision) => {
        const c = at.value;
        // -a (z0 - omega)^2/2 + b^2/(2a) = z0 (b - a z0/2)
        out[i] = at.logMass + at.mode * (bz[i] - 0.5 * precision * at.mode) + c * (bx[i] - 0.5 * ax[ax.length === 1 ? 0 : i] * c);
      });
    },
    posterior(az, bz, ax, bx, zMean, zVariance, xMean, xVariance) {
      posteriorLoop(az, bz, ax, bx, (i) => {
        zMean[i] = at.mode + at.zShift;
        zVariance[i] = at.zVariance;
        xMean[i] = at.value + at.xShift;
        xVariance[i] = at.xVariance;
      });
    },
    /** A product rule over omega, z given omega and xi. */
    field({ q, slope, spread }: OutputLaw, mHat: number, qHat: number, order = 10): Field {
      const sd = Math.sqrt(spread);
      const one = { nodes: new Float64Array(1), weights: Float64Array.of(1) };
      const scale = Math.max(length, sd) / Math.max(Math.sqrt(q) * Math.abs(slope), 1e-300);
      const omegas = q > 0 ? gaussianMeasure([{ centre: 0, width: Math.min(1.5, scale) }], order) : one;
      const noise = qHat > 0 ? trapezoid(33, 8.5) : one;
      const input: number[] = [];
      const label: number[] = [];
      const weight: number[] = [];
      for (let i = 0; i < omegas.nodes.length; i++) {
        if (omegas.weights[i] < 1e-16) continue;
        const omega = Math.sqrt(q) * omegas.nodes[i];
        const inside = sd > 0 ? composite(zBreaks(slope * omega, sd), order) : one;
        for (let j = 0; j < inside.nodes.length; j++) {
          const density = sd > 0 ? ROOT * expMinusHalfSquare(inside.nodes[j]) : 1;
          const x = mHat * phi(slope * omega + sd * inside.nodes[j]);
          for (let k = 0; k < noise.nodes.length; k++) {
            const p = omegas.weights[i] * inside.weights[j] * density * noise.weights[k];
            if (!(p > 1e-18)) continue;
            input.push(omega);
            label.push(x + Math.sqrt(qHat) * noise.nodes[k]);
            weight.push(p);
          }
        }
      }
      return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
    },
    errors
  };
}
