/**
 * MATLAB's MAT-file, level 5 (MathWorks, "MAT-File Format"): real and complex numeric arrays of every class, logical and sparse ones,
 * compressed or not, either byte order. Version 7.3 files are HDF5 and are refused by name.
 */
import { unzlibSync } from "fflate";
import { ParameterError } from "../core/parameters.ts";
import { decode } from "./npy.ts";
import { checkSize, fromColumnMajor, type NamedArray } from "./numericArray.ts";

const COMPRESSED = 15;
const MATRIX = 14;
/** Data type of an element: kind and bytes of one number. */
const TYPES: Readonly<Record<number, readonly [string, number]>> = {
  1: ["i", 1],
  2: ["u", 1],
  3: ["i", 2],
  4: ["u", 2],
  5: ["i", 4],
  6: ["u", 4],
  7: ["f", 4],
  9: ["f", 8],
  12: ["i", 8],
  13: ["u", 8],
  16: ["u", 1]
};
const SPARSE = 5;
/** Numbers in a dense copy of a sparse matrix: 1 GiB. */
const MOST_SPARSE = 2 ** 27;
const SINGLE = 7;
const CLASSES = ["", "cell", "struct", "object", "char", "sparse", "double", "single"] as const;

export function isMat5(bytes: Uint8Array): boolean {
  if (bytes.length < 128) return false;
  const order = String.fromCharCode(bytes[126], bytes[127]);
  const version = order === "IM" ? bytes[125] : bytes[124];
  return (order === "IM" || order === "MI") && version === 1;
}

/** The numeric variables of the file, in its order; cells, structs and texts are skipped. Throws ParameterError. */
export function readMat(bytes: Uint8Array, source: string): NamedArray[] {
  const little = String.fromCharCode(bytes[126], bytes[127]) === "IM";
  const found: NamedArray[] = [];
  const other: string[] = [];
  try {
    let at = 128;
    while (at + 8 <= bytes.length) {
      const element = tag(viewOf(bytes), at, little);
      const body = bytes.subarray(element.from, element.from + element.size);
      if (body.length < element.size) throw new RangeError("short");
      const matrix = element.type === COMPRESSED ? inner(unzlibSync(body), little) : element.type === MATRIX ? body : null;
      if (matrix) readMatrix(matrix, little, source, found, other);
      at = element.from + element.size + (element.type === COMPRESSED || element.small ? 0 : (8 - (element.size % 8)) % 8);
    }
    if (at < bytes.length) throw new RangeError("short");
  } catch (error) {
    if (error instanceof ParameterError) throw error;
    throw new ParameterError(`${source}: the MAT file is damaged or truncated; save it again with save -v7`);
  }
  if (found.length === 0) {
    const has = other.length ? `; it has ${other.join(", ")}` : "";
    throw new ParameterError(`${source}: no numeric array in this MAT file${has}: save the matrix itself as a variable`);
  }
  return found;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A data element's type, size and place; four bytes or less may be packed in the tag itself. */
function tag(view: DataView, at: number, little: boolean) {
  const word = view.getUint32(at, little);
  if (word >>> 16) return { type: word & 0xffff, size: word >>> 16, from: at + 4, next: at + 8, small: true };
  const size = view.getUint32(at + 4, little);
  return { type: word, size, from: at + 8, next: at + 8 + Math.ceil(size / 8) * 8, small: false };
}

function inner(bytes: Uint8Array, little: boolean): Uint8Array | null {
  const element = tag(viewOf(bytes), 0, little);
  if (element.type !== MATRIX) return null;
  if (element.from + element.size > bytes.length) throw new RangeError("short");
  return bytes.subarray(element.from, element.from + element.size);
}

function readMatrix(bytes: Uint8Array, little: boolean, source: string, found: NamedArray[], other: string[]): void {
  const view = viewOf(bytes);
  const flagsAt = tag(view, 0, little);
  const flags = view.getUint32(flagsAt.from, little);
  const kind = flags & 0xff;
  const complex = (flags & 0x0800) !== 0;
  const dimsAt = tag(view, flagsAt.next, little);
  const shape = Array.from({ length: dimsAt.size / 4 }, (_, i) => view.getInt32(dimsAt.from + 4 * i, little));
  const nameAt = tag(view, dimsAt.next, little);
  const name = new TextDecoder("latin1").decode(bytes.subarray(nameAt.from, nameAt.from + nameAt.size));
  if (kind < SPARSE || kind > 15) {
    other.push(`${name} (${CLASSES[kind] ?? "an object"})`);
    return;
  }
  const label = `${source}:${name}`;
  const single = kind === SINGLE;
  const width = complex ? 2 : 1;
  const n = checkSize(label, shape, width * (single ? 4 : 8));
  const numbers = (at: number) => {
    const element = tag(view, at, little);
    const [type, item] = TYPES[element.type] ?? ["", 1];
    if (type === "" || element.from + element.size > bytes.length) throw new RangeError("short");
    return { next: element.next, data: decode(view, element.from, Math.floor(element.size / item), type, item, little) };
  };
  // allocated only when the numbers are known to be there: a damaged size must not cost gigabytes
  const room = () => (single ? new Float32Array(n * width) : new Float64Array(n * width));
  if (kind === SPARSE) {
    if (n * width > MOST_SPARSE)
      throw new ParameterError(
        `${label}: a sparse matrix of ${shape.join("x")} is too large to become dense; save the part that is needed`
      );
    const rowOf = numbers(nameAt.next);
    const columnStart = numbers(rowOf.next);
    const re = numbers(columnStart.next);
    const im = complex ? numbers(re.next).data : null;
    const [rows, cols] = shape;
    if (shape.length !== 2 || columnStart.data.length < cols + 1 || columnStart.data[cols] > Math.min(rowOf.data.length, re.data.length))
      throw new RangeError("short");
    const data = room();
    for (let j = 0; j < cols; j++)
      for (let k = columnStart.data[j]; k < columnStart.data[j + 1]; k++) {
        const to = (rowOf.data[k] * cols + j) * width;
        if (!(rowOf.data[k] < rows) || !(k < (im?.length ?? k + 1))) throw new RangeError("short");
        data[to] = re.data[k];
        if (im) data[to + 1] = im[k];
      }
    found.push({ name, scalar: complex ? "complex" : "real", shape, data });
    return;
  }
  const re = numbers(nameAt.next);
  if (re.data.length < n) throw new RangeError("short");
  const im = complex ? numbers(re.next).data : null;
  if (im && im.length < n) throw new RangeError("short");
  const data = room();
  if (!im) data.set(re.data.subarray(0, n));
  else
    for (let k = 0; k < n; k++) {
      data[2 * k] = re.data[k];
      data[2 * k + 1] = im[k];
    }
  found.push({ name, scalar: complex ? "complex" : "real", shape, data: fromColumnMajor(data, shape, width) });
}
