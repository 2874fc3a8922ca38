/** Risk minimisation by name of method, or by the one that suits the loss, the penalty and the size. */
import { ParameterError } from "../../core/parameters.ts";
import { gampRisk } from "./convexGamp.ts";
import { primalDescent } from "./coordinateDescent.ts";
import { dualAscent } from "./dualCoordinate.ts";
import { lbfgsRisk } from "./lbfgs.ts";
import { newtonRisk } from "./newton.ts";
import { checkProblem, type RiskMethod, type RiskOptions, type RiskProblem, type RiskResult } from "./riskProblem.ts";

/** Smooth losses with any penalty; losses with a kink with ridge > 0 (their dual). Throws ParameterError for a kink without ridge. */
export function coordinateRisk(problem: RiskProblem, options: RiskOptions = {}): RiskResult {
  const setting = checkProblem(problem, options);
  if (setting.loss.smooth) return primalDescent(setting, options);
  if (setting.ridge === 0)
    throw new ParameterError("risk: method coordinate needs ridge > 0 for a loss with a kink, got 0; use method gamp, or ridge 1e-3");
  return dualAscent(setting, options);
}

/** Solves one problem; `method` auto by default. Numerical failure is an outcome, with the best w there is. */
export function minimiseRisk(problem: RiskProblem, options: RiskOptions & { readonly method?: RiskMethod | "auto" } = {}): RiskResult {
  const { method = "auto", ...rest } = options;
  switch (method) {
    case "gamp":
      return gampRisk(problem, rest);
    case "newton":
      return newtonRisk(problem, rest);
    case "lbfgs":
      return lbfgsRisk(problem, rest);
    case "coordinate":
      return coordinateRisk(problem, rest);
    case "auto":
      return automatic(problem, rest);
    default:
      throw new ParameterError(`risk: method must be one of auto, gamp, newton, lbfgs, coordinate, got ${method}`);
  }
}

function automatic(problem: RiskProblem, options: RiskOptions): RiskResult {
  const { loss, l1, ridge, rows, cols } = checkProblem(problem, options);
  if (!loss.smooth) return ridge > 0 ? coordinateRisk(problem, options) : gampRisk(problem, options);
  if (l1 > 0) return coordinateRisk(problem, options);
  if (rows * cols * Math.min(rows, cols) <= NEWTON_WORK) return newtonRisk(problem, options);
  const quick = lbfgsRisk(problem, options);
  return quick.outcome.kind === "horizon" && Math.min(rows, cols) <= NEWTON_SIDE
    ? newtonRisk(problem, { ...options, start: quick.w })
    : quick;
}

/** A Newton step costs rows cols min(rows, cols) products: below this it is cheaper than the many passes of L-BFGS. */
const NEWTON_WORK = 2e7;
/** Largest system that Newton's method factorises after L-BFGS has stalled. */
const NEWTON_SIDE = 3000;
