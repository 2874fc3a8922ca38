/** U diag(s) V^* with Haar U and V and a list of singular values of the user, each for an equal share of them. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { fieldParam, rankOf, rankParam, rotated } from "./rotated.ts";
import { atomicSpectrum } from "./spectra/atoms.ts";

export const singularValues = defineFamily<Ensemble>()({
  id: "singular-values",
  about: "Haar U diag(s) V^* with the singular values of a list, each as often as the others, up to scale",
  params: {
    values: {
      kind: "list",
      default: [1, 2],
      min: 1e-9,
      max: 1e9,
      symbol: "s",
      about: "singular values; the matrix is scaled to |A|_F^2 = rows"
    },
    rank: rankParam,
    field: fieldParam
  },
  build: ({ values, rank, field }) => ({
    scalar: field,
    sample(rng, rows, cols, options = {}) {
      const r = rankOf(rank, rows, cols);
      const s = Float64Array.from({ length: r }, (_, k) => values[Math.floor(((k + 0.5) * values.length) / r)]);
      return rotated(rng, rows, cols, s, field, options);
    },
    spectrum(alpha) {
      const share = (rank * Math.min(1, alpha)) / values.length;
      const largest = Math.max(...values);
      const squares = values.map((s) => (s / largest) ** 2).sort((x, y) => x - y);
      const factor = alpha / (share * squares.reduce((sum, x) => sum + x, 0));
      return atomicSpectrum(
        alpha,
        squares.map((x) => factor * x),
        squares.map(() => share)
      );
    }
  })
});
