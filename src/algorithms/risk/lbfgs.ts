/** L-BFGS for smooth losses with a ridge penalty (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithm 7.5), strong Wolfe steps along z = A w + s A d. */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import { closed, dot, makeAuditor, unfinished } from "./certificate.ts";
import { wolfeStep } from "./lineSearch.ts";
import { checkProblem, DEFAULT_TOLERANCE, type RiskOptions, type RiskProblem, type RiskResult } from "./riskProblem.ts";
import { SEPARABLE, separatedBy } from "./separation.ts";

export interface LbfgsOptions extends RiskOptions {
  /** Pairs of steps remembered. Default 20. */
  readonly memory?: number;
}

/** One application and one adjoint an iteration, no entries of the matrix. Throws ParameterError for losses with a kink and for l1 > 0. */
export function lbfgsRisk(problem: RiskProblem, options: LbfgsOptions = {}): RiskResult {
  const setting = checkProblem(problem, options);
  if (!setting.loss.smooth || setting.l1 > 0)
    throw new ParameterError(
      `risk: method lbfgs needs a smooth loss (square, logistic, huber) and l1 = 0, got ${setting.l1 > 0 ? `l1 = ${setting.l1}` : "a loss with a kink"}; use method coordinate`
    );
  const { operator, rows, cols, y, loss, ridge } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = 5000, memory = 20, start } = options;
  if (!(Number.isInteger(memory) && memory >= 1 && memory <= 1000))
    throw new ParameterError(`risk: memory must be an integer in [1, 1000], such as 20, got ${memory}`);
  const auditor = makeAuditor(setting);
  const input = () => new Float64Array(cols);
  const output = () => new Float64Array(rows);
  const [w, v, gradient, older, d] = [input(), input(), input(), input(), input()];
  const [z, u, dz, next, first, second, now, then] = [output(), output(), output(), output(), output(), output(), output(), output()];
  const steps = Array.from({ length: memory }, input);
  const turns = Array.from({ length: memory }, input);
  const scales = new Float64Array(memory);
  const weights = new Float64Array(memory);
  const out = new Float64Array(2);
  let kept = 0;
  let newest = -1;
  let along = 0;
  let bend = 0;
  const ray = (s: number): void => {
    for (let i = 0; i < rows; i++) next[i] = z[i] + s * dz[i];
    loss.value(y, next, then);
    loss.derivatives(y, next, first, second);
    let change = 0;
    let slope = 0;
    for (let i = 0; i < rows; i++) {
      change += then[i] - now[i];
      slope += first[i] * dz[i];
    }
    out[0] = change + s * (along + 0.5 * s * bend);
    out[1] = slope + along + s * bend;
  };
  if (start) w.set(start);
  let best = Number.POSITIVE_INFINITY;
  let stalled = 0;
  for (let t = 0; ; t++) {
    operator.apply(w, z); // afresh: what s A d adds up would drift
    auditor.dualOf(z, u);
    operator.adjoint(u, v);
    older.set(gradient);
    for (let i = 0; i < cols; i++) gradient[i] = ridge * w[i] - v[i];
    const c = auditor.certify(w, z, u, v);
    if (ridge === 0 && separatedBy(setting, z))
      return auditor.result("lbfgs", w, u, c, outcome("diverged", c.residual, t, { advice: SEPARABLE }));
    if (closed(c, tolerance)) return auditor.result("lbfgs", w, u, c, outcome("converged", c.residual, t));
    stalled = c.stationarity < 0.999 * best ? 0 : stalled + 1;
    best = Math.min(best, c.stationarity);
    if (t >= iterations || stalled > 200) {
      const cure =
        stalled > 200
          ? "rounding allows no further step; try method newton, or a larger ridge penalty"
          : "raise iterations, or use method newton";
      return auditor.result("lbfgs", w, u, c, unfinished(c, t, cure));
    }
    if (t > 0) {
      const place = (newest + 1) % memory;
      const turn = turns[place];
      for (let i = 0; i < cols; i++) turn[i] = gradient[i] - older[i];
      const sy = dot(steps[place], turn);
      if (sy > Number.EPSILON * Math.sqrt(dot(steps[place], steps[place]) * dot(turn, turn))) {
        newest = place;
        scales[place] = 1 / sy;
        kept = Math.min(kept + 1, memory);
      } else kept = Math.min(kept, memory - 1); // the rejected pair lies where the oldest was
    }
    // two loops: d = -H gradient
    for (let i = 0; i < cols; i++) d[i] = -gradient[i];
    for (let k = 0; k < kept; k++) {
      const j = (newest - k + memory) % memory;
      weights[j] = scales[j] * dot(steps[j], d);
      for (let i = 0; i < cols; i++) d[i] -= weights[j] * turns[j][i];
    }
    if (kept > 0) {
      const scale = 1 / (scales[newest] * dot(turns[newest], turns[newest]));
      for (let i = 0; i < cols; i++) d[i] *= scale;
    }
    for (let k = kept - 1; k >= 0; k--) {
      const j = (newest - k + memory) % memory;
      const back = weights[j] - scales[j] * dot(turns[j], d);
      for (let i = 0; i < cols; i++) d[i] += back * steps[j][i];
    }
    let slope = dot(gradient, d);
    if (!(slope < 0)) {
      kept = 0;
      for (let i = 0; i < cols; i++) d[i] = -gradient[i];
      slope = -dot(gradient, gradient);
    }
    operator.apply(d, dz);
    along = ridge * dot(w, d);
    bend = ridge * dot(d, d);
    loss.value(y, z, now);
    const guess = kept > 0 ? 1 : Math.min(1, -slope / Math.max(bend + dot(dz, dz), Number.MIN_VALUE));
    const s = wolfeStep(ray, slope, guess, 4 * Number.EPSILON * c.objective, out);
    if (s === 0) kept = 0;
    const place = (newest + 1) % memory;
    for (let i = 0; i < cols; i++) {
      steps[place][i] = s * d[i];
      w[i] += s * d[i];
    }
  }
}
