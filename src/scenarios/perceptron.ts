/**
 * The teacher-student perceptron: weights from the signs of random projections.
 * Close to perfect learning the variance of undamped AMP can collapse before the last few binary weights are right (finite
 * size); a little damping lets the data catch up.
 */
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { mse, overlap, signDisagreement } from "./family/observables.ts";

const itself = () => perceptron;

export const perceptron = generalizedLinear({
  id: "perceptron",
  title: "Teacher-student perceptron",
  summary:
    "A student infers the weights of a perceptron from its labels on alpha p random patterns; binary weights jump to perfect learning.",
  formulas: [
    "y_\\mu = \\mathrm{sign}\\left(\\sum_i W_{\\mu i} x_i + \\sqrt{\\Delta}\\,\\xi_\\mu\\right)",
    "W_{\\mu i} \\sim \\mathcal N(0, 1/p), \\quad \\mu = 1 \\ldots \\alpha p"
  ],
  params: {
    prior: {
      kind: "choice",
      default: "gaussian",
      options: ["gaussian", "binary"],
      symbol: "P₀",
      about: "law of the teacher's weights: N(0, 1) or ±1"
    },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the sign" }
  },
  defaults: { damping: 0.2 },
  observables: {
    overlap,
    mse,
    generalizationError: {
      symbol: "ε_g",
      about: "chance of a wrong label on a new pattern (noise included), Bayes-optimal student",
      range: [0, 1]
    },
    gibbsError: { symbol: "ε_Gibbs", about: "the same for one sample of the posterior", range: [0, 1] }
  },
  thresholdNames: ["algorithmic", "informationTheoretic"],
  bricks: ({ prior, noise }) => ({ prior, channel: `sign:noise=${noise}` }),
  observe: ({ rho, m, q, V, mse }, { noise }) => ({
    overlap: m / rho,
    mse,
    generalizationError: labelError(m, q, V, mse, rho, noise),
    gibbsError: signDisagreement(m, q + V, rho + noise)
  }),
  references: [
    {
      key: "gyorgyi1990",
      cite: "G. Györgyi, Phys. Rev. A 41, 7097 (1990)",
      url: "https://doi.org/10.1103/PhysRevA.41.7097",
      used: "first-order transition of the binary perceptron"
    },
    {
      key: "barbier2019",
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      used: "replica formula, GAMP and state evolution (eqs. 4-11)"
    },
    {
      key: "opper1991",
      cite: "M. Opper, D. Haussler, Phys. Rev. Lett. 66, 2677 (1991)",
      url: "https://doi.org/10.1103/PhysRevLett.66.2677",
      used: "Bayes and Gibbs errors"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { prior: "binary" }, "informationTheoretic", {
      name: "binary weights: perfect learning possible",
      value: 1.2446839899,
      tolerance: 1e-8,
      source: "1.245 in Györgyi 1990 and Barbier et al. 2019; digits from an independent solution"
    }),
    thresholdLandmark(itself, { prior: "binary" }, "algorithmic", {
      name: "binary weights: AMP learns perfectly",
      value: 1.4926318182,
      tolerance: 1e-8,
      source: "1.493 in Barbier et al. 2019; digits from an independent solution"
    }),
    predictionLandmark(itself, { alpha: 1 }, "overlap", {
      name: "Gaussian weights: q at alpha = 1",
      value: 0.486263637,
      tolerance: 1e-9,
      source: "independent solution of Barbier et al. 2019, eq. 7"
    })
  ],
  agreement: [
    { at: "every-t", bias: 4, params: { prior: "gaussian", alpha: 2, size: 800, damping: 0 } },
    { at: "every-t", bias: 4, params: { prior: "binary", alpha: 1, size: 800, damping: 0 } },
    { at: "every-t", bias: 4, params: { prior: "binary", alpha: 2, noise: 0.2, size: 800, damping: 0 } },
    { at: "end", bias: 4, params: { prior: "binary", alpha: 1.8, size: 1000 } }
  ]
});

/** On the matched line arccos(sqrt(q/(rho + noise)))/pi; near exact recovery through V, which keeps its digits. */
function labelError(m: number, q: number, V: number, mse: number, rho: number, noise: number): number {
  if (noise === 0 && m === q && V === mse && V < 0.1 * rho) return Math.asin(Math.sqrt(Math.max(0, V) / rho)) / Math.PI;
  return signDisagreement(m, q, rho + noise);
}
