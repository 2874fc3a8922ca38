/** Noise after a piecewise-linear function: J and Psi_out by the quadrature of hidden layers, against the channel's own field, score and log-partition. */
import { describe, expect, test } from "vitest";
import * as registry from "../../src/channels/index.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel } from "../../src/core/types.ts";

const specs = [
  "abs:noise-after=",
  "abs:noise=0.3,noise-after=",
  "leaky-relu:noise=",
  "leaky-relu:slope=-0.5,noise=",
  "hard-tanh:noise=",
  "relu:noise="
];

describe.each(specs)("channel %s...", (spec) => {
  test.each([2, 0.05, 1e-4])("information and freeEntropy are averages over the field, noise %f", (D) => {
    const channel = makeFromSpec<Channel>(registry, spec + D);
    for (const [q, V] of [
      [0.5, 0.5],
      [0.1, 0.9],
      [0.97, 0.03],
      [0, 1.3]
    ]) {
      const { input, label, weight } = channel.field({ q, slope: 1, spread: V });
      const n = weight.length;
      const [g, curvature, logZ] = Array.from({ length: 3 }, () => new Float64Array(n));
      channel.score(Float64Array.of(V), input, label, g, curvature);
      channel.logPartition(Float64Array.of(V), input, label, logZ);
      let J = 0;
      let psi = 0;
      for (let k = 0; k < n; k++) {
        J += weight[k] * g[k] * g[k];
        psi += weight[k] * logZ[k];
      }
      const got = channel.information?.(q, V) ?? Number.NaN;
      expect(Math.abs(got - J), `J(${q}, ${V}): ${got} against ${J}`).toBeLessThan(2e-9 * J + 1e-20);
      expect(channel.freeEntropy?.(q, V)).toBeCloseTo(psi, 9);
    }
  });

  test("J is finite for every variance, noise 1e-300 included", () => {
    for (const D of [1e-300, 1e-12, 100]) {
      const channel = makeFromSpec<Channel>(registry, spec + D);
      for (const [q, V] of [
        [1, 0],
        [1, 1e-300],
        [1, 1e-9],
        [1e-300, 1],
        [1e6, 1e-3],
        [1e-3, 1e6]
      ]) {
        const J = channel.information?.(q, V) ?? Number.NaN;
        expect(Number.isFinite(J) && J >= 0, `J(${q}, ${V}) at noise ${D}: ${J}`).toBe(true);
        expect(Number.isFinite(channel.freeEntropy?.(q, V))).toBe(true);
      }
    }
  });
});
