/**
 * Every fixed point of state evolution on a family of graphs along a parameter theta: the solution curve F(ln(backward tau), theta) = 0 by
 * pseudo-arclength continuation, started from the uninformed and informed ends and, in symmetric models, where zero information
 * loses its stability. It is cut at its folds into sheets, one stable or unstable fixed point at every theta of each.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Vec } from "../../core/types.ts";
import { continuation } from "../../numerics/continuation.ts";
import { type BranchFamily, type BranchPoint, branchFamily, solveAt } from "./branchFamily.ts";
import { isTrivial } from "./evolution.ts";
import { settle } from "./informations.ts";
import { type Fold, limitOf, type Sheet, type SheetEnd, sheetsOf, type Trace } from "./sheets.ts";
import { nearTrivial, weakRecoveries } from "./weakRecovery.ts";

export interface BranchOptions {
  /** Border of theta. */
  readonly range: readonly [number, number];
  /** Variable whose variance orders the fixed points, and per component of which free entropies count; the first by default. */
  readonly reference?: number;
  /** Largest step along the curve in (ln precisions, theta/unit). Default 0.25. */
  readonly maxStep?: number;
  /** Scale of theta in that length; default the length of the range. */
  readonly unit?: number;
  /** ln(backward tau) past which recovery counts as exact. Default ln 1e11: the limit is extrapolated. */
  readonly exact?: number;
}

export interface BranchSet {
  readonly family: BranchFamily;
  readonly range: readonly [number, number];
  readonly sheets: readonly Sheet[];
  readonly folds: readonly Fold[];
  /** Zero information is a fixed point at every theta. */
  readonly symmetric: boolean;
  /** Where it loses (or gains) stability, ascending. */
  readonly weakRecovery: readonly number[];
  /** Limit of theta along sheets that run into exact recovery. */
  readonly exact: readonly number[];
}

const FAINT = -30;
/** Shorter steps would only follow rounding: deep in exact recovery the curve ends there. */
const LEAST_STEP = 0.005;
const DEEP = Math.log(1e6);

/**
 * All branches that start at the ends of the range or at zero information. Throws ParameterError for a range that is not one. Cost: 100 to 500
 * points of a few dozen iterations of state evolution each.
 */
export function graphBranches(graphs: (theta: number) => Graph, options: BranchOptions): BranchSet {
  const { range, reference = 0, exact = Math.log(1e11) } = options;
  const [low, high] = range;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
    throw new ParameterError(`graphBranches: range must be two finite numbers low < high, got [${low}, ${high}]; for example [0.1, 2]`);
  const unit = options.unit ?? high - low;
  const family = branchFamily(graphs, 0.5 * (low + high), reference);
  const symmetric = isTrivial(family.section(low)) && isTrivial(family.section(high));
  const weakRecovery = symmetric ? weakRecoveries(family, low, high) : [];

  const traces: Trace[] = [];
  const onTrace = (p: BranchPoint): boolean => traces.some((t) => passes(t, p));
  const trace = (start: BranchPoint, direction: 1 | -1) => {
    if (onTrace(start)) return;
    traces.push(follow(family, start, direction, range, unit, exact, options.maxStep ?? 0.25));
  };
  for (const theta of weakRecovery) {
    const start = nearTrivial(family, theta, low, high);
    if (!start) continue;
    const away = follow(family, start.point, start.direction, range, unit, exact, options.maxStep ?? 0.25);
    traces.push({ ...away, ends: ["trivial", away.ends[1]], origin: theta });
  }
  for (const theta of [low, high])
    for (const start of ["uninformed", "informed"] as const) {
      const point = settled(family, theta, start, exact);
      if (point) trace(point, theta === low ? 1 : -1);
    }
  const sheets = traces.flatMap((t) => sheetsOf(family, t));
  const folds = traces.flatMap((t) => t.folds);
  const exacts = traces.flatMap((t) => (t.ends[1] === "exact" ? [limitOf(t.points)] : []));
  return { family, range, sheets, folds: folds.sort((a, b) => a.theta - b.theta), symmetric, weakRecovery, exact: exacts };
}

/** Follows the curve from a point on it until it leaves the range, fades into zero information or sharpens into exact recovery. */
function follow(
  family: BranchFamily,
  start: BranchPoint,
  direction: 1 | -1,
  range: readonly [number, number],
  unit: number,
  exact: number,
  maxStep: number
): Trace {
  const F = (u: Vec, t: number, out: Vec) => family.residual(u, t * unit, out);
  const sharp = (u: ArrayLike<number>) => Array.from(u).every((x) => x > exact) || Array.from(u).some((x) => x > exact + 8);
  const faint = (u: ArrayLike<number>) => Array.from(u).every((x) => x < FAINT / 2);
  const curve = continuation(F, start.u, start.theta / unit, {
    direction,
    range: [range[0] / unit, range[1] / unit],
    step: Math.max(LEAST_STEP, Math.min(0.01, maxStep)),
    maxStep,
    minStep: LEAST_STEP,
    maxPoints: 600,
    tolerance: 1e-11,
    jacobian: (u, t, out) => derivatives(F, u, t, out),
    stop: (u) => sharp(u) || faint(u)
  });
  const points = curve.points.map((p) => family.at(p.lambda * unit, p.x));
  const last = curve.points[curve.points.length - 1];
  const lost = curve.outcome.kind !== "converged" && last !== undefined && Math.min(...last.x) > DEEP;
  const end: SheetEnd = last === undefined ? "border" : sharp(last.x) || lost ? "exact" : faint(last.x) ? "trivial" : "border";
  const folds = curve.folds.map((p): Fold => {
    const next = curve.points.find((q) => q.arc > p.arc);
    return { theta: p.lambda * unit, kind: next && next.lambda > p.lambda ? "min" : "max", v: family.at(p.lambda * unit, p.x).v };
  });
  return {
    points: withFolds(
      points,
      curve.folds.map((p) => ({ arc: p.arc, point: family.at(p.lambda * unit, p.x) })),
      curve.points.map((p) => p.arc)
    ),
    ends: ["border", end],
    folds
  };
}

/** d F/d (u, t), n x (n+1), by central differences: errors of 1e-8 cost the corrector nothing, and move a fold in theta by their square. */
function derivatives(F: (u: Vec, t: number, out: Vec) => void, u: Vec, t: number, out: Vec): void {
  const n = u.length;
  const x = Float64Array.from(u);
  const plus = new Float64Array(n);
  const minus = new Float64Array(n);
  for (let j = 0; j <= n; j++) {
    const h = j < n ? 1e-4 : 1e-5 * Math.max(1, Math.abs(t));
    if (j < n) x[j] = u[j] + h;
    F(x, j < n ? t : t + h, plus);
    if (j < n) x[j] = u[j] - h;
    F(x, j < n ? t : t - h, minus);
    if (j < n) x[j] = u[j];
    for (let i = 0; i < n; i++) out[i * (n + 1) + j] = (plus[i] - minus[i]) / (2 * h);
  }
}

/** Folds become points of the trace, in their place along the arc. */
function withFolds(
  points: readonly BranchPoint[],
  folds: readonly { arc: number; point: BranchPoint }[],
  arcs: readonly number[]
): BranchPoint[] {
  return [...points.map((point, k) => ({ point, arc: arcs[k] })), ...folds].sort((a, b) => a.arc - b.arc).map((p) => p.point);
}

/** Does the trace pass through p? Compared at p's theta on each of its cells. */
function passes(trace: Trace, p: BranchPoint): boolean {
  const { points } = trace;
  const cells = points.length - 1;
  for (let k = 0; k < cells; k++) {
    const [a, b] = [points[k], points[k + 1]];
    if ((a.theta - p.theta) * (b.theta - p.theta) > 0) continue;
    const share = a.theta === b.theta ? 0 : (p.theta - a.theta) / (b.theta - a.theta);
    const reach = 0.02 + 0.5 * Math.max(...Array.from(a.u, (x, i) => Math.abs(b.u[i] - x)));
    if (Array.from(p.u).every((x, i) => Math.abs(x - (a.u[i] + share * (b.u[i] - a.u[i]))) < reach)) return true;
  }
  return false;
}

/** The fixed point reached at theta from a start, or null when it is trivial, exact or not reached. */
function settled(family: BranchFamily, theta: number, start: "uninformed" | "informed", exact: number): BranchPoint | null {
  const section = family.section(theta);
  const { state, outcome } = settle(section, start);
  if (outcome.kind === "exact-recovery" || outcome.kind === "diverged") return null;
  const u = Float64Array.from(family.unknowns, (i) => Math.log(state.backward[i] * section.tau[i]));
  if (!u.every((x) => Number.isFinite(x) && x > FAINT / 2) || u.some((x) => x > exact)) return null;
  return solveAt(family, theta, u);
}
