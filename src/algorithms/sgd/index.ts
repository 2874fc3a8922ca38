/** Online SGD of two-layer networks: on a teacher with Gaussian inputs, or on any stream of samples. */
export { type SgdActivation, nonlinearities } from "./nonlinearity.ts";
export { onlineSgd, type TeacherProblem } from "./onlineSgd.ts";
export { overlapsOf, type RandomOverlaps, sampleOverlaps } from "./overlapsOf.ts";
export { studentError } from "./studentError.ts";
export { type OnlineProblem, type SgdSettings, type StudentState, trainOnline } from "./trainOnline.ts";
export { factorOf, gramOf, type TwoLayerWeights, weightsWithOverlaps } from "./weightsWithOverlaps.ts";
