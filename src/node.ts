// What needs Node: files of arrays, folders of finished cells, threads, figures as PNG and PDF.
export * from "./experiments/node/index.ts";
export { readArrayFile, splitPath } from "./io/node/readFile.ts";
