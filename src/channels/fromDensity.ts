/**
 * A channel from a user's own ln P(y|z), by quadrature over z: same contract as the built-in ones, slower (tens of microseconds
 * a component). Before it is handed out its normalisation, parity and derivatives are checked; what fails is a ParameterError.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Field, OutputLaw, Rng, Vec } from "../core/types.ts";
import { composite, gaussLegendre, gradedBreaks } from "../numerics/quadrature.ts";
import { LEAST, Nodes, REACH } from "./outputNodes.ts";

export interface DensityChannel {
  /** Named in messages. */
  readonly id?: string;
  /** ln P(y|z), normalised over y for every z; -Infinity where P = 0. */
  logDensity(y: number, z: number): number;
  /** Every label there is, or an interval of labels (ends may be infinite). */
  readonly labels: { readonly discrete: readonly number[] } | { readonly from: number; readonly to: number };
  /** Values of z where ln P(y|z) jumps, has a kink, or turns, for every label or as a function of it; 0 by default. */
  readonly breaks?: readonly number[] | ((y: number) => readonly number[]);
  /** The shortest length in z (and y) on which ln P changes; 1 by default. */
  readonly scale?: number;
  /** P(y|z) = P(y|-z). */
  readonly even?: boolean;
  /** Draws y given z; by inversion of the cumulative density when absent (instances are then only as portable as logDensity). */
  sampler?(rng: Rng, z: number): number;
}

const HALF_LOG_2PI = Math.log(2 * Math.PI) / 2;
const ORDER = 12;
/** ln P is dropped this far below its largest value. */
const LOST = 42;

export function channelFromDensity(model: DensityChannel): Channel {
  const id = model.id ?? "channel from a density";
  const { labels, scale = 1, even = false } = model;
  const declared = model.breaks ?? [0];
  const breaksOf = typeof declared === "function" ? declared : () => declared;
  /** Those that no label moves. */
  const fixed = typeof declared === "function" ? [] : declared;
  if (!(scale > 0 && scale < Infinity)) throw new ParameterError(`${id}: scale must be a number in (0, inf), got ${scale}; for example 1`);
  if (!fixed.every(Number.isFinite))
    throw new ParameterError(`${id}: breaks must be finite numbers, got ${fixed.join(", ")}; for example 0`);
  const discrete = "discrete" in labels ? [...labels.discrete] : undefined;
  if (discrete && !(discrete.length > 0 && discrete.every(Number.isFinite)))
    throw new ParameterError(
      `${id}: labels must be a list of finite numbers, got ${discrete.join(", ") || "an empty list"}; for example -1, 1`
    );
  const low = "from" in labels ? labels.from : -Infinity;
  const high = "to" in labels ? labels.to : Infinity;
  if (!(low < high))
    throw new ParameterError(`${id}: labels must be an interval with from < to, got [${low}, ${high}]; for example [0, Infinity]`);
  const { nodes: x, weights: w } = gaussLegendre(ORDER);

  const logDensity = (y: number, z: number): number => {
    const l = model.logDensity(y, z);
    if (Number.isNaN(l) || l === Infinity)
      throw new ParameterError(`${id}: ln P(y|z) must be a number below infinity, got ${l} at y = ${y}, z = ${z}`);
    return l;
  };

  // log Z, E t, Var t of the tilted law in t = (z - omega)/sqrt V.
  const out = new Float64Array(3);
  function tilt(V: number, omega: number, y: number): void {
    const sd = Math.sqrt(V);
    const psi = (t: number) => logDensity(y, omega + sd * t) - 0.5 * t * t;
    const features = [{ centre: 0, width: 1 }];
    for (const b of breaksOf(y)) features.push({ centre: (b - omega) / sd, width: scale / sd });
    let reach = REACH + 1;
    let mesh = gradedBreaks(-reach, reach, features);
    let best = peak(mesh);
    if (!(best.value > -Infinity) || Math.abs(best.t) > 0.5 * reach) {
      // An unlikely label: the mass sits where the likelihood pulls it.
      reach = Math.max(40, 2 * Math.abs(best.t));
      for (let k = 0; k < 60; k++, reach *= 4) {
        mesh = gradedBreaks(-reach, reach, [...features, { centre: best.t, width: 1 }]);
        best = peak(mesh);
        if (best.value > -Infinity && Math.abs(best.t) < 0.5 * reach) break;
      }
      if (!(best.value > -Infinity)) throw new ParameterError(`${id}: label ${y} is impossible for z near ${omega}`);
    }
    // Climb to the top between the neighbours, by golden section on ln P (smooth even where P is a needle).
    let a = mesh[Math.max(0, best.k - 1)];
    let b = mesh[Math.min(mesh.length - 1, best.k + 2)];
    for (let k = 0; k < 60 && b - a > 1e-9 * (1 + Math.abs(a)); k++) {
      const c = b - 0.6180339887498949 * (b - a);
      const d = a + 0.6180339887498949 * (b - a);
      if (psi(c) > psi(d)) b = d;
      else a = c;
    }
    const t0 = 0.5 * (a + b);
    const top = Math.max(psi(t0), best.value);
    // Its half-width at half a nat.
    let width = 1;
    while (width > 1e-12 && psi(t0 + width) < top - 0.5 && psi(t0 - width) < top - 0.5) width *= 0.5;
    const grid = gradedBreaks(-reach, reach, [...features, { centre: t0, width }]);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    for (let p = 0; p < grid.length - 1; p++) {
      const half = 0.5 * (grid[p + 1] - grid[p]);
      const mid = 0.5 * (grid[p + 1] + grid[p]);
      for (let k = 0; k < ORDER; k++) {
        const u = mid - t0 + half * x[k];
        const log = psi(t0 + u) - top;
        if (log < -LOST) continue;
        const q = half * w[k] * Math.exp(log);
        s0 += q;
        s1 += q * u;
        s2 += q * u * u;
      }
    }
    const shift = s1 / s0;
    out[0] = top + Math.log(s0) - HALF_LOG_2PI;
    out[1] = t0 + shift;
    out[2] = Math.max(0, s2 / s0 - shift * shift);

    function peak(points: readonly number[]): { t: number; k: number; value: number } {
      let found = { t: 0, k: 0, value: -Infinity };
      for (let k = 0; k < points.length - 1; k++) {
        const t = 0.5 * (points[k] + points[k + 1]);
        const value = psi(t);
        if (value > found.value) found = { t, k, value };
      }
      return found;
    }
  }

  const logZ = (V: number, omega: number, y: number): number => {
    tilt(V, omega, y);
    return out[0];
  };

  /** g and curvature. Where V is small on the scale of a smooth ln P they are differences of ln Z, since (E z - omega)/V has lost its digits. */
  function derivatives(V: number, omega: number, y: number, result: { g: number; curvature: number }): void {
    const sd = Math.sqrt(V);
    const h = 5e-3 * scale;
    if (sd < 6 * h && breaksOf(y).every((b) => Math.abs(b - omega) > 10 * sd + 2 * h)) {
      const f0 = logZ(V, omega, y);
      const p1 = logZ(V, omega + h, y);
      const m1 = logZ(V, omega - h, y);
      const p2 = logZ(V, omega + 2 * h, y);
      const m2 = logZ(V, omega - 2 * h, y);
      result.g = (8 * (p1 - m1) - (p2 - m2)) / (12 * h);
      result.curvature = (30 * f0 - 16 * (p1 + m1) + (p2 + m2)) / (12 * h * h);
      return;
    }
    tilt(V, omega, y);
    result.g = out[1] / sd;
    result.curvature = (1 - out[2]) / V;
  }

  /** Break points of the labels that z can give: a sinh grid around z, kept where P is not negligible. */
  function labelMesh(points: readonly number[], spacing = 1.5 * scale): number[] {
    const grid = new Set<number>();
    for (const z of points) {
      const ys: number[] = [];
      for (let k = -96; k <= 96; k++) ys.push(Math.min(high, Math.max(low, z + scale * Math.sinh(k / 8))));
      for (const e of [low, high])
        if (Number.isFinite(e))
          for (let k = 0; k < 64; k++) ys.push(Math.min(high, Math.max(low, e + (e === low ? 1 : -1) * scale * Math.sinh(k / 8))));
      ys.sort((a, b) => a - b);
      const l = ys.map((y) => logDensity(y, z));
      const top = l.reduce((a, b) => Math.max(a, b), -Infinity);
      for (let k = 0; k < ys.length; k++) if (l[k] > top - LOST || l[k + 1] > top - LOST || l[k - 1] > top - LOST) grid.add(ys[k]);
    }
    const sorted = [...grid].sort((a, b) => a - b);
    // The sinh grid is fine to find the support; panels need not be. A single z stays a break: P may have a kink at y = z.
    const kept = [sorted[0]];
    for (const y of sorted) if (y - kept[kept.length - 1] > spacing || (points.length === 1 && y === points[0])) kept.push(y);
    if (kept[kept.length - 1] < sorted[sorted.length - 1]) kept.push(sorted[sorted.length - 1]);
    return kept;
  }

  function draw(rng: Rng, z: number): number {
    const target = rng.uniform();
    if (discrete) {
      let sum = 0;
      for (const y of discrete) {
        sum += Math.exp(logDensity(y, z));
        if (target < sum) return y;
      }
      return discrete[discrete.length - 1];
    }
    const mesh = labelMesh([z], 0.3 * scale);
    let sum = 0;
    const mass = (a: number, b: number): number => {
      let total = 0;
      for (let k = 0; k < ORDER; k++) total += 0.5 * (b - a) * w[k] * Math.exp(logDensity(0.5 * (a + b) + 0.5 * (b - a) * x[k], z));
      return total;
    };
    for (let p = 0; p < mesh.length - 1; p++) {
      const m = mass(mesh[p], mesh[p + 1]);
      if (sum + m > target) {
        let a = mesh[p];
        let b = mesh[p + 1];
        for (let k = 0; k < 40; k++) {
          const mid = 0.5 * (a + b);
          if (sum + mass(mesh[p], mid) > target) b = mid;
          else a = mid;
        }
        return 0.5 * (a + b);
      }
      sum += m;
    }
    return mesh[mesh.length - 1];
  }

  function field(law: OutputLaw, order = 8): Field {
    const { q, slope, spread } = law;
    const T = Math.max(spread, LEAST);
    const sd = Math.sqrt(T);
    const root = Math.sqrt(q);
    const centre = Math.abs(slope) * root;
    const features = [{ centre: 0, width: 2 }];
    if (centre > 0) for (const b of fixed) features.push({ centre: b / (slope * root), width: Math.max(1e-9 * root, sd) / centre });
    const rule =
      q > 0
        ? composite(gradedBreaks(-REACH, REACH, features), order)
        : { nodes: new Float64Array(1), weights: Float64Array.of(Math.sqrt(2 * Math.PI)) };
    const nodes = new Nodes();
    for (let i = 0; i < rule.nodes.length; i++) {
      const t = rule.nodes[i];
      const weight = rule.weights[i] * Math.exp(-0.5 * t * t - HALF_LOG_2PI);
      if (weight < 1e-18) continue;
      const omega = slope * root * t;
      if (discrete) {
        for (const y of discrete) if (possible(y, omega, sd)) nodes.push(root * t, y, weight * Math.exp(logZ(T, omega, y)));
        continue;
      }
      const mesh = labelMesh([-8, -6, -4, -2, 0, 2, 4, 6, 8].map((k) => omega + k * sd));
      const { nodes: ys, weights } = composite(mesh, order);
      for (let k = 0; k < ys.length; k++) {
        if (!possible(ys[k], omega, sd)) continue;
        const p = weight * weights[k] * Math.exp(logZ(T, omega, ys[k]));
        if (p > 1e-22) nodes.push(root * t, ys[k], p);
      }
    }
    return nodes.field();
  }

  /** Whether y has any weight within reach of omega. */
  function possible(y: number, omega: number, sd: number): boolean {
    for (let k = -9; k <= 9; k++) if (logDensity(y, omega + k * sd) > -Infinity) return true;
    return breaksOf(y).some(
      (b) => Math.abs(b - omega) < 9 * sd && (logDensity(y, b + 1e-6 * scale) > -Infinity || logDensity(y, b - 1e-6 * scale) > -Infinity)
    );
  }

  function check(): void {
    for (const z of [-3, -1, -0.3, 0.2, 0.7, 2]) {
      let total = 0;
      if (discrete) for (const y of discrete) total += Math.exp(logDensity(y, z));
      else {
        const { nodes, weights } = composite(labelMesh([z], 0.3 * scale), ORDER);
        for (let k = 0; k < nodes.length; k++) total += weights[k] * Math.exp(logDensity(nodes[k], z));
      }
      if (!(Math.abs(total - 1) < 1e-6))
        throw new ParameterError(
          `${id}: P(y|z) must sum to 1 over the labels, got ${total} at z = ${z}; subtract its logarithm, or give every label`
        );
    }
    const probe = { g: 0, curvature: 0 };
    for (const [V, omega] of [
      [1, 0.4],
      [0.3, -0.8],
      [0.04, 1.1]
    ] as const) {
      const labelsHere =
        discrete ?? labelMesh([omega]).filter((_, k, all) => k === Math.floor(all.length / 2) || k === Math.floor(all.length / 3));
      for (const y of labelsHere.slice(0, 8)) {
        if (!possible(y, omega, Math.sqrt(V))) continue;
        if (even && Math.abs(Math.exp(logDensity(y, omega)) - Math.exp(logDensity(y, -omega))) > 1e-9)
          throw new ParameterError(`${id}: even is declared, but P(${y}|${omega}) and P(${y}|${-omega}) differ; leave even out`);
        const h = 1e-3 * Math.sqrt(V);
        const up = logZ(V, omega + h, y);
        const here = logZ(V, omega, y);
        const down = logZ(V, omega - h, y);
        if (here < -30) continue;
        derivatives(V, omega, y, probe);
        const g = (up - down) / (2 * h);
        const c = (2 * here - up - down) / (h * h);
        const unit = 1 / Math.sqrt(V);
        if (Math.abs(g - probe.g) > 1e-4 * (Math.abs(g) + unit) || Math.abs(c - probe.curvature) > 1e-3 * (Math.abs(c) + 1 / V))
          throw new ParameterError(
            `${id}: the derivatives of ln Z disagree at y = ${y}, omega = ${omega}, V = ${V} (${probe.g} against ${g}); list the z where P jumps or bends in breaks, or give a smaller scale`
          );
      }
    }
  }
  check();

  const result = { g: 0, curvature: 0 };
  const legal = (y: number): void => {
    if (discrete ? !discrete.includes(y) : !(y >= low && y <= high))
      throw new ParameterError(
        `${id}: a label must be ${discrete ? `one of ${discrete.slice(0, 8).join(", ")}` : `in [${low}, ${high}]`}, got ${y}`
      );
  };
  return {
    scalar: "real",
    labelScalar: "real",
    even,
    deterministic: false,
    dimension: () => 0,
    sample(rng, z, y) {
      for (let i = 0; i < z.length; i++) y[i] = model.sampler ? model.sampler(rng, z[i]) : draw(rng, z[i]);
    },
    logPartition(V: Vec, omega: Vec, y: Vec, target: Vec) {
      for (let i = 0; i < y.length; i++) {
        legal(y[i]);
        target[i] = logZ(Math.max(V[V.length === 1 ? 0 : i], LEAST), omega[i], y[i]);
      }
    },
    score(V, omega, y, g, curvature) {
      for (let i = 0; i < y.length; i++) {
        legal(y[i]);
        derivatives(Math.max(V[V.length === 1 ? 0 : i], LEAST), omega[i], y[i], result);
        g[i] = result.g;
        curvature[i] = result.curvature;
      }
    },
    posterior(a, b, y, mean, variance) {
      for (let i = 0; i < y.length; i++) {
        legal(y[i]);
        const V = 1 / a[a.length === 1 ? 0 : i];
        tilt(Math.max(V, LEAST), b[i] * V, y[i]);
        mean[i] = b[i] * V + Math.sqrt(V) * out[1];
        variance[i] = V * out[2];
      }
    },
    field
  };
}
