/** What commands leave in --out: whole files only (written aside, then renamed). */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ParameterError } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import type { Prediction, Run } from "../core/types.ts";
import type { AnyScenario } from "../experiments/cell.ts";
import { writeWhole } from "../experiments/node/directoryStore.ts";

/** Makes the folder. Throws ParameterError when something else has its name or it cannot be written. */
export function makeFolder(directory: string): void {
  try {
    makeLevels(resolve(directory));
  } catch (error) {
    throw new ParameterError(`--out ${directory}: cannot make this folder (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}

/** mkdir -p one level at a time: Node's own recursive form never returns in places like /proc. */
function makeLevels(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw new Error("a file of that name is in the way");
    return;
  }
  makeLevels(dirname(path));
  mkdirSync(path);
}

/** DIR/<name>.json */
export function saveResult(directory: string, name: string, value: unknown): string {
  makeFolder(directory);
  const path = join(directory, `${name}.json`);
  writeWhole(path, `${JSON.stringify(value, (_, v) => (typeof v === "number" && !Number.isFinite(v) ? null : v), 2)}\n`);
  return path;
}

/** The main observable against t (every one of a dynamics), theory as a line and runs as dots; traces and heat maps of the matrices where a scenario has them. */
export async function saveTrajectory(
  directory: string,
  scenario: AnyScenario,
  runs: readonly Run[],
  theory?: Run,
  levels: NonNullable<Prediction["levels"]> = []
): Promise<string[]> {
  makeFolder(directory);
  const [{ trajectoryFigure, matrixMapsFigure, matrixTracesFigure, timeAxis }, { writeFigure }] = await Promise.all([
    import("../experiments/figures/index.ts"),
    import("../experiments/node/files.ts")
  ]);
  const all = Object.keys(scenario.observables);
  const first = all.includes("mse") ? "mse" : all[0];
  const { time } = scenario;
  const axis = timeAxis(time);
  const files: string[] = [];
  for (const name of time ? all : [first]) {
    const svg = trajectoryFigure({
      observable: scenario.observables[name],
      name,
      runs,
      title: scenario.title,
      levels: levels.filter((l) => l.observable === name),
      ...axis,
      ...(theory ? { theory } : {})
    });
    files.push(...(await writeFigure(directory, `trajectory-${kebab(name)}`, svg)));
  }
  const matrices = { title: scenario.title, runs, theory, ...axis };
  for (const [figure, drawn] of [
    ["matrices-traces", matrixTracesFigure(matrices)],
    ["matrices-maps", matrixMapsFigure(matrices)]
  ])
    if (drawn) files.push(...(await writeFigure(directory, figure, drawn)));
  return files;
}
