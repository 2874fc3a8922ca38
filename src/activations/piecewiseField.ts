/** Nodes of (omega, bx) for a piecewise-linear hidden activation: bx = mHat phi(z0) + sqrt(qHat) xi, z0 ~ N(slope omega, spread), omega ~ N(0, q). */
import type { Field, OutputLaw } from "../core/types.ts";
import { type Feature, gaussLegendre, gaussianMeasure } from "../numerics/quadrature.ts";
import { logNormalInterval } from "../numerics/special/index.ts";
import { observationPanels } from "./observationPanels.ts";
import type { SegmentShape } from "./segmentShape.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);
/** Nodes that weigh less are left out. */
const NEGLIGIBLE = 1e-22;
const REACH = 8.5;
/** A variance below this is treated as this. */
const LEAST = 1e-290;

/** omega graded at the edges (as teacher and student see them); bx on the panels of its density, or without noise on those of z0. */
export function piecewiseField(shape: SegmentShape, law: OutputLaw, mHat: number, qHat: number, order = 16): Field {
  const { q, slope: tilt } = law;
  const { count, from, to, slope, offset } = shape;
  const spread = Math.max(law.spread, LEAST);
  const sd = Math.sqrt(spread);
  const scale = Math.abs(tilt) * Math.sqrt(q);
  const input: number[] = [];
  const label: number[] = [];
  const weight: number[] = [];
  const push = (omega: number, bx: number, mass: number) => {
    if (mass < NEGLIGIBLE) return;
    input.push(omega);
    label.push(bx);
    weight.push(mass);
  };

  const features: Feature[] = [];
  if (q > 0)
    for (const e of from.subarray(1)) {
      if (scale > 0) features.push({ centre: (Math.sign(tilt) * e) / scale, width: Math.max(sd / scale, 1e-9) });
      if (tilt !== 1) features.push({ centre: e / Math.sqrt(q), width: Math.max((1e-2 * sd) / Math.sqrt(q), 1e-9) });
    }
  const outer = q > 0 ? gaussianMeasure(features, order) : { nodes: Float64Array.of(0), weights: Float64Array.of(1) };
  const root = Math.sqrt(Math.max(0, qHat));
  const sign = mHat < 0 ? -1 : 1;
  const panels = observationPanels(shape);
  if (root > 0) panels.prepare(spread, Math.abs(mHat) / root, 1.5 * order);
  const { nodes: gx, weights: gw } = gaussLegendre(order);

  /** bx given omega when xi is there: t = r x + local in units of sqrt(qHat). */
  function noisy(omega: number, base: number, mass: number): void {
    const r = Math.abs(mHat) / root;
    panels.fill();
    for (let p = 0; p < panels.size; p++) {
      const { nodes, weights } = gaussLegendre(panels.nodes[p]);
      const half = 0.5 * panels.length[p];
      const x = panels.x[p];
      for (let i = 0; i < nodes.length; i++) {
        const local = panels.local[p] + half * (1 + nodes[i]);
        let Z = 0;
        for (let j = 0; j < panels.active; j++) {
          const k = panels.segments[j];
          const rho = r * (x - panels.value[k]) + local;
          const drift = (panels.sigma[k] / panels.S[k]) * rho;
          const share =
            panels.sigma[k] === 0
              ? panels.mass[k]
              : Math.exp(logNormalInterval(panels.rootS[k] * (panels.a[k] - drift), panels.rootS[k] * (panels.b[k] - drift)));
          Z += share * (ROOT / panels.rootS[k]) * Math.exp(((-0.5 * rho) / panels.S[k]) * rho);
        }
        push(omega, sign * root * (r * (base + x) + local), mass * half * weights[i] * Z);
      }
    }
  }

  /** bx = mHat phi(z0) itself. */
  function exact(omega: number, centre: number, mass: number): void {
    for (let k = 0; k < count; k++) {
      const a = Math.max(-REACH, (from[k] - centre) / sd);
      const b = Math.min(REACH, (to[k] - centre) / sd);
      if (!(a < b)) continue;
      const pieces = Math.ceil((b - a) / 4);
      let flat = 0;
      for (let p = 0; p < pieces; p++) {
        const half = (b - a) / (2 * pieces);
        const mid = a + (2 * p + 1) * half;
        for (let n = 0; n < order; n++) {
          const u = mid + half * gx[n];
          const m = mass * half * gw[n] * ROOT * Math.exp(-0.5 * u * u);
          if (slope[k] === 0 || mHat === 0) flat += m;
          else push(omega, mHat * (slope[k] * (centre + sd * u) + offset[k]), m);
        }
      }
      push(omega, mHat === 0 ? 0 : mHat * offset[k], flat);
    }
  }

  for (let i = 0; i < outer.nodes.length; i++) {
    if (outer.weights[i] < NEGLIGIBLE) continue;
    const omega = Math.sqrt(q) * outer.nodes[i];
    const centre = tilt * omega;
    if (root > 0) noisy(omega, panels.place(centre), outer.weights[i]);
    else exact(omega, centre, outer.weights[i]);
  }
  return { input: Float64Array.from(input), label: Float64Array.from(label), weight: Float64Array.from(weight) };
}
