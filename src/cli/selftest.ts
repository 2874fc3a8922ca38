/** `spinodal selftest`: recomputes every published number of every scenario. */
import type { Command } from "commander";
import type { Landmark } from "../core/types.ts";
import type { AnyScenario } from "../experiments/cell.ts";
import { version } from "../experiments/version.ts";
import * as scenarios from "../scenarios/index.ts";
import { EXIT } from "./exit.ts";
import { saveResult } from "./files.ts";
import { digits, print, printJson, table } from "./print.ts";

export function declare(command: Command): void {
  command
    .option("--json", "one JSON object on stdout")
    .option("--seed <n>", "accepted everywhere; nothing is drawn")
    .option("--out <dir>", "also write selftest.json there")
    .action((options: { json?: boolean; out?: string }) => {
      const start = performance.now();
      const all: readonly AnyScenario[] = Object.values(scenarios);
      const rows = all.flatMap((s) => s.landmarks.map((landmark) => ({ scenario: s.id, ...check(landmark) })));
      const failed = rows.filter((row) => !row.passed).length;
      const json = { version, passed: rows.length - failed, failed, seconds: Math.round(performance.now() - start) / 1e3, landmarks: rows };
      const file = options.out ? saveResult(options.out, "selftest", json) : null;
      if (options.json) printJson(json);
      else {
        const cells = rows.map((r) => [
          r.scenario,
          r.name,
          digits(r.published, 11),
          digits(r.computed, 11),
          digits(r.error, 2),
          digits(r.tolerance, 2),
          r.passed ? "ok" : `MISSED${r.problem ? `: ${r.problem}` : ""}`
        ]);
        print(table(["scenario", "what", "published", "computed", "difference", "tolerance", ""], cells, [0, 1, 6]));
        print(`\n${json.passed} of ${rows.length} published numbers reproduced in ${json.seconds.toFixed(1)} s`);
        if (file) print(`wrote ${file}`);
      }
      if (failed) process.exitCode = EXIT.failed;
    });
}

/** A computation that throws is a missed landmark, with its sentence. */
function check(landmark: Landmark) {
  const { name, value, tolerance, source } = landmark;
  let computed: number | null = null;
  let problem = "";
  try {
    computed = landmark.compute();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const error = computed === null ? null : Math.abs(computed - value);
  return {
    name,
    source,
    published: value,
    computed,
    error,
    tolerance,
    passed: error !== null && error <= tolerance,
    ...(problem ? { problem } : {})
  };
}
