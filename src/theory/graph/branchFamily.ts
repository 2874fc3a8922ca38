/** A family of graphs along a parameter theta as a system of equations: ln F(e^u) = u, F one iteration of state evolution, u = ln(backward tau). */
import type { Graph, Precision, Vec } from "../../core/types.ts";
import { jacobian, solveSmall } from "../../numerics/jacobian.ts";
import { iterate, stability } from "./evolution.ts";
import { sectionFreeEntropy } from "./freeEntropy.ts";
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

/** Fixed point with u[lead] = value: unknown are theta, in its place, and the other precisions. */
export function solveFor(family: BranchFamily, lead: number, value: number, theta: number, start: Vec, range: number): BranchPoint | null {
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
