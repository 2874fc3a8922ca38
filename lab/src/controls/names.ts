/** Names of parameters in words, and which of them are the model's and which say how it is run. */
import type { Param, Params } from "../../../src/core/types.ts";
import { kebab } from "../../../src/core/specs.ts";

/** initialOverlap -> initial overlap. */
export function spokenName(key: string): string {
  return kebab(key).replaceAll("-", " ");
}

/** Sizes, starts and stopping rules: they change runs, never the model. The names are shared by all scenarios. */
const RUN = new Set([
  "size",
  "init",
  "start",
  "initialOverlap",
  "initialPlus",
  "initialMinus",
  "iterations",
  "damping",
  "onsager",
  "method",
  "algorithm",
  "steps",
  "testSamples",
  "frames",
  "draws",
  "trainings",
  "epochs",
  "batch",
  "optimizer",
  "inputsPerUnit",
  "covarianceSamples"
]);

export function grouped(params: Params, only?: readonly string[]): { readonly title: string; readonly keys: readonly string[] }[] {
  const keys = Object.keys(params).filter((key) => !only || only.includes(key));
  if (only) return [{ title: "Parameters", keys: only.filter((key) => keys.includes(key)) }];
  return [
    { title: "Model", keys: keys.filter((key) => !RUN.has(key)) },
    { title: "Runs and algorithm", keys: keys.filter((key) => RUN.has(key)) }
  ].filter((group) => group.keys.length > 0);
}

/** What may be given, in words: the tooltip. */
export function rangeWords(p: Param): string {
  switch (p.kind) {
    case "real":
    case "integer":
      return `${p.kind === "integer" ? "an integer" : "a number"} from ${p.min} to ${p.max}${p.unit ? ` ${p.unit}` : ""}, ${p.default} by default`;
    case "choice":
      return `one of ${p.options.join(", ")}; ${p.default} by default`;
    case "list":
      return `numbers from ${p.min} to ${p.max} separated by /; ${p.default.join("/")} by default`;
    case "brick":
      return `${/^[aeiou]/.test(p.registry) ? "an" : "a"} ${p.registry}; ${p.default || "none"} by default`;
    case "layers":
      return `one to four layers; ${p.default} by default`;
    case "file":
      return `a file with ${p.accepts}`;
  }
}

/** Short enough to lie side by side. */
export function fitsInRow(options: readonly string[]): boolean {
  return options.length <= 4 && options.join("").length <= 26;
}
