/** The engine: who computes. Views ask `laboratory()` for sweeps and `desk()` for a worker of their own. */
import type { Progress } from "../../../src/experiments/executor.ts";
import { memoryStore } from "../../../src/experiments/store.ts";
import type { Laboratory } from "../../../src/experiments/sweep.ts";
import { poolExecutor } from "./pool.ts";

export { accepted, type Desk, desk, Refusal, warmUp } from "./pool.ts";
export type { Answer, Caveats, LiveFrames, LiveStart, Methods, Raw } from "./protocol.ts";

/** Everything computed since the page was opened: going back, or changing a colour, computes nothing twice. */
const store = memoryStore();
const executor = poolExecutor();

export function laboratory(signal: AbortSignal, onProgress?: (progress: Progress) => void): Laboratory {
  return { scenarios: {}, executor, store, signal, onProgress };
}
