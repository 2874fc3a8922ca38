/**
 * Two-dimensional convolution of a height x width image with any kernel, same-size result:
 * z(i, j) = sum_ab k(a, b) x(i - a + oy, j - b + ox), origin o = floor((size - 1) / 2) unless given, outside zero or periodic.
 * Small kernels go tap by tap, large ones through a two-dimensional FFT.
 */
import { ParameterError } from "../../core/parameters.ts";
import type { Vec } from "../../core/types.ts";
import { BLOCK, layout, radices, reservePasses, smoothAbove } from "./fftPlan.ts";
import { gridTransform } from "./gridTransform.ts";
import { checkEntries, checkSize, guarded, type Parts, type StructuredOperator } from "./structure.ts";

export interface Convolution {
  readonly height: number;
  readonly width: number;
  /** Rows of equal length. */
  readonly kernel: readonly ArrayLike<number>[];
  readonly boundary?: "periodic" | "zero";
  /** The kernel entry [row, column] that sits on the pixel itself. */
  readonly origin?: readonly [number, number];
  /** By default the one that is faster. */
  readonly method?: "direct" | "fft";
}

/** value times the pixel at (i - down, j - right). */
interface Tap {
  readonly down: number;
  readonly right: number;
  readonly value: number;
}

/** Above this many taps the FFT is faster. Measured at 256 x 256 (4 ms against 0.2 ms a tap) and 512 x 512 (24 against 1.8). */
const MANY = 16;

/** The convolution operator, real, height * width squared. */
export function convolution2d(given: Convolution): StructuredOperator {
  const { height, width, kernel, boundary = "zero" } = given;
  checkSize("convolution2d", "height", height);
  checkSize("convolution2d", "width", width);
  const n = height * width;
  checkSize("convolution2d", "height times width", n);
  const kh = kernel.length;
  const kw = kh ? kernel[0].length : 0;
  const name = `convolution2d(${height}x${width}, kernel ${kh}x${kw}, ${boundary})`;
  if (kh === 0 || kw === 0) throw new ParameterError(`${name}: the kernel must have at least one entry, such as [[1]]`);
  const [oy, ox] = given.origin ?? [(kh - 1) >> 1, (kw - 1) >> 1];
  if (!Number.isInteger(oy) || !Number.isInteger(ox) || oy < 0 || ox < 0 || oy >= kh || ox >= kw)
    throw new ParameterError(`${name}: origin must be a place in the kernel, [0, 0] to [${kh - 1}, ${kw - 1}], got [${oy}, ${ox}]`);
  for (const row of kernel) {
    if (row.length !== kw) throw new ParameterError(`${name}: kernel rows must be equally long, got ${kw} and ${row.length}`);
    checkEntries(name, "kernel entries", row);
  }
  const periodic = boundary === "periodic";
  const taps = collect(kernel, oy, ox, height, width, periodic);
  const squares = taps.map((tap) => ({ ...tap, value: tap.value * tap.value }));
  let frobenius2 = 0;
  for (const { down, right, value } of squares)
    frobenius2 += value * (periodic ? n : (height - Math.abs(down)) * (width - Math.abs(right)));
  const direct = given.method ? given.method === "direct" : taps.length <= MANY;
  const [plain, squared] = direct
    ? [byTaps(taps, height, width, periodic), byTaps(squares, height, width, periodic)]
    : bySpectrum([taps, squares], height, width, periodic);
  let eigenvalues: Vec | null = null;
  const parts: Parts = {
    name,
    scalar: "real",
    rows: n,
    cols: n,
    frobenius2,
    ...(periodic
      ? {
          gramBasis: {
            basis: "fourier",
            shape: [height, width],
            get eigenvalues() {
              eigenvalues ??= kernelPower(taps, height, width);
              return eigenvalues;
            }
          }
        }
      : {}),
    apply: plain.forward,
    adjoint: plain.backward,
    applySquared(v, V) {
      squared.forward(v, V);
      if (!direct) positive(V);
    },
    adjointSquared(s, out) {
      squared.backward(s, out);
      if (!direct) positive(out);
    }
  };
  return guarded(parts);
}

/** |FFT of the kernel|^2: the eigenvalues of A^T A of a periodic convolution. */
function kernelPower(taps: readonly Tap[], height: number, width: number): Vec {
  const image = new Float64Array(height * width);
  for (const { down, right, value } of taps) image[((down + height) % height) * width + ((right + width) % width)] += value;
  return gridTransform("fourier", [height, width], "real").power(image);
}

/** Sums of non-negative terms: below zero there is only the rounding of the FFT. */
function positive(V: Vec): void {
  for (let i = 0; i < V.length; i++) V[i] = Math.max(0, V[i]);
}

/** Taps that reach the image; a periodic kernel larger than the image is folded onto it. */
function collect(
  kernel: readonly ArrayLike<number>[],
  oy: number,
  ox: number,
  height: number,
  width: number,
  periodic: boolean
): readonly Tap[] {
  const sums = new Map<number, Tap>();
  const fold = (d: number, n: number): number => {
    const r = ((d % n) + n) % n;
    return 2 * r > n ? r - n : r;
  };
  for (let a = 0; a < kernel.length; a++)
    for (let b = 0; b < kernel[a].length; b++) {
      const down = periodic ? fold(a - oy, height) : a - oy;
      const right = periodic ? fold(b - ox, width) : b - ox;
      if (Math.abs(down) >= height || Math.abs(right) >= width) continue;
      const key = (down + height) * 2 * width + right + width;
      sums.set(key, { down, right, value: (sums.get(key)?.value ?? 0) + kernel[a][b] });
    }
  return [...sums.values()].filter((tap) => tap.value !== 0);
}

interface Pair {
  readonly forward: (x: Vec, z: Vec) => void;
  readonly backward: (z: Vec, x: Vec) => void;
}

function byTaps(taps: readonly Tap[], height: number, width: number, periodic: boolean): Pair {
  const shifted = (sign: 1 | -1) => (x: Vec, z: Vec) => {
    z.fill(0);
    for (let t = 0; t < taps.length; t++) {
      const { value } = taps[t];
      const down = sign * taps[t].down;
      const right = sign * taps[t].right;
      for (let i = 0; i < height; i++) {
        let from = i - down;
        if (from < 0 || from >= height) {
          if (!periodic) continue;
          from = from < 0 ? from + height : from - height;
        }
        const to = i * width;
        const at = from * width - right;
        const first = Math.max(0, right);
        const last = Math.min(width, width + right);
        for (let j = first; j < last; j++) z[to + j] += value * x[at + j];
        if (!periodic) continue;
        for (let j = 0; j < first; j++) z[to + j] += value * x[at + j + width];
        for (let j = last; j < width; j++) z[to + j] += value * x[at + j - width];
      }
    }
  };
  return { forward: shifted(1), backward: shifted(-1) };
}

/** For each row of the grid, the image row it repeats, or -1: grid rows before row 0 are at the end. */
function extension(size: number, grid: number, least: number, most: number, periodic: boolean): Int32Array {
  const map = new Int32Array(grid).fill(-1);
  for (let i = 0; i < size; i++) map[i] = i;
  // the pixel at i - d is needed for d in [least, most]
  if (periodic && grid !== size) {
    for (let i = size; i < size - least; i++) map[i] = i % size;
    for (let i = 1; i <= most; i++) map[grid - i] = (((size - i) % size) + size) % size;
  }
  return map;
}

/** Several kernels on one grid: extend the image, multiply the spectrum, crop; backward is the transpose of each step. */
function bySpectrum(kernels: readonly (readonly Tap[])[], height: number, width: number, periodic: boolean): Pair[] {
  const range = (key: "down" | "right"): [number, number] => {
    let least = 0;
    let most = 0;
    for (const tap of kernels[0]) {
      least = Math.min(least, tap[key]);
      most = Math.max(most, tap[key]);
    }
    return [least, most];
  };
  const [up, down] = range("down");
  const [left, right] = range("right");
  const gridSize = (size: number, least: number, most: number): number =>
    periodic && radices(size) ? size : smoothAbove(size + most - least);
  const H = gridSize(height, up, down);
  const W = gridSize(width, left, right);
  const rowOf = extension(height, H, up, down, periodic);
  const columnOf = extension(width, W, left, right, periodic);
  const memory = layout();
  const grid = memory.reserve(16 * H * W);
  const a = memory.reserve(16 * Math.max(W, BLOCK * H));
  const b = memory.reserve(16 * Math.max(W, BLOCK * H));
  const rowPlan = reservePasses(W, memory).at;
  const columnPlan = reservePasses(H, memory).at;
  const spectra = kernels.map(() => memory.reserve(16 * H * W));
  const { kernels: wasm, buffer } = memory.start();
  const cells = new Float64Array(buffer, grid, 2 * H * W);
  kernels.forEach((taps, k) => {
    cells.fill(0);
    for (const tap of taps) cells[2 * (((tap.down + H) % H) * W + ((tap.right + W) % W))] += tap.value;
    wasm.plane(H, W, grid, rowPlan, columnPlan, a, b, 0);
    new Float64Array(buffer, spectra[k], 2 * H * W).set(cells);
  });
  const filter = (spectrum: number, conjugate: 0 | 1): void => {
    wasm.plane(H, W, grid, rowPlan, columnPlan, a, b, 0);
    wasm.multiply(grid, spectrum, grid, H * W, conjugate, 1 / (H * W));
    wasm.plane(H, W, grid, rowPlan, columnPlan, a, b, 1);
  };
  return spectra.map((spectrum) => ({
    forward(x, z) {
      cells.fill(0);
      for (let r = 0; r < H; r++) {
        const from = rowOf[r] * width;
        if (from >= 0) for (let c = 0; c < W; c++) if (columnOf[c] >= 0) cells[2 * (r * W + c)] = x[from + columnOf[c]];
      }
      filter(spectrum, 0);
      for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) z[i * width + j] = cells[2 * (i * W + j)];
    },
    backward(z, x) {
      cells.fill(0);
      for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) cells[2 * (i * W + j)] = z[i * width + j];
      filter(spectrum, 1);
      x.fill(0);
      for (let r = 0; r < H; r++) {
        const to = rowOf[r] * width;
        if (to >= 0) for (let c = 0; c < W; c++) if (columnOf[c] >= 0) x[to + columnOf[c]] += cells[2 * (r * W + c)];
      }
    }
  }));
}
