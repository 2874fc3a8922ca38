/** Progress as the page holds it: changes show at once and are kept in localStorage where that is allowed. */
import { getContext, setContext } from "svelte";
import { EMPTY, type Progress, readProgress } from "./progress.ts";

const KEY = "spinodal.lessons";

function stored(): Progress {
  try {
    return readProgress(localStorage.getItem(KEY));
  } catch {
    return EMPTY; // storage is forbidden here: progress lasts as long as the page
  }
}

let now: Progress = $state.raw(stored());

function put(next: Progress): void {
  now = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // forbidden or full
  }
}

export function progress(): Progress {
  return now;
}
export function forget(): void {
  put(EMPTY);
}

/** What the steps of one lesson ask for. */
export interface Keeper {
  readonly lesson: string;
  /** Called by every step when it is made; steps are numbered in that order. */
  enrol(step: string): number;
  isDone(step: string): boolean;
  finish(step: string): void;
  undo(step: string): void;
  guess(step: string): number | readonly number[] | undefined;
  keepGuess(step: string, guess: number | readonly number[]): void;
  code(step: string): string | undefined;
  keepCode(step: string, code: string): void;
}

const CONTEXT = Symbol("lesson");

/** To be called while the page of a lesson is being made. */
export function keepLesson(lesson: string): Keeper {
  const steps: string[] = [];
  const key = (step: string) => `${lesson}/${step}`;
  const keeper: Keeper = {
    lesson,
    enrol(step) {
      if (!steps.includes(step)) steps.push(step);
      if (now.steps[lesson] !== steps.length) queueMicrotask(() => put({ ...now, steps: { ...now.steps, [lesson]: steps.length } }));
      return steps.indexOf(step) + 1;
    },
    isDone: (step) => now.done.includes(key(step)),
    finish(step) {
      if (!now.done.includes(key(step))) put({ ...now, done: [...now.done, key(step)] });
    },
    undo(step) {
      put({ ...now, done: now.done.filter((s) => s !== key(step)) });
    },
    guess: (step) => now.guesses[key(step)],
    keepGuess: (step, guess) => put({ ...now, guesses: { ...now.guesses, [key(step)]: guess } }),
    code: (step) => now.code[key(step)],
    keepCode: (step, code) => put({ ...now, code: { ...now.code, [key(step)]: code } })
  };
  setContext(CONTEXT, keeper);
  return keeper;
}
export function keeperOfLesson(): Keeper {
  return getContext<Keeper>(CONTEXT);
}
