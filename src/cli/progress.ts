/** Progress on stderr with time left: a bar on a terminal, one line every ten seconds elsewhere, nothing for short work; and Ctrl-C. */
import type { Progress } from "../experiments/executor.ts";

const SHORT = 700;
const EVERY = 10_000;

export interface Watch {
  readonly signal: AbortSignal;
  onProgress(p: Progress): void;
  /** Removes the bar and the Ctrl-C handler. */
  stop(): void;
}

/** The first Ctrl-C asks the work to stop and keep what it has; the second leaves at once. */
export function watch(): Watch {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const start = performance.now();
  let spoken = start;
  let bar: {
    start(total: number, value: number, payload: object): void;
    update(value: number, payload: object): void;
    stop(): void;
  } | null = null;
  let loading = false;
  let last: Progress | null = null;
  let stopped = false;
  const show = async (p: Progress) => {
    loading = true;
    const { default: cliProgress } = await import("cli-progress");
    if (stopped) return;
    bar = new cliProgress.SingleBar(
      { format: "{stage} {bar} {value}/{total}  {left}", stream: process.stderr, clearOnComplete: true, hideCursor: true },
      cliProgress.Presets.shades_grey
    );
    bar.start(p.total, p.done, payload(last ?? p));
  };
  return {
    signal: controller.signal,
    onProgress(p) {
      last = p;
      const now = performance.now();
      if (now - start < SHORT) return;
      if (process.stderr.isTTY) {
        if (bar) bar.update(p.done, payload(p));
        else if (!loading) void show(p);
      } else if (now - spoken > EVERY) {
        spoken = now;
        console.error(`${p.stage}: ${p.done} of ${p.total}, ${left(p)}`);
      }
    },
    stop() {
      stopped = true;
      bar?.stop();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    }
  };
}

function payload(p: Progress): object {
  return { stage: p.stage, left: left(p) };
}

function left(p: Progress): string {
  const s = p.secondsLeft;
  if (s === null) return "";
  return s < 90 ? `${Math.ceil(s)} s left` : s < 5400 ? `${Math.ceil(s / 60)} min left` : `${(s / 3600).toFixed(1)} h left`;
}
