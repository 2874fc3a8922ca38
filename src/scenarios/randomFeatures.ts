/**
 * Random features, or the hidden manifold in full batch: a teacher labels latent Gaussian variables, a regularised student sees p
 * nonlinear features of them. Its error as a function of width descends twice, with a peak where it begins to interpolate.
 *
 * Replica theory of the Gaussian equivalent (Gerace et al. 2020). The mean of the features (relu) is one direction of variance of order p
 * along which the student has a bias at no cost in the penalty; labels of mean zero leave it at zero, so that the theory leaves it out.
 */
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Prediction, Rng, SimulationEnd } from "../core/types.ts";
import { explainedVariance, separabilityThreshold } from "../theory/risk/index.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";
import {
  bayesBranch,
  lossOf,
  type RiskName,
  riskBranch,
  riskFrames,
  riskObservables,
  riskPoint,
  riskTime,
  solvedRisk,
  studentRun,
  taskOf
} from "./family/riskStudent.ts";
import { sampleInstance } from "./randomFeatures/sample.ts";
import { covariatesOf, type P, params, sizesOf } from "./randomFeatures/setting.ts";

const ID = "random-features";
const taskFor = (p: P) => taskOf(p, covariatesOf(p), p.alpha / p.width, ID);
const itself = () => randomFeatures;

/** Separation by the best of all weights needs sign labels; interpolation by a linear system does not. */
function separability(p: P): number | null {
  return p.labels === "sign" ? p.width * separabilityThreshold(explainedVariance(covariatesOf(p)), 1, p.noise) : null;
}

const printed = { tolerance: 1e-9, source: "replica equations of Gerace et al. 2020 solved independently" };

export const randomFeatures = defineScenario({
  id: ID,
  title: "Random features",
  summary:
    "A teacher labels latent variables; a student with an empirical risk and a ridge penalty sees random nonlinear features of them. Double descent along the width, and the line up to which its data can be separated.",
  formulas: [
    String.raw`y_\mu = \mathrm{sign}\big(\tfrac{\theta\cdot c_\mu}{\sqrt d} + \sqrt\Delta\,\xi_\mu\big) \text{ or the same without the sign}, \qquad x_\mu = \sigma\big(\tfrac{F^T c_\mu}{\sqrt d}\big), \quad c_\mu \sim \mathcal N(0, I_d)`,
    String.raw`\hat w = \arg\min_w \sum_{\mu=1}^{n} \ell\big(y_\mu, \tfrac{x_\mu\cdot w}{\sqrt p}\big) + \tfrac{\lambda}{2} |w|^2, \qquad F \in \mathbb R^{d\times p}`,
    String.raw`x \simeq \kappa_0 + \kappa_1 \tfrac{F^T c}{\sqrt d} + \kappa_\star \xi, \quad \kappa_0 = \mathbb E\,\sigma(z),\; \kappa_1 = \mathbb E\, z\sigma(z),\; \kappa_\star^2 = \mathbb E\,\sigma^2 - \kappa_0^2 - \kappa_1^2`
  ],
  family: "learning",
  params,
  observables: riskObservables,
  time: riskTime,
  thresholdNames: ["interpolation", "separability"],
  branchNames: { algorithmic: "risk minimisation", optimal: "Bayes-optimal" },
  phases: ["interpolating", "separable", "overlapping"],
  references: [
    {
      key: "gerace2020",
      cite: "F. Gerace, B. Loureiro, F. Krzakala, M. Mézard, L. Zdeborová, Generalisation error in learning with random features and the hidden manifold model, ICML (2020)",
      url: "https://arxiv.org/abs/2002.09339",
      used: "the model and its replica equations, double descent, Gaussian and orthogonal F"
    },
    {
      key: "goldt2022",
      cite: "S. Goldt, B. Loureiro, G. Reeves, F. Krzakala, M. Mézard, L. Zdeborová, The Gaussian equivalence of generative models for learning with shallow neural networks, MSML (2022)",
      url: "https://arxiv.org/abs/2006.14709",
      used: "the Gaussian equivalent"
    },
    {
      key: "mei2022",
      cite: "S. Mei, A. Montanari, The generalization error of random features regression, Comm. Pure Appl. Math. 75, 667 (2022)",
      url: "https://arxiv.org/abs/1908.05355",
      used: "ridge regression on random features: the peak at p = n"
    },
    {
      key: "candes2020",
      cite: "E. J. Candès, P. Sur, The phase transition for the existence of the maximum likelihood estimate in high-dimensional logistic regression, Ann. Statist. 48, 27 (2020)",
      url: "https://arxiv.org/abs/1804.09753",
      used: "theorem 1: where data can be separated"
    }
  ],
  landmarks: [
    predictionLandmark(
      itself,
      { alpha: 3, width: 0.6 },
      "generalizationError",
      {
        name: "erf, Gaussian F, square loss, lambda = 1e-4, n/d = 3: label error at p/n = 0.2",
        value: 0.3053770515,
        ...printed
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { alpha: 3, width: 3 },
      "generalizationError",
      {
        name: "the same at p/n = 1, the peak of double descent",
        value: 0.3923294296,
        ...printed
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { alpha: 3, width: 9 },
      "generalizationError",
      {
        name: "the same at p/n = 3",
        value: 0.2108169029,
        ...printed
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { alpha: 3, width: 3, tune: "generalization" },
      "generalizationError",
      {
        name: "the same at p/n = 1 with the best penalty, lambda = 0.1731463",
        value: 0.1787722178,
        ...printed
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { alpha: 3, width: 3, loss: "logistic" },
      "generalizationError",
      {
        name: "logistic loss, lambda = 1e-4, p/n = 1",
        value: 0.1715953636,
        ...printed
      },
      "algorithmic"
    ),
    thresholdLandmark(itself, { width: 3 }, "interpolation", {
      name: "square loss: the peak, n = p",
      value: 3,
      tolerance: 0,
      source: "Gerace et al. 2020, figure 3"
    })
  ],
  agreement: [
    { at: "every-t", bias: 1, params: { alpha: 3, width: 1, lambda: 1e-2, size: 200 } },
    { at: "end", bias: 1, params: { alpha: 2, width: 4, activation: "relu", labels: "linear", noise: 0.3, lambda: 0.05, size: 150 } },
    {
      at: "end",
      bias: 1,
      params: { alpha: 3, width: 1.5, activation: "sign", features: "orthogonal", loss: "logistic", lambda: 0.02, size: 100 }
    },
    { at: "end", bias: 1, params: { alpha: 2, width: 1, activation: "tanh", loss: "hinge", noise: 0.1, tune: "generalization", size: 100 } }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<RiskName>, SimulationEnd> {
    const sizes = sizesOf(p);
    const loss = lossOf(p, ID);
    const lambda = p.tune === "none" ? p.lambda : solvedRisk(taskFor(p), p).lambda;
    const { training, errorAt } = sampleInstance(p, rng, sizes);
    return yield* studentRun(training, loss, lambda, p, errorAt);
  },

  *evolve(p: P): Generator<Frame<RiskName>, Outcome> {
    return yield* riskFrames(taskFor(p), p);
  },

  predict(p: P): Prediction<RiskName> {
    const task = taskFor(p);
    const found = solvedRisk(task, p);
    const line = separability(p);
    return {
      branches: { algorithmic: riskBranch(found), optimal: bayesBranch(task) },
      phase: p.alpha < p.width ? "interpolating" : line !== null && p.alpha < line ? "separable" : "overlapping",
      fixedPoints: [riskPoint(found)]
    };
  },

  thresholds(p: P) {
    return { interpolation: p.width, separability: separability(p) };
  },

  thresholdsNote: (p) =>
    p.labels === "linear" ? "separability is of sign labels: real labels are fitted where n <= p, and nowhere else" : null
});
