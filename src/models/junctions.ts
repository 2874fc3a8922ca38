/** Factors that move components about: noise, bias, reshape, sum, concatenation, splitting; and the group-sparsity penalty. */
import { ParameterError } from "../core/parameters.ts";
import {
  biasModule,
  concatenateModule,
  duplicateModule,
  groupSparsityModule,
  noiseModule,
  reshapeModule,
  splitModule,
  sumModule
} from "../modules/index.ts";
import { checkVariance } from "./bricks.ts";
import { apply, checkField, type Factor, type ModelVariable } from "./expression.ts";
import type { Layer, LayerOptions } from "./linearFactor.ts";
import { portOf, type Shape, type Shaped, type ShapeGiven, shapeOf, shapeWords, sizeOf } from "./shape.ts";

/** z = x + sqrt(variance) xi. */
export function noiseFactor(variance: number): Factor {
  checkVariance(variance, "noise: variance");
  return {
    kind: "noise",
    label: "noise",
    letter: "z",
    knobs: { variance: { value: variance, min: 0, max: 1e6, symbol: "Δ", about: "variance of the noise added" } },
    outputs: ([{ shape, scalar }]) => [{ shape, scalar }],
    module: ([x]) => noiseModule(variance, portOf(x).size, x.scalar),
    with: (values) => noiseFactor(values.variance ?? variance),
    json: () => ({ variance })
  };
}

export function noise(variance: number): Layer {
  const factor = noiseFactor(variance);
  return (x, { name } = {}) => apply(factor, [x], [name])[0];
}

/** A number added to every component, or one for each (complex: interleaved). */
export function bias(b: number | ArrayLike<number>, { source }: { readonly source?: unknown } = {}): Layer {
  const each = typeof b === "number" ? null : Float64Array.from(b);
  for (const v of each ?? [b as number])
    if (!Number.isFinite(v)) throw new ParameterError(`bias: must be finite numbers, such as 0.5, got ${v}`);
  const vectorOf = (x: Shaped): Float64Array => {
    const { size } = portOf(x);
    if (each) return each;
    if (x.scalar === "real") return new Float64Array(size).fill(b as number);
    return Float64Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? (b as number) : 0));
  };
  const factor: Factor = {
    kind: "bias",
    label: "bias",
    letter: "z",
    knobs: {},
    ...(each ? {} : { facts: { bias: b as number } }),
    outputs([x], [who]) {
      const numbers = sizeOf(x.shape) * (x.scalar === "complex" ? 2 : 1);
      if (each && each.length !== numbers)
        throw new ParameterError(
          `bias: has ${each.length} numbers, but ${who} (${shapeWords(x)}) needs ${numbers}; give one for each component`
        );
      return [{ shape: x.shape, scalar: x.scalar }];
    },
    module(inputs) {
      const [x] = inputs;
      const { size, scalar } = portOf(x);
      return biasModule(Number.isInteger(size) ? vectorOf(x) : { size, secondMoment: (b as number) ** 2 }, scalar);
    },
    with: () => factor,
    json: (write, name) => ({
      bias: each ? (source ?? write(name, { scalar: "real", shape: [each.length], data: each })) : b
    })
  };
  return (x, { name } = {}) => apply(factor, [x], [name])[0];
}

/** The same components, other sides. */
export function reshape(shape: ShapeGiven): Layer {
  const to = shapeOf(shape, "reshape");
  const factor: Factor = {
    kind: "reshape",
    label: "reshape",
    letter: "r",
    knobs: {},
    outputs([x], [who]) {
      if (sizeOf(x.shape) !== sizeOf(to))
        throw new ParameterError(
          `reshape: [${to.join(", ")}] has ${sizeOf(to)} components, but ${who} has ${sizeOf(x.shape)} (${shapeWords(x)})`
        );
      return [{ shape: to, scalar: x.scalar }];
    },
    module: ([x]) => reshapeModule(portOf(x).size, x.scalar),
    with: () => factor,
    json: () => ({ shape: to })
  };
  return (x, { name } = {}) => apply(factor, [x], [name])[0];
}

/** What joins branches must have one field. */
function sameField(label: string, inputs: readonly Shaped[], who: readonly string[]): void {
  const other = inputs.findIndex((x) => x.scalar !== inputs[0].scalar);
  if (other > 0)
    throw new ParameterError(
      `${label}: ${who[0]} is ${inputs[0].scalar} but ${who[other]} is ${inputs[other].scalar}; all must have the same number field`
    );
  if (inputs.length < 2) throw new ParameterError(`${label}: takes at least two variables, such as ${label}(x1, x2), got ${inputs.length}`);
}

export const sumFactor: Factor = {
  kind: "sum",
  label: "sum",
  letter: "s",
  knobs: {},
  outputs(inputs, who) {
    sameField("sum", inputs, who);
    const [{ shape, scalar }] = inputs;
    inputs.forEach((x, i) => {
      if (x.shape.join() !== shape.join())
        throw new ParameterError(
          `sum: ${who[0]} is ${shapeWords(inputs[0])} but ${who[i]} is ${shapeWords(x)}; reshape one, or change its size`
        );
    });
    return [{ shape, scalar }];
  },
  module: (inputs, [s]) => sumModule(inputs.length, portOf(s).size, s.scalar),
  with: () => sumFactor,
  json: () => ({})
};

/** One after the other, along the first side. */
export const concatenateFactor: Factor = {
  kind: "concatenate",
  label: "concatenate",
  letter: "c",
  knobs: {},
  outputs(inputs, who) {
    sameField("concatenate", inputs, who);
    const rest = inputs[0].shape.slice(1);
    inputs.forEach((x, i) => {
      if (x.shape.slice(1).join() !== rest.join())
        throw new ParameterError(
          `concatenate: ${who[0]} is ${shapeWords(inputs[0])} but ${who[i]} is ${shapeWords(x)}; they may differ in their first side only, reshape one`
        );
    });
    return [{ shape: [inputs.reduce((n, x) => n + x.shape[0], 0), ...rest], scalar: inputs[0].scalar }];
  },
  module: (inputs, [c]) =>
    concatenateModule(
      inputs.map((x) => portOf(x).size),
      c.scalar
    ),
  with: () => concatenateFactor,
  json: () => ({})
};

/** Variables, then perhaps options. */
export type Joined = readonly [...ModelVariable[], ModelVariable | LayerOptions];

function join(factor: Factor, given: readonly (ModelVariable | LayerOptions)[]): ModelVariable {
  const last = given[given.length - 1];
  const options = last !== undefined && !("shape" in last) ? last : {};
  const inputs = given.filter((v): v is ModelVariable => "shape" in v);
  return apply(factor, inputs, [options.name])[0];
}

export function sum(...given: Joined): ModelVariable {
  return join(sumFactor, given);
}

export function concatenate(...given: Joined): ModelVariable {
  return join(concatenateFactor, given);
}

export function splitFactor(sizes: readonly number[]): Factor {
  const factor: Factor = {
    kind: "split",
    label: "split",
    letter: "p",
    knobs: {},
    outputs([x], [who]) {
      const total = sizes.reduce((a, b) => a + b, 0);
      if (sizes.length < 2 || !sizes.every((n) => n > 0) || Math.abs(total - x.shape[0]) > 1e-9 * total)
        throw new ParameterError(
          `split: the sizes must be positive and add up to the first side of ${who}, ${x.shape[0]} (${shapeWords(x)}), got ${sizes.join(" + ")} = ${total}`
        );
      return sizes.map((n) => ({ shape: [n, ...x.shape.slice(1)], scalar: x.scalar }));
    },
    module: ([x], outputs) =>
      splitModule(
        outputs.map((o) => portOf(o).size),
        x.scalar
      ),
    with: () => factor,
    json: () => ({ sizes })
  };
  return factor;
}

/** Cuts the first side into pieces. */
export function split(
  sizes: readonly number[]
): (x: ModelVariable, options?: { readonly names?: readonly string[] }) => readonly ModelVariable[] {
  const factor = splitFactor(sizes);
  return (x, { names = [] } = {}) => apply(factor, [x], names);
}

/** Put in by the model wherever a variable is used more than once. */
export function duplicateFactor(copies: number): Factor {
  const factor: Factor = {
    kind: "duplicate",
    label: "duplicate",
    letter: "",
    knobs: {},
    outputs: ([{ shape, scalar }]) => Array.from({ length: copies }, () => ({ shape, scalar })),
    module: ([x]) => duplicateModule(copies, portOf(x).size, x.scalar),
    with: () => factor,
    json: () => ({})
  };
  return factor;
}

export interface GroupSparsity {
  /** Weight of the norms. */
  readonly gamma: number;
}

/** The penalty gamma sum_g |x_g|: the groups run over the first side, so those of a gradient are its directions at one place. */
export function groupSparsity({ gamma }: GroupSparsity): Factor {
  if (!(gamma > 0 && gamma <= 1e6)) throw new ParameterError(`group-sparsity: gamma must be in (0, 1e6], such as 1, got ${gamma}`);
  const group = (shape: Shape) => (shape.length > 1 ? shape[0] : 1);
  return {
    kind: "group-sparsity",
    label: "group-sparsity",
    letter: "",
    knobs: { gamma: { value: gamma, min: 1e-9, max: 1e6, scale: "log", symbol: "γ", about: "weight of the norms" } },
    outputs([x], [who]) {
      checkField("group-sparsity", "real", x, who, "use it on real variables");
      return [];
    },
    module: ([x]) => groupSparsityModule(portOf(x).size, { gamma, group: group(x.shape) }),
    with: (values) => groupSparsity({ gamma: values.gamma ?? gamma }),
    json: () => ({ gamma })
  };
}
