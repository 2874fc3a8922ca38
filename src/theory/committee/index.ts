export {
  type CommitteeBranch,
  type CommitteeFixedPoint,
  type CommitteeFrame,
  type CommitteeObservables,
  type CommitteePrediction,
  type CommitteeTheory,
  type CommitteeThresholds,
  committeeTheory
} from "./committeeTheory.ts";
export { type CommitteeOrder, committeeOrder } from "./order.ts";
export {
  type LargeBranch,
  type LargeCommitteeTheory,
  type LargeFixedPoint,
  type LargeOrder,
  type LargeThresholds,
  largeCommitteeTheory,
  largeLabelError,
  largeOverlap
} from "./largeCommittee.ts";
