/** x ~ N(mean, variance): the prior under which Bayes-optimal estimation is ridge regression. */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { mixtureField } from "./mixtureField.ts";

export const gaussian = defineFamily<Prior>()({
  id: "gaussian",
  about: "x ~ N(mean, variance)",
  params: {
    mean: { kind: "real", default: 0, min: -1000, max: 1000, symbol: "μ", about: "mean" },
    variance: { kind: "real", default: 1, min: 1e-6, max: 1e6, scale: "log", symbol: "σ²", about: "variance" }
  },
  references: [
    {
      key: "barbier2019",
      cite: "Barbier, Krzakala, Macris, Miolane, Zdeborová, Optimal errors and phase transitions in high-dimensional generalized linear models, PNAS 116, 5451 (2019)",
      url: "https://arxiv.org/abs/1708.03395",
      used: "the scalar free entropy of the prior, eq. 8"
    }
  ],
  build({ mean: mu, variance: v0 }) {
    const components = [{ weight: 1, mean: mu, variance: v0 }];
    return {
      scalar: "real",
      rule: "bayes",
      mean: mu,
      secondMoment: mu * mu + v0,
      dimension: 1,
      entropy: null,
      message: { a: 1 / v0, b: mu / v0 },
      sample(rng, x) {
        const s = Math.sqrt(v0);
        rng.fillNormal(x);
        for (let i = 0; i < x.length; i++) x[i] = mu + s * x[i];
      },
      logPartition(a, b, out) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) {
          const ai = a[i * step];
          const bi = b[i];
          // the square completed so that nothing cancels: (b^2 v/2 + b mu - a mu^2/2) / (1 + a v)
          out[i] = (0.5 * bi * bi * v0 + bi * mu - 0.5 * ai * mu * mu) / (1 + ai * v0) - 0.5 * Math.log1p(ai * v0);
        }
      },
      posterior(a, b, mean, variance) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) {
          const gain = 1 / (1 + a[i * step] * v0);
          mean[i] = (mu + b[i] * v0) * gain;
          variance[i] = v0 * gain;
        }
      },
      field: (mHat, qHat, order, breaks) => mixtureField(components, mHat, qHat, order, breaks)
    };
  }
});
