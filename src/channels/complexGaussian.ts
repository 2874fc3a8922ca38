/** Circular Gaussian noise on complex z: y = z + sqrt(noise) zeta, E|zeta|^2 = 1, exact at noise 0. ln Z = -|y - omega|^2/S - ln(pi S), S = V + noise. */
import { defineFamily } from "../core/parameters.ts";
import type { Channel } from "../core/types.ts";
import { LEAST } from "./outputNodes.ts";
import { rayleighRule, wideTrapezoid } from "./circularNodes.ts";

export const complexGaussian = defineFamily<Channel>()({
  id: "complex-gaussian",
  about: "y = z + sqrt(noise) zeta, all complex",
  params: {
    noise: { kind: "real", default: 0.01, min: 0, max: 100, symbol: "Δ", about: "noise variance, both parts together; 0 is exact" }
  },
  build({ noise }) {
    const sd = Math.sqrt(noise / 2);
    return {
      scalar: "complex",
      labelScalar: "complex",
      even: false,
      deterministic: noise === 0,
      dimension: () => (noise === 0 ? 1 : 0),
      sample(rng, z, y) {
        for (let i = 0; i < z.length; i++) y[i] = z[i] + (noise > 0 ? sd * rng.normal() : 0);
      },
      logPartition(V, omega, y, out) {
        const one = V.length === 1;
        for (let i = 0; i < out.length; i++) {
          const S = Math.max(V[one ? 0 : i] + noise, LEAST);
          const re = y[2 * i] - omega[2 * i];
          const im = y[2 * i + 1] - omega[2 * i + 1];
          out[i] = -Math.log(Math.PI * S) - (re / S) * re - (im / S) * im;
        }
      },
      score(V, omega, y, g, curvature) {
        const one = V.length === 1;
        for (let i = 0; i < curvature.length; i++) {
          const S = 1 / Math.max(V[one ? 0 : i] + noise, LEAST);
          g[2 * i] = (y[2 * i] - omega[2 * i]) * S;
          g[2 * i + 1] = (y[2 * i + 1] - omega[2 * i + 1]) * S;
          curvature[i] = S;
        }
      },
      posterior(a, b, y, mean, variance) {
        const one = a.length === 1;
        for (let i = 0; i < variance.length; i++) {
          const v = 1 / (1 + a[one ? 0 : i] * noise);
          mean[2 * i] = v * (y[2 * i] + noise * b[2 * i]);
          mean[2 * i + 1] = v * (y[2 * i + 1] + noise * b[2 * i + 1]);
          variance[i] = noise * v;
        }
      },
      /** Nodes of one phase: omega real and positive. */
      field(law, order = 12) {
        const radius = rayleighRule(law.q, order);
        const xi = wideTrapezoid;
        const scale = Math.sqrt((law.spread + noise) / 2);
        const n = xi.nodes.length;
        const size = radius.nodes.length * n * n;
        const input = new Float64Array(2 * size);
        const label = new Float64Array(2 * size);
        const weight = new Float64Array(size);
        let k = 0;
        for (let r = 0; r < radius.nodes.length; r++)
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++, k++) {
              input[2 * k] = radius.nodes[r];
              label[2 * k] = law.slope * radius.nodes[r] + scale * xi.nodes[i];
              label[2 * k + 1] = scale * xi.nodes[j];
              weight[k] = radius.weights[r] * xi.weights[i] * xi.weights[j];
            }
        return { input, label, weight };
      },
      information: (_q, V) => 1 / Math.max(V + noise, LEAST),
      variance: (_q, V) => (noise * V) / Math.max(V + noise, LEAST)
    };
  }
});
