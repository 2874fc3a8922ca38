/** Independent entries 0 with probability 1 - density, else +-1/sqrt(density cols): Gaussian asymptotics, by universality, at any fixed density. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { normalization, normalize, normalizedSpectrum } from "./normalization.ts";

export const ternaryIid = defineFamily<Ensemble>()({
  id: "ternary-iid",
  about: "independent entries, zero or +-1/sqrt(density cols)",
  params: {
    density: { kind: "real", default: 0.5, min: 1e-3, max: 1, symbol: "δ", about: "share of nonzero entries" },
    normalization
  },
  build: ({ density, normalization }) => ({
    scalar: "real",
    sample(rng, rows, cols, options = {}) {
      const A = denseMatrix(rows, cols, options);
      const size = 1 / Math.sqrt(density * cols);
      const draws = new Float64Array(4096); // in f64 even for f32 storage: see binaryIid.ts
      for (let k = 0; k < A.data.length; k++) {
        if (k % draws.length === 0) rng.fillUniform(draws);
        const u = draws[k % draws.length];
        A.data[k] = u >= density ? 0 : u < 0.5 * density ? -size : size;
      }
      A.changed();
      normalize(A, normalization);
      return A;
    },
    spectrum: (alpha) => normalizedSpectrum(alpha, normalization)
  })
});
