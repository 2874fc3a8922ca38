/**
 * The mean-field Ising magnet of many spins: its states m = tanh(K m + H), K = beta J, H = beta h, their free entropies, and where a second
 * state appears. Everything is a function of K and H alone.
 */
import { brentRoot } from "../numerics/roots.ts";

/** Reduced coupling beta J >= 0 and field beta h. */
export interface Reduced {
  readonly K: number;
  readonly H: number;
}

/** dm/dt of heat-bath dynamics, t in sweeps (Glauber 1963). */
export function magnetFlow({ K, H }: Reduced, m: number): number {
  return Math.tanh(K * m + H) - m;
}

/** Entropy of a spin of mean m, nats. */
export function spinEntropy(m: number): number {
  const part = (p: number) => (p > 0 ? -p * Math.log(p) : 0);
  return part((1 + m) / 2) + part((1 - m) / 2);
}

/** -beta f(m): stationary at the states. */
export function magnetFreeEntropy({ K, H }: Reduced, m: number): number {
  return spinEntropy(m) + 0.5 * K * m * m + H * m;
}

export interface MagnetPoint {
  readonly m: number;
  readonly freeEntropy: number;
  readonly stable: boolean;
}

/** All states, m increasing: one, or three of which the middle one is unstable. */
export function magnetStates(at: Reduced): MagnetPoint[] {
  const flow = (m: number) => magnetFlow(at, m);
  const root = (lo: number, hi: number) => (at.H === 0 && lo < 0 && hi > 0 ? 0 : brentRoot(flow, lo, hi).x);
  // K m + H - atanh m rises between the turning points -s and s alone
  const s = at.K > 1 ? Math.sqrt(1 - 1 / at.K) : 0;
  const roots =
    s === 0
      ? [root(-1, 1)]
      : [
          ...(flow(-s) <= 0 ? [root(-1, -s)] : []),
          ...(flow(-s) < 0 && flow(s) > 0 ? [root(-s, s)] : []),
          ...(flow(s) >= 0 ? [root(s, 1)] : [])
        ];
  return roots.map((m) => ({ m, freeEntropy: magnetFreeEntropy(at, m), stable: at.K * (1 - m * m) <= 1 + 1e-12 }));
}

/** Where heat-bath dynamics from m0 comes to rest: the first state on its way, or m0 itself when it is one. */
export function magnetEnd(at: Reduced, m0: number): MagnetPoint {
  const states = magnetStates(at);
  const speed = magnetFlow(at, m0);
  // a start on the side of a state that rounding alone puts there
  const nearest = states.reduce((best, x) => (Math.abs(x.m - m0) < Math.abs(best.m - m0) ? x : best));
  if (speed === 0) return nearest;
  const ahead = speed > 0 ? states.filter((x) => x.m > m0) : states.filter((x) => x.m < m0).reverse();
  return ahead[0] ?? nearest;
}

/** sinh(x) - x, x >= 0, without its cancellation. */
function sinhExcess(x: number): number {
  if (x > 1) return Math.sinh(x) - x;
  let term = (x * x * x) / 6;
  let sum = 0;
  for (let k = 4; term > 1e-18 * sum; k += 2) {
    sum += term;
    term *= (x * x) / (k * (k + 1));
  }
  return sum;
}

/**
 * The K beyond which a state against the field exists, H/K = `ratio` = |h|/J in (0, 1): there m_s = sqrt(1 - 1/K) is both state and turning
 * point, ratio = m_s - atanh(m_s)/K. With m_s = tanh x, K = cosh^2 x. Null for ratio >= 1: the field always wins.
 */
export function magnetSpinodal(ratio: number): number | null {
  if (!(ratio < 1)) return null;
  if (!(ratio > 0)) return 1;
  const excess = (x: number) => (x > 300 ? 1 - 4 * x * Math.exp(-2 * x) : sinhExcess(2 * x) / (2 * Math.cosh(x) ** 2)) - ratio;
  const { x } = brentRoot(excess, 0, 350);
  return Math.cosh(x) ** 2;
}
