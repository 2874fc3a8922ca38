/** Rows of the discrete Fourier transform drawn at random, complex, applied by FFT: A A^* = 1 (tall: columns orthonormal times sqrt(rows/cols)). */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { subsampledFourier } from "../linalg/operators/fourier.ts";
import { partialTransform, signsParam } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const partialFourier = defineFamily<Ensemble>()({
  id: "partial-fourier",
  about: "random rows of the unitary Fourier transform, complex, applied in n log n",
  params: { signs: signsParam },
  build: ({ signs }) => ({
    scalar: "complex",
    sample: (rng, rows, cols) => partialTransform(subsampledFourier, rng, rows, cols, signs),
    spectrum: orthogonalSpectrum
  })
});
