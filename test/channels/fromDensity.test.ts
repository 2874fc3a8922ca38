/** A channel given as ln P(y|z) has the contract of the built-in one it copies, and a wrong density is refused with the reason. */
import { describe, expect, test } from "vitest";
import { type DensityChannel, channelFromDensity } from "../../src/channels/fromDensity.ts";
import * as registry from "../../src/channels/index.ts";
import { ParameterError } from "../../src/core/parameters.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { softplus } from "../../src/numerics/special/index.ts";

const normal = (x: number, v: number) => (-0.5 * (x * x)) / v - 0.5 * Math.log(2 * Math.PI * v);
const line = { from: -Infinity, to: Infinity };
const copies: readonly { spec: string; model: DensityChannel; y: readonly number[] }[] = [
  { spec: "logistic", model: { logDensity: (y, z) => -softplus(-y * z), labels: { discrete: [-1, 1] } }, y: [1, -1, 1, -1] },
  { spec: "sign", model: { logDensity: (y, z) => (y * z >= 0 ? 0 : -Infinity), labels: { discrete: [-1, 1] } }, y: [1, -1, -1, 1] },
  { spec: "gaussian:noise=0.1", model: { logDensity: (y, z) => normal(y - z, 0.1), labels: line, scale: 0.3 }, y: [0.2, -0.1, 1.3, 4] },
  {
    spec: "abs:noise=0,noise-after=0.05",
    model: { logDensity: (y, z) => normal(y - Math.abs(z), 0.05), labels: line, scale: 0.2, even: true },
    y: [0.2, -0.1, 1.3, 0.5]
  }
];

describe.each(copies)("the copy of $spec", ({ spec, model, y }) => {
  const original = makeFromSpec<Channel>(registry, spec);
  const copy = channelFromDensity(model);
  const run = (c: Channel, V: number) => {
    const out = Array.from({ length: 5 }, () => new Float64Array(4));
    const omega = Float64Array.of(0.3, -1, -0.2, 0.05);
    c.logPartition(Float64Array.of(V), omega, Float64Array.from(y), out[0]);
    c.score(Float64Array.of(V), omega, Float64Array.from(y), out[1], out[2]);
    c.posterior(
      Float64Array.of(1 / V),
      omega.map((w) => w / V),
      Float64Array.from(y),
      out[3],
      out[4]
    );
    return out;
  };
  test("gives the same ln Z, score, curvature and posterior", () => {
    for (const [V, tolerance] of [
      [2, 1e-8],
      [0.7, 1e-8],
      [0.01, 1e-8],
      [1e-6, 1e-5]
    ] as const) {
      const a = run(original, V);
      const b = run(copy, V);
      for (let k = 0; k < 5; k++)
        for (let i = 0; i < 4; i++)
          expect(Math.abs(a[k][i] - b[k][i]), `V ${V} output ${k}`).toBeLessThan(
            tolerance * (Math.abs(a[k][i]) + 0.01 * (k === 4 ? V : 1))
          );
    }
  });
  test("draws with the law of the original", () => {
    const n = 1500;
    const z = new Float64Array(n).fill(0.4);
    const [a, b] = [original, copy].map((c, k) => {
      const out = new Float64Array(n);
      c.sample(makeRng(3 + k), z, out);
      return out;
    });
    const moments = (v: Float64Array) => {
      const mean = v.reduce((s, x) => s + x / n, 0);
      return { mean, variance: v.reduce((s, x) => s + (x - mean) ** 2 / n, 0) };
    };
    const A = moments(a);
    const B = moments(b);
    // Five standard errors of a difference of means, and of log variances of sub-Gaussian draws.
    expect(Math.abs(A.mean - B.mean)).toBeLessThan(5 * Math.sqrt((A.variance + B.variance) / n) + 1e-12);
    expect(Math.abs(Math.log((A.variance + 1e-9) / (B.variance + 1e-9)))).toBeLessThan(5 * Math.sqrt(4 / n));
  });
  if ("discrete" in model.labels)
    test("has nodes with the same J", () => {
      const J = (c: Channel) => {
        const f = c.field({ q: 0.7, slope: 1, spread: 0.3 });
        const g = new Float64Array(f.weight.length);
        c.score(Float64Array.of(0.3), f.input, f.label, g, new Float64Array(g.length));
        return f.weight.reduce((s, w, i) => s + w * g[i] ** 2, 0);
      };
      expect(J(copy) / J(original)).toBeCloseTo(1, 10);
    });
});

test("Laplace noise (a kink that moves with the label): nodes weigh one and Nishimori holds, though no built-in channel has it", () => {
  const c = channelFromDensity({ id: "laplace", logDensity: (y, z) => -Math.abs(y - z) - Math.LN2, labels: line, breaks: (y) => [y] });
  const f = c.field({ q: 0, slope: 1, spread: 0.5 });
  const g = new Float64Array(f.weight.length);
  const curvature = new Float64Array(f.weight.length);
  c.score(Float64Array.of(0.5), f.input, f.label, g, curvature);
  expect(f.weight.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 9);
  expect(f.weight.reduce((s, w, i) => s + w * (curvature[i] - g[i] ** 2), 0)).toBeCloseTo(0, 8);
});

test("what is wrong is named", () => {
  const discrete = { labels: { discrete: [-1, 1] } };
  const refuse = (model: DensityChannel, message: RegExp) => {
    expect(() => channelFromDensity(model)).toThrow(ParameterError);
    expect(() => channelFromDensity(model)).toThrow(message);
  };
  refuse({ logDensity: (y, z) => -softplus(-y * z) - 0.1, ...discrete }, /must sum to 1 over the labels, got 0.90/);
  refuse({ logDensity: (y, z) => (y * (z - 0.35) >= 0 ? 0 : -Infinity), ...discrete }, /list the z where P jumps or bends in breaks/);
  refuse({ logDensity: (y, z) => -softplus(-y * z), even: true, ...discrete }, /even is declared/);
  refuse({ logDensity: () => Number.NaN, ...discrete }, /must be a number below infinity, got NaN/);
  refuse({ logDensity: () => 0, labels: { discrete: [] } }, /an empty list/);
  refuse({ logDensity: () => 0, labels: { from: 1, to: 0 } }, /from < to, got \[1, 0\]/);
  refuse({ logDensity: () => 0, ...discrete, scale: 0 }, /scale must be a number in \(0, inf\), got 0/);
  expect(() =>
    channelFromDensity(copies[0].model).score(
      Float64Array.of(1),
      new Float64Array(1),
      Float64Array.of(3),
      new Float64Array(1),
      new Float64Array(1)
    )
  ).toThrow(/one of -1, 1, got 3/);
});
