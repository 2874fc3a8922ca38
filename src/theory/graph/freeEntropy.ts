/**
 * Replica free entropy of a graph as a function of the precisions of its messages: Phi = sum_k E ln Z_k - sum_i E ln Z_i. With
 * E ln Z_k = freeEntropy_k + sum size a tau/2, and for a variable of total precision A by Nishimori E ln Z_i = (ln(2 pi/A) + A tau - 1)/2,
 * the terms in tau cancel. Its stationary points are the fixed points of state evolution: dPhi/da = size (1/A - v)/2.
 */
import type { Graph } from "../../core/types.ts";
import { moduleFreeEntropies, type Precisions, type Section, sectionOf, sweepBackward } from "./section.ts";

/** Precisions beyond it count as this: the logarithms they enter cancel to rounding. */
const INFINITE = 1e30;

/** Phi of a section in nats, variables cut off left out (their messages enter as given, less a tau/2). */
export function sectionFreeEntropy(section: Section, at: Precisions): number {
  const capped = cap(section, at);
  let phi = 0;
  for (const f of moduleFreeEntropies(section, capped)) phi += f;
  for (const i of section.inner) {
    const { scalar, size } = section.graph.variables[i];
    const A = capped.forward[i] + capped.backward[i];
    phi -= size * (scalar === "complex" ? Math.log(Math.PI / A) - 1 : 0.5 * (Math.log((2 * Math.PI) / A) - 1));
  }
  return phi;
}

/**
 * The same precisions, none above INFINITE. Where a forward message is infinite (a layer known without error), the answers were differences
 * of infinities, rounding and no more: they are asked again at the capped messages.
 */
function cap(section: Section, { forward, backward }: Precisions): Precisions {
  const least = (a: number, i: number) => Math.min(a, INFINITE / section.tau[i]);
  const at = { forward: forward.map(least), backward: backward.map(least) };
  if (!section.inner.some((i) => at.forward[i] < forward[i])) return at;
  sweepBackward(section, at);
  return { forward: at.forward, backward: at.backward.map(least) };
}

/**
 * Free entropy in nats per component of `reference` (a variable's index; the first by default) at any precisions, a fixed point
 * or not. H(Y) = -Phi at the equilibrium when every likelihood is a density of the data. Variables used by nothing do not count.
 */
export function replicaFreeEntropy(graph: Graph, state: Pick<Precisions, "forward" | "backward">, reference = 0): number {
  return sectionFreeEntropy(sectionOf(graph), state) / graph.variables[reference].size;
}
