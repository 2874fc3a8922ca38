export { type GraphEvolutionOptions, graphEvolution, type GraphOutcome, type GraphStart, type GraphState, isExact } from "./evolution.ts";
export { replicaFreeEntropy } from "./freeEntropy.ts";
export { type Precisions, secondMoments } from "./section.ts";
export {
  exactRecoveryFreeEntropy,
  type GraphInformation,
  graphInformation,
  type VariableInformation
} from "./informations.ts";
export { signalBlockOf, type SignalBlockOptions } from "./signalBlock.ts";
export type { BranchFamily, BranchPoint as GraphBranchPoint } from "./branchFamily.ts";
export { type BranchOptions, type BranchSet, graphBranches } from "./branches.ts";
export type { Fold, Sheet } from "./sheets.ts";
export { type BranchState, bothBranches, branchesAt, type GraphTransitions, graphTransitions, transitionsOf } from "./transitions.ts";
export {
  type MismatchedMessage,
  type MismatchedModel,
  type MismatchedOptions,
  type MismatchedOverlaps,
  type MismatchedState,
  mismatchedGraphEvolution
} from "./mismatched.ts";
