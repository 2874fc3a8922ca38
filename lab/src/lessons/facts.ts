/** What a lesson states, as data: its numbers with the command that gives each, the settings of its live figures, its exercises. */
import { kebab } from "../../../src/core/specs.ts";
import type { Value } from "../../../src/core/types.ts";
import type { Setting, ViewId } from "../address/address.ts";
import type { ExerciseSpec } from "./exercise.ts";

type Raw = Readonly<Record<string, Value>>;
interface Model {
  readonly scenario: string;
  readonly params?: Raw;
}
/** Where a number is from; a test computes every one of them again. */
export type Source =
  | (Model & { readonly kind: "threshold"; readonly name: string })
  | (Model & { readonly kind: "prediction"; readonly branch: "algorithmic" | "optimal"; readonly observable: string })
  /** The theory of a trajectory at time t. */
  | (Model & { readonly kind: "trajectory"; readonly observable: string; readonly t: number })
  /** One run at its end; bit-identical everywhere. */
  | (Model & { readonly kind: "run"; readonly observable: string; readonly seed: number })
  /** One frame of one run. */
  | (Model & { readonly kind: "frame"; readonly observable: string; readonly seed: number; readonly t: number })
  /** A closed form, written out. */
  | { readonly kind: "formula"; readonly text: string; compute(): number };

export interface Known {
  readonly value: number;
  /** Decimals shown; the number is right to them. */
  readonly decimals: number;
  readonly what: string;
  readonly from: Source;
}

/** A live figure: as much of a setting as differs from the defaults. */
export interface LiveSetting {
  readonly scenario: string;
  readonly view: ViewId;
  readonly params?: Raw;
  readonly seed?: number;
  readonly seeds?: number;
  readonly options?: Readonly<Record<string, string>>;
}

export interface Work {
  readonly cite: string;
  readonly url: string;
  /** What to read it for. */
  readonly read: string;
}

export interface LessonFacts {
  readonly known: Readonly<Record<string, Known>>;
  readonly settings: Readonly<Record<string, LiveSetting>>;
  readonly exercises: Readonly<Record<string, ExerciseSpec>>;
  readonly works: readonly Work[];
}

/** Identity at run time; at compile time it keeps the names. */
export function facts<const F extends LessonFacts>(all: F): F {
  return all;
}

export function settingOf(live: LiveSetting): Setting {
  const { scenario, view, params = {}, seed = 1, seeds = 4, options = {} } = live;
  return { scenario, view, params, seed, seeds, options };
}

export function shownNumber({ value, decimals }: Known): string {
  return value.toFixed(decimals).replace("-", "−");
}

/** The command line that prints the number, or the closed form. */
export function provenance(from: Source): string {
  if (from.kind === "formula") return from.text;
  const flags = Object.entries(from.params ?? {}).map(([k, v]) => ` --${kebab(k)} ${typeof v === "object" ? v.join("/") : v}`);
  const verb = { threshold: "thresholds", prediction: "predict", trajectory: "predict", run: "simulate", frame: "simulate" }[from.kind];
  const seed =
    from.kind === "run" || from.kind === "frame"
      ? ` --seed ${from.seed} --seeds 1${from.kind === "frame" ? " --trajectory --json" : ""}`
      : "";
  return `spinodal ${verb} ${from.scenario}${flags.join("")}${seed}`;
}
