/** Arrays from the bytes of a file, its format found in the content: the name only has to agree with it. */
import { ParameterError, suggestion } from "../core/parameters.ts";
import { readCsv } from "./csv.ts";
import { isPgm, isPng, readPgm, readPng } from "./image.ts";
import { readJson } from "./json.ts";
import { isMat5, readMat } from "./mat.ts";
import { isNpy, readNpy } from "./npy.ts";
import { npzNames, readNpz } from "./npz.ts";
import { checkFinite, elements, type NamedArray, type NumericArray, shapeText } from "./numericArray.ts";

export type Format = "npy" | "npz" | "mat" | "pgm" | "png" | "json" | "csv";

const READ = "npy, npz, csv, tsv, json, mat (v5 to v7), pgm or png";

/** Throws ParameterError when the content is of no known format, or belies the name's extension. */
export function formatOf(bytes: Uint8Array, source: string): Format {
  if (bytes.length === 0) throw new ParameterError(`${source}: the file is empty; expected ${READ}`);
  const extension = /\.([a-z0-9]+)$/i.exec(source)?.[1].toLowerCase() ?? "";
  if (isNpy(bytes)) return "npy";
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)) return "npz";
  if (startsWith(bytes, 0, [0x89, 0x48, 0x44, 0x46]) || startsWith(bytes, 512, [0x89, 0x48, 0x44, 0x46]))
    throw new ParameterError(`${source}: this is HDF5 (MATLAB v7.3 writes it), which is not read; save it again with save -v7, or as .npy`);
  if (isMat5(bytes)) return "mat";
  if (isPng(bytes)) return "png";
  if (isPgm(bytes)) return "pgm";
  if (looksBinary(bytes)) {
    const damaged = ["npy", "npz", "mat", "png"].includes(extension)
      ? `not a .${extension} file, or a damaged one`
      : "a binary file of no known format";
    throw new ParameterError(`${source}: ${damaged}; expected ${READ}`);
  }
  if (["npy", "npz", "mat", "png"].includes(extension))
    throw new ParameterError(
      `${source}: this is a text file, not .${extension}; if it holds numbers rename it to .csv, else save the array again`
    );
  const first = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()[0];
  return first === "[" || first === "{" ? "json" : "csv";
}

/** Every array of the file. `only` names the one that is wanted (archives then skip the others). */
export function readArrays(bytes: Uint8Array, source: string, only?: string): NamedArray[] {
  switch (formatOf(bytes, source)) {
    case "npy":
      return [{ name: "", ...readNpy(bytes, source) }];
    case "npz":
      return readNpz(bytes, source, only);
    case "mat":
      return readMat(bytes, source);
    case "png":
      return [{ name: "", ...readPng(bytes, source) }];
    case "pgm":
      return [{ name: "", ...readPgm(bytes, source) }];
    case "json":
      return readJson(textOf(bytes), source);
    default: {
      const table = readCsv(textOf(bytes), source);
      const columns = (table.columns ?? []).map((name, j) => column(name, table, j));
      return [{ name: "", ...table }, ...columns];
    }
  }
}

/** One finite array: the one called `name`, or the only one there is. Throws ParameterError. */
export function readArray(bytes: Uint8Array, source: string, name?: string): NumericArray {
  const all = readArrays(bytes, source, name);
  const found = name === undefined ? (all[0]?.name === "" || all.length === 1 ? all[0] : undefined) : all.find((a) => a.name === name);
  const names = all.length ? all.map((a) => a.name).filter((n) => n !== "") : npzNames(bytes);
  if (!found) {
    if (name !== undefined && names.length === 0)
      throw new ParameterError(`${source}: it has no named arrays, so ${source}:${name} means nothing; write ${source}`);
    const has = `it has ${names.slice(0, 20).join(", ")}`;
    throw new ParameterError(
      name === undefined
        ? `${source}: several arrays; say which, such as ${source}:${names[0]} (${has})`
        : `${source}: no array called ${name}${suggestion(name, names) || ";"} ${has}`
    );
  }
  const label = name === undefined ? source : `${source}:${name}`;
  if (elements(found.shape) === 0)
    throw new ParameterError(`${label}: an array of ${shapeText(found.shape)} has no entries; expected numbers`);
  checkFinite(label, found);
  return found;
}

function column(name: string, table: NumericArray, j: number): NamedArray {
  const [rows, cols = 1] = table.shape;
  const width = table.scalar === "complex" ? 2 : 1;
  const data = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) data[i * width + c] = table.data[(i * cols + j) * width + c];
  return { name, scalar: table.scalar, shape: [rows], data };
}

/** UTF-8 unless a byte-order mark says UTF-16 (spreadsheets write it). */
function textOf(bytes: Uint8Array): string {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(wide ? (bytes[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
}

function looksBinary(bytes: Uint8Array): boolean {
  if (startsWith(bytes, 0, [0xff, 0xfe]) || startsWith(bytes, 0, [0xfe, 0xff])) return false;
  const head = bytes.subarray(0, 4096);
  return head.some((b) => b === 0 || (b < 32 && b !== 9 && b !== 10 && b !== 12 && b !== 13));
}

function startsWith(bytes: Uint8Array, at: number, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[at + i] === byte);
}
