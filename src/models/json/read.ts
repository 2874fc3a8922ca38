/** From JSON to a model: each factor in order, by its kind; arrays inline or from files that the caller reads. */
import * as activationRegistry from "../../activations/index.ts";
import * as channelRegistry from "../../channels/index.ts";
import { ParameterError, suggestion } from "../../core/parameters.ts";
import { familyOf } from "../../core/specs.ts";
import type { Activation, Channel, Prior } from "../../core/types.ts";
import type { NumericArray } from "../../io/numericArray.ts";
import * as priorRegistry from "../../priors/index.ts";
import { activationLayer, assume, modelPrior, observe } from "../bricks.ts";
import { choose } from "../chosen.ts";
import type { End, ModelVariable } from "../expression.ts";
import * as junctions from "../junctions.ts";
import * as layers from "../layers.ts";
import type { Rows } from "../linearFactor.ts";
import { type Model, model } from "../model.ts";
import { type ArrayJson, type FactorJson, factorSchema, kinds, modelSchema } from "./schema.ts";

/** Reads the file that the JSON names; paths are the caller's business. */
export type ReadFile = (path: string) => NumericArray;

function noFiles(path: string): never {
  throw new ParameterError(
    `model: the file ${path} is named, but nothing was given that reads files; pass fromJSON(json, (path) => array)`
  );
}

/** The model that `toJSON` wrote, or that somebody wrote by hand. Throws ParameterError that says which factor and what is wrong with it. */
export function fromJSON(json: unknown, files: ReadFile = noFiles): Model {
  const whole = modelSchema.safeParse(json);
  if (!whole.success)
    throw new ParameterError(
      `model: ${issues(whole.error)}; a model begins { "format": "spinodal-model", "version": 1, "factors": [...] }`
    );
  const variables = new Map<string, ModelVariable>();
  const used = new Set<string>();
  const ends: End[] = [];
  whole.data.factors.forEach((raw, k) => {
    const factor = factorOf(raw, k);
    const where = `factors[${k}] (${factor.kind})`;
    const take = (name: string): ModelVariable => {
      const v = variables.get(name);
      const known = [...variables.keys()];
      if (!v)
        throw new ParameterError(
          `model: ${where}: unknown variable ${name}${suggestion(name, known) || ";"} ${known.length ? `there are ${known.join(", ")} before it` : "a prior must come first"}`
        );
      used.add(name);
      return v;
    };
    for (const v of attempt(where, () => read(factor, take, files, ends))) {
      const name = v.name as string;
      if (variables.has(name))
        throw new ParameterError(`model: ${where}: the variable ${name} is made twice; give one of them another name`);
      variables.set(name, v);
    }
  });
  const free = [...variables].filter(([name]) => !used.has(name)).map(([, v]) => v);
  return model(...ends, ...free);
}

function factorOf(raw: unknown, k: number): FactorJson {
  const kind = (raw as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== "string" || !kinds.includes(kind))
    throw new ParameterError(
      `model: factors[${k}]: unknown kind ${JSON.stringify(kind)}${suggestion(String(kind), kinds) || ";"} there are ${kinds.join(", ")}`
    );
  const found = factorSchema.safeParse(raw);
  if (found.success) return found.data;
  throw new ParameterError(`model: factors[${k}] (${kind}): ${issues(found.error)}`);
}

function issues(error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }): string {
  const [{ path, message }] = error.issues;
  return `${path.length ? `${path.join(".")}: ` : ""}${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function attempt<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ParameterError && !error.message.startsWith("model: "))
      throw new ParameterError(`model: ${where}: ${error.message}`);
    throw error;
  }
}

/** The array, and how it was referred to when that was a file. */
function arrayOf(json: ArrayJson, files: ReadFile): { readonly array: NumericArray; readonly source?: { readonly file: string } } {
  if (Array.isArray(json)) {
    const rows = json as readonly (number | readonly number[])[];
    const flat = rows.flat();
    const nested = rows.filter((row): row is readonly number[] => typeof row !== "number");
    if (nested.some((row) => row.length !== nested[0].length)) throw new ParameterError("rows must be equally long");
    const shape = nested.length ? [nested.length, nested[0].length] : [flat.length];
    return { array: { scalar: "real", shape, data: Float64Array.from(flat) } };
  }
  if ("file" in json) return { array: files(json.file), source: { file: json.file } };
  const data = Float64Array.from(json.data);
  const width = json.scalar === "complex" ? 2 : 1;
  const shape = json.shape ?? [data.length / width];
  if (shape.reduce((n, side) => n * side, width) !== data.length)
    throw new ParameterError(`shape [${shape.join(", ")}] needs ${shape.reduce((n, s) => n * s, width)} numbers, got ${data.length}`);
  return { array: { scalar: json.scalar, shape, data } };
}

/** Applies one factor; likelihoods and penalties go to `ends`. */
function read(f: FactorJson, take: (name: string) => ModelVariable, files: ReadFile, ends: End[]): readonly ModelVariable[] {
  const named = (name: string | undefined) => (name === undefined ? {} : { name });
  const through = (layer: layers.Layer): readonly ModelVariable[] => {
    const { input, output } = f as { readonly input: string; readonly output?: string };
    if (output === undefined) throw new ParameterError(`output is missing; name the variable that comes out, such as "z"`);
    return [layer(take(input), { name: output })];
  };
  switch (f.kind) {
    case "prior":
      return [modelPrior(choose(familyOf<Prior>(priorRegistry, f.brick, "prior"), f.params)).variable(f.output, f.shape)];
    case "penalty":
      ends.push(assume(modelPrior(choose(familyOf<Prior>(priorRegistry, f.brick, "prior"), f.params)), take(f.input), named(f.name)));
      return [];
    case "group-sparsity":
      ends.push(assume(junctions.groupSparsity({ gamma: f.gamma }), take(f.input), named(f.name)));
      return [];
    case "likelihood": {
      const chosen = choose(familyOf<Channel>(channelRegistry, f.brick, "likelihood"), f.params);
      const found = f.data ? arrayOf(f.data, files) : null;
      const end = observe(chosen, take(f.input), found?.array ?? null, named(f.name));
      ends.push(found?.source ? { ...end, source: found.source } : end);
      return [];
    }
    case "activation": {
      const layer = activationLayer(choose(familyOf<Activation>(activationRegistry, f.brick, "activation"), f.params));
      const { noiseBefore, noiseAfter } = f;
      return through((z, options) => layer(z, { ...options, noiseBefore, noiseAfter }));
    }
    case "linear": {
      const shape = f.shape === undefined ? {} : { shape: f.shape };
      if ("spec" in f.operator) return through(layers.named(f.operator.spec, shape));
      return through(layers.linear(...matrixOf(f.operator, files, shape)));
    }
    case "ensemble": {
      const { brick, params, rows, ratio, seed } = f;
      if ((rows === undefined) === (ratio === undefined)) throw new ParameterError("give either rows, such as 500, or ratio, such as 0.5");
      const size: Rows = { ...(rows === undefined ? { ratio: ratio as number } : { rows }), ...(seed === undefined ? {} : { seed }) };
      return through(layers.ensemble(brick, { ...size, params }));
    }
    case "gradient":
      return through(layers.gradientLayer({ boundary: f.boundary }));
    case "convolution":
      return through(layers.convolution(f.kernel, { boundary: f.boundary }));
    case "blur":
      return through(layers.blur(f.sigma, { boundary: f.boundary }));
    case "dct":
    case "dft":
    case "hadamard":
      return through(layers.transforms[f.kind]());
    case "mask":
      return through(layers.maskLayer(f.keep));
    case "subsample":
      if (f.indices) return through(layers.subsampleLayer({ indices: f.indices }));
      if (f.rows === undefined || f.seed === undefined)
        throw new ParameterError("give either indices, such as [0, 2, 5], or rows and seed");
      return through(layers.subsampleLayer({ rows: f.rows, seed: f.seed }));
    case "noise":
      return through(junctions.noise(f.variance));
    case "bias": {
      if (typeof f.bias === "number") return through(junctions.bias(f.bias));
      const { array, source } = arrayOf(f.bias, files);
      return through(junctions.bias(array.data, source ? { source } : {}));
    }
    case "reshape":
      return through(junctions.reshape(f.shape));
    case "split":
      return junctions.split(f.sizes)(take(f.input), { names: f.output });
    case "sum":
    case "concatenate": {
      if (f.output === undefined) throw new ParameterError(`output is missing; name the variable that comes out, such as "s"`);
      const inputs = f.input.map(take);
      return [junctions[f.kind](...inputs, { name: f.output })];
    }
  }
}

function matrixOf(
  json: ArrayJson,
  files: ReadFile,
  shape: { readonly shape?: number | readonly number[] }
): Parameters<typeof layers.linear> {
  const { array, source } = arrayOf(json, files);
  return [array, { ...shape, ...(source ? { source } : {}) }];
}
