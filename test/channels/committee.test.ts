import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { committeeSign } from "../../src/channels/committee/index.ts";
import { cutMoments } from "../../src/channels/committee/orthant.ts";
import { makeSeveral } from "../../src/channels/committee/severalUnits.ts";
import { sign } from "../../src/channels/sign.ts";
import { make } from "../../src/core/parameters.ts";
import type { Vec } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const rng = makeRng(1, "committee");
/** A positive definite matrix and a mean, both random. */
function draw(K: number, floor = 0.1): { omega: Vec; V: Vec } {
  const B = new Float64Array(K * K);
  const omega = new Float64Array(K);
  rng.fillNormal(B, 0.5);
  rng.fillNormal(omega);
  const V = new Float64Array(K * K);
  for (let i = 0; i < K; i++)
    for (let j = 0; j < K; j++) {
      V[i * K + j] = i === j ? floor : 0;
      for (let k = 0; k < K; k++) V[i * K + j] += B[i * K + k] * B[j * K + k];
    }
  return { omega, V };
}
function scoreOf(K: number, omega: Vec, V: Vec, y: number) {
  const g = new Float64Array(K);
  const curvature = new Float64Array(K * K);
  return { logZ: committeeSign(K).score(omega, V, y, g, curvature), g, curvature };
}
const shifted = (x: Vec, i: number, by: number) => x.map((v, k) => (k === i ? v + by : v));

describe.each([1, 2, 3, 4])("committee of %i units", (K) => {
  const channel = committeeSign(K);
  const points = Array.from({ length: K === 4 ? 2 : 12 }, () => draw(K));

  test("gradient and curvature are derivatives of ln Z, and score returns what logPartition does", () => {
    const h = 1e-4;
    for (const { omega, V } of points)
      for (const y of channel.labels) {
        const { logZ, g, curvature } = scoreOf(K, omega, V, y);
        expect(channel.logPartition(omega, V, y)).toBe(logZ);
        for (let i = 0; i < K; i++) {
          const up = scoreOf(K, shifted(omega, i, h), V, y);
          const down = scoreOf(K, shifted(omega, i, -h), V, y);
          expect(Math.abs((up.logZ - down.logZ) / (2 * h) - g[i])).toBeLessThan(1e-6 * (1 + Math.abs(logZ)));
          for (let j = 0; j < K; j++)
            expect(Math.abs(-(up.g[j] - down.g[j]) / (2 * h) - curvature[i * K + j])).toBeLessThan(
              1e-5 * (1 + Math.abs(curvature[i * K + i]))
            );
        }
      }
  });

  test("labels sum to one, by ln Z and by probabilities", () => {
    const out = new Float64Array(channel.labels.length);
    for (const { omega, V } of points) {
      const each = channel.labels.map((y) => Math.exp(channel.logPartition(omega, V, y)));
      expect(Math.abs(each.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-10);
      channel.probabilities(omega, V, out);
      for (let k = 0; k < out.length; k++) expect(Math.abs(out[k] - each[k])).toBeLessThan(1e-10);
    }
  });

  test("units may change places, and everything may change sign", () => {
    for (const { omega, V } of points)
      for (const y of channel.labels) {
        const { logZ, g, curvature } = scoreOf(K, omega, V, y);
        const back = (i: number) => K - 1 - i;
        const swapped = scoreOf(
          K,
          omega.map((_, i) => omega[back(i)]),
          V.map((_, i) => V[back(Math.floor(i / K)) * K + back(i % K)]),
          y
        );
        expect(Math.abs(swapped.logZ - logZ)).toBeLessThan(1e-9 * (1 + Math.abs(logZ)));
        for (let i = 0; i < K; i++) expect(Math.abs(swapped.g[back(i)] - g[i])).toBeLessThan(1e-8 * (1 + Math.abs(g[i])));
        const mirrored = scoreOf(
          K,
          omega.map((x) => -x),
          V,
          -y
        );
        expect(Math.abs(mirrored.logZ - logZ)).toBeLessThan(1e-9 * (1 + Math.abs(logZ)));
        for (let i = 0; i < K * K; i++)
          expect(Math.abs(mirrored.curvature[i] - curvature[i])).toBeLessThan(1e-8 * (1 + Math.abs(curvature[i])));
      }
  });

  test("as V -> 0 the label is that of omega, without NaN or Infinity", () => {
    const { omega } = points[0];
    const y = new Float64Array(1);
    channel.sample(rng, omega, y);
    for (const v of [1e-4, 1e-12, 1e-200, 0]) {
      const V = new Float64Array(K * K);
      for (let l = 0; l < K; l++) V[l * K + l] = v;
      for (const label of channel.labels) {
        const { logZ, g, curvature } = scoreOf(K, omega, V, label);
        expect([logZ, ...g, ...curvature].every(Number.isFinite), `${label} at V ${v}: ${[logZ, ...g, ...curvature]}`).toBe(true);
        if (label === y[0]) expect(logZ).toBeGreaterThan(-1e-3);
        else expect(logZ).toBeLessThan(-1);
      }
    }
  });
});

describe("two units", () => {
  test("mass, gradient and curvature of a cut bivariate normal match 50-digit values in every tail", () => {
    // committeeReferences.py
    const rows = JSON.parse(readFileSync(join(import.meta.dirname, "committeeReferences.json"), "utf8")) as number[][];
    const out = new Float64Array(6);
    for (const [h, k, r, ...want] of rows) {
      cutMoments(h, k, r, out);
      // where one edge hardly cuts, entries far below the others are differences: they are asked for relative to the largest
      const largest = Math.max(...want.slice(3).map(Math.abs));
      want.forEach((w, i) => {
        const scale = i === 0 ? Math.max(1, Math.abs(w)) : i < 3 ? Math.max(Math.abs(w), 1e-300) : Math.max(Math.abs(w), 1e-3 * largest);
        expect(Math.abs(out[i] - w) / scale, `(${h}, ${k}, ${r})[${i}]: ${out[i]} against ${w}`).toBeLessThan(3e-12);
      });
    }
  });

  test("Plackett's integral and the tail quadrature meet where one takes over from the other", () => {
    const g = new Float64Array(2);
    const c = new Float64Array(4);
    const out = new Float64Array(6);
    for (const r of [-0.94, -0.7, -0.2, 0.1, 0.6, 0.94])
      for (const [h, k] of [
        [-1.5, -1],
        [-2, 0.4],
        [0.3, 0.2]
      ]) {
        const V = Float64Array.of(1, r, r, 1);
        const logZ = committeeSign(2).score(Float64Array.of(h, k), V, 1, g, c);
        cutMoments(h, k, r, out);
        [logZ, g[0], g[1], c[0], c[1], c[3]].forEach((x, i) => {
          expect(Math.abs(x - out[i]), `r ${r}, (${h}, ${k}), [${i}]`).toBeLessThan(
            Math.exp(-logZ) * 1e-13 * (10 + Math.abs(out[i])) + 1e-12
          );
        });
      }
  });

  test("they are what the count of positive units says", () => {
    const several = makeSeveral(2);
    const [g, h, c, d] = [2, 2, 4, 4].map((n) => new Float64Array(n));
    for (let n = 0; n < 20; n++) {
      const { omega, V } = draw(2);
      for (const y of [-1, 0, 1]) {
        const logZ = committeeSign(2).score(omega, V, y, g, c);
        if (logZ < -12) continue; // the count has absolute accuracy
        expect(Math.abs(several.score(omega, V, y, h, d) - logZ)).toBeLessThan(1e-9);
        for (let i = 0; i < 4; i++) expect(Math.abs(c[i] - d[i])).toBeLessThan(1e-7 * (1 + Math.abs(c[0]) + Math.abs(c[3])));
      }
    }
  });

  test("a far label pulls along the nearest corner: g = V^-1 (corner - omega) to leading order", () => {
    const V = Float64Array.of(0.5, -0.1, -0.1, 0.5);
    const { logZ, g, curvature } = scoreOf(2, Float64Array.of(1e6, 1e6), V, -1);
    expect(g[0]).toBeCloseTo(-1e6 / 0.4, -3);
    expect(Math.abs(logZ / (-1e12 / 0.4) - 1)).toBeLessThan(1e-9);
    expect(curvature[0]).toBeCloseTo(0.5 / 0.24, 8);
    expect(curvature[1]).toBeCloseTo(0.1 / 0.24, 8);
  });
});

describe("other numbers of units", () => {
  test("one unit is the noiseless sign channel", () => {
    const channel = make(sign, {});
    const [g, c, logZ] = [1, 1, 1].map((n) => new Float64Array(n));
    for (const omega of [-30, -2, -0.1, 0.4, 5])
      for (const y of [-1, 1]) {
        const one = scoreOf(1, Float64Array.of(omega), Float64Array.of(0.3), y);
        channel.score(Float64Array.of(0.3), Float64Array.of(omega), Float64Array.of(y), g, c);
        channel.logPartition(Float64Array.of(0.3), Float64Array.of(omega), Float64Array.of(y), logZ);
        expect(Math.abs(one.logZ - logZ[0])).toBeLessThan(1e-12 * (1 + Math.abs(logZ[0])));
        expect(Math.abs(one.g[0] - g[0])).toBeLessThan(1e-12 * Math.max(Math.abs(g[0]), 1e-30));
        expect(Math.abs(one.curvature[0] - c[0])).toBeLessThan(1e-12 * Math.max(Math.abs(c[0]), 1e-30));
      }
  });

  test("three centred units of correlation r are all positive with probability 1/8 + 3 asin(r)/(4 pi), up to the degenerate r = -1/2", () => {
    const out = new Float64Array(4);
    const several = makeSeveral(3);
    for (const [r, tolerance] of [
      [-0.49999, 1e-7],
      [-0.4, 1e-11],
      [0.3, 1e-11],
      [0.9, 1e-11]
    ]) {
      several.counts(new Float64Array(3), Float64Array.of(1, r, r, r, 1, r, r, r, 1), out);
      expect(Math.abs(out[3] - (1 / 8 + (3 * Math.asin(r)) / (4 * Math.PI))), `r = ${r}`).toBeLessThan(tolerance);
      expect(Math.abs(out[0] - out[3])).toBeLessThan(tolerance);
    }
  });

  test("a third unit that is surely positive leaves the labels 0 and 1 of the other two as 1", () => {
    const V = Float64Array.of(0.6, 0.2, 0.1, 0.2, 0.8, -0.3, 0.1, -0.3, 0.5);
    const two = Float64Array.of(0.6, 0.2, 0.2, 0.8);
    const pair = (y: number) => Math.exp(committeeSign(2).logPartition(Float64Array.of(-0.7, 0.2), two, y));
    const { logZ } = scoreOf(3, Float64Array.of(-0.7, 0.2, 40), V, 1);
    expect(Math.abs(Math.exp(logZ) - pair(0) - pair(1))).toBeLessThan(1e-11);
  });

  test("independent units of any number are counted exactly: 9 fair coins, majority 1/2, derivative 2 C(8,4)/2^9 phi(0)", () => {
    const K = 9;
    const V = new Float64Array(K * K);
    for (let l = 0; l < K; l++) V[l * K + l] = 1;
    const { logZ, g } = scoreOf(K, new Float64Array(K), V, 1);
    expect(Math.exp(logZ)).toBeCloseTo(0.5, 14);
    expect(g[3]).toBeCloseTo((70 / 256 / Math.sqrt(2 * Math.PI)) * 2, 13);
  });

  test("what cannot be is refused in a sentence", () => {
    expect(() => committeeSign(0)).toThrow("committee: units must be an integer in [1, 64], got 0");
    expect(() => committeeSign(3).logPartition(new Float64Array(3), new Float64Array(9), 0)).toThrow(
      "committee: a label of 3 units must be one of -1, 1, got 0"
    );
    expect(() => committeeSign(5).logPartition(new Float64Array(5), new Float64Array(25).fill(0.1), 1)).toThrow("V must be diagonal");
  });
});
