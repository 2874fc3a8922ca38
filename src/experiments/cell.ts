/** Cells: one piece of work of a sweep, named by the SHA-256 of its canonical JSON, and manifests, lists of cells. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ParameterError, suggestion } from "../core/parameters.ts";
import type { Declaration, Outcome, Prediction, Run, Scenario, Value } from "../core/types.ts";
import { version } from "./version.ts";

// biome-ignore lint/suspicious/noExplicitAny: a registry holds scenarios of every parameter set, as core's Registry holds families
export type AnyScenario = Scenario<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyDeclaration = Declaration<any, any>;
export type Scenarios = Readonly<Record<string, AnyScenario>>;

/** What is computed. `params` is complete (defaults filled in); `seed` is null for theory; `trajectory` keeps every frame of a run. */
export interface Cell {
  readonly scenario: string;
  readonly kind: "predict" | "simulate" | "thresholds";
  readonly params: Readonly<Record<string, Value>>;
  readonly seed: number | null;
  readonly version: string;
  readonly trajectory?: true;
}

/** Every frame of a run: observables, and matrices where it has them. */
export interface KeptFrames {
  readonly t: readonly number[];
  readonly series: Readonly<Record<string, readonly number[]>>;
  readonly matrices?: NonNullable<Run["matrices"]>;
}

/** What came out. A run that diverged is a result like any other; `error` is the sentence of an exception. */
export type CellResult =
  /** `caveat`: why runs are not what the prediction describes. */
  | { readonly kind: "predict"; readonly prediction: Prediction; readonly caveat?: string }
  | { readonly kind: "thresholds"; readonly thresholds: Readonly<Record<string, number | null>> }
  | {
      readonly kind: "simulate";
      readonly outcome: Outcome;
      /** The last frame. */
      readonly observables: Readonly<Record<string, number>>;
      readonly extra?: Readonly<Record<string, number>>;
      /** 16 hexadecimal digits of every number drawn before the first frame: the same instance, wherever it was drawn. */
      readonly instance: string;
      readonly trajectory?: KeptFrames;
    }
  /** `usage`: the parameters were refused, nothing was computed. */
  | { readonly kind: "error"; readonly error: string; readonly usage?: true };

/** One line of the store. */
export interface CellRecord {
  readonly key: string;
  readonly cell: Cell;
  readonly result: CellResult;
  readonly seconds: number;
}

export interface Manifest {
  readonly format: "spinodal-manifest-1";
  readonly description: string;
  readonly version: string;
  readonly cells: readonly Cell[];
}

/** JSON with sorted keys and no spaces; -0 is 0; throws on NaN and infinities, which JSON would turn into null. */
export function canonicalJson(value: unknown): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError(`canonical JSON: a number must be finite, got ${value}`);
    return JSON.stringify(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const keys = new WeakMap<Cell, string>();

/** 64 hexadecimal digits; the same in Node and in browsers. Remembered with the cell. */
export function cellKey(cell: Cell): string {
  let key = keys.get(cell);
  if (key === undefined) {
    key = bytesToHex(sha256(utf8ToBytes(canonicalJson(cell))));
    keys.set(cell, key);
  }
  return key;
}

/** Cells that occur twice are kept once. */
export function manifestOf(description: string, cells: readonly Cell[]): Manifest {
  const seen = new Set<string>();
  const unique = cells.filter((cell) => {
    const key = cellKey(cell);
    return !seen.has(key) && seen.add(key);
  });
  return { format: "spinodal-manifest-1", description, version, cells: unique };
}

/** Reads a manifest back. Throws ParameterError with the first thing that is wrong in it; zod is loaded only here. */
export async function readManifest(text: string, name = "manifest"): Promise<Manifest> {
  const { z } = await import("zod");
  const value = z.union([z.number(), z.string(), z.array(z.number())]);
  const schema = z.object({
    format: z.literal("spinodal-manifest-1"),
    description: z.string(),
    version: z.string(),
    cells: z.array(
      z.strictObject({
        scenario: z.string().min(1),
        kind: z.enum(["predict", "simulate", "thresholds"]),
        params: z.record(z.string(), value),
        seed: z.int().nullable(),
        version: z.string(),
        trajectory: z.literal(true).exactOptional()
      })
    )
  });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`${name}: expected the JSON of a manifest, ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ParameterError(`${name}: ${issue.path.join(".") || "the file"} is not what a manifest holds: ${issue.message}`);
}

/** Throws ParameterError with a suggestion when there is none. */
export function scenarioById(scenarios: Scenarios, id: string): AnyScenario {
  const all = Object.values(scenarios);
  const found = all.find((s) => s.id === id);
  if (found) return found;
  const ids = all.map((s) => s.id);
  throw new ParameterError(`unknown scenario ${JSON.stringify(id)}${suggestion(id, ids) || ";"} there are ${ids.join(", ")}`);
}
