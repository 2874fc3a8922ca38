/**
 * The queue of small figures: one for each worker at a time, quick models first, those that have left the screen taken off. Their
 * cells run at background priority, so that what the reader is looking at never waits for them.
 */
import { type Desk, desk } from "../engine/index.ts";

interface Task {
  /** Larger is slower. */
  readonly cost: number;
  readonly signal: AbortSignal;
  run(worker: Desk): Promise<void>;
}

export interface Background {
  add(task: Task): void;
  /** Nothing is begun any more, and the worker of trajectories ends. */
  close(): void;
}

/** Nothing begins before `delay` milliseconds: the first figure of the page goes first. */
export function background(delay: number): Background {
  const worker = desk();
  const lanes = Math.max(1, Math.min(4, navigator.hardwareConcurrency || 2));
  const waiting: Task[] = [];
  let running = 0;
  let open = false;
  const next = () => {
    while (open && running < lanes) {
      for (let k = waiting.length - 1; k >= 0; k--) if (waiting[k].signal.aborted) waiting.splice(k, 1);
      const task = waiting.sort((a, b) => a.cost - b.cost).shift();
      if (!task) return;
      running++;
      void task.run(worker).finally(() => {
        running--;
        next();
      });
    }
  };
  const timer = setTimeout(() => {
    open = true;
    next();
  }, delay);
  return {
    add(task) {
      waiting.push(task);
      next();
    },
    close() {
      open = false;
      clearTimeout(timer);
      waiting.length = 0;
      worker.drop();
    }
  };
}
