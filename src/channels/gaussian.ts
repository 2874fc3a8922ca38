/** Gaussian noise: y = z + sqrt(noise) xi, exact at noise 0, where y = z. ln Z = ln N(y; omega, V + noise). */
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { LEAST, Nodes, omegaRule, pushSegment } from "./outputNodes.ts";

const LOG2PI = Math.log(2 * Math.PI);

export const gaussian = defineFamily<Channel>()({
  id: "gaussian",
  about: "y = z + sqrt(noise) xi",
  params: {
    noise: { kind: "real", default: 0.01, min: 0, max: 100, symbol: "Δ", about: "noise variance; 0 is exact" }
  },
  build({ noise }) {
    const sd = Math.sqrt(noise);
    return {
      scalar: "real",
      labelScalar: "real",
      even: false,
      deterministic: noise === 0,
      dimension: () => (noise === 0 ? 1 : 0),
      sample(rng, z, y) {
        for (let i = 0; i < z.length; i++) y[i] = z[i] + (noise > 0 ? sd * rng.normal() : 0);
      },
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const S = Math.max(V[one ? 0 : i] + noise, LEAST);
          const d = y[i] - omega[i];
          out[i] = -0.5 * (LOG2PI + Math.log(S) + (d / S) * d);
        }
      },
      score(V, omega, y, g, curvature) {
        const one = V.length === 1;
        for (let i = 0; i < y.length; i++) {
          const S = 1 / Math.max(V[one ? 0 : i] + noise, LEAST);
          g[i] = (y[i] - omega[i]) * S;
          curvature[i] = S;
        }
      },
      posterior(a, b, y, mean, variance) {
        const one = a.length === 1;
        for (let i = 0; i < y.length; i++) {
          const v = 1 / (1 + a[one ? 0 : i] * noise);
          mean[i] = v * (y[i] + noise * b[i]);
          variance[i] = noise * v;
        }
      },
      field(law, order = 12) {
        const nodes = new Nodes(8192);
        const rule = omegaRule(law, 0, -Infinity, Infinity, [], order);
        pushSegment(nodes, law, law.spread + noise, rule, { from: -Infinity, to: Infinity, slope: 1, offset: 0 }, order);
        return nodes.field();
      },
      information: (_q, V) => 1 / Math.max(V + noise, LEAST),
      variance: (_q, V) => (noise * V) / Math.max(V + noise, LEAST)
    };
  }
});
