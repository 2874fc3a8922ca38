/** What models are made of: sizes, signals, priors, channels, noise. */
import type { Term } from "../types.ts";

export const models: readonly Term[] = [
  {
    id: "size",
    tex: "p",
    name: "Size",
    definition:
      "The number of unknowns: p, or N where the papers say so. Theory is about the limit of infinite size; runs are drawn at this one.",
    of: ["size"]
  },
  {
    id: "alpha",
    tex: "\\alpha",
    name: "Samples per unknown",
    definition: "The ratio n/p of the number of samples (or measurements) to the number of unknowns; delta or m/n in other texts.",
    of: ["alpha"]
  },
  {
    id: "signal",
    tex: "x_0",
    name: "Signal",
    definition: "The vector of unknowns that has drawn the data: the truth, or the teacher's weights.",
    see: ["prior"]
  },
  {
    id: "matrix",
    tex: "W",
    name: "Matrix of data",
    definition:
      "Samples in rows, W_μi ~ N(0, 1/p) unless said otherwise, so that every projection has the variance of one component of the signal.",
    of: ["ensemble", "rotational-glm.ensemble"]
  },
  {
    id: "projection",
    tex: "z = W x_0",
    name: "Projection",
    definition: "What a sample sees of the signal before noise and nonlinearity; each is N(0, ρ) in the limit."
  },
  {
    id: "observation",
    tex: "y",
    name: "Observation",
    definition: "The label or measurement of a sample, drawn from the channel at its projection."
  },
  {
    id: "noise",
    tex: "\\Delta",
    name: "Noise variance",
    definition: "The variance of the noise, always a variance and never a standard deviation; 0 means none.",
    of: ["noise"]
  },
  {
    id: "prior",
    tex: "P_0",
    name: "Prior",
    definition: "The law of one component of the signal.",
    of: ["prior", "teacherPrior", "studentPrior"],
    see: ["second-moment"]
  },
  {
    id: "channel",
    tex: "P(y|z)",
    name: "Channel",
    definition: "The law of an observation given its projection: noise, a sign, a modulus, a rectifier.",
    of: ["channel", "teacherChannel"]
  },
  {
    id: "second-moment",
    tex: "\\rho",
    name: "Second moment",
    definition: "E x₀², the variance of a centred signal. It equals the fraction of nonzeros where these have variance 1."
  },
  {
    id: "fraction",
    tex: "\\rho",
    within: "sparse models",
    name: "Fraction of nonzeros",
    definition: "The probability that a component of the signal (or of its gradient) is not zero.",
    of: ["rho"],
    see: ["compressed-sensing"]
  },
  {
    id: "information-dimension",
    tex: "D",
    name: "Information dimension",
    definition:
      "The weight of the continuous part of a prior. For small noise Σ the minimum error is DΣ; without noise, α > D is needed for exact recovery."
  },
  {
    id: "glm",
    name: "Generalized linear model",
    definition:
      "Observations drawn independently through one channel from linear projections of one signal; perceptrons, compressed sensing and phase retrieval are examples."
  },
  {
    id: "compressed-sensing",
    name: "Compressed sensing",
    definition: "Recovering a sparse signal from fewer linear measurements than it has components."
  },
  {
    id: "perceptron",
    name: "Perceptron",
    definition:
      "A linear classifier: the label of an input is the sign of its projection on the weights. In the teacher–student setting another perceptron has drawn the labels."
  },
  {
    id: "phase-retrieval",
    name: "Phase retrieval",
    definition: "Recovering a signal from the moduli of its projections; the sign, or the phase, is lost with them.",
    of: ["phase-retrieval.field"]
  },
  {
    id: "teacher-student",
    name: "Teacher and student",
    definition: "The teacher draws the data; the student knows them and a model of the teacher. They match when the model is right."
  },
  {
    id: "width",
    tex: "\\kappa",
    within: "symmetric door",
    name: "Width of the door",
    definition: "Labels say whether |z| exceeds this width.",
    of: ["symmetric-door.width"]
  },
  {
    id: "layers",
    tex: "\\varphi",
    name: "Layers and activations",
    definition: "Hidden layers h_l = φ(W_l h_(l−1) + noise); φ is applied component by component.",
    of: ["layers", "activation", "layer-entropy.layers"]
  },
  {
    id: "latent-ratio",
    tex: "k/d",
    name: "Latent ratio",
    definition: "The dimension of the latent variables over that of the signal or the data they generate.",
    of: ["latentRatio", "depth"]
  },
  {
    id: "hidden-units",
    tex: "K",
    name: "Hidden units",
    definition: "The number of units of a committee or of a student network; the teacher's is M.",
    of: ["hidden", "studentUnits"]
  },
  {
    id: "teacher-units",
    tex: "M",
    name: "Teacher's units",
    definition: "The number of hidden units of the teacher network.",
    of: ["teacherUnits"]
  },
  {
    id: "inputs-per-unit",
    tex: "p/K",
    name: "Inputs per unit",
    definition: "The number of inputs for every unit of a wide committee.",
    of: ["inputsPerUnit"]
  },
  {
    id: "features",
    tex: "F",
    name: "Feature matrix",
    definition: "The fixed random matrix that turns latent variables into inputs, or inputs into features.",
    of: ["features", "featuresFile", "generator"]
  },
  {
    id: "aspect",
    tex: "p/d",
    name: "Width of random features",
    definition: "The number of features over the input dimension.",
    of: ["random-features.width"]
  },
  {
    id: "feature-moments",
    tex: "\\kappa_0, \\kappa_1, \\kappa_\\star",
    name: "Moments of an activation",
    definition: "E σ, E zσ(z) and the root of what remains of E σ²: an activation acts as a constant, a linear part and noise.",
    of: ["random-features.mean"]
  },
  {
    id: "covariance",
    tex: "\\Omega",
    name: "Covariances of the features",
    definition: "Second moments of what teacher and student see; in Gaussian covariate models they are all that counts.",
    of: ["gaussian-covariate.model", "decay", "source", "visible", "generator-data.covariance", "covarianceSamples"]
  },
  {
    id: "gradient-sparsity",
    tex: "Dx",
    name: "Gradient of an image",
    definition: "Differences of neighbouring components; total-variation models take them for sparse.",
    of: ["geometry", "belief", "basis", "blur"]
  },
  {
    id: "coupling",
    tex: "J",
    within: "magnets",
    name: "Coupling",
    definition: "How strongly two spins want to point alike; every pair of the mean-field magnet has J/N.",
    of: ["curie-weiss.coupling"]
  },
  {
    id: "field",
    tex: "h",
    name: "External field",
    definition: "What pulls every spin in one direction, whatever the others do.",
    of: ["curie-weiss.field"]
  },
  {
    id: "inverse-temperature",
    tex: "\\beta",
    name: "Inverse temperature",
    definition: "How seriously the energy is taken: states have weight exp(−βE).",
    of: ["beta"]
  },
  {
    id: "own-data",
    tex: "X, y",
    name: "Data of your own",
    definition: "Arrays given as a file in place of drawn data.",
    of: ["data", "file", "labels", "task", "teacher", "weightsFile", "hidden-manifold.file"]
  }
];
