/**
 * One engine for every channel y = phi(z + sqrt(noiseBefore) xi) + sqrt(noiseAfter) zeta with phi piecewise linear.
 *
 * noiseBefore only adds to V. With D = noiseAfter, segment k (z in [l, u), phi = s z + c) contributes to Z_y the density
 * N(y; s omega + c, S), S = s^2 V + D, times the mass on [l, u) of N(m, v), m = omega + V s r / S, v = V D / S,
 * r = y - s omega - c. D = 0: a sloped segment pins z to (y - c)/s; a flat one is an atom at y = c with a Gaussian mass.
 * With tm, tv the mean and variance of N(0,1) on the interval seen in units of v:
 *   direct  g_k = s r/S + sqrt(D/(S V)) tm,     -d g_k = s^2/S + D/(S V) (1 - tv);
 *   smooth  t_k = s r/S - s^2 sqrt(V/(S D)) tm,  variance form s^2/S + s^4 V/(S D) (1 - tv), plus a term per kink (phi continuous).
 * They are the derivatives taken on the Gaussian or on P(y|z); the first is exact as D/V -> 0, the second as V/D -> 0.
 */
import { piecewiseAverages } from "../activations/piecewiseErrors.ts";
import { segmentShape } from "../activations/segmentShape.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Field, OutputLaw, Rng, Segment, Vec } from "../core/types.ts";
import { logNormalInterval, normalCdf, normalPdf, truncatedNormal } from "../numerics/special/index.ts";
import { type Edge, LEAST, Nodes, REACH, omegaRule, pushSegment, steppedBreaks } from "./outputNodes.ts";
import { composite } from "../numerics/quadrature.ts";

const LOG2PI = Math.log(2 * Math.PI);

export interface PiecewiseLinear {
  readonly id: string;
  /** Sorted, covering the line. */
  readonly segments: readonly Segment[];
  readonly even: boolean;
  readonly noiseBefore?: number;
  readonly noiseAfter?: number;
}

const trunc = new Float64Array(3);

/** 1 - variance of N(0,1) on [l, u], from the last `truncatedNormal` call: a sum of positive terms where it is small. */
function lostVariance(l: number, u: number, logMass: number, mean: number, variance: number): number {
  if (variance < 0.5) return 1 - variance;
  const edges = (Number.isFinite(u) ? u * normalPdf(u) : 0) - (Number.isFinite(l) ? l * normalPdf(l) : 0);
  return mean * mean + edges * Math.exp(-logMass);
}

function standard(x: number, mean: number, sd: number): number {
  return Number.isFinite(x) ? (x - mean) / sd : x;
}

/** The channel of a piecewise-linear function. Labels that no segment gives throw ParameterError when noiseAfter is 0. */
export function piecewiseLinearChannel({ id, segments, even, noiseBefore = 0, noiseAfter = 0 }: PiecewiseLinear): Channel {
  const K = segments.length;
  const D = noiseAfter > 0 ? Math.max(noiseAfter, LEAST) : 0; // 1/D is a number
  const from = Float64Array.from(segments, (s) => s.from);
  const to = Float64Array.from(segments, (s) => s.to);
  const slope = Float64Array.from(segments, (s) => s.slope);
  const offset = Float64Array.from(segments, (s) => s.offset);
  const edges = segments.slice(1).map((s) => s.from);
  const marks: Edge[] = edges.map((at, k) => ({ at, fold: slope[k] * slope[k + 1] < 0 }));
  const edgeValue = Float64Array.from(edges, (e, k) => slope[k] * e + offset[k]);
  const continuous = edges.every(
    (e, k) => Math.abs(slope[k + 1] * e + offset[k + 1] - edgeValue[k]) <= 1e-12 * (1 + Math.abs(edgeValue[k]))
  );
  const steepest = slope.reduce((m, s) => Math.max(m, s * s), 0);
  const flat = steepest === 0;
  const deterministic = noiseBefore === 0 && D === 0;

  // D = 0: label -> its flat segments; sloped segments are found by their range.
  const atoms = new Map<number, Int32Array>();
  for (let k = 0; k < K; k++) if (slope[k] === 0) atoms.set(offset[k], Int32Array.of(...(atoms.get(offset[k]) ?? []), k));
  const sloped = Int32Array.from(segments.keys()).filter((k) => slope[k] !== 0);
  const all = Int32Array.from(segments.keys());
  const pinned = new Int32Array(sloped.length);

  // Per segment, for one component: log weight, first and (minus) second derivative, posterior mean and variance of u = z + noise.
  const L = new Float64Array(K);
  const G = new Float64Array(K);
  const H = new Float64Array(K);
  const M = new Float64Array(K);
  const W = new Float64Array(K);
  // Of the mixture: log Z, g, curvature, mean, variance.
  const out = new Float64Array(5);

  /** Segments that can give y when D = 0; throws when none can. */
  function candidates(y: number): Int32Array {
    const atom = atoms.get(y);
    if (atom) return atom;
    let n = 0;
    let nearest = -1;
    let miss = Infinity;
    for (const k of sloped) {
      const z = (y - offset[k]) / slope[k];
      if (z >= from[k] && z < to[k]) pinned[n++] = k;
      else {
        const gap = z < from[k] ? from[k] - z : z - to[k];
        if (gap < miss) [miss, nearest] = [gap, k];
      }
    }
    if (n > 0) return pinned.subarray(0, n);
    // A label rounded across an edge is still the label of that edge.
    if (nearest >= 0 && miss <= 1e-12 * (1 + Math.abs(y))) {
      pinned[0] = nearest;
      return pinned.subarray(0, 1);
    }
    const has = flat
      ? `one of ${[...atoms.keys()].slice(0, 8).join(", ")}${atoms.size > 8 ? ", ..." : ""}`
      : "in the range of the function";
    throw new ParameterError(`${id}: without noise after the function a label must be ${has}, got ${y}${flat ? "" : "; give a noise > 0"}`);
  }

  /** Fills L, G, H, M, W of segment k. */
  function piece(k: number, V: number, omega: number, y: number, sd: number, smooth: boolean): void {
    const s = slope[k];
    const r = y - s * omega - offset[k];
    const S = s * s * V + D;
    let l = from[k];
    let u = to[k];
    if (D === 0 && s !== 0) {
      const z = (y - offset[k]) / s;
      const d = z - omega;
      L[k] = -0.5 * (LOG2PI + Math.log(V) + (d / V) * d) - Math.log(Math.abs(s));
      G[k] = d / V;
      H[k] = 1 / V;
      M[k] = z;
      W[k] = 0;
      return;
    }
    const density = D === 0 ? 0 : -0.5 * (LOG2PI + Math.log(S) + (r / S) * r);
    const shrink = D === 0 ? 1 : D / S; // v = V shrink
    const m = s === 0 ? omega : omega + ((V * s) / S) * r;
    const root = s === 0 ? sd : sd * Math.sqrt(shrink);
    l = standard(l, m, root);
    u = standard(u, m, root);
    truncatedNormal(l, u, trunc);
    const tm = trunc[1];
    const tv = trunc[2];
    const lost = lostVariance(l, u, trunc[0], tm, tv);
    L[k] = density + trunc[0];
    M[k] = m + root * tm;
    W[k] = root * root * tv;
    const drift = (s / S) * r || 0;
    if (smooth) {
      const ratio = s * s * Math.sqrt(V / D / S);
      G[k] = drift - ratio * tm;
      H[k] = s === 0 ? 0 : (s / S) * s + ratio * ratio * lost;
    } else {
      const factor = Math.sqrt(shrink) / sd;
      G[k] = drift + factor * tm;
      H[k] = (s === 0 ? 0 : (s / S) * s) + factor * factor * lost;
    }
  }

  /** Mixes the segments into `out`; `moments` asks for the posterior mean and variance instead of the derivatives. */
  function evaluate(V: number, omega: number, y: number, moments: boolean): void {
    const sd = Math.sqrt(V);
    const smooth = D > 0 && continuous && D > V * steepest;
    const list = D > 0 ? all : candidates(y);
    let best = list[0];
    if (list.length === 1) {
      piece(best, V, omega, y, sd, false);
      out[0] = L[best];
      out[1] = G[best];
      out[2] = H[best];
      out[3] = M[best];
      out[4] = W[best];
      return;
    }
    for (let j = 0; j < list.length; j++) {
      const k = list[j];
      piece(k, V, omega, y, sd, smooth);
      if (L[k] > L[best]) best = k;
    }
    const first = moments ? M : G;
    const second = moments ? W : H;
    let total = 0;
    let shift = 0;
    let square = 0;
    let mean2 = 0;
    for (let j = 0; j < list.length; j++) {
      const k = list[j];
      const p = Math.exp(L[k] - L[best]);
      if (p === 0) continue;
      const d = first[k] - first[best];
      total += p;
      shift += p * d;
      square += p * d * d;
      mean2 += p * second[k];
    }
    shift /= total;
    const spread = Math.max(0, square / total - shift * shift);
    const logZ = L[best] + Math.log(total);
    out[0] = logZ;
    if (moments) {
      out[3] = first[best] + shift;
      out[4] = mean2 / total + spread;
      return;
    }
    out[1] = first[best] + shift;
    let c = mean2 / total - spread;
    if (smooth)
      for (let e = 0; e < edges.length; e++) {
        const ry = y - edgeValue[e];
        const rz = edges[e] - omega;
        const log = -LOG2PI - 0.5 * (Math.log(D) + Math.log(V) + (ry / D) * ry + (rz / V) * rz) - logZ;
        c -= ((slope[e + 1] - slope[e]) * ry * Math.exp(log)) / D;
      }
    out[2] = c;
  }

  function logPartition(V: Vec, omega: Vec, y: Vec, result: Vec): void {
    const one = V.length === 1;
    for (let i = 0; i < y.length; i++) {
      const v = Math.max(V[one ? 0 : i] + noiseBefore, LEAST);
      if (D === 0) {
        const list = candidates(y[i]);
        if (list.length === 1 && slope[list[0]] === 0) {
          const sd = Math.sqrt(v);
          result[i] = logNormalInterval(standard(from[list[0]], omega[i], sd), standard(to[list[0]], omega[i], sd));
          continue;
        }
      }
      evaluate(v, omega[i], y[i], true);
      result[i] = out[0];
    }
  }

  function sample(rng: Rng, z: Vec, y: Vec): void {
    const before = Math.sqrt(noiseBefore);
    const after = Math.sqrt(D);
    for (let i = 0; i < z.length; i++) {
      const u = noiseBefore > 0 ? z[i] + before * rng.normal() : z[i];
      let k = 0;
      while (k < K - 1 && u >= to[k]) k++;
      y[i] = slope[k] * u + offset[k] + (D > 0 ? after * rng.normal() : 0);
    }
  }

  /** Nodes of (omega, y) when y has noise of its own: at each omega, panels of y at every feature of its density. */
  function noisyField(law: OutputLaw, total: number, order: number): Field {
    const nodes = new Nodes(16384);
    const rule = omegaRule(law, total, -Infinity, Infinity, marks, order);
    const T = Math.max(total, LEAST);
    const sd = Math.sqrt(T);
    const noise = Math.sqrt(D);
    const features: { centre: number; width: number }[] = [];
    for (let i = 0; i < rule.size; i++) {
      if (rule.weight[i] < 1e-24) continue;
      const centre = law.slope * rule.omega[i];
      features.length = 0;
      let low = Infinity;
      let high = -Infinity;
      for (let k = 0; k < K; k++) {
        // The part of the segment that z can reach, give or take the noise.
        const a = Math.max(from[k], centre - REACH * sd);
        const b = Math.min(to[k], centre + REACH * sd);
        if (!(a <= b)) continue;
        const ya = slope[k] * a + offset[k];
        const yb = slope[k] * b + offset[k];
        low = Math.min(low, ya, yb);
        high = Math.max(high, ya, yb);
        const S = slope[k] * slope[k] * T + D;
        features.push({ centre: slope[k] * centre + offset[k], width: Math.sqrt(S) });
        if (slope[k] === 0) continue;
        for (const e of [from[k], to[k]])
          if (Number.isFinite(e) && Math.abs(e - centre) < (REACH + 1) * sd)
            features.push({ centre: slope[k] * e + offset[k], width: (noise * Math.sqrt(S / T)) / Math.abs(slope[k]) });
      }
      const breaks = steppedBreaks(low - REACH * noise, high + REACH * noise, high - low + 2 * REACH * noise, features);
      const { nodes: y, weights } = composite(breaks, order);
      for (let k = 0; k < y.length; k++) {
        evaluate(T, centre, y[k], true);
        const w = rule.weight[i] * weights[k] * Math.exp(out[0]);
        if (w > 1e-24) nodes.push(rule.omega[i], y[k], w);
      }
    }
    return nodes.field();
  }

  // With noise of its own y is a hidden layer seen at ax = 1/D, t = y/sqrt D.
  const shape = segmentShape(segments);
  const averages = (q: number, V: number, order = 24) =>
    piecewiseAverages(shape, Math.max(0, q), Math.max(V + noiseBefore, LEAST), 1 / D, Math.max(24, order));
  const noisy: Pick<Channel, "information" | "freeEntropy"> = {
    information: (q, V, order) => averages(q, V, order).gain / Math.max(V + noiseBefore, LEAST),
    freeEntropy: (q, V, order) => -averages(q, V, order).information - 0.5 * (LOG2PI + 1 + Math.log(D))
  };

  return {
    ...(D > 0 ? noisy : {}),
    scalar: "real",
    labelScalar: "real",
    even,
    deterministic,
    dimension(rho) {
      if (!deterministic) return 0;
      const sd = Math.sqrt(rho);
      let mass = 0;
      for (const k of sloped) mass += normalCdf(to[k] / sd) - normalCdf(from[k] / sd);
      return mass;
    },
    sample,
    logPartition,
    score(V, omega, y, g, curvature) {
      const one = V.length === 1;
      for (let i = 0; i < y.length; i++) {
        evaluate(Math.max(V[one ? 0 : i] + noiseBefore, LEAST), omega[i], y[i], false);
        g[i] = out[1];
        curvature[i] = out[2];
      }
    },
    posterior(a, b, y, mean, variance) {
      const one = a.length === 1;
      for (let i = 0; i < y.length; i++) {
        const V = 1 / a[one ? 0 : i];
        const omega = b[i] * V;
        const total = V + noiseBefore;
        evaluate(Math.max(total, LEAST), omega, y[i], true);
        const gain = noiseBefore > 0 ? V / total : 1;
        mean[i] = gain === 1 ? out[3] : omega + gain * (out[3] - omega);
        variance[i] = gain * (noiseBefore + gain * out[4]);
      }
    },
    field(law, order = D === 0 && flat ? 16 : 12) {
      const total = law.spread + noiseBefore;
      if (D > 0) return noisyField(law, total, order);
      const nodes = new Nodes(flat ? 1024 : 16384);
      const spread = Float64Array.of(law.spread);
      for (const [label, list] of atoms) {
        const low = from[list[0]];
        const high = to[list[list.length - 1]];
        const own = marks.filter(({ at }) => list.some((k) => at === from[k] || at === to[k]));
        for (let j = 1; j < list.length; j++) {
          const gap = from[list[j]] - to[list[j - 1]];
          if (gap > 0) own.push({ at: to[list[j - 1]] + gap / 2, fold: false, gap });
        }
        const rule = omegaRule(law, total, low, high, own, order);
        const centre = rule.omega.map((w) => law.slope * w);
        const y = new Float64Array(rule.size).fill(label);
        const logZ = new Float64Array(rule.size);
        logPartition(spread, centre, y, logZ);
        for (let i = 0; i < rule.size; i++) nodes.push(rule.omega[i], label, rule.weight[i] * Math.exp(logZ[i]));
      }
      for (const k of sloped) {
        const own = marks.filter(({ at }) => at === from[k] || at === to[k]);
        const fold = own.some((e) => e.fold);
        pushSegment(nodes, law, total, omegaRule(law, total, from[k], to[k], own, order), segments[k], order, fold);
      }
      return nodes.field();
    }
  };
}
