/**
 * Regression through a rectifier: half of the measurements say only that z was negative.
 * Undamped AMP with scalar variances oscillates on about one instance in ten at p = 800 (fewer as p grows), although state
 * evolution is stable: the mode lies at the edge of the spectrum of the linearised iteration. A little damping removes it.
 */
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { predictionLandmark, thresholdLandmark } from "./family/landmark.ts";
import { mse, overlap } from "./family/observables.ts";

const itself = () => reluRegression;

export const reluRegression = generalizedLinear({
  id: "relu-regression",
  title: "ReLU regression",
  summary: "A dense or sparse signal from rectified random projections, with noise added after the rectifier.",
  formulas: [
    "y_\\mu = \\max(0, z_\\mu) + \\sqrt{\\Delta}\\,\\xi_\\mu, \\quad z = W x",
    "x_i \\sim (1-\\rho)\\,\\delta_0 + \\rho\\,\\mathcal N(0, 1)"
  ],
  params: {
    rho: { kind: "real", default: 1, min: 1e-3, max: 1, symbol: "ρ", about: "fraction of nonzeros, P(x ≠ 0)" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added after the rectifier; 0 is exact" }
  },
  defaults: { alpha: 1.5, damping: 0.2 },
  observables: { overlap, mse },
  thresholdNames: ["algorithmic", "informationTheoretic"],
  bricks: ({ rho, noise }) => ({ prior: `gauss-bernoulli:rho=${rho}`, channel: `relu:noise=${noise}` }),
  observe: ({ rho, m, mse }) => ({ overlap: m / rho, mse }),
  references: [
    {
      key: "barbier2019",
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      used: "rectified linear channel, eqs. 4-11 and fig. 2"
    }
  ],
  landmarks: [
    predictionLandmark(itself, { alpha: 1 }, "mse", {
      name: "Gaussian signal: mmse at alpha = 1",
      value: 0.3072061035,
      tolerance: 1e-9,
      source: "independent solution of Barbier et al. 2019, eq. 7"
    }),
    thresholdLandmark(itself, {}, "algorithmic", {
      name: "Gaussian signal: perfect recovery",
      value: 2,
      tolerance: 1e-9,
      source: "Barbier et al. 2019 (p positive labels)"
    })
  ],
  agreement: [
    { at: "every-t", bias: 4, params: { rho: 1, noise: 0, alpha: 1.2, size: 800, damping: 0, iterations: 12 } },
    { at: "every-t", bias: 4, params: { rho: 0.3, noise: 0.01, alpha: 1, size: 1200, damping: 0, iterations: 12 } },
    { at: "end", bias: 4, params: { rho: 1, noise: 0, alpha: 1.2, size: 800 } },
    { at: "end", bias: 4, params: { rho: 0.3, noise: 0.01, alpha: 1, size: 1200 } }
  ]
});
