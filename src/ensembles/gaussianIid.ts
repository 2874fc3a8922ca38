/** Independent Gaussian entries, W_mui ~ N(0, 1/cols): the ensemble of every theory line of theory.md, section 1. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { normalization, normalize, normalizedSpectrum } from "./normalization.ts";

export const gaussianIid = defineFamily<Ensemble>()({
  id: "gaussian-iid",
  about: "independent N(mean, 1/cols) entries",
  params: {
    mean: {
      kind: "real",
      default: 0,
      min: -1e3,
      max: 1e3,
      symbol: "μ",
      about: "mean of the entries, in units of their standard deviation"
    },
    normalization
  },
  build: ({ mean, normalization }) => ({
    scalar: "real",
    sample(rng, rows, cols, options = {}) {
      const A = denseMatrix(rows, cols, options);
      A.fillNormal(rng, 1 / Math.sqrt(cols));
      if (mean !== 0) {
        const shift = mean / Math.sqrt(cols);
        for (let k = 0; k < A.data.length; k++) A.data[k] += shift;
      }
      normalize(A, normalization);
      return A;
    },
    spectrum: (alpha) => normalizedSpectrum(alpha, normalization)
  })
});
