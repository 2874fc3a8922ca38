/** x = +1 or -1: the Ising prior of the perceptron (Gardner and Derrida 1989). */
import { defineFamily } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { logCosh } from "../numerics/special/index.ts";
import { mixtureBreaks, mixtureField } from "./mixtureField.ts";

export const binary = defineFamily<Prior>()({
  id: "binary",
  about: "x = +1 with probability p, -1 otherwise",
  params: { p: { kind: "real", default: 0.5, min: 1e-6, max: 0.999999, symbol: "p", about: "probability of +1" } },
  references: [
    {
      key: "gardner1989",
      cite: "Gardner, Derrida, Three unfinished works on the optimal storage capacity of networks, J. Phys. A 22, 1983 (1989)",
      url: "https://doi.org/10.1088/0305-4470/22/12/004",
      used: "the Ising perceptron: weights +1 and -1"
    }
  ],
  build({ p }) {
    const b0 = 0.5 * (Math.log(p) - Math.log1p(-p)); // p0(x) is proportional to exp(b0 x)
    const base = logCosh(b0);
    const components = [
      { weight: p, mean: 1, variance: 0 },
      { weight: 1 - p, mean: -1, variance: 0 }
    ];
    return {
      scalar: "real",
      rule: "bayes",
      mean: 2 * p - 1,
      secondMoment: 1,
      dimension: 0,
      entropy: -p * Math.log(p) - (1 - p) * Math.log1p(-p),
      sample(rng, x) {
        rng.fillUniform(x);
        for (let i = 0; i < x.length; i++) x[i] = x[i] < p ? 1 : -1;
      },
      logPartition(a, b, out) {
        const step = a.length === 1 ? 0 : 1;
        for (let i = 0; i < b.length; i++) out[i] = logCosh(b[i] + b0) - base - 0.5 * a[i * step];
      },
      posterior(_a, b, mean, variance) {
        // x^2 = 1, so the precision drops out; sech^2 is written with e^{-2|u|}, which holds its digits down to 1e-300
        for (let i = 0; i < b.length; i++) {
          const u = b[i] + b0;
          const e = Math.exp(-2 * Math.abs(u));
          const c = 1 / (1 + e);
          mean[i] = Math.abs(u) < 0.5 ? Math.tanh(u) : u > 0 ? (1 - e) * c : (e - 1) * c;
          variance[i] = 4 * e * c * c;
        }
      },
      breaks: (a) => mixtureBreaks(components, a),
      field: (mHat, qHat, order, breaks) => mixtureField(components, mHat, qHat, order, breaks)
    };
  }
});
