/** The local executor: small sweeps here, where nothing has to start; the rest on a pool of worker threads, one per core. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { CellRecord } from "../cell.ts";
import { breathe, type Executor, startSweep } from "../executor.ts";
import { failed, runCell } from "../runCell.ts";

export interface LocalOptions {
  /** Threads; the number of cores by default. 0 or 1: everything here. */
  readonly workers?: number;
  /** A built script that calls `serveCells`; the package's own by default. */
  readonly workerScript?: string;
  /** How long cells run here before threads are started, in milliseconds. A thread takes about 150 ms to be ready. */
  readonly patience?: number;
}

/** Beside the built file that holds this code, or one level up when that is a chunk. Absent when the sources run unbuilt. */
export function builtWorkerScript(): string | null {
  const places = ["./worker.js", "../worker.js", "./worker.mjs"].map((p) => fileURLToPath(new URL(p, import.meta.url)));
  return places.find((p) => existsSync(p)) ?? null;
}

export function localExecutor(options: LocalOptions = {}): Executor {
  const workers = options.workers ?? availableParallelism();
  const script = options.workerScript ?? builtWorkerScript();
  const patience = options.patience ?? 300;
  return {
    name: "local",
    async run(job) {
      const { todo, tally } = startSweep(job);
      const take = (record: CellRecord) => {
        job.store.append(record);
        tally.finished(failed(record.result) ? "badly" : "well");
      };
      const pooled = script !== null && workers > 1;
      const start = performance.now();
      let breath = start;
      let next = 0;
      for (; next < todo.length; next++) {
        const now = performance.now();
        if (pooled && now - start > patience && todo.length - next > 1) break;
        if (now - breath > 20) {
          await breathe();
          breath = performance.now();
        }
        if (job.signal?.aborted) return tally.summary(true);
        take(runCell(todo[next], job.scenarios));
      }
      if (next === todo.length || script === null) return tally.summary(false);

      const threads = Math.min(workers, todo.length - next);
      const pool = workerpool.pool(script, { workerType: "thread", minWorkers: threads, maxWorkers: threads });
      let stopped = job.signal?.aborted ?? false;
      let stop: () => void = () => {};
      const aborted = new Promise<void>((resolve) => {
        stop = () => {
          stopped = true;
          resolve();
        };
      });
      job.signal?.addEventListener("abort", stop, { once: true });
      // two cells in hand per thread, so that none waits for a message
      const lane = async () => {
        while (next < todo.length && !stopped) {
          const cell = todo[next++];
          try {
            const record: CellRecord = await pool.exec("runCell", [cell]);
            if (!stopped) take(record);
          } catch (error) {
            if (!stopped)
              tally.crashes.push(
                `a worker died on ${cell.scenario} seed ${cell.seed}: ${error instanceof Error ? error.message : String(error)}`
              );
          }
        }
      };
      try {
        await Promise.race([aborted, Promise.all(Array.from({ length: 2 * threads }, lane))]);
      } finally {
        job.signal?.removeEventListener("abort", stop);
        await pool.terminate(true);
      }
      return tally.summary(stopped);
    }
  };
}
