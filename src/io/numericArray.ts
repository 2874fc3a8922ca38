/** What every reader returns: a numeric array of any shape, row-major, complex entries interleaved re, im. */
import { ParameterError } from "../core/parameters.ts";
import type { Scalar } from "../core/types.ts";

export interface NumericArray {
  readonly scalar: Scalar;
  readonly shape: readonly number[];
  /** Product of `shape` entries (twice as many numbers when complex); single precision stays single precision. */
  readonly data: Float64Array | Float32Array;
}

/** An array with the name it has in its file ("" when the format has none). */
export interface NamedArray extends NumericArray {
  readonly name: string;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((n, d) => n * d, 1);
}

/** "300x200", "200", "()". */
export function shapeText(shape: readonly number[]): string {
  return shape.length ? shape.join("x") : "()";
}

/** The largest number of bytes an array read from a file may take once it is decoded. */
export const LARGEST = 2 ** 33;

/** Refuses a shape whose decoded size this process cannot hold, before anything is allocated. */
export function checkSize(source: string, shape: readonly number[], bytesEach: number): number {
  const n = elements(shape);
  if (shape.some((d) => !(Number.isInteger(d) && d >= 0)))
    throw new ParameterError(`${source}: its shape is damaged (${shapeText(shape)}); save it again`);
  if (!Number.isSafeInteger(n) || n * bytesEach > LARGEST)
    throw new ParameterError(
      `${source}: an array of ${shapeText(shape)} takes ${((n * bytesEach) / 2 ** 30).toFixed(1)} GiB, more than the ${LARGEST / 2 ** 30} GiB that are read; use single precision or a structured --operator`
    );
  return n;
}

/** Refuses NaN and infinities: they would travel through every later number. */
export function checkFinite(source: string, a: NumericArray): void {
  const { data } = a;
  for (let k = 0; k < data.length; k++) {
    if (Number.isFinite(data[k])) continue;
    const i = a.scalar === "complex" ? k >> 1 : k;
    const cols = a.shape.length > 1 ? a.shape[a.shape.length - 1] : 1;
    const where = a.shape.length > 1 ? `row ${Math.floor(i / cols) + 1}, column ${(i % cols) + 1}` : `entry ${i + 1}`;
    throw new ParameterError(`${source}: ${data[k]} at ${where}; every entry must be finite: remove or impute it first`);
  }
}

/** A permutation to row-major: `data` is stored with the first index fastest. */
export function fromColumnMajor<T extends Float64Array | Float32Array>(data: T, shape: readonly number[], width: 1 | 2): T {
  if (shape.filter((d) => d !== 1).length <= 1) return data;
  const out = data.slice() as T;
  if (shape.length === 2) {
    const [rows, cols] = shape;
    const tile = 32; // both sides of a tile stay in the cache
    for (let i0 = 0; i0 < rows; i0 += tile)
      for (let j0 = 0; j0 < cols; j0 += tile)
        for (let i = i0; i < Math.min(rows, i0 + tile); i++)
          for (let j = j0; j < Math.min(cols, j0 + tile); j++)
            for (let c = 0; c < width; c++) out[(i * cols + j) * width + c] = data[(j * rows + i) * width + c];
    return out;
  }
  const index = new Array<number>(shape.length).fill(0);
  for (let from = 0; from < data.length / width; from++) {
    let to = 0;
    for (let d = 0; d < shape.length; d++) to = to * shape[d] + index[d];
    for (let c = 0; c < width; c++) out[to * width + c] = data[from * width + c];
    for (let d = 0; d < shape.length && ++index[d] === shape[d]; d++) index[d] = 0;
  }
  return out;
}
