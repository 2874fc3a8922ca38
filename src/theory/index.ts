export { halfOf, information, mmse, outputEntropy, priorBlock } from "./blocks.ts";
export { type CurvePoint, type FixedPointCurve, fixedPointCurve, type Piece, pointAt } from "./fixedPointCurve.ts";
export { type BranchPoint, describeFixedPoints, type Equilibrium, equilibrium, phaseAt } from "./equilibrium.ts";
export { type Thresholds, thresholdsOf } from "./thresholds.ts";
export { landscape } from "./landscape.ts";
export { l1Threshold } from "./l1.ts";
export { type EvolutionOptions, generalStep, type Model, type Order, type Start, startOrder, stateEvolution } from "./stateEvolution.ts";
export * from "./graph/index.ts";
export { type SignalBlock, signalBlock } from "./signalBlock.ts";
