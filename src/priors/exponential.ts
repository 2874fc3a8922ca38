/** x > 0 with density rate exp(-rate x): sparse positive signals (intensities, concentrations). */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { exactLog } from "../numerics/random/exact.ts";
import { sharpEdges } from "./sharpEdges.ts";

export const exponential = defineFamily<Prior>()({
  id: "exponential",
  about: "x >= 0 with density rate exp(-rate x)",
  params: { rate: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "λ", about: "rate, the inverse of the mean" } },
  references: [
    {
      key: "vila2014",
      cite: "Vila, Schniter, An empirical-Bayes approach to recovering linearly constrained non-negative sparse signals, IEEE Trans. Signal Process. 62, 4689 (2014)",
      url: "https://arxiv.org/abs/1310.2806",
      used: "non-negative priors in message passing: truncated Gaussian posteriors, section IV"
    }
  ],
  build: ({ rate }) => ({
    ...sharpEdges([{ from: 0, to: Infinity, curvature: 0, tilt: -rate, weight: 1 }]),
    sample(rng, x) {
      rng.fillUniform(x);
      for (let i = 0; i < x.length; i++) x[i] = -exactLog(1 - x[i]) / rate;
    }
  })
});
