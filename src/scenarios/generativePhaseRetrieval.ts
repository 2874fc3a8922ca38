/** Phase retrieval of a signal made by a known random network (Aubin et al. 2020), against sparsity. */
import { generative } from "./family/generative.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { generativeReferences } from "./family/generativeReferences.ts";

const itself = () => generativePhaseRetrieval;

export const generativePhaseRetrieval = generative({
  id: "generative-phase-retrieval",
  title: "Phase retrieval with a generative prior",
  summary:
    "Only the modulus of n random projections of a signal is seen; the signal was made by a known random network from k latent Gaussian variables. Compressive phase retrieval is then possible, and the hard phase nearly closes.",
  formulas: [
    "y = |A s + \\sqrt{\\Delta}\\,\\xi|, \\qquad s = \\varphi(W^{(L)} \\cdots \\varphi(W^{(1)} z)), \\qquad z \\sim \\mathcal N(0, I_k)"
  ],
  channel: (noise) => `abs:noise=${noise}`,
  defaults: { damping: 0.2 },
  references: generativeReferences,
  landmarks: [
    ...(
      [
        [0.2, 0.2193264068],
        [0.5, 0.5281502021],
        [1, 1]
      ] as const
    ).map(([latentRatio, value]) =>
      thresholdLandmark(itself, { latentRatio, activation: "linear" }, "algorithmic", {
        name: `linear generator, k/d = ${latentRatio}: AMP`,
        value,
        tolerance: 1e-9,
        source: "the same curve alpha(r) with the Marchenko-Pastur law of the generator, evaluated independently"
      })
    ),
    thresholdLandmark(itself, { latentRatio: 0.5, activation: "linear" }, "weakRecovery", {
      name: "linear generator, k/d = 0.5: weak recovery at (1/2)(k/d)/(1 + k/d)",
      value: 1 / 6,
      tolerance: 1e-7,
      source: "Aubin et al. 2020; linear stability of zero overlap"
    }),
    thresholdLandmark(itself, { latentRatio: 0.1 }, "algorithmic", {
      name: "relu generator, k/d = 0.1: AMP",
      value: 0.1145468918,
      tolerance: 1e-8,
      source: "independent quadrature (test/theory/references/graphs.py)"
    })
  ],
  agreement: [
    { at: "end", bias: 8, params: { noise: 0.01, alpha: 0.6, size: 500 } },
    { at: "end", bias: 8, params: { noise: 0.01, alpha: 1, size: 500, activation: "linear", latentRatio: 0.5 } }
  ]
});
