/**
 * Which engine does matrix products and decompositions: "wasm" (ours, everywhere, deterministic) or "openblas" (a system
 * OpenBLAS/LAPACK through koffi, on Node). "auto", the default, takes OpenBLAS where it is found, at the first call that can
 * use it, but leaves matrix-vector products to ours, whose bits are the same everywhere; "openblas" by name (or
 * SPINODAL_BACKEND=openblas) takes them too: 1.3 times faster while the matrix fits the cache, level beyond.
 */
import { ParameterError } from "../core/parameters.ts";
import { loadOpenblas, type OpenBlas } from "./native/openblas.ts";

export type BackendName = "wasm" | "openblas";

export interface BackendReport {
  readonly name: BackendName;
  readonly version: string;
  /** The kernels OpenBLAS chose for this processor; "simd128" for wasm. */
  readonly core: string;
  readonly threads: number;
  readonly library: string | null;
  /** How to get the faster one, or null when this is it. */
  readonly advice: string | null;
}

let choice: BackendName | "auto" = fromEnvironment();
let threads: number | null = null;
let loaded: OpenBlas | string | null = null;

function load(): OpenBlas | string {
  loaded ??= loadOpenblas(threads);
  return loaded;
}

/**
 * Chooses the backend from now on; `options.threads` sets the threads of OpenBLAS (one inside workers, all cores otherwise, by
 * default). Throws ParameterError when "openblas" is asked for and not there: the sentence says what is missing.
 */
export function useBackend(name: BackendName | "auto", options: { readonly threads?: number } = {}): void {
  if (name !== "auto" && name !== "wasm" && name !== "openblas")
    throw new ParameterError(`backend must be one of auto, wasm, openblas, got ${String(name)}`);
  if (options.threads !== undefined) {
    if (!Number.isInteger(options.threads) || options.threads < 1)
      throw new ParameterError(`backend: threads must be an integer >= 1, got ${options.threads}`);
    threads = options.threads;
    if (loaded && typeof loaded !== "string") loaded.setThreads(threads);
  }
  if (name === "openblas") {
    const library = load();
    if (typeof library === "string") throw new ParameterError(`backend: openblas is not available: ${library}`);
  }
  choice = name;
}

/** OpenBLAS if it is chosen (or wanted here) and present, else null. Loading is tried once. */
export function native(wanted: BackendName | "auto" = choice): OpenBlas | null {
  if (wanted === "wasm") return null;
  const library = load();
  if (typeof library !== "string") return library;
  if (wanted === "openblas") throw new ParameterError(`backend: openblas is not available: ${library}`);
  return null;
}

/** OpenBLAS where it was asked for by name: the only case in which matrix-vector products leave the deterministic kernels. */
export function nativeProducts(): OpenBlas | null {
  return choice === "openblas" ? native("openblas") : null;
}

/** SPINODAL_BACKEND=wasm or openblas chooses for a whole process. */
function fromEnvironment(): BackendName | "auto" {
  const named = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.SPINODAL_BACKEND;
  return named === "wasm" || named === "openblas" ? named : "auto";
}

/** What is in use; loads OpenBLAS to find out, unless "wasm" was chosen. */
export function describeBackend(): BackendReport {
  const library = choice === "wasm" ? 'wasm was chosen; useBackend("auto") takes OpenBLAS where it is found' : load();
  if (typeof library === "string") return { name: "wasm", version: "1", core: "simd128", threads: 1, library: null, advice: library };
  return {
    name: "openblas",
    version: library.version,
    core: library.core(),
    threads: library.threads(),
    library: library.path,
    advice: library.advice
  };
}
