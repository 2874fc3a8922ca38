/** Compressed sensing of a signal made by a known random network (Aubin et al. 2020), against sparsity. */
import { generative } from "./family/generative.ts";
import { thresholdLandmark } from "./family/landmark.ts";
import { generativeReferences } from "./family/generativeReferences.ts";

const itself = () => generativeCompressedSensing;

export const generativeCompressedSensing = generative({
  id: "generative-compressed-sensing",
  title: "Compressed sensing with a generative prior",
  summary:
    "A signal made by a known random network from k latent Gaussian variables is measured n times by a random matrix. The network is the prior; a sparse signal with k nonzeros, measured as often, stands beside it.",
  formulas: [
    "y = A s + \\sqrt{\\Delta}\\,\\xi, \\qquad s = \\varphi(W^{(L)} \\cdots \\varphi(W^{(1)} z)), \\qquad z \\sim \\mathcal N(0, I_k)"
  ],
  defaults: { damping: 0.2 },
  channel: (noise) => `gaussian:noise=${noise}`,
  references: generativeReferences,
  landmarks: [
    thresholdLandmark(itself, { latentRatio: 0.3, activation: "linear" }, "informationTheoretic", {
      name: "linear generator, k/d = 0.3: possible from alpha = k/d",
      value: 0.3,
      tolerance: 1e-9,
      source: "dimension counting"
    }),
    thresholdLandmark(itself, { latentRatio: 0.2 }, "sparseAlgorithmic", {
      name: "sparse signal beside it, rho = 0.2: AMP",
      value: 0.355410828,
      tolerance: 1e-9,
      source: "Krzakala et al. 2012; see compressed-sensing"
    })
  ],
  agreement: [
    { at: "every-t", bias: 8, params: { noise: 0.01, alpha: 0.5, size: 500, damping: 0 } },
    { at: "every-t", bias: 8, params: { noise: 0.01, alpha: 0.5, size: 500, depth: 2, latentRatio: 0.4, damping: 0 } },
    { at: "end", bias: 8, params: { noise: 0.1, alpha: 1, size: 500, activation: "sign", latentRatio: 0.5 } },
    { at: "end", bias: 2, params: { noise: 0, alpha: 0.5, size: 400, activation: "linear", latentRatio: 0.2 } }
  ]
});
