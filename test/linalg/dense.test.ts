import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DenseMatrix } from "../../src/linalg/dense.ts";
import { denseFrom, denseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const kinds = (["real", "complex"] as const).flatMap((scalar) =>
  (["f64", "f32"] as const).map((precision) => [scalar, precision] as const)
);

/** Textbook loops over `data`: A x, A^* z, |A|^2 v, (|A|^2)^T s. */
function reference(A: DenseMatrix, x: Float64Array, z: Float64Array, v: Float64Array, s: Float64Array) {
  const parts = A.scalar === "complex" ? 2 : 1;
  const Ax = new Float64Array(A.rows * parts);
  const Az = new Float64Array(A.cols * parts);
  const V = new Float64Array(A.rows);
  const w = new Float64Array(A.cols);
  for (let i = 0; i < A.rows; i++)
    for (let j = 0; j < A.cols; j++) {
      const k = (i * A.cols + j) * parts;
      const [a, b] = [A.data[k], parts === 2 ? A.data[k + 1] : 0];
      if (parts === 1) {
        Ax[i] += a * x[j];
        Az[j] += a * z[i];
      } else {
        Ax[2 * i] += a * x[2 * j] - b * x[2 * j + 1];
        Ax[2 * i + 1] += a * x[2 * j + 1] + b * x[2 * j];
        Az[2 * j] += a * z[2 * i] + b * z[2 * i + 1];
        Az[2 * j + 1] += a * z[2 * i + 1] - b * z[2 * i];
      }
      V[i] += (a * a + b * b) * v[j];
      w[j] += (a * a + b * b) * s[i];
    }
  return { Ax, Az, V, w };
}
function near(a: Float64Array, b: Float64Array, tolerance: number): void {
  expect(a.length).toBe(b.length);
  const size = Math.max(1, ...b.map(Math.abs));
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]) / size);
  expect(worst).toBeLessThan(tolerance);
}

describe.each(kinds)("dense %s %s", (scalar, precision) => {
  test("all six products are the textbook sums, for every remainder of the unrolled loops", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 23 }), fc.integer(), (rows, cols, seed) => {
        const parts = scalar === "complex" ? 2 : 1;
        const rng = makeRng(seed);
        const A = denseMatrix(rows, cols, { scalar, precision });
        A.fillNormal(rng.fork("A"));
        const draw = (n: number, name: string) => {
          const out = new Float64Array(n);
          rng.fork(name).fillNormal(out);
          return out;
        };
        const [x, z, v, s] = [draw(cols * parts, "x"), draw(rows * parts, "z"), draw(cols, "v"), draw(rows, "s")];
        const wanted = reference(A, x, z, v, s);
        const [Ax, Az, V, w] = [
          new Float64Array(rows * parts),
          new Float64Array(cols * parts),
          new Float64Array(rows),
          new Float64Array(cols)
        ];
        const compare = () => {
          near(Ax, wanted.Ax, 1e-13);
          near(Az, wanted.Az, 1e-13);
          near(V, wanted.V, 1e-13);
          near(w, wanted.w, 1e-13);
        };
        A.apply(x, Ax);
        A.adjoint(z, Az);
        A.applySquared(v, V);
        A.adjointSquared(s, w);
        compare();
        for (const out of [Ax, Az, V, w]) out.fill(99);
        A.applyBoth(x, Ax, v, V);
        A.adjointBoth(z, Az, s, w);
        compare();
      }),
      { numRuns: 120 }
    );
  });

  test("norms follow the data, and frobenius2 is their sum", () => {
    const A = denseMatrix(9, 14, { scalar, precision });
    A.fillNormal(makeRng(1));
    const sum = (x: Float64Array) => x.reduce((t, v) => t + v, 0);
    const direct = (A.data as Float64Array).reduce((t: number, v: number) => t + v * v, 0);
    expect(A.frobenius2).toBeCloseTo(direct, 10);
    expect(sum(A.rowNorms2())).toBeCloseTo(direct, 10);
    expect(sum(A.columnNorms2())).toBeCloseTo(direct, 10);
    A.data[0] += 5;
    A.changed();
    expect(A.frobenius2).toBeCloseTo(
      (A.data as Float64Array).reduce((t: number, v: number) => t + v * v, 0),
      10
    );
  });
});

describe("dense matrices", () => {
  test("the f32 matrix is the f64 one rounded", () => {
    const [a, b] = [denseMatrix(20, 30), denseMatrix(20, 30, { precision: "f32" })];
    a.fillNormal(makeRng(5), 0.3);
    b.fillNormal(makeRng(5), 0.3);
    expect(b.data).toEqual(Float32Array.from(a.data));
  });

  test("products leave the matrix where it is: data is never detached nor moved", () => {
    const A = denseMatrix(16, 16);
    A.fillNormal(makeRng(1));
    const [x, z] = [new Float64Array(16).fill(1), new Float64Array(16)];
    const { buffer } = A.data;
    for (let i = 0; i < 10_000; i++) {
      A.apply(x, z);
      A.adjoint(z, x);
      x.fill(1);
    }
    expect(A.data.buffer).toBe(buffer);
    expect(A.data.byteLength).toBe(16 * 16 * 8);
  });

  test("thousands of small matrices can be made: their memories are given back", () => {
    let trace = 0;
    for (let i = 0; i < 3000; i++) trace += denseMatrix(10, 10).data.length;
    expect(trace).toBe(300_000);
  });

  test("the user's numbers are copied and checked", () => {
    const data = [1, 2, 3, 4, 5, 6];
    const A = denseFrom(2, 3, data);
    const z = new Float64Array(2);
    A.apply(new Float64Array([1, 0, -1]), z);
    expect([...z]).toEqual([-2, -2]);
    expect(() => denseFrom(2, 2, data)).toThrow("dense matrix: 2 x 2 real needs 4 numbers, got 6");
    expect(() => denseFrom(2, 2, [1, 2, Number.NaN, 4])).toThrow("entries must be finite numbers, got NaN in row 1, column 0");
  });

  test("wrong sizes and what does not fit are one sentence", () => {
    expect(() => denseMatrix(0, 3)).toThrow("dense matrix: rows must be an integer >= 1, got 0");
    expect(() => denseMatrix(3, 2.5)).toThrow("dense matrix: cols must be an integer >= 1, got 2.5");
    expect(() => denseMatrix(50_000, 50_000)).toThrow("needs 18.6 GiB and a dense matrix can have 4 GiB");
    expect(() => denseMatrix(3, 4).apply(new Float64Array(3), new Float64Array(3))).toThrow("apply needs x of length 4, got 3");
  });
});
