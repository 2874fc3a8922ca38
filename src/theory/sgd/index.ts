/** Theory of online SGD in two-layer networks: Gaussian integrals, equations, fixed points, scaling of width and rate. */
export { type ErrorAverages, errorAverages, meanSquaredError } from "./errorAverages.ts";
export {
  type Fields,
  integral2,
  integral3,
  integral4,
  productAverage,
  SGD_ACTIVATIONS,
  type SgdActivation,
  slopeAverage
} from "./gaussianIntegrals.ts";
export { checkOverlaps } from "./overlaps.ts";
export { fieldsOf, generalizationErrorOf, type SgdModel, type SgdSystem, sgdOde, sgdSystem } from "./sgdOde.ts";
export {
  type ScalingRegime,
  type ScalingRegion,
  type ScalingSetting,
  scalingModel,
  scalingOde,
  scalingRegime,
  scalingRegionOf
} from "./scaling.ts";
export { type FinalError, leadingFinalError, specialisedFixedPoint } from "./finalError.ts";
export { finalState } from "./fixedState.ts";
export { type Plateau, type PlateauSetting, type PlateauState, symmetricPlateau } from "./plateau.ts";
