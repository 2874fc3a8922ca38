/** The work of one cell, through the scenario contract alone. Never throws: an exception becomes an error record. */
import { succeeded } from "../core/outcome.ts";
import { ParameterError, parse } from "../core/parameters.ts";
import { collect, final } from "../core/scenario.ts";
import type { Run, Value } from "../core/types.ts";
import {
  type AnyScenario,
  type Cell,
  type CellRecord,
  type CellResult,
  cellKey,
  type KeptFrames,
  type Scenarios,
  scenarioById
} from "./cell.ts";
import { hashingRng, naming } from "./instance.ts";

export function runCell(cell: Cell, scenarios: Scenarios): CellRecord {
  const start = performance.now();
  let result: CellResult;
  try {
    result = compute(cell, scenarioById(scenarios, cell.scenario));
  } catch (error) {
    const usage = error instanceof ParameterError ? { usage: true as const } : {};
    result = { kind: "error", error: error instanceof Error ? error.message : String(error), ...usage };
  }
  return { key: cellKey(cell), cell, result, seconds: Math.round((performance.now() - start) * 1e3) / 1e6 };
}

function compute(cell: Cell, scenario: AnyScenario): CellResult {
  const params = parse(scenario, cell.params);
  switch (cell.kind) {
    case "predict":
      return { kind: "predict", prediction: scenario.predict(params), ...caveatOf(scenario, params) };
    case "thresholds":
      return { kind: "thresholds", thresholds: scenario.thresholds?.(params) ?? {} };
    default: {
      const seed = cell.seed ?? 0;
      const rng = hashingRng(seed, scenario.id);
      let instance = "";
      const frames = naming(scenario.simulate(params, rng), rng, (name) => {
        instance = name;
      });
      const run: Run = collect(scenario, "simulation", params, seed, frames);
      return {
        kind: "simulate",
        outcome: run.outcome,
        observables: finite(final(run)),
        ...(run.extra ? { extra: run.extra } : {}),
        instance,
        ...(cell.trajectory ? { trajectory: finiteFrames(run) } : {})
      };
    }
  }
}

function caveatOf(scenario: AnyScenario, params: Readonly<Record<string, Value>>): { readonly caveat?: string } {
  const caveat = scenario.caveat?.(params) ?? null;
  return caveat === null ? {} : { caveat };
}

/** JSON has no NaN: an observable that is not finite (a run that blew up) is left out, never written as null. */
function finite(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => Number.isFinite(v)));
}

/** The frames before the first that is not finite. */
function finiteFrames(run: Run): KeptFrames {
  const bad = run.t.findIndex((t, k) => !Number.isFinite(t) || Object.values(run.series).some((s) => !Number.isFinite(s[k])));
  const length = bad < 0 ? run.t.length : bad;
  const upTo = <T>(all: Readonly<Record<string, readonly T[]>>) =>
    Object.fromEntries(Object.entries(all).map(([k, s]) => [k, s.slice(0, length)]));
  const matrices = run.matrices && JSON.stringify(run.matrices).includes("null") ? undefined : run.matrices; // NaN or infinity in an entry
  return { t: run.t.slice(0, length), series: upTo(run.series), ...(matrices ? { matrices: upTo(matrices) } : {}) };
}

/** Bad news: an exception, or a run whose outcome is not good news. */
export function failed(result: CellResult): boolean {
  return result.kind === "error" || (result.kind === "simulate" && !succeeded(result.outcome));
}
