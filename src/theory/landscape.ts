/**
 * The free entropy against the overlap: sup over q, inf over r taken along q = 2 Psi_w'(r). For i.i.d. matrices each table point costs
 * nothing at a new alpha; for others the layer and the channel settle at each overlap, and overlaps that no Gaussian message can impose are left out.
 */
import type { Landscape } from "../core/types.ts";
import { outputEntropy } from "./blocks.ts";
import type { Curve } from "./curve.ts";

interface Table {
  readonly overlap: Float64Array;
  /** Posterior variance. */
  readonly v: Float64Array;
  /** Psi_w(r) - half r q and Psi_out(q): the landscape is constant + alpha slope. */
  readonly constant: Float64Array;
  readonly slope: Float64Array;
}
const tables = new WeakMap<Curve, Table>();

/** Where maxima of little noise are: overlaps that close in on 1, evenly in the logarithm of what is missing. */
const CLOSEST = 1e-5;
const CLOSE = 16;

/** Free entropy at about `size` overlaps spread evenly over [0, 1), and a few more close to 1; stationary exactly at the fixed points. */
export function landscape(curve: Curve, alpha: number, size = 160): Landscape {
  const table = tables.get(curve) ?? build(curve, size);
  tables.set(curve, table);
  if (curve.output) {
    const kept: [number, number][] = [];
    table.overlap.forEach((x, k) => {
      const out = curve.output?.(table.v[k], alpha) ?? null;
      if (out !== null) kept.push([x, table.constant[k] + out]);
    });
    return { order: "overlap", x: kept.map(([x]) => x), freeEntropy: kept.map(([, phi]) => phi) };
  }
  const freeEntropy = Array.from(table.overlap, (_, k) => table.constant[k] + alpha * table.slope[k]);
  return { order: "overlap", x: Array.from(table.overlap), freeEntropy };
}

function build(curve: Curve, size: number): Table {
  const { signal, channel, rho } = curve;
  const overlap: number[] = [];
  const constant: number[] = [];
  const slope: number[] = [];
  const variance: number[] = [];
  const half = signal.scalar === "complex" ? 1 : 0.5;
  const least = signal.mean ** 2 / rho;
  // r spread so that the overlap advances evenly: along the table of the curve, interpolated
  const even = Array.from({ length: size }, (_, k) => k / size);
  const close = Array.from({ length: CLOSE }, (_, k) => 1 - (1 / size) * (CLOSEST * size) ** ((k + 1) / CLOSE));
  const wanted = [...even, ...close].map((f) => least + (1 - least) * f);
  const points = curve.points;
  let j = 0;
  for (const w of wanted) {
    while (j < points.length && points[j].q / rho < w) j++;
    if (j >= points.length) break;
    const a = j > 0 ? points[j - 1] : { r: 0, q: rho * least };
    const b = points[j];
    const f = b.q > a.q ? Math.min(1, Math.max(0, (w * rho - a.q) / (b.q - a.q))) : 0;
    const r = a.r + f * (b.r - a.r);
    const V = signal.mmse(r);
    const q = Math.max(rho - V, 0);
    overlap.push(q / rho);
    constant.push(signal.psi(r) - half * r * q);
    variance.push(V);
    if (!curve.output) slope.push(outputEntropy(channel, q, V));
  }
  return {
    overlap: Float64Array.from(overlap),
    v: Float64Array.from(variance),
    constant: Float64Array.from(constant),
    slope: Float64Array.from(slope)
  };
}
