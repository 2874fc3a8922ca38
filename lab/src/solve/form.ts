/** The options of the page as its address carries them: strings, absent at their default. The data are never among them. */
import { IMAGE_MODELS, IMAGE_TASKS } from "./imageWords.ts";
import { EXAMPLES, type ExampleId } from "./exampleIds.ts";
import { plain } from "../figures/number.ts";
import type { Brick } from "../catalogue/types.ts";
import { readSpec } from "../../../src/core/specs.ts";

export type Options = Readonly<Record<string, string>>;

export const DEFAULTS = {
  kind: "data",
  example: "",
  exampleSeed: "1",
  prior: "gauss-bernoulli:rho=0.1",
  channel: "gaussian:noise=0.01",
  learn: "",
  auto: "",
  basis: "",
  damping: "",
  iterations: "",
  init: "",
  seed: "1",
  task: "inpaint",
  model: "total-variation",
  share: "0.5",
  noise: "0.01",
  weight: "0.5",
  side: "64"
} as const;
export type Key = keyof typeof DEFAULTS;
export type Form = Readonly<Record<Key, string>>;

export function formOf(options: Options): Form {
  return Object.fromEntries(Object.entries(DEFAULTS).map(([key, fallback]) => [key, options[key] ?? fallback])) as Form;
}

/** With some changed; what is at its default is left out, so that the same page has the same address. */
export function changed(options: Options, patch: Partial<Record<Key, string>>): Options {
  const next: Options = { ...options, ...patch };
  return Object.fromEntries(
    Object.entries(DEFAULTS).flatMap(([key, fallback]) => (next[key] !== undefined && next[key] !== fallback ? [[key, next[key]]] : []))
  );
}

export function exampleOf(form: Form): ExampleId | null {
  return EXAMPLES.find((e) => e === form.example) ?? null;
}

/** A whole number as typed; the fallback where it is none. */
export function wholeOf(text: string, fallback: number): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : fallback;
}

export interface LearnableName {
  /** As the option says it: rho, or prior.variance where both have one. */
  readonly name: string;
  readonly symbol: string;
  readonly about: string;
}

/** Real parameters of the prior and channel that are chosen. */
export function learnableNames(
  form: Form,
  bricks: { readonly prior: readonly Brick[]; readonly channel: readonly Brick[] }
): LearnableName[] {
  const found = (["prior", "channel"] as const).map((of) => {
    const id = idOf(form[of]);
    const brick = bricks[of].find((b) => b.id === id);
    return Object.entries(brick?.params ?? {})
      .filter(([, p]) => p.kind === "real")
      .map(([key, p]) => ({ of, key, symbol: p.symbol, about: p.about }));
  });
  const [first, second] = found.map((all) => all.map((p) => p.key));
  return found.flat().map(({ of, key, symbol, about }) => ({
    name: first.includes(key) && second.includes(key) ? `${of}.${key}` : key,
    symbol,
    about
  }));
}

function idOf(spec: string): string {
  try {
    return readSpec(spec).id;
  } catch {
    return "";
  }
}

export function learnList(form: Form): string[] {
  return form.learn.split(",").filter((name) => name !== "");
}

/** Those that the bricks chosen still have. */
export function keptLearn(form: Form, names: readonly LearnableName[]): string {
  return learnList(form)
    .filter((name) => names.some((n) => n.name === name))
    .join(",");
}

export interface ImageNumbers {
  readonly share: number;
  readonly noise: number;
  readonly weight: number;
  readonly side: number;
  readonly seed: number;
}

/** Numbers of the picture's form, or the sentence of the first that is none. */
export function imageNumbers(form: Form): ImageNumbers | string {
  const real = (key: "share" | "noise" | "weight", least: number, most: number, what: string): number | string => {
    const x = form[key].trim() === "" ? Number.NaN : Number(form[key]);
    return x >= least && x <= most ? x : `${what} must be a number from ${plain(least)} to ${plain(most)}, got ${form[key]}.`;
  };
  const share = real("share", 0.01, 1, "The share of measurements");
  const noise = real("noise", 1e-6, 10, "The variance of the noise");
  const weight = real("weight", 0.001, 100, "The weight of the total variation");
  for (const x of [share, noise, weight]) if (typeof x === "string") return x;
  const side = [32, 64, 128].find((s) => String(s) === form.side) ?? 64;
  return { share: Number(share), noise: Number(noise), weight: Number(weight), side, seed: wholeOf(form.seed, 1) };
}

export const taskOf = (form: Form) => IMAGE_TASKS.find((t) => t === form.task) ?? "inpaint";
export const modelOf = (form: Form) => IMAGE_MODELS.find((m) => m === form.model) ?? "total-variation";
