/**
 * The standard bivariate normal of correlation r cut to X <= h, Y <= k: ln of its mass, the gradient of that in (h, k) and minus its
 * Hessian. Every quantity is a sum of positive terms over X, given which Y is a cut normal in closed form, so that all keep their
 * digits in every tail and next to |r| = 1, where differences of Phi_2 and of its derivatives lose them.
 */
import { gaussLegendre } from "../../numerics/quadrature.ts";
import { expMinusHalfSquare, HALF_LOG_2PI, hazard, logNormalCdf, mills, normalCdf, SQRT_2PI } from "../../numerics/special/normal.ts";
import { tail1, tail2 } from "../../numerics/special/tails.ts";

const ORDER = 14;
const { nodes: X, weights: W } = gaussLegendre(ORDER);
/** Panels a side: each lets the logarithm of the integrand fall by 1 to 5 down to DEPTH, or closes in on the turn of the conditional mass. */
const PANELS = 80;
const DEPTH = -42;
const SIZE = 2 * PANELS * ORDER;
const weight = new Float64Array(SIZE);
const shift = new Float64Array(SIZE);
const rate = new Float64Array(SIZE); // hazard of the cut of Y, E(k - Y | X) in units of s, and its variance in units of s^2
const gap = new Float64Array(SIZE);
const spread = new Float64Array(SIZE);
/** Left of it Phi is taken apart, right of it u + hazard(u) does not cancel. */
const DIP = 0;
/** Beyond these the squares of gradients leave the range of doubles, and sqrt(1 - r^2) its last digits. */
export const FARTHEST = 1e72;
export const CLOSEST = 1 - 2 ** -48;

/** Places in the output of `cutMoments`. */
export const LOG_MASS = 0;
export const G_H = 1;
export const G_K = 2;
export const C_HH = 3;
export const C_HK = 4;
export const C_KK = 5;

// The integrand over t = h - X >= 0, relative to its mode: set by cutMoments, read by the loops.
let slope = 0; // r/s: Y is cut at u = u0 + slope (t - mode), in units of s = sqrt(1 - r^2)
let u0 = 0;
let x0 = 0; // X at the mode
let s = 1;
let rest0 = 1; // Phi(u0), or without its exp(-u0^2/2) left of DIP
let used = 0;

/** ln of the integrand at distance d from the mode, relative to it: Phi is split into exp(-u^2/2) and the rest left of DIP, so that squares are never subtracted. */
function level(d: number): number {
  const u = u0 + slope * d;
  return d * (x0 - 0.5 * d) + squares(u, d) + Math.log((u < DIP ? mills(-u) / SQRT_2PI : normalCdf(u)) / rest0);
}

/** The exponent of Phi(u)/Phi(u0) outside the `rest`. */
function squares(u: number, d: number): number {
  if (u < DIP) return u0 < DIP ? -0.5 * slope * d * (u + u0) : -0.5 * u * u;
  return u0 < DIP ? 0.5 * u0 * u0 : 0;
}

/** Nodes on the panel from a to b (distances from the mode), with what Y contributes on each: its hazard and E(k - Y | X). */
function panel(a: number, b: number): void {
  const half = 0.5 * Math.abs(b - a);
  const mid = 0.5 * (b + a);
  for (let i = 0; i < ORDER; i++) {
    const d = mid + half * X[i];
    const u = u0 + slope * d;
    let rest: number;
    if (u < DIP) {
      const M = mills(-u);
      rest = M / SQRT_2PI;
      rate[used] = 1 / M;
      gap[used] = tail1(-u) / M;
      spread[used] = u < -1e6 ? gap[used] ** 2 : tail2(-u) / M - gap[used] ** 2;
    } else {
      rest = normalCdf(u);
      const z = expMinusHalfSquare(u) / (SQRT_2PI * rest);
      rate[used] = z;
      gap[used] = u + z;
      spread[used] = 1 - z * (u + z);
    }
    weight[used] = half * W[i] * Math.exp(d * (x0 - 0.5 * d) + squares(u, d)) * (rest / rest0);
    shift[used] = d;
    used++;
  }
}

/** Panels from the mode in direction `way`, at most to distance `end`, until the integrand has died. */
function march(way: number, end: number, first: number): void {
  const turn = slope === 0 ? 0 : -u0 / slope; // where u = 0
  const width = slope === 0 ? Number.POSITIVE_INFINITY : 1 / Math.abs(slope);
  let step = first;
  let d = 0;
  let here = 0;
  for (let n = 0; n < PANELS && Math.abs(d) < end; n++) {
    const near = Math.abs(d - turn);
    let to = 0;
    let there = 0;
    step = Math.min(step, 1.2 * width + 0.6 * near);
    for (let trial = 0; trial < 200; trial++) {
      const last = Math.abs(d) + step >= end;
      to = last ? way * end : d + way * step;
      there = level(to);
      if (here - there <= 5) break;
      step = 0.5 * Math.min(step, Math.abs(to - d));
    }
    panel(d, to);
    if (there < DEPTH) return;
    if (here - there < 2) step *= 2;
    d = to;
    here = there;
  }
}

/** The largest of x^2/2-type integrands, t >= 0: a root of the falling derivative h - t + slope hazard(uh + slope t). */
function modeOf(h: number, uh: number): number {
  const derivative = (t: number) => h - t + slope * hazard(uh + slope * t);
  if (derivative(0) <= 0) return 0;
  let lo = 0;
  let hi = Math.max(h, 0) + 1;
  for (let i = 0; i < 600 && derivative(hi) > 0; i++) {
    lo = hi;
    hi *= 2;
  }
  let t = 0.5 * (lo + hi);
  for (let i = 0; i < 100 && hi - lo > 1e-12 * hi; i++) {
    const f = derivative(t);
    if (f > 0) lo = t;
    else hi = t;
    const u = uh + slope * t;
    const z = hazard(u);
    const fall = 1 + slope * slope * z * (u < 0 ? tail1(-u) / mills(-u) : u + z);
    const next = t + f / fall;
    t = next > lo && next < hi ? next : 0.5 * (lo + hi);
    if (Math.abs(f) < 1e-3 * Math.sqrt(fall)) break; // the mode need not be exact
  }
  return t;
}

/** ln P(X <= h, Y <= k), its gradient and minus its Hessian, into `out` (6 numbers, places above). |r| is kept below CLOSEST, |h| and |k| below FARTHEST. */
export function cutMoments(hIn: number, kIn: number, rIn: number, out: Float64Array): void {
  const swap = kIn < hIn; // integrate over the more constrained one: its edge is where the mass is
  const h = Math.max(-FARTHEST, Math.min(FARTHEST, swap ? kIn : hIn));
  const k = Math.max(-FARTHEST, Math.min(FARTHEST, swap ? hIn : kIn));
  const r = Math.max(-CLOSEST, Math.min(CLOSEST, rIn));
  s = Math.sqrt((1 - r) * (1 + r));
  slope = r / s;
  const uh = (r > 0 ? k - h + h * (1 - r) : k + h - h * (1 + r)) / s; // (k - r h)/s without cancellation next to |r| = 1
  const mode = modeOf(h, uh);
  x0 = h - mode;
  u0 = uh + slope * mode;
  rest0 = u0 < DIP ? mills(-u0) / SQRT_2PI : normalCdf(u0);
  used = 0;
  const z0 = hazard(u0);
  const bend = 1 + slope * slope * z0 * (u0 < 0 ? tail1(-u0) / mills(-u0) : u0 + z0);
  const first = Math.min(2 / Math.sqrt(bend), 4 / Math.max(Math.abs(x0 + slope * z0), 1e-300));
  march(1, Number.POSITIVE_INFINITY, first);
  if (mode > 0) march(-1, mode, first);

  let mass = 0;
  let th = 0; // E(h - X)
  let tk = 0; // E(k - Y)
  let gk = 0;
  for (let i = 0; i < used; i++) {
    const w = weight[i];
    mass += w;
    th += w * shift[i];
    tk += w * gap[i];
    gk += w * rate[i];
  }
  th /= mass;
  tk /= mass;
  gk /= mass * s;
  let tt = 0;
  let ty = 0;
  let yy = 0;
  for (let i = 0; i < used; i++) {
    const w = weight[i];
    const dt = shift[i] - th;
    const dy = gap[i] - tk;
    tt += w * dt * dt;
    ty += w * dt * dy;
    yy += w * (dy * dy + spread[i]);
  }
  tt /= mass;
  ty *= s / mass;
  yy *= (s * s) / mass;
  th += mode;
  tk *= s;
  const gh = Math.exp(level(-mode)) / mass;
  // minus the mixed derivative twice: from the covariance C of what is cut, S^-1 - S^-1 C S^-1 (far in the tails), or from the
  // densities (elsewhere); whichever loses less
  const det = s * s;
  const density = (gh * hazard(uh)) / s;
  const byMoments = Math.abs(r) * det + tt + yy + 2 * Math.abs(ty) < det * det * Math.max(gh * gk, density);
  const chk = byMoments ? (-r * det + r * (tt + yy) - (1 + r * r) * ty) / (det * det) : gh * gk - density;
  const chh = gh * th - r * chk; // for g_h + r g_k = E(h - X) - h
  const ckk = gk * tk - r * chk;

  out[LOG_MASS] = Math.min(0, -0.5 * x0 * x0 - HALF_LOG_2PI + logNormalCdf(u0) + Math.log(mass));
  out[swap ? G_K : G_H] = gh;
  out[swap ? G_H : G_K] = gk;
  out[swap ? C_KK : C_HH] = chh;
  out[C_HK] = chk;
  out[swap ? C_HH : C_KK] = ckk;
}
