/** Piecewise-linear activations from their segments: phi(z) = slope z + offset on [from, to); segments are sorted and cover the line. */
import type { Activation, Segment, Vec } from "../core/types.ts";
import { normalCdf, normalPdf } from "../numerics/special/index.ts";

/** x ↦ density of N(0, 1) times x, 0 at ±infinity. */
function edgeTerm(x: number): number {
  return Number.isFinite(x) ? x * normalPdf(x) : 0;
}

/** Mass of N(0, 1) on [l, u], from the tail that keeps its digits. */
function mass(l: number, u: number): number {
  return l > 0 ? normalCdf(-l) - normalCdf(-u) : normalCdf(u) - normalCdf(l);
}

/** E phi(z)^2 for z ~ N(0, tau), in closed form segment by segment. */
export function segmentSecondMoment(segments: readonly Segment[], tau: number): number {
  const sd = Math.sqrt(tau);
  let total = 0;
  for (const { from, to, slope, offset } of segments) {
    if (sd === 0) {
      if (from <= 0 && 0 < to) total += offset * offset;
      continue;
    }
    const l = from / sd;
    const u = to / sd;
    const m0 = mass(l, u);
    const m1 = normalPdf(l) - normalPdf(u);
    const m2 = m0 + edgeTerm(l) - edgeTerm(u);
    total += slope * slope * tau * m2 + 2 * slope * offset * sd * m1 + offset * offset * m0;
  }
  return total;
}

/** The value at one point; a point on an edge belongs to the segment on its right. */
export function segmentValue(segments: readonly Segment[], z: number): number {
  let k = 0;
  while (k < segments.length - 1 && z >= segments[k].to) k++;
  return segments[k].slope * z + segments[k].offset;
}

/** The activation a list of segments defines. */
export function piecewiseActivation(segments: readonly Segment[], even = false): Activation {
  return {
    scalar: "real",
    even,
    segments,
    apply(z: Vec, x: Vec) {
      for (let i = 0; i < z.length; i++) x[i] = segmentValue(segments, z[i]);
    },
    secondMoment: (tau) => segmentSecondMoment(segments, tau)
  };
}
