/**
 * Quadrature nodes of (omega, y) under an OutputLaw: omega = sqrt(q) t with panels at every place where the label changes.
 * A transition of erf type on the length w is flat to 1e-19 beyond 9 w, so panels of 3 w on its core and panels of 3 standard
 * deviations elsewhere are exact to rounding with 16 nodes (the nearest complex zero of Phi is 2.8 from the real axis).
 */
import type { Field, OutputLaw, Vec } from "../core/types.ts";
import { type Feature, composite, gaussLegendre, gradedBreaks } from "../numerics/quadrature.ts";

/** Standard deviations beyond which a Gaussian weight is left out: 2 Phi(-9) = 2e-19. */
export const REACH = 9;
/** ... and at most so many when a rare label sits further out (exp(-38^2/2) is still a double). */
const FAR = 38;

/** The window that holds exp(-t^2/2) times a transition at `centre` of the given width: its product peaks at centre/(1 + width^2). */
export function windowOf(centre: number, width: number): number {
  return Math.min(FAR, REACH + Math.abs(centre) / (1 + width * width));
}

/** Panel length in widths. */
const STEP = 3;
/** A variance below this is treated as this: its square root and inverse are still finite. */
export const LEAST = 1e-300;
const ROOT = 1 / Math.sqrt(2 * Math.PI);

/** Breaks of [from, to] with panels of at most `step`, at most 3 widths inside the core (9 widths) of a feature, and one at its centre. */
export function steppedBreaks(from: number, to: number, step: number, features: readonly Feature[]): number[] {
  const breaks = [from];
  const grain = 1e-15 * Math.max(Math.abs(from), Math.abs(to), to - from);
  let x = from;
  while (x < to) {
    let h = step;
    for (let f = 0; f < features.length; f++) {
      const { centre, width } = features[f];
      const d = centre - x;
      if (width > grain) {
        const before = d - REACH * width;
        if (before > grain) h = Math.min(h, before);
        else if (d + REACH * width > grain) h = Math.min(h, STEP * width);
      }
      if (d > grain) h = Math.min(h, d);
    }
    const left = to - x;
    // No slivers at the end of the interval: the last two panels share what is left.
    x = h >= left * (1 - 1e-9) ? to : h > left / 2 ? x + left / 2 : x + h;
    for (let f = 0; f < features.length; f++) if (Math.abs(features[f].centre - x) <= grain) x = features[f].centre;
    if (x <= breaks[breaks.length - 1]) x = breaks[breaks.length - 1] + grain;
    breaks.push(Math.min(x, to));
  }
  return breaks;
}

/**
 * An edge between two segments; at a fold their slopes have opposite signs, and a posterior may sit on both branches.
 * `gap` > 0 marks instead the middle of a gap of that length between two segments with one label: there the posterior goes from
 * one to the other like tanh(gap omega/(2 V)).
 */
export interface Edge {
  readonly at: number;
  readonly fold: boolean;
  readonly gap?: number;
}

/** Widths, in z, on which an integrand turns at the middle of a gap; none when no mass can be there. */
export function gapWidths(gap: number, total: number): readonly number[] {
  return gap * gap > 256 * total ? [] : [total / gap, (2 * total) / gap, (4 * total) / gap];
}

/** Near a fold the posterior turns like tanh(y omega/V), whose poles come closer than those of erf: finer core panels there. */
const FOLD = 0.3;

/** Nodes of omega and their Gaussian weights, valid up to `size`; reused between calls. */
export interface OmegaRule {
  omega: Vec;
  weight: Vec;
  size: number;
}

/**
 * omega ~ N(0, q), restricted to where z0 ~ N(slope omega, total) can reach [lo, hi], with panels at the z-edges.
 * Matched laws (slope 1) have one scale at an edge; mismatched ones are graded geometrically toward the edge seen by the
 * teacher (edge / slope) and by the student (edge), whose scale is not known here.
 */
export function omegaRule(law: OutputLaw, total: number, lo: number, hi: number, edges: readonly Edge[], order: number): OmegaRule {
  const { q, slope } = law;
  const scale = Math.abs(slope) * Math.sqrt(q);
  if (!(q > 0)) return { omega: new Float64Array(1), weight: Float64Array.of(1), size: 1 };
  const sd = Math.sqrt(total);
  const window = scale > 0 ? edges.reduce((reach, { at }) => Math.max(reach, windowOf(at / scale, sd / scale)), REACH) : REACH;
  let from = -window;
  let to = window;
  const features: Feature[] = [];
  if (scale > 0) {
    const a = (lo - (REACH + 1) * sd) / scale;
    const b = (hi + (REACH + 1) * sd) / scale;
    from = Math.max(from, slope > 0 ? a : -b);
    to = Math.min(to, slope > 0 ? b : -a);
    for (const { at, fold, gap } of edges) {
      const centre = (Math.sign(slope) * at) / scale;
      if (gap) {
        for (const width of gapWidths(gap, total)) features.push({ centre, width: width / scale });
        continue;
      }
      features.push({ centre, width: sd / scale });
      if (fold) features.push({ centre, width: (FOLD * sd) / scale });
    }
  }
  if (!(from < to)) return { omega: new Float64Array(0), weight: new Float64Array(0), size: 0 };
  let breaks: number[];
  if (slope === 1) breaks = steppedBreaks(from, to, STEP, features);
  else {
    const root = Math.sqrt(q);
    const least = Math.max(1e-3 * sd, 1e-12 * root);
    const graded = features.map(({ centre, width }) => ({ centre, width: Math.max(width, 1e-12) }));
    for (const { at } of edges) graded.push({ centre: at / root, width: least / root });
    breaks = gradedBreaks(from, to, [{ centre: 0, width: 2 }, ...graded]);
  }
  const { nodes, weights } = composite(breaks, order);
  const omega = new Float64Array(nodes.length);
  const root = Math.sqrt(q);
  for (let k = 0; k < nodes.length; k++) {
    omega[k] = root * nodes[k];
    weights[k] *= ROOT * Math.exp(-0.5 * nodes[k] * nodes[k]);
  }
  return { omega, weight: weights, size: nodes.length };
}

/** A list of (input, label, weight) that grows; `inputs` and `labels` are 1 (real) or 2 (complex) numbers a node. */
export class Nodes {
  #input: Vec;
  #label: Vec;
  #weight: Vec;
  #size = 0;
  constructor(capacity = 1024) {
    this.#input = new Float64Array(capacity);
    this.#label = new Float64Array(capacity);
    this.#weight = new Float64Array(capacity);
  }
  push(input: number, label: number, weight: number): void {
    if (!(weight > 0)) return;
    const k = this.#size++;
    if (k === this.#weight.length) {
      this.#input = grown(this.#input);
      this.#label = grown(this.#label);
      this.#weight = grown(this.#weight);
    }
    this.#input[k] = input;
    this.#label[k] = label;
    this.#weight[k] = weight;
  }
  field(): Field {
    const n = this.#size;
    return { input: this.#input.slice(0, n), label: this.#label.slice(0, n), weight: this.#weight.slice(0, n) };
  }
}

function grown(v: Vec): Vec {
  const out = new Float64Array(2 * v.length);
  out.set(v);
  return out;
}

/**
 * Adds the nodes (omega, y = s z + c) with z = slope omega + sqrt(total) xi, xi standard, restricted to z in the segment.
 */
export function pushSegment(
  nodes: Nodes,
  law: OutputLaw,
  total: number,
  rule: OmegaRule,
  segment: { readonly from: number; readonly to: number; readonly slope: number; readonly offset: number },
  order: number,
  fold = false
): void {
  const sd = Math.sqrt(total);
  const { nodes: x, weights: w } = gaussLegendre(order);
  for (let i = 0; i < rule.size; i++) {
    const centre = law.slope * rule.omega[i];
    const weight = rule.weight[i];
    if (weight < 1e-30) continue;
    if (!(sd > 0)) {
      if (segment.from <= centre && centre < segment.to) nodes.push(rule.omega[i], segment.slope * centre + segment.offset, weight);
      continue;
    }
    const from = Math.max(-REACH, (segment.from - centre) / sd);
    const to = Math.min(REACH, (segment.to - centre) / sd);
    if (!(from < to)) continue;
    const features: Feature[] = [];
    if (fold) for (const e of [segment.from, segment.to]) if (Number.isFinite(e)) features.push({ centre: (e - centre) / sd, width: FOLD });
    const breaks = steppedBreaks(from, to, STEP, features);
    for (let p = 0; p < breaks.length - 1; p++) {
      const half = (breaks[p + 1] - breaks[p]) / 2;
      const mid = (breaks[p + 1] + breaks[p]) / 2;
      for (let k = 0; k < order; k++) {
        const xi = mid + half * x[k];
        const z = centre + sd * xi;
        nodes.push(rule.omega[i], segment.slope * z + segment.offset, weight * half * w[k] * ROOT * Math.exp(-0.5 * xi * xi));
      }
    }
  }
}
