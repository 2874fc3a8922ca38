/** The expression a model is written as: variables that remember what made them, factors that take and give variables, and ends. */
import { ParameterError } from "../core/parameters.ts";
import type { Channel, Module, Prior, Vec } from "../core/types.ts";
import type { NumericArray } from "../io/numericArray.ts";
import { type Shape, type Shaped, type ShapeGiven, shapeOf, shapeWords } from "./shape.ts";
import type { Scalar } from "../core/types.ts";

/** A number of a factor that may be learned or varied: `value` in [min, max]. */
export interface Knob {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly scale?: "log";
  readonly symbol: string;
  readonly about: string;
}

/** How arrays are written in JSON: inline, or handed to the caller, who answers with the name of a file. */
export type ArrayWriter = (name: string, array: NumericArray) => unknown;

/** A factor before it meets its neighbours: plain data and a recipe for its module. */
export interface Factor {
  /** The kind written in JSON: prior, likelihood, penalty, activation, linear, ... */
  readonly kind: string;
  /** What is printed and drawn: gauss-bernoulli, relu, dct. */
  readonly label: string;
  /** Default names of what comes out are this letter and a number. */
  readonly letter: string;
  readonly knobs: Readonly<Record<string, Knob>>;
  /** Further facts worth printing that are not knobs: boundary=periodic. */
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Shapes and fields of what comes out. Throws ParameterError; `who` names each input. */
  outputs(inputs: readonly Shaped[], who: readonly string[]): readonly Shaped[];
  /** Cheap: what is expensive (a decomposition) is done lazily by the module, and kept. */
  module(inputs: readonly Shaped[], outputs: readonly Shaped[]): Module;
  /** The same factor with other values of its knobs, already checked against their ranges. */
  with(values: Readonly<Record<string, number>>): Factor;
  /** Its part of the JSON, without kind and names. */
  json(write: ArrayWriter, name: string): Readonly<Record<string, unknown>>;
  /** Ensembles: a matrix drawn with this seed in place of the law; `inputs` are those of the sampled model. */
  drawn?(seed: number, inputs: readonly Shaped[]): Factor;
  /** Factors that were built for one shape (a transform, a drawn matrix): the same for another. */
  fitted?(inputs: readonly Shaped[], who: readonly string[]): Factor;
  /** Likelihoods: the same with data. */
  observing?(data: Vec): Factor;
  /** Likelihoods and priors keep their brick. */
  readonly channel?: Channel;
  readonly prior?: Prior;
  /** Priors: the shape asked for. */
  readonly shape?: Shape;
}

/** A factor applied to variables. */
export interface Application {
  readonly factor: Factor;
  readonly inputs: readonly ModelVariable[];
  readonly names: readonly (string | undefined)[];
  readonly outputs: readonly ModelVariable[];
}

/** An immutable node of an expression. A variable used by several factors branches: nothing need be written for it. */
export interface ModelVariable extends Shaped {
  /** Null until the model names it (z1, h1, ...). */
  readonly name: string | null;
  /** What made it; null for a free variable, which needs an `assume`. */
  readonly maker: Application | null;
  readonly port: number;
}

/** Where an expression ends: a likelihood (with data or without) or a prior put on a derived variable. */
export interface End {
  readonly end: "observe" | "assume";
  readonly factor: Factor;
  readonly variable: ModelVariable;
  readonly name?: string;
  /** Interleaved when the labels are complex. */
  readonly data?: Vec;
  /** How `data` are referred to in JSON, when they came from a file. */
  readonly source?: unknown;
}

/** Names are letters of any alphabet, digits, _ and primes. */
const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_']*$/u;

export function checkName(name: string, what: string): void {
  if (!NAME.test(name))
    throw new ParameterError(`${what}: a name must be a letter and then letters, digits, _ or ', such as x0, got ${JSON.stringify(name)}`);
}

/** How an error calls a variable: its name, or where it comes from. */
export function say(v: ModelVariable): string {
  if (v.name !== null) return v.name;
  if (!v.maker) return "a free variable";
  const [first] = v.maker.inputs;
  return `the output of ${v.maker.factor.label}${first ? ` on ${say(first)}` : ""}`;
}

/** Applies a factor: shapes and fields are checked here. */
export function apply(
  factor: Factor,
  inputs: readonly ModelVariable[],
  names: readonly (string | undefined)[] = []
): readonly ModelVariable[] {
  inputs.forEach((v, i) => {
    if (typeof v !== "object" || v === null || !Array.isArray(v.shape))
      throw new ParameterError(
        `${factor.label}: input ${i + 1} must be a variable of the model, such as priors.gaussian().variable("x", 1000), got ${typeof v}`
      );
  });
  for (const name of names) if (name !== undefined) checkName(name, factor.label);
  const shapes = factor.outputs(inputs, inputs.map(say));
  const outputs: ModelVariable[] = [];
  const maker: Application = { factor, inputs: Object.freeze([...inputs]), names, outputs };
  shapes.forEach(({ shape, scalar }, port) => {
    outputs.push(Object.freeze({ name: names[port] ?? null, shape, scalar, maker, port }));
  });
  Object.freeze(outputs);
  return outputs;
}

/** A variable without a prior of its own: `assume` must give it one. */
export function variable(name: string, shape: ShapeGiven, scalar: Scalar = "real"): ModelVariable {
  checkName(name, "variable");
  return Object.freeze({ name, shape: shapeOf(shape, name), scalar, maker: null, port: 0 });
}

/** Throws ParameterError when the variable does not have the field a brick works in. */
export function checkField(label: string, wanted: Scalar, given: Shaped, who: string, cure: string): void {
  if (given.scalar !== wanted)
    throw new ParameterError(`${label} takes ${wanted} variables, but ${who} is ${given.scalar} (${shapeWords(given)}); ${cure}`);
}
