/**
 * State evolution of GAMP, step by step: order parameters m, q, V for any teacher and student (Rangan 2011; Barbier et al.
 * 2019). The student's `score` and `posterior` are the very functions GAMP calls, here on quadrature nodes.
 */
import { outcome } from "../core/outcome.ts";
import type { Channel, Outcome, Prior } from "../core/types.ts";
import { information, mmse } from "./blocks.ts";
import { scalarEstimate } from "./scalarEstimate.ts";

export interface Model {
  readonly prior: Prior;
  readonly channel: Channel;
}

/** m = E x0 xhat, q = E xhat^2, V = the student's own posterior variance, mse = E (x0 - xhat)^2, all per component. */
export interface Order {
  readonly t: number;
  readonly m: number;
  readonly q: number;
  readonly V: number;
  readonly mse: number;
}

/** How a trajectory starts: knowing only the prior, or with overlap `overlap` = m/rho = q/rho in [0, 1]. */
export type Start = "uninformed" | { readonly overlap: number };

export interface EvolutionOptions {
  readonly start?: Start;
  readonly iterations?: number;
  /** On the change of m, q, V relative to rho. */
  readonly tolerance?: number;
  readonly order?: number;
}

const EXACT = 1e-26; // V/rho below it is exact recovery: the estimate carries no more digits

/** q/rho below which a symmetric model is at, or still near, zero overlap. */
const TRIVIAL = 1e-6;

/** The start of a trajectory. */
export function startOrder({ prior }: Model, teacher: Model, start: Start): Order {
  const rho = teacher.prior.secondMoment;
  if (start === "uninformed") {
    const q = prior.mean ** 2;
    const m = prior.mean * teacher.prior.mean;
    return { t: 0, m, q, V: prior.secondMoment - q, mse: rho - 2 * m + q };
  }
  const m = start.overlap * rho;
  return { t: 0, m, q: m, V: (1 - start.overlap) * rho, mse: (1 - start.overlap) * rho };
}

/** Yields t = 0, 1, ... and returns how it ended. `teacher` defaults to the student: the matched, Bayes-optimal case. */
export function* stateEvolution(
  alpha: number,
  student: Model,
  teacher: Model = student,
  { start = "uninformed", iterations = 1000, tolerance = 1e-10, order: nodes }: EvolutionOptions = {}
): Generator<Order, Outcome> {
  const rho = teacher.prior.secondMoment;
  const step = student === teacher ? matchedStep(alpha, student, nodes) : generalStep(alpha, student, teacher, nodes);
  let now = startOrder(student, teacher, start);
  yield now;
  let change = Number.POSITIVE_INFINITY;
  for (let t = 1; t <= iterations; t++) {
    const next = { ...step(now), t };
    if (!Number.isFinite(next.m + next.q + next.V) || next.q > 1e12 * rho)
      return outcome("diverged", change, t, {
        advice: "the student's iteration runs away: its prior or noise is too far from the teacher's; use the teacher's, or damping"
      });
    change = Math.max(Math.abs(next.m - now.m), Math.abs(next.q - now.q), Math.abs(next.V - now.V)) / rho;
    const relative = Math.abs(next.V - now.V) / Math.max(next.V, now.V, Number.MIN_VALUE);
    const growing = next.q > now.q;
    now = next;
    yield now;
    if (now.V <= EXACT * rho && now.mse <= EXACT * rho) return outcome("exact-recovery", change, t);
    if (change < tolerance && relative < 1e-6) {
      if (student.channel.even && now.q <= TRIVIAL * rho) {
        if (growing) continue; // slow because it is small, not because it is at rest: zero overlap is unstable here
        const stay = now.q > 0 ? "zero overlap is stable here: the overlap shrinks at every step; raise alpha" : "";
        return outcome("trivial-fixed-point", change, t, {
          advice:
            stay ||
            "the overlap is exactly zero, a fixed point of every symmetric model: start from a small overlap to see whether it is stable"
        });
      }
      return outcome("converged", change, t);
    }
  }
  return outcome("horizon", change, iterations, {
    advice: `still moving by ${change.toExponential(1)} a step: raise iterations, or read the fixed points, which are not iterated`
  });
}

function matchedStep(alpha: number, { prior, channel }: Model, nodes?: number): (o: Order) => Omit<Order, "t"> {
  const rho = prior.secondMoment;
  return ({ q, V }) => {
    if (V === 0 && channel.deterministic) return { m: rho, q: rho, V: 0, mse: 0 };
    const next = mmse(prior, alpha * information(channel, Math.max(q, 0), V, nodes), nodes);
    return { m: rho - next, q: rho - next, V: next, mse: next };
  };
}

/** One step of (m, q, V) for any teacher and student; exported for the stability analysis. */
export function generalStep(
  alpha: number,
  student: Model,
  teacher: Model,
  nodes?: number
): (o: Pick<Order, "m" | "q" | "V">) => Omit<Order, "t"> {
  const rho = teacher.prior.secondMoment;
  const complex = student.prior.scalar === "complex" ? 2 : 1;
  return ({ m, q, V }) => {
    const slope = q > 0 ? m / q : 0;
    const spread = Math.max(rho - m * slope, 0);
    const seen = teacher.channel.field({ q, slope, spread }, nodes);
    const K = seen.weight.length;
    const g = new Float64Array(complex * K);
    const curvature = new Float64Array(K);
    const g0 = new Float64Array(complex * K);
    const scratch = new Float64Array(K);
    student.channel.score(Float64Array.of(V), seen.input, seen.label, g, curvature);
    teacher.channel.score(
      Float64Array.of(spread),
      seen.input.map((w) => slope * w),
      seen.label,
      g0,
      scratch
    );
    let mHat = 0;
    let qHat = 0;
    let a = 0;
    for (let k = 0; k < K; k++) {
      const w = seen.weight[k];
      if (!(w > 0)) continue;
      for (let c = complex * k; c < complex * (k + 1); c++) {
        mHat += w * g[c] * g0[c]; // Stein: E d g / d z0
        qHat += w * g[c] * g[c];
      }
      a += w * curvature[k];
    }
    mHat *= alpha;
    qHat *= alpha;
    a *= alpha;
    if (!(a >= 0)) return { m, q: Number.POSITIVE_INFINITY, V, mse: Number.POSITIVE_INFINITY }; // the student expects negative information: it diverges
    return scalarEstimate(teacher.prior, student.prior, { a, mHat, qHat }, nodes);
  };
}
