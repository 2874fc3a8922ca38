/** The L1 penalty rate |x| at zero temperature: soft thresholding (Donoho, Maleki and Montanari 2009), the LASSO's denoiser. */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { laplacePieces, sampleLaplace } from "./laplace.ts";
import { LEAST_PRECISION } from "./truncatedMoments.ts";

export const l1 = defineFamily<Prior>()({
  id: "l1",
  about: "maximum a posteriori under density (rate/2) exp(-rate |x|): soft threshold",
  params: { rate: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "λ", about: "weight of |x|" } },
  references: [
    {
      key: "donoho2009",
      cite: "Donoho, Maleki, Montanari, Message-passing algorithms for compressed sensing, PNAS 106, 18914 (2009)",
      url: "https://arxiv.org/abs/0907.3574",
      used: "the soft threshold and its derivative, eqs. 1-3"
    }
  ],
  build({ rate }) {
    return {
      ...laplacePieces(rate),
      rule: "map",
      sample: (rng, x) => sampleLaplace(rate, rng, x),
      /** max_x -a x^2/2 + b x - rate |x|. */
      logPartition(a, b, out) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) {
          const over = Math.max(Math.abs(b[i]) - rate, 0);
          out[i] = over > 0 ? (0.5 * over * over) / Math.max(a[i * step], LEAST_PRECISION) : 0;
        }
      },
      posterior(a, b, mean, variance) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) {
          const over = Math.abs(b[i]) - rate;
          const width = over > 0 ? 1 / Math.max(a[i * step], LEAST_PRECISION) : 0;
          mean[i] = over > 0 ? Math.sign(b[i]) * over * width : 0;
          variance[i] = width;
        }
      },
      /** One kink a chain: kinks are never passed over. */
      breaks: () => [[-rate], [rate]]
    };
  }
});
