/** Tidy tables (one row is one observation) and the manifest that says how they came about. */
import Papa from "papaparse";
import type { Value } from "../core/types.ts";
import type { Comparison } from "./compare.ts";
import type { PhaseDiagram } from "./phase.ts";
import type { RunRow } from "./statistics.ts";

type Cell = string | number | boolean | null;

function csv(fields: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${Papa.unparse({ fields: [...fields], data: rows.map((r) => [...r]) }, { newline: "\n" })}\n`;
}

/** A brick spec or a list in one word. */
function word(value: Value): string | number {
  return typeof value === "object" ? value.join("/") : value;
}

function runCellsOf(row: RunRow, observables: readonly string[]): Cell[] {
  const { seed, outcome, iterations, residual, success, seconds, advice } = row;
  return [seed, outcome, iterations, residual, success, ...observables.map((o) => row.observables[o] ?? null), seconds, advice];
}

/** scenario, every parameter, seed, outcome, ..., observables: one row per run, failed ones too. */
export function runsTable(c: Comparison): string {
  const observables = Object.keys(c.observables);
  const params = Object.keys(c.params);
  const fields = ["scenario", ...params, "seed", "outcome", "sweeps", "residual", "success", ...observables, "seconds", "advice"];
  return csv(
    fields,
    c.runs.map((r) => [c.scenario.id, ...params.map((k) => (k === c.along.name ? r.x : word(c.params[k]))), ...runCellsOf(r, observables)])
  );
}

/** One row per abscissa and branch. */
export function theoryTable(c: Comparison): string {
  const observables = Object.keys(c.observables);
  const rows = c.theory.flatMap((p) => {
    const line = (branch: string, values: Readonly<Record<string, number>>, outcome: string): Cell[] => [
      p.x,
      branch,
      outcome,
      p.phase,
      ...observables.map((o) => values[o] ?? null)
    ];
    return [
      line("algorithmic", p.algorithmic, p.algorithmicOutcome),
      ...(p.optimal ? [line("optimal", p.optimal, p.optimalOutcome ?? "")] : [])
    ];
  });
  return csv([c.along.name, "branch", "outcome", "phase", ...observables], rows);
}

/** One row per grid value, observable and population (all runs, or those that ended well). */
export function summaryTable(c: Comparison): string {
  const theory = new Map(c.theory.map((p) => [p.x, p]));
  const rows = c.dots.flatMap((d) =>
    Object.keys(c.observables).flatMap((o) =>
      (["all", "converged"] as const).map((over): Cell[] => {
        const s = d[over][o];
        const at = theory.get(d.x);
        const branches = [at?.algorithmic[o] ?? null, at?.optimal?.[o] ?? null];
        return [
          d.x,
          o,
          over,
          s?.n ?? 0,
          s?.mean ?? null,
          s?.sem ?? null,
          s?.median ?? null,
          d.success,
          d.runs,
          d.runs - d.good,
          ...branches
        ];
      })
    )
  );
  return csv(
    [c.along.name, "observable", "over", "n", "mean", "sem", "median", "success", "runs", "failed", "algorithmic", "optimal"],
    rows
  );
}

/** One row per abscissa and line; with runs, `phaseRunsTable` holds them. */
export function phaseTable(p: PhaseDiagram): string {
  const rows = p.columns.flatMap((column) => p.thresholdNames.map((name): Cell[] => [column.x, name, column.thresholds[name] ?? null]));
  return csv([p.x.name, "threshold", p.y.name], rows);
}

export function phaseRunsTable(p: PhaseDiagram, observables: readonly string[]): string {
  const params = Object.keys(p.params);
  return csv(
    ["scenario", ...params, "seed", "outcome", "sweeps", "residual", "success", ...observables, "seconds", "advice"],
    p.runs.map((r) => [
      p.scenario.id,
      ...params.map((k) => (k === p.x.name ? r.x : k === p.y.name ? r.y : word(p.params[k]))),
      ...runCellsOf(r, observables)
    ])
  );
}

function outcomes(runs: readonly RunRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const r of runs) counts[r.outcome] = (counts[r.outcome] ?? 0) + 1;
  return counts;
}

/** Enough to make the figure again. */
export function comparisonManifest(c: Comparison) {
  return {
    experiment: "compare",
    version: c.version,
    scenario: c.scenario.id,
    params: c.params,
    along: { name: c.along.name, values: c.along.values },
    seeds: c.seeds,
    thresholds: c.thresholds,
    transitions: c.transitions,
    outcomes: outcomes(c.runs),
    failures: c.runs.filter((r) => !r.good).map(({ x, seed, outcome, advice }) => ({ [c.along.name]: x, seed, outcome, advice }))
  };
}

export function phaseManifest(p: PhaseDiagram) {
  return {
    experiment: "phase",
    version: p.version,
    scenario: p.scenario.id,
    params: p.params,
    x: { name: p.x.name, values: p.x.values },
    y: { name: p.y.name, values: p.y.values, window: p.window.y },
    seeds: p.seeds,
    thresholds: p.thresholdNames,
    outcomes: outcomes(p.runs),
    failures: p.runs
      .filter((r) => !r.good)
      .map(({ x, y, seed, outcome, advice }) => ({ [p.x.name]: x, [p.y.name]: y, seed, outcome, advice }))
  };
}
