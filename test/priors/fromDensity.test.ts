/** A density alone gives the same prior as the brick written by hand, and what is no density is refused in one sentence. */
import { describe, expect, test } from "vitest";
import { make, ParameterError } from "../../src/core/parameters.ts";
import type { Prior } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { logAddExp } from "../../src/numerics/special/index.ts";
import { type DensitySource, priorFromDensity, priorFromModule } from "../../src/priors/fromDensity.ts";
import { exponential, gaussian, gaussianMixture, halfNormal, laplace, uniform } from "../../src/priors/index.ts";

const pairs: readonly (readonly [string, Prior, DensitySource])[] = [
  ["gaussian", make(gaussian, { mean: 1, variance: 2 }), { density: (x) => 7 * Math.exp(-0.25 * (x - 1) ** 2) }],
  ["laplace", make(laplace), { logDensity: (x) => -Math.abs(x), breaks: [0] }],
  ["exponential", make(exponential, { rate: 3 }), { density: (x) => Math.exp(-3 * x), support: [0, Infinity] }],
  ["half-normal", make(halfNormal), { logDensity: (x) => -0.5 * x * x + 900, support: [0, Infinity] }],
  ["uniform", make(uniform, { from: -0.5, to: 2 }), { density: () => 1, support: [-0.5, 2] }],
  [
    "two narrow bumps",
    make(gaussianMixture, { weights: [1, 2], means: [-2, 1], variances: [0.01, 0.04] }),
    { logDensity: (x) => logAddExp(-50 * (x + 2) ** 2 - Math.log(0.1), -12.5 * (x - 1) ** 2 + Math.log(2 / 0.2)) }
  ]
];

describe("a prior from its density", () => {
  for (const [name, brick, source] of pairs) {
    const prior = priorFromDensity(source, name);
    const a = Float64Array.of(1);
    const all = (p: Prior, precision: number, b: number): number[] => {
      const mean = new Float64Array(1);
      const variance = new Float64Array(1);
      const logZ = new Float64Array(1);
      a[0] = precision;
      p.posterior(a, Float64Array.of(b), mean, variance);
      p.logPartition(a, Float64Array.of(b), logZ);
      return [mean[0], variance[0], logZ[0]];
    };
    test(`${name}: moments and partition function are the brick's to 1e-10`, () => {
      expect(prior.mean).toBeCloseTo(brick.mean, 11);
      expect(prior.secondMoment).toBeCloseTo(brick.secondMoment, 11);
      for (const precision of [0, 0.01, 1, 30, 1e4, 1e8])
        for (const u of [-5, -1.1, 0, 0.3, 1, 2.2, 20]) {
          const b = precision * u + (precision === 0 ? 0.1 * Math.sign(u) : 0);
          const [m, v, z] = all(prior, precision, b);
          const [M, V, Z] = all(brick, precision, b);
          expect(Math.abs(m - M), `mean at a=${precision} b=${b}: ${m} ${M}`).toBeLessThan(1e-10 * (Math.sqrt(V) + 1e-3 * Math.abs(M)));
          expect(Math.abs(v - V), `variance at a=${precision} b=${b}: ${v} ${V}`).toBeLessThan(1e-9 * V);
          expect(Math.abs(z - Z), `log Z at a=${precision} b=${b}: ${z} ${Z}`).toBeLessThan(1e-10 + 1e-12 * Math.abs(Z));
        }
    });
    test(`${name}: mmse and overlap over its field are the brick's`, () => {
      for (const [m, q] of [
        [1, 1],
        [100, 100],
        [1e6, 1e6],
        [0.5, 2]
      ] as const) {
        const moments = (p: Prior): number[] => {
          const f = p.field(m, q, 16, brick.breaks?.(m)); // the student is the brick at precision m, matched or not
          const mean = new Float64Array(f.input.length);
          const variance = new Float64Array(f.input.length);
          brick.posterior(Float64Array.of(m), f.input, mean, variance);
          return [1, 2, 3].map((c) => f.weight.reduce((s, w, k) => s + w * (c === 1 ? 1 : c === 2 ? variance[k] : mean[k] ** 2), 0));
        };
        const mine = moments(prior);
        const exact = moments(brick);
        for (let i = 0; i < 3; i++)
          expect(Math.abs(mine[i] / exact[i] - 1), `moment ${i} at ${m}, ${q}: ${mine[i]} ${exact[i]}`).toBeLessThan(1e-9);
      }
    });
    test(`${name}: draws have the brick's first two moments within 5 standard errors`, () => {
      const n = 50_000;
      const x = new Float64Array(n);
      prior.sample(makeRng(1, name), x);
      const mean = x.reduce((s, v) => s + v / n, 0);
      const second = x.reduce((s, v) => s + (v * v) / n, 0);
      const fourth = x.reduce((s, v) => s + v ** 4 / n, 0);
      expect(Math.abs(mean - brick.mean)).toBeLessThan(5 * Math.sqrt((second - mean ** 2) / n));
      expect(Math.abs(second - brick.secondMoment)).toBeLessThan(5 * Math.sqrt((fourth - second ** 2) / n));
    });
  }

  test("a singular end, a heavy tail and a far message work", () => {
    const gamma = priorFromDensity({ logDensity: (x) => -x - 0.5 * Math.log(x), support: [0, Infinity] });
    expect(gamma.mean).toBeCloseTo(0.5, 7);
    const student = priorFromDensity({ density: (x) => (1 + (x * x) / 5) ** -3 });
    expect(student.secondMoment).toBeCloseTo(5 / 3, 7);
    for (const prior of [gamma, student])
      for (const a of [1e-6, 1, 1e6, 1e12])
        for (const u of [-1e3, -1, 0, 1, 1e3]) {
          const mean = new Float64Array(1);
          const variance = new Float64Array(1);
          prior.posterior(Float64Array.of(a), Float64Array.of(a * u), mean, variance);
          expect(Number.isFinite(mean[0]) && variance[0] > 0, `a=${a} b/a=${u}: ${mean[0]} ${variance[0]}`).toBe(true);
          if (a > 1 && u > 0) expect(Math.abs(mean[0] / u - 1), `a=${a} b/a=${u}: ${mean[0]}`).toBeLessThan(1e-4);
        }
  });

  test.each([
    ["negative", { density: (x: number) => x, support: [-1, 1] as const }],
    ["not a number", { density: () => Number.NaN, support: [-1, 1] as const }],
    ["not normalisable", { density: () => 1 }],
    ["without a second moment", { density: (x: number) => 1 / (1 + x * x) }],
    ["zero", { density: () => 0, support: [0, 1] as const }],
    ["infinite", { logDensity: () => Infinity, support: [0, 1] as const }],
    ["on an empty support", { density: () => 1, support: [1, 0] as const }]
  ])("a density that is %s is refused in one sentence", (_, source) => {
    expect(() => priorFromDensity(source, "mine")).toThrow(ParameterError);
    expect(() => priorFromDensity(source, "mine")).toThrow(/^mine: (density|logDensity|support) must/);
  });

  test("a density too rough to integrate is refused, with the cure", () => {
    const rough = { density: (x: number) => 1 + 0.9 * Math.sin(1e7 * x * x), support: [-1, 1] as const };
    expect(() => priorFromDensity(rough, "mine")).toThrow(
      /^mine: the density is too rough to integrate.*name its jumps and kinks in breaks/
    );
  });

  test("a module is read through its named or its default export", () => {
    const density = (x: number) => Math.exp(-x * x);
    expect(priorFromModule({ density }).secondMoment).toBeCloseTo(0.5, 12);
    expect(priorFromModule({ default: { density } }).secondMoment).toBeCloseTo(0.5, 12);
    expect(() => priorFromModule({ Density: density }, "p.mjs")).toThrow(
      /p\.mjs: must export a function density\(x\) or logDensity\(x\).*got Density/
    );
  });
});
