/** The layers of a network as one word: relu:ratio=2,noise=0;linear:ratio=1,noise=0.1. */
import * as activations from "../../activations/index.ts";
import { ParameterError, parse, suggestion } from "../../core/parameters.ts";
import { familyOf, readSpec } from "../../core/specs.ts";
import type { Activation } from "../../core/types.ts";

/** h_l = phi(W h_(l-1) + N(0, noise)), W of ratio n_l/n_(l-1). */
export interface Layer {
  /** The activation with its own parameters, without ratio and noise. */
  readonly spec: string;
  readonly activation: Activation;
  readonly ratio: number;
  readonly noise: number;
}

const DEEPEST = 4;

/** Throws ParameterError. `owner` names the scenario. */
export function readLayers(text: string, owner: string): Layer[] {
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
    const { ratio = "1", noise = "0", ...own } = raw;
    const family = familyOf<Activation>(activations, id, "activation");
    const known = ["ratio", "noise", ...Object.keys(family.params)];
    for (const key of Object.keys(own))
      if (!known.includes(key))
        throw new ParameterError(`${owner}: layer ${word} has no ${key}${suggestion(key, known) || ";"} it has ${known.join(", ")}`);
    const pairs = Object.entries(own).map(([k, v]) => `${k}=${v}`);
    return {
      spec: pairs.length ? `${id}:${pairs.join(",")}` : id,
      activation: family.build(parse(family, own)),
      ratio: bounded(owner, word, "ratio", ratio, 1e-3, 1e3),
      noise: bounded(owner, word, "noise", noise, 0, 1e6)
    };
  });
}

function bounded(owner: string, layer: string, name: string, text: string, min: number, max: number): number {
  const x = text.trim() === "" ? Number.NaN : Number(text);
  if (x >= min && x <= max) return x;
  throw new ParameterError(`${owner}: ${name} of layer ${layer} must be a number in [${min}, ${max}], got ${text}`);
}
