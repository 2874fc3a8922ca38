/** Rules for circular complex Gaussians: the radius |omega| of CN(0, q), and standard normals as a trapezoid. */
import { type Rule, composite } from "../numerics/quadrature.ts";

/** |omega| for omega ~ CN(0, q): density 2 r exp(-r^2) in r = |omega|/sqrt q, left out beyond 6.2 (mass 2e-17). One node at q = 0. */
export function rayleighRule(q: number, order: number): Rule {
  if (!(q > 0)) return { nodes: new Float64Array(1), weights: Float64Array.of(1) };
  const { nodes, weights } = composite([0, 2, 4, 6.3], order);
  const root = Math.sqrt(q);
  for (let k = 0; k < nodes.length; k++) {
    weights[k] *= 2 * nodes[k] * Math.exp(-nodes[k] * nodes[k]);
    nodes[k] *= root;
  }
  return { nodes, weights };
}

function trapezoid(step: number, reach: number): Rule {
  const half = Math.ceil(reach / step);
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, k) => (k - half) * step);
  return { nodes, weights: nodes.map((x) => (step / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * x * x)) };
}

/** N(0, 1) by the trapezoid rule of step 0.7 on [-9.1, 9.1]: exact to exp(-2 pi^2/0.49) = 3e-18 on polynomials of low degree. */
export const wideTrapezoid = trapezoid(0.7, 9);
