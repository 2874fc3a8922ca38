/** Inputs with structure for online SGD, weights of given field overlaps on them, and tests of Gaussian equivalence. */
export { featureMatrix } from "./featureMatrix.ts";
export {
  drawOneByOne,
  type LatentInputs,
  latentSource,
  plainSource,
  type Samples,
  type SampleSource,
  type Teacher
} from "./latentStream.ts";
export { plantedWeights } from "./plantedWeights.ts";
export {
  type DirectionTest,
  type EquivalenceOptions,
  type EquivalenceReport,
  gaussianEquivalence,
  kolmogorovTail,
  localFields
} from "./gaussianEquivalence.ts";
