/** The JSON of a model, version 1, as zod schemas: what a hand-written or converted file may say. */
import { z } from "zod";

const name = z.string().min(1);
const params = z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number())])).default({});
const shape = z.union([z.number(), z.array(z.number()).min(1)]);
const boundary = z.enum(["periodic", "zero"]).default("periodic");
const seed = z.number().int().nonnegative();

/** Numbers inline (complex: interleaved re, im), with their shape unless they are a plain list. */
const inline = z.strictObject({
  scalar: z.enum(["real", "complex"]).default("real"),
  shape: z.array(z.number().int().nonnegative()).optional(),
  data: z.array(z.number())
});
const file = z.strictObject({ file: z.string().min(1) });
const array = z.union([inline, file, z.array(z.number())]);
const matrix = z.union([inline, file, z.array(z.array(z.number())).min(1)]);
const operator = z.union([z.strictObject({ spec: z.string().min(1) }), matrix]);

const through = { input: name, output: name.optional() };
const joining = { input: z.array(name).min(2), output: name.optional() };

const factors = [
  z.strictObject({ kind: z.literal("prior"), brick: name, params, shape, output: name }),
  z.strictObject({ kind: z.literal("penalty"), brick: name, params, input: name, name: name.optional() }),
  z.strictObject({ kind: z.literal("group-sparsity"), gamma: z.number(), input: name, name: name.optional() }),
  z.strictObject({ kind: z.literal("likelihood"), brick: name, params, input: name, name: name.optional(), data: array.nullish() }),
  z.strictObject({
    kind: z.literal("activation"),
    brick: name,
    params,
    noiseBefore: z.number().default(0),
    noiseAfter: z.number().default(0),
    ...through
  }),
  z.strictObject({ kind: z.literal("linear"), operator, shape: shape.optional(), ...through }),
  z.strictObject({
    kind: z.literal("ensemble"),
    brick: name,
    params,
    rows: shape.optional(),
    ratio: z.number().optional(),
    seed: seed.optional(),
    ...through
  }),
  z.strictObject({ kind: z.literal("gradient"), boundary: z.enum(["periodic", "reflect"]).default("periodic"), ...through }),
  z.strictObject({
    kind: z.literal("convolution"),
    kernel: z.union([z.array(z.array(z.number())), z.array(z.number())]),
    boundary,
    ...through
  }),
  z.strictObject({ kind: z.literal("blur"), sigma: z.number(), boundary, ...through }),
  z.strictObject({ kind: z.literal("dct"), ...through }),
  z.strictObject({ kind: z.literal("dft"), ...through }),
  z.strictObject({ kind: z.literal("hadamard"), ...through }),
  z.strictObject({ kind: z.literal("mask"), keep: z.array(z.number()), ...through }),
  z.strictObject({
    kind: z.literal("subsample"),
    indices: z.array(z.number()).optional(),
    rows: z.number().optional(),
    seed: seed.optional(),
    ...through
  }),
  z.strictObject({ kind: z.literal("noise"), variance: z.number(), ...through }),
  z.strictObject({ kind: z.literal("bias"), bias: z.union([z.number(), array]), ...through }),
  z.strictObject({ kind: z.literal("reshape"), shape, ...through }),
  z.strictObject({ kind: z.literal("split"), sizes: z.array(z.number()), input: name, output: z.array(name).min(2) }),
  z.strictObject({ kind: z.literal("sum"), ...joining }),
  z.strictObject({ kind: z.literal("concatenate"), ...joining })
] as const;

export const factorSchema = z.discriminatedUnion("kind", factors);
export type FactorJson = z.infer<typeof factorSchema>;
export type ArrayJson = z.infer<typeof matrix> | z.infer<typeof array>;
export const kinds: readonly string[] = factors.map((f) => f.shape.kind.value);

export const modelSchema = z.strictObject({
  format: z.literal("spinodal-model"),
  version: z.literal(1),
  about: z.string().optional(),
  factors: z.array(z.unknown()).min(1)
});
