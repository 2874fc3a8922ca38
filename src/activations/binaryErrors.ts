/**
 * Activations of two values c1, c2 (sign, door): given omega, x is a bit of bias p(omega) seen at r = sqrt(ax) |c1 - c2|/2.
 * With l = ln(p/(1 - p)), lambda = 2 r t + l and Z = sqrt(p (1 - p)) exp(-r^2/2) 2 cosh(lambda/2) phi(t), all averages are
 * one-dimensional: var x ~ 1/(2 cosh)^2, E (pi - p)^2 ~ (p (1 - p))^2 (2 sinh r t)^2/(2 cosh)^2, and V J = (dp/du)^2 E (pi - p)^2/(p (1 - p))^2, u = omega/sqrt V.
 */
import { normalCdf, normalPdf } from "../numerics/special/index.ts";
import { REACH, edgeNodes, placeEdgeNodes } from "./edgeNodes.ts";
import type { Averages } from "./piecewiseErrors.ts";
import type { SegmentShape } from "./segmentShape.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);
/** Of the last `atBias`: E sech/2, E (2 sinh r t)^2 sech/2 and E 2 cosh H, each with exp(-r^2/2). */
const inner = new Float64Array(3);

/** Averages over t ~ N(0, 1) at log-odds 2 half >= 0; `near` asks for the second. */
function atBias(half: number, r: number, order: number, near: boolean): void {
  inner[0] = inner[1] = inner[2] = 0;
  if (r > 40) return;
  const top = -Math.min(r, half / r || 0);
  const wide = near ? REACH + 2 * r : REACH;
  const from = Math.max(top - wide, top - 40 / (r - top));
  const to = Math.min(top + wide, top + 40 / Math.max(1e-9, r + top));
  const h = Math.min(0.5, 0.3 / r) * (24 / order);
  const n = Math.ceil((to - from) / h);
  const shift = -0.5 * r * r;
  for (let i = 0; i <= n; i++) {
    const t = from + i * h;
    const s = Math.abs(half + r * t);
    const x = Math.exp(-2 * s);
    const weight = Math.exp(shift - 0.5 * t * t - s);
    const sech = weight / (1 + x); // exp(shift - t^2/2)/(2 cosh s)
    inner[0] += sech;
    if (near) inner[1] += sech * 4 * Math.sinh(r * t) ** 2;
    // 2 cosh(s) H = exp(s) ((1 + x) ln(1 + x) + 2 s x)
    inner[2] += weight * (x > 1e-8 ? ((1 + x) / x) * Math.log1p(x) + 2 * s : 1 + 2 * s);
  }
  const scale = h * ROOT;
  inner[0] *= scale;
  inner[1] *= scale;
  inner[2] *= scale;
}

function massBetween(l: number, u: number): number {
  return l > 0 ? normalCdf(-l) - normalCdf(-u) : normalCdf(u) - normalCdf(l);
}

/** Fills `sum`; false unless phi has exactly two values. */
export function binaryAverages(shape: SegmentShape, q: number, V: number, ax: number, order: number, sum: Averages): boolean {
  const first = shape.offset[0];
  let second = first;
  for (const c of shape.offset)
    if (c !== first) {
      if (second !== first && c !== second) return false;
      second = c;
    }
  const gap = Math.abs(second - first);
  const r = 0.5 * gap * Math.sqrt(ax);
  const near = r < 1;
  const sd = Math.sqrt(V);
  // Near the real axis 1 - p vanishes where two edges interfere, some 1.2 sqrt V from it; a gap of length d turns like tanh(d omega/(2 V)).
  let narrow = 0;
  for (let k = 1; k + 1 < shape.count; k++)
    if (shape.to[k] - shape.from[k] < 16 * sd) narrow = Math.max(narrow, shape.to[k] - shape.from[k]);
  const spread = Math.sqrt(q / (q + V)) * sd;
  const step = (shape.count > 2 ? 7 : 9) / order;
  const most = narrow > 0 ? Math.max((12 / order) * (V / narrow), (3 / order) * spread) : Number.POSITIVE_INFINITY;
  placeEdgeNodes(shape, q, V, step, most, Number.POSITIVE_INFINITY);
  for (let i = 0; i < edgeNodes.size; i++) {
    const omega = edgeNodes.omega[i];
    const weight = edgeNodes.weight[i];
    let p = 0;
    let other = 0;
    let slope = 0;
    for (let k = 0; k < shape.count; k++) {
      const l = (shape.from[k] - omega) / sd;
      const u = (shape.to[k] - omega) / sd;
      const m = massBetween(l, u);
      if (shape.offset[k] === first) {
        p += m;
        slope += normalPdf(l) - normalPdf(u);
      } else other += m;
    }
    const product = p * other;
    if (!(product > 0)) continue;
    const half = 0.5 * Math.abs(Math.log(p / other));
    atBias(half, r, order, near);
    const root = Math.sqrt(product);
    const hidden = inner[0] / root; // E pi (1 - pi)/(p (1 - p))
    const seen = near ? root * inner[1] : 1 - hidden;
    sum.gain += weight * slope * (slope / product) * seen;
    sum.vx += weight * gap * gap * root * inner[0];
    sum.information += weight * (-p * Math.log(p) - other * Math.log(other) - root * inner[2]);
  }
  sum.vz = 1 - sum.gain;
  sum.left = 1 - ax * sum.vx;
  return true;
}
