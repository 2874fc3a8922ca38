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
