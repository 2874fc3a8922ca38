import { describe, expect, test } from "vitest";
import {
  blur,
  complexUnknowns,
  convolution2d,
  gradient,
  gridTransform,
  makeOperator,
  materialise,
  scale,
  type StructuredOperator
} from "../../../src/linalg/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const rng = makeRng(2, "gradient");
const random = (n: number): Float64Array => {
  const x = new Float64Array(n);
  rng.fillNormal(x);
  return x;
};
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((s, v, i) => s + v * y[i], 0);
const shapes = [[7], [4, 5], [2, 3, 4]];

describe.each(["periodic", "reflect"] as const)("gradient, %s", (boundary) => {
  test.each(shapes.map((s) => [s]))("%j: differences by indices, exact adjoint, squares, frobenius norm", (shape) => {
    const op = gradient(shape, { boundary });
    const n = shape.reduce((s, x) => s * x, 1);
    expect([op.rows, op.cols]).toEqual([shape.length * n, n]);
    const x = random(n);
    const z = new Float64Array(op.rows);
    op.apply(x, z);
    for (let i = 0; i < n; i++)
      shape.forEach((size, c) => {
        const stride = shape.slice(c + 1).reduce((s, k) => s * k, 1);
        const k = Math.floor(i / stride) % size;
        const next = k + 1 < size ? i + stride : boundary === "periodic" ? i - k * stride : i;
        expect(z[c * n + i]).toBeCloseTo(x[next] - x[i], 14);
      });
    const y = random(op.rows);
    const back = new Float64Array(n);
    op.adjoint(y, back);
    expect(dot(z, y)).toBeCloseTo(dot(x, back), 12);
    const A = materialise(op);
    expect(op.frobenius2).toBeCloseTo(dot(A, A), 12);
    const v = random(n).map(Math.abs);
    const V = new Float64Array(op.rows);
    op.applySquared?.(v, V);
    V.forEach((s, i) => {
      let want = 0;
      for (let j = 0; j < n; j++) want += A[i * n + j] ** 2 * v[j];
      expect(s).toBeCloseTo(want, 13);
    });
  });
});

describe("gramBasis", () => {
  const kernel = [
    [0.5, -1, 2],
    [1, 0.3, 0.1]
  ];
  const all: readonly StructuredOperator[] = [
    ...shapes.flatMap((s) => [gradient(s), gradient(s, { boundary: "reflect" })]),
    convolution2d({ height: 5, width: 4, kernel, boundary: "periodic" }),
    scale(-3, gradient([4, 3])),
    scale(2, blur({ height: 3, width: 6, sigma: 1.2 })),
    complexUnknowns(gradient([5, 2]))
  ];
  test.each(all.map((op) => [op.name, op] as const))("%s: A^* A is F^* diag(eigenvalues) F, blocks sum to them", (_, op) => {
    const basis = op.gramBasis;
    if (!basis || basis.basis === "entries") throw new Error("missing basis");
    const w = op.scalar === "complex" ? 2 : 1;
    const x = random(w * op.cols);
    const z = new Float64Array(w * op.rows);
    const want = new Float64Array(x.length);
    op.apply(x, z);
    op.adjoint(z, want);
    const got = x.slice();
    gridTransform(basis.basis, basis.shape, op.scalar).filter(got, basis.eigenvalues);
    got.forEach((g, i) => void expect(g).toBeCloseTo(want[i], 11));
    basis.blocks?.[0].forEach((_, k) => {
      expect(basis.blocks?.reduce((s, block) => s + block[k], 0)).toBeCloseTo(basis.eigenvalues[k], 12);
    });
    expect(basis.eigenvalues.reduce((s, e) => s + e, 0)).toBeCloseTo(op.frobenius2, 9);
  });
});

test("blur: kernel of sum one, symmetric, of variance sigma^2 along each axis", () => {
  const width = 41;
  const op = blur({ width, sigma: 1.5 });
  const spike = new Float64Array(width);
  spike[20] = 1;
  const z = new Float64Array(width);
  op.apply(spike, z);
  let sum = 0;
  let second = 0;
  z.forEach((v, i) => {
    sum += v;
    second += v * (i - 20) ** 2;
    expect(v).toBeCloseTo(z[40 - i], 15);
  });
  expect(sum).toBeCloseTo(1, 13);
  // cut at 4 sigma: the variance misses 1e-3 of itself
  expect(Math.abs(second / 1.5 ** 2 - 1)).toBeLessThan(2e-3);
  const flat = blur({ height: 3, width: 4, sigma: 2, boundary: "periodic" });
  const out = new Float64Array(12);
  flat.apply(new Float64Array(12).fill(2), out);
  out.forEach((v) => void expect(v).toBeCloseTo(2, 12));
});

test("named: gradient:shape=3/4,boundary=reflect and blur:... are the operators, errors are one sentence", () => {
  const op = makeOperator("gradient:shape=3/4,boundary=reflect");
  expect([op.rows, op.cols, op.name]).toEqual([24, 12, "gradient(3x4, reflect)"]);
  expect(makeOperator("blur:height=4,width=5,sigma=1").cols).toBe(20);
  expect(() => gradient([1, 4])).toThrow(/every size of the shape must be at least 2/);
  expect(() => gradient([])).toThrow(/at least one size/);
  expect(() => blur({ width: 5, sigma: 0 })).toThrow(/sigma must be/);
});
