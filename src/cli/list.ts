/** `spinodal list`: what can be computed, and the bricks it is made of. */
import type { Command } from "commander";
import { kebab } from "../core/specs.ts";
import type { Family, Param } from "../core/types.ts";
import * as activations from "../activations/index.ts";
import * as channels from "../channels/index.ts";
import * as ensembles from "../ensembles/index.ts";
import * as losses from "../losses/index.ts";
import type { AnyScenario } from "../experiments/cell.ts";
import { version } from "../experiments/version.ts";
import * as priors from "../priors/index.ts";
import * as scenarios from "../scenarios/index.ts";
import { print, printJson, table, wrap } from "./print.ts";

const BRICKS = { priors, channels, activations, ensembles, losses };

export function declare(command: Command): void {
  command.option("--json", "one JSON object on stdout").action(({ json }: { json?: boolean }) => {
    const all: readonly AnyScenario[] = Object.values(scenarios);
    if (json) {
      printJson({
        version,
        scenarios: all.map((s) => ({
          id: s.id,
          title: s.title,
          family: s.family,
          params: Object.keys(s.params),
          observables: Object.keys(s.observables),
          thresholds: s.thresholdNames
        })),
        ...Object.fromEntries(Object.entries(BRICKS).map(([name, registry]) => [name, bricks(registry)]))
      });
      return;
    }
    print(
      table(
        ["scenario", "model", "observables"],
        all.map((s) => [s.id, s.title, Object.keys(s.observables).join(", ")]),
        [0, 1, 2]
      )
    );
    for (const [name, registry] of Object.entries(BRICKS)) {
      const ids = bricks(registry).map((f) => f.id);
      print(`${name === "priors" ? "\n" : ""}${name}\n${wrap(ids.join(", "), "  ")}`);
    }
    print("\nmore: spinodal describe ID");
  });
}

// biome-ignore lint/suspicious/noExplicitAny: as core's Registry, families of every parameter set
function bricks(registry: Readonly<Record<string, Family<any, any>>>) {
  return Object.values(registry).map((f) => ({
    id: f.id,
    about: f.about,
    params: Object.entries<Param>(f.params).map(([key]) => kebab(key))
  }));
}
