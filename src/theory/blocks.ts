/** The scalar averages of priors and channels, where theory has always found them; they live with the modules. */
export {
  halfOf,
  information,
  mmse,
  type OutputBlock,
  outputEntropy,
  outputVariance,
  type PriorBlock,
  priorBlock
} from "../modules/averages.ts";
