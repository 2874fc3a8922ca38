/** `spinodal thresholds ID`: the transitions, to ten digits. */
import type { Command } from "commander";
import { ParameterError } from "../core/parameters.ts";
import { version } from "../experiments/version.ts";
import { saveResult } from "./files.ts";
import { paramsText, print, printJson, table } from "./print.ts";
import { addScenario, paramsOf } from "./scenarioFlags.ts";

export function declare(command: Command, words: readonly string[]): void {
  const scenario = addScenario(command, words);
  command
    .option("--json", "one JSON object on stdout")
    .option("--seed <n>", "accepted everywhere; theory draws nothing")
    .option("--out <dir>", "also write thresholds.json there")
    .action((_id: string, options: Readonly<Record<string, unknown>> & { json?: boolean; out?: string }) => {
      if (!scenario) return;
      if (!scenario.thresholds) throw new ParameterError(`${scenario.id}: it reports no thresholds; try spinodal predict ${scenario.id}`);
      const along = scenario.along ?? "alpha"; // the ratio of samples to dimensions, as a rule
      const params = paramsOf(scenario, options);
      const values: Readonly<Record<string, number | null>> = scenario.thresholds(params);
      const note = scenario.thresholdsNote?.(params) ?? null;
      const json = { scenario: scenario.id, params, version, along, thresholds: values, ...(note ? { note } : {}) };
      const file = options.out ? saveResult(options.out, "thresholds", json) : null;
      if (options.json) return printJson({ ...json, ...(file ? { files: [file] } : {}) });
      const { [along]: _, ...rest } = params;
      print(`${scenario.title}   ${paramsText(rest)}\n`);
      print(
        table(
          ["threshold", along],
          Object.entries(values).map(([name, x]) => [
            name,
            x === null ? (note ? "not computed" : "none") : x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential(9) : x.toFixed(10)
          ])
        )
      );
      if (note) print(`\n${note}`);
      if (file) print(`wrote ${file}`);
    });
}
