/** Haar unitary matrices, complex. Not square: a block of one, rows (columns when tall) orthonormal up to scale. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { haarBlock } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const unitary = defineFamily<Ensemble>()({
  id: "unitary",
  about: "Haar unitary, complex; when not square, orthonormal rows (wide) or columns times sqrt(rows/cols) (tall)",
  params: {},
  build: () => ({
    scalar: "complex",
    sample: (rng, rows, cols, options = {}) => haarBlock(rng, rows, cols, "complex", options),
    spectrum: orthogonalSpectrum
  })
});
