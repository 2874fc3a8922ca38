/** Risk minimisation, stochastic gradient descent, and errors of learning. */
import type { Term } from "../types.ts";

export const learning: readonly Term[] = [
  {
    id: "loss",
    tex: "\\ell",
    name: "Loss",
    definition: "What a sample costs, as a function of its label and the student's projection; the square loss has its 1/2.",
    of: ["loss"]
  },
  {
    id: "risk",
    name: "Empirical risk minimisation",
    definition: "Choosing the weights that minimise the sum of losses over the samples plus a penalty."
  },
  {
    id: "penalty",
    tex: "\\lambda",
    name: "Penalty",
    definition: "The strength of the regularisation: (λ/2)|w|², or λ|w|₁ for the LASSO; not divided by n.",
    of: ["lambda"]
  },
  {
    id: "tuned-penalty",
    tex: "\\lambda^\\star",
    name: "Tuned penalty",
    definition: "The penalty that makes the generalisation error, or the estimation error, smallest.",
    of: ["tune"]
  },
  {
    id: "generalization-error",
    tex: "\\varepsilon_g",
    name: "Generalisation error",
    definition:
      "Of classifiers: the chance of a wrong label on a fresh input. Of SGD: half the squared difference of student and teacher, label noise left out.",
    of: ["generalizationError", "misclassification"]
  },
  {
    id: "gibbs-error",
    tex: "\\varepsilon_{\\mathrm{Gibbs}}",
    name: "Gibbs error",
    definition: "The error of one sample of the posterior, rather than of its mean: arccos(q/ρ)/π for a sign perceptron.",
    of: ["gibbsError", "squaredError"]
  },
  {
    id: "training-loss",
    tex: "\\ell_t",
    name: "Training loss",
    definition: "The mean loss per sample on the data that were learned from.",
    of: ["trainingLoss", "testLoss"]
  },
  {
    id: "separability",
    name: "Separability",
    definition:
      "Whether a hyperplane separates the labels: below this threshold of samples the training error can be zero and unpenalised logistic weights diverge."
  },
  {
    id: "interpolation",
    name: "Interpolation threshold",
    definition: "As many samples as features: the peak of double descent for a weak penalty."
  },
  {
    id: "double-descent",
    name: "Double descent",
    definition: "The test error falls, peaks at the interpolation threshold, and falls again as a model grows."
  },
  {
    id: "sparsity",
    tex: "P(\\hat w \\neq 0)",
    name: "Sparsity of the estimate",
    definition: "The fraction of weights that the LASSO leaves different from zero.",
    of: ["sparsity"]
  },
  {
    id: "overlap-plus",
    tex: "\\lambda_+",
    name: "Overlap of the mean of two units",
    definition: "The eigenvalue q_d + q_a of the overlap matrix of a committee of two.",
    of: ["overlapPlus"]
  },
  {
    id: "overlap-minus",
    tex: "\\lambda_-",
    name: "Overlap of their difference",
    definition: "The eigenvalue q_d of the overlap matrix: positive when the units have specialised.",
    of: ["overlapMinus"]
  },
  {
    id: "specialization",
    name: "Specialisation",
    definition: "The point from which each unit of the student follows a unit of the teacher of its own, rather than their mean."
  },
  {
    id: "sgd",
    name: "Online SGD",
    definition: "One fresh sample a step; in the limit of large inputs the overlaps follow ordinary differential equations."
  },
  {
    id: "plateau",
    name: "Plateau",
    definition: "A long stretch of learning at nearly constant error, where all students are alike and none has specialised."
  },
  { id: "student-overlaps", tex: "Q", name: "Overlaps of the students", definition: "Q = w wᵀ/N among the students' weight vectors." },
  { id: "teacher-overlaps", tex: "R", name: "Overlaps with the teachers", definition: "R = w w*ᵀ/N; rows are students, columns teachers." },
  {
    id: "learning-rate",
    tex: "\\eta",
    name: "Learning rate",
    definition: "Of SGD: w += (η/√N) v_k g′(λ_k) Δ x. In the scaling scenario γ = γ₀ d^(−δ).",
    of: ["learningRate", "secondLearningRate", "rate"]
  },
  {
    id: "label-noise",
    tex: "\\sigma^2",
    name: "Label noise",
    definition: "The variance of the noise on a teacher network's labels.",
    of: ["online-sgd.noise", "hidden-manifold.noise", "generator-data.noise"]
  },
  { id: "time", tex: "t", name: "Time", definition: "Iterations; of SGD, samples divided by N.", of: ["time"] },
  {
    id: "width-exponent",
    tex: "\\kappa",
    within: "SGD scaling",
    name: "Exponent of the width",
    definition: "The student has p = p₀ d^κ units.",
    of: ["sgd-scaling.kappa", "sgd-scaling.width"]
  },
  {
    id: "rate-exponent",
    tex: "\\delta",
    within: "SGD scaling",
    name: "Exponent of the learning rate",
    definition: "The learning rate is γ₀ d^(−δ); what counts is κ + δ.",
    of: ["sgd-scaling.delta"]
  },
  {
    id: "risk-observable",
    tex: "R",
    within: "SGD scaling",
    name: "Risk",
    definition: "Half the squared difference of student and teacher, averaged over fresh inputs.",
    of: ["risk"]
  },
  {
    id: "update-weights",
    tex: "\\gamma/(p\\,d\\,\\delta t)",
    name: "Weights of learning and of noise",
    definition: "How large the two terms of the dynamics are in its own unit of time: which of them survives in the limit.",
    of: ["learningWeight", "noiseWeight"]
  },
  {
    id: "student-start",
    tex: "\\Omega_0",
    name: "Initial overlaps",
    definition: "The overlaps that students and teachers begin with: drawn with a seed, scaled, or given.",
    of: ["initial", "overlapSeed", "studentScale", "sgd-scaling.start", "hidden-manifold.overlap", "generator-data.overlap"]
  },
  {
    id: "trained-layers",
    tex: "v",
    name: "Second layer",
    definition: "The weights from hidden units to the output; learned as well when asked for.",
    of: ["train"]
  },
  {
    id: "weight-decay",
    tex: "\\kappa",
    within: "online SGD",
    name: "Weight decay",
    definition: "Weights shrink at this rate while they learn.",
    of: ["weightDecay"]
  },
  {
    id: "disagreement",
    tex: "\\varepsilon_{12}",
    name: "Disagreement of two students",
    definition:
      "Half the squared difference of two students trained alike: whether they learn one function, on the data's inputs or on i.i.d. ones.",
    of: ["disagreement", "disagreementIid", "studentOverlap"]
  },
  {
    id: "frames",
    name: "Frames",
    definition: "How many points of a trajectory are kept, or how many fresh samples an error is measured on.",
    of: ["frames", "testSamples"]
  },
  {
    id: "training",
    name: "Training of a network",
    definition: "Epochs, batches, optimiser and repetitions of what is trained before it is measured.",
    of: ["epochs", "optimizer", "batch", "sampleRatio", "trainings", "inputNoise", "labelRatio", "inputs", "widthRatio"]
  },
  {
    id: "intrinsic-dimension",
    tex: "d",
    name: "Intrinsic dimension",
    definition: "On how many dimensions data lie, estimated from the distances of neighbours.",
    of: [
      "twoNN",
      "correlationDimension",
      "nearestNeighbour",
      "dimension",
      "manifold",
      "intrinsic-dimension.features",
      "intrinsic-dimension.size"
    ]
  },
  {
    id: "proximal",
    tex: "\\operatorname{prox}",
    name: "Proximal operator",
    definition:
      "The point that minimises a loss plus a squared distance to ω over 2V: what takes the place of the posterior mean when a risk is minimised."
  }
];
