/** What an experiment leaves in its folder: tidy tables, a manifest, figures in three formats. Each file is written whole or not at all. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { kebab } from "../../core/specs.ts";
import type { Comparison } from "../compare.ts";
import type { PhaseDiagram } from "../phase.ts";
import { comparisonManifest, phaseManifest, phaseRunsTable, phaseTable, runsTable, summaryTable, theoryTable } from "../tables.ts";
import { writeWhole } from "./directoryStore.ts";

/** `name`.svg, .png and .pdf in `directory`; returns the paths. */
export async function writeFigure(directory: string, name: string, svg: string): Promise<string[]> {
  const { toPdf, toPng } = await import("./render.ts");
  const [png, pdf] = await Promise.all([toPng(svg), toPdf(svg, { title: name })]);
  mkdirSync(directory, { recursive: true });
  return put(directory, [
    [`${name}.svg`, svg],
    [`${name}.png`, png],
    [`${name}.pdf`, pdf]
  ]);
}

/** runs.csv, theory.csv, summary.csv, manifest.json, and one figure for each observable named (the first by default). */
export async function writeComparison(
  directory: string,
  c: Comparison,
  options: { readonly observables?: readonly string[]; readonly logY?: boolean } = {}
): Promise<string[]> {
  const { comparisonFigure } = await import("../figures/comparisonFigure.ts");
  mkdirSync(directory, { recursive: true });
  const written = put(directory, [
    ["runs.csv", runsTable(c)],
    ["theory.csv", theoryTable(c)],
    ["summary.csv", summaryTable(c)],
    ["manifest.json", `${JSON.stringify(comparisonManifest(c), null, 2)}\n`]
  ]);
  for (const observable of options.observables ?? Object.keys(c.observables).slice(0, 1))
    written.push(
      ...(await writeFigure(
        directory,
        `compare-${kebab(observable)}`,
        comparisonFigure(c, { observable, ...(options.logY === undefined ? {} : { logY: options.logY }) })
      ))
    );
  return written;
}

/** thresholds.csv, runs.csv when there are runs, manifest.json, and the figure. */
export async function writePhaseDiagram(
  directory: string,
  p: PhaseDiagram,
  options: { readonly observable?: string } = {}
): Promise<string[]> {
  const { phaseFigure } = await import("../figures/phaseFigure.ts");
  mkdirSync(directory, { recursive: true });
  const observables = [...new Set(p.heat.flatMap((h) => Object.keys(h.all)))];
  const files: [string, string][] = [
    ["thresholds.csv", phaseTable(p)],
    ["manifest.json", `${JSON.stringify(phaseManifest(p), null, 2)}\n`]
  ];
  if (p.runs.length) files.push(["runs.csv", phaseRunsTable(p, observables)]);
  const written = put(directory, files);
  return [...written, ...(await writeFigure(directory, "phase", phaseFigure(p, options)))];
}

function put(directory: string, files: readonly (readonly [string, string | Uint8Array])[]): string[] {
  return files.map(([name, data]) => {
    const path = join(directory, name);
    writeWhole(path, data);
    return path;
  });
}
