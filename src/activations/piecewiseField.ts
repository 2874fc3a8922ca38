/** Nodes of (omega, bx) for a piecewise-linear hidden activation: bx = mHat phi(z0) + sqrt(qHat) xi, z0 ~ N(slope omega, spread), omega ~ N(0, q). */
import type { Field, OutputLaw } from "../core/types.ts";
import { type Feature, gaussLegendre, gaussianMeasure } from "../numerics/quadrature.ts";
import type { SegmentShape } from "./segmentShape.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);
/** Nodes that weigh less are left out. */
const NEGLIGIBLE = 1e-22;
const REACH = 8.5;

/** A product rule: omega graded at the edges, z0 given omega split at them, xi given z0. */
export function piecewiseField(shape: SegmentShape, law: OutputLaw, mHat: number, qHat: number, order = 16): Field {
  const { q, slope: tilt, spread } = law;
  const { count, from, to, slope, offset } = shape;
  const sd = Math.sqrt(Math.max(0, spread));
  const scale = Math.abs(tilt) * Math.sqrt(q);
  const root = Math.sqrt(Math.max(0, qHat));
  const edges = [...from.subarray(1)];
  const features: Feature[] = [];
  if (q > 0)
    for (const e of edges) {
      // where the teacher turns, and where the student does
      if (scale > 0) features.push({ centre: (Math.sign(tilt) * e) / scale, width: Math.max(sd / scale, 1e-6) });
      if (tilt !== 1) features.push({ centre: e / Math.sqrt(q), width: Math.max((1e-2 * sd) / Math.sqrt(q), 1e-6) });
    }
  const outer = q > 0 ? gaussianMeasure(features, order) : { nodes: Float64Array.of(0), weights: Float64Array.of(1) };
  const noise = root > 0 ? gaussianMeasure([], order) : { nodes: Float64Array.of(0), weights: Float64Array.of(1) };
  const { nodes: x, weights: w } = gaussLegendre(order);
  const input: number[] = [];
  const label: number[] = [];
  const weight: number[] = [];
  function emit(omega: number, bx: number, mass: number): void {
    for (let j = 0; j < noise.nodes.length; j++) {
      const total = mass * noise.weights[j];
      if (total < NEGLIGIBLE) continue;
      input.push(omega);
      label.push(bx + root * noise.nodes[j]);
      weight.push(total);
    }
  }
  for (let i = 0; i < outer.nodes.length; i++) {
    const omega = Math.sqrt(q) * outer.nodes[i];
    const centre = tilt * omega;
    if (outer.weights[i] < NEGLIGIBLE) continue;
    for (let k = 0; k < count; k++) {
      if (!(sd > 0)) {
        if (from[k] <= centre && centre < to[k]) emit(omega, mHat * (slope[k] * centre + offset[k]), outer.weights[i]);
        continue;
      }
      const a = Math.max(-REACH, (from[k] - centre) / sd);
      const b = Math.min(REACH, (to[k] - centre) / sd);
      if (!(a < b)) continue;
      const panels = Math.ceil((b - a) / 4);
      let mass = 0;
      for (let p = 0; p < panels; p++) {
        const half = (b - a) / (2 * panels);
        const mid = a + (2 * p + 1) * half;
        for (let n = 0; n < order; n++) {
          const u = mid + half * x[n];
          const m = outer.weights[i] * half * w[n] * ROOT * Math.exp(-0.5 * u * u);
          if (slope[k] === 0 || mHat === 0) mass += m;
          else emit(omega, mHat * (slope[k] * (centre + sd * u) + offset[k]), m);
        }
      }
      if (mass > 0) emit(omega, mHat * (slope[k] === 0 ? offset[k] : 0), mass);
    }
  }
  return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
}
