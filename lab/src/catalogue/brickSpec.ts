/** Brick specs and layers as forms edit them: taken apart, checked against the catalogue, put together again. No code of a brick is loaded. */
import { ParameterError, parse, suggestion } from "../../../src/core/parameters.ts";
import { kebab, readSpec } from "../../../src/core/specs.ts";
import type { Value } from "../../../src/core/types.ts";
import type { Brick } from "./types.ts";

/** A family and those of its parameters that are given. */
export interface SpecParts {
  readonly id: string;
  readonly params: Readonly<Record<string, Value>>;
}

const plain = (value: Value) => (typeof value === "object" ? value.join("/") : String(value));

export function brickOf(bricks: readonly Brick[], id: string): Brick | undefined {
  return bricks.find((b) => b.id === id);
}

/** Throws ParameterError for an unknown family, an unknown parameter, a value out of range. */
export function checkSpec(text: string, bricks: readonly Brick[], kind: string): SpecParts {
  const { id, raw } = readSpec(text, kind);
  const ids = bricks.map((b) => b.id);
  const brick = brickOf(bricks, id);
  if (!brick) throw new ParameterError(`unknown ${kind} ${JSON.stringify(id)}${suggestion(id, ids) || ";"} there are ${ids.join(", ")}`);
  const values = parse(brick, raw) as Record<string, Value>;
  return { id, params: Object.fromEntries(Object.keys(raw).map((key) => [key, values[key]])) };
}

/** The same in one word; parameters at their default are left out. */
export function specText(parts: SpecParts, bricks: readonly Brick[]): string {
  const declared = brickOf(bricks, parts.id)?.params ?? {};
  const pairs = Object.entries(parts.params)
    .filter(([key, value]) => declared[key] === undefined || plain(value) !== plain(declared[key].default))
    .map(([key, value]) => `${kebab(key)}=${plain(value)}`);
  return pairs.length ? `${parts.id}:${pairs.join(",")}` : parts.id;
}

/** One row of the editor of layers: h = phi(W h' + noise), W of ratio n/n'. `own`: parameters of the activation itself. */
export interface LayerRow {
  readonly id: string;
  readonly ratio: number;
  readonly noise: number;
  readonly own: Readonly<Record<string, Value>>;
}
export const DEEPEST = 4;

/** The grammar of src/scenarios/family/layers.ts. Throws ParameterError. */
export function checkLayers(text: string, activations: readonly Brick[], owner: string): LayerRow[] {
  const words = text
    .split(";")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length < 1 || words.length > DEEPEST)
    throw new ParameterError(
      `${owner}: layers must be 1 to ${DEEPEST} activations separated by ; such as relu:ratio=2,noise=0;linear:ratio=1,noise=0.1, got ${words.length}`
    );
  return words.map((word) => {
    const { id, raw } = readSpec(word, "layer");
    const { ratio = "1", noise = "0", ...rest } = raw;
    const spec = Object.entries(rest).map(([k, v]) => `${k}=${v}`);
    const { params } = checkSpec(spec.length ? `${id}:${spec.join(",")}` : id, activations, "activation");
    return {
      id,
      ratio: bounded(owner, word, "ratio", ratio, 1e-3, 1e3),
      noise: bounded(owner, word, "noise", noise, 0, 1e6),
      own: params
    };
  });
}

export function layersText(rows: readonly LayerRow[]): string {
  return rows
    .map(({ id, ratio, noise, own }) => {
      const pairs = Object.entries(own).map(([k, v]) => `${kebab(k)}=${plain(v)}`);
      return `${id}:${[`ratio=${ratio}`, `noise=${noise}`, ...pairs].join(",")}`;
    })
    .join(";");
}

function bounded(owner: string, layer: string, name: string, text: string, min: number, max: number): number {
  const x = text.trim() === "" ? Number.NaN : Number(text);
  if (x >= min && x <= max) return x;
  throw new ParameterError(`${owner}: ${name} of layer ${layer} must be a number in [${min}, ${max}], got ${text}`);
}
