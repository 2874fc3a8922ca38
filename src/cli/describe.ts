/** `spinodal describe ID`: a scenario (or a prior or channel) in words and formulas, with flags, ranges, references and landmarks. */
import type { Command } from "commander";
import * as channels from "../channels/index.ts";
import { ParameterError, suggestion } from "../core/parameters.ts";
import { kebab } from "../core/specs.ts";
import type { Family, Param, Params, Reference } from "../core/types.ts";
import type { AnyScenario } from "../experiments/cell.ts";
import * as priors from "../priors/index.ts";
import * as scenarios from "../scenarios/index.ts";
import { digits, print, printJson, table, wrap } from "./print.ts";
import { rangeText } from "./scenarioFlags.ts";

export function declare(command: Command): void {
  command
    .argument("<id>", "a scenario, a prior or a channel; spinodal list names them")
    .option("--json", "one JSON object on stdout")
    .action((id: string, { json }: { json?: boolean }) => {
      const all: readonly AnyScenario[] = Object.values(scenarios);
      const scenario = all.find((s) => s.id === id);
      if (scenario) {
        if (json) printJson(plain(scenario));
        else showScenario(scenario);
        return;
      }
      const kinds = { prior: Object.values(priors) as Family<unknown>[], channel: Object.values(channels) as Family<unknown>[] };
      const found = Object.entries(kinds).flatMap(([kind, families]) => families.filter((f) => f.id === id).map((f) => ({ kind, f })));
      if (found.length === 0) {
        const ids = [...all, ...kinds.prior, ...kinds.channel].map((x) => x.id);
        throw new ParameterError(
          `unknown id ${JSON.stringify(id)}${suggestion(id, ids) || ";"} scenarios are ${all.map((s) => s.id).join(", ")}; spinodal list names the bricks`
        );
      }
      if (json) {
        const { kind, f } = found[0];
        const also = found.slice(1).map((other) => ({ kind: other.kind, about: other.f.about, params: other.f.params }));
        printJson({ id, kind, about: f.about, params: f.params, references: f.references ?? [], ...(also.length ? { also } : {}) });
      } else for (const { kind, f } of found) showBrick(kind, f);
    });
}

function plain(s: AnyScenario) {
  const { id, title, summary, formulas, family, params, observables, thresholdNames, references, agreement } = s;
  const landmarks = s.landmarks.map(({ name, value, tolerance, source }) => ({ name, value, tolerance, source }));
  return { id, title, summary, formulas, family, params, observables, thresholds: thresholdNames, references, landmarks, agreement };
}

function showScenario(s: AnyScenario): void {
  print(`${s.title} (${s.id})\n`);
  print(wrap(s.summary));
  print(`\n${s.formulas.map((line) => `  ${line}`).join("\n")}\n`);
  flags(s.params);
  print("\nobservables");
  for (const [name, o] of Object.entries(s.observables)) print(`  ${name} (${o.symbol}): ${o.about}, in ${interval(o.range)}`);
  if (s.thresholdNames.length) print(`\nthresholds (along ${s.along ?? "alpha"})\n  ${s.thresholdNames.join(", ")}`);
  if (s.landmarks.length) {
    print("\npublished numbers, recomputed by spinodal selftest");
    print(
      table(
        ["  what", "value", "source"],
        s.landmarks.map((l) => [`  ${l.name}`, digits(l.value, 11), l.source]),
        [0, 2]
      )
    );
  }
  references(s.references);
}

function showBrick(kind: string, f: Family<unknown>): void {
  print(`${f.id}, a ${kind}\n`);
  print(wrap(f.about));
  print("");
  const names = Object.keys(f.params);
  print(names.length ? `written ${f.id}:${names.map((k) => `${kebab(k)}=${specValue(f.params[k])}`).join(",")}` : `written ${f.id}`);
  if (names.length) flags(f.params, "");
  references(f.references ?? []);
}

function specValue(p: Param): string {
  return typeof p.default === "object" ? p.default.join("/") : String(p.default);
}

function flags(params: Params, dashes = "--"): void {
  print(
    table(
      ["parameter", "", "range", "meaning"],
      Object.entries(params).map(([k, p]) => [`${dashes}${kebab(k)}`, p.symbol, rangeText(p), p.about]),
      [0, 1, 2, 3]
    )
  );
}

function references(list: readonly Reference[]): void {
  if (list.length === 0) return;
  print("\nreferences");
  for (const r of list) print(wrap(`${r.cite}${r.url ? ` ${r.url}` : ""} (${r.used})`, "  "));
}

/** "[0, 1]", or "[0, ∞)" where there is no bound. */
function interval([low, high]: readonly [number, number]): string {
  return `${Number.isFinite(low) ? `[${low}` : "(-∞"}, ${Number.isFinite(high) ? `${high}]` : "∞)"}`;
}
