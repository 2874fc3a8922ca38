/**
 * J(q, V) of the rectifier with noise D after it, as one integral over omega of F(omega) = ∫dy Z'^2/Z. With S = V + D and
 * u = (omega D + V y)/sqrt(S V D):  Z = Phi(-omega/sqrt V) N(y; 0, D) + N(y; omega, S) Phi(u),
 * Z' = N(y; omega, S) Phi(u) (y - omega)/S - (V/S) N(omega; 0, V) N(y; 0, D), both branches' boundary terms joined.
 * Beyond 9 sqrt V from the kink only one branch is left: F is 1/S on the right and 0 on the left.
 */
import { normalCdf, normalPdf } from "../numerics/special/index.ts";
import { composite } from "../numerics/quadrature.ts";
import { LEAST, REACH, steppedBreaks } from "./outputNodes.ts";

const ROOT = 1 / Math.sqrt(2 * Math.PI);

export function noisyReluInformation(q: number, V: number, D: number, order = 12): number {
  const v = Math.max(V, LEAST);
  const S = v + D;
  const sd = Math.sqrt(v);
  const root = Math.sqrt(q);
  if (!(q > 0)) return inner(0, v, D, order);
  const from = Math.max(-REACH * root, -REACH * sd);
  const to = Math.min(REACH * root, REACH * sd);
  const { nodes, weights } = composite(steppedBreaks(from / root, to / root, 3, [{ centre: 0, width: sd / root }]), order);
  let J = normalCdf(-to / root) / S;
  for (let k = 0; k < nodes.length; k++) J += weights[k] * normalPdf(nodes[k]) * inner(root * nodes[k], v, D, order);
  return J;
}

function inner(omega: number, V: number, D: number, order: number): number {
  const S = V + D;
  const noise = Math.sqrt(D);
  const spread = Math.sqrt(S);
  const flat = normalCdf(-omega / Math.sqrt(V));
  const edge = (V / S) * (normalPdf(omega / Math.sqrt(V)) / Math.sqrt(V));
  const toU = 1 / Math.sqrt(S * V * D);
  const low = -REACH * noise;
  const high = Math.max(REACH * noise, omega + REACH * spread);
  const turn = { centre: (-omega * D) / V, width: Math.sqrt(S * (D / V)) };
  const breaks = steppedBreaks(low, high, high - low, [{ centre: 0, width: noise }, { centre: omega, width: spread }, turn]);
  const { nodes, weights } = composite(breaks, order);
  let F = 0;
  for (let k = 0; k < nodes.length; k++) {
    const y = nodes[k];
    const d = (y - omega) / spread;
    const still = (ROOT / noise) * Math.exp(-0.5 * (y / noise) * (y / noise));
    const moved = (ROOT / spread) * Math.exp(-0.5 * d * d) * normalCdf((omega * D + V * y) * toU);
    const Z = flat * still + moved;
    if (!(Z > 1e-290)) continue;
    const slope = (moved * d) / spread - edge * still;
    F += weights[k] * slope * (slope / Z);
  }
  return F;
}
