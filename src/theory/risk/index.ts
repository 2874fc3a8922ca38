/** Regularised risk minimisation in high dimension: replica equations for i.i.d. and for correlated inputs, their limits and thresholds. */
export {
  gapOf,
  type LabelLaw,
  labelErrorAt,
  makeOutputSide,
  mseOf,
  type RiskHats,
  type RiskOrder,
  squaredErrorAt,
  trainingLossAt
} from "./outputSide.ts";
export { ridgeSide } from "./isotropicSide.ts";
export { type InputSide, type RiskOptions, type RiskSolution, riskEvolution, riskFixedPoint, riskPath } from "./riskFixedPoint.ts";
export { type MaxMargin, maxMargin } from "./maxMargin.ts";
export { elasticSide, type LassoSolution, lassoSolution, softThreshold } from "./sparseSide.ts";
export { type PenaltySearch, type TunedPenalty, tunedPenalty } from "./tunedPenalty.ts";
export { type BayesRisk, bayesRisk } from "./bayesOnCovariates.ts";
export {
  type CovariateRisk,
  type CovariateTask,
  covariateRisk,
  errorOf,
  PENALTIES,
  type RiskPrecision,
  tunedRisk
} from "./covariateRisk.ts";
export {
  type Covariates,
  checkCovariates,
  explainedVariance,
  type FeatureShares,
  featureCovariates,
  spectralSide
} from "./spectralSide.ts";
export { labelMoments, type RidgeSolution, ridgeSolution } from "./ridgeSolution.ts";
export { inseparableRatio, separabilityThreshold } from "./separability.ts";
export { isSeparable, type PerceptronRisk, perceptronRisk, RIDGES, separableBelow, tunedRidge, usedPenalty } from "./perceptronRisk.ts";
