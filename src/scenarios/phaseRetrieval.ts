/**
 * Phase retrieval: a signal from the moduli of its projections, known up to a global sign or phase.
 * In the complex case undamped AMP leaves the Nishimori line: the Jacobian of (m, q, V) there has an eigenvalue near -1.3
 * (state evolution off the line shows the same oscillation as the runs), which damping brings back inside the unit circle.
 */
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { mse, overlap } from "./family/observables.ts";

const itself = () => phaseRetrieval;

export const phaseRetrieval = generalizedLinear({
  id: "phase-retrieval",
  title: "Phase retrieval",
  summary: "A real or complex, dense or sparse signal from the moduli of random projections; the global sign or phase cannot be known.",
  formulas: [
    "y_\\mu = \\left| z_\\mu + \\sqrt{\\Delta}\\,\\xi_\\mu \\right|, \\quad z = W x",
    "x_i \\sim (1-\\rho)\\,\\delta_0 + \\rho\\,\\mathcal N(0, 1)"
  ],
  params: {
    rho: { kind: "real", default: 1, min: 1e-3, max: 1, symbol: "ρ", about: "fraction of nonzeros, P(x ≠ 0)" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the modulus" },
    field: { kind: "choice", default: "real", options: ["real", "complex"], symbol: "𝔽", about: "number field of signal and matrix" }
  },
  defaults: { alpha: 1.5, init: "spectral", damping: 0.4 },
  observables: {
    overlap: { ...overlap, about: "overlap modulo the global sign or phase" },
    mse: { ...mse, about: "mean squared error per component, modulo the global sign or phase" }
  },
  thresholdNames: ["weakRecovery", "algorithmic", "informationTheoretic"],
  bricks: ({ rho, noise, field }) =>
    field === "complex"
      ? { prior: `complex-gauss-bernoulli:rho=${rho}`, channel: `modulus:noise=${noise}` }
      : { prior: `gauss-bernoulli:rho=${rho}`, channel: `abs:noise=${noise}` },
  observe: ({ rho, m, mse }) => ({ overlap: m / rho, mse }),
  references: [
    {
      key: "barbier2019",
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      used: "real phase retrieval, fig. 2"
    },
    {
      key: "maillard2020",
      cite: "A. Maillard, B. Loureiro, F. Krzakala, L. Zdeborová, NeurIPS 33, 11071 (2020)",
      url: "https://arxiv.org/abs/2006.05228",
      used: "thresholds in the real and complex case, table 1"
    },
    {
      key: "schniter2015",
      cite: "P. Schniter, S. Rangan, IEEE Trans. Signal Process. 63, 1043 (2015)",
      url: "https://doi.org/10.1109/TSP.2014.2386294",
      used: "GAMP with noise before the modulus"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, {}, "weakRecovery", {
      name: "real, Gaussian: weak recovery",
      value: 0.5,
      tolerance: 1e-9,
      source: "Mondelli and Montanari 2019; Maillard et al. 2020"
    }),
    thresholdLandmark(itself, {}, "algorithmic", {
      name: "real, Gaussian: AMP",
      value: 1.12847141,
      tolerance: 1e-8,
      source: "1.128 in Barbier et al. 2019; digits from an independent solution"
    }),
    thresholdLandmark(itself, {}, "informationTheoretic", {
      name: "real, Gaussian: possible",
      value: 1,
      tolerance: 1e-12,
      source: "Barbier et al. 2019"
    }),
    thresholdLandmark(itself, { field: "complex" }, "weakRecovery", {
      name: "complex, Gaussian: weak recovery",
      value: 1,
      tolerance: 1e-6,
      source: "Mondelli and Montanari 2019; Maillard et al. 2020, table 1"
    }),
    thresholdLandmark(itself, { field: "complex" }, "algorithmic", {
      name: "complex, Gaussian: AMP",
      value: 2.027,
      tolerance: 1e-3,
      source: "Maillard et al. 2020, table 1"
    }),
    thresholdLandmark(itself, { field: "complex" }, "informationTheoretic", {
      name: "complex, Gaussian: possible",
      value: 2,
      tolerance: 1e-9,
      source: "Maillard et al. 2020, table 1"
    })
  ],
  agreement: [
    {
      at: "every-t",
      bias: 8,
      params: { rho: 1, noise: 0.01, alpha: 2, size: 1000, init: "planted", initialOverlap: 0.4, iterations: 10, damping: 0 }
    },
    {
      at: "every-t",
      bias: 8,
      params: {
        rho: 0.5,
        noise: 0.01,
        field: "complex",
        alpha: 2.5,
        size: 600,
        init: "planted",
        initialOverlap: 0.4,
        iterations: 2,
        damping: 0
      }
    },
    {
      at: "end",
      bias: 8,
      params: { rho: 0.5, noise: 0.01, field: "complex", alpha: 2.5, size: 600, init: "planted", initialOverlap: 0.4 }
    },
    { at: "end", bias: 2, params: { rho: 1, noise: 0, alpha: 2.5, size: 1000, init: "spectral" } }
  ]
});
