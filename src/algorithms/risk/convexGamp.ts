/** Risk minimisation by GAMP at zero temperature: the proximal operator of the loss as channel, that of the penalty as prior (Rangan 2011, max-sum). */
import { outcome } from "../../core/outcome.ts";
import type { Outcome, Vec } from "../../core/types.ts";
import { elasticNetEstimate } from "../../priors/elasticNet.ts";
import { gamp, type GampOptions, type GampPrior } from "../gamp.ts";
import { closed, dot, makeAuditor } from "./certificate.ts";
import { lossChannel } from "./lossChannel.ts";
import {
  checkProblem,
  DEFAULT_TOLERANCE,
  type Penalty,
  type RiskOptions,
  type RiskProblem,
  type RiskResult,
  type Setting
} from "./riskProblem.ts";
import { SEPARABLE, separatedBy } from "./separation.ts";

/** l1 |x| + ridge x^2/2 as a MAP prior for GAMP, of any weights >= 0; `secondMoment` is the variance an uninformed run starts from. */
export function penaltyPrior({ ridge = 0, l1 = 0 }: Penalty, secondMoment = 1): GampPrior {
  return { scalar: "real", rule: "map", mean: 0, secondMoment, ...elasticNetEstimate(l1, ridge) };
}

export interface RiskGampOptions extends RiskOptions, Pick<GampOptions, "variances"> {
  /** As in `GampOptions`. By default 0, then 0.5, then 0.9 where the runs before diverged. */
  readonly damping?: GampOptions["damping"];
}

/**
 * Exact where the matrix has independent entries; elsewhere it may diverge, and says so. It starts from a variance well above
 * 1/(ridge + |A_i|^2), that of the square loss, because nearly separable data end at large ones (with l1 > 0 from none); a run
 * that diverges is made again from the other start, then with more damping.
 */
export function gampRisk(problem: RiskProblem, options: RiskGampOptions = {}): RiskResult {
  const setting = checkProblem(problem, options);
  const { damping } = options;
  // with l1 > 0 a wide start thresholds everything to zero at once; from V = 0 it does so only where zero is the minimiser
  const starts = setting.l1 === 0 ? [WIDE, 1] : setting.loss.smooth ? [0, 1, WIDE] : [1, WIDE];
  const plans = (damping === undefined ? [0, 0.5, 0.9] : [damping]).flatMap((d) => starts.map((wide) => [d, wide] as const));
  let best: RiskResult | null = null;
  for (const [d, wide] of plans) {
    const result = attempt(setting, options, d, wide);
    if (
      result.outcome.kind === "converged" ||
      result.outcome.advice === SEPARABLE ||
      result.outcome.iterations >= (options.iterations ?? MOST)
    )
      return result;
    if (best === null || result.objective < best.objective) best = result;
  }
  return best as RiskResult;
}

function attempt(setting: Setting, options: RiskGampOptions, damping: number | "adaptive", wide: number): RiskResult {
  const { operator, y, loss, rows, cols, penalty, ridge } = setting;
  const { tolerance = DEFAULT_TOLERANCE, iterations = MOST, start, variances = "scalar" } = options;
  const auditor = makeAuditor(setting);
  const z = new Float64Array(rows);
  const u = new Float64Array(rows);
  const unit = 1 / (ridge + operator.frobenius2 / cols);
  // how large the estimate may grow before it counts as running away
  const scale = WIDE * (WIDE * unit + dot(y, y) / operator.frobenius2);
  const run = gamp(
    { operator, y, channel: lossChannel(loss), prior: penaltyPrior(penalty, scale) },
    { damping, variances, iterations, tolerance: FINEST, init: { mean: start ?? new Float64Array(cols), variance: wide * unit } }
  );
  const audit = (w: Vec, g: Vec) => {
    operator.apply(w, z);
    if (loss.smooth) auditor.dualOf(z, u);
    else u.set(g);
    return auditor.certify(w, z, u);
  };
  for (;;) {
    const step = run.next();
    const state = step.done ? step.value.state : step.value;
    if (!step.done && (state.t === 0 || state.t % CHECKED !== 0)) continue;
    const c = audit(state.mean, state.g);
    const end = (how: Outcome) => auditor.result("gamp", state.mean, u, c, how);
    const t = step.done ? step.value.outcome.iterations : state.t;
    if (ridge === 0 && setting.l1 === 0 && separatedBy(setting, z)) return end(outcome("diverged", c.residual, t, { advice: SEPARABLE }));
    if (closed(c, tolerance)) return end(outcome("converged", c.residual, t));
    if (!step.done) continue;
    const how = step.value.outcome;
    if (how.kind === "converged" && c.residual <= AT_REST) return end(outcome("converged", c.residual, t));
    return end(
      outcome(how.kind === "diverged" ? "diverged" : "horizon", c.residual, t, {
        advice: `${how.advice ?? `GAMP rests with residual ${c.residual.toExponential(1)}: take a looser tolerance`}; methods newton, lbfgs and coordinate need no independent entries`
      })
    );
  }
}

/** How far above its least scale a variance starts. */
const WIDE = 100;
/** The tolerance of the iteration itself is the rounding of its residual: the certificate decides. */
const FINEST = 1e-14;
/** A fixed point to rounding is a minimiser even where an ill-conditioned certificate closes no further than this. */
const AT_REST = 1e-5;
const MOST = 5000;
/** Sweeps between certificates, each the cost of a sweep. */
const CHECKED = 5;
