/** The symmetric door: labels say only whether |z| exceeds a width, so nothing is learned below a weak-recovery threshold. */
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { doorError, mse, overlap } from "./family/observables.ts";

const itself = () => symmetricDoor;

export const symmetricDoor = generalizedLinear({
  id: "symmetric-door",
  title: "Symmetric door",
  summary:
    "Weights from labels that only tell whether |z| is above a width: blind to the global sign, with a weak-recovery threshold and a hard phase.",
  formulas: ["y_\\mu = \\mathrm{sign}\\left(|z_\\mu| - \\kappa\\right), \\quad z = W x"],
  params: {
    prior: {
      kind: "choice",
      default: "binary",
      options: ["binary", "gaussian"],
      symbol: "P₀",
      about: "law of the teacher's weights: ±1 or N(0, 1)"
    },
    width: { kind: "real", default: 0.67449, min: 1e-3, max: 10, symbol: "κ", about: "half-width of the door; 0.67449 balances the labels" }
  },
  defaults: { alpha: 1.5, init: "spectral", damping: 0.4 },
  observables: {
    overlap,
    mse,
    generalizationError: { symbol: "ε_g", about: "chance of a wrong label on a new pattern, Bayes-optimal student", range: [0, 1] }
  },
  thresholdNames: ["weakRecovery", "algorithmic", "informationTheoretic"],
  bricks: ({ prior, width }) => ({ prior, channel: `symmetric-door:width=${width}` }),
  observe: ({ rho, m, q, V, mse }, { width }) => ({ overlap: m / rho, mse, generalizationError: doorError(m, q, V, rho, width) }),
  references: [
    {
      key: "barbier2019",
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      used: "symmetric door, fig. 2"
    },
    {
      key: "mondelli2019",
      cite: "M. Mondelli, A. Montanari, Found. Comput. Math. 19, 703 (2019)",
      url: "https://doi.org/10.1007/s10208-018-9395-y",
      used: "weak recovery and spectral starts"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, {}, "informationTheoretic", {
      name: "binary weights, balanced labels: possible",
      value: 1,
      tolerance: 1e-5,
      source: "Barbier et al. 2019 (counting: one bit a pattern); width 0.67449 balances the labels to 1e-6"
    }),
    thresholdLandmark(itself, {}, "weakRecovery", {
      name: "binary weights: weak recovery",
      value: 1.36046,
      tolerance: 1e-5,
      source: "1.36 in Barbier et al. 2019; digits from an independent solution"
    }),
    thresholdLandmark(itself, {}, "algorithmic", {
      name: "binary weights: AMP recovers",
      value: 1.56643,
      tolerance: 1e-5,
      source: "1.566 in Barbier et al. 2019; digits from an independent solution"
    })
  ],
  agreement: [
    {
      at: "every-t",
      bias: 8,
      params: { prior: "binary", alpha: 1.5, size: 1000, init: "planted", initialOverlap: 0.3, iterations: 6, damping: 0 }
    },
    {
      at: "every-t",
      bias: 8,
      params: { prior: "gaussian", alpha: 3, size: 1000, init: "planted", initialOverlap: 0.3, iterations: 8, damping: 0 }
    }
  ]
});
