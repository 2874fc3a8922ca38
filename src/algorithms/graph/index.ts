// Message passing on a tree of modules.
export { betheFreeEntropy, errorBars, type Messages } from "./betheFreeEntropy.ts";
export {
  type EpBelief,
  type EpInit,
  type EpOptions,
  type EpResult,
  type EpState,
  expectationPropagation,
  keepState,
  solveGraph
} from "./expectationPropagation.ts";
export {
  type EpLearnOptions,
  type EpLearnResult,
  type EpLearnState,
  epLearn,
  type LearnableGraph,
  type LearnedParameter,
  type ParameterRange,
  solveEpLearn
} from "./epLearn.ts";
