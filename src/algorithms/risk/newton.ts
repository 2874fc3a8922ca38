/**
 * Newton's method for smooth losses with a ridge penalty, on the smaller side: (ridge I + A^T D A) dw = -grad for rows >= cols,
 * else the same through A A^T (which at ridge = 0 gives the square loss its interpolator of least norm). D = l''; backtracking on
 * the objective.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { multiply } from "../../linalg/gemm.ts";
import { closed, type Certificate, dot, makeAuditor, unfinished } from "./certificate.ts";
import { entriesOf, solveDefinite, transpose } from "./entries.ts";
import { checkProblem, DEFAULT_TOLERANCE, type RiskOptions, type RiskProblem, type RiskResult, type Setting } from "./riskProblem.ts";
import { separatedBy, SEPARABLE } from "./separation.ts";

/** Throws ParameterError for losses with a kink and for l1 > 0. */
export function newtonRisk(problem: RiskProblem, options: RiskOptions = {}): RiskResult {
  const setting = checkProblem(problem, options);
  if (!setting.loss.smooth || setting.l1 > 0)
    throw new ParameterError(
      `risk: method newton needs a smooth loss (square, logistic, huber) and l1 = 0, got ${setting.l1 > 0 ? `l1 = ${setting.l1}` : "a loss with a kink"}; use method coordinate`
    );
  const { operator, rows, cols, y, loss, ridge } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = 200, start } = options;
  const auditor = makeAuditor(setting);
  const w = new Float64Array(cols);
  const z = new Float64Array(rows);
  const u = new Float64Array(rows);
  const v = new Float64Array(cols);
  const dw = new Float64Array(cols);
  const dz = new Float64Array(rows);
  const next = new Float64Array(rows);
  const first = new Float64Array(rows);
  const second = new Float64Array(rows);
  const direction = rows >= cols ? primalDirection(setting) : dualDirection(setting);
  if (start) w.set(start);
  operator.apply(w, z);
  let best: Certificate | null = null;
  let stalls = 0;
  let t = 0;
  for (; ; t++) {
    loss.derivatives(y, z, first, second);
    for (let i = 0; i < rows; i++) u[i] = -first[i];
    operator.adjoint(u, v);
    const c = auditor.certify(w, z, u, v);
    if (ridge === 0 && separatedBy(setting, z))
      return auditor.result("newton", w, u, c, outcome("diverged", c.residual, t, { advice: SEPARABLE }));
    if (closed(c, tolerance)) return auditor.result("newton", w, u, c, outcome("converged", c.residual, t));
    stalls = best && c.stationarity > 0.5 * best.stationarity && c.objective >= best.objective * (1 - 1e-14) ? stalls + 1 : 0;
    if (!best || c.stationarity < best.stationarity) best = c;
    if (t >= iterations || stalls >= 5) {
      const cure =
        t >= iterations ? "raise iterations" : "rounding allows no further step; take a larger ridge penalty or a looser tolerance";
      return auditor.result("newton", w, u, c, unfinished(c, t, cure));
    }
    direction(w, u, v, second, dw);
    operator.apply(dw, dz);
    const slope = ridge * dot(w, dw) - dot(u, dz);
    const along = ridge * dot(w, dw);
    const bend = 0.5 * ridge * dot(dw, dw);
    const base = auditor.total(z);
    const slack = 4 * Number.EPSILON * Math.abs(c.objective);
    let s = 1;
    for (let k = 0; k < 60; k++) {
      for (let i = 0; i < rows; i++) next[i] = z[i] + s * dz[i];
      const change = auditor.total(next) - base + s * along + s * s * bend;
      if (change <= 1e-4 * s * slope + slack) break;
      s /= 2;
    }
    for (let i = 0; i < cols; i++) w[i] += s * dw[i];
    operator.apply(w, z);
  }
}

/** Writes the step dw at w, given v = A^T u = -A^T l' and D = l''. */
type Direction = (w: Vec, u: Vec, v: Vec, second: Vec, dw: Vec) => void;

/** Cholesky of ridge I + A^T D A. */
function primalDirection({ operator, rows, cols, ridge }: Setting): Direction {
  const A = entriesOf(operator);
  const scaled = new Float64Array(rows * cols);
  const H = new Float64Array(cols * cols);
  const right = new Float64Array(cols);
  return (w, _u, v, second, dw) => {
    for (let mu = 0; mu < rows; mu++) {
      const d = second[mu];
      for (let i = mu * cols; i < (mu + 1) * cols; i++) scaled[i] = d * A[i];
    }
    multiply(cols, cols, rows, A, scaled, H, { adjoint: true });
    for (let i = 0; i < cols; i++) right[i] = v[i] - ridge * w[i];
    solveDefinite(H, cols, ridge, right, dw);
  };
}

/**
 * The same step through K = A A^T, B = ridge I + D^1/2 K D^1/2 and r = v - ridge w: dw = (r - A^T D^1/2 B^-1 D^1/2 A r)/ridge
 * (Woodbury); for ridge = 0, dw = A^T D^1/2 B^-1 D^-1/2 u, the least step that makes every l' of the quadratic model vanish.
 */
function dualDirection({ operator, rows, cols, ridge }: Setting): Direction {
  const At = transpose(entriesOf(operator), rows, cols);
  const K = new Float64Array(rows * rows);
  multiply(rows, rows, cols, At, At, K, { adjoint: true });
  const B = new Float64Array(rows * rows);
  const r = new Float64Array(cols);
  const root = new Float64Array(rows);
  const right = new Float64Array(rows);
  return (w, u, v, second, dw) => {
    for (let mu = 0; mu < rows; mu++) root[mu] = Math.sqrt(second[mu]);
    for (let mu = 0; mu < rows; mu++) for (let nu = 0; nu < rows; nu++) B[mu * rows + nu] = root[mu] * K[mu * rows + nu] * root[nu];
    if (ridge > 0) {
      for (let i = 0; i < cols; i++) r[i] = v[i] - ridge * w[i];
      operator.apply(r, right);
      for (let mu = 0; mu < rows; mu++) right[mu] *= root[mu];
    } else for (let mu = 0; mu < rows; mu++) right[mu] = root[mu] > 0 ? u[mu] / root[mu] : 0;
    solveDefinite(B, rows, ridge, right, right);
    for (let mu = 0; mu < rows; mu++) right[mu] = ridge > 0 || root[mu] > 0 ? right[mu] * root[mu] : u[mu];
    operator.adjoint(right, dw);
    if (ridge > 0) for (let i = 0; i < cols; i++) dw[i] = (r[i] - dw[i]) / ridge;
  };
}
