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
