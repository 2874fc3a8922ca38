/** Rows of the Hadamard matrix drawn at random, entries +-1/sqrt(cols): A A^T = 1. The larger of rows and cols must be a power of two. */
import { defineFamily, ParameterError } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { subsampledHadamard } from "../linalg/operators/hadamard.ts";
import { partialTransform, signsParam } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const partialHadamard = defineFamily<Ensemble>()({
  id: "partial-hadamard",
  about: "random rows of the Hadamard matrix, max(rows, cols) a power of two, applied in n log n",
  params: { signs: signsParam },
  build: ({ signs }) => ({
    scalar: "real",
    sample(rng, rows, cols) {
      const n = Math.max(rows, cols);
      if (2 ** Math.round(Math.log2(n)) !== n)
        throw new ParameterError(
          `partial-hadamard: ${rows > cols ? "rows" : "cols"}, the larger size, must be a power of two such as ${2 ** Math.ceil(Math.log2(n))}, got ${n}; partial-dct takes any size`
        );
      return partialTransform(subsampledHadamard, rng, rows, cols, signs);
    },
    spectrum: orthogonalSpectrum
  })
});
