/** Linear layers z = A x as factors: a given operator, or one built for the shape of its input; ensembles, drawn or not. */
import { ParameterError } from "../core/parameters.ts";
import type { Ensemble, LinearOperator, Module } from "../core/types.ts";
import { ensembleModule, linearModule } from "../modules/index.ts";
import { makeRng } from "../numerics/random/index.ts";
import { type Chosen, changed, factsOf, jsonOf, knobsOf } from "./chosen.ts";
import { apply, type ArrayWriter, checkField, type Factor, type ModelVariable } from "./expression.ts";
import { type Shape, type Shaped, type ShapeGiven, shapeOf, shapeWords, sizeOf, whole } from "./shape.ts";

export interface LayerOptions {
  /** Of the variable that comes out; z1, z2, ... by default. */
  readonly name?: string;
}
export type Layer = (x: ModelVariable, options?: LayerOptions) => ModelVariable;

export interface LinearRecipe {
  readonly kind: string;
  readonly label: string;
  readonly letter?: string;
  readonly operator: LinearOperator;
  /** Of what comes out; its number of rows by default. */
  readonly shape?: Shape;
  readonly facts?: Readonly<Record<string, string | number>>;
  json(write: ArrayWriter, name: string): Readonly<Record<string, unknown>>;
  readonly fitted?: (inputs: readonly Shaped[], who: readonly string[]) => Factor;
}

/** The module, and with it the decomposition, is made once for a factor, however many models share it. */
export function linearFactor(recipe: LinearRecipe): Factor {
  const { kind, label, operator, json, facts, fitted } = recipe;
  const shape = recipe.shape ?? [operator.rows];
  let kept: Module | null = null;
  const factor: Factor = {
    kind,
    label,
    letter: recipe.letter ?? "z",
    knobs: {},
    ...(facts ? { facts } : {}),
    outputs([x], [who]) {
      checkField(
        label,
        operator.scalar,
        x,
        who,
        operator.scalar === "real"
          ? "wrap the operator in complexUnknowns"
          : "wrap the operator in realUnknowns, or give the variable a complex prior"
      );
      const size = sizeOf(x.shape);
      if (size !== operator.cols)
        throw new ParameterError(
          `${label}: the operator has ${operator.cols} columns (it is ${operator.rows}x${operator.cols}), but ${who} has ${size} components (${shapeWords(x)})${size === operator.rows ? "; is the matrix transposed?" : "; change one of them"}`
        );
      return [{ shape, scalar: operator.scalar }];
    },
    module: () => (kept ??= linearModule(operator)),
    with: () => factor,
    json,
    ...(fitted ? { fitted } : {})
  };
  return factor;
}

/** A layer whose operator depends on the shape of its input: one factor, and one decomposition, for each shape it meets. */
export function shapedLayer(make: (x: Shaped, who: string) => Omit<LinearRecipe, "fitted">): Layer {
  const kept = new Map<string, Factor>();
  const fitted = ([x]: readonly Shaped[], [who]: readonly string[]): Factor => {
    const key = shapeWords(x);
    const found = kept.get(key) ?? linearFactor({ ...make(x, who), fitted });
    kept.set(key, found);
    return found;
  };
  return (x, { name } = {}) => apply(fitted([x], [x.name ?? "its input"]), [x], [name])[0];
}

/** How many rows: given, or in proportion to the columns. */
export type Rows =
  | { readonly rows: ShapeGiven; readonly ratio?: never; readonly seed?: number }
  | { readonly ratio: number; readonly rows?: never; readonly seed?: number };

const RATIO = { min: 1e-6, max: 1e6, scale: "log", symbol: "α", about: "rows over columns" } as const;

function rowsOf({ rows, ratio }: Rows, cols: number, where: string): Shape {
  if (rows !== undefined) return shapeOf(rows, where);
  if (!(ratio >= RATIO.min && ratio <= RATIO.max))
    throw new ParameterError(`${where}: give rows, such as { rows: 500 }, or a ratio in [1e-6, 1e6], such as { ratio: 0.5 }, got ${ratio}`);
  // 0.1 * 30 is not 3: a ratio that means an integer gives that integer
  const size = ratio * cols;
  return [Math.abs(size - Math.round(size)) < 1e-9 * size ? Math.round(size) : size];
}

export function ensembleFactor(chosen: Chosen<Ensemble>, size: Rows): Factor {
  const { brick: ensemble, id } = chosen;
  const outputs = ([x]: readonly Shaped[], [who]: readonly string[]): readonly Shaped[] => {
    const cure = `choose ${ensemble.scalar === "real" ? "a complex" : "a real"} ensemble`;
    checkField(id, ensemble.scalar, x, who, cure);
    return [{ shape: rowsOf(size, sizeOf(x.shape), id), scalar: ensemble.scalar }];
  };
  const json = () => ({ ...jsonOf(chosen), ...(size.rows === undefined ? { ratio: size.ratio } : { rows: size.rows }) });
  const { ratio } = size;
  return {
    kind: "ensemble",
    label: id,
    letter: "z",
    knobs: { ...knobsOf(chosen), ...(ratio === undefined ? {} : { ratio: { ...RATIO, value: ratio } }) },
    facts: factsOf(chosen),
    outputs,
    module: ([x], [z]) => ensembleModule(ensemble, sizeOf(z.shape), sizeOf(x.shape)),
    with({ ratio: wanted, ...values }) {
      return ensembleFactor(Object.keys(values).length ? changed(chosen, values) : chosen, wanted === undefined ? size : { ratio: wanted });
    },
    json,
    drawn: (seed, inputs) => drawnFactor(chosen, size, seed, inputs[0])
  };
}

/** A matrix of the ensemble: its JSON is the seed, not the entries. */
export function drawnFactor(chosen: Chosen<Ensemble>, size: Rows, seed: number, x: Shaped): Factor {
  const { brick: ensemble, id } = chosen;
  if (!Number.isSafeInteger(seed) || seed < 0) throw new ParameterError(`${id}: seed must be an integer >= 0, such as 1, got ${seed}`);
  const cols = whole(sizeOf(x.shape), id);
  const shape = rowsOf(size, cols, id);
  const rounded = shape.length === 1 ? [Math.max(1, Math.round(shape[0]))] : shape;
  const operator = ensemble.sample(makeRng(seed, "ensemble"), sizeOf(rounded), cols);
  const factor: Factor = linearFactor({
    kind: "ensemble",
    label: id,
    operator,
    shape: rounded,
    facts: { ...factsOf(chosen), seed },
    json: () => ({ ...jsonOf(chosen), ...(size.rows === undefined ? { ratio: size.ratio } : { rows: size.rows }), seed }),
    fitted: ([other]) => (sizeOf(other.shape) === cols ? factor : drawnFactor(chosen, size, seed, other))
  });
  return factor;
}

export function ensembleLayer(chosen: Chosen<Ensemble>, size: Rows): Layer {
  rowsOf(size, 1, chosen.id);
  const { seed } = size;
  if (seed === undefined) return (x, { name } = {}) => apply(ensembleFactor(chosen, size), [x], [name])[0];
  return (x, { name } = {}) => {
    checkField(chosen.id, chosen.brick.scalar, x, x.name ?? "its input", "choose an ensemble of its field");
    return apply(drawnFactor(chosen, size, seed, x), [x], [name])[0];
  };
}
