/**
 * Channels with discrete labels and a smooth log-concave likelihood l_y(z): Z_y(omega, V) by quadrature around the mode of
 * psi(z) = l_y(z) - (z - omega)^2/(2V). Panels march out of the mode, three local widths 1/sqrt(-psi'') at a time, until psi has
 * fallen by 45. By Stein's lemma g = E l', curvature = -E l'' - Var l' under the tilted law, exact as V -> 0; where the
 * likelihood is what confines z, curvature = (1 - Var(z)/V)/V instead.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, OutputLaw, Rng, Vec } from "../core/types.ts";
import { type Feature, composite, gaussLegendre } from "../numerics/quadrature.ts";
import { LEAST, Nodes, REACH, steppedBreaks } from "./outputNodes.ts";

/** l, l', l'' at z are written to out[0..2]. */
export interface SmoothLikelihood {
  readonly id: string;
  /** What a label must be, for messages. */
  readonly labels: string;
  legal(y: number): boolean;
  derivatives(y: number, z: number, out: Vec): void;
  /** l_y is analytic for |Im z| < strip, and its nearest singularities lie above and below z = 0. */
  readonly strip: number;
  sample(rng: Rng, z: Vec, y: Vec): void;
  /** Labels to enumerate when z ~ N(0, tau), and where each can come from: P(y|z) < 1e-19 outside [from, to]. */
  enumerate(
    tau: number
  ): readonly { readonly y: number; readonly from: number; readonly to: number; readonly centre: number; readonly width: number }[];
}

const ORDER = 16;
const LOST = 45;
/** Of the trapezoid, in standard deviations, at most. */
const STEP = 0.45;
const ROOT = Math.log(2 * Math.PI) / 2;

export function smoothLikelihoodChannel(model: SmoothLikelihood): Channel {
  const { nodes: x, weights: w } = gaussLegendre(ORDER);
  const d = new Float64Array(3);
  // log Z, g, curvature, E t, Var t with t = (z - omega)/sqrt V.
  const out = new Float64Array(5);
  const sums = new Float64Array(6);

  /**
   * Mode of psi in t, by Newton inside a bracket: psi' falls, and its zero lies between the drift of l at omega and 0. A step that does
   * not halve psi' is a bisection instead: Newton alone can swing between the two branches of softplus for good (y = 57, omega = -5.2).
   */
  function mode(V: number, omega: number, y: number, sd: number): number {
    model.derivatives(y, omega, d);
    const drift = sd * d[1];
    let lo = Math.min(0, drift);
    let hi = Math.max(0, drift);
    let t = drift / (1 - V * d[2]);
    let before = Infinity;
    for (let k = 0; k < 400 && hi - lo > 1e-3 * Math.min(1, hi - lo) + 1e-300; k++) {
      if (!(t > lo && t < hi)) t = 0.5 * (lo + hi);
      model.derivatives(y, omega + sd * t, d);
      const slope = sd * d[1] - t;
      if (slope > 0) lo = t;
      else hi = t;
      const step = slope / (1 - V * d[2]);
      const stays = Math.abs(slope) > 0.5 * before;
      before = Math.abs(slope);
      t = stays ? 0.5 * (lo + hi) : t + step;
      if (!stays && Math.abs(step) * Math.sqrt(1 - V * d[2]) < 1e-3) break;
    }
    return Math.min(hi, Math.max(lo, t));
  }

  /** Adds one node of weight w to the sums, relative to exp(top), t0 and s1; false once psi has fallen by LOST. */
  function add(t: number, weight: number, omega: number, y: number, sd: number, top: number, t0: number, s1: number): boolean {
    model.derivatives(y, omega + sd * t, d);
    const log = d[0] - 0.5 * t * t - top;
    const p = weight * Math.exp(log);
    const u = t - t0;
    const l1 = d[1] - s1;
    sums[0] += p;
    sums[1] += p * u;
    sums[2] += p * u * u;
    sums[3] += p * l1;
    sums[4] += p * l1 * l1;
    sums[5] += p * d[2];
    return log > -LOST;
  }

  function panel(a: number, b: number, omega: number, y: number, sd: number, top: number, t0: number, s1: number): void {
    const half = 0.5 * (b - a);
    const mid = 0.5 * (a + b);
    for (let k = 0; k < ORDER; k++) add(mid + half * x[k], half * w[k], omega, y, sd, top, t0, s1);
  }

  function evaluate(V: number, omega: number, y: number): void {
    if (!model.legal(y)) throw new ParameterError(`${model.id}: a label must be ${model.labels}, got ${y}`);
    const sd = Math.sqrt(V);
    const t0 = mode(V, omega, y, sd);
    model.derivatives(y, omega + sd * t0, d);
    const top = d[0] - 0.5 * t0 * t0;
    const s1 = d[1];
    const width0 = 1 / Math.sqrt(1 - V * d[2]);
    sums.fill(0);
    if (3 * sd <= 2 * model.strip) {
      // Nearly Gaussian: the trapezoid, exact to exp(-2 pi strip/(sd step)) < 1e-14.
      const step = STEP * Math.min(1, model.strip / (3 * sd));
      for (let side = -1; side <= 1; side += 2)
        for (let t = side < 0 ? t0 : t0 + step; add(t, step, omega, y, sd, top, t0, s1); t += side * step);
    } else march(omega, y, V, sd, t0, width0, top, s1);
    const inverse = 1 / sums[0];
    const shift = sums[1] * inverse;
    const drift = sums[3] * inverse;
    const varT = Math.max(0, sums[2] * inverse - shift * shift);
    out[0] = top + Math.log(sums[0]) - ROOT;
    out[1] = s1 + drift;
    out[2] = varT < 0.5 ? (1 - varT) / V : -sums[5] * inverse - Math.max(0, sums[4] * inverse - drift * drift);
    out[3] = t0 + shift;
    out[4] = varT;
  }

  /** Panels out of the mode on both sides. */
  function march(omega: number, y: number, V: number, sd: number, t0: number, width0: number, top: number, s1: number): void {
    for (let side = -1; side <= 1; side += 2) {
      let t = t0;
      let width = width0;
      for (let k = 0; k < 200; k++) {
        const z = omega + sd * t;
        // A panel stays clear of the singularities over 0 by about its own length, whichever way it goes.
        let h = Math.min(3 * width, Math.max(1.2 * model.strip, 0.6 * Math.abs(z)) / sd);
        model.derivatives(y, omega + sd * (t + side * h), d);
        const next = 1 / Math.sqrt(1 - V * d[2]);
        if (next < 0.5 * width) h = Math.min(h, Math.max(3 * next, 0.25 * h));
        panel(Math.min(t, t + side * h), Math.max(t, t + side * h), omega, y, sd, top, t0, s1);
        t += side * h;
        model.derivatives(y, omega + sd * t, d);
        width = 1 / Math.sqrt(1 - V * d[2]);
        if (d[0] - 0.5 * t * t < top - LOST) break;
      }
    }
  }

  return {
    scalar: "real",
    labelScalar: "real",
    even: false,
    deterministic: false,
    dimension: () => 0,
    sample: (rng, z, y) => model.sample(rng, z, y),
    logPartition(V, omega, y, result) {
      const one = V.length === 1;
      for (let i = 0; i < y.length; i++) {
        evaluate(Math.max(V[one ? 0 : i], LEAST), omega[i], y[i]);
        result[i] = out[0];
      }
    },
    score(V, omega, y, g, curvature) {
      const one = V.length === 1;
      for (let i = 0; i < y.length; i++) {
        evaluate(Math.max(V[one ? 0 : i], LEAST), omega[i], y[i]);
        g[i] = out[1];
        curvature[i] = out[2];
      }
    },
    posterior(a, b, y, mean, variance) {
      const one = a.length === 1;
      for (let i = 0; i < y.length; i++) {
        const V = 1 / a[one ? 0 : i];
        evaluate(Math.max(V, LEAST), b[i] * V, y[i]);
        mean[i] = b[i] * V + Math.sqrt(V) * out[3];
        variance[i] = V * out[4];
      }
    },
    field(law: OutputLaw, order = 16) {
      const nodes = new Nodes(4096);
      const { q, slope, spread } = law;
      const T = Math.max(spread, LEAST);
      const sd = Math.sqrt(T);
      const root = Math.sqrt(q);
      const scale = Math.abs(slope) * root;
      for (const { y, from, to, centre, width } of model.enumerate(scale * scale + T)) {
        if (!(scale > 0)) {
          const rule = q > 0 ? composite([-9, -6, -3, 0, 3, 6, 9], order) : undefined;
          evaluate(T, 0, y);
          const mass = Math.exp(out[0]);
          if (!rule) nodes.push(0, y, mass);
          else
            for (let k = 0; k < rule.nodes.length; k++)
              nodes.push(root * rule.nodes[k], y, mass * rule.weights[k] * Math.exp(-0.5 * rule.nodes[k] ** 2 - ROOT));
          continue;
        }
        const core = Math.max(0.3 * model.strip, sd) / scale;
        const features: Feature[] = [1, 2, 4].map((k) => ({ centre: 0, width: k * core }));
        features.push({ centre: centre / scale, width: Math.sqrt(width * width + T) / scale });
        const lo = Math.max(-REACH, (from - REACH * sd) / scale);
        const hi = Math.min(REACH, (to + REACH * sd) / scale);
        if (!(lo < hi)) continue;
        const { nodes: t, weights } = composite(steppedBreaks(lo, hi, 3, features), order);
        for (let k = 0; k < t.length; k++) {
          evaluate(T, scale * t[k], y);
          const p = weights[k] * Math.exp(out[0] - 0.5 * t[k] * t[k] - ROOT);
          if (p > 1e-30) nodes.push(slope > 0 ? root * t[k] : -root * t[k], y, p);
        }
      }
      return nodes.field();
    }
  };
}
