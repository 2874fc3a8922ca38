/** Haar orthogonal matrices, real: every rotation alike. Not square: a block of one, rows (columns when tall) orthonormal up to scale. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { haarBlock } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const orthogonal = defineFamily<Ensemble>()({
  id: "orthogonal",
  about: "Haar orthogonal, real; when not square, orthonormal rows (wide) or columns times sqrt(rows/cols) (tall)",
  params: {},
  build: () => ({
    scalar: "real",
    sample: (rng, rows, cols, options = {}) => haarBlock(rng, rows, cols, "real", options),
    spectrum: orthogonalSpectrum
  })
});
