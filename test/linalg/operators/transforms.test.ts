import FFT from "fft.js";
import { describe, expect, test } from "vitest";
import { dct, fourier, hadamard, subsampledDct } from "../../../src/linalg/operators/index.ts";
import { complexTransform, radices, smoothAbove, writeRoot } from "../../../src/linalg/operators/fftPlan.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { distance, gaussian, norm } from "./laws.ts";

describe("the FFT", () => {
  test.each([2, 8, 64, 512, 4096, 8192, 2 ** 15, 2 ** 17])("length %i agrees with fft.js", (n) => {
    const x = gaussian(2 * n, n);
    const oracle = new FFT(n);
    const want = oracle.createComplexArray();
    oracle.transform(want, Array.from(x));
    const t = complexTransform(n);
    t.input.set(x);
    t.forward();
    expect(distance(t.output, Float64Array.from(want)) / norm(t.output)).toBeLessThan(1e-15 * Math.log2(n));
  });

  // direct, four-step of unequal factors, Bluestein inside one pass, Bluestein over a four-step; the sum is in exact angles
  test.each([1, 30, 1009, 5000, 6075, 10007, 30000, 65537, 100003])(
    "length %i agrees with its defining sum, and its inverse undoes it",
    (n) => {
      const x = gaussian(2 * n, n);
      const t = complexTransform(n);
      t.input.set(x);
      t.forward();
      const X = t.output.slice();
      const w = new Float64Array(2);
      for (const k of new Set([0, 1 % n, n >> 1, Math.floor(0.37 * n), n - 1])) {
        let re = 0;
        let im = 0;
        for (let j = 0; j < n; j++) {
          writeRoot((j * k) % n, n, w, 0);
          re += x[2 * j] * w[0] - x[2 * j + 1] * w[1];
          im += x[2 * j] * w[1] + x[2 * j + 1] * w[0];
        }
        expect(Math.hypot(re - X[2 * k], im - X[2 * k + 1]) / Math.sqrt(n), `coefficient ${k}`).toBeLessThan(1e-13);
      }
      t.input.set(X);
      t.inverse();
      expect(
        distance(
          t.output.map((v) => v / n),
          x
        ) / norm(x)
      ).toBeLessThan(4e-15);
    }
  );

  test("roots of unity lie on the circle, at the right angle, with exact symmetries", () => {
    const w = new Float64Array(8);
    for (const n of [4, 12, 360, 2 ** 20, 999983])
      for (const k of [0, 1, Math.floor(n / 8), Math.floor(n / 3)]) {
        writeRoot(k, n, w, 0);
        expect(Math.abs(Math.hypot(w[0], w[1]) - 1)).toBeLessThan(2.3e-16);
        expect(Math.abs(w[0] - Math.cos((2 * Math.PI * k) / n))).toBeLessThan(3e-16);
        writeRoot(n - k, n, w, 1);
        expect([w[2] + 0, w[3] + 0]).toEqual([w[0] + 0, -w[1] + 0]); // + 0: the sign of zero is free
      }
    writeRoot(3, 12, w, 0);
    expect([w[0] + 0, w[1]]).toEqual([0, -1]);
  });

  test("plans know their radices, and the next length they are good at", () => {
    expect(radices(2 ** 5 * 3 * 5)).toEqual([5, 3, 2, 4, 4]);
    expect(radices(14)).toBeNull();
    expect([1, 7, 97, 1025, 2017].map(smoothAbove)).toEqual([1, 8, 100, 1080, 2025]);
  });
});

describe("the real transforms at sizes beyond the cache", () => {
  test.each([2 ** 13, 2 ** 16, 3 * 2 ** 14, 20014, 20001])("dct of length %i: coefficients, orthonormality", (n) => {
    const x = gaussian(n, n);
    const z = new Float64Array(n);
    const back = new Float64Array(n);
    const op = dct(n);
    op.apply(x, z);
    op.adjoint(z, back);
    expect(distance(back, x) / norm(x)).toBeLessThan(3e-15);
    const w = new Float64Array(2);
    for (const k of [0, 1, n >> 1, n - 1]) {
      let s = 0;
      for (let i = 0; i < n; i++) {
        writeRoot((k * (2 * i + 1)) % (4 * n), 4 * n, w, 0);
        s += x[i] * w[0];
      }
      expect(Math.abs(s * Math.sqrt((k ? 2 : 1) / n) - z[k])).toBeLessThan(1e-12);
    }
  });

  test("hadamard at 2^16: coefficients by bit counts, and it undoes itself", () => {
    const n = 2 ** 16;
    const x = gaussian(n, 1);
    const z = new Float64Array(n);
    const back = new Float64Array(n);
    hadamard(n).apply(x, z);
    hadamard(n).apply(z, back);
    expect(distance(back, x) / norm(x)).toBeLessThan(2e-15);
    const parity = (b: number): number => {
      let p = 0;
      for (; b; b &= b - 1) p ^= 1;
      return p;
    };
    for (const k of [0, 1, 12345, n - 1])
      expect(Math.abs(x.reduce((s, v, i) => s + (parity(k & i) ? -v : v), 0) / 256 - z[k])).toBeLessThan(1e-12);
  });

  test("fourier and subsampled dct keep the adjoint identity at 2^15 columns", () => {
    const n = 2 ** 15;
    const F = fourier(n);
    const A = subsampledDct({ cols: n, rows: n / 4, rng: makeRng(5), signs: true });
    for (const [op, w] of [
      [F, 2],
      [A, 1]
    ] as const) {
      const x = gaussian(w * op.cols, 1);
      const z = gaussian(w * op.rows, 2);
      const Ax = new Float64Array(w * op.rows);
      const Az = new Float64Array(w * op.cols);
      op.apply(x, Ax);
      op.adjoint(z, Az);
      const left = Ax.reduce((s, v, i) => s + v * z[i], 0);
      const right = x.reduce((s, v, i) => s + v * Az[i], 0);
      expect(Math.abs(left - right) / (norm(x) * norm(z))).toBeLessThan(1e-14);
    }
  });
});
