// The registry of scenarios: one export line each; the id is what users type.
export { compressedSensing } from "./compressedSensing.ts";
export { generativeCompressedSensing } from "./generativeCompressedSensing.ts";
export { generativePhaseRetrieval } from "./generativePhaseRetrieval.ts";
export { glm } from "./glm.ts";
export { hiddenManifold } from "./hiddenManifold.ts";
export { intrinsicDimension } from "./intrinsicDimension.ts";
export { layerEntropy } from "./layerEntropy.ts";
export { multilayer } from "./multilayer.ts";
export { onlineSgd } from "./onlineSgd.ts";
export { perceptron } from "./perceptron.ts";
export { phaseRetrieval } from "./phaseRetrieval.ts";
export { randomFeatures } from "./randomFeatures.ts";
export { reluRegression } from "./reluRegression.ts";
export { rotationalGlm } from "./rotationalGlm.ts";
export { symmetricDoor } from "./symmetricDoor.ts";
export { totalVariation } from "./totalVariation.ts";
