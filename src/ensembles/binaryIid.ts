/** Independent signs, W_mui = +-1/sqrt(cols): the same asymptotics as Gaussian entries, by universality. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { normalization, normalize, normalizedSpectrum } from "./normalization.ts";

export const binaryIid = defineFamily<Ensemble>()({
  id: "binary-iid",
  about: "independent +-1/sqrt(cols) entries",
  params: { normalization },
  build: ({ normalization }) => ({
    scalar: "real",
    sample(rng, rows, cols, options = {}) {
      const A = denseMatrix(rows, cols, options);
      const scale = 1 / Math.sqrt(cols);
      // In f64 even for f32 storage: a uniform rounded to 24 bits would now and then change sign with the precision.
      const draws = new Float64Array(4096);
      for (let k = 0; k < A.data.length; k++) {
        if (k % draws.length === 0) rng.fillUniform(draws);
        A.data[k] = draws[k % draws.length] < 0.5 ? -scale : scale;
      }
      A.changed();
      normalize(A, normalization);
      return A;
    },
    spectrum: (alpha) => normalizedSpectrum(alpha, normalization)
  })
});
