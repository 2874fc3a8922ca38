/** `spinodal compare ID --along NAME=GRID`: theory as lines, runs as dots; table, csv, manifest and figures. */
import type { Command } from "commander";
import { ParameterError } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import { parseAxis } from "../experiments/axis.ts";
import { type Comparison, compare } from "../experiments/compare.ts";
import { comparisonPlot } from "../experiments/terminalPlot.ts";
import { EXIT } from "./exit.ts";
import { chosenObservable, inLaboratory, successRule } from "./laboratory.ts";
import { digits, paramsText, print, printJson, table } from "./print.ts";
import { addScenario, paramsOf, seedList } from "./scenarioFlags.ts";

type Options = Readonly<Record<string, unknown>> & {
  json?: boolean;
  along?: string;
  seed?: string;
  seeds?: string;
  out?: string;
  observable?: string;
  success?: string;
  workers?: string;
};

export function declare(command: Command, words: readonly string[]): void {
  const scenario = addScenario(command, words);
  command
    .option("--along <grid>", "the horizontal axis: alpha=0.2:2:0.1, alpha=0.5,1,2 or noise=log:1e-4:1:9 (required)")
    .option("--seeds <k>", "runs at each value (default 4; 0: theory only)")
    .option("--seed <s>", "the first seed (default 1)")
    .option("--observable <name>", "what the table and the terminal plot show (default: the first)")
    .option("--success <rule>", "what counts as a success, such as mse<=1e-4; by default the outcome converged or exact-recovery")
    .option("--workers <n>", "threads (default: one per core; 0: none)")
    .option("--json", "one JSON object on stdout")
    .option("--out <dir>", "tables, manifest and figures; finished runs are kept, and the same command resumes")
    .action(async (_id: string, options: Options) => {
      if (!scenario) return;
      if (options.along === undefined) throw new ParameterError("compare: --along is missing, such as --along alpha=0.2:2:0.1");
      const along = parseAxis(options.along, scenario);
      const names = Object.keys(scenario.observables);
      const observable = chosenObservable(options.observable, names);
      const success = successRule(options.success, names);
      const params = paramsOf(scenario, options);
      const seeds = seedList(options, 4, 0);
      const c = await inLaboratory(options, (laboratory) =>
        compare({ scenario, params, along, seeds, ...(success ? { success } : {}) }, laboratory)
      );
      const files =
        options.out === undefined
          ? []
          : await (await import("../experiments/node/files.ts")).writeComparison(options.out, c, { observables: [observable] });
      if (options.json) {
        const {
          scenario: { id },
          observables: _,
          dots,
          ...rest
        } = c;
        printJson({
          ...rest,
          scenario: id,
          along: { name: along.name, values: along.values },
          points: dots,
          ...(files.length ? { files } : {})
        });
      } else show(c, observable, files);
      const bad = c.runs.length > 0 && c.runs.every((r) => r.outcome === "diverged" || r.outcome === "horizon" || r.outcome === "error");
      if (bad || c.theory.every((p) => p.error !== undefined)) process.exitCode = EXIT.failed;
    });
}

function show(c: Comparison, observable: string, files: readonly string[]): void {
  const { [c.along.name]: _, ...rest } = c.params;
  print(`${c.scenario.title}   ${paramsText(rest)}\n`);
  const theory = new Map(c.theory.map((p) => [p.x, p]));
  const optimal = c.theory.some((p) => p.optimal);
  const simulated = c.dots.length > 0;
  const head = [
    kebab(c.along.name),
    "algorithmic",
    ...(optimal ? ["optimal"] : []),
    ...(simulated ? ["runs", "mean", "s.e.", "success"] : []),
    "phase"
  ];
  const rows = c.along.values.map((x) => {
    const p = theory.get(x);
    const dot = c.dots.find((d) => d.x === x);
    const mean = dot?.all[observable];
    const runs = simulated ? [String(dot?.runs ?? 0), digits(mean?.mean), digits(mean?.sem, 2), digits(dot?.success, 3)] : [];
    return [
      digits(x),
      digits(p?.algorithmic[observable]),
      ...(optimal ? [digits(p?.optimal?.[observable])] : []),
      ...runs,
      p?.phase ?? "-"
    ];
  });
  print(`${observable} ${c.observables[observable].symbol}: ${c.observables[observable].about}`);
  print(table(head, rows, [head.length - 1]));
  const known = Object.entries(c.thresholds).filter((pair): pair is [string, number] => pair[1] !== null);
  if (c.along.name === c.vertical && known.length)
    print(`\nthresholds: ${known.map(([name, x]) => `${name} ${x.toFixed(10)}`).join(", ")}`);
  else if (c.transitions.length)
    print(`\ntransitions: ${c.transitions.map(({ name, x }) => `${name} at ${c.along.name} = ${digits(x, 8)}`).join(", ")}`);
  print(`\n${comparisonPlot(c, observable)}`);
  const failures = c.runs.filter((r) => !r.good);
  if (failures.length) {
    const kinds = new Map<string, number>();
    for (const r of failures) kinds.set(r.outcome, (kinds.get(r.outcome) ?? 0) + 1);
    print(
      `\n${failures.length} of ${c.runs.length} runs did not converge (${[...kinds].map(([k, n]) => `${n} ${k}`).join(", ")}); they are in the table`
    );
  }
  const errors = c.theory.filter((p) => p.error !== undefined);
  if (errors.length) print(`\n${errors.length} theory points could not be computed: ${errors[0].error}`);
  if (files.length) print(`\n${files.map((f) => `wrote ${f}`).join("\n")}`);
}
