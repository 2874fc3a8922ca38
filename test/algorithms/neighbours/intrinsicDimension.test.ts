import { expect, test } from "vitest";
import { intrinsicDimension } from "../../../src/algorithms/neighbours/index.ts";
import { parse } from "../../../src/core/parameters.ts";
import { final, simulateRun } from "../../../src/core/scenario.ts";
import { arraysText } from "../../../src/core/files.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { intrinsicDimension as scenario } from "../../../src/scenarios/index.ts";

test("distances are those of a direct count: nearest, second nearest and the pairs", () => {
  const [n, N] = [128, 3];
  const x = new Float64Array(n * N);
  makeRng(1, "x").fillNormal(x);
  const [got] = intrinsicDimension(x, n, N);
  const r = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => Math.hypot(...[0, 1, 2].map((c) => x[3 * i + c] - x[3 * j + c])))
  );
  const sorted = r.map((row, i) => row.filter((_, j) => j !== i).sort((a, b) => a - b));
  const logs = sorted.reduce((s, row) => s + Math.log(row[1] / row[0]), 0);
  expect(got.twoNN).toBeCloseTo((n - 1) / logs, 10);
  const pairs = r.flatMap((row, i) => row.slice(i + 1)).sort((a, b) => a - b);
  const slope = Math.log(8) / Math.log(pairs[Math.round((32 / n) * pairs.length) - 1] / pairs[Math.round((4 / n) * pairs.length) - 1]);
  expect(Math.abs((got.correlation ?? 0) / slope - 1)).toBeLessThan(0.01);
  const half = r.slice(0, 64).map((row, i) => Math.min(...row.slice(0, 64).filter((_, j) => j !== i)));
  const mean = (v: number[]) => v.reduce((s, a) => s + a, 0) / v.length;
  expect(got.nearestNeighbour).toBeCloseTo(Math.LN2 / Math.log(mean(half) / mean(sorted.map((row) => row[0]))), 10);
});

test("estimates do not change when points are moved, turned, scaled or put into more coordinates", () => {
  const n = 256;
  const flat = new Float64Array(2 * n);
  makeRng(2, "x").fillNormal(flat);
  const turned = new Float64Array(4 * n);
  for (let k = 0; k < n; k++) {
    const [a, b] = [flat[2 * k], flat[2 * k + 1]];
    turned.set([5 * (0.6 * a - 0.8 * b) + 3, 0, 5 * (0.8 * a + 0.6 * b) - 1, 7], 4 * k);
  }
  const [one] = intrinsicDimension(flat, n, 2);
  const [other] = intrinsicDimension(turned, n, 4);
  expect(other.twoNN).toBeCloseTo(one.twoNN ?? 0, 9);
  expect(Math.abs((other.correlation ?? 0) - (one.correlation ?? 0))).toBeLessThan(2e-3);
});

test("known manifolds come out near their dimension, also through a curved sheet and a hidden manifold", () => {
  for (const [manifold, dimension, low, high] of [
    ["swiss-roll", 2, 1.85, 2.15],
    ["cube", 2, 1.8, 2.15],
    ["gaussian", 3, 2.6, 3.2],
    ["hidden-manifold", 4, 3.3, 4.3]
  ] as const) {
    const { twoNN } = final(simulateRun(scenario, { manifold, dimension, size: 2048 }, 3, makeRng));
    expect(twoNN, manifold).toBeGreaterThan(low);
    expect(twoNN, manifold).toBeLessThan(high);
  }
});

test("points that coincide are counted, left out, and said", () => {
  const data = arraysText([{ name: "X", shape: [200, 2], data: Array.from({ length: 400 }, (_, k) => (k < 300 ? 1 : k * k)) }]);
  const run = simulateRun(scenario, { data, dimension: 1 }, 1, makeRng);
  expect(run.extra?.duplicates).toBe(150);
  expect(run.outcome.kind).toBe("diverged");
  expect(run.outcome.advice).toMatch(/coincide/);
});

test("bad input gets one sentence", () => {
  expect(() => simulateRun(scenario, { manifold: "swiss-roll", dimension: 3 }, 1, makeRng)).toThrow(
    /dimension must be 2 for the swiss-roll, got 3/
  );
  const few = arraysText([{ name: "X", shape: [20, 2], data: new Array(40).fill(0) }]);
  expect(() => scenario.predict(parse(scenario, { data: few }))).toThrow(/at least 64 points \(rows\), got 20 x 2/);
  expect(() => intrinsicDimension(new Float64Array(10), 4, 2)).toThrow(/4 x 2/);
});
