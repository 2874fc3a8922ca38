/** Telling a listener what is known so far: when something is new, but not more often than it wishes to hear. */
import type { Laboratory } from "./sweep.ts";

export interface Listener<T> {
  /** Called with what is known so far. */
  readonly onUpdate?: ((sofar: T) => void) | undefined;
  /** Milliseconds between two calls at least, 100 by default; more when hearing takes long. */
  readonly every?: number;
}

export interface Teller {
  /** Something is new: told now, or as soon as the pause since the last time is over. */
  news(): void;
  /** The laboratory with ears: every finished cell is news. */
  listening(laboratory: Laboratory): Laboratory;
  /** Nothing is told any more. */
  stop(): void;
}

/** The first news waits for what comes right after it, in milliseconds: a line of one point is not worth a figure. */
const FIRST = 16;
/** Hearing takes at most this part of the time: a figure that is drawn in 40 ms is not drawn ten times a second. */
const SHARE = 0.25;

export function makeTeller<T>({ onUpdate, every = 100 }: Listener<T>, sofar: () => T): Teller {
  if (!onUpdate) return { news() {}, listening: (laboratory) => laboratory, stop() {} };
  let pause = every;
  let last = Number.NEGATIVE_INFINITY;
  let later: ReturnType<typeof setTimeout> | null = null;
  const tell = () => {
    if (later !== null) clearTimeout(later);
    later = null;
    const start = performance.now();
    onUpdate(sofar());
    last = performance.now();
    pause = Math.max(every, (last - start) / SHARE);
  };
  const news = () => {
    const rest = last === Number.NEGATIVE_INFINITY ? FIRST : last + pause - performance.now();
    if (rest <= 0) tell();
    else later ??= setTimeout(tell, rest);
  };
  return {
    news,
    listening: (laboratory) => ({
      ...laboratory,
      onProgress(progress) {
        laboratory.onProgress?.(progress);
        if (progress.done > 0) news();
      }
    }),
    stop() {
      if (later !== null) clearTimeout(later);
      later = null;
    }
  };
}
