/** The law of b = mHat x0 + sqrt(qHat) xi for a tabulated density: the table's own panels where noise is fine, noise widths where it is not. */
import type { Field } from "../core/types.ts";
import type { DensityTable } from "./densityTable.ts";
import { bell, blindField, type Chain, fieldOn, march } from "./panels.ts";
import type { TiltedIntegral } from "./tiltedIntegral.ts";

export function densityField(
  table: DensityTable,
  tilted: TiltedIntegral,
  mHat: number,
  qHat: number,
  order = 16,
  others: readonly Chain[] = []
): Field {
  if (mHat === 0 && qHat === 0) return blindField();
  const noise = Math.sqrt(qHat);
  const ends = table.panels.map((x) => mHat * x);
  if (mHat < 0) ends.reverse();
  if (qHat === 0) return fieldOn(march([ends], others), order, (b) => Math.exp(table.logDensity(b / mHat)) / Math.abs(mHat));
  // panels of the table, none narrower than the noise resolves, and nine noise widths to either side
  const chain: number[] = [];
  for (const b of ends) if (chain.length === 0 || b - chain[chain.length - 1] >= 2.6 * noise) chain.push(b);
  if (chain[chain.length - 1] < ends[ends.length - 1]) chain.push(ends[ends.length - 1]);
  const from = chain[0];
  const to = chain[chain.length - 1];
  const body = [...[9, 5.6, 2.6].map((k) => from - k * noise), ...chain, ...[2.6, 5.6, 9].map((k) => to + k * noise)];
  const edges = table.edges.map((x) => bell(mHat * x, noise)).filter((c) => c[c.length - 1] > body[0] && c[0] < body[body.length - 1]);
  const a = (mHat / qHat) * mHat;
  const density = (b: number): number => {
    if (mHat === 0) return Math.exp((-0.5 * b * b) / qHat) / (noise * Math.sqrt(2 * Math.PI));
    tilted.integrate(a, (b / qHat) * mHat);
    const away = b - mHat * tilted.mode; // what the noise has to carry
    return Math.exp(tilted.logIntegral - (0.5 * away * away) / qHat) / (noise * Math.sqrt(2 * Math.PI));
  };
  return fieldOn(march([body], [...edges, ...others]), order, density);
}
