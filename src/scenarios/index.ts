// The registry of scenarios: one export line each; the id is what users type.
export { compressedSensing } from "./compressedSensing.ts";
export { glm } from "./glm.ts";
export { perceptron } from "./perceptron.ts";
export { phaseRetrieval } from "./phaseRetrieval.ts";
export { reluRegression } from "./reluRegression.ts";
export { symmetricDoor } from "./symmetricDoor.ts";
