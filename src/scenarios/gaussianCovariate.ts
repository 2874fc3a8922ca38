/**
 * Generalised linear regression on correlated features: the student's features and the teacher's are jointly Gaussian with covariances
 * in closed form, or those of real data. Replica theory of the Gaussian covariate model (Loureiro et al. 2021), eqs. 2.5 to 2.9.
 */
import { outcome } from "../core/outcome.ts";
import { ParameterError } from "../core/parameters.ts";
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
import { sampleInstance } from "./gaussianCovariate/sample.ts";
import { ID, lawOf, type P, params } from "./gaussianCovariate/setting.ts";

const taskFor = (p: P) => taskOf(p, lawOf(p).inputs, p.alpha, ID);
const itself = () => gaussianCovariate;
const MOST_NUMBERS = 1e8;

/** +infinity where every number of samples can be separated, null for linear labels. */
function separability(p: P): number | null {
  return p.labels === "sign" ? separabilityThreshold(explainedVariance(lawOf(p).inputs), 1, p.noise) : null;
}

/** Said when data are more linear than the model allows. */
const TOO_LINEAR =
  "a linear function of these features is closer to the labels than to the sign of any Gaussian: its correlation was cut to the largest possible, and the errors told are those of such signs, not of these labels; linear labels have no such limit";

function noted(p: P, end: Outcome): Outcome {
  if (!lawOf(p).clipped) return end;
  return outcome(end.kind, end.residual, end.iterations, { advice: TOO_LINEAR, clipped: 1 });
}

export const gaussianCovariate = defineScenario({
  id: ID,
  title: "Gaussian covariate model",
  summary:
    "A student and a teacher see correlated features of their own; only the covariances count. Power-law spectra, random features, or the covariances of real data, where ridge regression follows the theory.",
  formulas: [
    String.raw`\begin{pmatrix} u \\ v\end{pmatrix} \sim \mathcal N\Big(0, \begin{pmatrix} \Psi & \Phi \\ \Phi^T & \Omega\end{pmatrix}\Big), \qquad y_\mu = f_0\big(\tfrac{\theta\cdot u_\mu}{\sqrt k} + \sqrt\Delta\,\xi_\mu\big), \quad \tfrac1k\theta^T\Psi\theta = 1`,
    String.raw`\hat w = \arg\min_w \sum_{\mu=1}^{\alpha p} \ell\big(y_\mu, \tfrac{v_\mu\cdot w}{\sqrt p}\big) + \tfrac{\lambda}{2} |w|^2, \qquad b = \tfrac{1}{\sqrt k}\Phi^T\theta`,
    String.raw`V = \tfrac1p \operatorname{tr}\Omega D^{-1},\quad m = \hat m\, b^T D^{-1} b,\quad q = \hat m^2\, b^T D^{-1}\Omega D^{-1} b + \hat q\,\tfrac1p\operatorname{tr}(\Omega D^{-1})^2, \quad D = \lambda + \hat V\Omega`
  ],
  family: "learning",
  params,
  observables: riskObservables,
  time: riskTime,
  sized: true,
  thresholdNames: ["interpolation", "separability"],
  across: "visible",
  branchNames: { algorithmic: "risk minimisation", optimal: "Bayes-optimal" },
  phases: ["interpolating", "separable", "overlapping"],
  references: [
    {
      key: "loureiro2021",
      cite: "B. Loureiro, C. Gerbelot, H. Cui, S. Goldt, F. Krzakala, M. Mézard, L. Zdeborová, Learning curves of generic features maps for realistic datasets with a teacher-student model, NeurIPS 34 (2021)",
      url: "https://arxiv.org/abs/2102.08127",
      used: "the model, its replica equations and the recipe for real data"
    },
    {
      key: "cui2021",
      cite: "H. Cui, B. Loureiro, F. Krzakala, L. Zdeborová, Generalization error rates in kernel regression: the crossover from the noiseless to noisy regime, NeurIPS 34 (2021)",
      url: "https://arxiv.org/abs/2105.15004",
      used: "capacity and source exponents of power-law features"
    },
    {
      key: "candes2020",
      cite: "E. J. Candès, P. Sur, The phase transition for the existence of the maximum likelihood estimate in high-dimensional logistic regression, Ann. Statist. 48, 27 (2020)",
      url: "https://arxiv.org/abs/1804.09753",
      used: "theorem 1: where data can be separated"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { model: "isotropic", visible: 0 }, "separability", {
      name: "labels that the features do not explain: separable up to n/p = 2",
      value: 2,
      tolerance: 1e-12,
      source: "T. Cover, IEEE Trans. Electron. Comput. 14, 326 (1965)"
    }),
    thresholdLandmark(itself, { model: "isotropic", visible: 0.64 }, "separability", {
      name: "correlation 0.8 of features and preactivation: separable up to n/p = 3.133",
      value: 3.1330951353,
      tolerance: 1e-9,
      source: "Candès and Sur 2020, theorem 1, minimised independently"
    }),
    predictionLandmark(
      itself,
      { model: "isotropic", alpha: 3, lambda: 1 },
      "generalizationError",
      {
        name: "isotropic features are the perceptron: ridge, lambda = 1, alpha = 3",
        value: 0.1509641594,
        tolerance: 1e-9,
        source: "ridge regression on i.i.d. Gaussian patterns, solved independently"
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { model: "isotropic", alpha: 3, lambda: 0.01, loss: "logistic" },
      "generalizationError",
      {
        name: "the same with the logistic loss, lambda = 0.01",
        value: 0.1299144995,
        tolerance: 1e-9,
        source: "replica equations on i.i.d. Gaussian patterns, solved independently"
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { model: "random-features", latentRatio: 1 / 3, alpha: 1 },
      "generalizationError",
      {
        name: "erf features, p/d = 3, n = p, square loss, lambda = 1e-4",
        value: 0.3923294296,
        tolerance: 1e-9,
        source: "replica equations of Gerace et al. 2020 solved independently"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 1, params: { alpha: 1, labels: "linear", noise: 0.2, lambda: 0.1, size: 200, testSamples: 2000 } },
    { at: "end", bias: 1, params: { alpha: 2, visible: 0.8, loss: "logistic", lambda: 0.05, size: 150, testSamples: 2000 } },
    {
      at: "end",
      bias: 1,
      params: { model: "random-features", activation: "relu", alpha: 1.5, lambda: 0.02, size: 150, testSamples: 2000 }
    },
    {
      at: "end",
      bias: 1,
      params: {
        model: "isotropic",
        visible: 0.7,
        labels: "linear",
        noise: 0.2,
        loss: "huber",
        tune: "generalization",
        size: 100,
        testSamples: 2000
      }
    }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<RiskName>, SimulationEnd> {
    const law = lawOf(p);
    const loss = lossOf(p, ID);
    const cols = law.data?.cols ?? p.size;
    const n = Math.max(1, Math.round(p.alpha * cols));
    if (n * cols > MOST_NUMBERS)
      throw new ParameterError(
        `${ID}: alpha x size^2 must be at most ${MOST_NUMBERS} for a run, got ${n} samples of ${cols} features; for example size ${Math.floor(Math.sqrt(MOST_NUMBERS / p.alpha))}`
      );
    const lambda = p.tune === "none" ? p.lambda : solvedRisk(taskFor(p), p).lambda;
    const { training, errorAt } = sampleInstance(p, law, n, rng);
    return yield* studentRun(training, loss, lambda, p, errorAt);
  },

  *evolve(p: P): Generator<Frame<RiskName>, Outcome> {
    return noted(p, yield* riskFrames(taskFor(p), p));
  },

  predict(p: P): Prediction<RiskName> {
    const task = taskFor(p);
    const found = solvedRisk(task, p);
    const { rank, data } = lawOf(p);
    const line = separability(p);
    const algorithmic = riskBranch({ ...found, outcome: noted(p, found.outcome) });
    // the prior of a power law, or of data, is not known to any learner
    const known = data === null && p.model !== "power-law";
    return {
      branches: known ? { algorithmic, optimal: bayesBranch(task) } : { algorithmic },
      phase: p.alpha < rank ? "interpolating" : line !== null && p.alpha < line ? "separable" : "overlapping",
      fixedPoints: [riskPoint(found)]
    };
  },

  caveat: (p: P) => (lawOf(p).clipped ? TOO_LINEAR : null),

  thresholds(p: P) {
    const line = separability(p);
    return { interpolation: lawOf(p).rank, separability: line !== null && Number.isFinite(line) ? line : null };
  },

  thresholdsNote(p: P) {
    if (p.labels === "linear") return "separability is of sign labels: real labels are fitted where n <= p, and nowhere else";
    return separability(p) === Number.POSITIVE_INFINITY
      ? "the features explain the labels: they can be separated however many there are"
      : null;
  }
});
