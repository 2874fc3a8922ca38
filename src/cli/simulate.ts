/** `spinodal simulate ID`: finite-size runs, each from its own seed. */
import { ParameterError } from "../core/parameters.ts";
import { join } from "node:path";
import type { Command } from "commander";
import { evolveRun } from "../core/scenario.ts";
import type { Run } from "../core/types.ts";
import { type CellRecord, cellKey } from "../experiments/cell.ts";
import { dotOf, runRow } from "../experiments/statistics.ts";
import { runCells, simulateCells } from "../experiments/sweep.ts";
import { version } from "../experiments/version.ts";
import { EXIT } from "./exit.ts";
import { saveResult, saveTrajectory } from "./files.ts";
import { inLaboratory, successRule } from "./laboratory.ts";
import { digits, paramsText, print, printJson, table, widthOf } from "./print.ts";
import { addScenario, paramsOf, seedList } from "./scenarioFlags.ts";

type Options = Readonly<Record<string, unknown>> & {
  json?: boolean;
  seed?: string;
  seeds?: string;
  out?: string;
  trajectory?: boolean;
  success?: string;
  workers?: string;
};

export function declare(command: Command, words: readonly string[]): void {
  const scenario = addScenario(command, words);
  command
    .option("--seeds <k>", "how many runs (default 1), with seeds S, S+1, ...")
    .option("--seed <s>", "the first seed (default 1)")
    .option("--success <rule>", "what counts as a success, such as mse<=1e-4; by default the outcome converged or exact-recovery")
    .option("--trajectory", "keep every iteration of every run in the JSON")
    .option("--workers <n>", "threads (default: one per core; 0: none)")
    .option("--json", "one JSON object on stdout")
    .option("--out <dir>", "keep finished runs there (the same command resumes), with simulate.json and a figure against theory")
    .action(async (_id: string, options: Options) => {
      if (!scenario) return;
      const params = paramsOf(scenario, options);
      const seeds = seedList(options, 1);
      const names = Object.keys(scenario.observables);
      const rule = successRule(options.success, names);
      const keep = options.trajectory === true || options.out !== undefined;
      const cells = simulateCells(scenario, params, seeds, { trajectory: keep });
      const found = await inLaboratory(options, (laboratory) => runCells(cells, "runs", laboratory));
      const records = cells.flatMap((cell) => found.get(cellKey(cell)) ?? []);
      const [{ result: first } = { result: null }] = records;
      if (first?.kind === "error" && records.every(({ result }) => result.kind === "error" && result.usage))
        throw new ParameterError(first.error);
      const rows = records.map((record) => runRow(0, record, rule));
      const summary = dotOf(0, rows, names);
      const json = {
        scenario: scenario.id,
        params,
        version,
        runs: records.map((record) => plain(record, options.trajectory === true)),
        mean: Object.fromEntries(names.map((k) => [k, summary.all[k]?.mean ?? null])),
        sem: Object.fromEntries(names.map((k) => [k, summary.all[k]?.sem ?? null])),
        median: Object.fromEntries(names.map((k) => [k, summary.all[k]?.median ?? null])),
        success: summary.success
      };
      const files: string[] = [];
      if (options.out !== undefined) {
        files.push(saveResult(options.out, "simulate", json));
        files.push(
          ...(await saveTrajectory(
            options.out,
            scenario,
            records.flatMap(runOf),
            evolveRun(scenario, params),
            scenario.time ? scenario.predict(params).levels : []
          )),
          join(options.out, "cells")
        );
      }
      if (options.json) printJson({ ...json, ...(files.length ? { files } : {}) });
      else {
        print(`${scenario.title}   ${paramsText(params)}\n`);
        const cellsOf = rows.map((r) => [String(r.seed), r.outcome, digits(r.iterations), ...names.map((k) => digits(r.observables[k]))]);
        const instances = records.map(({ result }) => (result.kind === "simulate" ? result.instance : ""));
        const line = (name: string, pick: (k: string) => number | null | undefined) => [name, "", "", ...names.map((k) => digits(pick(k)))];
        const means = rows.length > 1 ? [line("mean", (k) => summary.all[k]?.mean), line("s.e.", (k) => summary.all[k]?.sem)] : [];
        const plainTable = [["seed", "outcome", "iterations", ...names], ...cellsOf, ...means];
        const named = plainTable.map((cells, k) => [...cells, k === 0 ? "instance" : (instances[k - 1] ?? "")]);
        // the name of the instance is for reading off and comparing: it is left out where it would break the lines
        const [head, ...body] = widthOf(named) <= (process.stdout.columns ?? 120) ? named : plainTable;
        print(table(head, body, [0, 1, names.length + 3]));
        print(`\nsuccess: ${rows.filter((r) => r.success).length} of ${rows.length}${options.success ? ` (${options.success})` : ""}`);
        for (const advice of new Set(rows.map((r) => r.advice).filter((a) => a !== ""))) print(`note: ${advice}`);
        for (const file of files) print(`wrote ${file}`);
      }
      if (rows.every((r) => r.outcome === "diverged" || r.outcome === "horizon" || r.outcome === "error")) process.exitCode = EXIT.failed;
    });
}

/** A run of the JSON contract; an exception keeps its sentence as a diverged outcome's advice would. */
function plain({ cell, result }: CellRecord, trajectory: boolean) {
  if (result.kind !== "simulate")
    return { seed: cell.seed, error: result.kind === "error" ? result.error : `unexpected ${result.kind} result` };
  const { outcome, observables, extra, instance } = result;
  const kept = result.trajectory;
  const series = kept ? { t: kept.t, ...kept.series, ...(kept.matrices ? { matrices: kept.matrices } : {}) } : undefined;
  return {
    seed: cell.seed,
    instance,
    outcome,
    observables,
    ...(extra ? { extra } : {}),
    ...(trajectory && series ? { trajectory: series } : {})
  };
}

function runOf({ cell, result }: CellRecord): Run[] {
  if (result.kind !== "simulate" || !result.trajectory) return [];
  return [
    { scenario: cell.scenario, source: "simulation", seed: cell.seed, params: cell.params, ...result.trajectory, outcome: result.outcome }
  ];
}
