/**
 * Empirical risk minimisation with a sign teacher: a student minimises a convex loss with a ridge penalty on alpha p random patterns
 * (Györgyi and Tishby 1990; Aubin et al. 2020), beside the Bayes-optimal learning curve.
 */
import { outcome } from "../core/outcome.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Loss, Outcome, Rng, SimulationEnd, Watch } from "../core/types.ts";
import {
  isSeparable,
  labelErrorAt,
  makeOutputSide,
  perceptronRisk,
  ridgeSide,
  riskEvolution,
  type RiskOrder,
  separableBelow,
  trainingLossAt,
  usedPenalty
} from "../theory/risk/index.ts";
import { convexCaveat } from "./family/caveats.ts";
import { predictionLandmark } from "./family/landmark.ts";
import { bayesStudent } from "./perceptronErm/bayes.ts";
import { ermRun } from "./perceptronErm/run.ts";
import { lossOf, type O, type P, params, penaltyOf, startVariance } from "./perceptronErm/setting.ts";

function lossAtZero(loss: Loss): number {
  const out = new Float64Array(1);
  loss.value(Float64Array.of(1), Float64Array.of(0), out);
  return out[0];
}

const start = (loss: Loss): Frame<O> => ({ t: 0, generalizationError: 0.5, trainingLoss: lossAtZero(loss), overlap: 0, norm: 0 });

const view = (order: RiskOrder, noise: number): Pick<Frame<O>, "generalizationError" | "overlap" | "norm"> => ({
  generalizationError: labelErrorAt({ kind: "sign", noise }, 1, order),
  overlap: order.m,
  norm: order.q
});

const itself = () => perceptronErm;
const own = "independent solution of the fixed-point equations";

export const perceptronErm = defineScenario({
  id: "perceptron-erm",
  title: "Perceptron: empirical risk minimisation",
  summary:
    "Ridge, logistic regression and support vector machines learn the labels of a perceptron: error, training loss and norm from the replica equations of the proximal operator, beside the Bayes-optimal student.",
  formulas: [
    String.raw`\hat w = \arg\min_w \sum_{\mu=1}^{\alpha p} \ell(y_\mu, x_\mu \cdot w) + \frac{\lambda}{2} |w|^2, \qquad y_\mu = \mathrm{sign}(x_\mu \cdot w_0 + \sqrt\Delta\,\xi_\mu), \quad x_{\mu i} \sim \mathcal N(0, 1/p)`,
    String.raw`V = \frac{1}{\lambda + \hat V}, \quad m = \hat m V, \quad q = (\hat m^2 + \hat q) V^2, \qquad \epsilon_g = \frac1\pi \arccos \frac{m}{\sqrt{(1 + \Delta)\, q}}`,
    String.raw`\hat V = \alpha\,\mathbb E\,\frac{1 - \partial_\omega \eta}{V}, \quad \hat q = \alpha\,\mathbb E \Bigl(\frac{\eta - \omega}{V}\Bigr)^2, \quad \hat m = \alpha\,\mathbb E\,\partial_{z_0} \frac{\eta - \omega}{V}, \qquad \eta = \arg\min_z \ell(y, z) + \frac{(z - \omega)^2}{2V}`
  ],
  family: "learning",
  params,
  observables: {
    generalizationError: { symbol: "ε_g", about: "chance of a wrong label on a new pattern, its noise included", range: [0, 1] },
    trainingLoss: {
      symbol: "ℓ_t",
      about: "mean loss of a training pattern, the penalty left out (on the way: of the proximal points of GAMP's last sweep)",
      range: [0, Number.POSITIVE_INFINITY]
    },
    overlap: { symbol: "m", about: "w·w₀/p, the teacher having |w₀|² = p", range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
    norm: { symbol: "q", about: "|w|²/p", range: [0, Number.POSITIVE_INFINITY] }
  },
  thresholdNames: ["separability"],
  across: "noise=0.05:1:0.05",
  branchNames: { algorithmic: "risk minimisation", optimal: "Bayes-optimal" },
  phases: ["separable", "overlapping"],
  references: [
    {
      key: "aubin2020",
      cite: "B. Aubin, F. Krzakala, Y. M. Lu, L. Zdeborová, Generalization error in high-dimensional perceptrons: approaching Bayes error with convex optimization, NeurIPS (2020)",
      url: "https://arxiv.org/abs/2006.06560",
      used: "fixed-point equations with proximal operators, optimal ridge, large-alpha laws"
    },
    {
      key: "candes2020",
      cite: "E. J. Candès, P. Sur, The phase transition for the existence of the maximum likelihood estimate in high-dimensional logistic regression, Ann. Statist. 48, 27 (2020)",
      url: "https://arxiv.org/abs/1804.09753",
      used: "where separable labels leave no maximum-likelihood estimate"
    },
    {
      key: "montanari2019",
      cite: "A. Montanari, F. Ruan, Y. Sohn, J. Yan, The generalization error of max-margin linear classifiers (2019)",
      url: "https://arxiv.org/abs/1911.01544",
      used: "margin and error of the max-margin classifier"
    },
    {
      key: "opper1991",
      cite: "M. Opper, D. Haussler, Phys. Rev. Lett. 66, 2677 (1991)",
      url: "https://doi.org/10.1103/PhysRevLett.66.2677",
      used: "the Bayes-optimal error"
    }
  ],
  landmarks: [
    predictionLandmark(
      itself,
      { loss: "square", lambda: 1 },
      "generalizationError",
      { name: "ridge regression, lambda = 1, alpha = 3", value: 0.1509641594, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { loss: "square", tune: "generalization" },
      "generalizationError",
      {
        name: "optimal ridge (lambda = pi/2 - 1), alpha = 3",
        value: 0.1497962193,
        tolerance: 1e-10,
        source: `Aubin et al. 2020; ${own}`
      },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { lambda: 0.01 },
      "generalizationError",
      { name: "logistic regression, lambda = 0.01, alpha = 3", value: 0.1299144994, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { tune: "generalization" },
      "generalizationError",
      { name: "logistic regression, optimal lambda, alpha = 3", value: 0.1299096612, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(
      itself,
      { loss: "hinge", lambda: 0 },
      "generalizationError",
      { name: "max-margin, alpha = 3", value: 0.14283564, tolerance: 1e-10, source: own },
      "algorithmic"
    ),
    predictionLandmark(itself, {}, "generalizationError", {
      name: "Bayes-optimal student, alpha = 3",
      value: 0.1298548261,
      tolerance: 1e-10,
      source: `Opper and Haussler 1991; ${own}`
    }),
    predictionLandmark(
      itself,
      { loss: "hinge", lambda: 0, alpha: 1e4 },
      "generalizationError",
      {
        name: "max-margin, large alpha: 0.50049/alpha",
        value: 0.50049e-4,
        tolerance: 1e-9,
        source: "Aubin et al. 2020 (0.500/alpha); digits from an independent solution"
      },
      "algorithmic"
    )
  ],
  agreement: [
    { at: "every-t", bias: 8, params: { loss: "logistic", lambda: 0.1, alpha: 3, size: 400, iterations: 60 } },
    { at: "end", bias: 8, params: { loss: "hinge", lambda: 0.1, alpha: 2, noise: 0.5, size: 300, iterations: 1000 } },
    { at: "end", bias: 8, params: { loss: "square", tune: "generalization", alpha: 2, size: 300, algorithm: "solver" } },
    { at: "end", bias: 8, params: { loss: "huber", lambda: 0.3, alpha: 3, noise: 0.3, size: 300, algorithm: "solver" } }
  ],

  *simulate(p: P, rng: Rng, watch?: Watch): Generator<Frame<O>, SimulationEnd> {
    return yield* ermRun(p, lossOf(p), penaltyOf(p).lambda, rng, watch);
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const { noise, alpha } = p;
    const loss = lossOf(p);
    const { lambda } = penaltyOf(p);
    yield start(loss);
    if (p.algorithm === "solver") {
      const { order, trainingLoss, outcome: end } = perceptronRisk(loss, noise, alpha, lambda);
      yield { t: 1, ...view(order, noise), trainingLoss };
      return end;
    }
    const labels = { kind: "sign", noise } as const;
    const ridge = usedPenalty(loss, noise, alpha, lambda);
    let before: RiskOrder = { m: 0, q: 0, V: startVariance(ridge) };
    const run = riskEvolution(makeOutputSide(loss, labels, 1), ridgeSide(1, ridge), alpha, before, { iterations: p.iterations });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) return step.value;
      const { t, ...order } = step.value;
      if (t > 0) yield { t, ...view(order, noise), trainingLoss: trainingLossAt(loss, labels, 1, before) };
      before = order;
    }
  },

  predict(p: P) {
    const { noise, alpha } = p;
    const loss = lossOf(p);
    const { lambda, advice } = penaltyOf(p);
    const { order, trainingLoss, outcome: end } = perceptronRisk(loss, noise, alpha, lambda);
    const bayes = bayesStudent("perceptron-erm", loss, noise, alpha);
    return {
      branches: {
        algorithmic: {
          outcome: advice && !end.advice ? outcome(end.kind, end.residual, end.iterations, { advice }) : end,
          observables: { ...view(order, noise), trainingLoss }
        },
        optimal: {
          outcome: bayes.outcome,
          observables: { generalizationError: bayes.error, trainingLoss: bayes.trainingLoss, overlap: bayes.q, norm: bayes.q }
        }
      },
      phase: isSeparable(alpha, noise) ? "separable" : "overlapping"
    };
  },

  caveat: convexCaveat,

  thresholds: (p: P) => ({ separability: separableBelow(p.noise) }),

  thresholdsNote: (p: P) =>
    p.noise > 0 ? null : "none: the labels of a noiseless teacher are separable at every alpha; noise > 0 makes the threshold finite"
});
