import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import type { NumericArray } from "../../src/io/numericArray.ts";
import * as models from "../../src/models/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const { priors, likelihoods, activations, layers, observe, assume, model, fromJSON, penalties } = models;
const A = Array.from({ length: 6 }, (_, i) => Array.from({ length: 12 }, (_, j) => Math.sin(1 + 3 * i + j * j)));

/** A model with every kind of factor. */
function everything(): models.Model {
  const x = priors.gaussBernoulli({ rho: 0.4 }).variable("x", [3, 4]);
  const w = priors.discrete({ values: [-2, 1], weights: [1, 2] }).variable("w", 12);
  const s = layers.sum(layers.reshape(12)(x), w, { name: "s" });
  const c = layers.concatenate(layers.noise(0.1)(s), priors.gaussian({ variance: 2 }).variable("v", 4));
  const [p, q] = layers.split([12, 4])(c, { names: ["p", "q"] });
  const z = layers.linear(A, { shape: [2, 3] })(layers.bias(0.5)(layers.dct()(p)));
  const h = activations.leakyRelu({ slope: 0.2 })(z, { noiseBefore: 0.1, noiseAfter: 0.2, name: "h" });
  const k = layers.convolution([
    [0, 1, 0],
    [1, 2, 1]
  ])(layers.blur(0.8)(h));
  const t = layers.hadamard()(layers.bias([1, 2, 3, 4])(q));
  const u = layers.ensemble("gaussian-iid", { ratio: 1.5, seed: 7 })(t);
  const r = layers.named("subsample:rows=3,cols=6,seed=2")(layers.rotation({ seed: 3 })(u));
  const b = priors.complexGaussBernoulli({ rho: 0.3 }).variable("b", 8);
  const f = layers.mask([1, 1, 0, 1, 1, 0, 1, 1])(layers.dft()(b));
  return model(
    observe(likelihoods.gaussian({ noise: 0.1 }), k),
    observe(likelihoods.sign({ noise: 0.2 }), r, null, { name: "labels" }),
    observe(likelihoods.modulus(), layers.subsample({ rows: 4, seed: 9 })(f)),
    assume(penalties.groupSparsity({ gamma: 2 }), layers.gradient()(x)),
    assume(priors.l1({ rate: 3 }), layers.gradient({ boundary: "reflect" })(layers.reshape(12)(w)))
  );
}

const given = { x: Array.from({ length: 12 }, (_, i) => i % 3), w: new Float64Array(12).fill(1) };

describe("round trips", () => {
  test("every kind of factor comes back: the same JSON, description, drawing, and the same numbers when drawn", () => {
    const m = everything();
    const json = JSON.parse(JSON.stringify(m));
    expect(json.version).toBe(1);
    const back = fromJSON(json);
    expect(back.toJSON()).toEqual(json);
    expect(back.describe()).toBe(m.describe());
    expect(back.parameters).toEqual(m.parameters);
    expect(back.graph.variables).toEqual(m.graph.variables);
    const [a, b] = [m.sample(makeRng(5), given), back.sample(makeRng(5), given)];
    expect(b.truth).toEqual(a.truth);
    expect(b.observations).toEqual(a.observations);
  });

  test("a sampled model keeps its data and draws its matrices again from their seeds", () => {
    const x = priors.gaussian().variable("x", 10);
    const m = model(observe(likelihoods.gaussian(), layers.ensemble("gaussian-iid", { ratio: 0.75 })(x))).sample(makeRng(2)).model;
    const back = fromJSON(JSON.parse(JSON.stringify(m)));
    expect(back.observations).toEqual(m.observations);
    expect(back.sample(makeRng(1)).observations).toEqual(m.sample(makeRng(1)).observations);
  });

  test("arrays go to files and come back from them, references kept", () => {
    const x = priors.gaussian().variable("x", 12);
    const m = model(observe(likelihoods.gaussian(), layers.linear(A)(x), [1, 2, 3, 4, 5, 6]));
    const files = new Map<string, NumericArray>();
    const json = m.toJSON((name, array) => {
      files.set(`${name}.npy`, array);
      return `${name}.npy`;
    });
    expect([...files.keys()]).toEqual(["z1.npy", "y.npy"]);
    expect(JSON.stringify(json)).not.toContain('data":[');
    const back = fromJSON(json, (path) => files.get(path) as NumericArray);
    expect(back.observations[0].data).toEqual(m.observations[0].data);
    expect(back.toJSON()).toEqual(json);
    expect(() => fromJSON(json)).toThrow(/the file z1\.npy is named, but nothing was given that reads files/);
  });
});

describe("refusals say which factor", () => {
  const prior = { kind: "prior", brick: "gaussian", shape: 4, output: "x" };
  const read = (...factors: unknown[]) => fromJSON({ format: "spinodal-model", version: 1, factors });
  test.each([
    ["another format", () => fromJSON({ factors: [prior] }), /format/],
    ["another version", () => fromJSON({ format: "spinodal-model", version: 2, factors: [prior] }), /version/],
    ["no object", () => fromJSON(null), /a model begins/],
    ["an unknown kind", () => read({ ...prior, kind: "priro" }), /factors\[0\]: unknown kind "priro"; did you mean prior/],
    [
      "an unknown brick",
      () => read({ ...prior, brick: "gausian" }),
      /factors\[0\] \(prior\): unknown prior "gausian"; did you mean gaussian/
    ],
    ["an unknown key", () => read({ ...prior, sahpe: 3 }), /factors\[0\] \(prior\): .*sahpe/],
    [
      "a variable that is not there",
      () => read(prior, { kind: "dct", input: "X", output: "z" }),
      /factors\[1\] \(dct\): unknown variable X/
    ],
    ["a variable made twice", () => read(prior, prior), /factors\[1\] \(prior\): the variable x is made twice/],
    ["no output", () => read(prior, { kind: "dct", input: "x" }), /output is missing/],
    ["a parameter out of range", () => read({ ...prior, params: { variance: -1 } }), /factors\[0\] \(prior\): gaussian: variance must be/],
    ["a ragged matrix", () => read(prior, { kind: "linear", operator: [[1, 2], [1]], input: "x", output: "z" }), /equally long/],
    [
      "a shape that is not the data's",
      () => read(prior, { kind: "likelihood", brick: "gaussian", input: "x", data: { shape: [3], data: [1] } }),
      /needs 3 numbers, got 1/
    ],
    [
      "rows and ratio",
      () => read(prior, { kind: "ensemble", brick: "gaussian-iid", rows: 3, ratio: 1, input: "x", output: "z" }),
      /either rows/
    ]
  ])("%s", (_, f, expected) => {
    expect(f).toThrow(ParameterError);
    expect(f).toThrow(expected);
  });

  test("a brick of one's own has no JSON", () => {
    const own = models.ownPrior(priors.gaussian().brick, "mine").variable("x", 3);
    expect(() => model(own).toJSON()).toThrow(/mine: a brick given as an object cannot be written/);
  });
});
