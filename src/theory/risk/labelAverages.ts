/**
 * Averages of a proximal operator over one Gaussian field omega ~ N(0, variance) weighted by 2 Phi(sharpness omega/sqrt(variance)),
 * the odds of the label: composite Gauss-Legendre split where the operator has kinks or bends and where the odds turn.
 */
import type { Loss, Vec } from "../../core/types.ts";
import { composite, gradedBreaks } from "../../numerics/quadrature.ts";
import { expMinusHalfSquare, normalCdf, SQRT_2PI } from "../../numerics/special/normal.ts";

export interface LabelAverages {
  /** Of g under N(0, variance/(1 + sharpness^2)): the density of the field where the label is undecided. */
  readonly response: number;
  /** Of g^2 and of -d_omega g, weighted by the odds. */
  readonly qHat: number;
  readonly VHat: number;
  /** Of the loss at the proximal point. */
  kept(): number;
}

const REACH = 9;
/** Beyond it losses of unit scale are straight to rounding. */
const STRAIGHT = 42;

/**
 * Where the operator of a smooth loss of unit scale changes: the fields omega = eta + V l'(eta) of spaced eta. The poles of the
 * logistic lie pi away, so panels of 3 do; where its slope has decayed, of 8. When V is large, eta is a logarithm of omega over
 * |eta| < ln V, and panels of 1.5 are needed there.
 */
function bends(loss: Loss, label: number, V: number): number[] {
  const inner = V > 0.3 ? Math.min(STRAIGHT, 4 + Math.max(0, Math.log(V))) : 0;
  const points = [0];
  for (let eta = 0; eta < STRAIGHT; points.push(eta, -eta)) eta += eta < inner ? 1.5 : eta < 12 ? 3 : 8;
  const at = Float64Array.from(points);
  const first = new Float64Array(at.length);
  loss.derivatives(new Float64Array(at.length).fill(label), at, first, new Float64Array(at.length));
  return points.map((eta, k) => eta + V * first[k]);
}

/** Breaks in units of sqrt(variance): panels of 1.5, finer where the odds turn, plus those of the operator. */
function panels(points: readonly number[], scale: number, sharpness: number): number[] {
  const steep = Math.abs(sharpness) > 0.5 ? [{ centre: 0, width: 1 / Math.abs(sharpness) }] : [];
  const t = gradedBreaks(-REACH, REACH, [{ centre: 0, width: 1.5 }, ...steep]);
  if (scale > 0)
    for (const point of points) {
      const x = point / scale;
      if (Math.abs(x) < REACH) t.push(x);
    }
  t.sort((a, b) => a - b);
  return t.filter((x, k) => k === 0 || x > t[k - 1]);
}

/** Averages over the field for one label; `order` nodes a panel. variance >= 0, V >= 0. */
export function averageOver(loss: Loss, label: number, V: number, variance: number, sharpness: number, order: number): LabelAverages {
  const scale = Math.sqrt(variance);
  const kinks = loss.breaks(V, label);
  const points = loss.smooth ? [...bends(loss, label, V), ...kinks] : kinks;
  const { nodes: t, weights } = composite(panels(points, scale, sharpness), order);
  const n = t.length;
  const omega = new Float64Array(n);
  for (let k = 0; k < n; k++) omega[k] = scale * t[k];
  const y = new Float64Array(n).fill(label);
  const g = new Float64Array(n);
  const curvature = new Float64Array(n);
  const step = Float64Array.of(V);
  loss.score(step, omega, y, g, curvature);
  const turning = Math.sqrt(1 + sharpness * sharpness);
  const jumps = loss.smooth ? [] : jumpsOf(loss, kinks, label, V, scale, sharpness);
  let [response, qHat, VHat] = [0, 0, 0];
  const odds = weights; // in place: density times 2 Phi
  for (let k = 0; k < n; k++) {
    const density = (weights[k] * expMinusHalfSquare(t[k])) / SQRT_2PI;
    const at = sharpness * t[k];
    response += density * expMinusHalfSquare(at) * g[k];
    odds[k] = density * 2 * normalCdf(at);
    qHat += odds[k] * g[k] * g[k];
    if (jumps.length === 0 || !jumps.some((j) => omega[k] >= j.from && omega[k] <= j.to)) VHat += odds[k] * curvature[k];
  }
  for (const j of jumps) VHat += j.weight;
  const kept = () => {
    for (let k = 0; k < n; k++) g[k] = omega[k] + V * g[k]; // the proximal point
    loss.value(y, g, curvature);
    return dot(odds, curvature);
  };
  return { response: response * turning, qHat, VHat, kept };
}

function dot(a: Vec, b: Vec): number {
  let s = 0;
  for (let k = 0; k < a.length; k++) s += a[k] * b[k];
  return s;
}

interface Jump {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/**
 * A kink of the loss spreads over a field interval of length V times its jump, in which g is linear. When V is small, the ends of
 * that interval carry few digits of its length; the average of -dg/domega over it is (the fall of g) x (mean density), which does not need it.
 */
function jumpsOf(loss: Loss, points: readonly number[], label: number, V: number, scale: number, sharpness: number): Jump[] {
  const jumps: Jump[] = [];
  if (!(scale > 0)) return jumps;
  for (let i = 0; i + 1 < points.length; i++) {
    const [from, to] = [points[i], points[i + 1]];
    const mid = (from + to) / (2 * scale);
    const turn = Math.abs(sharpness) > 1 && sharpness * mid < 9 ? 1 / Math.abs(sharpness) : 1;
    if (!(to - from < 1e-3 * scale * turn) || Math.abs(mid) > 38) continue;
    const edge = 8 * Number.EPSILON * Math.max(Math.abs(from), Math.abs(to));
    const g = new Float64Array(2);
    loss.score(Float64Array.of(V), Float64Array.of(from - edge, to + edge), new Float64Array(2).fill(label), g, new Float64Array(2));
    const { nodes, weights } = composite([-1, 1], 8);
    let mean = 0;
    for (let k = 0; k < nodes.length; k++) {
      const t = mid + (nodes[k] * (to - from)) / (2 * scale);
      mean += (weights[k] / 2) * expMinusHalfSquare(t) * 2 * normalCdf(sharpness * t);
    }
    jumps.push({ from: from - edge, to: to + edge, weight: ((g[0] - g[1]) * mean) / (SQRT_2PI * scale) });
  }
  return jumps;
}
