import { expect, test } from "vitest";
import type { Scalar } from "../../../src/core/types.ts";
import { symmetricEigen, tridiagonalForm } from "../../../src/linalg/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

function hermitian(n: number, scalar: Scalar, scale: number): Float64Array {
  const w = scalar === "complex" ? 2 : 1;
  const A = new Float64Array(n * n * w);
  const rng = makeRng(n, "hermitian");
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const [re, im] = [scale * rng.normal(), i === j ? 0 : scale * rng.normal()];
      A[(i * n + j) * w] = A[(j * n + i) * w] = re;
      if (w === 2) {
        A[(i * n + j) * 2 + 1] = im;
        A[(j * n + i) * 2 + 1] = -im;
      }
    }
  return A;
}

test.each([
  [1, "real", 1],
  [2, "real", 1],
  [3, "complex", 1],
  [1, "complex", 1],
  [30, "real", 1e8],
  [31, "complex", 1e-8]
] as const)("n = %i, %s, scale %d: A x = Q T Q^* x, Q is unitary, eigenvalues are those of symmetricEigen", (n, scalar, scale) => {
  const w = scalar === "complex" ? 2 : 1;
  const A = hermitian(n, scalar, scale);
  const form = tridiagonalForm({ rows: n, cols: n, data: A, scalar });
  const x = new Float64Array(n * w);
  makeRng(5, "x").fillNormal(x);
  const y = new Float64Array(n * w);
  form.toBasis(x, y);
  const back = new Float64Array(n * w);
  form.fromBasis(y, back);
  back.forEach((v, i) => void expect(v).toBeCloseTo(x[i], 13));
  const Ty = y.map((_, p) => {
    const [k, part] = [Math.floor(p / w), p % w];
    let s = form.diagonal[k] * y[p];
    if (k > 0) s += form.off[k - 1] * y[(k - 1) * w + part];
    if (k + 1 < n) s += form.off[k] * y[(k + 1) * w + part];
    return s;
  });
  const got = new Float64Array(n * w);
  form.fromBasis(Ty, got);
  for (let i = 0; i < n; i++) {
    let re = 0;
    let im = 0;
    for (let j = 0; j < n; j++) {
      const [a, b] = [A[(i * n + j) * w], w === 2 ? A[(i * n + j) * 2 + 1] : 0];
      const [c, d] = [x[j * w], w === 2 ? x[j * 2 + 1] : 0];
      re += a * c - b * d;
      im += a * d + b * c;
    }
    expect(got[i * w] / scale).toBeCloseTo(re / scale, 11);
    if (w === 2) expect(got[i * 2 + 1] / scale).toBeCloseTo(im / scale, 11);
  }
  const { values } = symmetricEigen({ rows: n, cols: n, data: A, scalar }, { vectors: false });
  values.forEach((v, k) => void expect(form.values[k] / scale).toBeCloseTo(v / scale, 12));
});
