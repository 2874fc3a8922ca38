/**
 * A channel from a user's own ln P(y|z), by quadrature over z: same contract as the built-in ones, slower (tens of microseconds
 * a component). Before it is handed out its normalisation, parity and derivatives are checked; what fails is a ParameterError.
 */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Field, OutputLaw, Rng, Vec } from "../core/types.ts";
import { type Feature, composite, gaussHermite, gaussLegendre, gradedBreaks } from "../numerics/quadrature.ts";
import { climb, densityModes, halfWidth } from "./densityModes.ts";
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
  /** The length in z on which ln P turns at the breaks; 1 by default. The widths of maxima are found, whatever they are. */
  readonly scale?: number;
  /** P(y|z) = P(y|-z). */
  readonly even?: boolean;
  /** Draws y given z; by inversion of the cumulative density when absent (instances are then only as portable as logDensity). */
  sampler?(rng: Rng, z: number): number;
}

const HALF_LOG_2PI = Math.log(2 * Math.PI) / 2;
const ORDER = 16;
/** Halvings of a panel, and the error (of a total mass of order 1) at which it is good enough. */
const DEPTH = 16;
const FINE = 1e-14;
/** What may be left at the last halving before a jump is suspected. */
const COARSE = 1e-7;
/** Labels whose maxima over z are remembered. */
const REMEMBERED = 1 << 16;
/** Central differences of order 8. */
const FIRST = [4 / 5, -1 / 5, 4 / 105, -1 / 280] as const;
const SECOND = [8 / 5, -1 / 5, 8 / 315, -1 / 560] as const;
/** Below this many shortest widths, sqrt V leaves ln Z a smooth function of omega that is better differenced. */
const SMOOTH = 0.02;

const continuous = new WeakSet<object>();

/** Whether a channel was made here for an interval of labels: its `field` costs about a second, too long for an iteration. */
export const hasCostlyField = (channel: Channel): boolean => continuous.has(channel);
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

  // The maxima of ln P(y|.) are found once a label.
  const remembered = new Map<number, readonly Feature[]>();
  function modesOf(y: number): readonly Feature[] {
    let modes = remembered.get(y);
    if (!modes) {
      modes = densityModes((z) => logDensity(y, z), [0, y], -Infinity, Infinity);
      if (remembered.size >= REMEMBERED) remembered.clear();
      remembered.set(y, modes);
    }
    return modes;
  }

  // log Z, E t, Var t of the tilted law in t = (z - omega)/sqrt V, and what the last halving left unresolved.
  const out = new Float64Array(4);
  const rows = lastCoefficients();
  function tilt(V: number, omega: number, y: number): void {
    const sd = Math.sqrt(V);
    const psi = (t: number) => logDensity(y, omega + sd * t) - 0.5 * t * t;
    const points = [-9, -3, -1, 0, 1, 3, 9];
    for (const { centre, width } of modesOf(y)) {
      const at = (centre - omega) / sd;
      if (Math.abs(at) > 1e150) continue;
      points.push(at);
      for (const k of [1.5, 4, 9, 30]) points.push(at - (k * width) / sd, at + (k * width) / sd);
    }
    for (const b of breaksOf(y)) {
      const at = (b - omega) / sd;
      points.push(at);
      for (const k of [0.75, 3, 9]) points.push(at - (k * scale) / sd, at + (k * scale) / sd);
      points.push(at - 1e-3, at + 1e-3);
    }
    points.sort((a, b) => a - b);
    let best = highest(psi, points);
    for (let reach = 40; best < 0 && reach < 1e150; reach *= 4) {
      // An unlikely label: the mass sits where the likelihood pulls it.
      points.push(-reach, reach);
      points.sort((a, b) => a - b);
      best = highest(psi, points);
    }
    if (best < 0) throw new ParameterError(`${id}: label ${y} is impossible for z near ${omega}`);
    const before = points[Math.max(0, best - 1)];
    const after = points[Math.min(points.length - 1, best + 1)];
    // At an outermost point the top may lie further out, but never beyond what the parabola takes back.
    const t0 = climb(
      psi,
      best === 0 ? before - 10 - Math.abs(before) : before,
      points[best],
      best === points.length - 1 ? after + 10 + Math.abs(after) : after
    );
    const top = psi(t0);
    const width = Math.min(1, halfWidth(psi, t0, top, -Infinity, Infinity));
    for (const k of [2, 5, 9]) points.push(t0 - k * width, t0 + k * width);
    points.push(t0, t0 - 9, t0 + 9);
    points.sort((a, b) => a - b);
    const grain = 1e-3 * width;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    out[3] = 0;
    let mass = 0.1 * width;
    // Neighbouring z round differently: a needle is not resolved beyond what its argument is.
    const fine = Math.max(FINE, (1e-15 * (Math.abs(omega) + Math.abs(y))) / (sd * width));
    const panel = (a: number, b: number, depth: number): void => {
      const half = 0.5 * (b - a);
      const mid = 0.5 * (a + b) - t0;
      let p0 = 0;
      let p1 = 0;
      let p2 = 0;
      let c0 = 0;
      let c1 = 0;
      let d0 = 0;
      let d1 = 0;
      for (let k = 0; k < ORDER; k++) {
        const u = mid + half * x[k];
        const log = psi(t0 + u) - top;
        if (log < -LOST) continue;
        const q = Math.exp(log);
        const m = q * w[k] * half;
        p0 += m;
        p1 += m * u;
        p2 += m * u * u;
        c0 += rows[0][k] * q;
        c1 += rows[1][k] * q;
        d0 += rows[2][k] * q;
        d1 += rows[3][k] * q;
      }
      const end = Math.max(Math.abs(c0), Math.abs(c1));
      const halfway = Math.max(Math.abs(d0), Math.abs(d1), end);
      const reach = Math.max(1, ((Math.abs(mid) + half) / width) ** 2);
      const error = halfway > 0 ? (2 * half * end * (end / halfway) * Math.min(reach, 100)) / mass : 0;
      if (error > fine && depth < DEPTH && half > 1e-13 * Math.abs(mid + t0)) {
        panel(a, 0.5 * (a + b), depth + 1);
        panel(0.5 * (a + b), b, depth + 1);
        return;
      }
      if (depth === DEPTH) out[3] = Math.max(out[3], error);
      s0 += p0;
      s1 += p1;
      s2 += p2;
      mass = Math.max(mass, s0);
    };
    // Breaks stay: a jump must be an end of a panel. The others may be merged.
    const keep = new Set<number>([t0]);
    for (const b of breaksOf(y)) keep.add((b - omega) / sd);
    const from = Math.max(Math.min(-9, t0 - 9), points[0]);
    const to = Math.min(Math.max(9, t0 + 9), points[points.length - 1]);
    let last = from;
    for (const point of points) {
      if (point <= last || point > to) continue;
      if (point - last < grain && !keep.has(point) && point < to) continue;
      panel(last, point, 0);
      last = point;
    }
    const shift = s1 / s0;
    out[0] = top + Math.log(s0) - HALF_LOG_2PI;
    out[1] = t0 + shift;
    out[2] = Math.max(0, s2 / s0 - shift * shift);
  }

  // ln Z where ln P is smooth on many sqrt V: Gauss-Hermite about the slope.
  const { nodes: u, weights: hermite } = gaussHermite(20);
  function smoothLogZ(V: number, omega: number, y: number): number {
    const sd = Math.sqrt(V);
    const c = 0.5 * (logDensity(y, omega + sd) - logDensity(y, omega - sd));
    const base = logDensity(y, omega + sd * c);
    let sum = 0;
    for (let k = 0; k < u.length; k++) sum += hermite[k] * Math.exp(logDensity(y, omega + sd * (c + u[k])) - base - c * u[k]);
    return base - 0.5 * c * c + Math.log(sum);
  }

  const logZ = (V: number, omega: number, y: number): number => {
    tilt(V, omega, y);
    return out[0];
  };

  /** Whether ln P is smooth at a break that nobody declared: its second difference then falls as h^2, at a kink as h. */
  function unbent(y: number, b: number, h: number): boolean {
    if (model.breaks) return false;
    const here = logDensity(y, b);
    const bend = (d: number) => Math.abs(logDensity(y, b + d) + logDensity(y, b - d) - 2 * here);
    return bend(h / 8) < bend(h) / 24 + 1e-13 * (1 + Math.abs(here));
  }

  /** g and curvature. Where V is small on the scale of a smooth ln P they are differences of ln Z, since (E z - omega)/V has lost its digits. */
  function derivatives(V: number, omega: number, y: number, result: { g: number; curvature: number }): void {
    const sd = Math.sqrt(V);
    const modes = modesOf(y);
    let narrowest = modes.length ? Infinity : scale;
    let length = narrowest;
    for (const { centre, width } of modes) {
      narrowest = Math.min(narrowest, width);
      length = Math.min(length, Math.hypot(width, 0.5 * (omega - centre)));
    }
    const h = 0.03 * length;
    if (sd < SMOOTH * narrowest && breaksOf(y).every((b) => Math.abs(b - omega) > 12 * sd + 5 * h || unbent(y, b, h))) {
      const here = smoothLogZ(V, omega, y);
      let g = 0;
      let c = 0;
      for (let k = 0; k < 4; k++) {
        const up = smoothLogZ(V, omega + (k + 1) * h, y) - here;
        const down = smoothLogZ(V, omega - (k + 1) * h, y) - here;
        g += FIRST[k] * (up - down);
        c -= SECOND[k] * (up + down);
      }
      if (Number.isFinite(g) && Number.isFinite(c)) {
        result.g = g / h;
        result.curvature = c / (h * h);
        return;
      }
    }
    tilt(V, omega, y);
    result.g = out[1] / sd;
    result.curvature = (1 - out[2]) / V;
  }

  /** Break points of the labels that the given z can give, graded toward the maxima of P(.|z), out to where nothing is left. */
  function labelMesh(points: readonly { readonly z: number; readonly blur: number }[]): number[] {
    const features: Feature[] = [];
    let from = Infinity;
    let to = -Infinity;
    for (const { z, blur } of points) {
      const f = (y: number) => logDensity(y, z);
      for (const { centre, width } of densityModes(f, [0, z], low, high)) {
        const wide = Math.hypot(width, blur);
        features.push({ centre, width: wide });
        const top = f(centre);
        // Tails count by their mass: P times the distance, so that heavy ones are followed to the end.
        const reach = (side: 1 | -1): number => {
          let d = 8 * wide;
          while (d < 1e40 * wide && f(centre + side * d) - top > -LOST * 0.8 - Math.log(d / width)) d *= 1.5;
          return centre + side * d;
        };
        from = Math.min(from, Math.max(low, reach(-1)));
        to = Math.max(to, Math.min(high, reach(1)));
      }
    }
    if (!(from < to))
      throw new ParameterError(
        `${id}: P(y|z) has no maximum over the labels at z = ${points[0].z}; check that labels is the interval y lives on`
      );
    return gradedBreaks(from, to, features);
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
    const mesh = labelMesh([{ z, blur: 0 }]);
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
      // One centre a standard deviation resolves the smoothed label; a fold keeps the sharp width of P itself.
      const seen = [-8, -4, 0, 4, 8].map((k) => ({ z: omega + k * sd, blur: sd }));
      for (const b of fixed) if (Math.abs(b - omega) < REACH * sd) seen.push({ z: b, blur: 0 });
      const { nodes: ys, weights } = composite(labelMesh(seen), order);
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
        const { nodes, weights } = composite(labelMesh([{ z, blur: 0 }]), ORDER);
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
        discrete ?? densityModes((y) => logDensity(y, omega), [0, omega], low, high).flatMap((m) => [m.centre, m.centre + 0.7 * m.width]);
      for (const y of labelsHere.slice(0, 8)) {
        if (!(y >= low && y <= high) || !possible(y, omega, Math.sqrt(V))) continue;
        if (even && Math.abs(Math.exp(logDensity(y, omega)) - Math.exp(logDensity(y, -omega))) > 1e-9)
          throw new ParameterError(`${id}: even is declared, but P(${y}|${omega}) and P(${y}|${-omega}) differ; leave even out`);
        const h = 1e-3 * Math.sqrt(V);
        const up = logZ(V, omega + h, y);
        const here = logZ(V, omega, y);
        const left = out[3];
        const down = logZ(V, omega - h, y);
        if (here < -30) continue;
        derivatives(V, omega, y, probe);
        const g = (up - down) / (2 * h);
        const c = (2 * here - up - down) / (h * h);
        const unit = 1 / Math.sqrt(V);
        if (
          left > COARSE ||
          Math.abs(g - probe.g) > 1e-4 * (Math.abs(g) + unit) ||
          Math.abs(c - probe.curvature) > 1e-3 * (Math.abs(c) + 1 / V)
        )
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
  const channel: Channel = {
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
  if (!discrete) continuous.add(channel);
  return channel;
}

/** The index of the largest value, or -1 when all are -Infinity. */
function highest(f: (x: number) => number, points: readonly number[]): number {
  let best = -1;
  let top = -Infinity;
  for (let k = 0; k < points.length; k++) {
    const value = f(points[k]);
    if (value > top) [best, top] = [k, value];
  }
  return best;
}

/** Rows of (2k+1)/2 w_i P_k(x_i) for the last two and the middle two degrees: Legendre coefficients of what the nodes see. */
function lastCoefficients(): readonly Float64Array[] {
  const { nodes, weights } = gaussLegendre(ORDER);
  return [ORDER - 1, ORDER - 2, ORDER / 2, ORDER / 2 - 1].map((degree) =>
    nodes.map((x, i) => {
      let p0 = 0;
      let p1 = 1;
      for (let k = 1; k <= degree; k++) [p0, p1] = [p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k];
      return (degree + 0.5) * weights[i] * p1;
    })
  );
}
