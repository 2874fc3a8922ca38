/**
 * A standard normal restricted to an interval: log mass, mean and variance without cancellation, for intervals far out in a tail,
 * very narrow or infinite. By reflection the midpoint m is >= 0; with half-width h there are three cases:
 * narrow (h <= 1, m h <= 1): Taylor series of the density about m; a tail (lower end > 0): differences of the J_n of tails.ts,
 * which lose at most one digit there; otherwise (the interval holds the origin and is wide) differences of Phi itself.
 */
import { erf, erfc } from "./erf.ts";
import { expMinusHalfSquare, HALF_LOG_2PI, normalCdf, SQRT_2PI } from "./normal.ts";
import { tail0, tail1, tail2 } from "./tails.ts";

const LOWEST = -Number.MAX_VALUE; // stands for log 0, so that no infinity leaves a public function
const TERMS = 48;
const RECIPROCAL = Float64Array.from({ length: TERMS + 4 }, (_, k) => (k ? 1 / k : 0));

/** int_{-1}^{1} exp(-a t - b t^2) dt for |a| <= 1, 0 <= b <= 1/2: coefficients c_{k+1} = -(a c_k + 2 b c_{k-1})/(k+1). */
function narrowMass(a: number, b: number): number {
  let odd = -a;
  let even = 1;
  let sum = 1;
  for (let k = 2; k < TERMS; k += 2) {
    even = -(a * odd + 2 * b * even) * RECIPROCAL[k];
    odd = -(a * even + 2 * b * odd) * RECIPROCAL[k + 1];
    sum += even * RECIPROCAL[k + 1];
    if (Math.abs(even) + Math.abs(odd) < 1e-17) break;
  }
  return 2 * sum;
}

/** log of the mass of [l, u] where |l| <= u, and m, h are its midpoint and half-width. */
function logMass(l: number, u: number, m: number, h: number): number {
  const a = m * h;
  if (a <= 1 && h <= 1) return Math.log(h * narrowMass(a, 0.5 * h * h)) - 0.5 * m * m - HALF_LOG_2PI;
  if (l <= 0) return Math.log1p(-(normalCdf(-u) + normalCdf(l)));
  const ratio = Math.exp(-2 * a); // phi(u)/phi(l)
  return Math.log(ratio > 0 ? tail0(l) - ratio * tail0(u) : tail0(l)) - 0.5 * l * l - HALF_LOG_2PI;
}

/**
 * log |Phi(u) - Phi(l)|; the ends may be in either order and infinite. Equal ends, and masses below exp(-1.8e308),
 * give the lowest double.
 */
export function logNormalInterval(l: number, u: number): number {
  if (l === u) return LOWEST;
  let lo = Math.min(l, u);
  let hi = Math.max(l, u);
  if (hi < -lo) [lo, hi] = [-hi, -lo];
  if (hi === Number.POSITIVE_INFINITY && lo === Number.NEGATIVE_INFINITY) return 0;
  return Math.max(LOWEST, logMass(lo, hi, 0.5 * lo + 0.5 * hi, 0.5 * hi - 0.5 * lo));
}

/** log |erf(y) - erf(x)|; the ends may be in either order and infinite. Equal ends give the lowest double. */
export function logDiffErf(x: number, y: number): number {
  if (x === y) return LOWEST;
  let lo = Math.min(x, y);
  let hi = Math.max(x, y);
  if (hi < -lo) [lo, hi] = [-hi, -lo];
  const direct = erf(hi) - erf(lo);
  if (direct > 0.25) return direct > 0.5 ? Math.log1p(-(erf(lo) + erfc(hi))) : Math.log(direct);
  const gap = hi - lo; // exact when the ends are close
  const m = Math.SQRT1_2 * (lo + hi);
  const h = Math.SQRT1_2 * gap;
  const a = 0.5 * (lo + hi) * gap;
  if (a <= 1 && h <= 1) return Math.max(LOWEST, Math.log(h * narrowMass(a, 0.5 * h * h)) - 0.5 * m * m - (HALF_LOG_2PI - Math.LN2));
  const ratio = Math.exp(-2 * a);
  const start = tail0(Math.SQRT2 * lo);
  const r = Math.log(ratio > 0 ? start - ratio * tail0(Math.SQRT2 * hi) : start) - lo * lo - (HALF_LOG_2PI - Math.LN2);
  return Math.max(LOWEST, r);
}

/**
 * N(0, 1) restricted to [l, u] (the ends may be infinite, and in either order): writes log mass, mean, variance into `out[0..2]`.
 * The mean lies in [l, u], the variance in [0, 1]. An interval of width 0 is a point mass.
 */
export function truncatedNormal(l: number, u: number, out: { [index: number]: number }): void {
  let lo = l < u ? l : u;
  let hi = l < u ? u : l;
  const flip = hi < -lo;
  if (flip) {
    const t = lo;
    lo = -hi;
    hi = -t;
  }
  let log = 0;
  let mean = 0;
  let variance = 1;
  if (lo === hi) {
    log = LOWEST;
    mean = Math.min(lo, Number.MAX_VALUE);
    variance = 0;
  } else if (hi !== Number.POSITIVE_INFINITY || lo !== Number.NEGATIVE_INFINITY) {
    const m = 0.5 * lo + 0.5 * hi;
    const h = 0.5 * hi - 0.5 * lo;
    const a = m * h;
    if (a <= 1 && h <= 1) {
      const b = 0.5 * h * h;
      let odd = -a;
      let even = 1;
      let i0 = 1;
      let i1 = odd * RECIPROCAL[3];
      let i2 = RECIPROCAL[3];
      for (let k = 2; k < TERMS; k += 2) {
        even = -(a * odd + 2 * b * even) * RECIPROCAL[k];
        odd = -(a * even + 2 * b * odd) * RECIPROCAL[k + 1];
        i0 += even * RECIPROCAL[k + 1];
        i1 += odd * RECIPROCAL[k + 3];
        i2 += even * RECIPROCAL[k + 3];
        if (Math.abs(even) + Math.abs(odd) < 1e-17) break;
      }
      const shift = i1 / i0;
      log = Math.log(2 * h * i0) - 0.5 * m * m - HALF_LOG_2PI;
      mean = m + h * shift;
      variance = h * h * (i2 / i0 - shift * shift);
    } else if (lo <= 0) {
      const outside = normalCdf(-hi) + normalCdf(lo);
      const density = expMinusHalfSquare(lo) / (SQRT_2PI * (1 - outside));
      const far = hi < 40 ? hi * expMinusHalfSquare(hi) : 0;
      log = Math.log1p(-outside);
      mean = -Math.expm1(-2 * a) * density;
      variance = 1 + (density > 0 ? lo * density : 0) - far / (SQRT_2PI * (1 - outside)) - mean * mean;
    } else {
      let k0 = tail0(lo);
      let k1 = tail1(lo);
      let k2 = tail2(lo);
      const ratio = Math.exp(-2 * a); // phi(hi)/phi(lo)
      if (ratio > 0) {
        const w = 2 * h;
        const j0 = tail0(hi);
        const j1 = tail1(hi);
        k0 -= ratio * j0;
        k1 -= ratio * (w * j0 + j1);
        k2 -= ratio * (w * (w * j0 + 2 * j1) + tail2(hi));
      }
      const shift = k1 / k0;
      log = Math.log(k0) - 0.5 * lo * lo - HALF_LOG_2PI;
      mean = lo + shift;
      variance = k2 / k0 - shift * shift;
    }
    if (mean < lo) mean = lo;
    else if (mean > hi) mean = hi;
    if (!(variance > 0)) variance = 0;
    else if (variance > 1) variance = 1;
  }
  out[0] = log > LOWEST ? log : LOWEST;
  out[1] = flip ? -mean : mean;
  out[2] = variance;
}
