/**
 * The standard normal law: density phi, cumulative Phi, log Phi, its derivative (hazard), the Mills ratio and the quantile
 * (Wichura, AS 241, 1988). Ratios come from erfcx, never from quotients of numbers that underflow.
 */
import { ParameterError } from "../../core/parameters.ts";
import { erf, erfc, erfcx } from "./erf.ts";

const SQRT1_2 = Math.SQRT1_2;
export const SQRT_2PI = 2.5066282746310005024;
export const HALF_LOG_2PI = 0.91893853320467274178;
const SQRT_HALF_PI = 1.2533141373155002512;
const SQRT_2_OVER_PI = 0.79788456080286535588;

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
        (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r +
          13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)) /
      (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r +
        5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1)
    );
  }
  let r = Math.sqrt(-Math.log(Math.max(q < 0 ? p : 0.5 - q, Number.MIN_VALUE)));
  let x: number;
  if (r <= 5) {
    r -= 1.6;
    x =
      (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r +
        3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734) /
      (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r +
        0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);
  } else {
    r -= 5;
    x =
      (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r +
        0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772) /
      (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r +
        0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1);
  }
  return q < 0 ? -x : x;
}
