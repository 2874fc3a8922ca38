/** How far a reader is: steps done, guesses made, code written. Plain data, kept by the browser where it is allowed to, nowhere else. */

export interface Progress {
  /** Steps done, "lesson/step". */
  readonly done: readonly string[];
  /** How many steps a lesson has; known once it has been opened. */
  readonly steps: Readonly<Record<string, number>>;
  readonly guesses: Readonly<Record<string, number | readonly number[]>>;
  readonly code: Readonly<Record<string, string>>;
}
export const EMPTY: Progress = { done: [], steps: {}, guesses: {}, code: {} };

const record = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const only = <T>(v: unknown, fits: (x: unknown) => x is T): Record<string, T> =>
  record(v) ? (Object.fromEntries(Object.entries(v).filter(([, x]) => fits(x))) as Record<string, T>) : {};
const number = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
const guess = (x: unknown): x is number | number[] => number(x) || (Array.isArray(x) && x.every(number));
const text = (x: unknown): x is string => typeof x === "string";

/** What was kept, as far as it is what it should be: other versions, and readers, may have written there. */
export function readProgress(stored: string | null): Progress {
  try {
    const all: unknown = JSON.parse(stored ?? "null");
    if (!record(all)) return EMPTY;
    return {
      done: Array.isArray(all.done) ? all.done.filter(text) : [],
      steps: only(all.steps, number),
      guesses: only(all.guesses, guess),
      code: only(all.code, text)
    };
  } catch {
    return EMPTY;
  }
}

/** "not started", "2 of 4", "done". */
export function standing(progress: Progress, lesson: string): { readonly done: number; readonly of: number; readonly words: string } {
  const of = progress.steps[lesson] ?? 0;
  const done = Math.min(of, progress.done.filter((s) => s.startsWith(`${lesson}/`)).length);
  return { done, of, words: of === 0 ? "" : done === of ? "done" : done === 0 ? "opened" : `${done} of ${of} steps` };
}
