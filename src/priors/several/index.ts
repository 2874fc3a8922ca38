// Priors of rows: the weights of several units on one input.
export { binaryRow } from "./binaryRow.ts";
export { gaussianRow } from "./gaussianRow.ts";
