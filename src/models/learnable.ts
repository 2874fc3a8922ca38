/** A model as a function of its numbers: what learning and continuation ask for. */
import type { Graph } from "../core/types.ts";
import type { Model } from "./model.ts";

export interface Learnable {
  /** The graph at other values; modules that do not depend on what changed are the same objects. */
  graph(values: Readonly<Record<string, number>>): Graph;
  readonly values: Readonly<Record<string, number>>;
  readonly ranges: Readonly<Record<string, { readonly min: number; readonly max: number; readonly scale?: "log" | "linear" }>>;
}

/** All real parameters but the sizes and ratios, which the data fix. */
export function learnable(model: Model): Learnable {
  const free = model.parameters.filter((p) => p.key !== "size" && p.key !== "ratio" && !p.integer);
  return {
    graph: (values) => model.with(values).graph,
    values: Object.fromEntries(free.map((p) => [p.name, p.value])),
    ranges: Object.fromEntries(free.map(({ name, min, max, scale }) => [name, { min, max, ...(scale ? { scale } : {}) }]))
  };
}
