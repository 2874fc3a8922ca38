/** AMP, state evolution, and what they are measured by. */
import type { Term } from "../types.ts";

export const messagePassing: readonly Term[] = [
  {
    id: "amp",
    name: "Approximate message passing",
    definition:
      "An iteration of two matrix-vector products and two scalar functions per step, with a memory term, whose error on large random instances follows state evolution exactly.",
    of: ["algorithm", "method"],
    see: ["state-evolution", "onsager"]
  },
  {
    id: "vamp",
    name: "Vector AMP",
    definition:
      "Expectation propagation with the whole matrix as one factor: it holds for rotationally invariant matrices, where AMP's memory term is the wrong one."
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
      "The memory term of AMP, the variance V times the previous g: it takes out of the new residual the echo of the estimate itself, so that the effective noise stays Gaussian.",
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
    id: "precision",
    tex: "r",
    name: "Precision of the effective observation",
    definition: "r = q̂ = m̂ in matched models: the inverse of the effective noise; r = α J(q) in state evolution."
  },
  {
    id: "denoiser",
    tex: "f_a",
    name: "Denoiser",
    definition:
      "The function that estimates one unknown from what AMP sees of it, R with noise variance Σ; the posterior mean for the Bayes-optimal algorithm."
  },
  {
    id: "output-score",
    tex: "g",
    name: "Output score",
    definition: "g = ∂_ω ln Z_y(ω, V): what an observation says about its projection, known before as N(ω, V)."
  },
  {
    id: "cavity-mean",
    tex: "\\omega",
    name: "Projection before it is seen",
    definition: "The mean of a projection given everything but its own observation; V is its variance."
  },
  {
    id: "overlap",
    tex: "m",
    name: "Overlap with the truth",
    definition: "m = E x₀x̂ per component, shown in units of ρ where the symbol is m/ρ; 0 is ignorance, 1 is exact.",
    of: ["overlap"],
    see: ["self-overlap"]
  },
  {
    id: "self-overlap",
    tex: "q",
    name: "Overlap with itself",
    definition: "q = E x̂² per component. Bayes-optimal estimates have m = q.",
    of: ["selfOverlap", "norm"],
    see: ["nishimori"]
  },
  {
    id: "variance",
    tex: "V",
    name: "Posterior variance",
    definition:
      "The variance that the estimate is believed to have, per component; ρ − q, and equal to the error, when the model is right.",
    of: ["variance"]
  },
  {
    id: "mse",
    tex: "\\mathrm{MSE}",
    name: "Mean squared error",
    definition: "E (x̂ − x₀)² per component, not in dB and not divided by ρ; modulo the symmetry where a model has one.",
    of: ["mse", "sparseMse", "mseHidden", "psnr"]
  },
  { id: "mmse", name: "Minimum mean squared error", definition: "The error of the posterior mean: no estimate has less." },
  {
    id: "init",
    tex: "\\hat x_0",
    name: "Start",
    definition: "Where an iteration begins: the prior mean, a spectral estimate, a given overlap with the truth, or the truth itself.",
    of: ["init", "initialOverlap", "initialPlus", "initialMinus", "curie-weiss.start"],
    see: ["informed"]
  },
  {
    id: "informed",
    name: "Informed start",
    definition: "A start at the truth: it finds the best fixed point that exists, which no algorithm need reach."
  },
  {
    id: "iterations",
    tex: "T",
    name: "Iterations",
    definition: "The largest number of iterations of an algorithm, or sweeps of a dynamics.",
    of: ["iterations", "steps"]
  },
  {
    id: "damping",
    tex: "\\delta",
    name: "Damping",
    definition: "The weight on the OLD value when an estimate is updated, 0 for none.",
    of: ["damping"]
  },
  {
    id: "effective-qq",
    name: "Quantile plot",
    definition:
      "Ordered residuals against Gaussian quantiles: on the diagonal when the effective noise is Gaussian with the predicted variance."
  },
  {
    id: "spectral",
    name: "Spectral estimate",
    definition: "The leading eigenvector of a matrix weighted by the observations: where to start when zero overlap is a fixed point."
  }
];
