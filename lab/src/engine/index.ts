/** The engine: who computes. Views ask `laboratory()` for sweeps and `desk()` for a worker of their own. */
import type { Executor, Progress } from "../../../src/experiments/executor.ts";
import { startSweep } from "../../../src/experiments/executor.ts";
import { failed } from "../../../src/experiments/runCell.ts";
import { memoryStore } from "../../../src/experiments/store.ts";
import type { Laboratory } from "../../../src/experiments/sweep.ts";
import { makeCrew, type Priority } from "./crew.ts";
import { takeSeat } from "./seat.ts";

export type { Priority } from "./crew.ts";
export { type Desk, desk } from "./desk.ts";
export { accepted, Died, Dropped, Refusal } from "./endings.ts";
export type { Answer, Caveats, LiveFrames, LiveStart, Methods, Raw } from "./protocol.ts";

const cores = Math.max(1, Math.min(8, navigator.hardwareConcurrency || 2));
const crew = makeCrew(() => {
  const seat = takeSeat();
  return { compute: (cells) => seat.ask("runCells", cells), end: () => seat.end() };
}, cores);

/** Everything computed since the page was opened: going back, or changing a colour, computes nothing twice. */
const store = memoryStore();

export interface SweepOptions {
  /** "background" lets whatever is visible go first. */
  readonly priority?: Priority;
}

/** Where sweeps run. An abort ends them at once; what was finished is remembered. */
export function laboratory(
  signal: AbortSignal,
  onProgress?: (progress: Progress) => void,
  { priority = "visible" }: SweepOptions = {}
): Laboratory {
  return { scenarios: {}, executor: executors[priority], store, signal, onProgress };
}

/** Starts the workers before the page has asked for anything. */
export function warmUp(): void {
  crew.warmUp();
}

function crewExecutor(priority: Priority): Executor {
  return {
    name: `web workers, ${priority}`,
    async run(job) {
      const { todo, tally } = startSweep(job);
      const stopped = () => job.signal?.aborted ?? false;
      await crew.run({
        cells: todo,
        priority,
        signal: job.signal,
        finished(record) {
          job.store.append(record);
          if (!stopped()) tally.finished(failed(record.result) ? "badly" : "well");
        },
        lost: (_, why) => tally.crashes.push(why)
      });
      return tally.summary(stopped());
    }
  };
}

const executors: Readonly<Record<Priority, Executor>> = { visible: crewExecutor("visible"), background: crewExecutor("background") };
