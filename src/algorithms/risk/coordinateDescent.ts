/**
 * Coordinate descent for smooth losses with an l1 or elastic-net penalty: proximal Newton steps (Friedman, Hastie and Tibshirani
 * 2010), each a weighted lasso solved coordinate by coordinate on an active set, certified by the duality gap.
 */
import { outcome } from "../../core/outcome.ts";
import { closed, makeAuditor, unfinished } from "./certificate.ts";
import { multiply } from "../../linalg/gemm.ts";
import { entriesOf, solveDefinite, transpose } from "./entries.ts";
import { DEFAULT_TOLERANCE, type RiskOptions, type RiskResult, type Setting } from "./riskProblem.ts";
import { SEPARABLE, separatedBy } from "./separation.ts";

/** `setting` is checked and its loss smooth. `iterations` counts passes over the coordinates, default 20000. */
export function primalDescent(setting: Setting, options: RiskOptions): RiskResult {
  const { operator, rows, cols, y, loss, ridge, l1 } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = 20_000, start } = options;
  const auditor = makeAuditor(setting);
  const columns = transpose(entriesOf(operator), rows, cols);
  const input = () => new Float64Array(cols);
  const output = () => new Float64Array(rows);
  const [w, v, goal, d, diagonal] = [input(), input(), input(), input(), input()];
  const [z, u, first, second, q, dz, next] = [output(), output(), output(), output(), output(), output(), output()];
  const active = new Int32Array(cols);
  if (start) w.set(start);
  let passes = 0;
  let best = Number.POSITIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let stalled = 0;
  let firstDistance: number | null = null;

  /** Minimises the quadratic model over the coordinate; returns the size of what was missing in its gradient. q = l' + D A (goal - w). */
  function visit(j: number): number {
    const at = j * rows;
    let g = ridge * goal[j];
    for (let mu = 0; mu < rows; mu++) g += columns[at + mu] * q[mu];
    const h = diagonal[j];
    const b = h * goal[j] - g;
    const over = Math.abs(b) - l1;
    const step = (over > 0 ? (Math.sign(b) * over) / h : 0) - goal[j];
    if (step === 0) return 0;
    goal[j] += step;
    for (let mu = 0; mu < rows; mu++) q[mu] += step * second[mu] * columns[at + mu];
    return Math.abs(step) * h;
  }

  /** The model's exact minimiser among the signs of the first `size` active coordinates, or the way to it until one of them vanishes: then true. */
  function solveOn(size: number): boolean {
    let n = 0;
    for (let m = 0; m < size; m++) if (goal[active[m]] !== 0) active[n++] = active[m];
    if (n === 0 || n > LARGEST_SOLVE) return false;
    const weighted = new Float64Array(rows * n);
    const plain = new Float64Array(rows * n);
    const right = new Float64Array(n);
    for (let m = 0; m < n; m++) {
      const j = active[m];
      let g = ridge * goal[j] + l1 * Math.sign(goal[j]);
      for (let mu = 0, at = j * rows; mu < rows; mu++, at++) {
        plain[mu * n + m] = columns[at];
        weighted[mu * n + m] = second[mu] * columns[at];
        g += columns[at] * q[mu];
      }
      right[m] = -g;
    }
    const H = new Float64Array(n * n);
    multiply(n, n, rows, plain, weighted, H, { adjoint: true });
    let trace = 0;
    if (n > rows && ridge === 0) for (let m = 0; m < n; m++) trace += H[m * n + m];
    solveDefinite(H, n, ridge + (PROXIMAL * trace) / n, right, right);
    let share = 1;
    let vanishing = -1;
    for (let m = 0; m < n; m++) {
      const x = goal[active[m]];
      if (l1 > 0 && x * (x + share * right[m]) < 0) {
        share = -x / right[m];
        vanishing = m;
      }
    }
    for (let m = 0; m < n; m++) {
      const j = active[m];
      const before = goal[j];
      goal[j] = m === vanishing ? 0 : before + share * right[m];
      const step = goal[j] - before;
      for (let mu = 0, at = j * rows; mu < rows; mu++, at++) q[mu] += step * second[mu] * columns[at];
    }
    return vanishing >= 0;
  }

  for (;;) {
    operator.apply(w, z);
    loss.derivatives(y, z, first, second);
    for (let i = 0; i < rows; i++) u[i] = -first[i];
    operator.adjoint(u, v);
    const c = auditor.certify(w, z, u, v);
    if (ridge === 0 && l1 === 0 && separatedBy(setting, z))
      return auditor.result("coordinate", w, u, c, outcome("diverged", c.residual, passes, { advice: SEPARABLE }));
    if (closed(c, tolerance)) return auditor.result("coordinate", w, u, c, outcome("converged", c.residual, passes));
    stalled = c.stationarity < 0.9 * best || c.objective < (1 - 1e-13) * lowest ? 0 : stalled + 1;
    best = Math.min(best, c.stationarity);
    lowest = Math.min(lowest, c.objective);
    if (passes >= iterations || stalled > 10) {
      const cure = stalled > 10 ? "rounding allows no further step; take a larger penalty or a looser tolerance" : "raise iterations";
      return auditor.result("coordinate", w, u, c, unfinished(c, passes, cure));
    }
    // where l'' vanishes (Huber's tails, underflow) the model keeps a share of curvature that falls with the distance to go
    let largest = 0;
    for (let mu = 0; mu < rows; mu++) largest = Math.max(largest, second[mu]);
    firstDistance ??= c.stationarity;
    const least = largest > 0 ? 1e-3 * largest * Math.min(1, c.stationarity / firstDistance) : 1;
    for (let mu = 0; mu < rows; mu++) second[mu] = Math.max(second[mu], least);
    for (let j = 0; j < cols; j++) {
      let h = ridge;
      for (let mu = 0, at = j * rows; mu < rows; mu++, at++) h += second[mu] * columns[at] * columns[at];
      diagonal[j] = Math.max(h, Number.MIN_VALUE * 2 ** 80);
    }
    goal.set(w);
    q.set(first);
    const wanted = 0.01 * c.stationarity;
    for (let full = 0; full < 100 && passes < iterations; full++) {
      let worst = 0;
      let size = 0;
      for (let j = 0; j < cols; j++) {
        worst += visit(j) ** 2;
        if (goal[j] !== 0) active[size++] = j;
      }
      passes++;
      if (Math.sqrt(worst) <= wanted) break;
      for (let k = 1; k < 1000 && passes < iterations; k++, passes++) {
        let inner = 0;
        for (let m = 0; m < size; m++) inner += visit(active[m]) ** 2;
        if (Math.sqrt(inner) <= 0.3 * wanted) break;
        if (k % BEFORE_SOLVING === 0) for (let m = 0; m < MOST_VANISHING && solveOn(size); m++);
      }
    }
    let descent = 0;
    for (let i = 0; i < cols; i++) {
      d[i] = goal[i] - w[i];
      descent += (ridge * w[i] - v[i]) * d[i] + l1 * (Math.abs(goal[i]) - Math.abs(w[i]));
    }
    operator.apply(d, dz);
    const base = auditor.total(z);
    const slack = 4 * Number.EPSILON * c.objective;
    let s = 1;
    for (let k = 0; k < 50; k++, s /= 2) {
      for (let i = 0; i < rows; i++) next[i] = z[i] + s * dz[i];
      let change = auditor.total(next) - base;
      for (let i = 0; i < cols; i++)
        change += ridge * s * d[i] * (w[i] + 0.5 * s * d[i]) + l1 * (Math.abs(w[i] + s * d[i]) - Math.abs(w[i]));
      if (change <= 1e-4 * s * descent + slack) break;
    }
    if (s === 1) w.set(goal);
    else for (let i = 0; i < cols; i++) w[i] += s * d[i];
  }
}

/** More active coordinates than samples and no ridge: a proximal term, in units of the mean curvature, picks the nearest of the many solutions. */
const PROXIMAL = 1e-6;
/** Passes over the active set before its linear system is solved at once. */
const BEFORE_SOLVING = 20;
/** Largest such system. */
const LARGEST_SOLVE = 3000;
/** Solves in a row, each after a coordinate has vanished. */
const MOST_VANISHING = 20;
