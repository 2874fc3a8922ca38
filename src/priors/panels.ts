/** Panels for the fields of priors: a chain of break points per feature, and a march that satisfies all chains with few panels. */
import { gaussLegendre } from "../numerics/quadrature.ts";
import type { Field } from "../core/types.ts";

/** Sorted break points of one feature: between neighbours it is resolved by 16 Gauss-Legendre nodes; outside the chain it is constant. */
export type Chain = readonly number[];

/** A Gaussian times a slowly varying function, to nine standard deviations (mass 2e-19 beyond). */
const BELL = [-9, -5.6, -2.6, 0, 2.6, 5.6, 9] as const;

export function bell(centre: number, width: number): number[] {
  return BELL.map((k) => centre + k * width);
}

/**
 * Consecutive panels [from_0, to_0, from_1, to_1, ...] covering the union of the spans of `own`, each within what every chain
 * (of `own` and of `others`) allows. Chains that overlap share panels: a break is passed over when the panel behind it would
 * be a sliver, less than 0.4 of its neighbours, so the count grows like the finest feature and not like the sum of all.
 */
export function march(own: readonly Chain[], others: readonly Chain[] = []): number[] {
  const spans = own
    .filter((c) => c.length > 1 && c[c.length - 1] > c[0])
    .map((c) => [c[0], c[c.length - 1]] as [number, number])
    .sort((x, y) => x[0] - y[0]);
  const chains = others.length ? [...own, ...others] : own;
  const at = new Int32Array(chains.length); // first break beyond the current place, per chain
  const panels: number[] = [];
  for (let s = 0; s < spans.length; ) {
    let y = spans[s][0];
    let to = spans[s][1];
    for (s++; s < spans.length && spans[s][0] <= to; s++) to = Math.max(to, spans[s][1]);
    while (y < to) {
      let next = to;
      for (let i = 0; i < chains.length; i++) {
        const c = chains[i];
        let j = at[i];
        while (j < c.length && c[j] <= y) j++;
        at[i] = j;
        if (j >= c.length) continue;
        let limit = c[j];
        if (j + 1 < c.length) {
          const ahead = c[j + 1] - c[j];
          const behind = j > 0 ? c[j] - c[j - 1] : ahead;
          if (c[j] - y < 0.4 * Math.min(ahead, behind)) limit = c[j] + 0.6 * ahead;
        } else if (j > 0 && to - c[j] < 0.3 * (c[j] - c[j - 1])) limit = to;
        if (limit < next) next = limit;
      }
      if (!(next > y)) next = to; // the last ulp
      panels.push(y, next);
      y = next;
    }
  }
  return panels;
}

/** Gauss-Legendre nodes on every panel, their Lebesgue weights, and after them the point masses `atoms` (pairs b, weight). */
export function nodesOn(panels: readonly number[], order: number, atoms: readonly number[] = []): Field {
  const { nodes: x, weights: w } = gaussLegendre(order);
  const n = (panels.length / 2) * order;
  const input = new Float64Array(n + atoms.length / 2);
  const weight = new Float64Array(input.length);
  let k = 0;
  for (let p = 0; p < panels.length; p += 2) {
    const half = (panels[p + 1] - panels[p]) / 2;
    const mid = (panels[p + 1] + panels[p]) / 2;
    for (let i = 0; i < order; i++, k++) {
      input[k] = mid + half * x[i];
      weight[k] = half * w[i];
    }
  }
  for (let i = 0; i < atoms.length; i += 2, k++) {
    input[k] = atoms[i];
    weight[k] = atoms[i + 1];
  }
  return { input, label: new Float64Array(0), weight };
}

/** The same with the weights of the nodes (not of the atoms) times density(b). */
export function fieldOn(panels: readonly number[], order: number, density: (b: number) => number, atoms: readonly number[] = []): Field {
  const field = nodesOn(panels, order, atoms);
  const n = field.input.length - atoms.length / 2;
  for (let k = 0; k < n; k++) field.weight[k] *= density(field.input[k]);
  return field;
}

/** No information at all: one node at b = 0 (re, im interleaved if complex). */
export function blindField(complex = false): Field {
  return { input: new Float64Array(complex ? 2 : 1), label: new Float64Array(0), weight: Float64Array.of(1) };
}
