/** Arrays in files: npy, npz, csv, json, MAT v5, PGM and PNG, on bytes and texts; files on disk are in `./node/readFile.ts`. */
export { readCsv, readNumber, type Table } from "./csv.ts";
export { readJson } from "./json.ts";
export { readPgm, readPng } from "./image.ts";
export { readMat } from "./mat.ts";
export { readNpy, writeNpy } from "./npy.ts";
export { readNpz, writeNpz } from "./npz.ts";
export { type NamedArray, type NumericArray, shapeText } from "./numericArray.ts";
export { type Format, formatOf, readArray, readArrays } from "./readArrays.ts";
