/** The absolute loss |y - z|: least absolute deviations; its proximal operator is the soft threshold of the residual. */
import { defineFamily } from "../core/parameters.ts";
import type { Loss } from "../core/types.ts";
import { LEAST_SPREAD } from "./leastSpread.ts";

export const absolute = defineFamily<Loss>()({
  id: "absolute",
  about: "absolute loss |y - z|",
  params: {},
  build: () => ({
    labels: "reals",
    smooth: false,
    value(y, z, out) {
      for (let i = 0; i < z.length; i++) out[i] = Math.abs(y[i] - z[i]);
    },
    derivatives(y, z, first, second) {
      for (let i = 0; i < z.length; i++) {
        first[i] = Math.sign(z[i] - y[i]);
        second[i] = 0;
      }
    },
    /** The residual moves towards 0 by V and stops there. */
    score(V, omega, y, g, curvature) {
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < omega.length; i++) {
        const v = V[i * step];
        const r = y[i] - omega[i];
        const inside = Math.abs(r) < v && v >= LEAST_SPREAD;
        g[i] = inside ? r / v : Math.sign(r);
        curvature[i] = inside ? 1 / v : 0;
      }
    },
    breaks: (V, y) => [y - V, y + V]
  })
});
