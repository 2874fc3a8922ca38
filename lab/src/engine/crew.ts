/**
 * Who computes the cells of sweeps: a few workers that are kept from one sweep to the next (their scenario is loaded, their curves
 * are remembered), and several sweeps that share them. What the reader looks at goes first; sweeps of the same rank take turns.
 */
import type { Cell, CellRecord } from "../../../src/experiments/cell.ts";
import type { Answer, Computed } from "./protocol.ts";

/** Visible: what the reader looks at. Background: what may come later, such as the cards of the gallery. */
export type Priority = "visible" | "background";

/** As much of a seat as a crew needs. */
export interface Worker {
  /** Rejects with Died when the worker is gone. */
  compute(cells: readonly Cell[]): Promise<Answer<readonly Computed[]>>;
  end(): void;
}

export interface Sweep {
  readonly cells: readonly Cell[];
  readonly priority: Priority;
  readonly signal?: AbortSignal | undefined;
  finished(record: CellRecord): void;
  /** A cell has no result, and why. */
  lost(cell: Cell, why: string): void;
}

/** Cells that are quick travel together, for about so long (ms): a worker is not kept waiting for messages, nor the page for a result. */
const BATCH = 24;
const MOST = 64;
/** An abort leaves a worker so long (ms) to finish by itself: it need not be started again then. */
const GRACE = 30;
/** A worker that starts is not judged by its first answer before this age (ms). */
const START = 400;
/** While a worker starts, for so long (ms) at most, no other one does: on few cores that would delay the first answer. */
const STAGGER = 150;
/** So many workers in a row that never answered: there is no use in trying on. */
const FALSE_STARTS = 3;

interface Bench {
  worker: Worker;
  task: Task | null;
  since: number;
  answered: boolean;
}
interface Task {
  readonly sweep: Running;
  readonly cells: readonly Cell[];
}
interface Running extends Sweep {
  todo: Cell[];
  flying: number;
  served: number;
  /** Milliseconds a cell takes, as the last ones did; null before the first. */
  pace: number | null;
  stopped: boolean;
  end(): void;
}

export interface Crew {
  /** Resolves when every cell is finished or lost, or at once when the signal aborts. */
  run(sweep: Sweep): Promise<void>;
  /** Starts the workers, the first at once and the others when it is there: none delays the first answer. */
  warmUp(): void;
}

export function makeCrew(hire: () => Worker, places: number): Crew {
  const benches: Bench[] = [];
  const sweeps = new Set<Running>();
  let turn = 0;
  let waiting = false;
  const leaving = new Set<Task>();
  let falseStarts = 0;
  /** Why no worker can be had, when none can. */
  let hopeless: string | null = null;

  const seat = (): Bench => {
    const bench = { worker: hire(), task: null, since: performance.now(), answered: false };
    benches.push(bench);
    return bench;
  };

  const died = (bench: Bench, task: Task, error: Error): void => {
    leave(bench);
    if (!bench.answered && ++falseStarts >= FALSE_STARTS) hopeless = error.message;
    const { sweep, cells } = task;
    // one that never answered may not have come to the cells; of several cells, which it was is found out one by one
    const again = (!bench.answered && hopeless === null) || cells.length > 1;
    if (again && !sweep.stopped) {
      sweep.todo.unshift(...cells);
      sweep.pace = Number.POSITIVE_INFINITY;
    } else for (const cell of cells) sweep.lost(cell, error.message);
    settle(sweep);
    assign();
  };

  const leave = (bench: Bench): void => {
    bench.worker.end();
    benches.splice(benches.indexOf(bench), 1);
    if (bench.task) bench.task.sweep.flying--;
  };
  const settle = (sweep: Running): void => {
    if (sweep.todo.length === 0 && sweep.flying === 0) sweep.end();
  };

  /** The sweep to serve next: the visible first, then the one with the fewest workers, then the one that waited longest. */
  const next = (): Running | null => {
    let best: Running | null = null;
    const before = (a: Running, b: Running) =>
      a.priority !== b.priority ? a.priority === "visible" : a.flying !== b.flying ? a.flying < b.flying : a.served < b.served;
    for (const sweep of sweeps) if (sweep.todo.length > 0 && (!best || before(sweep, best))) best = sweep;
    return best;
  };

  const assign = (): void => {
    for (;;) {
      const sweep = next();
      if (!sweep) return;
      if (hopeless !== null && benches.length === 0) {
        for (const cell of sweep.todo.splice(0)) sweep.lost(cell, hopeless);
        settle(sweep);
        continue;
      }
      const bench = benches.find(({ task }) => task === null) ?? another();
      if (!bench) {
        if (sweep.priority === "visible") makeRoom();
        return;
      }
      give(bench, sweep);
    }
  };

  /** One more worker, unless there are enough, or one is just starting. */
  const another = (): Bench | null => {
    if (benches.length >= places || hopeless !== null) return null;
    const rest = Math.max(0, ...benches.map((b) => (b.answered ? 0 : b.since + STAGGER - performance.now())));
    if (rest === 0) return seat();
    if (waiting) return null;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      assign();
    }, rest);
    return null;
  };

  const give = (bench: Bench, sweep: Running): void => {
    // the last cells are shared out, so that no worker ends long after the others
    const share = Math.ceil(sweep.todo.length / places);
    const count = sweep.pace === null ? 1 : Math.max(1, Math.min(MOST, share, Math.floor(BATCH / sweep.pace)));
    const task: Task = { sweep, cells: sweep.todo.splice(0, count) };
    bench.task = task;
    sweep.flying++;
    sweep.served = ++turn;
    bench.worker.compute(task.cells).then(
      (answer) => {
        if (!benches.includes(bench)) return;
        bench.task = null;
        bench.answered = true;
        falseStarts = 0;
        hopeless = null;
        sweep.flying--;
        if ("error" in answer) for (const cell of task.cells) sweep.lost(cell, answer.error);
        else {
          const seconds = answer.value.reduce((sum, one) => sum + one.seconds, 0);
          sweep.pace = Math.max(1e-3, (1e3 * seconds) / task.cells.length);
          answer.value.forEach((computed, k) => {
            sweep.finished({ ...computed, cell: task.cells[k] });
          });
        }
        settle(sweep);
        assign();
      },
      (error: unknown) => {
        if (benches.includes(bench)) died(bench, task, error instanceof Error ? error : new Error(String(error)));
      }
    );
  };

  /** Ends the worker that is still at this task when its grace is over; another one starts in its place at once. */
  const clear = (bench: Bench, task: Task, wanted: () => boolean, putBack: boolean): void => {
    const age = performance.now() - bench.since;
    setTimeout(
      () => {
        if (bench.task === task && benches.includes(bench) && wanted()) {
          leave(bench);
          if (putBack && !task.sweep.stopped) task.sweep.todo.unshift(...task.cells);
          seat();
        }
        leaving.delete(task);
        assign();
      },
      bench.answered ? GRACE : Math.max(GRACE, START - age)
    );
  };

  /** What can wait makes room for what the reader looks at. */
  const makeRoom = (): void => {
    for (const bench of benches) {
      const { task } = bench;
      if (task?.sweep.priority !== "background" || leaving.has(task)) continue;
      leaving.add(task);
      clear(bench, task, () => next()?.priority === "visible", true);
    }
  };

  const stop = (sweep: Running): void => {
    sweep.stopped = true;
    sweep.todo = [];
    sweep.end();
    for (const bench of benches) if (bench.task?.sweep === sweep) clear(bench, bench.task, () => true, false);
  };

  return {
    run(sweep) {
      return new Promise((resolve) => {
        const onAbort = () => stop(running);
        const running: Running = {
          ...sweep,
          todo: [...sweep.cells],
          flying: 0,
          served: 0,
          pace: null,
          stopped: false,
          end() {
            sweeps.delete(running);
            sweep.signal?.removeEventListener("abort", onAbort);
            resolve();
          }
        };
        if (sweep.signal?.aborted || running.todo.length === 0) return resolve();
        if (hopeless !== null) {
          hopeless = null; // a network that failed once may not fail again: one more try
          falseStarts = FALSE_STARTS - 1;
        }
        sweeps.add(running);
        sweep.signal?.addEventListener("abort", onAbort, { once: true });
        assign();
      });
    },
    warmUp() {
      if (benches.length > 0) return;
      seat();
      setTimeout(() => {
        while (benches.length < places) seat();
      }, 2 * STAGGER);
    }
  };
}
