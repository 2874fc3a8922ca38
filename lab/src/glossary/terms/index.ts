/** All terms, by chapter. */
import type { Term } from "../types.ts";
import { messagePassing } from "./messagePassing.ts";
import { models } from "./models.ts";

export interface Chapter {
  readonly title: string;
  readonly terms: readonly Term[];
}
export const chapters: readonly Chapter[] = [
  { title: "Models and data", terms: models },
  { title: "Message passing and its theory", terms: messagePassing }
];
export const terms: readonly Term[] = chapters.flatMap((c) => c.terms);
