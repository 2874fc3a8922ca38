export { halfOf, information, mmse, outputEntropy, priorBlock } from "./blocks.ts";
export { type Curve as TheoryCurve, type CurvePoint, type Piece, pointAt } from "./curve.ts";
export { type FixedPointCurve, fixedPointCurve } from "./fixedPointCurve.ts";
export { rotationalCurve } from "./rotationalCurve.ts";
export { type BranchPoint, describeFixedPoints, type Equilibrium, equilibrium, phaseAt } from "./equilibrium.ts";
export { type Thresholds, thresholdsOf } from "./thresholds.ts";
export { landscape } from "./landscape.ts";
export { l1Threshold } from "./l1.ts";
export * from "./neighbours/index.ts";
export {
  magnetEnd,
  magnetFlow,
  magnetFreeEntropy,
  type MagnetPoint,
  magnetSpinodal,
  magnetStates,
  type Reduced,
  spinEntropy
} from "./curieWeiss.ts";
export { type ObservedMessage, scalarEstimate } from "./scalarEstimate.ts";
export { type EvolutionOptions, generalStep, type Model, type Order, type Start, startOrder, stateEvolution } from "./stateEvolution.ts";
export * from "./graph/index.ts";
// a namespace: theory and algorithms share names here (maxMargin of a law and of an instance)
export * as risk from "./risk/index.ts";
export { type SignalBlock, signalBlock } from "./signalBlock.ts";
export {
  finalState,
  generalizationErrorOf,
  integral2,
  integral3,
  integral4,
  leadingFinalError,
  type Plateau,
  type ScalingRegime,
  type ScalingSetting,
  type SgdModel,
  scalingOde,
  scalingRegime,
  sgdOde,
  specialisedFixedPoint,
  symmetricPlateau
} from "./sgd/index.ts";
export {
  type CommitteeOrder,
  type CommitteePrediction,
  type CommitteeTheory,
  type CommitteeThresholds,
  committeeOrder,
  committeeTheory,
  type LargeCommitteeTheory,
  type LargeThresholds,
  largeCommitteeTheory
} from "./committee/index.ts";
