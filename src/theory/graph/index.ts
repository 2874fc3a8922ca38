export { type GraphEvolutionOptions, graphEvolution, type GraphOutcome, type GraphStart, type GraphState } from "./evolution.ts";
export { replicaFreeEntropy } from "./freeEntropy.ts";
export { type Precisions, secondMoments } from "./section.ts";
export {
  exactFreeEntropy as exactRecoveryFreeEntropy,
  type GraphInformation,
  graphInformation,
  type VariableInformation
} from "./informations.ts";
export { signalBlockOf, type SignalBlockOptions } from "./signalBlock.ts";
export {
  type BranchFamily,
  type BranchOptions,
  type BranchPoint as GraphBranchPoint,
  type BranchSet,
  type Fold,
  graphBranches,
  type Sheet
} from "./branches.ts";
export { type BranchState, bothBranches, branchesAt, type GraphTransitions, graphTransitions, transitionsOf } from "./transitions.ts";
export {
  type MismatchedMessage,
  type MismatchedModel,
  type MismatchedOptions,
  type MismatchedOverlaps,
  type MismatchedState,
  mismatchedGraphEvolution
} from "./mismatched.ts";
