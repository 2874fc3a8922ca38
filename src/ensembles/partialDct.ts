/** Rows of the cosine transform drawn at random, applied by FFT: A A^T = 1 (tall: columns orthonormal times sqrt(rows/cols)). */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { subsampledDct } from "../linalg/operators/dct.ts";
import { partialTransform, signsParam } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const partialDct = defineFamily<Ensemble>()({
  id: "partial-dct",
  about: "random rows of the orthonormal cosine transform, applied in n log n",
  params: { signs: signsParam },
  build: ({ signs }) => ({
    scalar: "real",
    sample: (rng, rows, cols) => partialTransform(subsampledDct, rng, rows, cols, signs),
    spectrum: orthogonalSpectrum
  })
});
