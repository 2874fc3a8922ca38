/** Independent circular complex Gaussian entries, W_mui ~ CN(0, 1/cols), each part N(0, 1/(2 cols)). */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { normalization, normalize, normalizedSpectrum } from "./normalization.ts";

export const complexGaussianIid = defineFamily<Ensemble>()({
  id: "complex-gaussian-iid",
  about: "independent circular complex N(0, 1/cols) entries",
  params: { normalization },
  build: ({ normalization }) => ({
    scalar: "complex",
    sample(rng, rows, cols, options = {}) {
      const A = denseMatrix(rows, cols, { ...options, scalar: "complex" });
      A.fillNormal(rng, 1 / Math.sqrt(cols));
      normalize(A, normalization);
      return A;
    },
    spectrum: (alpha) => normalizedSpectrum(alpha, normalization)
  })
});
