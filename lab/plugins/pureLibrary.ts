/**
 * No module of the library does anything by being imported, so the page leaves out what it does not call: above all the random
 * numbers' WebAssembly, which its policy would refuse.
 */
import { resolve } from "node:path";
import { normalizePath } from "vite";

const LIBRARY = normalizePath(resolve(import.meta.dirname, "../../src/")).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export const treeshake = { moduleSideEffects: [{ test: new RegExp(`^${LIBRARY}/`), sideEffects: false }] };
