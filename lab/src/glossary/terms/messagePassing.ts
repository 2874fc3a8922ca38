/** AMP, state evolution, and what they are measured by. */
import type { Term } from "../types.ts";

export const messagePassing: readonly Term[] = [
  {
    id: "amp",
    name: "Approximate message passing",
    definition:
      "An iteration of two matrix-vector products and two scalar functions per step, with a memory term, whose error on large random instances follows state evolution exactly.",
    see: ["state-evolution", "onsager"]
  },
  {
    id: "state-evolution",
    name: "State evolution",
    definition:
      "A recursion of one number, or a few, that says what the error of AMP is after every iteration when the size goes to infinity.",
    see: ["amp"]
  },
  {
    id: "onsager",
    tex: "V g",
    name: "Onsager term",
    definition:
      "The memory term of AMP, the variance V times the previous g: it takes out of the new residual what the estimate itself has put there, so that the effective noise stays Gaussian.",
    of: ["onsager"],
    see: ["effective-noise"]
  },
  {
    id: "effective-noise",
    tex: "\\Sigma",
    name: "Effective noise",
    definition:
      "The variance of the Gaussian noise with which AMP sees each unknown, R = x₀ + √Σ ξ; its inverse is the precision r of the theory.",
    see: ["denoiser"]
  },
  {
    id: "denoiser",
    tex: "f_a",
    name: "Denoiser",
    definition:
      "The function that estimates one unknown from what AMP sees of it, R with noise variance Σ; the posterior mean for the Bayes-optimal algorithm."
  }
];
