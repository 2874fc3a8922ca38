/**
 * Trapezoid nodes of omega ~ N(0, q) near the edges of a piecewise function seen through N(omega, V).
 *
 * Away from every edge the posterior is Gaussian and averages are closed forms. What an edge at e adds is smooth on the scale
 * sqrt(V), falls like exp(-(omega - e)^2/(2V)), and is weighed by N(omega; 0, q): a bump of centre e q/tau and variance q V/tau,
 * on which the trapezoid rule converges geometrically.
 */
import type { SegmentShape } from "./segmentShape.ts";

/** Standard deviations beyond which a bump is left out: exp(-8.4^2/2) = 5e-16. */
export const REACH = 8.4;
const ROOT = 1 / Math.sqrt(2 * Math.PI);

/** Nodes and their weights; valid up to `size`, reused between calls. */
export const edgeNodes = { size: 0, omega: new Float64Array(256), weight: new Float64Array(256) };

function put(omega: number, weight: number): void {
  if (edgeNodes.size === edgeNodes.omega.length) {
    const grow = (v: Float64Array) => {
      const out = new Float64Array(2 * v.length);
      out.set(v);
      return out;
    };
    edgeNodes.omega = grow(edgeNodes.omega);
    edgeNodes.weight = grow(edgeNodes.weight);
  }
  const i = edgeNodes.size++;
  edgeNodes.omega[i] = omega;
  edgeNodes.weight[i] = weight;
}

/**
 * Fills `edgeNodes`. `step` is in standard deviations of a bump and at most `most` (in omega); around a single edge at 0 the step grows with
 * the distance from it, omega = c sinh(k h): what is sharp there (a fold, on the scale `fold` of omega) is broad further out.
 * At q = 0 the one node omega = 0, weight 1. `whole`: all of N(0, q), not the bumps alone.
 */
export function placeEdgeNodes(shape: SegmentShape, q: number, V: number, step: number, most: number, fold: number, whole = false): void {
  edgeNodes.size = 0;
  const sq = Math.sqrt(q);
  const sd = Math.sqrt(V);
  const tau = q + V;
  const width = sq * (sd / Math.sqrt(tau));
  if (!(width > 0)) {
    put(0, 1);
    return;
  }
  const reach = REACH * (whole ? sq : width);
  if (shape.count === 2 && shape.from[1] === 0) {
    const c = Math.min(2.5 * width, fold);
    const n = Math.ceil(Math.asinh(reach / c) / (step * (fold < Number.POSITIVE_INFINITY ? 0.25 : 0.34)));
    const h = Math.asinh(reach / c) / n;
    for (let i = shape.symmetric ? 0 : -n; i < n; i++) {
      const x = (i + 0.5) * h;
      const omega = c * Math.sinh(x);
      const t = omega / sq;
      put(omega, (((shape.symmetric ? 2 : 1) * h * c * Math.cosh(x)) / sq) * ROOT * Math.exp(-0.5 * t * t));
    }
    return;
  }
  const h = Math.min(step * width, most);
  const share = whole ? 0 : q / tau;
  for (let k = 1; k < shape.count; ) {
    const low = shape.from[k] * share - reach;
    let high = shape.from[k] * share + reach;
    for (k++; k < shape.count && shape.from[k] * share - reach <= high; k++) high = shape.from[k] * share + reach;
    if (shape.symmetric && high <= 0) continue;
    const mirrored = shape.symmetric ? 2 : 1;
    const centred = shape.symmetric && low < 0;
    const start = centred ? 0 : low;
    const n = Math.ceil((high - start) / h);
    const d = centred ? h : (high - start) / n;
    for (let i = 0; i < n; i++) {
      const omega = start + (i + 0.5) * d;
      const t = omega / sq;
      const weight = mirrored * (d / sq) * ROOT * Math.exp(-0.5 * t * t);
      if (weight > 0) put(omega, weight);
    }
  }
}
