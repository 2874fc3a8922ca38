/** `spinodal predict ID`: the asymptotic theory at one point of the parameters. */
import type { Command } from "commander";
import { evolveRun } from "../core/scenario.ts";
import type { Branch, Prediction, Run } from "../core/types.ts";
import type { AnyScenario } from "../experiments/cell.ts";
import { version } from "../experiments/version.ts";
import { EXIT, endedBadly } from "./exit.ts";
import { saveResult, saveTrajectory } from "./files.ts";
import { digits, outcomeText, paramsText, print, printJson, table } from "./print.ts";
import { addScenario, paramsOf } from "./scenarioFlags.ts";

export function declare(command: Command, words: readonly string[]): void {
  const scenario = addScenario(command, words);
  command
    .option("--json", "one JSON object on stdout")
    .option("--seed <n>", "accepted everywhere; theory draws nothing")
    .option("--out <dir>", "also write predict.json and a figure of the trajectory there")
    .action(async (_id: string, options: Readonly<Record<string, unknown>> & { json?: boolean; out?: string }) => {
      if (!scenario) return;
      const params = paramsOf(scenario, options);
      const prediction: Prediction = scenario.predict(params);
      const run: Run = evolveRun(scenario, params);
      const { phase, branches, fixedPoints } = prediction;
      const json = {
        scenario: scenario.id,
        params,
        version,
        branches,
        phase,
        ...(fixedPoints ? { fixedPoints } : {}),
        ...(prediction.levels ? { levels: prediction.levels } : {}),
        trajectory: { t: run.t, ...run.series, ...(run.matrices ? { matrices: run.matrices } : {}) }
      };
      const files = options.out
        ? [saveResult(options.out, "predict", json), ...(await saveTrajectory(options.out, scenario, [], run, prediction.levels))]
        : [];
      if (options.json) printJson({ ...json, ...(files.length ? { files } : {}) });
      else {
        show(scenario, params, prediction, run);
        for (const file of files) print(`wrote ${file}`);
      }
      if ([branches.algorithmic, branches.optimal].some((b) => b && endedBadly(b.outcome))) process.exitCode = EXIT.failed;
    });
}

function show(s: AnyScenario, params: Run["params"], prediction: Prediction, run: Run): void {
  print(`${s.title}   ${paramsText(params)}\n`);
  const names = Object.keys(s.observables);
  const branches = Object.entries(prediction.branches).filter((pair): pair is [string, Branch] => pair[1] !== undefined);
  const entropy = branches.some(([, b]) => b.freeEntropy !== undefined);
  print(
    table(
      ["branch", ...names.map((k) => `${k} ${s.observables[k].symbol}`), ...(entropy ? ["free entropy"] : [])],
      branches.map(([name, b]) => [name, ...names.map((k) => digits(b.observables[k], 8)), ...(entropy ? [digits(b.freeEntropy, 8)] : [])])
    )
  );
  for (const [name, b] of branches) if (!["converged", "completed"].includes(b.outcome.kind)) print(`${name}: ${outcomeText(b.outcome)}`);
  print(`\nphase: ${prediction.phase ?? "not defined for this model"}`);
  const points = prediction.fixedPoints ?? [];
  if (points.length) {
    const orders = Object.keys(points[0].order);
    const told = points.some((p) => p.freeEntropy !== undefined);
    print("\nfixed points");
    print(
      table(
        [...orders, ...(told ? ["free entropy"] : []), "stability"],
        points.map((p) => [
          ...orders.map((k) => digits(p.order[k], 8)),
          ...(told ? [p.freeEntropy === undefined ? "" : p.freeEntropy === null ? "+infinity" : digits(p.freeEntropy, 8)] : []),
          p.stable ? "stable" : "unstable"
        ]),
        []
      )
    );
  }
  const kept = compact(run.t.length);
  print(`\n${s.time ? "trajectory" : "state evolution"}: ${outcomeText(run.outcome)}`);
  print(
    table(
      [s.time?.symbol ?? "t", ...names],
      kept.map((i) => [digits(run.t[i]), ...names.map((k) => digits(run.series[k][i]))]),
      []
    )
  );
}

/** About twelve rows: the first ones, then ever wider steps, and the last. */
function compact(length: number): number[] {
  const wanted = new Set<number>([0, length - 1]);
  for (let i = 1; i < length; i = Math.max(i + 1, Math.round(i * 1.6))) wanted.add(i);
  return [...wanted].filter((i) => i >= 0).sort((a, b) => a - b);
}
