/**
 * exp(-t^2/2) on an interval, measured from the point of it nearest the origin: what is left of a Gaussian on one segment, to
 * full relative accuracy however far out, narrow or wide the interval is (the J_n of numerics/special/tails.ts; Taylor series when narrow).
 */
import { mills, normalCdf, normalPdf, truncatedNormal } from "../numerics/special/index.ts";
import { tail1, tail2 } from "../numerics/special/tails.ts";

const ROOT_2PI = Math.sqrt(2 * Math.PI);
/** Stands for log 0. */
export const NOTHING = -1e300;
const TERMS = 48;
const scratch = new Float64Array(3);

/**
 * For the interval [lo, lo + width] (either end may be infinite: pass hi; width = hi - lo is passed too, to keep its digits):
 * `out[0]` = log of int exp(-(t^2 - c^2)/2) dt, `out[1]` = mean - c, `out[2]` = variance, c = `out[3]` = the point nearest 0.
 */
export function restrictedNormal(lo: number, hi: number, width: number, out: Float64Array): void {
  const flip = hi < -lo;
  const l = flip ? -hi : lo;
  const u = flip ? -lo : hi; // |l| <= u
  let log = NOTHING;
  let mean = 0;
  let variance = 0;
  const c = l > 0 ? l : 0;
  if (!(width > 0) || !(l < 1e290)) {
    variance = 0;
  } else if (u === Number.POSITIVE_INFINITY) {
    if (l > 0) {
      const m = mills(l);
      log = Math.log(m);
      mean = tail1(l) / m;
      variance = tail2(l) / m - mean * mean;
    } else if (l > -40) {
      const mass = normalCdf(-l);
      const h = normalPdf(l) / mass;
      log = Math.log(ROOT_2PI * mass);
      mean = h;
      variance = 1 - h * (h - l);
    } else {
      log = Math.log(ROOT_2PI);
      variance = 1;
    }
  } else {
    const h = 0.5 * width;
    const mid = 0.5 * l + 0.5 * u;
    const a = mid * h;
    if (a <= 1 && h <= 1) {
      // int_{-1}^{1} t^j exp(-a t - h^2 t^2/2) dt
      const b = 0.5 * h * h;
      let odd = -a;
      let even = 1;
      let i0 = 1;
      let i1 = odd / 3;
      let i2 = 1 / 3;
      for (let k = 2; k < TERMS; k += 2) {
        even = -(a * odd + 2 * b * even) / k;
        odd = -(a * even + 2 * b * odd) / (k + 1);
        i0 += even / (k + 1);
        i1 += odd / (k + 3);
        i2 += even / (k + 3);
        if (Math.abs(even) + Math.abs(odd) < 1e-17) break;
      }
      const shift = i1 / i0;
      log = Math.log(2 * h * i0) + (l > 0 ? b - a : -0.5 * mid * mid);
      mean = (l > 0 ? h : mid) + h * shift;
      variance = h * h * (i2 / i0 - shift * shift);
    } else if (l > 0) {
      let k0 = mills(l);
      let k1 = tail1(l);
      let k2 = tail2(l);
      const ratio = Math.exp(-2 * a);
      if (ratio > 0) {
        const j0 = mills(u);
        const j1 = tail1(u);
        k0 -= ratio * j0;
        k1 -= ratio * (width * j0 + j1);
        k2 -= ratio * (width * (width * j0 + 2 * j1) + tail2(u));
      }
      log = Math.log(k0);
      mean = k1 / k0;
      variance = k2 / k0 - mean * mean;
    } else {
      truncatedNormal(l, u, scratch);
      log = scratch[0] + Math.log(ROOT_2PI);
      mean = scratch[1];
      variance = scratch[2];
    }
  }
  out[0] = log;
  out[1] = flip ? -mean : mean;
  out[2] = variance > 0 ? (variance < 1 ? variance : 1) : 0;
  out[3] = flip ? -c : c;
}
