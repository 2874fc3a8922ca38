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
export { type TunedPenalty, tunedPenalty } from "./tunedPenalty.ts";
export { isSeparable, type PerceptronRisk, perceptronRisk, separableBelow, tunedRidge, usedPenalty } from "./perceptronRisk.ts";
