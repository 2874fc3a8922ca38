/** Statistics of a point: what K runs at the same parameters say together. */
import { average } from "../core/scenario.ts";
import { type Cell, type CellRecord, cellKey } from "./cell.ts";
import { failed } from "./runCell.ts";
import type { Store } from "./store.ts";

export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Standard error of the mean; null for a single run. */
  readonly sem: number | null;
  readonly median: number;
}

/** A run counts as a success when its outcome is good news or, when a rule is given, when the observable says so. */
export interface SuccessRule {
  readonly observable: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One run of a sweep, flat. A failed run keeps its line. */
export interface RunRow {
  readonly x: number;
  readonly seed: number;
  readonly outcome: string;
  readonly iterations: number | null;
  readonly residual: number | null;
  readonly advice: string;
  readonly good: boolean;
  readonly success: boolean;
  /** Only finite values are here. */
  readonly observables: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The runs at one grid value. */
export interface Dot {
  readonly x: number;
  readonly runs: number;
  readonly good: number;
  /** Fraction of all runs. */
  readonly success: number;
  /** Over every run that has a finite value, and over those that ended well; null when there is none. */
  readonly all: Readonly<Record<string, Summary | null>>;
  readonly converged: Readonly<Record<string, Summary | null>>;
}

export function runRow(x: number, record: CellRecord, rule: SuccessRule | undefined): RunRow {
  const { result, cell, seconds } = record;
  const head = { x, seed: cell.seed ?? 0, seconds };
  if (result.kind !== "simulate") {
    const advice = result.kind === "error" ? result.error : `the store holds a ${result.kind} result for a run`;
    return { ...head, outcome: "error", iterations: null, residual: null, advice, good: false, success: false, observables: {} };
  }
  const good = !failed(result);
  const { outcome, observables } = result;
  const { kind, iterations, residual } = outcome;
  return {
    ...head,
    outcome: kind,
    iterations,
    residual,
    advice: outcome.advice ?? "",
    good,
    success: rule ? obeys(rule, observables) : good,
    observables
  };
}

function obeys(rule: SuccessRule, observables: Readonly<Record<string, number>>): boolean {
  const value = observables[rule.observable];
  return value !== undefined && value <= (rule.atMost ?? Number.POSITIVE_INFINITY) && value >= (rule.atLeast ?? Number.NEGATIVE_INFINITY);
}

export function summarise(values: readonly number[]): Summary | null {
  return values.length ? { n: values.length, ...average(values) } : null;
}

export function dotOf(x: number, rows: readonly RunRow[], observables: readonly string[]): Dot {
  const over = (chosen: readonly RunRow[]) =>
    Object.fromEntries(observables.map((o) => [o, summarise(chosen.map((r) => r.observables[o]).filter((v) => v !== undefined))]));
  const good = rows.filter((r) => r.good);
  return {
    x,
    runs: rows.length,
    good: good.length,
    success: rows.length ? rows.filter((r) => r.success).length / rows.length : 0,
    all: over(rows),
    converged: over(good)
  };
}

/** The runs of one grid value, read from a store while they come in: what has not changed since the last reading is not made again. */
export function runsAt(x: number, cells: readonly Cell[], rule: SuccessRule | undefined) {
  const found: (RunRow | null)[] = cells.map(() => null);
  let missing = cells.length;
  let sofar: { readonly rows: readonly RunRow[]; readonly dot: Dot } | null = null;
  return {
    x,
    cells,
    read(store: Store, observables: readonly string[]): { readonly rows: readonly RunRow[]; readonly dot: Dot } {
      const before = missing;
      if (missing > 0)
        cells.forEach((cell, k) => {
          const record = found[k] ? undefined : store.get(cellKey(cell));
          if (!record) return;
          found[k] = runRow(x, record, rule);
          missing--;
        });
      if (!sofar || missing < before) {
        const rows = found.filter((row) => row !== null);
        sofar = { rows, dot: dotOf(x, rows, observables) };
      }
      return sofar;
    }
  };
}
