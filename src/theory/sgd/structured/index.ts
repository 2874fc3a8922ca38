/** Online SGD on structured inputs: ordinary differential equations in the eigenmodes of the covariance of the inputs. */
export { type FeatureLayerLaw, featureLayerCovariance } from "./featureLayers.ts";
export { curvedAverage } from "./fieldAverages.ts";
export {
  covarianceModes,
  type HiddenManifold,
  type InputModes,
  inputTeacherModes,
  latentTeacherModes,
  type LinearPart,
  plainModes
} from "./inputModes.ts";
export { plantedStart } from "./plantedStart.ts";
export { stateOfWeights } from "./stateOfWeights.ts";
export {
  disagreement,
  halfMeanSquare,
  outputCorrelation,
  type StructuredOverlaps,
  type StructuredState,
  type StructuredTask,
  structuredError,
  structuredOde
} from "./structuredOde.ts";
