/** A model: the tree an expression ends in, its graph of modules, its parameters by name, and the same model with other values, data or sizes. */
import { ParameterError, suggestion } from "../core/parameters.ts";
import type { Graph, Rng, Scalar, Vec } from "../core/types.ts";
import { arrange, type Placed, type Plan } from "./arrange.ts";
import { dataOf, type Observations } from "./bricks.ts";
import { describe } from "./describe.ts";
import { draw, type DrawOptions } from "./draw.ts";
import { apply, type End, type Factor, type Knob, type ModelVariable } from "./expression.ts";
import { type ModelJson, toJson, type WriteArray } from "./json/write.ts";
import { type Sampled, sample } from "./sample.ts";
import { type Shape, shapeWords, sizeOf } from "./shape.ts";
import { toGraph } from "./toGraph.ts";

/** A hyper-parameter of a model: x.rho, y.noise, z1.ratio. */
export interface ModelParameter extends Knob {
  readonly name: string;
  /** What it belongs to: the name of a variable or of an observation. */
  readonly owner: string;
  readonly key: string;
}

/** A variable as the model knows it. `index` is its place in `graph.variables`. */
export interface NamedVariable {
  readonly name: string;
  readonly shape: Shape;
  readonly scalar: Scalar;
  readonly size: number;
  readonly index: number;
}

export interface Observation {
  readonly name: string;
  /** What is observed, and the likelihood's id. */
  readonly of: string;
  readonly likelihood: string;
  readonly data: Vec | null;
}

export interface Model {
  readonly plan: Plan;
  /** Built when first asked for; linear modules, and their decompositions, are shared with the models this one came from. */
  readonly graph: Graph;
  readonly variables: readonly NamedVariable[];
  readonly observations: readonly Observation[];
  readonly parameters: readonly ModelParameter[];
  /** Throws ParameterError for a name there is not. */
  variable(name: string): NamedVariable;
  /** The same model with other values of parameters, such as { "x.rho": 0.2 }. Throws ParameterError. */
  with(values: Readonly<Record<string, number>>): Model;
  /** The same model with data, by the names of observations. Throws ParameterError where they do not fit. */
  observing(data: Readonly<Record<string, Observations>>): Model;
  /** Draws matrices of ensembles, variables and observations; variables in `given` are taken as they are. */
  sample(rng: Rng, given?: Readonly<Record<string, ArrayLike<number>>>): Sampled;
  /** A table in plain text: factors, variables, shapes, parameters. */
  describe(): string;
  /** The factor graph as SVG. */
  draw(options?: DrawOptions): string;
  /** Plain data that `fromJSON` reads; arrays inline, or as `write` says. */
  toJSON(write?: WriteArray | string): ModelJson;
}

/** The model that ends in these likelihoods and penalties; variables may be named too, that nothing observes. Throws ParameterError. */
export function model(...ends: readonly (End | ModelVariable)[]): Model {
  if (ends.length === 0)
    throw new ParameterError("model: takes at least one end, such as model(observe(likelihoods.gaussian({ noise: 0.01 }), z, y))");
  const plan = arrange(ends);
  let graph: Graph | null = null;
  const parameters: ModelParameter[] = plan.placed.flatMap(({ factor, owner }) =>
    Object.entries(factor.knobs).map(([key, knob]) => ({ ...knob, name: `${owner}.${key}`, owner, key }))
  );
  let index = 0;
  const variables = plan.variables.map((v) => {
    const copies = plan.uses.get(v)?.length ?? 0;
    const entry = { name: plan.names.get(v) as string, shape: v.shape, scalar: v.scalar, size: sizeOf(v.shape), index };
    index += copies > 1 ? 1 + copies : 1;
    return entry;
  });
  const observations = plan.placed.flatMap(({ end, owner, factor }) =>
    end?.end === "observe"
      ? [{ name: owner, of: plan.names.get(end.variable) as string, likelihood: factor.label, data: end.data ?? null }]
      : []
  );
  const found: Model = {
    plan,
    get graph() {
      graph ??= toGraph(plan);
      return graph;
    },
    variables,
    observations,
    parameters,
    variable(name) {
      const v = variables.find((x) => x.name === name);
      if (v) return v;
      const known = variables.map((x) => x.name);
      throw new ParameterError(`the model has no variable ${name}${suggestion(name, known) || ";"} it has ${known.join(", ")}`);
    },
    with: (values) => withValues(found, values),
    observing: (data) => withData(found, data),
    sample: (rng, given) => sample(found, rng, given),
    describe: () => describe(found),
    draw: (options) => draw(found, options),
    toJSON: (write) => toJson(found, typeof write === "function" ? write : undefined)
  };
  return Object.freeze(found);
}

/** The same expression with some factors or ends replaced; names stay what they were, and what does not change is shared. */
export function rebuilt(
  plan: Plan,
  change: (placed: Placed, inputs: readonly ModelVariable[]) => Factor,
  data?: (placed: Placed, v: ModelVariable) => Vec | null
): Model {
  const now = new Map<ModelVariable, ModelVariable>();
  const ends: (End | ModelVariable)[] = [];
  const variableNames = new Set(plan.names.values());
  for (const p of plan.placed) {
    const inputs = p.inputs.map((v) => now.get(v) as ModelVariable);
    const moved = inputs.some((v, i) => v.shape.join() !== p.inputs[i].shape.join());
    const who = inputs.map((v) => v.name ?? "");
    let factor = change(p, inputs);
    if (moved && factor === p.factor) factor = factor.fitted?.(inputs, who) ?? factor;
    if (!p.end) {
      const made = apply(
        factor,
        inputs,
        p.outputs.map((v) => plan.names.get(v) as string)
      );
      p.outputs.forEach((v, k) => {
        now.set(v, made[k]);
        if ((plan.uses.get(v)?.length ?? 0) === 0) ends.push(made[k]);
      });
      continue;
    }
    const [v] = inputs;
    const y = data ? data(p, v) : (p.end.data ?? null);
    if (!data && y && moved)
      throw new ParameterError(
        `${p.owner} has data for ${shapeWords(p.inputs[0])} components of ${v.name}, which would have ${shapeWords(v)}; leave the data out`
      );
    const { end, source } = p.end;
    ends.push({
      end,
      factor: y && y !== p.end.data ? (factor.observing?.(y) ?? factor) : factor,
      variable: v,
      // a penalty may go by the name of its variable
      ...(variableNames.has(p.owner) ? {} : { name: p.owner }),
      ...(y ? { data: y } : {}),
      ...(source !== undefined && y === p.end.data ? { source } : {})
    });
  }
  return model(...ends);
}

function withValues(m: Model, values: Readonly<Record<string, number>>): Model {
  const known = m.parameters.map((p) => p.name);
  const wanted = new Map<string, Record<string, number>>();
  for (const [name, value] of Object.entries(values)) {
    const p = m.parameters.find((q) => q.name === name);
    if (!p)
      throw new ParameterError(`the model has no parameter ${name}${suggestion(name, known) || ";"} it has ${known.join(", ") || "none"}`);
    if (!(value >= p.min && value <= p.max) || (p.integer && !Number.isInteger(value)))
      throw new ParameterError(`${name} must be ${p.integer ? "an integer" : "a number"} in [${p.min}, ${p.max}], got ${value}`);
    if (value !== p.value) wanted.set(p.owner, { ...wanted.get(p.owner), [p.key]: value });
  }
  if (wanted.size === 0) return m;
  return rebuilt(m.plan, ({ factor, owner }) => {
    const all = wanted.get(owner);
    const own = Object.fromEntries(Object.entries(all ?? {}).filter(([key]) => Object.hasOwn(factor.knobs, key)));
    return Object.keys(own).length ? factor.with(own) : factor;
  });
}

function withData(m: Model, data: Readonly<Record<string, Observations>>): Model {
  const known = m.observations.map((o) => o.name);
  for (const name of Object.keys(data))
    if (!known.includes(name))
      throw new ParameterError(
        `the model has no observation ${name}${suggestion(name, known) || ";"} it has ${known.join(", ") || "none"}`
      );
  return rebuilt(
    m.plan,
    ({ factor }) => factor,
    ({ owner, end, factor }, v) => {
      if (!Object.hasOwn(data, owner) || !factor.channel) return end?.data ?? null;
      return dataOf(data[owner], factor.channel, factor.label, v, v.name ?? "", owner);
    }
  );
}
