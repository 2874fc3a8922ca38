/** A setting from a link, made safe: what cannot be used gives way to its default, and one sentence says so. */
import { ParameterError, parse, suggestion } from "../../../src/core/parameters.ts";
import type { Value } from "../../../src/core/types.ts";
import { version } from "../../../src/experiments/version.ts";
import type { BrickKind, Catalogue, Entry } from "../catalogue/types.ts";
import { checkLayers, checkSpec } from "../catalogue/brickSpec.ts";
import { type Address, type Setting, valueText } from "./address.ts";
import { fileBehind, isFileMark } from "./fileMarks.ts";

export interface Checked {
  readonly setting: Setting;
  /** One sentence each, for the reader of the link. */
  readonly notices: readonly string[];
}

/** Throws ParameterError where one value, by itself, cannot be used. Rules between parameters are the model's own, checked when it computes. */
export function checkValue(entry: Entry, key: string, value: Value, bricks: Catalogue["bricks"]): void {
  const param = entry.params[key];
  const [[, parsed]] = Object.entries(parse({ id: entry.id, params: { [key]: param } }, { [key]: value }) as Record<string, Value>);
  if (param.kind === "brick" && parsed !== "") checkSpec(String(parsed), bricks[param.registry as BrickKind], param.registry);
  if (param.kind === "layers") checkLayers(String(parsed), bricks.activation, entry.id);
}

export function checked(address: Extract<Address, { page: "scenario" }>, entry: Entry, bricks: Catalogue["bricks"]): Checked {
  const { setting, madeBy } = address;
  const notices: string[] = [];
  const params: Record<string, Value> = {};
  for (const [key, raw] of Object.entries(setting.params)) {
    const param = entry.params[key];
    let value = raw;
    if (param.kind === "file" && typeof raw === "string" && isFileMark(raw)) {
      const text = fileBehind(raw);
      if (text === undefined) {
        notices.push(`This link was made with a file for ${key} (${raw}), and files do not travel in links; choose it again under ${key}.`);
        continue;
      }
      value = text;
    }
    try {
      checkValue(entry, key, value, bricks);
      params[key] = value;
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      const fallback = valueText(param.default);
      notices.push(`${error.message}. The default${fallback === "" ? "" : `, ${fallback},`} is used.`);
    }
  }
  for (const key of Object.keys(setting.options)) {
    const meant = key.length > 3 ? suggestion(key, Object.keys(entry.params)) : "";
    if (meant) notices.push(`The link has ${key}, which ${entry.id} does not know${meant}`);
  }
  if (madeBy !== undefined && madeBy !== version)
    notices.push(`This link was made by version ${madeBy}; this is ${version}, and its numbers may differ.`);
  return { setting: { ...setting, params }, notices };
}

/** Without what is at its default, and in the order of the declaration: the same setting has the same address. */
export function trimmed(entry: Entry, params: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.keys(entry.params)
      .filter((key) => params[key] !== undefined && valueText(params[key]) !== valueText(entry.params[key].default))
      .map((key) => [key, params[key]])
  );
}
