/** The square loss (y - z)^2/2: least squares and ridge regression; with labels +-1 a classifier too. */
import { defineFamily } from "../core/parameters.ts";
import type { Loss } from "../core/types.ts";

export const square = defineFamily<Loss>()({
  id: "square",
  about: "square loss (y - z)^2/2",
  params: {},
  build: () => ({
    labels: "reals",
    smooth: true,
    value(y, z, out) {
      for (let i = 0; i < z.length; i++) {
        const r = y[i] - z[i];
        out[i] = 0.5 * r * r;
      }
    },
    derivatives(y, z, first, second) {
      for (let i = 0; i < z.length; i++) {
        first[i] = z[i] - y[i];
        second[i] = 1;
      }
    },
    score(V, omega, y, g, curvature) {
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < omega.length; i++) {
        const c = 1 / (1 + V[i * step]);
        g[i] = (y[i] - omega[i]) * c;
        curvature[i] = c;
      }
    },
    breaks: () => []
  })
});
