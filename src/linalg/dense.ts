/**
 * Dense matrices, real or complex, f64 or f32 storage with f64 accumulation, each in a WebAssembly memory of its own: `data`
 * is the matrix itself (held once, never detached), and vectors pass through a scratch area of the same memory.
 */
import { adviseHugePages } from "./native/hugePages.ts";
import { ParameterError } from "../core/parameters.ts";
import type { LinearOperator, Rng, Scalar, Vec } from "../core/types.ts";
import { instantiate, MAX_PAGES, PAGE } from "../numerics/wasm.ts";
import { nativeProducts } from "./backend.ts";
import { wasm } from "./dense.wasm.ts";

export type DensePrecision = "f64" | "f32";

export interface DenseOptions {
  readonly scalar?: Scalar;
  readonly precision?: DensePrecision;
}

/** A row-major matrix. `data` may be written at any time; call `changed()` after that, or the norms remembered are the old ones. */
export interface DenseMatrix extends LinearOperator {
  readonly precision: DensePrecision;
  /** `rows * cols` numbers, twice as many interleaved re, im if complex. */
  readonly data: Float64Array | Float32Array;
  applySquared(v: Vec, V: Vec): void;
  adjointSquared(s: Vec, out: Vec): void;
  /** z = A x and V = |A|^2 v in one pass over the matrix. */
  applyBoth(x: Vec, z: Vec, v: Vec, V: Vec): void;
  /** x = A^* z and out = (|A|^2)^T s in one pass over the matrix. */
  adjointBoth(z: Vec, x: Vec, s: Vec, out: Vec): void;
  /** sum_i |A_mui|^2, length `rows`. */
  rowNorms2(): Vec;
  /** sum_mu |A_mui|^2, length `cols`. */
  columnNorms2(): Vec;
  /** Independent N(0, scale^2) entries; complex: CN(0, scale^2), each part N(0, scale^2 / 2). The f32 matrix is the rounded f64 one. */
  fillNormal(rng: Rng, scale?: number): void;
  /** Forgets the norms after `data` was written. */
  changed(): void;
}

type Kernel = (A: number, rows: number, cols: number, p: number, q: number, r: number, s: number) => void;
type Kernels = { heapBase(): number } & Record<string, Kernel>;

/** Bytes up to the end of a 64-byte line. */
const line = (bytes: number): number => Math.ceil(bytes / 64) * 64;
const BASE = 4096;

/**
 * A `rows` x `cols` matrix of zeros. Throws ParameterError where it would not fit into the 4 GiB of a WebAssembly memory
 * (23170 x 23170 reals in f64) or the machine has not that much.
 */
export function denseMatrix(rows: number, cols: number, options: DenseOptions = {}): DenseMatrix {
  for (const [name, n] of [
    ["rows", rows],
    ["cols", cols]
  ] as const)
    if (!Number.isInteger(n) || n < 1) throw new ParameterError(`dense matrix: ${name} must be an integer >= 1, got ${n}`);
  const { scalar = "real", precision = "f64" } = options;
  const parts = scalar === "complex" ? 2 : 1;
  const width = precision === "f32" ? 4 : 8;
  const xAt = BASE;
  const zAt = xAt + line(cols * parts * 8);
  const vAt = zAt + line(rows * parts * 8);
  const VAt = vAt + line(cols * 8);
  const dataAt = VAt + line(rows * 8);
  const pages = Math.ceil((dataAt + rows * cols * parts * width) / PAGE);
  const memory = allocate(pages, `${rows} x ${cols} ${scalar} ${precision}`);
  const kernels = instantiate<Kernels>(wasm, memory);
  const x = new Float64Array(memory.buffer, xAt, cols * parts);
  const z = new Float64Array(memory.buffer, zAt, rows * parts);
  const v = new Float64Array(memory.buffer, vAt, cols);
  const V = new Float64Array(memory.buffer, VAt, rows);
  const data =
    precision === "f32"
      ? new Float32Array(memory.buffer, dataAt, rows * cols * parts)
      : new Float64Array(memory.buffer, dataAt, rows * cols * parts);
  const suffix = `${scalar === "complex" ? "Complex" : "Real"}${precision === "f32" ? "32" : "64"}`;
  const kernel = (name: string): Kernel => kernels[`${name}${suffix}`];
  const applyKernel = kernel("apply");
  const adjointKernel = kernel("adjoint");
  const applySquaredKernel = kernel("applySquared");
  const adjointSquaredKernel = kernel("adjointSquared");
  const applyBothKernel = kernel("applyBoth");
  const adjointBothKernel = kernel("adjointBoth");
  let frobenius2: number | null = null;

  const matrix: DenseMatrix = {
    scalar,
    rows,
    cols,
    precision,
    data,
    apply(input, output) {
      check("apply", "x", input, x);
      check("apply", "z", output, z);
      const fast = precision === "f64" ? nativeProducts() : null;
      if (fast) return fast.gemv(rows, cols, data, false, input, output, scalar);
      x.set(input);
      applyKernel(dataAt, rows, cols, xAt, zAt, 0, 0);
      output.set(z);
    },
    adjoint(input, output) {
      check("adjoint", "z", input, z);
      check("adjoint", "x", output, x);
      const fast = precision === "f64" ? nativeProducts() : null;
      if (fast) return fast.gemv(rows, cols, data, true, input, output, scalar);
      z.set(input);
      adjointKernel(dataAt, rows, cols, zAt, xAt, 0, 0);
      output.set(x);
    },
    applySquared(input, output) {
      check("applySquared", "v", input, v);
      check("applySquared", "V", output, V);
      v.set(input);
      applySquaredKernel(dataAt, rows, cols, 0, 0, vAt, VAt);
      output.set(V);
    },
    adjointSquared(input, output) {
      check("adjointSquared", "s", input, V);
      check("adjointSquared", "out", output, v);
      V.set(input);
      adjointSquaredKernel(dataAt, rows, cols, 0, 0, VAt, vAt);
      output.set(v);
    },
    applyBoth(xIn, zOut, vIn, VOut) {
      check("applyBoth", "x", xIn, x);
      check("applyBoth", "z", zOut, z);
      check("applyBoth", "v", vIn, v);
      check("applyBoth", "V", VOut, V);
      x.set(xIn);
      v.set(vIn);
      applyBothKernel(dataAt, rows, cols, xAt, zAt, vAt, VAt);
      zOut.set(z);
      VOut.set(V);
    },
    adjointBoth(zIn, xOut, sIn, out) {
      check("adjointBoth", "z", zIn, z);
      check("adjointBoth", "x", xOut, x);
      check("adjointBoth", "s", sIn, V);
      check("adjointBoth", "out", out, v);
      z.set(zIn);
      V.set(sIn);
      adjointBothKernel(dataAt, rows, cols, zAt, xAt, VAt, vAt);
      xOut.set(x);
      out.set(v);
    },
    get frobenius2() {
      frobenius2 ??= matrix.rowNorms2().reduce((sum, norm) => sum + norm, 0);
      return frobenius2;
    },
    rowNorms2() {
      const out = new Float64Array(rows);
      matrix.applySquared(new Float64Array(cols).fill(1), out);
      return out;
    },
    columnNorms2() {
      const out = new Float64Array(cols);
      matrix.adjointSquared(new Float64Array(rows).fill(1), out);
      return out;
    },
    fillNormal(rng, scale = 1) {
      rng.fillNormal(data, scalar === "complex" ? scale * Math.SQRT1_2 : scale);
      frobenius2 = null;
    },
    changed() {
      frobenius2 = null;
    }
  };
  return matrix;
}

/** A dense matrix with a copy of the user's row-major numbers (complex: interleaved). Throws ParameterError on a wrong count or a value that is not finite. */
export function denseFrom(rows: number, cols: number, data: ArrayLike<number>, options: DenseOptions = {}): DenseMatrix {
  const parts = options.scalar === "complex" ? 2 : 1;
  if (data.length !== rows * cols * parts)
    throw new ParameterError(
      `dense matrix: ${rows} x ${cols} ${options.scalar ?? "real"} needs ${rows * cols * parts} numbers, got ${data.length}`
    );
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) {
      const at = Math.floor(i / parts);
      throw new ParameterError(
        `dense matrix: entries must be finite numbers, got ${data[i]} in row ${Math.floor(at / cols)}, column ${at % cols}`
      );
    }
  const matrix = denseMatrix(rows, cols, options);
  matrix.data.set(data);
  return matrix;
}

function allocate(pages: number, what: string): WebAssembly.Memory {
  const size = `${((pages * PAGE) / 2 ** 30).toPrecision(3)} GiB`;
  if (pages > MAX_PAGES)
    throw new ParameterError(
      `dense matrix: ${what} needs ${size} and a dense matrix can have 4 GiB; use fewer rows, precision f32 or a structured operator`
    );
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    adviseHugePages(memory.buffer);
    return memory;
  } catch {
    throw new ParameterError(
      `dense matrix: ${what} needs ${size}, which this machine does not give; use fewer rows, precision f32 or a structured operator`
    );
  }
}

function check(method: string, name: string, given: Vec, wanted: Vec): void {
  if (given.length !== wanted.length)
    throw new ParameterError(`dense matrix: ${method} needs ${name} of length ${wanted.length}, got ${given.length}`);
}
