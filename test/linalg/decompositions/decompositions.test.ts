import { describe, expect, test } from "vitest";
import { describeBackend } from "../../../src/linalg/backend.ts";
import { cholesky, type MatrixData, svd, symmetricEigen } from "../../../src/linalg/decompositions/index.ts";
import { multiply } from "../../../src/linalg/gemm.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const backends = describeBackend().name === "openblas" ? (["wasm", "openblas"] as const) : (["wasm"] as const);
const scalars = ["real", "complex"] as const;
const rng = makeRng(20);

function gaussian(rows: number, cols: number, scalar: "real" | "complex"): MatrixData {
  const data = new Float64Array(rows * cols * (scalar === "complex" ? 2 : 1));
  rng.fillNormal(data);
  return { rows, cols, data, scalar };
}
/** A^* B. */
function gram(A: MatrixData, B: MatrixData): MatrixData {
  const data = new Float64Array(A.cols * B.cols * (A.scalar === "complex" ? 2 : 1));
  multiply(A.cols, B.cols, A.rows, A.data, B.data, data, { adjoint: true, scalar: A.scalar ?? "real", backend: "wasm" });
  return { rows: A.cols, cols: B.cols, data, scalar: A.scalar ?? "real" };
}
function adjoint(A: MatrixData): MatrixData {
  const parts = A.scalar === "complex" ? 2 : 1;
  const data = new Float64Array(A.data.length);
  for (let i = 0; i < A.rows; i++)
    for (let j = 0; j < A.cols; j++)
      for (let p = 0; p < parts; p++) data[(j * A.rows + i) * parts + p] = (p ? -1 : 1) * A.data[(i * A.cols + j) * parts + p];
  return { rows: A.cols, cols: A.rows, data, scalar: A.scalar ?? "real" };
}
function scaledRows(A: MatrixData, factors: ArrayLike<number>): MatrixData {
  const width = A.data.length / A.rows;
  return { ...A, data: Float64Array.from(A.data, (x, i) => x * factors[Math.floor(i / width)]) };
}
function frobenius(A: MatrixData): number {
  return Math.sqrt((A.data as Float64Array).reduce((s, x) => s + x * x, 0));
}
function distance(A: MatrixData, B: MatrixData): number {
  return Math.sqrt((A.data as Float64Array).reduce((s, x, i) => s + (x - B.data[i]) ** 2, 0));
}
function identity(n: number, scalar: "real" | "complex"): MatrixData {
  const parts = scalar === "complex" ? 2 : 1;
  const data = new Float64Array(n * n * parts);
  for (let i = 0; i < n; i++) data[i * (n + 1) * parts] = 1;
  return { rows: n, cols: n, data, scalar };
}
/** Q^* diag(values) Q with Haar Q from the polar factor of a Gaussian matrix. */
function withSpectrum(values: readonly number[], scalar: "real" | "complex"): MatrixData {
  const n = values.length;
  const { U, Vh } = svd(gaussian(n, n, scalar), { backend: "wasm" });
  const Q = gram(adjoint({ rows: n, cols: n, data: U as Float64Array, scalar }), { rows: n, cols: n, data: Vh as Float64Array, scalar });
  return gram(Q, scaledRows(Q, values));
}

describe.each(backends)("decompositions by %s", (backend) => {
  const hermitians: [string, (s: "real" | "complex") => MatrixData][] = [
    [
      "1 x 1",
      (s) => {
        const G = gaussian(3, 1, s);
        return gram(G, G);
      }
    ],
    [
      "2 x 2",
      (s) => {
        const G = gaussian(5, 2, s);
        return gram(G, G);
      }
    ],
    [
      "7 x 7",
      (s) => {
        const G = gaussian(9, 7, s);
        return gram(G, G);
      }
    ],
    [
      "83 x 83 of rank 12",
      (s) => {
        const G = gaussian(12, 83, s);
        return gram(G, G);
      }
    ],
    [
      "120 x 120 with clusters",
      (s) =>
        withSpectrum(
          Array.from({ length: 120 }, (_, i) => Math.floor(i / 30) + 1e-13 * i),
          s
        )
    ],
    [
      "60 x 60 from 1e-12 to 1",
      (s) =>
        withSpectrum(
          Array.from({ length: 60 }, (_, i) => 10 ** (-12 * (i / 59))),
          s
        )
    ],
    ["40 x 40 of zeros", (s) => scaledRows(identity(40, s), new Float64Array(40))],
    [
      "50 x 50 diagonal",
      (s) =>
        scaledRows(
          identity(50, s),
          Array.from({ length: 50 }, (_, i) => (i * 7) % 50)
        )
    ],
    [
      "64 x 64, entries near 1e-140",
      (s) => {
        const G = gaussian(70, 64, s);
        const A = gram(G, G);
        return scaledRows(A, new Float64Array(64).fill(1e-140));
      }
    ]
  ];
  test.each(hermitians.flatMap(([name, make]) => scalars.map((s) => [s, name, make] as const)))(
    "%s symmetric eigen, %s: residual and orthogonality below 1e-13 of the norm",
    (scalar, _name, make) => {
      const A = make(scalar);
      const n = A.rows;
      const { values, vectors } = symmetricEigen(A, { backend });
      expect([...values].every((x, i) => i === 0 || values[i - 1] <= x)).toBe(true);
      // Row k is v_k: with V the matrix of rows, A = V^T diag conj(V) = (conj V)^* diag (conj V).
      const V: MatrixData = adjoint(adjoint({ rows: n, cols: n, data: vectors as Float64Array, scalar }));
      const conj = { ...V, data: Float64Array.from(V.data, (x, i) => (scalar === "complex" && i % 2 ? -x : x)) };
      const bound = 1e-13 * Math.sqrt(n);
      expect(distance(gram(conj, conj), identity(n, scalar))).toBeLessThan(bound);
      expect(distance(gram(conj, scaledRows(conj, values)), A)).toBeLessThanOrEqual(bound * frobenius(A));
      const alone = symmetricEigen(A, { backend, vectors: false }).values;
      for (let i = 0; i < n; i++) expect(Math.abs(alone[i] - values[i])).toBeLessThanOrEqual(1e-13 * frobenius(A));
    }
  );

  const shapes: [string, (s: "real" | "complex") => MatrixData][] = [
    ["1 x 1", (s) => gaussian(1, 1, s)],
    ["1 x 9", (s) => gaussian(1, 9, s)],
    ["9 x 1", (s) => gaussian(9, 1, s)],
    ["31 x 17", (s) => gaussian(31, 17, s)],
    ["17 x 31", (s) => gaussian(17, 31, s)],
    ["100 x 100", (s) => gaussian(100, 100, s)],
    ["90 x 60 of rank 5", (s) => gram(gaussian(5, 90, s), gaussian(5, 60, s))],
    ["60 x 90 of rank 5", (s) => gram(gaussian(5, 60, s), gaussian(5, 90, s))],
    [
      "50 x 50 with clusters",
      (s) =>
        withSpectrum(
          Array.from({ length: 50 }, (_, i) => (i % 5) + 1e-14 * i),
          s
        )
    ],
    ["20 x 30 of zeros", (s) => scaledRows(gaussian(20, 30, s), new Float64Array(20))],
    [
      "40 x 20 with zero rows",
      (s) =>
        scaledRows(
          gaussian(40, 20, s),
          Array.from({ length: 40 }, (_, i) => i % 3)
        )
    ],
    [
      "30 x 30 nilpotent shift",
      (s) => {
        const A = identity(30, s);
        const w = A.data.length / 30;
        return { ...A, data: Float64Array.from(A.data, (_, i) => (A.data[i - w / 30] && i % w >= w / 30 ? 1 : 0)) };
      }
    ],
    ["40 x 30, entries near 1e200", (s) => scaledRows(gaussian(40, 30, s), new Float64Array(40).fill(1e200))]
  ];
  test.each(shapes.flatMap(([name, make]) => scalars.map((s) => [s, name, make] as const)))(
    "%s svd, %s: residual and orthogonality below 1e-13 of the norm",
    (scalar, _name, make) => {
      const A = make(scalar);
      const k = Math.min(A.rows, A.cols);
      const { s, U, Vh } = svd(A, { backend });
      expect([...s].every((x, i) => x >= 0 && (i === 0 || s[i - 1] >= x))).toBe(true);
      const left: MatrixData = { rows: A.rows, cols: k, data: U as Float64Array, scalar };
      const right: MatrixData = { rows: k, cols: A.cols, data: Vh as Float64Array, scalar };
      const bound = 1e-13 * Math.sqrt(Math.max(A.rows, A.cols));
      expect(distance(gram(left, left), identity(k, scalar))).toBeLessThan(bound);
      expect(distance(gram(adjoint(right), adjoint(right)), identity(k, scalar))).toBeLessThan(bound);
      const size = s[0] === 0 ? 1 : s[0];
      const back = gram(
        adjoint(left),
        scaledRows(
          right,
          Float64Array.from(s, (x) => x / size)
        )
      );
      const scaled = { ...A, data: Float64Array.from(A.data, (x) => x / size) };
      expect(distance(back, scaled)).toBeLessThanOrEqual(bound * Math.sqrt(k));
      expect([...svd(A, { backend, vectors: false }).s].every((x, i) => Math.abs(x - s[i]) <= 1e-13 * size * Math.sqrt(k))).toBe(true);
    }
  );

  test.each(scalars)("%s cholesky: L L^* is the matrix, solve solves, an indefinite matrix gives null", (scalar) => {
    const G = gaussian(130, 101, scalar);
    const A = gram(G, G);
    const factor = cholesky(A, { backend });
    if (!factor) throw new Error("a Gram matrix is positive definite");
    const L: MatrixData = { rows: 101, cols: 101, data: factor.L, scalar };
    expect(distance(gram(adjoint(L), adjoint(L)), A)).toBeLessThan(1e-14 * 101 * frobenius(A));
    const b = new Float64Array(A.data.length / 101);
    rng.fillNormal(b);
    const x = new Float64Array(b.length);
    factor.solve(b, x);
    const Ax = gram(A, { rows: 101, cols: 1, data: x, scalar });
    expect(distance(Ax, { rows: 101, cols: 1, data: b, scalar })).toBeLessThan(1e-11 * Math.sqrt(b.length));
    const { values } = symmetricEigen(A, { backend: "wasm" });
    expect(factor.logDeterminant).toBeCloseTo(
      values.reduce((t, v) => t + Math.log(v), 0),
      9
    );
    expect(cholesky(scaledRows(identity(4, scalar), [1, 2, -1, 1]), { backend })).toBeNull();
    expect(cholesky(scaledRows(identity(4, scalar), [1, 0, 1, 1]), { backend })).toBeNull();
  });

  test("known values: the second difference matrix has eigenvalues 2 - 2 cos(pi k / (n + 1))", () => {
    const n = 50;
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      data[i * n + i] = 2;
      if (i > 0) data[i * n + i - 1] = data[(i - 1) * n + i] = -1;
    }
    const { values } = symmetricEigen({ rows: n, cols: n, data }, { backend });
    for (let k = 1; k <= n; k++) expect(Math.abs(values[k - 1] - (2 - 2 * Math.cos((Math.PI * k) / (n + 1))))).toBeLessThan(1e-14);
  });
});

test.runIf(backends.length === 2).each(scalars)("%s: both backends find the same values to 1e-10 of the norm", (scalar) => {
  const A = gaussian(70, 45, scalar);
  const ours = svd(A, { backend: "wasm" }).s;
  const theirs = svd(A, { backend: "openblas" }).s;
  for (let i = 0; i < 45; i++) expect(Math.abs(ours[i] - theirs[i])).toBeLessThan(1e-10 * ours[0]);
  const H = gram(A, A);
  const a = symmetricEigen(H, { backend: "wasm" }).values;
  const b = symmetricEigen(H, { backend: "openblas" }).values;
  for (let i = 0; i < 45; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(1e-10 * a[44]);
});

test("what the user typed wrong is one sentence", () => {
  expect(() => symmetricEigen({ rows: 2, cols: 3, data: new Float64Array(6) })).toThrow(
    "symmetric eigen: the matrix must be square, got 2 x 3"
  );
  expect(() => symmetricEigen({ rows: 2, cols: 2, data: new Float64Array([1, 2, 3, 4]) })).toThrow("must be symmetric");
  expect(() => svd({ rows: 2, cols: 2, data: new Float64Array(3) })).toThrow("svd: 2 x 2 needs 4 numbers, got 3");
  expect(() => svd({ rows: 1, cols: 2, data: new Float64Array([1, Number.NaN]) })).toThrow("entries must be finite numbers, got NaN");
  expect(() => cholesky({ rows: 1, cols: 1, data: new Float64Array([Number.POSITIVE_INFINITY]) })).toThrow("got Infinity");
});

test.each(backends)(
  "svd, %s: a few equal singular values beside many zeros converge (they exhausted the sweeps: the shift drowns in the large ones)",
  (backend) => {
    const [rows, cols, rank] = [240, 180, 130];
    // U diag(s) V^T from the orthonormal factors of two Gaussian matrices
    const U = svd(gaussian(rows, rank, "real"), { backend: "wasm" }).U as Float64Array;
    const Vh = svd(gaussian(rank, cols, "real"), { backend: "wasm" }).Vh as Float64Array;
    const s = Float64Array.from({ length: rank }, (_, k) => [10, 3, 1][Math.floor((3 * k) / rank)]);
    const data = new Float64Array(rows * cols);
    multiply(
      rows,
      cols,
      rank,
      Float64Array.from(U, (x, i) => x * s[i % rank]),
      Vh,
      data,
      { backend: "wasm" }
    );
    for (const vectors of [true, false]) {
      const found = svd({ rows, cols, data }, { backend, vectors }).s;
      found.forEach((x, k) => {
        expect(Math.abs(x - (s[k] ?? 0))).toBeLessThan(1e-12);
      });
    }
  }
);

test.each(backends)("symmetric eigen, %s: the Gram matrix of more vectors than components converges, its many zeros and all", (backend) => {
  const [rows, rank] = [402, 200];
  const X = gaussian(rank, rows, "real");
  const G = gram(X, X);
  const { values, vectors } = symmetricEigen(G, { backend });
  const top = values[rows - 1];
  for (let k = 0; k < rows - rank; k++) expect(Math.abs(values[k])).toBeLessThan(1e-13 * top);
  // G V^T = V^T diag(values), V V^T = 1
  const V: MatrixData = { rows, cols: rows, data: vectors as Float64Array };
  const product = new Float64Array(rows * rows);
  multiply(rows, rows, rows, V.data as Float64Array, G.data as Float64Array, product, { backend: "wasm" });
  expect(distance({ ...V, data: product }, scaledRows(V, values))).toBeLessThan(1e-12 * top);
  expect(distance(gram(adjoint(V), adjoint(V)), identity(rows, "real"))).toBeLessThan(1e-12);
});
