/** The lessons whose text links to a term of the glossary, read off their sources when the lab is built. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const LESSONS = resolve(import.meta.dirname, "../src/lessons");

/** Ids of lessons by the id of a term; a lesson is named by its folder. */
export function lessonTerms(): Readonly<Record<string, readonly string[]>> {
  const uses: Record<string, string[]> = {};
  for (const file of readdirSync(LESSONS, { recursive: true, encoding: "utf8" }).sort()) {
    const [lesson] = file.split(/[\\/]/);
    if (!file.endsWith(".svelte") || lesson === file) continue;
    for (const [, term] of readFileSync(`${LESSONS}/${file}`, "utf8").matchAll(/<Term id="([\w-]+)"/g)) {
      uses[term] ??= [];
      if (!uses[term].includes(lesson)) uses[term].push(lesson);
    }
  }
  return uses;
}
