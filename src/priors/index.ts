// The registry of priors: one export line each; the id is what users type.
export { binary } from "./binary.ts";
export { complexGaussBernoulli } from "./complexGaussBernoulli.ts";
export { gaussBernoulli } from "./gaussBernoulli.ts";
export { gaussian } from "./gaussian.ts";
