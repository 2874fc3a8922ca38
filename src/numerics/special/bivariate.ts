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
const { nodes: X, weights: W } = gaussLegendre(ORDER);

/** Integral over one panel of offsets d in [from, to] from the start (x0, y0), in units of exp(-y0^2/2). */
function panel(x0: number, y0: number, from: number, to: number): number {
  const half = 0.5 * (to - from);
  const mid = 0.5 * (to + from);
  let sum = 0;
  for (let i = 0; i < ORDER; i++) {
    const d = mid + half * X[i];
    const s = Math.sin(d);
    const c = Math.cos(d);
    const x = x0 * c + y0 * s;
    const rise = s * (s * (x0 - y0) * (x0 + y0) - 2 * x0 * y0 * c); // y^2 - y0^2 for y = y0 cos d - x0 sin d
    if (x > 0) sum += W[i] * Math.exp(-0.5 * (rise + x * x)) * tail1(x);
    else sum += W[i] * Math.exp(-0.5 * rise) * (expMinusHalfSquare(x) - x * SQRT_2PI * normalCdf(-x));
  }
  return sum * half;
}

/**
 * Integral from the direction where (R cos, R sin) = (x0, y0), y0 >= 0, over `length` away from psi = pi; the integrand falls.
 * Panels follow its scale: y^2/2 changes at the rate |x y|, J_1(x) on the length 1 + x.
 */
function falling(x0: number, y0: number, length: number): number {
  const R = Math.hypot(x0, y0);
  let sum = 0;
  for (let d = 0; d < length; ) {
    const x = x0 * Math.cos(d) + y0 * Math.sin(d);
    let step: number;
    if (x > 0) step = (1.5 * (1 + x)) / (1 + R);
    else if (x0 > -9) step = Math.min(2 / (1 + R), 5 / Math.abs(x * (y0 * Math.cos(d) - x0 * Math.sin(d))));
    else step = Math.max(d, 2.5 / (1 + R - 0.5 * x0 * y0));
    const to = d + 1.1 * step > length ? length : d + step;
    const part = panel(x0, y0, d, to);
    sum += part;
    if (part < 1e-18 * sum) break;
    d = to;
  }
  return sum * expMinusHalfSquare(y0);
}

/** P(X <= h, Y <= k) for standard normals of correlation rho in [-1, 1]; h, k may be infinite. Throws ParameterError for other rho. */
export function bivariateNormalCdf(h: number, k: number, rho: number): number {
  if (!(rho >= -1 && rho <= 1)) throw new ParameterError(`bivariateNormalCdf: rho must be a number in [-1, 1], got ${rho}; for example 0.5`);
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
  const first = Math.atan2(k, B); // direction of the edge Y = k; the other edge, X = h, is at first + opening
  const last = Math.atan2(-h, A);
  let sum: number;
  if (h >= 0 && k >= 0) {
    // psi = pi is inside (or at an edge): both sides fall from it
    const R = Math.max(Math.hypot(A, h), Math.hypot(B, k));
    sum = falling(-R, 0, Math.PI - first) + falling(-R, 0, Math.PI + last);
  } else if (k >= 0) sum = falling(A, -h, opening); // h < 0: falls from the edge X = h
  else if (h >= 0) sum = falling(B, -k, opening);
  else sum = falling(A, -h, Math.min(opening, last)) + falling(B, -k, Math.min(opening, -first));
  return Math.min(1, sum / (2 * Math.PI));
}
