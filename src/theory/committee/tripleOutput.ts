/**
 * The output side of the sign-sign committee of three units on the matched line, as outputBlock.ts is that of two: labels 1 and -1, so
 * that J = E |grad Z_1|^2/(Z_1 Z_-1) in every direction. Averages over omega ~ N(0, Q) by a product rule on lattices: J_+-, Psi_out and the
 * squared error keep about 1e-8 of themselves, the label error, whose integrand has a kink, 1e-6.
 */
import { composite } from "../../numerics/quadrature.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { normalPdf } from "../../numerics/special/index.ts";
import type { CommitteeOrder } from "./order.ts";
import type { CommitteeInformation } from "./outputBlock.ts";
import { type DifferencePlane, differencePlane, overlapSpace } from "./overlapSpace.ts";
import { panels } from "./labelError.ts";
import { halfAxis } from "./overlapPlane.ts";
import { TripleVote } from "./tripleVote.ts";

/** A label rarer than this is rounding: its share of E |grad Z|^2/Z is below its chance times a few hundred over the variance. */
const LEAST = 4e-15;
const entropy = (z: number) => (z > 1e-300 ? z * Math.log(z) : 0);

/** J_+ and J_-, the latter per direction. At lambda_- = 0, J_- = 0 by symmetry. `fine` below 1 refines the rule. */
export function tripleInformation(o: CommitteeOrder, fine = 1): CommitteeInformation {
  const { first, second, third, weight } = overlapSpace(o, fine);
  const vote = new TripleVote(o.vPlus, o.vMinus);
  const { slope } = vote;
  let plus = 0;
  let minus = 0;
  for (let k = 0; k < weight.length; k++) {
    if (!vote.at(first[k], second[k], third[k])) continue;
    const inverse = weight[k] * ((vote.up > LEAST ? 1 / vote.up : 0) + (vote.down > LEAST ? 1 / vote.down : 0));
    const mean = (slope[0] + slope[1] + slope[2]) / 3;
    plus += inverse * 3 * mean * mean;
    minus += inverse * 0.5 * ((slope[0] - mean) ** 2 + (slope[1] - mean) ** 2 + (slope[2] - mean) ** 2);
  }
  return { plus, minus: o.lambdaMinus > 0 ? minus : 0 };
}

/** dJ_-/dlambda_- at lambda_- = 0: E (d_-^2 Z_1)^2/(Z_1 Z_-1) over omega_+ alone. */
export function tripleSusceptibility(lambdaPlus: number, vPlus: number): number {
  const axis = halfAxis(lambdaPlus, vPlus, 1);
  const vote = new TripleVote(vPlus, 1);
  let total = 0;
  for (let k = 0; k < axis.x.length; k++) {
    const w = axis.x[k] / Math.sqrt(3);
    vote.at(w, w, w);
    const bend = vote.bend(w);
    total += axis.w[k] * bend * bend * ((vote.up > LEAST ? 1 / vote.up : 0) + (vote.down > LEAST ? 1 / vote.down : 0));
  }
  return total;
}

/** Psi_out, nats a sample: minus the entropy of a label given the estimate. */
export function tripleFreeEntropy(o: CommitteeOrder, fine = 1): number {
  const { first, second, third, weight } = overlapSpace(o, fine);
  const vote = new TripleVote(o.vPlus, o.vMinus);
  let psi = 0;
  for (let k = 0; k < weight.length; k++)
    if (vote.at(first[k], second[k], third[k])) psi += weight[k] * (entropy(vote.up) + entropy(vote.down));
  return psi;
}

/** E (Y - <Y>)^2 = E 4 Z_1 Z_-1. */
export function tripleSquaredError(o: CommitteeOrder, fine = 1): number {
  const { first, second, third, weight } = overlapSpace(o, fine);
  const vote = new TripleVote(o.vPlus, o.vMinus);
  let e = 0;
  for (let k = 0; k < weight.length; k++) if (vote.at(first[k], second[k], third[k])) e += weight[k] * 4 * vote.up * vote.down;
  return e;
}

const REACH = 7.5;
/** With less variance than this what is left of the differences varies next to the walls d_1 = d_2 and d_2 = d_3, where the deciding unit changes. */
const WALLS = 0.1;

/** Differences d_1 >= d_2 >= d_3 by their gaps, in panels that grow from the walls; weights sum to 1. */
function chamber(lambda: number, width: number): DifferencePlane {
  const far = REACH * Math.sqrt(2 * lambda);
  const breaks = [0];
  for (let x = Math.min(far, 2.5 * width); ; x = Math.min(far, 2.8 * x, x + 1.2 * Math.sqrt(2 * lambda))) {
    breaks.push(x);
    if (x >= far) break;
  }
  const { nodes, weights } = composite(breaks, 7);
  const [first, second, third, weight]: number[][] = [[], [], [], []];
  for (let i = 0; i < nodes.length; i++)
    for (let j = 0; j < nodes.length; j++) {
      const [a, b] = [nodes[i], nodes[j]];
      const w = ((Math.sqrt(3) * weights[i] * weights[j]) / (Math.PI * lambda)) * Math.exp(-(a * a + a * b + b * b) / (3 * lambda));
      if (w < 1e-14) continue;
      first.push((2 * a + b) / 3);
      second.push((b - a) / 3);
      third.push(-(a + 2 * b) / 3);
      weight.push(w);
    }
  return { first, second, third, weight };
}

/**
 * E min(Z_1, Z_-1). Z_1 grows along omega_+, and the guess turns where Z_1 = 1/2, so that panels of omega_+ end there; the differences on the lattice.
 * omega -> -omega turns one half of the line into the other half of the opposite difference: both sides of the turn are summed.
 */
export function tripleLabelError(o: CommitteeOrder): number {
  const vote = new TripleVote(o.vPlus, o.vMinus);
  const { s } = vote;
  const sp = Math.sqrt(o.lambdaPlus);
  const root = 1 / Math.sqrt(3);
  const plane = o.vMinus < WALLS ? chamber(o.lambdaMinus, s) : differencePlane(o.lambdaMinus, o.vMinus, 0.7);
  let total = 0;
  for (let b = 0; b < plane.weight.length; b++) {
    const [x, y, z] = [plane.first[b], plane.second[b], plane.third[b]];
    const at = (u: number) => vote.at(u * root + x, u * root + y, u * root + z);
    const lead = (u: number) => {
      at(u);
      return vote.up - vote.down;
    };
    if (sp < 1e-150) {
      at(0);
      total += plane.weight[b] * Math.min(vote.up, vote.down);
      continue;
    }
    // the middle unit decides: the turn is near -sqrt 3 times its difference
    const far = REACH * sp;
    const guess = -Math.sqrt(3) * y;
    const turn = x === 0 && z === 0 ? 0 : brentRoot(lead, guess - 16 * s, guess + 16 * s, { tolerance: 1e-9 * s }).x;
    const [from, to] = [Math.max(-far, turn - 12 * s), Math.min(far, turn + 12 * s)];
    const near = Math.min(Math.sqrt(o.vPlus) * 2, s);
    const breaks =
      turn > from && turn < to
        ? [...panels(from, turn, s, near, 1.5 * sp), ...panels(turn, to, near, s, 1.5 * sp).slice(1)]
        : from < to
          ? panels(from, to, s, s, 1.5 * sp)
          : [];
    if (breaks.length < 2) continue;
    const { nodes, weights } = composite(breaks, 8);
    let sum = 0;
    for (let k = 0; k < nodes.length; k++) {
      if (!at(nodes[k])) continue;
      sum += weights[k] * normalPdf(nodes[k] / sp) * Math.min(vote.up, vote.down);
    }
    total += (plane.weight[b] * sum) / sp;
  }
  return Math.min(0.5, total);
}
