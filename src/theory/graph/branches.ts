/**
 * Every fixed point of state evolution on a family of graphs along a parameter theta: the solution curve F(ln(backward tau), theta) = 0 by
 * pseudo-arclength continuation, started from the uninformed and informed ends and, in symmetric models, where zero information
 * loses its stability. It is cut at its folds into sheets, one stable or unstable fixed point at every theta of each.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Graph, Precision, Vec } from "../../core/types.ts";
import { continuation } from "../../numerics/continuation.ts";
import { jacobian, solveSmall } from "../../numerics/jacobian.ts";
import { brentRoot } from "../../numerics/roots.ts";
import { isTrivial, iterate, stability } from "./evolution.ts";
import { sectionFreeEntropy } from "./freeEntropy.ts";
import { settle } from "./informations.ts";
import { type Section, sectionOf, startOf, variancesOf } from "./section.ts";

/** A fixed point: precisions and variances per variable of the graph at theta. */
export interface BranchPoint {
  readonly theta: number;
  readonly forward: readonly Precision[];
  readonly backward: readonly Precision[];
  readonly v: readonly number[];
  /** ln(backward tau) of the unknown messages. */
  readonly u: Vec;
}

/** A piece of the solution curve between two folds (or ends), theta strictly increasing along `points`. */
export interface Sheet {
  readonly points: readonly BranchPoint[];
  readonly from: number;
  readonly to: number;
  readonly stable: boolean;
  /** What the two ends are: a fold, the border of the range, zero information, or exact recovery. */
  readonly ends: readonly [SheetEnd, SheetEnd];
}
export type SheetEnd = "fold" | "border" | "trivial" | "exact";

export interface Fold {
  readonly theta: number;
  /** max: the branch exists below it. */
  readonly kind: "max" | "min";
  readonly v: readonly number[];
}

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

/** The system behind the curve: unknowns, the graph at theta, residuals. */
export interface BranchFamily {
  readonly section: (theta: number) => Section;
  /** Variables whose backward precisions are unknown: not those always infinite (observed without noise). */
  readonly unknowns: readonly number[];
  readonly at: (theta: number, u: ArrayLike<number>) => BranchPoint;
  /** ln F(e^u) - u. */
  readonly residual: (u: ArrayLike<number>, theta: number, out: Vec) => void;
  readonly freeEntropy: (point: BranchPoint) => number;
  readonly growthRate: (point: BranchPoint) => number;
  readonly reference: number;
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

/** Wraps a family of graphs; the graphs of the last few theta are kept. */
export function branchFamily(graphs: (theta: number) => Graph, probe: number, reference = 0): BranchFamily {
  const kept = new Map<number, Section>();
  const section = (theta: number): Section => {
    let s = kept.get(theta);
    if (!s) {
      if (kept.size >= 16) kept.delete(kept.keys().next().value as number);
      s = sectionOf(graphs(theta));
      kept.set(theta, s);
    }
    return s;
  };
  const s0 = section(probe);
  const once = iterate(
    s0,
    s0.tau.map((t) => 1 / t)
  ).backward;
  const unknowns = s0.inner.filter((i) => Number.isFinite(once[i]));
  const fixed = s0.inner.filter((i) => !Number.isFinite(once[i]));
  const backwardAt = (s: Section, u: ArrayLike<number>): Precision[] => {
    const { backward } = startOf(s);
    for (const i of fixed) backward[i] = Number.POSITIVE_INFINITY;
    unknowns.forEach((i, k) => {
      backward[i] = Math.exp(u[k]) / s.tau[i];
    });
    return backward;
  };
  const at = (theta: number, u: ArrayLike<number>): BranchPoint => {
    const s = section(theta);
    const state = iterate(s, backwardAt(s, u));
    return { theta, forward: state.forward, backward: state.backward, v: variancesOf(state), u: Float64Array.from(u as ArrayLike<number>) };
  };
  return {
    section,
    unknowns,
    at,
    residual(u, theta, out) {
      const s = section(theta);
      const { backward } = iterate(s, backwardAt(s, u));
      unknowns.forEach((i, k) => {
        out[k] = Math.log(backward[i] * s.tau[i]) - u[k];
      });
    },
    freeEntropy: (p) =>
      sectionFreeEntropy(section(p.theta), { forward: [...p.forward], backward: [...p.backward] }) /
      section(p.theta).graph.variables[reference].size,
    growthRate: (p) => stability(section(p.theta), p.backward),
    reference
  };
}

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
  const onTrace = (p: BranchPoint): boolean => traces.some((t) => passes(family, t, p));
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

interface Trace {
  readonly points: readonly BranchPoint[];
  readonly ends: readonly [SheetEnd, SheetEnd];
  readonly folds: readonly Fold[];
  /** theta of zero information where the trace starts from it. */
  readonly origin?: number;
}

/** theta as the precisions go to infinity, where it differs from its limit by a power of them: Aitken on three points evenly spaced in ln v. */
function limitOf(points: readonly BranchPoint[]): number {
  const last = points[points.length - 1];
  const depth = (p: BranchPoint) => Math.max(...p.u);
  const at = (u: number) => {
    let k = points.length - 1;
    while (k > 1 && depth(points[k - 1]) > u) k--;
    const [a, b] = [points[k - 1], points[k]];
    return a.theta + ((b.theta - a.theta) * (u - depth(a))) / (depth(b) - depth(a));
  };
  const top = depth(last);
  const [x, y, z] = [at(top - 4), at(top - 2), last.theta];
  const turn = z - y - (y - x);
  const limit = turn === 0 ? z : z - (z - y) ** 2 / turn;
  return Number.isFinite(limit) && Math.abs(limit - z) <= 2 * Math.abs(z - y) ? limit : z;
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
      family,
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
  _family: BranchFamily,
  points: readonly BranchPoint[],
  folds: readonly { arc: number; point: BranchPoint }[],
  arcs: readonly number[]
): BranchPoint[] {
  return [...points.map((point, k) => ({ point, arc: arcs[k] })), ...folds].sort((a, b) => a.arc - b.arc).map((p) => p.point);
}

/** Does the trace pass through p? Compared at p's theta on each of its cells. */
function passes(_family: BranchFamily, trace: Trace, p: BranchPoint): boolean {
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

/** Newton on ln F(e^u) - u at fixed theta from u; null when it leaves. */
export function solveAt(family: BranchFamily, theta: number, start: ArrayLike<number>): BranchPoint | null {
  const n = family.unknowns.length;
  const u = Float64Array.from(start);
  const f = new Float64Array(n);
  let former = Number.POSITIVE_INFINITY;
  for (let it = 0; it < 40; it++) {
    family.residual(u, theta, f);
    const J = jacobian((x, out) => family.residual(x, theta, out), u, n, { scale: 1 });
    const step = f.map((x) => -x);
    if (solveSmall(J, step, n) === 0) return null;
    const size = step.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
    if (!Number.isFinite(size)) return null;
    const damp = Math.min(1, 1 / size);
    for (let i = 0; i < n; i++) u[i] += damp * step[i];
    if (size < 1e-13 * (1 + Math.max(...u.map(Math.abs))) || (size < 1e-10 && size > 0.5 * former)) return family.at(theta, u);
    former = size;
  }
  return null;
}

/** Where zero information changes its stability: growth rate 1 of the linearised iteration, bracketed on a grid, then Brent. */
function weakRecoveries(family: BranchFamily, low: number, high: number): number[] {
  const excess = (theta: number) => {
    const s = family.section(theta);
    const { backward } = startOf(s);
    return (
      stability(
        s,
        backward.map((b, i) => (s.inner.includes(i) && !family.unknowns.includes(i) ? Number.POSITIVE_INFINITY : b))
      ) - 1
    );
  };
  const cells = 24;
  const found: number[] = [];
  let [x, f] = [low, excess(low)];
  for (let k = 1; k <= cells; k++) {
    const y = low + ((high - low) * k) / cells;
    const g = excess(y);
    if (f * g < 0) found.push(brentRoot(excess, x, y, { tolerance: 1e-13 }).x);
    [x, f] = [y, g];
  }
  return found;
}

/** A point of the branch that leaves zero information at theta, and the way theta goes from it: the leading precision given, theta and the others by Newton. */
function nearTrivial(family: BranchFamily, theta: number, low: number, high: number): { point: BranchPoint; direction: 1 | -1 } | null {
  const n = family.unknowns.length;
  // leading eigenvector of the linearised iteration, by powers from a small start
  const u = new Float64Array(n).fill(-14);
  const f = new Float64Array(n);
  for (let k = 0; k < 100; k++) {
    family.residual(u, theta, f);
    for (let i = 0; i < n; i++) u[i] += f[i];
    const shift = -14 - Math.max(...u);
    for (let i = 0; i < n; i++) u[i] += shift;
  }
  const lead = u.indexOf(Math.max(...u));
  for (const size of [-6, -5, -4, -3]) {
    const here = solveFor(family, lead, size, theta, u, high - low);
    const ahead = here && solveFor(family, lead, size + 0.25, here.theta, here.u, high - low);
    if (here && ahead && here.theta >= low && here.theta <= high && here.theta !== ahead.theta)
      return { point: here, direction: ahead.theta > here.theta ? 1 : -1 };
  }
  return null;
}

/** Fixed point with u[lead] = value: unknown are theta, in its place, and the other precisions. */
function solveFor(family: BranchFamily, lead: number, value: number, theta: number, start: Vec, range: number): BranchPoint | null {
  const n = start.length;
  const y = Float64Array.from(start, (x) => x - start[lead] + value);
  y[lead] = theta / range;
  const x = new Float64Array(n);
  const F = (at: Vec, out: Vec) => {
    x.set(at);
    x[lead] = value;
    family.residual(x, at[lead] * range, out);
  };
  const f = new Float64Array(n);
  let former = Number.POSITIVE_INFINITY;
  for (let it = 0; it < 30; it++) {
    F(y, f);
    const step = f.map((v) => -v);
    solveSmall(jacobian(F, y, n, { scale: 0.1 }), step, n);
    const length = step.reduce((a, v) => Math.max(a, Math.abs(v)), 0);
    if (!Number.isFinite(length)) return null;
    const damp = Math.min(1, 0.2 / length);
    for (let i = 0; i < n; i++) y[i] += damp * step[i];
    if (length < 1e-12 || (length < 1e-9 && length > 0.5 * former)) {
      const u = Float64Array.from(y);
      u[lead] = value;
      return family.at(y[lead] * range, u);
    }
    former = length;
  }
  return null;
}

/** Cuts a trace where theta turns. */
function sheetsOf(family: BranchFamily, { points, ends, origin }: Trace): Sheet[] {
  const sheets: Sheet[] = [];
  let from = 0;
  const close = (to: number) => {
    if (to <= from) return;
    const piece = points.slice(from, to + 1);
    const rising = piece[piece.length - 1].theta > piece[0].theta;
    const edge: [SheetEnd, SheetEnd] = [from === 0 ? ends[0] : "fold", to === points.length - 1 ? ends[1] : "fold"];
    const sorted = rising ? piece : [...piece].reverse();
    const middle = piece[piece.length >> 1];
    const rate = family.growthRate(middle);
    const first = from === 0 && origin !== undefined ? origin : piece[0].theta;
    const last = to === points.length - 1 && ends[1] === "exact" ? limitOf(points) : piece[piece.length - 1].theta;
    sheets.push({
      points: sorted,
      from: rising ? first : last,
      to: rising ? last : first,
      stable: rate < 1,
      ends: rising ? edge : [edge[1], edge[0]]
    });
    from = to;
  };
  for (let k = 1; k + 1 < points.length; k++)
    if ((points[k].theta - points[k - 1].theta) * (points[k + 1].theta - points[k].theta) < 0) close(k);
  close(points.length - 1);
  return sheets;
}

/** The point of a sheet at theta, or null outside it. */
export function pointOnSheet(family: BranchFamily, sheet: Sheet, theta: number): BranchPoint | null {
  if (!(theta >= sheet.from && theta <= sheet.to)) return null;
  const { points } = sheet;
  // past the last point: precisions are proportional to the distance from zero information, inversely from exact recovery
  const power = (end: SheetEnd) => (end === "exact" ? -1 : 1);
  if (theta < points[0].theta) return nearTip(family, points[0], sheet.from, theta, power(sheet.ends[0]));
  if (theta > points[points.length - 1].theta) return nearTip(family, points[points.length - 1], sheet.to, theta, power(sheet.ends[1]));
  let k = 0;
  while (k + 2 < points.length && points[k + 1].theta < theta) k++;
  const [a, b] = [points[k], points[k + 1]];
  const share = b.theta === a.theta ? 0 : (theta - a.theta) / (b.theta - a.theta);
  if (share === 0) return a;
  if (share === 1) return b;
  return solveAt(
    family,
    theta,
    a.u.map((x, i) => x + share * (b.u[i] - x))
  );
}

function nearTip(family: BranchFamily, first: BranchPoint, tip: number, theta: number, power: number): BranchPoint | null {
  if (theta === tip) return null;
  const shift = power * Math.log((theta - tip) / (first.theta - tip));
  return solveAt(
    family,
    theta,
    first.u.map((x) => x + shift)
  );
}
