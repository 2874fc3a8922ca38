/**
 * All fixed points of matched state evolution at once: along r, q(r) = 2 Psi_w'(r) and alpha(r) = r / J(q(r)).
 * Nothing is iterated, so nothing slows down near a transition: spinodals are the extrema of alpha(r), weak recovery is
 * its limit r -> 0, perfect recovery r -> infinity (theory.md, section 1).
 */
import { gaussLegendre } from "../numerics/quadrature.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Prior } from "../core/types.ts";
import { information, outputEntropy } from "./blocks.ts";
import { BEYOND, type Curve, type CurvePoint, monotonePieces, SHARPEST, table } from "./curve.ts";
import { asSignal, type SignalBlock } from "./signalBlock.ts";

/** The curve of an i.i.d. matrix. Its free entropy is Psi_w(r) + alpha Psi_out(q) - half r q, at any alpha. */
export interface FixedPointCurve<S extends Prior | SignalBlock = Prior | SignalBlock> extends Curve {
  /** What the curve was made from. */
  readonly prior: S;
}

const SHARP = 1e4; // r rho from which Psi_w is integrated: its cancellation costs four digits there
const PANEL_ORDER = 8;

/** Builds the curve. Cost: about 150 evaluations of the two blocks. Throws ParameterError when a noise is positive but below every precision. */
export function fixedPointCurve<S extends Prior | SignalBlock>(prior: S, channel: Channel): FixedPointCurve<S> {
  const signal = asSignal(prior);
  const rho = signal.secondMoment;
  const symmetric = channel.even && Math.abs(signal.mean) < 1e-12 * Math.sqrt(rho);
  const at = (r: number): CurvePoint => {
    const V = signal.mmse(r);
    const q = rho - V;
    return { r, q, V, alpha: r / information(channel, Math.max(q, 0), V) };
  };

  // q = chi r + O(r^2) for a centred signal (chi = rho^2 if it is i.i.d.), so alpha(0) = lim q / (chi J(q)): the channel alone, smooth however sparse the signal
  const chi = signal.susceptibility;
  const weakRecovery = symmetric ? limitAtZero((q) => q / (chi * information(channel, q, rho - q)), 2e-4 * rho) : null;
  const c = channel.dimension(rho);
  const d = signal.dimension;
  const exactAbove = channel.deterministic ? (d === 0 ? 0 : c > 0 ? d / c : null) : null;

  const points = table(at, rho, 1e-7 / rho, exactAbove !== null, signal.sharpest ?? SHARPEST);
  if (exactAbove === null && !(points[points.length - 1].alpha > BEYOND))
    throw new ParameterError(
      `theory: noise must be 0 or at least 1e-20 times the signal's second moment ${rho}: the channel's is too small to be told from none in double precision`
    );
  const pieces = monotonePieces(at, points);
  const legendre = legendreTransform(signal);
  const psi = new Map<CurvePoint, { prior: number; out: number }>();
  const entropies = (p: CurvePoint) => {
    let e = psi.get(p);
    if (!e) {
      e = { prior: p.r === 0 ? 0 : legendre(p), out: outputEntropy(channel, Math.max(p.q, 0), p.V) };
      psi.set(p, e);
    }
    return e;
  };
  return {
    prior,
    signal,
    channel,
    rho,
    points,
    pieces,
    symmetric,
    weakRecovery,
    exactAbove,
    at,
    freeEntropy: (p, alpha = p.alpha) => entropies(p).prior + alpha * entropies(p).out,
    slope: (p) => entropies(p).out
  };
}

/**
 * Psi_w(r) - half r q, without its cancellation: Psi_w alone grows like r rho/2, so the difference would keep only r rho 1e-16 of its digits
 * (at r = 1e12 it was wrong by 1e-4 for gauss-bernoulli, by 2 for binary). By I-MMSE it is half (r V(r) - int_0^r V), and
 * past SHARP the integral goes on from there, panel by panel in ln r.
 */
export function legendreTransform(signal: SignalBlock): (p: Pick<CurvePoint, "r" | "q" | "V">) => number {
  const { rho, h } = { rho: signal.secondMoment, h: signal.scalar === "complex" ? 1 : 0.5 };
  const sharp = SHARP / rho;
  const unit = gaussLegendre(PANEL_ORDER);
  let informations: number[] | null = null; // half int_0^r V at r = sharp e^k
  const panel = (from: number, to: number) => {
    let sum = 0;
    for (let k = 0; k < PANEL_ORDER; k++) {
      const r = Math.exp((from + to) / 2 + ((to - from) / 2) * unit.nodes[k]);
      sum += ((to - from) / 2) * unit.weights[k] * r * signal.mmse(r);
    }
    return h * sum;
  };
  return ({ r, q, V }) => {
    if (r <= sharp) return signal.psi(r) - h * r * q;
    informations ??= [h * sharp * rho - signal.psi(sharp)];
    const whole = Math.floor(Math.log(r / sharp));
    for (let k = informations.length; k <= whole; k++)
      informations.push(informations[k - 1] + panel(Math.log(sharp) + k - 1, Math.log(sharp) + k));
    return h * r * V - informations[whole] - panel(Math.log(sharp) + whole, Math.log(r));
  };
}

/** lim_{r -> 0} f(r) by Richardson extrapolation from h, h/2, h/4, h/8 (f is analytic at 0). */
export function limitAtZero(f: (r: number) => number, h: number): number {
  let row = [f(h), f(h / 2), f(h / 4), f(h / 8)];
  for (let k = 1; row.length > 1; k++) row = row.slice(1).map((x, i) => x + (x - row[i]) / (2 ** k - 1));
  return row[0];
}
