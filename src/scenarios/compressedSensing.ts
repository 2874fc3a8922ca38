/** Compressed sensing: a sparse signal from fewer random projections than unknowns, with or without noise. */
import { l1Threshold } from "../theory/index.ts";
import { generalizedLinear } from "./family/generalizedLinear.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { mse, overlap } from "./family/observables.ts";

const itself = () => compressedSensing;
const own = "independent solution of the fixed-point equations of Krzakala et al. 2012";

export const compressedSensing = generalizedLinear({
  id: "compressed-sensing",
  title: "Compressed sensing",
  summary:
    "A signal with a fraction rho of nonzeros from alpha p random projections: Bayes-optimal AMP against L1 and against what is possible.",
  formulas: ["y = W x + \\sqrt{\\Delta}\\,\\xi", "x_i \\sim (1-\\rho)\\,\\delta_0 + \\rho\\,\\mathcal N(0, 1)"],
  params: {
    rho: { kind: "real", default: 0.2, min: 1e-4, max: 1, symbol: "ρ", about: "fraction of nonzeros, P(x ≠ 0)" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "noise variance; 0 is exact" }
  },
  defaults: { alpha: 0.5 },
  observables: { overlap, mse },
  thresholdNames: ["algorithmic", "informationTheoretic", "spinodalLow", "l1"],
  bricks: ({ rho, noise }) => ({ prior: `gauss-bernoulli:rho=${rho}`, channel: `gaussian:noise=${noise}` }),
  observe: ({ rho, m, mse }) => ({ overlap: m / rho, mse }),
  // the L1 line is a statement about noiseless recovery
  extraThresholds: ({ rho, noise }) => ({ l1: noise === 0 ? l1Threshold(rho) : null }),
  references: [
    {
      key: "krzakala2012",
      cite: "F. Krzakala, M. Mézard, F. Sausset, Y. Sun, L. Zdeborová, Phys. Rev. X 2, 021005 (2012)",
      url: "https://doi.org/10.1103/PhysRevX.2.021005",
      used: "AMP, state evolution and phase diagram for Gauss-Bernoulli signals"
    },
    {
      key: "donoho2009",
      cite: "D. L. Donoho, A. Maleki, A. Montanari, PNAS 106, 18914 (2009)",
      url: "https://doi.org/10.1073/pnas.0909892106",
      used: "the L1 line"
    },
    {
      key: "wu2010",
      cite: "Y. Wu, S. Verdú, IEEE Trans. Inf. Theory 56, 3721 (2010)",
      url: "https://doi.org/10.1109/TIT.2010.2050803",
      used: "noiseless limit: alpha = information dimension"
    }
  ],
  landmarks: [
    thresholdLandmark(itself, { rho: 0.2 }, "algorithmic", {
      name: "rho = 0.2, noiseless: AMP",
      value: 0.355410828,
      tolerance: 1e-9,
      source: own
    }),
    thresholdLandmark(itself, { rho: 0.2 }, "l1", {
      name: "rho = 0.2: L1",
      value: 0.5111296104,
      tolerance: 1e-9,
      source: "Donoho et al. 2009, minimax soft thresholding"
    }),
    thresholdLandmark(itself, { rho: 0.2 }, "informationTheoretic", {
      name: "rho = 0.2, noiseless: possible",
      value: 0.2,
      tolerance: 1e-12,
      source: "Wu and Verdú 2010"
    }),
    thresholdLandmark(itself, { rho: 0.2, noise: 1e-4 }, "algorithmic", {
      name: "rho = 0.2, noise 1e-4: upper spinodal",
      value: 0.35682,
      tolerance: 1e-5,
      source: own
    }),
    thresholdLandmark(itself, { rho: 0.2, noise: 1e-4 }, "informationTheoretic", {
      name: "rho = 0.2, noise 1e-4: equal free entropies",
      value: 0.33223,
      tolerance: 1e-5,
      source: own
    }),
    thresholdLandmark(itself, { rho: 0.2, noise: 1e-4 }, "spinodalLow", {
      name: "rho = 0.2, noise 1e-4: lower spinodal",
      value: 0.30928,
      tolerance: 1e-5,
      source: own
    })
  ],
  agreement: [
    { at: "every-t", bias: 4, params: { rho: 0.2, noise: 1e-2, alpha: 0.5, size: 1500 } },
    { at: "end", bias: 1, params: { rho: 0.2, noise: 0, alpha: 0.7, size: 1000 } }
  ]
});
