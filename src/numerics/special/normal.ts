/**
 * The standard normal law: density phi, cumulative Phi, log Phi, its derivative (hazard), the Mills ratio and the quantile
 * (Wichura, AS 241, 1988). Ratios come from erfcx, never from quotients of numbers that underflow.
 */
import { ParameterError } from "../../core/parameters.ts";
import { erf, erfc, erfcx } from "./erf.ts";

const SQRT1_2 = Math.SQRT1_2;
export const SQRT_2PI = 2.5066282746310007;
export const HALF_LOG_2PI = 0.9189385332046728;
const SQRT_HALF_PI = 1.2533141373155003;
const SQRT_2_OVER_PI = 0.7978845608028654;

/** exp(-x^2/2) to full relative accuracy: the rounding error of x*x is put back (Dekker's product). 0 for |x| > 38.6. */
export function expMinusHalfSquare(x: number): number {
  if (!(Math.abs(x) < 39)) return 0;
  const s = x * x;
  const c = 134217729 * x;
  const high = c - (c - x);
  const low = x - high;
  const lost = high * high - s + 2 * high * low + low * low; // x*x = s + lost exactly
  return Math.exp(-0.5 * s) * (1 - 0.5 * lost);
}

/** phi(x) = exp(-x^2/2)/sqrt(2 pi). */
export function normalPdf(x: number): number {
  return expMinusHalfSquare(x) / SQRT_2PI;
}

/** Phi(x); relative accuracy in the left tail down to x = -38, below which it leaves the range of doubles and is 0. */
export function normalCdf(x: number): number {
  if (Math.abs(x) < 0.66) return 0.5 + 0.5 * erf(x * SQRT1_2);
  const tail = 0.5 * erfcx(Math.abs(x) * SQRT1_2) * expMinusHalfSquare(x);
  return x < 0 ? tail : 1 - tail;
}

/** log Phi(x): about -x^2/2 far left (kept above -1.8e308), about -Phi(-x) far right. */
export function logNormalCdf(x: number): number {
  if (x > -0.5) return x < 0.66 ? Math.log(0.5 * erfc(-x * SQRT1_2)) : Math.log1p(-normalCdf(-x));
  const r = -0.5 * x * x + Math.log(0.5 * erfcx(-x * SQRT1_2));
  return r > -Number.MAX_VALUE ? r : -Number.MAX_VALUE;
}

/** phi(x)/Phi(x) = (log Phi)'(x): about -x far left, 0 past x = 38.6 where phi leaves the range of doubles. */
export function hazard(x: number): number {
  if (x < -1e9) return -x; // to relative 1/x^2; erfcx would become subnormal further out
  if (x <= 0.66) return SQRT_2_OVER_PI / erfcx(-x * SQRT1_2);
  const density = expMinusHalfSquare(x);
  return density / (SQRT_2PI - SQRT_HALF_PI * erfcx(x * SQRT1_2) * density);
}

/** Mills ratio Phi(-x)/phi(x): about 1/x far right; below x = -37.6 it exceeds the doubles and stays at the largest one. */
export function mills(x: number): number {
  if (x >= -0.66) return SQRT_HALF_PI * erfcx(x * SQRT1_2);
  const density = expMinusHalfSquare(x);
  const r = SQRT_2PI / density - SQRT_HALF_PI * erfcx(-x * SQRT1_2);
  return r < Number.MAX_VALUE ? r : Number.MAX_VALUE;
}

/**
 * Phi^{-1}(p), p in [0, 1]; relative error below 1e-15 (AS 241, PPND16). The ends, where it is infinite, give the quantiles of
 * the smallest positive double, +-38.4674. Throws ParameterError outside [0, 1].
 */
export function inverseNormalCdf(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new ParameterError(`inverseNormalCdf: p must be a number in [0, 1], got ${p}; for example 0.975`);
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (
      (q *
        (((((((2509.0809287301227 * r + 33430.57558358813) * r + 67265.7709270087) * r + 45921.95393154987) * r + 13731.69376550946) * r +
          1971.5909503065513) *
          r +
          133.14166789178438) *
          r +
          3.3871328727963665)) /
      (((((((5226.495278852854 * r + 28729.085735721943) * r + 39307.89580009271) * r + 21213.794301586597) * r + 5394.196021424751) * r +
        687.1870074920579) *
        r +
        42.31333070160091) *
        r +
        1)
    );
  }
  let r = Math.sqrt(-Math.log(Math.max(q < 0 ? p : 0.5 - q, Number.MIN_VALUE)));
  let x: number;
  if (r <= 5) {
    r -= 1.6;
    x =
      (((((((0.0007745450142783414 * r + 0.022723844989269184) * r + 0.2417807251774506) * r + 1.2704582524523684) * r +
        3.6478483247632045) *
        r +
        5.769497221460691) *
        r +
        4.630337846156546) *
        r +
        1.4234371107496835) /
      (((((((1.0507500716444169e-9 * r + 0.0005475938084995345) * r + 0.015198666563616457) * r + 0.14810397642748008) * r +
        0.6897673349851) *
        r +
        1.6763848301838038) *
        r +
        2.053191626637759) *
        r +
        1);
  } else {
    r -= 5;
    x =
      (((((((2.0103343992922881e-7 * r + 2.7115555687434876e-5) * r + 0.0012426609473880784) * r + 0.026532189526576124) * r +
        0.29656057182850487) *
        r +
        1.7848265399172913) *
        r +
        5.463784911164114) *
        r +
        6.657904643501103) /
      (((((((2.0442631033899397e-15 * r + 1.421511758316446e-7) * r + 1.8463183175100548e-5) * r + 0.0007868691311456133) * r +
        0.014875361290850615) *
        r +
        0.1369298809227358) *
        r +
        0.599832206555888) *
        r +
        1);
  }
  return q < 0 ? -x : x;
}
