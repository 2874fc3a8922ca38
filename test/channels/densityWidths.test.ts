/** A density of any width, and one with heavy tails, is taken as it is: its own length is found, whatever `scale` says. */
import { describe, expect, test } from "vitest";
import { channelFromDensity, hasCostlyField } from "../../src/channels/fromDensity.ts";
import * as registry from "../../src/channels/index.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel } from "../../src/core/types.ts";
import { solve } from "../../src/experiments/solve.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";

const line = { from: -Infinity, to: Infinity };
const normal = (noise: number) => (y: number, z: number) => (-0.5 * (y - z) ** 2) / noise - 0.5 * Math.log(2 * Math.PI * noise);

describe.each([1, 9e-4, 1e-6])("a Gaussian density of variance %d", (noise) => {
  const original = makeFromSpec<Channel>(registry, `gaussian:noise=${noise}`);
  test.each([undefined, Math.sqrt(noise)])("with scale %s agrees with the built-in channel", (scale) => {
    const copy = channelFromDensity({ logDensity: normal(noise), labels: line, ...(scale ? { scale } : {}) });
    for (const V of [1, 0.1, 1e-3, 1e-5, 1e-7, 1e-9]) {
      const unit = Math.sqrt(V + noise);
      const omega = Float64Array.of(0.3, -1.2, 0, 2);
      const y = omega.map((w, i) => w + [0.4, -2, 1.1, 5][i] * unit);
      const [a, b] = [original, copy].map((c) => {
        const [f, g, h] = [0, 0, 0].map(() => new Float64Array(4));
        c.logPartition(Float64Array.of(V), omega, y, f);
        c.score(Float64Array.of(V), omega, y, g, h);
        return { f, g, h };
      });
      for (let i = 0; i < 4; i++) {
        expect(Math.abs(a.f[i] - b.f[i]), `ln Z at V ${V}`).toBeLessThan(1e-8);
        expect(Math.abs(a.g[i] - b.g[i]) * unit, `score at V ${V}`).toBeLessThan(1e-8);
        expect(Math.abs(a.h[i] - b.h[i]) * unit ** 2, `curvature at V ${V}`).toBeLessThan(1e-8);
      }
    }
  });
});

test.each([1e-6, 1e-4, 1e-2, 1e3, 1e6])("a density of width %d is accepted", (sd) => {
  channelFromDensity({ logDensity: normal(sd * sd), labels: line });
  channelFromDensity({ logDensity: (y, z) => -Math.log(Math.PI * sd * (1 + ((y - z) / sd) ** 2)), labels: line });
});

test("Cauchy noise: solve recovers a sparse signal within seconds, and says that no prediction was made", () => {
  const rng = makeRng(5, "cauchy");
  const rows = 240;
  const cols = 400;
  const matrix = denseMatrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.data[k] = rng.normal() / Math.sqrt(cols);
  matrix.changed();
  const truth = Float64Array.from({ length: cols }, () => (rng.uniform() < 0.1 ? rng.normal() : 0));
  const y = new Float64Array(rows);
  matrix.apply(truth, y);
  for (let i = 0; i < rows; i++) y[i] += 0.01 * Math.tan(Math.PI * (rng.uniform() - 0.5));
  const channel = channelFromDensity({ logDensity: (y, z) => -Math.log(Math.PI * 0.01 * (1 + ((y - z) / 0.01) ** 2)), labels: line });
  expect(hasCostlyField(channel)).toBe(true);
  const family = { id: "cauchy", about: "heavy tails", params: {}, build: () => channel };
  const started = performance.now();
  const run = solve({
    operator: matrix,
    observations: { scalar: "real", data: y },
    truth: { scalar: "real", data: truth },
    prior: { family: priors.gaussBernoulli, values: { rho: 0.1 } },
    channel: { family, values: {} }
  });
  let step = run.next();
  while (!step.done) step = run.next();
  expect(performance.now() - started).toBeLessThan(10000);
  expect(step.value.predicted).toBeNull();
  expect(step.value.notes.join()).toMatch(/prediction is left out/);
  expect(step.value.metrics?.raw.mse ?? Infinity).toBeLessThan(0.01);
});
