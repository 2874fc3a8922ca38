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
  },
  {
    id: "perceptron",
    number: 6,
    title: "The perceptron",
    aim: "see a rule learned from examples, smoothly or by a jump",
    minutes: 25,
    load: () => import("./perceptron/Perceptron.svelte")
  },
  {
    id: "hard",
    number: 7,
    title: "The hard phase",
    aim: "read off a free entropy what is possible and what is only possible in principle",
    minutes: 25,
    load: () => import("./hard/Hard.svelte")
  },
  {
    id: "symmetry",
    number: 8,
    title: "Phase retrieval and symmetry",
    aim: "start an algorithm that knows nothing and cannot know the sign",
    minutes: 20,
    load: () => import("./symmetry/Symmetry.svelte")
  },
  {
    id: "risk",
    number: 9,
    title: "Risk minimisation against Bayes",
    aim: "say what ridge, margin and logistic regression lose against the best student",
    minutes: 20,
    load: () => import("./risk/Risk.svelte")
  },
  {
    id: "sgd",
    number: 10,
    title: "SGD and its plateau",
    aim: "follow a network through training by differential equations, and know why it waits",
    minutes: 25,
    load: () => import("./sgd/Sgd.svelte")
  }
];

export function lessonOf(id: string): Lesson | undefined {
  return lessons.find((l) => l.id === id);
}
