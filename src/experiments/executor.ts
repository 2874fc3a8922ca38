/** Executors: who computes the cells of a manifest. `compare` and `phase` never know which one runs. */
import { type Cell, cellKey, type Manifest, type Scenarios } from "./cell.ts";
import { failed, runCell } from "./runCell.ts";
import type { Store } from "./store.ts";

export interface Progress {
  /** What is being computed, for the eye. */
  readonly stage: string;
  readonly total: number;
  /** Finished now or earlier. */
  readonly done: number;
  /** Of those, found in the store. */
  readonly skipped: number;
  /** Of those, runs that ended badly and errors. */
  readonly failed: number;
  readonly seconds: number;
  /** null until there is something to extrapolate from. */
  readonly secondsLeft: number | null;
}

export interface SweepSummary extends Progress {
  /** The signal stopped it: some cells are missing, everything finished is in the store. */
  readonly interrupted: boolean;
  /** Workers that died (out of memory, killed): one sentence each; their cells are not in the store and are tried again next time. */
  readonly crashes: readonly string[];
}

export interface Job {
  readonly manifest: Manifest;
  readonly scenarios: Scenarios;
  readonly store: Store;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Takes every cell of the manifest that is not in the store, and appends its record. One that works on other machines
 * (job arrays) saves the manifest in `store.directory`, lets n processes call `runShard(manifestPath, i, n)`, and calls
 * `store.refresh()` until they are done.
 */
export interface Executor {
  readonly name: string;
  run(job: Job): Promise<SweepSummary>;
}

/** The cells still to do, and a counter that keeps `onProgress` informed. */
export function startSweep(job: Job): { readonly todo: readonly Cell[]; readonly tally: Tally } {
  const todo: Cell[] = [];
  let bad = 0;
  for (const cell of job.manifest.cells) {
    const record = job.store.get(cellKey(cell));
    if (!record) todo.push(cell);
    else if (failed(record.result)) bad++;
  }
  const tally = new Tally(job, job.manifest.cells.length - todo.length, bad);
  tally.report();
  return { todo, tally };
}

export class Tally {
  readonly crashes: string[] = [];
  private readonly start = performance.now();
  private readonly total: number;
  private readonly stage: string;
  private readonly notify: ((progress: Progress) => void) | undefined;
  private readonly skipped: number;
  private done: number;
  private bad: number;

  constructor(job: Job, skipped: number, bad: number) {
    this.total = job.manifest.cells.length;
    this.stage = job.manifest.description;
    this.notify = job.onProgress;
    this.skipped = skipped;
    this.done = skipped;
    this.bad = bad;
  }
  finished(ended: "well" | "badly"): void {
    this.done++;
    if (ended === "badly") this.bad++;
    this.report();
  }
  report(): void {
    this.notify?.(this.progress());
  }
  progress(): Progress {
    const seconds = (performance.now() - this.start) / 1e3;
    const fresh = this.done - this.skipped;
    return {
      stage: this.stage,
      total: this.total,
      done: this.done,
      skipped: this.skipped,
      failed: this.bad,
      seconds,
      secondsLeft: fresh > 0 ? (seconds / fresh) * (this.total - this.done) : null
    };
  }
  summary(interrupted: boolean): SweepSummary {
    return { ...this.progress(), interrupted, crashes: this.crashes };
  }
}

/** Lets timers, signals and paint through between cells. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** One cell after the other, here: no start-up, and the only executor a browser's main thread has. */
export function inProcessExecutor(): Executor {
  return {
    name: "in-process",
    async run(job) {
      const { todo, tally } = startSweep(job);
      let breath = performance.now();
      for (const cell of todo) {
        if (performance.now() - breath > 20) {
          await breathe();
          breath = performance.now();
        }
        if (job.signal?.aborted) return tally.summary(true);
        const record = runCell(cell, job.scenarios);
        job.store.append(record);
        tally.finished(failed(record.result) ? "badly" : "well");
      }
      return tally.summary(false);
    }
  };
}
