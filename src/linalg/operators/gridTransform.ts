/** Unitary Fourier and cosine transforms of arrays of any dimension, axis by axis, and what is diagonal in them. */
import { ParameterError } from "../../core/parameters.ts";
import type { Scalar, Vec } from "../../core/types.ts";
import { cosineTransform } from "./dct.ts";
import { complexTransform, type Transform } from "./fftPlan.ts";
import { checkSize, width } from "./structure.ts";

/** A^* A = F^* diag(eigenvalues) F on arrays of `shape` (row-major, last index fastest). */
export interface GramBasis {
  /** F: the unitary Fourier transform, the orthonormal DCT-II along every axis, or the identity. */
  readonly basis: "fourier" | "cosine" | "entries";
  readonly shape: readonly number[];
  /** One per frequency, in the order of the array: |k| at the index k. */
  readonly eigenvalues: Vec;
  /** The share of each block of rows of A, as many rows as the array has entries (one axis of a gradient); the eigenvalues are their sum. */
  readonly blocks?: readonly Vec[];
}

export interface GridTransform {
  readonly size: number;
  /** x = F^* diag(gains) F x in place; `gains` has one real number per frequency. A real x stays real: gains at k and -k must agree. */
  filter(x: Vec, gains: Vec): void;
  /** Fourier only: |sqrt(n) F x|^2 for real x. */
  power(x: Vec): Vec;
}

/** The number of entries of an array. Throws ParameterError unless all sizes are integers >= 1. */
export function gridSize(name: string, shape: readonly number[]): number {
  if (shape.length < 1) throw new ParameterError(`${name}: shape must have at least one size such as [64, 64], got none`);
  let n = 1;
  for (const size of shape) {
    checkSize(name, "every size of the shape", size);
    n *= size;
  }
  checkSize(name, "the product of the shape", n);
  return n;
}

export function gridTransform(basis: "fourier" | "cosine", shape: readonly number[], scalar: Scalar): GridTransform {
  const n = gridSize(`${basis} transform`, shape);
  const line = shape.map((size) => (basis === "fourier" ? complexTransform(size) : cosineTransform(size)));
  // the Fourier transform works on complex numbers, the cosine transform on each part of what is given
  const w = basis === "fourier" ? 2 : width(scalar);
  const work = new Float64Array(w * n);
  const run = (inverse: boolean): void => {
    for (let axis = 0, stride = n; axis < shape.length; axis++) {
      stride /= shape[axis];
      if (shape[axis] > 1) alongAxis(line[axis], work, shape[axis], stride, w, inverse);
    }
  };
  const widen = basis === "fourier" && scalar === "real";
  return {
    size: n,
    filter(x, gains) {
      if (widen)
        for (let i = 0; i < n; i++) {
          work[2 * i] = x[i];
          work[2 * i + 1] = 0;
        }
      else work.set(x);
      run(false);
      for (let i = 0; i < n; i++) for (let part = 0; part < w; part++) work[w * i + part] *= gains[i];
      run(true);
      if (widen) for (let i = 0; i < n; i++) x[i] = work[2 * i];
      else x.set(work);
    },
    power(x) {
      for (let i = 0; i < n; i++) {
        work[2 * i] = x[i];
        work[2 * i + 1] = 0;
      }
      run(false);
      const out = new Float64Array(n);
      for (let i = 0; i < n; i++) out[i] = n * (work[2 * i] ** 2 + work[2 * i + 1] ** 2);
      return out;
    }
  };
}

/** One transform of every line along an axis: `count` entries `stride` apart, each of `w` reals. */
function alongAxis(
  { scalar, input, output, gain, forward, inverse }: Transform,
  data: Vec,
  count: number,
  stride: number,
  w: number,
  back: boolean
): void {
  const parts = scalar === "complex" ? 2 : 1;
  const lines = data.length / (count * parts);
  const step = stride * w;
  // lines are told apart by their place before and after the axis, and, for real transforms of complex numbers, by their part
  const inner = parts === 2 ? stride : step;
  for (let l = 0; l < lines; l++) {
    const outer = Math.floor(l / inner);
    const start = outer * count * step + (l - outer * inner) * parts;
    if (parts === 2)
      for (let i = 0, at = start; i < count; i++, at += step) {
        input[2 * i] = data[at];
        input[2 * i + 1] = data[at + 1];
      }
    else for (let i = 0, at = start; i < count; i++, at += step) input[i] = data[at];
    if (back) inverse();
    else forward();
    if (parts === 2)
      for (let i = 0, at = start; i < count; i++, at += step) {
        data[at] = gain * output[2 * i];
        data[at + 1] = gain * output[2 * i + 1];
      }
    else for (let i = 0, at = start; i < count; i++, at += step) data[at] = gain * output[i];
  }
}
