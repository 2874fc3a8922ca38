/** A product of independent Gaussian matrices, cols -> inner sizes -> rows, each normalised by its own input: a deep linear network. */
import { defineFamily } from "../core/parameters.ts";
import type { Ensemble } from "../core/types.ts";
import { denseMatrix } from "../linalg/dense.ts";
import { multiply } from "../linalg/gemm.ts";
import { fieldParam } from "./rotated.ts";
import { gaussianProductSpectrum } from "./spectra/gaussianProduct.ts";

export const gaussianProduct = defineFamily<Ensemble>()({
  id: "gaussian-product",
  about: "W_k ... W_1 with independent Gaussian factors of variance 1/(their columns)",
  params: {
    ratios: {
      kind: "list",
      default: [1],
      min: 1e-3,
      max: 1e3,
      symbol: "n_l/n_0",
      about: "inner sizes over cols, from the input on: one number makes two factors, two make three"
    },
    field: fieldParam
  },
  references: [
    {
      key: "muller2002",
      cite: "R. R. Muller, On the asymptotic eigenvalue distribution of concatenated vector-valued fading channels, IEEE Trans. Inf. Theory 48 (2002)",
      url: "https://doi.org/10.1109/TIT.2002.1013149",
      used: "the S-transform of the product"
    }
  ],
  build: ({ ratios, field }) => ({
    scalar: field,
    sample(rng, rows, cols, options = {}) {
      const parts = field === "complex" ? 2 : 1;
      const A = denseMatrix(rows, cols, { ...options, scalar: field });
      const sizes = [cols, ...ratios.map((r) => Math.max(1, Math.round(r * cols))), rows];
      let product: Float64Array | null = null;
      for (let l = 1; l < sizes.length; l++) {
        const [n, m] = [sizes[l], sizes[l - 1]];
        const W = new Float64Array(n * m * parts);
        rng.fork(`W${l}`).fillNormal(W, 1 / Math.sqrt(parts * m));
        if (!product) product = W;
        else {
          const next: Float64Array | Float32Array = l + 1 < sizes.length ? new Float64Array(n * cols * parts) : A.data;
          multiply(n, cols, m, W, product, next, { scalar: field, backend: "wasm" });
          if (next instanceof Float64Array) product = next;
        }
      }
      A.changed();
      return A;
    },
    spectrum: (alpha) => gaussianProductSpectrum([...ratios, alpha])
  })
});
