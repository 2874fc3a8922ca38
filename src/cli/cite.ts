/** `spinodal cite [ID]`: the papers behind a scenario, and this software, as text and BibTeX. */
import type { Command } from "commander";
import { scenarioById } from "../experiments/cell.ts";
import { bibtex, software } from "../experiments/citations.ts";
import { version } from "../experiments/version.ts";
import * as scenarios from "../scenarios/index.ts";
import { saveResult } from "./files.ts";
import { print, printJson, wrap } from "./print.ts";

export function declare(command: Command): void {
  command
    .argument("[scenario]", "none: how to cite this software")
    .option("--json", "one JSON object on stdout")
    .option("--seed <n>", "accepted everywhere; nothing is drawn")
    .option("--out <dir>", "also write cite.json there")
    .action((id: string | undefined, options: { json?: boolean; out?: string }) => {
      const scenario = id === undefined ? null : scenarioById(scenarios, id);
      const references = [...(scenario?.references ?? []), software];
      const json = { scenario: scenario?.id ?? null, version, references, bibtex: references.map(bibtex).join("\n\n") };
      const file = options.out ? saveResult(options.out, "cite", json) : null;
      if (options.json) return printJson(json);
      if (scenario) print(`${scenario.title} (${scenario.id})\n`);
      for (const r of references) print(wrap(`${r.cite}${r.url ? ` ${r.url}` : ""} (${r.used})`));
      print(`\n${json.bibtex}`);
      if (file) print(`wrote ${file}`);
    });
}
