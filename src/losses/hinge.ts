/** The hinge loss max(0, margin - y z): support vector machines; with a vanishing ridge penalty the max-margin classifier. */
import { defineFamily } from "../core/parameters.ts";
import type { Loss } from "../core/types.ts";
import { LEAST_SPREAD } from "./leastSpread.ts";

export const hinge = defineFamily<Loss>()({
  id: "hinge",
  about: "hinge loss max(0, margin - y z), labels +-1",
  params: { margin: { kind: "real", default: 1, min: 1e-3, max: 100, symbol: "κ", about: "y z from which the loss is zero" } },
  build: ({ margin }) => ({
    labels: "signs",
    smooth: false,
    value(y, z, out) {
      for (let i = 0; i < z.length; i++) out[i] = Math.max(0, margin - y[i] * z[i]);
    },
    derivatives(y, z, first, second) {
      for (let i = 0; i < z.length; i++) {
        first[i] = y[i] * z[i] < margin ? -y[i] : 0;
        second[i] = 0;
      }
    },
    /** y z moves up by V and stops at the margin. */
    score(V, omega, y, g, curvature) {
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < omega.length; i++) {
        const v = V[i * step];
        const missing = margin - y[i] * omega[i];
        const inside = missing > 0 && missing < v && v >= LEAST_SPREAD;
        g[i] = inside ? (y[i] * missing) / v : missing > 0 ? y[i] : 0;
        curvature[i] = inside ? 1 / v : 0;
      }
    },
    breaks: (V, y) => (y > 0 ? [margin - V, margin] : [-margin, V - margin])
  })
});
