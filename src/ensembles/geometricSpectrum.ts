/** U diag(s) V^* with Haar U and V and singular values in geometric progression: the matrix of a given condition number. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { exactExp, exactLog } from "../numerics/random/exact.ts";
import { fieldParam, rankOf, rankParam, rotated } from "./rotated.ts";
import { logUniformSpectrum } from "./spectra/logUniform.ts";

export const geometricSpectrum = defineFamily<Ensemble>()({
  id: "geometric-spectrum",
  about: "Haar U diag(s) V^* with geometric singular values of a given condition number",
  params: {
    conditionNumber: {
      kind: "real",
      default: 10,
      min: 1,
      max: 1e8,
      scale: "log",
      symbol: "κ",
      about: "largest over smallest nonzero singular value"
    },
    rank: rankParam,
    field: fieldParam
  },
  references: [
    {
      key: "rangan2019",
      cite: "S. Rangan, P. Schniter, A. K. Fletcher, Vector approximate message passing, IEEE Trans. Inf. Theory 65 (2019)",
      url: "https://arxiv.org/abs/1610.03082",
      used: "the experiments of its section VI: geometric singular values of a given condition number"
    }
  ],
  build: ({ conditionNumber, rank, field }) => ({
    scalar: field,
    sample(rng, rows, cols, options = {}) {
      const r = rankOf(rank, rows, cols);
      const step = r > 1 ? exactLog(conditionNumber) / (r - 1) : 0;
      const s = Float64Array.from({ length: r }, (_, k) => exactExp(-k * step));
      return rotated(rng, rows, cols, s, field, options);
    },
    spectrum: (alpha) => logUniformSpectrum(alpha, rank * Math.min(1, alpha), 2 * Math.log(conditionNumber))
  })
});
