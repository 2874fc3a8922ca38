/**
 * Real matrices with A A^T = 1 (tall: A^T A = (rows/cols) 1), exactly Haar at cost min^2 max, or scrambled at cost n log n:
 * rows of C D_2 C D_1 with C the cosine transform and D random signs, which is not Haar but has its spectrum and, for signals
 * that know nothing of it, its behaviour (Ma, Yuan and Ping 2015).
 */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { compose } from "../linalg/operators/combine.ts";
import { subsampledDct } from "../linalg/operators/dct.ts";
import { haarBlock, partialTransform } from "./orthonormal.ts";
import { orthogonalSpectrum } from "./spectra/atoms.ts";

export const rowOrthogonal = defineFamily<Ensemble>()({
  id: "row-orthogonal",
  about: "orthonormal rows (wide) or columns times sqrt(rows/cols) (tall), real",
  params: {
    mixing: {
      kind: "choice",
      default: "haar",
      options: ["haar", "scrambled"],
      symbol: "𝒰",
      about: "haar: uniform over rotations, dense; scrambled: signs and cosine transforms twice, not Haar, applied in n log n"
    }
  },
  references: [
    {
      key: "ma2015",
      cite: "J. Ma, X. Yuan, L. Ping, On the performance of turbo signal recovery with partial DFT sensing matrices, IEEE SPL 22 (2015)",
      url: "https://doi.org/10.1109/LSP.2015.2414951",
      used: "fast transforms in place of Haar matrices"
    }
  ],
  build: ({ mixing }) => ({
    scalar: "real",
    sample(rng, rows, cols, options = {}) {
      if (mixing === "haar") return haarBlock(rng, rows, cols, "real", options);
      return partialTransform(
        (choice) =>
          compose(
            subsampledDct(choice),
            subsampledDct({ cols: choice.cols, indices: all(choice.cols), rng: rng.fork("inner"), signs: true })
          ),
        rng,
        rows,
        cols,
        "random"
      );
    },
    spectrum: orthogonalSpectrum
  })
});

function all(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, k) => k);
}
