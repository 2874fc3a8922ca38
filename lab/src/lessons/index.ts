/** The lessons, in the order of a course. A new one is a folder with a .svelte file and its facts, and an entry here. */
import type { Component } from "svelte";

export interface Lesson {
  /** In the address. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** One line, which completes "In this lesson you ...". */
  readonly aim: string;
  readonly minutes: number;
  load(): Promise<{ readonly default: Component }>;
}

export const lessons: readonly Lesson[] = [
  {
    id: "magnet",
    number: 1,
    title: "Mean field and the Ising magnet",
    aim: "turn many spins into one equation, and meet a spinodal",
    minutes: 25,
    load: () => import("./magnet/Magnet.svelte")
  },
  {
    id: "nishimori",
    number: 2,
    title: "Bayes and Nishimori",
    aim: "learn what a posterior knows about its own error",
    minutes: 20,
    load: () => import("./nishimori/Nishimori.svelte")
  },
  {
    id: "denoiser",
    number: 3,
    title: "The scalar denoiser",
    aim: "study the one-dimensional problem inside all the others",
    minutes: 20,
    load: () => import("./denoiser/Denoiser.svelte")
  },
  {
    id: "amp",
    number: 4,
    title: "AMP and state evolution",
    aim: "follow an algorithm in a thousand dimensions with one number",
    minutes: 25,
    load: () => import("./amp/Amp.svelte")
  },
  {
    id: "onsager",
    number: 5,
    title: "The Onsager term",
    aim: "find out what one small term does, by leaving it out",
    minutes: 20,
    load: () => import("./onsager/Onsager.svelte")
  }
];

export function lessonOf(id: string): Lesson | undefined {
  return lessons.find((l) => l.id === id);
}
