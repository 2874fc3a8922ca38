/** Flags of a scenario, derived from its declared parameters: kebab-case names, ranges in the help, values checked by core's `parse`. */
import { existsSync, readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { arraysText } from "../core/files.ts";
import { ParameterError, parse } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import type { Param, Value } from "../core/types.ts";
import { type AnyScenario, scenarioById } from "../experiments/cell.ts";
import { readArraysFile } from "../io/node/readFile.ts";
import * as scenarios from "../scenarios/index.ts";

export { scenarios };

/** Adds `<scenario>` and the flags of the one that is named among `words` (none when no id is there: the help is then general). */
export function addScenario(command: Command, words: readonly string[], without: readonly string[] = []): AnyScenario | null {
  const all: readonly AnyScenario[] = Object.values(scenarios);
  command.argument("<scenario>", `one of ${all.map((s) => s.id).join(", ")}`);
  const first = words.find((word) => !word.startsWith("-"));
  const found = all.find((s) => words.includes(s.id));
  if (!found) {
    if (first !== undefined) scenarioById(scenarios, first); // throws, with a suggestion
    command.addHelpText("after", `\nThe scenario's own flags: spinodal ${command.name()} ${all[0].id} --help`);
    return null;
  }
  for (const [key, param] of Object.entries<Param>(found.params))
    if (!without.includes(key))
      command.addOption(new Option(`--${kebab(key)} <${holder(param)}>`, `${param.symbol}: ${param.about} (${rangeText(param)})`));
  return found;
}

/** The typed parameters, defaults filled in. `fallback` replaces declared defaults the user did not touch. */
export function paramsOf(scenario: AnyScenario, options: Readonly<Record<string, unknown>>): Readonly<Record<string, Value>> {
  const raw = Object.fromEntries(
    Object.keys(scenario.params)
      .filter((key) => options[optionKey(key)] !== undefined)
      .map((key) => {
        const given = options[optionKey(key)];
        return [key, scenario.params[key].kind === "file" ? parameterFile(String(given)) : given];
      })
  );
  const values: Readonly<Record<string, Value>> = parse(scenario, raw);
  return values;
}

/** The text a file parameter travels as: JSON as it is, arrays in the form of core/files.ts. */
function parameterFile(path: string): string {
  if (!path.endsWith(".json") || !existsSync(path)) return arraysText(readArraysFile(path));
  const text = readFileSync(path, "utf8");
  if (text.trim() === "") throw new ParameterError(`${path}: the file is empty; give one with matrices, such as a .npz`); // an empty text would mean no file
  return text;
}

/** Commander's key of a kebab-case flag. */
function optionKey(key: string): string {
  return kebab(key).replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());
}

function holder(param: Param): string {
  return param.kind === "brick"
    ? param.registry
    : param.kind === "choice"
      ? "name"
      : param.kind === "layers"
        ? "layers"
        : param.kind === "file"
          ? "FILE"
          : param.kind === "list"
            ? "a/b/.."
            : param.kind === "integer"
              ? "n"
              : "x";
}

/** "0.001 to 1000, default 1" */
export function rangeText(param: Param): string {
  const fallback = valueText(param.default);
  switch (param.kind) {
    case "choice":
      return `${param.options.join(" | ")}; default ${fallback}`;
    case "brick":
      return `${/^[aeiou]/.test(param.registry) ? "an" : "a"} ${param.registry}; default ${fallback === "" ? "none" : fallback}`;
    case "layers":
      return `activation:ratio=..,noise=.. separated by ;, default ${fallback}`;
    case "file":
      return `a file with ${param.accepts}; default none`;
    case "list":
      return `numbers in [${param.min}, ${param.max}]; default ${fallback}`;
    default:
      return `${param.kind === "integer" ? "integer in " : ""}[${param.min}, ${param.max}]; default ${fallback}`;
  }
}

function valueText(value: Value): string {
  return typeof value === "object" ? value.join("/") : String(value);
}

/** --seed, --seeds. Seed 0 is a seed. */
export function seedList(options: { readonly seed?: string; readonly seeds?: string }, fallback: number, least = 1): number[] {
  const first = integer("seed", options.seed ?? "1", 0, Number.MAX_SAFE_INTEGER - 1e6);
  const count = integer("seeds", options.seeds ?? String(fallback), least, 1_000_000);
  return Array.from({ length: count }, (_, k) => first + k);
}

export function integer(name: string, text: string, least: number, most: number): number {
  return bounded(name, text, least, most, true);
}

export function real(name: string, text: string, least: number, most: number): number {
  return bounded(name, text, least, most, false);
}

function bounded(name: string, text: string, least: number, most: number, whole: boolean): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new ParameterError(
    `--${name} must be ${whole ? "an integer" : "a number"} in [${least}, ${most === Number.MAX_SAFE_INTEGER - 1e6 ? "2^53)" : `${most}]`}, got ${text}`
  );
}
