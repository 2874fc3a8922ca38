/**
 * The gradient of an array by forward differences along every axis, z_c(i) = x(i + e_c) - x(i): d blocks of n rows, one per axis.
 * Its A^T A is minus the Laplacian, diagonal in the Fourier basis (periodic) or the cosine basis (reflecting; Strang 1999).
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { gridSize } from "./gridTransform.ts";
import { guarded, type StructuredOperator } from "./structure.ts";

export interface GradientOptions {
  /** `periodic`: the array goes round. `reflect`: the difference across the end of an axis is zero (its row stays, as zeros). */
  readonly boundary?: "periodic" | "reflect";
}

/** (d n) x n for an array of `shape` with d axes and n entries, row-major. Throws ParameterError. */
export function gradient(shape: readonly number[], { boundary = "periodic" }: GradientOptions = {}): StructuredOperator {
  const name = `gradient(${shape.join("x")}, ${boundary})`;
  if (boundary !== "periodic" && boundary !== "reflect")
    throw new ParameterError(`gradient: boundary must be periodic or reflect, got ${String(boundary)}`);
  const n = gridSize(name, shape);
  if (shape.some((size) => size < 2)) throw new ParameterError(`${name}: every size of the shape must be at least 2 such as [64, 64]`);
  const periodic = boundary === "periodic";
  const strides = shape.map((_, c) => shape.slice(c + 1).reduce((s, size) => s * size, 1));
  let made: { readonly eigenvalues: Vec; readonly blocks: readonly Vec[] } | null = null;
  const spectrum = (): { readonly eigenvalues: Vec; readonly blocks: readonly Vec[] } => (made ??= laplacian(shape, strides, n, periodic));
  let differences = 0;
  for (const size of shape) differences += periodic ? n : (n / size) * (size - 1);

  /** Runs over the lines of an axis: `each(first, step, count)` of every line. */
  const forward = (x: Vec, z: Vec, sign: 1 | -1): void => {
    for (let c = 0; c < shape.length; c++) {
      const count = shape[c];
      const step = strides[c];
      const block = c * n;
      for (let outer = 0; outer < n; outer += count * step)
        for (let inner = 0; inner < step; inner++) {
          const first = outer + inner;
          const last = first + (count - 1) * step;
          for (let i = first; i < last; i += step) z[block + i] = x[i + step] + sign * x[i];
          z[block + last] = periodic ? x[first] + sign * x[last] : 0;
        }
    }
  };
  const backward = (z: Vec, x: Vec, sign: 1 | -1): void => {
    x.fill(0);
    for (let c = 0; c < shape.length; c++) {
      const count = shape[c];
      const step = strides[c];
      const block = c * n;
      for (let outer = 0; outer < n; outer += count * step)
        for (let inner = 0; inner < step; inner++) {
          const first = outer + inner;
          const last = first + (count - 1) * step;
          for (let i = first; i < last; i += step) {
            x[i + step] += z[block + i];
            x[i] += sign * z[block + i];
          }
          if (periodic) {
            x[first] += z[block + last];
            x[last] += sign * z[block + last];
          }
        }
    }
  };
  return guarded({
    name,
    scalar: "real",
    rows: shape.length * n,
    cols: n,
    frobenius2: 2 * differences,
    gramBasis: {
      basis: periodic ? "fourier" : "cosine",
      shape,
      get eigenvalues() {
        return spectrum().eigenvalues;
      },
      get blocks() {
        return spectrum().blocks;
      }
    },
    apply: (x, z) => forward(x, z, -1),
    adjoint: (z, x) => backward(z, x, -1),
    // the entries are 1 and -1, two in a row
    applySquared: (v, V) => forward(v, V, 1),
    adjointSquared: (s, out) => backward(s, out, 1)
  });
}

/** 4 sin^2(pi k/n) (periodic) or 4 sin^2(pi k/(2 n)) (reflecting) of every axis, at every frequency, and their sum. */
function laplacian(
  shape: readonly number[],
  strides: readonly number[],
  n: number,
  periodic: boolean
): { readonly eigenvalues: Vec; readonly blocks: readonly Vec[] } {
  const eigenvalues = new Float64Array(n);
  const blocks = shape.map((count, c) => {
    const block = new Float64Array(n);
    const one = Float64Array.from({ length: count }, (_, k) => 4 * Math.sin((Math.PI * k) / (periodic ? count : 2 * count)) ** 2);
    for (let i = 0; i < n; i++) {
      block[i] = one[Math.floor(i / strides[c]) % count];
      eigenvalues[i] += block[i];
    }
    return block;
  });
  return { eigenvalues, blocks };
}
