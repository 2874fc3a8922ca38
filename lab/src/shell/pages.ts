/** Pages that are loaded when they are opened, each from its folder. */
import type { Component } from "svelte";

export interface PageProps {
  /** What of the address is the page's own: the lesson, the term. */
  readonly part?: string | undefined;
  /** What else is in the address, and how to change it. */
  readonly options: Readonly<Record<string, string>>;
  readonly change: (options: Readonly<Record<string, string>>) => void;
}
type Loader = () => Promise<{ readonly default: Component<PageProps> }>;

const found = import.meta.glob<{ readonly default: Component<PageProps> }>([
  "../solve/SolvePage.svelte",
  "../lessons/LessonsPage.svelte",
  "../glossary/GlossaryPage.svelte"
]);
const named = (path: string): Loader | undefined => found[path];

export const pages: Readonly<Record<"solve" | "lessons" | "glossary", { readonly title: string; readonly load: Loader | undefined }>> = {
  solve: { title: "Your data", load: named("../solve/SolvePage.svelte") },
  lessons: { title: "Lessons", load: named("../lessons/LessonsPage.svelte") },
  glossary: { title: "Glossary", load: named("../glossary/GlossaryPage.svelte") }
};
