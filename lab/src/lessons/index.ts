/** The lessons, in the order of a course. A new one is a folder with a .svelte file and its facts, and an entry here. */
import type { Component } from "svelte";

export interface Lesson {
  /** In the address. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** One line: what one can do afterwards. */
  readonly aim: string;
  readonly minutes: number;
  load(): Promise<{ readonly default: Component }>;
}

export const lessons: readonly Lesson[] = [
  {
    id: "amp",
    number: 4,
    title: "AMP and state evolution",
    aim: "follow an algorithm in a thousand dimensions with one number",
    minutes: 25,
    load: () => import("./amp/Amp.svelte")
  }
];

export function lessonOf(id: string): Lesson | undefined {
  return lessons.find((l) => l.id === id);
}
