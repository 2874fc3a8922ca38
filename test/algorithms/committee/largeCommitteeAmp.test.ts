import { describe, expect, test } from "vitest";
import { GaussianSum, KnownSumRows, largeCommitteeAmp, multiplyUnits } from "../../../src/algorithms/committee/largeCommitteeAmp.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { logNormalCdf } from "../../../src/numerics/special/index.ts";

const normals = (n: number, label: string, scale = 1) => {
  const x = new Float64Array(n);
  makeRng(1, label).fillNormal(x, scale);
  return x;
};

describe("message passing for a committee of many units", () => {
  test("products with the weights of all units are those of one unit at a time", () => {
    for (const K of [3, 4, 9]) {
      const [n, p] = [7, 5];
      const X = normals(n * p, "X");
      const A = normals(p * K, "A");
      const B = normals(n * K, "B");
      const C = new Float64Array(n * K);
      const D = new Float64Array(p * K);
      multiplyUnits(X, A, C, n, p, K, false);
      multiplyUnits(X, B, D, n, p, K, true);
      for (let mu = 0; mu < n; mu++)
        for (let l = 0; l < K; l++) {
          let s = 0;
          for (let i = 0; i < p; i++) s += X[mu * p + i] * A[i * K + l];
          expect(C[mu * K + l]).toBeCloseTo(s, 13);
        }
      // <B, X A> = <X^T B, A>
      expect(B.reduce((s, b, k) => s + b * C[k], 0)).toBeCloseTo(
        A.reduce((s, a, k) => s + a * D[k], 0),
        12
      );
    }
  });
  test("the score is the gradient of ln Z along the differences of the units", () => {
    const K = 7;
    const sample = new GaussianSum(K);
    for (const v of [0.05, 0.4, 1])
      for (const y of [-1, 1]) {
        const omega = normals(K, `omega${v}${y}`);
        const g = new Float64Array(K);
        const square = sample.score(omega, 0, v, y, g);
        expect(square).toBeCloseTo(
          g.reduce((s, x) => s + x * x, 0),
          13
        );
        for (let l = 1; l < K; l++) {
          const at = (h: number) => {
            const moved = omega.slice();
            moved[0] += h;
            moved[l] -= h;
            sample.score(moved, 0, v, y, new Float64Array(K));
            return logNormalCdf(sample.argument);
          };
          const h = 1e-4;
          expect(Math.abs((at(h) - at(-h)) / (2 * h) - (g[0] - g[l]))).toBeLessThan(2e-5 * (1 + Math.abs(g[0]) + Math.abs(g[l])));
        }
      }
  });
  test("rows of +-1 of known sum have the means of the enumeration, however strong the tilt", () => {
    const K = 5;
    const rows = new KnownSumRows(K);
    for (const scale of [0.5, 5, 60])
      for (const sum of [-5, -3, -1, 1, 3, 5]) {
        const b = normals(K, `b${scale}`, scale);
        const mean = new Float64Array(K);
        const variance = rows.posterior(b, 0, sum, mean);
        const terms: { w: number[]; e: number }[] = [];
        for (let s = 0; s < 1 << K; s++) {
          const w = Array.from({ length: K }, (_, l) => ((s >> l) & 1 ? 1 : -1));
          if (w.reduce((x, y) => x + y, 0) === sum) terms.push({ w, e: w.reduce((x, wl, l) => x + wl * b[l], 0) });
        }
        const top = Math.max(...terms.map((x) => x.e));
        const Z = terms.reduce((x, { e }) => x + Math.exp(e - top), 0);
        let left = 0;
        for (let l = 0; l < K; l++) {
          const want = terms.reduce((x, { w, e }) => x + w[l] * Math.exp(e - top), 0) / Z;
          expect(mean[l]).toBeCloseTo(want, 12);
          left += 1 - want * want;
        }
        expect(variance).toBeCloseTo(left, 12);
      }
  });
  test("estimates keep the sum of the units that was given", () => {
    const [n, p, K] = [120, 20, 5];
    for (const prior of ["gaussian", "binary"] as const) {
      const w = normals(p * K, "w").map((x) => (prior === "binary" ? (x < 0 ? -1 : 1) : x));
      const sums = Float64Array.from({ length: p }, (_, i) => w.slice(i * K, i * K + K).reduce((s, x) => s + x, 0));
      const X = normals(n * p, "X", 1 / Math.sqrt(p));
      const z = new Float64Array(n * K);
      multiplyUnits(X, w, z, n, p, K, false);
      const y = Float64Array.from({ length: n }, (_, mu) =>
        Math.sign(z.slice(mu * K, mu * K + K).reduce((s: number, x) => s + Math.sign(x), 0))
      );
      const mean = Float64Array.from({ length: p * K }, (_, k) => sums[Math.floor(k / K)] / K);
      const noise = normals(p * K, "start", 0.1);
      for (let i = 0; i < p; i++) for (let l = 0; l < K; l++) mean[i * K + l] += noise[i * K + l] - noise[i * K + ((l + 1) % K)];
      for (const state of largeCommitteeAmp({ X, y, units: K, sums, prior }, { iterations: 5, start: { mean, v: 0.9 } }))
        for (let i = 0; i < p; i++) expect(state.mean.slice(i * K, i * K + K).reduce((s, x) => s + x, 0)).toBeCloseTo(sums[i], 9);
    }
  });
});
