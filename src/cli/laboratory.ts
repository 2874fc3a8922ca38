/** Where a sweep runs from the command line: this machine's cores, a store in --out (or in memory), progress and Ctrl-C on the terminal. */
import { ParameterError, suggestion } from "../core/parameters.ts";
import { inProcessExecutor, type Progress } from "../experiments/executor.ts";
import { localExecutor, openStore } from "../experiments/node/index.ts";
import type { SuccessRule } from "../experiments/statistics.ts";
import { memoryStore } from "../experiments/store.ts";
import { Interrupted, type Laboratory } from "../experiments/sweep.ts";
import { makeFolder } from "./files.ts";
import { watch } from "./progress.ts";
import { integer, scenarios } from "./scenarioFlags.ts";

/** Runs `work`, closes the store whatever happens, and says after Ctrl-C what became of the finished part. */
export async function inLaboratory<T>(
  options: { readonly out?: string; readonly workers?: string },
  work: (laboratory: Laboratory) => Promise<T>
): Promise<T> {
  const workers = options.workers === undefined ? undefined : integer("workers", options.workers, 0, 1024);
  if (options.out !== undefined) makeFolder(options.out);
  const store = options.out === undefined ? memoryStore() : await openStore(options.out);
  const eye = watch();
  try {
    return await work({
      scenarios,
      executor: workers === 0 ? inProcessExecutor() : localExecutor(workers === undefined ? {} : { workers }),
      store,
      signal: eye.signal,
      onProgress: (p: Progress) => eye.onProgress(p)
    });
  } catch (error) {
    if (error instanceof Interrupted && options.out === undefined) {
      const { done, total } = error.summary;
      error.message = `interrupted: ${done} of ${total} cells were finished; with --out DIR they are kept and the same command continues`;
    }
    throw error;
  } finally {
    eye.stop();
    store.close();
  }
}

/** "mse<=1e-4" or "overlap>=0.99". Throws ParameterError. */
export function successRule(text: string | undefined, observables: readonly string[]): SuccessRule | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*(\w+)\s*(<=?|>=?)\s*(\S+)\s*$/.exec(text);
  const bound = Number(match?.[3]);
  if (!match || !Number.isFinite(bound))
    throw new ParameterError(`--success: expected an observable and a bound, such as "mse<=1e-4", got ${text}`);
  const name = match[1];
  if (!observables.includes(name))
    throw new ParameterError(
      `--success: there is no observable ${name}${suggestion(name, observables) || ";"} there are ${observables.join(", ")}`
    );
  return match[2].startsWith("<") ? { observable: name, atMost: bound } : { observable: name, atLeast: bound };
}

/** The observable that tables and terminal plots show. Throws ParameterError. */
export function chosenObservable(text: string | undefined, observables: readonly string[]): string {
  if (text === undefined) return observables[0];
  if (observables.includes(text)) return text;
  throw new ParameterError(`--observable must be one of ${observables.join(", ")}, got ${text}${suggestion(text, observables)}`);
}
