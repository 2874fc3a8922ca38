/** Rules for circular complex Gaussians: the radius |omega| of CN(0, q), and standard normals as a trapezoid. */
import { type Rule, composite, gradedBreaks } from "../numerics/quadrature.ts";

/**
 * |omega| for omega ~ CN(0, q): density 2 r exp(-r^2) in r = |omega|/sqrt q, left out beyond 6.3 (mass 6e-18). `width` is the
 * scale on which what is integrated changes near r = 0, that of z given omega; it settles like (width/r)^2, hence graded. One node at q = 0.
 */
export function rayleighRule(q: number, order: number, width = Infinity): Rule {
  if (!(q > 0)) return { nodes: new Float64Array(1), weights: Float64Array.of(1) };
  const root = Math.sqrt(q);
  const { nodes, weights } = composite(
    gradedBreaks(0, 6.3, [
      { centre: 0, width: 1.3 },
      { centre: 0, width: Math.min(1.3, (2 * width) / root) }
    ]),
    order
  );
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
