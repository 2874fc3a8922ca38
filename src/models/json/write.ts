/** A model as plain JSON, version 1: factors in order, each with its kind, its parameters, what it takes and what it gives (docs/models.md). */
import type { NumericArray } from "../../io/numericArray.ts";
import type { Model } from "../model.ts";

export const FORMAT = "spinodal-model";
export const VERSION = 1;

/** Answers with the name of the file that it writes `array` to; without it arrays are inline. */
export type WriteArray = (name: string, array: NumericArray) => string;

export interface ModelJson {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly factors: readonly Readonly<Record<string, unknown>>[];
}

export function toJson(model: Model, write?: WriteArray): ModelJson {
  const put = (name: string, { scalar, shape, data }: NumericArray): unknown =>
    write ? { file: write(name, { scalar, shape, data }) } : { scalar, shape: [...shape], data: Array.from(data) };
  const { placed, names } = model.plan;
  const name = (v: Parameters<typeof names.get>[0]) => names.get(v) as string;
  const one = (all: readonly string[]) => (all.length === 1 ? all[0] : all);
  const factors = placed.map(({ factor, inputs, outputs, owner, end }) => ({
    kind: factor.kind,
    ...factor.json(put, owner),
    ...(inputs.length ? { input: one(inputs.map(name)) } : {}),
    ...(outputs.length ? { output: one(outputs.map(name)) } : {}),
    ...(end && owner !== name(end.variable) ? { name: owner } : {}),
    ...(end?.data
      ? {
          data: end.source ?? put(owner, { scalar: factor.channel?.labelScalar ?? "real", shape: [...end.variable.shape], data: end.data })
        }
      : {})
  }));
  return JSON.parse(JSON.stringify({ format: FORMAT, version: VERSION, factors })) as ModelJson;
}
