import { describe, expect, test } from "vitest";
import type { Vec } from "../../src/core/types.ts";
import { l1 } from "../../src/priors/l1.ts";
import { make } from "../../src/core/parameters.ts";
import { groupSparsityModule } from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const rng = makeRng(11, "groups");
const random = (n: number, scale = 1): Vec => {
  const x = new Float64Array(n);
  rng.fillNormal(x, scale);
  return x;
};
const solve = (module: ReturnType<typeof groupSparsityModule>, a: number, b: Vec) => {
  const mean = new Float64Array(b.length);
  const out = new Float64Array(b.length);
  const sent = module.project(0, [{ a, b }], mean, out);
  return { mean, out, ...sent };
};

describe("group sparsity", () => {
  for (const layout of ["stride", "consecutive"] as const)
    test(`${layout}: the mean maximises b.x - a x^2/2 - gamma sum |x_g|, whose value is the log-partition`, () => {
      const [groups, d, gamma, a] = [5, 3, 1.4, 0.7];
      const n = groups * d;
      const at = (g: number, c: number): number => (layout === "stride" ? c * groups + g : g * d + c);
      const module = groupSparsityModule(n, { gamma, group: d, layout });
      const b = random(n);
      const objective = (x: Vec): number => {
        let s = 0;
        for (let g = 0; g < groups; g++) {
          let norm2 = 0;
          for (let c = 0; c < d; c++) {
            const i = at(g, c);
            norm2 += x[i] ** 2;
            s += b[i] * x[i] - (a * x[i] ** 2) / 2;
          }
          s -= gamma * Math.sqrt(norm2);
        }
        return s;
      };
      const { mean } = solve(module, a, b);
      const best = objective(mean);
      expect(module.logPartition([{ a, b }])).toBeCloseTo(best, 12);
      for (let trial = 0; trial < 200; trial++) {
        const step = random(n, 10 ** (-3 * rng.uniform()));
        expect(objective(mean.map((x, i) => x + step[i]))).toBeLessThan(best);
      }
    });

  test("variances are the derivatives of the mean in its own field, v their average, extrinsic 1/v - a", () => {
    const module = groupSparsityModule(12, { gamma: 0.8, group: 2 });
    const b = random(12, 1.5);
    const a = 2.3;
    const { mean, out, v, extrinsic } = solve(module, a, b);
    const variances = new Float64Array(12);
    module.variances(0, [{ a, b }], variances);
    const h = 1e-6;
    for (let i = 0; i < 12; i++) {
      const moved = (s: number): number => solve(module, a, b.map((x, j) => (j === i ? x + s * h : x))).mean[i]; // biome-ignore format: one line
      expect(variances[i]).toBeCloseTo((moved(1) - moved(-1)) / (2 * h), 8);
      expect(out[i]).toBeCloseTo(mean[i] / v - b[i], 12);
    }
    expect(v).toBeCloseTo(variances.reduce((s, x) => s + x, 0) / 12, 13);
    expect(extrinsic).toBeCloseTo(1 / v - a, 11);
  });

  test("groups of one are the l1 penalty", () => {
    const module = groupSparsityModule(8, { gamma: 0.6, group: 1 });
    const b = random(8);
    const mean = new Float64Array(8);
    const variance = new Float64Array(8);
    make(l1, { rate: 0.6 }).posterior(Float64Array.of(1.3), b, mean, variance);
    const got = solve(module, 1.3, b);
    mean.forEach((x, i) => void expect(got.mean[i]).toBeCloseTo(x, 14));
    expect(got.v).toBeCloseTo(variance.reduce((s, x) => s + x, 0) / 8, 14);
  });

  test("all groups shrunk to zero: v = 0 and the precision of an exact value, with finite vectors; a = 0 is finite too", () => {
    const module = groupSparsityModule(6, { gamma: 100, group: 3 });
    const { mean, out, v, extrinsic } = solve(module, 1, random(6));
    expect([v, extrinsic]).toEqual([0, 1e100]);
    expect([...mean]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...out].every(Number.isFinite)).toBe(true);
    const open = solve(groupSparsityModule(6, { gamma: 0.1, group: 3 }), 0, random(6));
    expect([open.v, open.extrinsic, ...open.mean, ...open.out].every(Number.isFinite)).toBe(true);
  });

  test("refuses sizes that the group does not divide, and a matched state evolution", () => {
    expect(() => groupSparsityModule(7, { gamma: 1, group: 2 })).toThrow(/group must be an integer >= 1 that divides the size 7/);
    expect(() => groupSparsityModule(6, { gamma: 0, group: 2 })).toThrow(/gamma must be/);
    expect(() => groupSparsityModule(6, { gamma: 1, group: 2 }).error(0, [1], [1])).toThrow(/no matched state evolution/);
  });
});
