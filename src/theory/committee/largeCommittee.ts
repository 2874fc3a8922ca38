/**
 * The sign-sign committee of K -> infinity units, y = sign(sum_l sign z_l), with n = alpha K p samples (Schwarze 1993; Aubin et al. 2018,
 * section on large K). By the central limit theorem the label is the sign of one Gaussian, of overlap chi with its estimate. n = O(p) samples
 * teach the sum of the units, lambda_+ = 1, and leave chi = (2/pi)(1 - q_d + arcsin q_d); per weight
 *   Phi(q_d, r) = Psi_w(r) + alpha Psi_sign(chi) - r q_d/2,   r = alpha J_sign(chi) chi'(q_d),   q_d = 2 Psi_w'(r).
 * chi' vanishes like q_d^2: the unspecialised state q_d = 0 is stable at every alpha, and no algorithm that starts from it leaves it.
 */
import { hazardInformation } from "../../channels/closedForms.ts";
import { outcome } from "../../core/outcome.ts";
import { make, ParameterError } from "../../core/parameters.ts";
import type { Outcome, Phase } from "../../core/types.ts";
import { composite } from "../../numerics/quadrature.ts";
import { brentMinimum, brentRoot } from "../../numerics/roots.ts";
import { logNormalCdf, normalCdf, normalPdf } from "../../numerics/special/index.ts";
import { binary, gaussian } from "../../priors/index.ts";
import { signalBlock } from "../signalBlock.ts";

/** The overlap of one unit beyond that of their sum, and 1 - q with its digits. */
export interface LargeOrder {
  readonly q: number;
  readonly V: number;
}
export interface LargeFixedPoint {
  readonly order: LargeOrder;
  /** Nats per weight. */
  readonly freeEntropy: number;
  readonly stable: boolean;
}
export interface LargeThresholds {
  /** Where a specialised state first exists beside the unspecialised one; null where it does at every alpha (exact learning of binary weights). */
  readonly spinodal: number | null;
  /** Where it takes over in free entropy. */
  readonly informationTheoretic: number;
  /** Where an uninformed algorithm reaches it: at no alpha. */
  readonly algorithmic: null;
}
export interface LargeBranch {
  readonly order: LargeOrder;
  readonly freeEntropy: number;
  readonly outcome: Outcome;
}
export interface LargeCommitteeTheory {
  step(alpha: number, o: LargeOrder): LargeOrder;
  /** Frame t = 0 is the start. */
  evolve(alpha: number, start: number, iterations: number): Generator<{ readonly t: number; readonly order: LargeOrder }, Outcome>;
  fixedPoints(alpha: number): readonly LargeFixedPoint[];
  predict(
    alpha: number,
    start?: number
  ): {
    readonly algorithmic: LargeBranch;
    readonly optimal: LargeBranch;
    readonly phase: Phase;
    readonly fixedPoints: readonly LargeFixedPoint[];
  };
  thresholds(): LargeThresholds;
  freeEntropy(alpha: number, o: LargeOrder): number;
}

/** chi, 1 - chi and d chi/d q_d, each without cancellation. */
export function largeOverlap({ q, V }: LargeOrder): { readonly chi: number; readonly rest: number; readonly slope: number } {
  const theta = 2 * Math.asin(Math.min(1, Math.sqrt(V / 2))); // arccos q
  // arccos q - (1 - q) = theta - 2 sin^2(theta/2)
  const rest = (2 / Math.PI) * (theta - V);
  const s = Math.sin(theta);
  return { chi: 1 - rest, rest, slope: ((2 / Math.PI) * q * q) / (s * (1 + s)) };
}

/** Chance that the Bayes-optimal label of a new pattern is wrong, arccos(sqrt chi)/pi. */
export function largeLabelError(o: LargeOrder): number {
  return Math.asin(Math.sqrt(largeOverlap(o).rest)) / Math.PI;
}

const panels = composite([-9, -6, -3, -1, 1, 3, 6, 9], 20);

/** Psi_out of a noiseless sign at overlap chi: E 2 Phi(x) ln Phi(x), x ~ N(0, chi/(1 - chi)). */
function signEntropy(chi: number, rest: number): number {
  const c = Math.sqrt(chi / rest);
  let sum = 0;
  for (let k = 0; k < panels.nodes.length; k++) {
    const t = panels.nodes[k];
    if (c <= 1) sum += panels.weights[k] * normalPdf(t) * 2 * normalCdf(c * t) * logNormalCdf(c * t);
    else {
      const h = normalCdf(t) * logNormalCdf(t) + normalCdf(-t) * logNormalCdf(-t);
      sum += (panels.weights[k] * normalPdf(t / c) * h) / c;
    }
  }
  return sum;
}

interface Point extends LargeOrder {
  readonly r: number;
  readonly alpha: number;
}

const theories = new Map<string, LargeCommitteeTheory>();

export function largeCommitteeTheory(prior: "gaussian" | "binary"): LargeCommitteeTheory {
  const known = theories.get(prior);
  if (known) return known;
  const made = build(prior);
  theories.set(prior, made);
  return made;
}

/** Variance below which binary weights count as known. */
const EXACT = 1e-13;
const STEP = 0.1;

function build(prior: "gaussian" | "binary"): LargeCommitteeTheory {
  const signal = signalBlock(prior === "gaussian" ? make(gaussian) : make(binary));
  const discrete = signal.entropy !== null;
  const state = (r: number): LargeOrder => {
    if (!(r > 0)) return { q: 0, V: 1 };
    const V = signal.mmse(r);
    return prior === "gaussian" ? { q: r / (1 + r), V } : { q: 1 - V, V };
  };
  const pull = (o: LargeOrder) => {
    const { chi, rest, slope } = largeOverlap(o);
    return rest > 0 ? ((2 * hazardInformation(chi / rest)) / rest) * slope : Number.MAX_VALUE;
  };
  const isExact = (o: LargeOrder) => discrete && o.V <= EXACT;
  const step = (alpha: number, o: LargeOrder): LargeOrder => (isExact(o) ? o : state(Math.min(alpha * pull(o), discrete ? 150 : 1e24)));
  const at = (r: number): Point => {
    const o = state(r);
    return { ...o, r, alpha: r / pull(o) };
  };
  const along = (alpha: number, o: LargeOrder, r: number) => {
    const { chi, rest } = largeOverlap(o);
    return signal.psi(r) + alpha * signEntropy(chi, rest) - 0.5 * r * o.q;
  };
  const freeEntropy = (alpha: number, o: LargeOrder): number =>
    isExact(o) ? -(signal.entropy as number) : along(alpha, o, o.q > 0 ? alpha * pull(o) : 0);

  let kept: Point[] | undefined;
  /** The curve alpha(r), r increasing: from infinity at r = 0 down to the spinodal and, Gaussian, up again. */
  const table = (): Point[] => {
    if (kept) return kept;
    kept = [];
    const top = discrete ? Math.log(55) : Math.log(1e14);
    for (let x = Math.log(1e-6); x < top; x += x > 5 ? 5 * STEP : STEP) kept.push(at(Math.exp(x)));
    return kept;
  };

  const fixedPoints = (alpha: number): LargeFixedPoint[] => {
    if (!(alpha > 0 && Number.isFinite(alpha)))
      throw new ParameterError(`committee-large: alpha must be a number > 0, got ${alpha}; for example 8`);
    const points = table();
    const none = { q: 0, V: 1 };
    const found: LargeFixedPoint[] = [{ order: none, freeEntropy: freeEntropy(alpha, none), stable: true }];
    const { spinodal } = thresholds();
    // the spinodal is a point of the table too, so that pairs of roots next to it are not missed
    const low = spinodal === null ? [] : [spinodalPoint as Point];
    const all = [...points, ...low].sort((a, b) => a.r - b.r);
    for (let k = 1; k < all.length; k++) {
      const [a, b] = [all[k - 1], all[k]];
      if ((a.alpha - alpha) * (b.alpha - alpha) >= 0) continue;
      const x = brentRoot((y) => Math.log(at(Math.exp(y)).alpha / alpha), Math.log(a.r), Math.log(b.r), { tolerance: 1e-13 }).x;
      const p = at(Math.exp(x));
      found.push({ order: { q: p.q, V: p.V }, freeEntropy: along(alpha, p, p.r), stable: b.alpha > a.alpha });
    }
    if (discrete) found.push({ order: { q: 1, V: 0 }, freeEntropy: -(signal.entropy as number), stable: true });
    return found;
  };

  let spinodalPoint: Point | null | undefined;
  let limits: LargeThresholds | undefined;
  const thresholds = (): LargeThresholds => {
    if (limits) return limits;
    const points = table();
    let least = 0;
    for (let k = 1; k < points.length; k++) if (points[k].alpha < points[least].alpha) least = k;
    const none = { q: 0, V: 1 };
    if (least === points.length - 1) {
      // alpha(r) falls all the way: exact learning is a stable state at every alpha
      spinodalPoint = null;
      const slope = freeEntropy(1, none);
      limits = { spinodal: null, informationTheoretic: (signal.entropy as number) / -slope, algorithmic: null };
      return limits;
    }
    const low = brentMinimum((x) => at(Math.exp(x)).alpha, Math.log(points[least - 1].r), Math.log(points[least + 1].r), {
      tolerance: 1e-10
    });
    spinodalPoint = at(Math.exp(low.x));
    // along the stable branch, r above the spinodal
    const gap = (x: number) => {
      const p = at(Math.exp(x));
      return along(p.alpha, p, p.r) - freeEntropy(p.alpha, none);
    };
    const x = brentRoot(gap, low.x, low.x + 6, { tolerance: 1e-13 }).x;
    limits = { spinodal: low.value, informationTheoretic: at(Math.exp(x)).alpha, algorithmic: null };
    return limits;
  };

  function* evolve(
    alpha: number,
    start: number,
    iterations: number
  ): Generator<{ readonly t: number; readonly order: LargeOrder }, Outcome> {
    let o: LargeOrder = { q: start, V: 1 - start };
    yield { t: 0, order: o };
    let residual = 1;
    for (let t = 1; t <= iterations; t++) {
      const next = step(alpha, o);
      residual = Math.abs(next.q - o.q);
      o = next;
      yield { t, order: o };
      if (isExact(o)) return outcome("exact-recovery", 0, t);
      if (residual < 1e-12) return outcome("converged", residual, t);
    }
    return outcome("horizon", residual, iterations, { advice: `not converged after ${iterations} iterations: raise iterations` });
  }

  const branch = ({ order, freeEntropy }: LargeFixedPoint): LargeBranch => ({
    order,
    freeEntropy,
    outcome: outcome(isExact(order) ? "exact-recovery" : "converged", 0, 0)
  });
  return {
    step,
    evolve,
    fixedPoints,
    thresholds,
    freeEntropy,
    predict: (alpha, start = 0) => {
      const all = fixedPoints(alpha);
      // the map is increasing: from q it climbs if above itself, falls if below, to the next fixed point that way
      const rises = start > 0 && step(alpha, { q: start, V: 1 - start }).q > start;
      const reached = rises
        ? (all.find((p) => p.order.q >= start) ?? all[all.length - 1])
        : (all.filter((p) => p.order.q <= start).pop() ?? all[0]);
      const best = all.reduce((a, b) => (b.freeEntropy > a.freeEntropy ? b : a));
      return {
        algorithmic: branch(reached),
        optimal: branch(best),
        phase: alpha < thresholds().informationTheoretic ? "impossible" : "hard",
        fixedPoints: all
      };
    }
  };
}
