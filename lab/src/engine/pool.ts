/** Pools of workers by workerpool: cells of sweeps side by side, the live run by itself, quick answers by themselves. */
import workerpool from "workerpool";
import type { CellRecord } from "../../../src/experiments/cell.ts";
import { type Executor, startSweep } from "../../../src/experiments/executor.ts";
import { failed } from "../../../src/experiments/runCell.ts";
import type { Answer, Methods } from "./protocol.ts";
import { workerType, workerUrl } from "./workerUrl.ts";

type Pool = ReturnType<typeof workerpool.pool>;

const cores = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));

function makePool(workers: number): Pool {
  return workerpool.pool(workerUrl, {
    workerType: "web",
    minWorkers: workers,
    maxWorkers: workers,
    workerOpts: { type: workerType }
  });
}

let sweeps: Pool | null = null;
/** Workers that compute cells are kept from one sweep to the next: their scenario is loaded, their curves are remembered. */
function sweepPool(): Pool {
  sweeps ??= makePool(cores);
  return sweeps;
}

/** Starts the workers before the page has asked for anything. */
export function warmUp(): void {
  sweepPool();
}

/**
 * Cells on the pool. An abort ends the workers that are computing, at once; the others, and what is in the store, stay.
 * Cells of several sweeps share the pool in the order they come.
 */
export function poolExecutor(): Executor {
  return {
    name: "web workers",
    async run(job) {
      const { todo, tally } = startSweep(job);
      const pool = sweepPool();
      const flying = new Set<{ cancel(): unknown }>();
      let next = 0;
      let stopped = job.signal?.aborted ?? false;
      let stop: () => void = () => {};
      const aborted = new Promise<void>((resolve) => {
        stop = () => {
          stopped = true;
          for (const task of flying) task.cancel();
          resolve();
        };
      });
      job.signal?.addEventListener("abort", stop, { once: true });
      const lane = async () => {
        while (next < todo.length && !stopped) {
          const cell = todo[next++];
          const task = pool.exec("runCell", [cell]);
          flying.add(task);
          try {
            const record = (await task) as CellRecord;
            if (stopped) return;
            job.store.append(record);
            tally.finished(failed(record.result) ? "badly" : "well");
          } catch (error) {
            if (!stopped)
              tally.crashes.push(`a worker died on ${cell.scenario}: ${error instanceof Error ? error.message : String(error)}`);
          } finally {
            flying.delete(task);
          }
        }
      };
      try {
        // two cells in hand per worker, so that none waits for a message
        await Promise.race([aborted, Promise.all(Array.from({ length: 2 * cores }, lane))]);
      } finally {
        job.signal?.removeEventListener("abort", stop);
      }
      return tally.summary(stopped);
    }
  };
}

/** One worker with a memory of its own, made when it is first asked; `drop` ends whatever it is doing, at once. */
export interface Desk {
  ask<K extends keyof Methods>(method: K, ...args: Parameters<Methods[K]>): Promise<Awaited<ReturnType<Methods[K]>>>;
  drop(): void;
}

export function desk(): Desk {
  let pool: Pool | null = null;
  return {
    ask(method, ...args) {
      pool ??= makePool(1);
      return pool.exec(method, args as unknown[]) as unknown as Promise<Awaited<ReturnType<Methods[typeof method]>>>;
    },
    drop() {
      void pool?.terminate(true);
      pool = null;
    }
  };
}

/** A refusal as the page shows it. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly usage: boolean;
  constructor(message: string, usage: boolean) {
    super(message);
    this.usage = usage;
  }
}
export function accepted<T>(answer: Answer<T>): T {
  if ("error" in answer) throw new Refusal(answer.error, answer.usage);
  return answer.value;
}
