/** Transitions of a family of graphs, read off its branches: folds, equal free entropies, loss of stability of zero information. */
import { brentRoot } from "../../numerics/roots.ts";
import { type BranchOptions, type BranchSet, graphBranches } from "./branches.ts";
import type { BranchPoint } from "./branchFamily.ts";
import { pointOnSheet, type Sheet } from "./sheets.ts";
import { exactRecoveryFreeEntropy } from "./informations.ts";
import { startOf, variancesOf } from "./section.ts";
import type { Graph } from "../../core/types.ts";

/** null: there is no such transition in the range. */
export interface GraphTransitions {
  /** Zero information loses its stability. */
  readonly weakRecovery: number | null;
  /** Where the uninformed branch ends (its fold), or where it runs into exact recovery. */
  readonly algorithmic: number | null;
  /** The two stable branches have the same free entropy. */
  readonly informationTheoretic: number | null;
  /** Where the informed branch ends. */
  readonly spinodalLow: number | null;
}

/** A branch at theta; `exact`: no unknown is left, and its free entropy is +infinity or that of a discrete signal. */
export interface BranchState {
  readonly point: BranchPoint;
  readonly stable: boolean;
  readonly freeEntropy: number;
}

/** Every fixed point at theta, by falling variance of the reference variable; zero information included. */
export function branchesAt(set: BranchSet, theta: number): BranchState[] {
  const { family } = set;
  const states: BranchState[] = [];
  if (set.symmetric) {
    const point = silent(set, theta);
    states.push({ point, stable: family.growthRate(point) < 1, freeEntropy: family.freeEntropy(point) });
  }
  for (const sheet of set.sheets) {
    const point = pointOnSheet(family, sheet, theta);
    if (point) states.push({ point, stable: sheet.stable, freeEntropy: family.freeEntropy(point) });
  }
  return states.sort((a, b) => b.point.v[family.reference] - a.point.v[family.reference]);
}

/** The fixed points with the largest and the smallest stable variance: what the uninformed and the informed iteration reach. */
export function bothBranches(set: BranchSet, theta: number): { readonly uninformed: BranchState; readonly informed: BranchState } | null {
  const stable = branchesAt(set, theta).filter((s) => s.stable);
  return stable.length > 0 ? { uninformed: stable[0], informed: stable[stable.length - 1] } : null;
}

function silent(set: BranchSet, theta: number): BranchPoint {
  const section = set.family.section(theta);
  const at = startOf(section);
  return {
    theta,
    forward: at.forward,
    backward: at.backward,
    v: variancesOf(at),
    u: new Float64Array(set.family.unknowns.length).fill(-745)
  };
}

/**
 * Thresholds along theta in `options.range`. `easier`: the end of the range at which recovery is easy (by default the one at which the uninformed
 * branch has the smaller variance).
 */
export function graphTransitions(
  graphs: (theta: number) => Graph,
  options: BranchOptions & { readonly easier?: "low" | "high" }
): GraphTransitions {
  return transitionsOf(graphBranches(graphs, options), options.easier);
}

/** The same from branches already followed. */
export function transitionsOf(set: BranchSet, easier?: "low" | "high"): GraphTransitions {
  const way = easier ?? easierEnd(set);
  const weak = set.weakRecovery.length > 0 ? set.weakRecovery[way === "high" ? 0 : set.weakRecovery.length - 1] : null;
  const stable = set.sheets.filter((s) => s.stable);
  /** Ends of a sheet towards the easy and the hard side. */
  const easyEnd = (s: Sheet) => (way === "high" ? { theta: s.to, kind: s.ends[1] } : { theta: s.from, kind: s.ends[0] });
  const hardEnd = (s: Sheet) => (way === "high" ? { theta: s.from, kind: s.ends[0] } : { theta: s.to, kind: s.ends[1] });
  const beyond = (a: number, b: number) => (way === "high" ? a > b : a < b);

  // where the uninformed state disappears: the furthest end of a stable sheet that does not reach the easy border
  let algorithmic: number | null = weak;
  let lower: Sheet | null = null;
  for (const s of stable) {
    const { theta, kind } = easyEnd(s);
    if (kind === "border") continue;
    if (algorithmic === null || beyond(theta, algorithmic)) {
      algorithmic = theta;
      lower = s;
    }
  }
  if (lower === null && weak !== null && stable.some((s) => hardEnd(s).kind === "trivial")) {
    const upper = stable.find((s) => easyEnd(s).kind === "border" && hardEnd(s).kind === "trivial");
    if (upper) return { weakRecovery: weak, algorithmic: weak, informationTheoretic: null, spinodalLow: null }; // continuous
  }
  if (algorithmic === null) return { weakRecovery: weak, algorithmic: null, informationTheoretic: null, spinodalLow: null };
  const upper = stable.find((s) => s !== lower && easyEnd(s).kind === "border" && !beyond(hardEnd(s).theta, algorithmic as number));
  if (!upper) return againstExact(set, stable, way, weak, algorithmic);
  const spinodalLow = hardEnd(upper).theta;
  const gap = (theta: number): number | null => {
    const high = pointOnSheet(set.family, upper, theta);
    const below = lowerState(set, stable, upper, theta);
    return high && below ? set.family.freeEntropy(high) - set.family.freeEntropy(below) : null;
  };
  return { weakRecovery: weak, algorithmic, informationTheoretic: crossing(gap, spinodalLow, algorithmic), spinodalLow };
}

/** The informed state is exact recovery: it starts where a sheet runs into it, and wins there (continuous signals) or where free entropies cross. */
function againstExact(
  set: BranchSet,
  stable: readonly Sheet[],
  way: "low" | "high",
  weakRecovery: number | null,
  algorithmic: number
): GraphTransitions {
  const { family, range } = set;
  const spinodalLow = set.exact.length > 0 ? (way === "high" ? Math.min(...set.exact) : Math.max(...set.exact)) : null;
  const hard = way === "high" ? range[0] : range[1];
  const gap = (theta: number): number | null => {
    const below = lowerState(set, stable, null, theta);
    return below ? exactRecoveryFreeEntropy(family.section(theta).graph, family.reference) - family.freeEntropy(below) : null;
  };
  const edge = 1e-9 * (algorithmic - hard);
  const finite = Number.isFinite(gap(algorithmic - edge) ?? Number.NaN);
  const informationTheoretic = finite ? crossing(gap, hard, algorithmic) : spinodalLow;
  return { weakRecovery, algorithmic, informationTheoretic, spinodalLow };
}

/** The stable state of largest variance other than `upper` at theta. */
function lowerState(set: BranchSet, stable: readonly Sheet[], upper: Sheet | null, theta: number): BranchPoint | null {
  const ref = set.family.reference;
  let worst: BranchPoint | null = null;
  for (const s of stable) {
    const p = s === upper ? null : pointOnSheet(set.family, s, theta);
    if (p && (!worst || p.v[ref] > worst.v[ref])) worst = p;
  }
  if (worst) return worst;
  return set.symmetric ? silent(set, theta) : null;
}

function crossing(gap: (theta: number) => number | null, a: number, b: number): number | null {
  // at a fold the system is singular: come only as close to it as the sign needs
  for (const share of [1e-2, 1e-4, 1e-6, 1e-8]) {
    const edge = share * (b - a);
    const [f, g] = [gap(a + edge), gap(b - edge)];
    if (f === null || g === null) return null;
    if (f * g <= 0)
      return brentRoot((theta) => gap(theta) ?? 0, Math.min(a + edge, b - edge), Math.max(a + edge, b - edge), { tolerance: 1e-13 }).x;
  }
  return null;
}

function easierEnd(set: BranchSet): "low" | "high" {
  const ref = set.family.reference;
  const best = (theta: number): number => {
    const states = bothBranches(set, theta);
    return states ? states.uninformed.point.v[ref] / set.family.section(theta).tau[ref] : 0; // nothing left to follow: exact
  };
  return best(set.range[0]) < best(set.range[1]) ? "low" : "high";
}
