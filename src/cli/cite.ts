/** `spinodal cite [ID]`: the papers behind a scenario, and this software, as text and BibTeX. */
import type { Command } from "commander";
import type { Reference } from "../core/types.ts";
import { scenarioById } from "../experiments/cell.ts";
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
      const software: Reference = {
        key: "spinodal",
        cite: `Spinodal, a laboratory for the statistical physics of inference, version ${version}`,
        used: "the computations"
      };
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

/** The authors are what precedes the journal; a citation that does not read so goes into `note` whole. */
function bibtex(r: Reference): string {
  const year = /\((\d{4})\)/.exec(r.cite)?.[1];
  const doi = r.url ? /doi\.org\/(.+)$/.exec(r.url)?.[1] : undefined;
  const fields = {
    note: `{${escapeTex(r.cite)}}`,
    ...(year ? { year: `{${year}}` } : {}),
    ...(doi ? { doi: `{${doi}}` } : {}),
    ...(r.url ? { url: `{${r.url}}` } : {})
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = ${value}`);
  return `@${r.key === "spinodal" ? "software" : "misc"}{${r.key},\n${lines.join(",\n")}\n}`;
}

function escapeTex(text: string): string {
  return text.replace(/[&%$#_]/g, (c) => `\\${c}`);
}
