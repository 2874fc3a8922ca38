/**
 * Moments of exp(-A x^2/2 + B x) on an interval, measured from the end where it is larger, so that a narrow law at the edge
 * keeps its digits: the kernel under every prior with a sharp edge (truncated Gaussians and truncated exponentials).
 */
import { gaussLegendre } from "../numerics/quadrature.ts";
import { hazard, logNormalCdf } from "../numerics/special/index.ts";
import { tail0, tail1, tail2 } from "../numerics/special/tails.ts";

/**
 * exp(B x) with B > 0 on a half-line is no density: its tilt by a = 0 has no moments. A precision this small stands in for
 * zero there (and only there), so that what comes out is huge and finite; message passing with a > 0 never meets it.
 */
export const LEAST_PRECISION = 1e-280;

const HALF_LOG_TWO_PI = 0.9189385332046727;
const rule = gaussLegendre(24);

/** s >= 0 with density exp(-A s^2/2 - c s): writes [log integral over its value at the peak (s = 0, or -c/A if c < 0), mean, variance]. */
export function halfLine(A: number, c: number, out: Float64Array): void {
  if (c <= 0) {
    const precision = Math.max(A, LEAST_PRECISION);
    const scale = 1 / Math.sqrt(precision);
    const y = -c * scale; // the peak, in standard deviations inside
    const h = hazard(y);
    out[0] = logNormalCdf(y) + HALF_LOG_TWO_PI - 0.5 * Math.log(precision);
    out[1] = (y + h) * scale;
    out[2] = (1 - h * (h + y)) * scale * scale;
    return;
  }
  const x = c / Math.sqrt(A);
  if (x < 1e3) {
    const scale = 1 / Math.sqrt(A);
    const J0 = tail0(x);
    const m = tail1(x) / J0;
    out[0] = Math.log(J0 * scale);
    out[1] = m * scale;
    out[2] = (tail2(x) / J0 - m * m) * scale * scale;
    return;
  }
  // the continued fraction of the Mills ratio in (A, c) themselves: legal at A = 0, error (A/c^2)^4
  const k3 = (3 * A) / (c + (4 * A) / c);
  const mean = 1 / (c + (2 * A) / (c + k3));
  out[0] = -Math.log(c + A * mean);
  out[1] = mean;
  out[2] = mean * (2 / (c + k3) - mean);
}

const near = new Float64Array(3);
const far = new Float64Array(3);

/** x in [from, to] (either may be infinite, from < to) with density exp(-A x^2/2 + B x): writes [log integral, mean, variance]. */
export function truncatedMoments(A: number, B: number, from: number, to: number, out: Float64Array): void {
  if (from === -Infinity || (to !== Infinity && (B - 0.5 * A * (to + from)) * (to - from) > 0)) {
    // the larger end is `to`: reflect
    fromNearEnd(A, -B, -to, -from, out);
    out[1] = -out[1];
  } else fromNearEnd(A, B, from, to, out);
}

function fromNearEnd(A: number, B: number, from: number, to: number, out: Float64Array): void {
  if (from === -Infinity) {
    // the whole line
    const precision = Math.max(A, LEAST_PRECISION);
    out[0] = (0.5 * B * B) / precision + HALF_LOG_TWO_PI - 0.5 * Math.log(precision);
    out[1] = B / precision;
    out[2] = 1 / precision;
    return;
  }
  const c = A * from - B;
  const base = (B - 0.5 * A * from) * from; // the log-density at `from`
  // at the peak; with the peak inside the square is completed, since its parts would cancel
  const peak = c < 0 ? (0.5 * B * B) / Math.max(A, LEAST_PRECISION) : base;
  if (to === Infinity) {
    halfLine(A, c, out);
    out[0] += peak;
    out[1] += from;
    return;
  }
  const T = to - from;
  const drop = (0.5 * A * T + c) * T; // of the log-density between the ends, >= 0
  const range = c < 0 ? drop + (0.5 * c * c) / A : drop;
  if (A * T * T <= 49 && range <= 32) {
    // gentle: 24 nodes are exact to rounding, and the variance is a sum of squares
    let total = 0;
    let first = 0;
    for (let i = 0; i < 24; i++) {
      const s = 0.5 * (1 + rule.nodes[i]);
      const p = rule.weights[i] * Math.exp(-(0.5 * A * T * s + c) * T * s);
      total += p;
      first += p * s;
    }
    const m = first / total;
    let second = 0;
    for (let i = 0; i < 24; i++) {
      const s = 0.5 * (1 + rule.nodes[i]);
      second += rule.weights[i] * Math.exp(-(0.5 * A * T * s + c) * T * s) * (s - m) * (s - m);
    }
    out[0] = base + Math.log(0.5 * total * T);
    out[1] = from + T * m;
    out[2] = (T * T * second) / total;
    return;
  }
  // steep: the half-line less its tail beyond T, of probability p < 3e-4
  halfLine(A, c, near);
  halfLine(A, c + A * T, far);
  const fall = c < 0 ? (0.5 * (c + A * T) * (c + A * T)) / A : drop; // from the peak to the far end
  const p = Math.exp(far[0] - near[0] - fall);
  const tail = T + far[1];
  const m = (near[1] - p * tail) / (1 - p);
  out[0] = peak + near[0] + Math.log1p(-p);
  out[1] = from + m;
  out[2] = (near[2] - p * far[2] - p * (1 - p) * (tail - m) * (tail - m)) / (1 - p);
}
