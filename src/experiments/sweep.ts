/** What every sweep shares: the laboratory it runs in, the cells it asks for, the records it gets. */
import { parse } from "../core/parameters.ts";
import type { Value } from "../core/types.ts";
import { type AnyDeclaration, type Cell, type CellRecord, cellKey, manifestOf, type Scenarios } from "./cell.ts";
import { breathe, type Executor, type Progress, type SweepSummary } from "./executor.ts";
import type { Store } from "./store.ts";
import { version } from "./version.ts";

export interface Laboratory {
  readonly scenarios: Scenarios;
  readonly executor: Executor;
  readonly store: Store;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The sweep was stopped; what was finished is in the store, and the same request goes on from there. */
export class Interrupted extends Error {
  override name = "Interrupted";
  readonly summary: SweepSummary;
  constructor(summary: SweepSummary) {
    super(`interrupted: ${summary.done} of ${summary.total} cells are finished and kept; the same command continues from there`);
    this.summary = summary;
  }
}

/** Computes what is missing and returns the records of these cells by key. Throws Interrupted; throws Error if workers died. */
export async function runCells(cells: readonly Cell[], stage: string, laboratory: Laboratory): Promise<ReadonlyMap<string, CellRecord>> {
  const { executor, scenarios, store, onProgress, signal } = laboratory;
  await keysOf(cells);
  const manifest = manifestOf(stage, cells);
  await store.saveManifest(manifest);
  const summary = await executor.run({ manifest, scenarios, store, signal, onProgress });
  if (summary.interrupted) throw new Interrupted(summary);
  const found = new Map<string, CellRecord>();
  for (const cell of manifest.cells) {
    const key = cellKey(cell);
    const record = store.get(key);
    if (record) found.set(key, record);
  }
  const missing = manifest.cells.length - found.size;
  if (missing > 0)
    throw new Error(
      `${stage}: ${missing} of ${manifest.cells.length} cells have no result; ${summary.crashes[0] ?? "the executor left them out"}`
    );
  return found;
}

/** Thousands of keys take a tenth of a second: made in slices, so that a page stays alive. */
async function keysOf(cells: readonly Cell[]): Promise<void> {
  let breath = performance.now();
  for (const cell of cells) {
    cellKey(cell);
    if (performance.now() - breath < 8) continue;
    await breathe();
    breath = performance.now();
  }
}

/** Sweeps side by side on one executor: all of them finish, or the first failure stops the others and is thrown. */
export async function sideBySide(laboratory: Laboratory, sweeps: readonly ((laboratory: Laboratory) => Promise<void>)[]): Promise<void> {
  const failure = new AbortController();
  const signal = laboratory.signal ? AbortSignal.any([laboratory.signal, failure.signal]) : failure.signal;
  const stopping = sweeps.map((sweep) =>
    sweep({ ...laboratory, signal }).catch((error: unknown) => {
      failure.abort();
      throw error;
    })
  );
  const ended = await Promise.allSettled(stopping);
  const errors = ended.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  // an abort of our own makes the others end as interrupted, which is not why
  const why = errors.find((error) => !(error instanceof Interrupted)) ?? errors[0];
  if (why !== undefined) throw why;
}

/** Every 16th, then every 8th between them, and so on: a line that takes long is seen whole, in outline, early. */
export function coarseFirst<T>(items: readonly T[]): T[] {
  const order: T[] = [];
  for (let stride = 16; stride >= 1; stride /= 2)
    items.forEach((item, k) => {
      if (k % stride === 0 && (stride === 16 || k % (2 * stride) !== 0)) order.push(item);
    });
  return order;
}

/** The parameters with defaults filled in. Throws ParameterError. */
export function complete(scenario: AnyDeclaration, raw: Readonly<Record<string, unknown>>): Record<string, Value> {
  return parse(scenario, raw) as Record<string, Value>;
}

/** `params` in full. */
export function simulateCells(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, unknown>>,
  seeds: readonly number[],
  options: { readonly trajectory?: boolean } = {}
): Cell[] {
  const full = complete(scenario, params);
  return seeds.map((seed) => ({
    scenario: scenario.id,
    kind: "simulate",
    params: full,
    seed,
    version,
    ...(options.trajectory ? { trajectory: true as const } : {})
  }));
}

/** Theory knows no system size (unless the scenario says so): `size` is taken out of the key by setting it to its default. */
function asymptotic(scenario: AnyDeclaration, params: Readonly<Record<string, unknown>>): Record<string, Value> {
  const full = complete(scenario, params);
  if ("size" in scenario.params && !scenario.sized) full.size = scenario.params.size.default;
  return full;
}

/** One `predict` cell for each value of `name`. */
export function predictCells(
  scenario: AnyDeclaration,
  params: Readonly<Record<string, unknown>>,
  name: string,
  values: readonly number[]
): Cell[] {
  return values.map((x) => ({
    scenario: scenario.id,
    kind: "predict",
    params: asymptotic(scenario, { ...params, [name]: x }),
    seed: null,
    version
  }));
}

/** The parameter that thresholds are values of, or null when there is none. */
export function alongOf(scenario: AnyDeclaration): string | null {
  const name = scenario.along ?? "alpha";
  return scenario.thresholdNames.length > 0 && name in scenario.params ? name : null;
}

/** Thresholds are values of one parameter: that one is taken out of the key. */
export function thresholdsCell(scenario: AnyDeclaration, params: Readonly<Record<string, unknown>>): Cell {
  const full = asymptotic(scenario, params);
  const along = alongOf(scenario);
  if (along !== null) full[along] = scenario.params[along].default;
  return { scenario: scenario.id, kind: "thresholds", params: full, seed: null, version };
}

/** The letter of each parameter, for figures. */
export function symbolsOf(scenario: AnyDeclaration): Record<string, string> {
  return Object.fromEntries(Object.keys(scenario.params).map((k) => [k, scenario.params[k].symbol]));
}

/** From the bottom of a diagram up. */
export function phasesOf(scenario: AnyDeclaration): readonly string[] {
  return scenario.phases ?? ["impossible", "hard", "easy"];
}

export function branchNamesOf(scenario: AnyDeclaration): { readonly algorithmic: string; readonly optimal: string } {
  return scenario.branchNames ?? { algorithmic: "algorithmic", optimal: "optimal" };
}

/** The parameters a figure should name: those of the model that papers state, and whatever is not at its default. */
const STATED = [
  "prior",
  "channel",
  "ensemble",
  "layers",
  "activation",
  "latentRatio",
  "rho",
  "noise",
  "width",
  "field",
  "loss",
  "lambda",
  "size"
];
export function notableOf(scenario: AnyDeclaration, params: Readonly<Record<string, Value>>): string[] {
  return Object.keys(scenario.params).filter((k) => STATED.includes(k) || String(params[k]) !== String(scenario.params[k].default));
}
