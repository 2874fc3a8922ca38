/** Drawing from a model: first the matrices of its ensembles, then every variable from what it depends on, then the observations. */
import { ParameterError } from "../core/parameters.ts";
import type { Rng, Vec } from "../core/types.ts";
import type { Placed } from "./arrange.ts";
import type { ModelVariable } from "./expression.ts";
import { type Model, rebuilt } from "./model.ts";
import { shapeWords, sizeOf, whole } from "./shape.ts";

export interface Sampled {
  /** Matrices in place of ensembles, observations attached: what algorithms run on. */
  readonly model: Model;
  /** Every variable by name; complex ones interleaved. */
  readonly truth: Readonly<Record<string, Vec>>;
  readonly observations: Readonly<Record<string, Vec>>;
}

/** The model with a matrix for every ensemble; sizes that a ratio makes are rounded. */
export function drawn(model: Model, rng: Rng): Model {
  if (!model.plan.placed.some((p) => p.factor.drawn)) return model;
  // a penalised or observed variable keeps its data: sizes that do not fit them are refused by `rebuilt`
  return rebuilt(model.plan, ({ factor, owner }, inputs) => {
    const seed = Math.floor(rng.fork(`${owner}.matrix`).uniform() * 2 ** 32);
    return factor.drawn?.(seed, inputs) ?? factor;
  });
}

export function sample(asked: Model, rng: Rng, given: Readonly<Record<string, ArrayLike<number>>> = {}): Sampled {
  const model = drawn(asked, rng);
  const { plan } = model;
  for (const name of Object.keys(given)) model.variable(name);
  const values = new Map<ModelVariable, Vec>();
  const nameOf = (v: ModelVariable) => plan.names.get(v) as string;
  refusePenalties(plan.placed, nameOf, given);
  const observations: Record<string, Vec> = {};
  for (const { factor, inputs, outputs, owner } of plan.placed) {
    const from = inputs.map((v) => values.get(v) as Vec);
    if (factor.channel) {
      const y = new Float64Array(lengthOf(inputs[0]) * (factor.channel.labelScalar === "complex" ? 2 : 1));
      factor.channel.sample(rng.fork(owner), from[0], y);
      observations[owner] = y;
    }
    if (outputs.length === 0) continue;
    const made = outputs.map((v) => new Float64Array(lengthOf(v) * (v.scalar === "complex" ? 2 : 1)));
    // where all are given nothing is drawn: a map prior is an estimator, and a truth of one's own needs no law
    if (!outputs.every((v) => Object.hasOwn(given, nameOf(v)))) factor.module(inputs, outputs).sample(rng.fork(owner), from, made);
    outputs.forEach((v, k) => {
      const own = given[nameOf(v)];
      if (own) {
        if (own.length !== made[k].length)
          throw new ParameterError(`sample: ${nameOf(v)} needs ${made[k].length} numbers (${shapeWords(v)}), got ${own.length}`);
        made[k].set(Float64Array.from(own));
      }
      values.set(v, made[k]);
    });
  }
  const truth = Object.fromEntries(plan.variables.map((v) => [nameOf(v), values.get(v) as Vec]));
  return { model: model.observing(observations), truth, observations };

  function lengthOf(v: ModelVariable): number {
    return whole(sizeOf(v.shape), nameOf(v));
  }
}

/** A variable with a penalty follows the product of two laws, which cannot be drawn going down: its sources must be given. */
function refusePenalties(
  placed: readonly Placed[],
  nameOf: (v: ModelVariable) => string,
  given: Readonly<Record<string, ArrayLike<number>>>
): void {
  for (const { end } of placed) {
    if (end?.end !== "assume") continue;
    const missing: string[] = [];
    const climb = (v: ModelVariable): void => {
      if (Object.hasOwn(given, nameOf(v))) return;
      if (!v.maker || v.maker.inputs.length === 0) missing.push(nameOf(v));
      else for (const input of v.maker.inputs) climb(input);
    };
    climb(end.variable);
    if (missing.length)
      throw new ParameterError(
        `sample: ${nameOf(end.variable)} has a penalty, so ${missing.join(", ")} cannot be drawn; give ${missing.length > 1 ? "them" : "it"}, such as sample(rng, { ${missing[0]}: signal })`
      );
  }
}
