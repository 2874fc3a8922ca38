/**
 * All fixed points of matched state evolution with a rotationally invariant matrix A of any spectrum (Takeda, Uda, Kabashima 2006; vector
 * AMP: Schniter, Rangan, Fletcher 2016), at once, along the precision r of the message to the signal. With v = mmse(r), t = r v,
 * a_x = 1/v - r, and the channel's u = V J(V) at the variance V of the message to it, the five equations of
 * a fixed point reduce to
 *   alpha = t/u(V),   1 - eta_alpha(x) = t,   x = a_z/a_x,   a_z = J/(1 - u) :
 * one unknown V at every r. For independent entries V = v, and this is alpha = r/J. Free entropy:
 *   Phi = Psi_w(r) - half r rho + alpha Psi_out(V) - half [ln(1 - t) + E ln(1 + x lambda) + alpha ln(1 - u)].
 */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Ensemble, Prior, Spectrum } from "../core/types.ts";
import { brentRoot } from "../numerics/roots.ts";
import { information, outputEntropy } from "./blocks.ts";
import { type CurvePoint, BEYOND, monotonePieces, SHARPEST, table } from "./curve.ts";
import { type FixedPointCurve, legendreTransform, limitAtZero } from "./fixedPointCurve.ts";
import { asSignal, type SignalBlock } from "./signalBlock.ts";

/** Least 1 - u: labels that fix z entirely (y = z) are the limit of it to zero, reached to a part in 1e14. */
const LEAST = 1e-14;
/** Smallest and largest ln(q/V) of the message to the channel. */
const FAINT = -80;
const DEEP = 640;
/** r rho of the first table point: smaller ones only add the rounding of alpha near zero overlap. */
const START = 1e-6;
/** Spectra at larger alpha are dilations of this one. */
const LARGEST = 1e9;
const ROUNDING = 1e-9;
/** t = r v below which, at large r, V = v to the last digit whatever the spectrum (a discrete signal almost known). */
const VANISHED = 1e-17;

/** The message to the channel and what it answers: w = ln(q/V), so that both keep their digits. */
interface Output {
  readonly w: number;
  readonly q: number;
  readonly V: number;
  readonly u: number;
  /** 1 - u, without cancellation. */
  readonly left: number;
}

/** A point of the curve with its message to the channel. */
interface RotationalPoint extends CurvePoint {
  readonly t: number;
  /** 1 - t. */
  readonly rest: number;
  readonly x: number;
  readonly output: Output;
}

/**
 * The curve, or null where r does not tell the fixed points apart (some even channels with ill-conditioned wide matrices) or leaves some
 * out (matrices of deficient rank, columns of norm one): follow the branches of the graph there. Throws ParameterError as fixedPointCurve does.
 */
export function rotationalCurve<S extends Prior | SignalBlock>(prior: S, channel: Channel, ensemble: Ensemble): FixedPointCurve<S> | null {
  const signal = asSignal(prior);
  const rho = signal.secondMoment;
  const h = signal.scalar === "complex" ? 1 : 0.5;
  const law = remembered((alpha) => ensemble.spectrum(alpha));
  if ([0.5, 2].some((alpha) => Math.abs(law(alpha).mean / alpha - 1) > 1e-9)) return null;
  const symmetric = channel.even && Math.abs(signal.mean) < 1e-12 * Math.sqrt(rho);
  const prior0 = 1 / signal.mmse(0);

  const outputAt = (w: number): Output => {
    const small = rho / (1 + Math.exp(Math.abs(w)));
    const [q, V] = w < 0 ? [small, rho - small] : [rho - small, small];
    let u = V * information(channel, q, V);
    // where 1 - u loses its digits it cancels from alpha: tail(x) and its target are both proportional to it as x -> infinity
    const left = Math.max(LEAST, channel.variance ? channel.variance(q, V) / V : 1 - u);
    if (left < 0.5) u = 1 - left;
    return { w, q, V, u, left };
  };
  /** ln [T (rank - t)/(t (rank - T))], T = 1 - eta(x): zero at a fixed point, without cancellation at either end. Grows as V falls, where u does. */
  const miss = (spectrum: Spectrum, x: number, t: number, rest: number, { u, left }: Output): number => {
    const { rank, alpha } = spectrum;
    const target = rank === alpha ? (t * left) / u : rank === 1 ? rest : rank - t;
    if (!(target > 0)) return -1e3;
    const most = Math.min(x, Number.MAX_VALUE);
    return Math.log(missingOf(spectrum, most) / t) + Math.log(target / spectrum.tail(most));
  };
  const state = (r: number) => {
    const v = signal.mmse(r);
    const a = signal.extrinsic ? signal.extrinsic(r) : Math.max(prior0, 1 / v - r);
    return { r, v, a, t: r * v, rest: a * v };
  };
  type State = ReturnType<typeof state>;
  const argument = ({ u, left, V }: Output, a: number) => u / (left * V * a);
  const missAt = (s: State, out: Output): number => {
    if (!(out.u > 0)) return -1e3;
    const alpha = s.t / out.u;
    const x = argument(out, s.a);
    // eigenvalues grow as alpha, their law over alpha is settled long before LARGEST
    return miss(law(Math.min(alpha, LARGEST)), x * Math.max(1, alpha / LARGEST), s.t, s.rest, out);
  };
  const at = (r: number): RotationalPoint => {
    const s = state(r);
    if (s.t < VANISHED && r * rho > 1) {
      const q = rho - s.v;
      const J = information(channel, q, s.v);
      const u = s.v * J;
      const output = { w: DEEP, q, V: s.v, u, left: Math.max(LEAST, 1 - u) };
      return { r, q, V: s.v, t: s.t, rest: 1, alpha: r / J, x: s.v > 0 ? J / s.a : 0, output };
    }
    const found = rootFrom((w) => missAt(s, outputAt(w)), Math.log(Math.max(rho - s.v, 1e-30 * rho) / s.v));
    const point = { r, q: rho - s.v, V: s.v, t: s.t, rest: s.rest };
    if (found === null) return { ...point, alpha: Number.NaN, x: Number.NaN, output: outputAt(0) };
    const output = outputAt(found);
    return { ...point, alpha: s.t / output.u, x: argument(output, s.a), output };
  };

  const c = channel.dimension(rho);
  if (channel.deterministic && c > 0 && deficient(law, c)) return null;
  const exactAbove = channel.deterministic ? exactFrom(signal.dimension, c, law) : null;
  const weakRecovery = symmetric ? weakFrom(signal, channel, law) : null;
  const points = table(at, rho, START / rho, exactAbove !== null, signal.sharpest ?? SHARPEST);
  if (points.length < 8) return null;
  const last = points[points.length - 1];
  if (exactAbove === null && !(last.alpha > BEYOND)) {
    if (Number.isNaN(at(last.r * 3).alpha)) return null; // the rank is exhausted
    throw new ParameterError(
      `theory: noise must be 0 or at least 1e-20 times the signal's second moment ${rho}: the channel's is too small to be told from none in double precision`
    );
  }
  if (!single(outputAt, (out, p) => missAt(state(p.r), out), points)) return null;

  const legendre = legendreTransform(signal);
  const silent = outputEntropy(channel, 0, rho); // at zero overlap
  const whole = (p: CurvePoint): RotationalPoint => ("output" in p ? (p as RotationalPoint) : at(p.r));
  const shannon = (alpha: number, x: number) => law(alpha).shannon(Math.min(x, Number.MAX_VALUE));
  /** Psi_w - half r q is added by the caller. */
  const layer = (alpha: number, t: number, rest: number, x: number, { q, V, left }: Output) =>
    alpha * outputEntropy(channel, q, V) - h * (t + Math.log(rest) + shannon(alpha, x) + alpha * Math.log(left));
  const slopes = new WeakMap<CurvePoint, number>();
  const slope = (p: CurvePoint): number => {
    if (p.r === 0) return silent;
    let known = slopes.get(p);
    if (known === undefined) {
      const { alpha, x, output } = whole(p);
      const step = 1e-5 * alpha;
      const growth = (shannon(alpha + step, x) - shannon(alpha - step, x)) / (2 * step);
      known = outputEntropy(channel, output.q, output.V) - h * (growth + Math.log(output.left));
      slopes.set(p, known);
    }
    return known;
  };
  const entropies = new WeakMap<CurvePoint, number>();
  const freeEntropy = (p: CurvePoint): number => {
    let phi = entropies.get(p);
    if (phi === undefined) {
      const { alpha, t, rest, x, output } = whole(p);
      phi = legendre(p) + layer(alpha, t, rest, x, output);
      entropies.set(p, phi);
    }
    return phi;
  };
  return {
    prior,
    signal,
    channel,
    rho,
    points,
    pieces: monotonePieces(at, points),
    symmetric,
    weakRecovery,
    exactAbove,
    at,
    freeEntropy: (p, alpha = p.alpha) => {
      if (p.r === 0) return alpha * silent;
      return alpha === p.alpha ? freeEntropy(p) : freeEntropy(p) + (alpha - p.alpha) * slope(p);
    },
    slope,
    /** The signal's variance held at v by some precision a_x that need not be its own: t = alpha u, and r' = t/v is what the layer answers. */
    output(v, alpha) {
      const spectrum = law(alpha);
      const parts = (out: Output) => {
        const t = alpha * out.u;
        return { t, rest: 1 - t, x: (out.u * v) / (out.left * out.V * (1 - t)) };
      };
      const found = rootFrom(
        (w) => {
          const out = outputAt(w);
          const { t, rest, x } = parts(out);
          return rest > 0 ? miss(spectrum, x, t, rest, out) : -1e3;
        },
        Math.log(Math.max(rho - v, 1e-30 * rho) / v)
      );
      if (found === null) return null;
      const out = outputAt(found);
      const { t, rest, x } = parts(out);
      return layer(alpha, t, rest, x, out);
    }
  };
}

/** A spectrum is asked for many x at one alpha: the last few are kept. */
function remembered(make: (alpha: number) => Spectrum): (alpha: number) => Spectrum {
  const kept = new Map<number, Spectrum>();
  return (alpha) => {
    let s = kept.get(alpha);
    if (!s) {
      s = make(alpha);
      if (kept.size >= 8) kept.delete(kept.keys().next().value as number);
      kept.set(alpha, s);
    }
    return s;
  };
}

function missingOf(spectrum: Spectrum, x: number): number {
  if (spectrum.missing) return spectrum.missing(x);
  const { nodes, weights } = spectrum;
  let sum = 0;
  for (let k = 0; k < nodes.length; k++) sum += weights[k] / (1 + 1 / (x * nodes[k]));
  return sum;
}

/** Root of a function that is negative at FAINT and positive at DEEP, sought outwards from `start`; null where it has none. */
function rootFrom(f: (w: number) => number, start: number): number | null {
  const guess = Math.min(Math.max(start, FAINT + 1), DEEP - 1);
  const first = f(guess);
  if (first === 0) return guess;
  const sign = first < 0 ? 1 : -1;
  let [a, step] = [guess, 0.02];
  for (;;) {
    const b = Math.min(DEEP, Math.max(FAINT, a + sign * step));
    const value = f(b);
    if (value === 0) return b;
    if (value > 0 !== first > 0) {
      const { x, outcome } = brentRoot(f, Math.min(a, b), Math.max(a, b), { tolerance: 1e-15 });
      return outcome.kind === "converged" ? x : null;
    }
    if (b === FAINT && Math.abs(value) < ROUNDING) return FAINT; // the channel hears nothing, to all digits
    if (b === DEEP || b === FAINT || Number.isNaN(value)) return null;
    a = b;
    step *= 4;
  }
}

/**
 * Exact recovery attracts where z or its informative share determines the signal, min(c alpha, rank(alpha)) > d: with v -> 0 the channel
 * and the layer alone settle at t = min(c alpha, rank), and the precision grows by t (1 - d)/((1 - t) d) a step. The smallest such alpha.
 */
function exactFrom(d: number, c: number, law: (alpha: number) => Spectrum): number | null {
  if (d === 0) return 0;
  if (c === 0) return null;
  const enough = (alpha: number) => law(alpha).rank >= d * (1 - 1e-12);
  const low = d / c;
  if (enough(low)) return low;
  if (!enough(LARGEST)) return null;
  let [a, b] = [low, LARGEST];
  while (b / a > 1 + 1e-15) {
    const mid = Math.sqrt(a * b);
    if (mid <= a || mid >= b) break;
    if (enough(mid)) b = mid;
    else a = mid;
  }
  return b;
}

/** Does the rank fall short of what the labels see, so that z is known exactly beside an unknown signal? Those fixed points have V = 0. */
function deficient(law: (alpha: number) => Spectrum, c: number): boolean {
  return [0.01, 0.1, 0.5, 1].some((alpha) => law(alpha).rank < Math.min(1, alpha) * Math.min(1, c) * (1 - 1e-9));
}

/**
 * Linear stability of zero overlap: at first order in r, q_z = r [chi + rho^2 (m_2/alpha^2 - 1 - 1/alpha)] with m_2 = E lambda^2 and
 * chi = -d mmse/dr, and alpha rho J'(0) q_z = rho r. For independent entries alpha = 1/(chi J'); with orthonormal columns one more (at
 * chi = rho^2); with orthonormal rows a Gaussian signal never. Zero where even the smallest alpha is unstable, Infinity where none is.
 */
function weakFrom(signal: SignalBlock, channel: Channel, law: (alpha: number) => Spectrum): number {
  const { secondMoment: rho, susceptibility: chi } = signal;
  const inverse = limitAtZero((q) => q / information(channel, q, rho - q), 2e-4 * rho); // 1/J'(0)
  const excess = (lnAlpha: number) => {
    const alpha = Math.exp(lnAlpha);
    const { nodes, weights } = law(alpha);
    let m2 = 0;
    for (let k = 0; k < nodes.length; k++) m2 += weights[k] * nodes[k] * nodes[k];
    return alpha * (chi - rho * rho) + rho * rho * (m2 / alpha - 1) - inverse;
  };
  let low = Math.log(1e-4);
  if (excess(low) > 0) return 0;
  for (let high = low + 0.25; high < Math.log(1e8); high += 0.25) {
    if (excess(high) > 0) return Math.exp(brentRoot(excess, low, high).x);
    low = high;
  }
  return Number.POSITIVE_INFINITY;
}

/** Is there one V at every r? Yes where u grows with V (alpha and x then both fall); else roots are counted on a grid at a few r. */
function single<P extends CurvePoint>(outputAt: (w: number) => Output, miss: (out: Output, p: P) => number, points: readonly P[]): boolean {
  const grid = Array.from({ length: 96 }, (_, k) => outputAt(-16 + 0.5 * k));
  const last = grid.findIndex((out) => !(out.V > 1e-14 * (out.V + out.q)));
  const outs = last < 0 ? grid : grid.slice(0, last);
  if (outs.every((out, k) => k === 0 || out.u <= outs[k - 1].u * (1 + 1e-9))) return true;
  const every = Math.max(1, Math.floor(points.length / 24));
  for (let k = 0; k < points.length; k += every) {
    let changes = 0;
    let before = 0;
    for (const out of outs) {
      const sign = Math.sign(miss(out, points[k]));
      if (before !== 0 && sign !== 0 && sign !== before) changes++;
      if (sign !== 0) before = sign;
    }
    if (changes > 1) return false;
  }
  return true;
}
