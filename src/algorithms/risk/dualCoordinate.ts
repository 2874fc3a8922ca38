/**
 * Losses with one kink (hinge, absolute) and ridge > 0 by their dual: maximise sum_mu u_mu c_mu - |S(A^T u)|^2/(2 ridge) over the box
 * low <= u <= high, S the soft threshold at l1 and w = S(A^T u)/ridge. Coordinate ascent (Hsieh et al. 2008) finds which samples lie
 * at a bound; projected Newton steps then solve for the others exactly.
 */
import { outcome } from "../../core/outcome.ts";
import type { Rng, Vec } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { multiply } from "../../linalg/gemm.ts";
import { dot, kinksOf, makeAuditor, unfinished } from "./certificate.ts";
import { entriesOf, solveDefinite } from "./entries.ts";
import { DEFAULT_TOLERANCE, type RiskOptions, type RiskResult, type Setting } from "./riskProblem.ts";

/** The quadratic program in the box: rows of A, kinks c, bounds, weights. */
export interface BoxProblem {
  readonly A: Float64Array;
  readonly rows: number;
  readonly cols: number;
  readonly ridge: number;
  readonly l1: number;
  readonly at: Vec;
  readonly low: Vec;
  readonly high: Vec;
}

export interface BoxState {
  readonly u: Vec;
  /** A^T u and w = S(v)/ridge. */
  readonly v: Vec;
  readonly w: Vec;
}

export function boxState({ rows, cols, low, high }: BoxProblem): BoxState {
  const u = new Float64Array(rows);
  for (let mu = 0; mu < rows; mu++) u[mu] = Math.max(low[mu], Math.min(high[mu], 0));
  return { u, v: new Float64Array(cols), w: new Float64Array(cols) };
}

/** One pass over the samples in random order. Returns the largest violation of the optimality conditions met, in units of z. */
export function ascend(problem: BoxProblem, state: BoxState, norms: Vec, order: Int32Array, rng: Rng): number {
  const { A, cols, ridge, l1, at, low, high } = problem;
  const { u, v, w } = state;
  let worst = 0;
  for (let k = order.length - 1; k > 0; k--) {
    const other = Math.floor(rng.uniform() * (k + 1));
    const swap = order[k];
    order[k] = order[other];
    order[other] = swap;
  }
  for (let k = 0; k < order.length; k++) {
    const mu = order[k];
    if (!(norms[mu] > 0)) {
      u[mu] = at[mu] > 0 ? high[mu] : at[mu] < 0 ? low[mu] : u[mu]; // an empty row: z = 0 whatever w
      continue;
    }
    const row = mu * cols;
    let z = 0;
    for (let i = 0; i < cols; i++) z += A[row + i] * w[i];
    const pull = at[mu] - z;
    const old = u[mu];
    const next = Math.max(low[mu], Math.min(high[mu], old + (ridge * pull) / norms[mu]));
    const step = next - old;
    if (step === 0) continue;
    worst = Math.max(worst, Math.abs(pull));
    u[mu] = next;
    if (l1 === 0) {
      const move = step / ridge;
      for (let i = 0; i < cols; i++) w[i] += move * A[row + i];
    } else
      for (let i = 0; i < cols; i++) {
        v[i] += step * A[row + i];
        const over = Math.abs(v[i]) - l1;
        w[i] = over > 0 ? (Math.sign(v[i]) * over) / ridge : 0;
      }
  }
  return worst;
}

/** v and w from u, afresh. */
export function settle({ A, rows, cols, ridge, l1 }: BoxProblem, { u, v, w }: BoxState): void {
  v.fill(0);
  for (let mu = 0; mu < rows; mu++) if (u[mu] !== 0) for (let i = 0, at = mu * cols; i < cols; i++, at++) v[i] += u[mu] * A[at];
  for (let i = 0; i < cols; i++) {
    const over = Math.abs(v[i]) - l1;
    w[i] = over > 0 ? (Math.sign(v[i]) * over) / ridge : 0;
  }
}

/**
 * Projected Newton steps (Bertsekas 1982): the samples inside the box, and those at a bound that pull inwards, go towards z = c
 * (ridge (A_F A_F^T)^-1 (c - z)_F on the components where w is not 0), clipped to the box, the step halved until the dual objective
 * rises. Exact once the right set is met. Returns whether every condition of optimality holds to rounding; `z` is left at A w.
 */
export function polish(problem: BoxProblem, state: BoxState, z: Vec, most: number): boolean {
  const { A, rows, cols, ridge, l1, at, low, high } = problem;
  const { u, w } = state;
  const old = new Float64Array(rows);
  let scale = Number.MIN_VALUE * 2 ** 80;
  for (let mu = 0; mu < rows; mu++) scale = Math.max(scale, Math.abs(at[mu]));
  const fine = 1e-12 * scale;
  for (let k = 0; k < most; k++) {
    settle(problem, state);
    const free: number[] = [];
    let worst = 0;
    for (let mu = 0; mu < rows; mu++) {
      z[mu] = dot(A.subarray(mu * cols, (mu + 1) * cols), w);
      const pull = at[mu] - z[mu];
      if ((u[mu] < high[mu] && pull > 0) || (u[mu] > low[mu] && pull < 0)) worst = Math.max(worst, Math.abs(pull));
      if ((u[mu] > low[mu] && u[mu] < high[mu]) || (u[mu] <= low[mu] && pull > fine) || (u[mu] >= high[mu] && pull < -fine)) free.push(mu);
    }
    if (worst <= fine) return true;
    const n = free.length;
    if (n === 0 || n > LARGEST_SOLVE) return false;
    const live: number[] = [];
    for (let i = 0; i < cols; i++) if (l1 === 0 || w[i] !== 0) live.push(i);
    if (live.length === 0) return false;
    const rowsF = new Float64Array(live.length * n);
    for (let j = 0; j < live.length; j++) for (let m = 0; m < n; m++) rowsF[j * n + m] = A[free[m] * cols + live[j]];
    const K = new Float64Array(n * n);
    multiply(n, n, live.length, rowsF, rowsF, K, { adjoint: true });
    const step = new Float64Array(n);
    for (let m = 0; m < n; m++) step[m] = ridge * (at[free[m]] - z[free[m]]);
    // more free samples than unknowns: a proximal term picks the nearest of the many solutions
    let trace = 0;
    if (n > live.length) for (let m = 0; m < n; m++) trace += K[m * n + m];
    solveDefinite(K, n, (PROXIMAL * trace) / n, step, step);
    const before = dualObjective(problem, state);
    old.set(u);
    let s = 1;
    for (; s > 1e-6; s /= 2) {
      let rise = 0;
      for (let m = 0; m < n; m++) {
        const mu = free[m];
        u[mu] = Math.max(low[mu], Math.min(high[mu], old[mu] + s * step[m]));
        rise += (u[mu] - old[mu]) * (at[mu] - z[mu]);
      }
      settle(problem, state);
      if (dualObjective(problem, state) - before >= 1e-4 * rise - 4 * Number.EPSILON * Math.abs(before)) break;
    }
    if (s <= 1e-6) {
      u.set(old);
      settle(problem, state);
      return false;
    }
  }
  return false;
}

/** sum_mu u c - (ridge/2) |w|^2. */
function dualObjective({ ridge, at }: BoxProblem, { u, w }: BoxState): number {
  return dot(u, at) - 0.5 * ridge * dot(w, w);
}

const PROXIMAL = 1e-6;
/** Largest system of a projected Newton step. */
const LARGEST_SOLVE = 3000;

/** `setting` is checked, its loss has one kink and ridge > 0. `iterations` counts passes, default 20000. */
export function dualAscent(setting: Setting, options: RiskOptions): RiskResult {
  const { operator, rows, cols, ridge, l1 } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = 20_000 } = options;
  const auditor = makeAuditor(setting);
  const A = entriesOf(operator);
  const problem: BoxProblem = { A, rows, cols, ridge, l1, ...kinksOf(setting) };
  const state = boxState(problem);
  settle(problem, state);
  const z = new Float64Array(rows);
  const norms = Float64Array.from({ length: rows }, (_, mu) =>
    dot(A.subarray(mu * cols, (mu + 1) * cols), A.subarray(mu * cols, (mu + 1) * cols))
  );
  const order = Int32Array.from({ length: rows }, (_, mu) => mu);
  const rng = makeRng(0, "dual coordinate ascent");
  let passes = 0;
  let pause = firstPasses(rows, cols);
  for (;;) {
    for (let k = 0; k < pause && passes < iterations; k++, passes++) if (ascend(problem, state, norms, order, rng) === 0) break;
    settle(problem, state);
    const done = polish(problem, state, z, MOST_POLISH);
    settle(problem, state);
    operator.apply(state.w, z);
    const c = auditor.certify(state.w, z, state.u);
    if (done || c.residual <= tolerance) return auditor.result("coordinate", state.w, state.u, c, outcome("converged", c.residual, passes));
    if (passes >= iterations)
      return auditor.result("coordinate", state.w, state.u, c, unfinished(c, passes, "raise iterations, or take a larger ridge penalty"));
    pause = Math.min(2 * pause, 500);
  }
}

/** Passes before the first projected Newton steps: the larger the problem, the dearer a step against a pass. */
export function firstPasses(rows: number, cols: number): number {
  return Math.max(10, Math.min(200, Math.round(Math.min(rows, cols) / 5)));
}

/** Projected Newton steps between two rounds of coordinate ascent. */
const MOST_POLISH = 40;
