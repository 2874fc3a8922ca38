/** Empirical risk minimisation on an instance: convex GAMP and, independent of it, Newton, L-BFGS and coordinate descent. */
export { gampRisk, penaltyPrior, type RiskGampOptions } from "./convexGamp.ts";
export { checkLabels } from "./labels.ts";
export { type LbfgsOptions, lbfgsRisk } from "./lbfgs.ts";
export { lossChannel } from "./lossChannel.ts";
export { type MaxMarginResult, maxMargin } from "./maxMargin.ts";
export { coordinateRisk, minimiseRisk } from "./minimiseRisk.ts";
export { newtonRisk } from "./newton.ts";
export type { Penalty, RiskMethod, RiskOptions, RiskProblem, RiskResult } from "./riskProblem.ts";
