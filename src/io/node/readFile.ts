/** Files on disk: `A.npy`, `data.npz:A`, `scan.mat:kspace`, `table.csv:column`. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { ParameterError } from "../../core/parameters.ts";
import { LARGEST, type NamedArray, type NumericArray } from "../numericArray.ts";
import { readArray, readArrays } from "../readArrays.ts";

/** The path and the name of the array in it; a colon that belongs to the path (C:\) is left alone. */
export function splitPath(place: string): { readonly path: string; readonly name?: string } {
  if (existsSync(place)) return { path: place };
  const colon = place.lastIndexOf(":");
  if (colon > 1 && !/[\\/]/.test(place.slice(colon))) return { path: place.slice(0, colon), name: place.slice(colon + 1) };
  return { path: place };
}

/** Reads one finite array. Throws ParameterError with one sentence: the file, what is wrong, what to do. */
export function readArrayFile(place: string): NumericArray {
  const { path, name } = splitPath(place);
  return readArray(bytesOf(path), path, name);
}

/** Reads every array of a file (of an archive: each with its name). Throws ParameterError as `readArrayFile` does. */
export function readArraysFile(path: string): NamedArray[] {
  return readArrays(bytesOf(path), path);
}

function bytesOf(path: string): Uint8Array {
  if (!existsSync(path))
    throw new ParameterError(`${path}: no such file; give a path to npy, npz, csv, json, mat, pgm or png, such as data/A.npy`);
  const stat = statSync(path);
  if (!stat.isFile())
    throw new ParameterError(`${path}: not a file; give a path to npy, npz, csv, json, mat, pgm or png, such as data/A.npy`);
  if (stat.size > LARGEST)
    throw new ParameterError(
      `${path}: ${(stat.size / 2 ** 30).toFixed(1)} GiB, more than the ${LARGEST / 2 ** 30} GiB that are read; use single precision or a structured --operator`
    );
  try {
    return wholeFile(path, stat.size);
  } catch (error) {
    throw new ParameterError(`${path}: cannot be read (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}

/** In pieces: one call of readFileSync ends at 2 GiB. */
function wholeFile(path: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const file = openSync(path, "r");
  try {
    let at = 0;
    while (at < size) {
      const got = readSync(file, bytes, at, Math.min(2 ** 30, size - at), at);
      if (got === 0) break;
      at += got;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(file);
  }
}
