/**
 * The bivariate normal cdf as the mass of a wedge, all terms positive, hence with relative accuracy in every tail and for
 * correlations next to +-1: whitened, {X <= h, Y <= k} is a wedge with apex at distance R from the origin and opening
 * arccos(-rho), and in polar coordinates about the apex its mass is (1/2 pi) int exp(-y^2/2) G(x) dpsi, x = R cos psi, y = R sin psi,
 * G(x) = int_0^inf r exp(-(r+x)^2/2) dr = exp(-x^2/2) J_1(x). The integrand falls on both sides of psi = pi (toward the origin).
 */
import { ParameterError } from "../../core/parameters.ts";
import { gaussLegendre } from "../quadrature.ts";
import { logNormalInterval } from "./interval.ts";
import { expMinusHalfSquare, normalCdf, SQRT_2PI } from "./normal.ts";
import { tail1 } from "./tails.ts";

const ORDER = 16;
const APEX = 1e-150;
const { nodes: X, weights: W } = gaussLegendre(ORDER);

let low = 0; // low part of the last double-double below, to keep this free of allocation

/** a*b = returned + low exactly (Dekker). */
function product(a: number, b: number): number {
  const p = a * b;
  const ca = 134217729 * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = 134217729 * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  low = ah * bh - p + ah * bl + al * bh + al * bl;
  return p;
}

/** a + b = returned + low exactly (Knuth). */
function total(a: number, b: number): number {
  const s = a + b;
  const t = s - a;
  low = a - (s - t) + (b - t);
  return s;
}

/**
 * exp(-R^2/2), R^2 = (h^2 + k^2 - 2 rho h k)/(1 - rho^2), the exponent in double-double: next to |rho| = 1 it is a quotient of
 * small differences, and far out its rounding alone would cost digits.
 */
function expMinusHalfRadius(h: number, k: number, rho: number): number {
  const hh = product(h, h);
  let rest = low;
  const kk = product(k, k);
  rest += low;
  const hk = product(h, k);
  const hkLow = low;
  const cross = product(-2 * rho, hk);
  rest += low - 2 * rho * hkLow;
  const squares = total(hh, kk);
  rest += low;
  const top = total(squares, cross);
  rest += low;
  const rr = product(rho, rho);
  const rrLow = low;
  const bottom = total(1, -rr);
  const bottomLow = low - rrLow;
  const n = top + rest;
  const nLow = top - n + rest;
  const d = bottom + bottomLow;
  const dLow = bottom - d + bottomLow;
  const q = n / d;
  const back = product(q, d);
  const qLow = (n - back - low + nLow - q * dLow) / d;
  return q < 1500 ? Math.exp(-0.5 * q) * (1 - 0.5 * qLow) : 0;
}

/** int tail1(x) over offsets [from, to] from the start (x0, y0), where x = R cos psi > 0: in units of exp(-R^2/2). */
function panelAway(x0: number, y0: number, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const mid = 0.5 * (to + from);
  let sum = 0;
  for (let i = 0; i < ORDER; i++) {
    const d = mid + half * X[i];
    sum += W[i] * tail1(x0 * Math.cos(d) + y0 * Math.sin(d));
  }
  return sum * half;
}

/** The same where x <= 0, in units of exp(-y0^2/2). */
function panelToward(x0: number, y0: number, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const mid = 0.5 * (to + from);
  let sum = 0;
  for (let i = 0; i < ORDER; i++) {
    const d = mid + half * X[i];
    const s = Math.sin(d);
    const c = Math.cos(d);
    const x = x0 * c + y0 * s;
    const rise = s * (s * (x0 - y0) * (x0 + y0) - 2 * x0 * y0 * c); // y^2 - y0^2 for y = y0 cos d - x0 sin d
    sum += W[i] * Math.exp(-0.5 * rise) * (expMinusHalfSquare(x) - x * SQRT_2PI * normalCdf(-x));
  }
  return sum * half;
}

/**
 * Integral from the direction where (R cos, R sin) = (x0, y0), y0 >= 0, over `length` away from psi = pi; the integrand falls.
 * Panels follow its scale: y^2/2 changes at the rate |x y|, J_1(x) on the length 1 + x. `far` is exp(-R^2/2).
 */
function falling(x0: number, y0: number, length: number, far: number): number {
  const R = Math.hypot(x0, y0);
  const near = expMinusHalfSquare(y0);
  const turn = x0 < 0 ? Math.atan2(-x0, y0) : 0; // where x = 0
  let sum = 0;
  for (let d = 0; d < length; ) {
    const x = x0 * Math.cos(d) + y0 * Math.sin(d);
    const toward = d < turn;
    const end = toward && turn < length ? turn : length;
    let step: number;
    if (!toward) step = (1.5 * (1 + Math.max(0, x))) / (1 + R);
    else if (x0 > -9) step = Math.min(2 / (1 + R), 5 / Math.abs(x * (y0 * Math.cos(d) - x0 * Math.sin(d))));
    else step = Math.max(d, 2.5 / (1 + R - 0.5 * x0 * y0));
    const to = d + 1.1 * step > end ? end : d + step;
    const part = toward ? near * panelToward(x0, y0, d, to) : far * panelAway(x0, y0, d, to);
    sum += part;
    if (part <= 1e-18 * sum) break;
    d = to;
  }
  return sum;
}

/** P(X <= h, Y <= k) for standard normals of correlation rho in [-1, 1]; h, k may be infinite. Throws ParameterError for other rho. */
export function bivariateNormalCdf(h: number, k: number, rho: number): number {
  if (!(rho >= -1 && rho <= 1))
    throw new ParameterError(`bivariateNormalCdf: rho must be a number in [-1, 1], got ${rho}; for example 0.5`);
  if (h < -39 || k < -39) return 0;
  if (h > 40) return normalCdf(k);
  if (k > 40) return normalCdf(h);
  h += 0; // -0 would turn the directions below
  k += 0;
  if (rho === 1) return normalCdf(Math.min(h, k));
  if (rho === -1) return h > -k ? Math.exp(logNormalInterval(-k, h)) : 0;
  const s = Math.sqrt((1 - rho) * (1 + rho));
  // k - rho h and h - rho k without cancellation next to |rho| = 1
  const A = (rho > 0 ? k - h + h * (1 - rho) : k + h - h * (1 + rho)) / -s;
  const B = (rho > 0 ? h - k + k * (1 - rho) : h + k - k * (1 + rho)) / -s;
  const opening = 2 * Math.atan2(Math.sqrt(1 + rho), Math.sqrt(1 - rho));
  // the apex is the origin to rounding; the directions of subnormal h and k would have few digits
  if (Math.abs(h) < APEX && Math.abs(k) < APEX) return opening / (2 * Math.PI);
  const far = expMinusHalfRadius(h, k, rho);
  let sum: number;
  if (h >= 0 && k >= 0) {
    // psi = pi is inside (or at an edge): both sides fall from it
    const R = Math.max(Math.hypot(A, h), Math.hypot(B, k));
    sum = falling(-R, 0, Math.atan2(k, -B), far) + falling(-R, 0, Math.atan2(h, -A), far);
  } else if (k >= 0)
    sum = falling(A, -h, opening, far); // h < 0: falls from the edge X = h
  else if (h >= 0) sum = falling(B, -k, opening, far);
  else sum = falling(A, -h, Math.atan2(-h, A), far) + falling(B, -k, Math.atan2(-k, B), far);
  return Math.min(1, sum / (2 * Math.PI));
}
