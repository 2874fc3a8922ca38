// The registry of priors: one export line each; the id is what users type.
export { binary } from "./binary.ts";
export { complexGaussBernoulli } from "./complexGaussBernoulli.ts";
export { discrete } from "./discrete.ts";
export { elasticNet } from "./elasticNet.ts";
export { exponential } from "./exponential.ts";
export { gaussBernoulli } from "./gaussBernoulli.ts";
export { gaussian } from "./gaussian.ts";
export { gaussianMixture } from "./gaussianMixture.ts";
export { halfNormal } from "./halfNormal.ts";
export { l1 } from "./l1.ts";
export { laplace } from "./laplace.ts";
export { uniform } from "./uniform.ts";
