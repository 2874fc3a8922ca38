/** NumPy's .npy, versions 1 to 3 (numpy/lib/format.py): every real and complex number type but float16 and long double, either byte order. */
import { ParameterError } from "../core/parameters.ts";
import { checkSize, fromColumnMajor, type NumericArray, shapeText } from "./numericArray.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Throws ParameterError on anything that is not a whole .npy of numbers. */
export function readNpy(bytes: Uint8Array, source: string): NumericArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6];
  if (!isNpy(bytes) || bytes.length < 12 || major < 1 || major > 3)
    throw new ParameterError(`${source}: not a .npy file of version 1, 2 or 3; save it again with numpy.save`);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw truncated(source);
  const header = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, start + length));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeWords = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (order === undefined || shapeWords === undefined)
    throw new ParameterError(`${source}: the .npy header is damaged; save it again with numpy.save`);
  const type = /^([<>|=])([fiubc])(\d+)$/.exec(descr ?? "");
  const kind = type?.[2] ?? "";
  const size = Number(type?.[3]);
  if (!type || !SIZES[kind].includes(size))
    throw new ParameterError(
      `${source}: the numbers are of type ${descr ?? "a structure"}, not real or complex float, integer or bool; convert with a.astype(float)`
    );
  const shape = shapeWords
    .split(",")
    .filter((s) => s.trim() !== "")
    .map((s) => Number.parseInt(s, 10));
  const single = (kind === "f" && size === 4) || (kind === "c" && size === 8);
  const width = kind === "c" ? 2 : 1;
  const n = checkSize(source, shape, width * (single ? 4 : 8)) * width;
  const item = size / width;
  const from = start + length;
  if (bytes.length < from + n * item) throw truncated(source, shape, n * item, bytes.length - from);
  const swap = type[1] === ">" || (type[1] === "=" && !littleEndian);
  const data = decode(view, from, n, kind === "c" ? "f" : kind, item, !swap);
  return { scalar: width === 2 ? "complex" : "real", shape, data: order === "True" ? fromColumnMajor(data, shape, width) : data };
}

const SIZES: Readonly<Record<string, readonly number[]>> = { f: [4, 8], c: [8, 16], i: [1, 2, 4, 8], u: [1, 2, 4, 8], b: [1] };

/** `n` numbers of `item` bytes as f64 (f32 stays f32); a well-placed native float array is viewed, not copied. Shared with MAT. */
export function decode(view: DataView, from: number, n: number, kind: string, item: number, little: boolean): Float64Array | Float32Array {
  const at = view.byteOffset + from;
  if (kind === "f" && little === littleEndian && at % item === 0 && view.buffer instanceof ArrayBuffer)
    return item === 4 ? new Float32Array(view.buffer, at, n) : new Float64Array(view.buffer, at, n);
  const out = kind === "f" && item === 4 ? new Float32Array(n) : new Float64Array(n);
  const read = reader(view, kind, item, little);
  for (let k = 0, p = from; k < n; k++, p += item) out[k] = read(p);
  return out;
}

function reader(view: DataView, kind: string, item: number, little: boolean): (p: number) => number {
  switch (kind + item) {
    case "f4":
      return (p) => view.getFloat32(p, little);
    case "f8":
      return (p) => view.getFloat64(p, little);
    case "i1":
      return (p) => view.getInt8(p);
    case "i2":
      return (p) => view.getInt16(p, little);
    case "i4":
      return (p) => view.getInt32(p, little);
    case "i8":
      return (p) => Number(view.getBigInt64(p, little));
    case "u2":
      return (p) => view.getUint16(p, little);
    case "u4":
      return (p) => view.getUint32(p, little);
    case "u8":
      return (p) => Number(view.getBigUint64(p, little));
    default:
      return (p) => view.getUint8(p);
  }
}

function truncated(source: string, shape: readonly number[] = [], wanted = 0, got = 0): ParameterError {
  const detail = wanted > 0 ? ` (${shapeText(shape)} needs ${wanted} bytes of data, ${got} are there)` : "";
  return new ParameterError(`${source}: the file is truncated${detail}; copy or download it again`);
}

/** The bytes of a version 1.0 file, little-endian, C order: f8 or c16, f4 or c8 for single precision. */
export function writeNpy(a: NumericArray): Uint8Array<ArrayBuffer> {
  const width = a.scalar === "complex" ? 2 : 1;
  const item = a.data.BYTES_PER_ELEMENT;
  const shape = a.shape.length === 1 ? `${a.shape[0]},` : a.shape.join(", ");
  const text = `{'descr': '<${width === 2 ? "c" : "f"}${item * width}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + header.length + a.data.length * item);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint8(6, 1);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  const from = 10 + header.length;
  if (littleEndian) bytes.set(new Uint8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength), from);
  else
    for (let k = 0; k < a.data.length; k++)
      if (item === 4) view.setFloat32(from + 4 * k, a.data[k], true);
      else view.setFloat64(from + 8 * k, a.data[k], true);
  return bytes;
}
