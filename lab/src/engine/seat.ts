/** One worker, by workerpool: it answers what it is asked, one after the other, and can be ended at once. */
// the pool alone: the package's index brings its workers' side too
import Pool from "workerpool/src/Pool.js";
import { TerminateError } from "workerpool/src/WorkerHandler.js";
import { Died, Dropped } from "./endings.ts";
import type { Methods } from "./protocol.ts";
import { workerType, workerUrl } from "./workerUrl.ts";

export interface Seat {
  ask<K extends keyof Methods>(method: K, ...args: Parameters<Methods[K]>): Promise<Awaited<ReturnType<Methods[K]>>>;
  /** Ends the worker in the middle of whatever it does; open questions reject with Dropped. */
  end(): void;
}

/** The worker starts at once. */
export function takeSeat(): Seat {
  const pool = new Pool(workerUrl, { workerType: "web", minWorkers: 1, maxWorkers: 1, workerOpts: { type: workerType } });
  let over = false;
  const exec = (method: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (over) return reject(new Dropped());
      pool.exec(method, args).then(resolve, (error: unknown) => {
        const { message } = error instanceof Error ? error : new Error(String(error));
        if (over) reject(new Dropped());
        else if (error instanceof TerminateError) reject(new Died(message.replace(/^Workerpool Worker error: /, "")));
        else reject(new Error(message));
      });
    });
  return {
    ask: (method, ...args) => exec(method, args) as never,
    end() {
      if (over) return;
      over = true;
      // the promise of a pool that is ended by force has nothing to say
      void pool.terminate(true).catch(() => {});
    }
  };
}
