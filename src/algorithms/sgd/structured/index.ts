/** Inputs with structure for online SGD, weights of given field overlaps on them, and tests of Gaussian equivalence. */
export { featureMatrix } from "./featureMatrix.ts";
export {
  drawOneByOne,
  generatorSource,
  type LatentInputs,
  latentSource,
  plainSource,
  type Samples,
  type SampleSource,
  type Teacher
} from "./latentStream.ts";
export { stratifiedRows } from "./stratifiedRows.ts";
export { type PlantedProblem, plantedWeights } from "./plantedWeights.ts";
export {
  type DirectionTest,
  type EquivalenceOptions,
  type EquivalenceReport,
  gaussianEquivalence,
  kolmogorovTail,
  localFields
} from "./gaussianEquivalence.ts";
export {
  couplingFlow,
  type DataGenerator,
  type DecoderLayer,
  decoderGenerator,
  type FeatureLayers,
  featureGenerator,
  type Flow,
  type GeneratorMoments,
  type Standardised,
  standardisedGenerator
} from "./generators.ts";
