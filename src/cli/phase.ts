/** `spinodal phase ID --x NAME=GRID`: the phase diagram over one parameter and alpha. */
import type { Command } from "commander";
import { ParameterError } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import { parseAxis } from "../experiments/axis.ts";
import { type PhaseDiagram, phaseDiagram } from "../experiments/phase.ts";
import { phasePlot } from "../experiments/terminalPlot.ts";
import { EXIT } from "./exit.ts";
import { chosenObservable, inLaboratory, successRule } from "./laboratory.ts";
import { digits, paramsText, print, printJson, table } from "./print.ts";
import { addScenario, paramsOf, seedList } from "./scenarioFlags.ts";

type Options = Readonly<Record<string, unknown>> & {
  json?: boolean;
  x?: string;
  y?: string;
  seed?: string;
  seeds?: string;
  out?: string;
  success?: string;
  observable?: string;
  workers?: string;
};

export function declare(command: Command, words: readonly string[]): void {
  const scenario = addScenario(command, words);
  command
    .option("--x <grid>", "the horizontal axis: rho=0.05:0.95:0.05 or noise=log:1e-4:1:9 (required)")
    .option("--y <grid>", "the vertical axis, alpha=0.1:1:0.1: the window, and where runs are made with --seeds")
    .option("--seeds <k>", "runs at each point of the grid (default 0: lines and regions only)")
    .option("--seed <s>", "the first seed (default 1)")
    .option("--success <rule>", "what counts as a success, such as mse<=1e-4; by default the outcome converged or exact-recovery")
    .option("--observable <name>", "what the heat map of runs shows, its mean (default: the share of successes)")
    .option("--workers <n>", "threads (default: one per core; 0: none)")
    .option("--json", "one JSON object on stdout")
    .option("--out <dir>", "table, manifest and figure; what is finished is kept, and the same command resumes")
    .action(async (_id: string, options: Options) => {
      if (!scenario) return;
      if (options.x === undefined) throw new ParameterError("phase: --x is missing, such as --x rho=0.05:0.95:0.05");
      const x = parseAxis(options.x, scenario);
      const y = options.y === undefined ? undefined : parseAxis(options.y, scenario);
      const seeds = seedList(options, 0, 0);
      if (seeds.length && !y) throw new ParameterError("phase: --seeds needs --y, where runs are made, such as --y alpha=0.1:1:0.1");
      const success = successRule(options.success, Object.keys(scenario.observables));
      const observable =
        options.observable === undefined ? {} : { observable: chosenObservable(options.observable, Object.keys(scenario.observables)) };
      const params = paramsOf(scenario, options);
      const simulate = seeds.length ? { simulate: { seeds, ...(success ? { success } : {}) } } : {};
      const p = await inLaboratory(options, (laboratory) =>
        phaseDiagram({ scenario, params, x, ...(y ? { y } : {}), ...simulate }, laboratory)
      );
      const files =
        options.out === undefined ? [] : await (await import("../experiments/node/files.ts")).writePhaseDiagram(options.out, p, observable);
      if (options.json) {
        const {
          scenario: { id },
          ...rest
        } = p;
        const axis = { x: { name: p.x.name, values: p.x.values }, y: { name: p.y.name, values: p.y.values } };
        printJson({ ...rest, scenario: id, ...axis, ...(files.length ? { files } : {}) });
      } else show(p, files);
      const bad = p.runs.length > 0 && p.runs.every((r) => r.outcome === "diverged" || r.outcome === "horizon" || r.outcome === "error");
      if (bad) process.exitCode = EXIT.failed;
    });
}

function show(p: PhaseDiagram, files: readonly string[]): void {
  const { [p.x.name]: _, [p.y.name]: __, ...rest } = p.params;
  print(`${p.scenario.title}   ${paramsText(rest)}\n`);
  const asked = p.columns.filter((c) => p.x.values.includes(c.x));
  print(
    table(
      [kebab(p.x.name), ...p.thresholdNames],
      asked.map((c) => [digits(c.x), ...p.thresholdNames.map((name) => c.thresholds[name]?.toFixed(8) ?? "none")])
    )
  );
  print(`\n${phasePlot(p)}`);
  if (files.length) print(`\n${files.map((f) => `wrote ${f}`).join("\n")}`);
}
