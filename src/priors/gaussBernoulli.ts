/** x = 0 with probability 1 - rho, else N(mean, variance): the sparse signal of compressed sensing (Krzakala et al. 2012, eq. 2). */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { logistic } from "../numerics/special/index.ts";
import { mixtureBreaks, mixtureField } from "./mixtureField.ts";
import { logSpikeSlab } from "./spikeSlab.ts";

export const gaussBernoulli = defineFamily<Prior>()({
  id: "gauss-bernoulli",
  about: "x = 0 with probability 1 - rho, else N(mean, variance)",
  params: {
    rho: { kind: "real", default: 0.5, min: 1e-6, max: 1, symbol: "ρ", about: "probability of a nonzero" },
    mean: { kind: "real", default: 0, min: -10, max: 10, symbol: "μ", about: "mean of a nonzero" },
    variance: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "σ²", about: "variance of a nonzero" }
  },
  references: [
    {
      key: "krzakala2012",
      cite: "Krzakala, Mézard, Sausset, Sun, Zdeborová, Probabilistic reconstruction in compressed sensing, J. Stat. Mech. P08009 (2012)",
      url: "https://arxiv.org/abs/1206.3953",
      used: "the prior and its denoiser f_a, f_c, eqs. 2, 68-69"
    }
  ],
  build({ rho, mean: mu, variance: v0 }) {
    const logit = Math.log(rho) - Math.log1p(-rho); // +Infinity at rho = 1: no spike
    const components = [{ weight: rho, mean: mu, variance: v0 }, ...(rho < 1 ? [{ weight: 1 - rho, mean: 0, variance: 0 }] : [])];
    return {
      scalar: "real",
      rule: "bayes",
      mean: rho * mu,
      secondMoment: rho * (mu * mu + v0),
      dimension: rho,
      entropy: null,
      sample(rng, x) {
        const s = Math.sqrt(v0);
        for (let i = 0; i < x.length; i++) x[i] = rng.uniform() < rho ? mu + s * rng.normal() : 0;
      },
      logPartition(a, b, out) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) {
          const ai = a[i * step];
          const bi = b[i];
          const l = (0.5 * bi * bi * v0 + bi * mu - 0.5 * ai * mu * mu) / (1 + ai * v0) - 0.5 * Math.log1p(ai * v0);
          out[i] = logSpikeSlab(rho, l);
        }
      },
      posterior(a, b, mean, variance) {
        const shared = a.length === 1;
        let ai = a[0];
        let gain = 1 / (1 + ai * v0);
        let offset = logit - 0.5 * Math.log1p(ai * v0) - 0.5 * ai * mu * mu * gain;
        for (let i = 0; i < b.length; i++) {
          if (!shared) {
            ai = a[i];
            gain = 1 / (1 + ai * v0);
            offset = logit - 0.5 * Math.log1p(ai * v0) - 0.5 * ai * mu * mu * gain;
          }
          const bi = b[i];
          const m = (mu + bi * v0) * gain;
          const l = offset + (0.5 * bi * v0 + mu) * bi * gain; // log-odds of the slab
          const w = logistic(l);
          mean[i] = w * m;
          variance[i] = w * (v0 * gain + logistic(-l) * m * m);
        }
      },
      breaks: (a) => mixtureBreaks(components, a),
      field: (mHat, qHat, order, breaks) => mixtureField(components, mHat, qHat, order, breaks)
    };
  }
});
