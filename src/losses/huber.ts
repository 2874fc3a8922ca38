/** The Huber loss: (y - z)^2/2 up to |y - z| = delta, linear beyond (Huber 1964): least squares that outliers cannot pull. */
import { defineFamily } from "../core/parameters.ts";
import type { Loss } from "../core/types.ts";

export const huber = defineFamily<Loss>()({
  id: "huber",
  about: "Huber loss: (y - z)^2/2 where |y - z| <= delta, delta |y - z| - delta^2/2 beyond",
  params: {
    delta: { kind: "real", default: 1, min: 1e-6, max: 1e6, scale: "log", symbol: "δ", about: "residual from which it is linear" }
  },
  references: [
    {
      key: "huber1964",
      cite: "Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35, 73 (1964)",
      url: "https://doi.org/10.1214/aoms/1177703732",
      used: "the loss"
    }
  ],
  build: ({ delta }) => ({
    labels: "reals",
    /** l' is Lipschitz; l'' jumps at |y - z| = delta, which Newton's method takes as semi-smooth. */
    smooth: true,
    value(y, z, out) {
      for (let i = 0; i < z.length; i++) {
        const r = Math.abs(y[i] - z[i]);
        out[i] = r <= delta ? 0.5 * r * r : delta * (r - 0.5 * delta);
      }
    },
    derivatives(y, z, first, second) {
      for (let i = 0; i < z.length; i++) {
        const r = z[i] - y[i];
        const inside = Math.abs(r) < delta;
        first[i] = inside ? r : delta * Math.sign(r);
        second[i] = inside ? 1 : 0;
      }
    },
    score(V, omega, y, g, curvature) {
      const step = V.length === 1 ? 0 : 1;
      for (let i = 0; i < omega.length; i++) {
        const c = 1 / (1 + V[i * step]);
        const r = (y[i] - omega[i]) * c;
        const inside = Math.abs(r) < delta;
        g[i] = inside ? r : delta * Math.sign(r);
        curvature[i] = inside ? c : 0;
      }
    },
    breaks: (V, y) => [y - delta * (1 + V), y + delta * (1 + V)]
  })
});
