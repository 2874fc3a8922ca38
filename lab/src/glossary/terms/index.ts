/** All terms, by chapter. */
import type { Term } from "../types.ts";
import { learning } from "./learning.ts";
import { messagePassing } from "./messagePassing.ts";
import { models } from "./models.ts";
import { theory } from "./theory.ts";

export interface Chapter {
  readonly title: string;
  readonly terms: readonly Term[];
}
export const chapters: readonly Chapter[] = [
  { title: "Models and data", terms: models },
  { title: "Bayes, free entropies, transitions", terms: theory },
  { title: "Message passing and its theory", terms: messagePassing },
  { title: "Learning", terms: learning }
];
export const terms: readonly Term[] = chapters.flatMap((c) => c.terms);
