/** The segments of a piecewise-linear function as arrays, with what its averages need to know: values at the edges, kinks, symmetry. */
import type { Segment, Vec } from "../core/types.ts";

export interface SegmentShape {
  readonly count: number;
  readonly from: Vec;
  readonly to: Vec;
  readonly slope: Vec;
  readonly offset: Vec;
  /** phi at the two ends of a segment, approached from inside; where phi is continuous both neighbours give the same double. */
  readonly valueFrom: Vec;
  readonly valueTo: Vec;
  readonly continuous: boolean;
  /** phi(-z) = phi(z), or phi(-z) + phi(z) constant: averages over omega are then twice those over omega > 0. */
  readonly symmetric: boolean;
  readonly flat: boolean;
  /** Largest slope squared. */
  readonly steepest: number;
  /** Of the flat values, max less min. */
  readonly range: number;
}

function same(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-12 * (1 + Math.abs(a));
}

/** Adjacent segments of one line are joined. */
function joined(segments: readonly Segment[]): Segment[] {
  const out: Segment[] = [];
  for (const s of segments) {
    const last = out[out.length - 1];
    if (last && last.slope === s.slope && last.offset === s.offset) out[out.length - 1] = { ...last, to: s.to };
    else if (s.from < s.to) out.push(s);
  }
  return out;
}

export function segmentShape(given: readonly Segment[]): SegmentShape {
  const segments = joined(given);
  const count = segments.length;
  const from = Float64Array.from(segments, (s) => s.from);
  const to = Float64Array.from(segments, (s) => s.to);
  const slope = Float64Array.from(segments, (s) => s.slope);
  const offset = Float64Array.from(segments, (s) => s.offset);
  const at = (k: number, z: number) => (slope[k] === 0 ? offset[k] : slope[k] * z + offset[k]);
  const valueFrom = Float64Array.from(segments, (s, k) => at(k, s.from));
  const valueTo = Float64Array.from(segments, (s, k) => at(k, s.to));
  let continuous = true;
  for (let k = 1; k < count; k++) {
    if (!same(valueTo[k - 1], valueFrom[k])) continuous = false;
    else if (slope[k - 1] === 0) valueFrom[k] = valueTo[k - 1];
    else valueTo[k - 1] = valueFrom[k];
  }
  let even = true;
  let odd = true;
  const twice = offset[0] + offset[count - 1];
  for (let k = 0; k < count; k++) {
    const j = count - 1 - k;
    if (!same(from[k], -to[j])) even = odd = false;
    if (!same(slope[k], -slope[j]) || !same(offset[k], offset[j])) even = false;
    if (!same(slope[k], slope[j]) || !same(offset[k] + offset[j], twice)) odd = false;
  }
  return {
    count,
    from,
    to,
    slope,
    offset,
    valueFrom,
    valueTo,
    continuous,
    symmetric: even || odd,
    flat: slope.every((s) => s === 0),
    steepest: slope.reduce((m, s) => Math.max(m, s * s), 0),
    range: Math.max(...offset) - Math.min(...offset)
  };
}
