/** Risk minimisation by GAMP at zero temperature: the proximal operator of the loss as channel, that of the penalty as prior (Rangan 2011, max-sum). */
import { outcome } from "../../core/outcome.ts";
import type { Vec } from "../../core/types.ts";
import { elasticNetEstimate } from "../../priors/elasticNet.ts";
import { gamp, type GampOptions, type GampPrior, type GampResult } from "../gamp.ts";
import { closed, makeAuditor } from "./certificate.ts";
import { lossChannel } from "./lossChannel.ts";
import { checkProblem, DEFAULT_TOLERANCE, type Penalty, type RiskOptions, type RiskProblem, type RiskResult } from "./riskProblem.ts";
import { SEPARABLE, separatedBy } from "./separation.ts";

/** l1 |x| + ridge x^2/2 as a MAP prior for GAMP, of any weights >= 0; `secondMoment` is the variance an uninformed run starts from. */
export function penaltyPrior({ ridge = 0, l1 = 0 }: Penalty, secondMoment = 1): GampPrior {
  return { scalar: "real", rule: "map", mean: 0, secondMoment, ...elasticNetEstimate(l1, ridge) };
}

export interface RiskGampOptions extends RiskOptions, Pick<GampOptions, "variances" | "damping"> {}

/**
 * Exact where the matrix has independent entries; elsewhere it may diverge, and says so. The variance an uninformed run starts from
 * is 1/(ridge + |A_i|^2), that of the square loss.
 */
export function gampRisk(problem: RiskProblem, options: RiskGampOptions = {}): RiskResult {
  const setting = checkProblem(problem, options);
  const { operator, y, loss, rows, cols, penalty, ridge } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = 3000, start, damping = "adaptive", variances = "scalar" } = options;
  const auditor = makeAuditor(setting);
  const z = new Float64Array(rows);
  const u = new Float64Array(rows);
  const variance = 1 / (ridge + operator.frobenius2 / cols);
  const run = gamp(
    { operator, y, channel: lossChannel(loss), prior: penaltyPrior(penalty, variance) },
    { damping, variances, iterations, tolerance: FINEST, init: { mean: start ?? new Float64Array(cols), variance } }
  );
  const audit = (w: Vec, g: Vec) => {
    operator.apply(w, z);
    if (loss.smooth) auditor.dualOf(z, u);
    else u.set(g);
    return auditor.certify(w, z, u);
  };
  let last: GampResult | null = null;
  for (let k = 0; last === null; k++) {
    const step = run.next();
    if (step.done) last = step.value;
    else if (k > 0 && k % CHECKED === 0) {
      const { mean, g, t } = step.value;
      const c = audit(mean, g);
      if (ridge === 0 && separatedBy(setting, z))
        return auditor.result("gamp", mean, u, c, outcome("diverged", c.residual, t, { advice: SEPARABLE }));
      if (closed(c, tolerance)) return auditor.result("gamp", mean, u, c, outcome("converged", c.residual, t));
    }
  }
  const { outcome: how, state } = last;
  const c = audit(state.mean, state.g);
  if (ridge === 0 && separatedBy(setting, z))
    return auditor.result("gamp", state.mean, u, c, outcome("diverged", c.residual, how.iterations, { advice: SEPARABLE }));
  const good = closed(c, tolerance) || (how.kind === "converged" && c.residual <= Math.max(tolerance, 1e-6));
  const kind = good ? "converged" : how.kind === "diverged" ? "diverged" : "horizon";
  return auditor.result(
    "gamp",
    state.mean,
    u,
    c,
    outcome(kind, c.residual, how.iterations, {
      advice: good
        ? undefined
        : `${how.advice ?? "GAMP rests where the certificate does not close"}; methods newton, lbfgs and coordinate need no independent entries`
    })
  );
}

/** The tolerance of the iteration itself is the rounding of its residual: the certificate decides. */
const FINEST = 1e-15;
/** Sweeps between certificates, each the cost of a sweep. */
const CHECKED = 5;
