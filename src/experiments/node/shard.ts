/** One element of a job array: the cells i, i + n, i + 2n, ... of a manifest file, appended to the store beside it. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ParameterError } from "../../core/parameters.ts";
import { readManifest, type Scenarios } from "../cell.ts";
import { type Executor, inProcessExecutor, type Progress, type SweepSummary } from "../executor.ts";
import type { Store } from "../store.ts";
import { openStore } from "./directoryStore.ts";

export interface ShardOptions {
  /** The package's own by default. */
  readonly scenarios?: Scenarios;
  /** By default the folder that holds `manifests/`. */
  readonly store?: Store;
  /** In process by default: a cluster gives one core to each element. */
  readonly executor?: Executor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Shard `i` of `n`, i in [0, n). Shards interleave, so slow corners of a grid are shared out. Throws ParameterError. */
export async function runShard(manifestPath: string, i: number, n: number, options: ShardOptions = {}): Promise<SweepSummary> {
  if (!(Number.isInteger(n) && n >= 1)) throw new ParameterError(`shard: the number of shards must be an integer of at least 1, got ${n}`);
  if (!(Number.isInteger(i) && i >= 0 && i < n)) throw new ParameterError(`shard: the index must be an integer in [0, ${n - 1}], got ${i}`);
  let text: string;
  try {
    text = await readFile(manifestPath, "utf8");
  } catch (error) {
    throw new ParameterError(`shard: cannot read the manifest ${manifestPath}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const manifest = await readManifest(text, manifestPath);
  const scenarios: Scenarios = options.scenarios ?? (await import("../../scenarios/index.ts"));
  const store = options.store ?? (await openStore(dirname(dirname(manifestPath))));
  try {
    return await (options.executor ?? inProcessExecutor()).run({
      manifest: {
        ...manifest,
        description: `${manifest.description} (${i + 1} of ${n})`,
        cells: manifest.cells.filter((_, k) => k % n === i)
      },
      scenarios,
      store,
      signal: options.signal,
      onProgress: options.onProgress
    });
  } finally {
    if (!options.store) store.close();
  }
}
