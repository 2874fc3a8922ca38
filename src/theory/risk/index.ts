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
export { type InputSide, type RiskOptions, type RiskSolution, riskEvolution, riskFixedPoint } from "./riskFixedPoint.ts";
