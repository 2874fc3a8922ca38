/** The laws every linear operator keeps, checked against its own dense rows and random vectors. */
import { expect } from "vitest";
import type { LinearOperator, Vec } from "../../../src/core/types.ts";
import { materialise, type StructuredOperator } from "../../../src/linalg/operators/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const wide = (op: LinearOperator): 1 | 2 => (op.scalar === "complex" ? 2 : 1);

/** <a, b> = sum conj(a) b as [re, im]. */
function inner(a: Vec, b: Vec, w: 1 | 2): [number, number] {
  let re = 0;
  let im = 0;
  for (let i = 0; i < a.length; i += w) {
    re += a[i] * b[i] + (w === 2 ? a[i + 1] * b[i + 1] : 0);
    if (w === 2) im += a[i] * b[i + 1] - a[i + 1] * b[i];
  }
  return [re, im];
}

export function norm(a: Vec): number {
  return Math.sqrt(a.reduce((s, x) => s + x * x, 0));
}

export function gaussian(n: number, seed: number): Vec {
  const x = new Float64Array(n);
  makeRng(seed, "law").fillNormal(x);
  return x;
}

export function distance(a: Vec, b: Vec): number {
  return norm(a.map((x, i) => x - b[i]));
}

/** Adjoint identity, dense product, adjoint product, purity of inputs, Frobenius norm, squares and declared Gram matrices; all to 1e-11 of their scale. */
export function checkLaws(op: StructuredOperator, seed = 1, dense: Vec = materialise(op)): void {
  const w = wide(op);
  const { rows, cols } = op;
  const x = gaussian(w * cols, seed);
  const z = gaussian(w * rows, seed + 1);
  const xGiven = x.slice();
  const zGiven = z.slice();
  const Ax = new Float64Array(w * rows).fill(Number.NaN);
  const Az = new Float64Array(w * cols).fill(Number.NaN);
  op.apply(x, Ax);
  op.adjoint(z, Az);
  expect(x, "apply keeps x").toEqual(xGiven);
  expect(z, "adjoint keeps z").toEqual(zGiven);
  const size = Math.sqrt(op.frobenius2) * norm(x) * norm(z) + 1e-300;
  const [left, leftIm] = inner(Ax, z, w);
  const [right, rightIm] = inner(x, Az, w);
  expect(Math.abs(left - right) / size, `${op.name}: <Ax,z> = ${left}, <x,A*z> = ${right}`).toBeLessThan(1e-12);
  expect(Math.abs(leftIm - rightIm) / size, `${op.name}: imaginary parts of <Ax,z>`).toBeLessThan(1e-12);

  let total = 0;
  const squared = new Float64Array(rows * cols);
  const product = new Float64Array(w * rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const at = w * (i * cols + j);
      const re = dense[at];
      const im = w === 2 ? dense[at + 1] : 0;
      squared[i * cols + j] = re * re + im * im;
      total += re * re + im * im;
      product[w * i] += re * x[w * j] - (w === 2 ? im * x[2 * j + 1] : 0);
      if (w === 2) product[2 * i + 1] += re * x[2 * j + 1] + im * x[2 * j];
    }
  expect(distance(product, Ax) / (norm(product) + 1e-300), `${op.name}: apply against dense rows`).toBeLessThan(1e-11);
  expect(Math.abs(total - op.frobenius2) / total, `${op.name}: frobenius2 ${op.frobenius2} against ${total}`).toBeLessThan(1e-11);

  if (op.applySquared) {
    const v = gaussian(cols, seed + 2).map(Math.abs);
    const V = new Float64Array(rows).fill(Number.NaN);
    op.applySquared(v, V);
    const want = V.map((_, i) => v.reduce((s, vj, j) => s + squared[i * cols + j] * vj, 0));
    expect(distance(V, want) / norm(want), `${op.name}: applySquared`).toBeLessThan(1e-11);
    expect(Math.min(...V), `${op.name}: applySquared of positive numbers`).toBeGreaterThanOrEqual(0);
  }
  if (op.adjointSquared) {
    const s = gaussian(rows, seed + 3).map(Math.abs);
    const out = new Float64Array(cols).fill(Number.NaN);
    op.adjointSquared(s, out);
    const want = out.map((_, j) => s.reduce((t, si, i) => t + squared[i * cols + j] * si, 0));
    expect(distance(out, want) / norm(want), `${op.name}: adjointSquared`).toBeLessThan(1e-11);
    expect(Math.min(...out), `${op.name}: adjointSquared of positive numbers`).toBeGreaterThanOrEqual(0);
  }
  if (op.rowGram !== undefined) {
    const back = new Float64Array(w * rows);
    op.apply(Az, back);
    expect(
      distance(
        back,
        z.map((t) => t * (op.rowGram ?? 0))
      ) / norm(z),
      `${op.name}: A A* = ${op.rowGram}`
    ).toBeLessThan(1e-12);
  }
  if (op.columnGram !== undefined) {
    const back = new Float64Array(w * cols);
    op.adjoint(Ax, back);
    expect(
      distance(
        back,
        x.map((t) => t * (op.columnGram ?? 0))
      ) / norm(x),
      `${op.name}: A* A = ${op.columnGram}`
    ).toBeLessThan(1e-12);
  }
  if (op.monomial)
    for (let i = 0; i < rows; i++) expect(squared.subarray(i * cols, (i + 1) * cols).filter((s) => s !== 0).length).toBeLessThanOrEqual(1);
}
