/** x = sigma |N(0, 1)|: a positive signal without sparsity. */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { sharpEdges } from "./sharpEdges.ts";

export const halfNormal = defineFamily<Prior>()({
  id: "half-normal",
  about: "x = |N(0, variance)|",
  params: { variance: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "σ²", about: "second moment E x²" } },
  references: [
    {
      key: "vila2014",
      cite: "Vila, Schniter, An empirical-Bayes approach to recovering linearly constrained non-negative sparse signals, IEEE Trans. Signal Process. 62, 4689 (2014)",
      url: "https://arxiv.org/abs/1310.2806",
      used: "the non-negative Gaussian, one component at mean 0, section IV"
    }
  ],
  build: ({ variance: v0 }) => ({
    ...sharpEdges([{ from: 0, to: Infinity, curvature: 1 / v0, tilt: 0, weight: 1 }]),
    sample(rng, x) {
      rng.fillNormal(x);
      const s = Math.sqrt(v0);
      for (let i = 0; i < x.length; i++) x[i] = s * Math.abs(x[i]);
    }
  })
});
