import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import type { Graph } from "../../src/core/types.ts";
import * as models from "../../src/models/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const { priors, likelihoods, activations, layers, observe, assume, model, variable, penalties } = models;

/** Every port of every module is plugged exactly once, with matching sizes, made before it is used. */
function wellFormed({ modules, variables }: Graph): void {
  const seen = new Map<string, number>();
  for (const v of variables) {
    for (const [plug, side] of [
      [v.producer, "outputs"],
      [v.consumer, "inputs"]
    ] as const) {
      if (!plug) continue;
      const module = modules[plug.module];
      const port = [...module.inputs, ...module.outputs][plug.port];
      expect(plug.port < module.inputs.length, `${v.name} ${side}`).toBe(side === "inputs");
      expect(port.scalar).toBe(v.scalar);
      expect(port.size).toBeCloseTo(v.size, 9);
      seen.set(`${plug.module}.${plug.port}`, (seen.get(`${plug.module}.${plug.port}`) ?? 0) + 1);
    }
    if (v.consumer) expect(v.consumer.module).toBeGreaterThan(v.producer.module);
  }
  modules.forEach((m, k) => {
    for (let p = 0; p < m.inputs.length + m.outputs.length; p++) expect(seen.get(`${k}.${p}`), `module ${k} port ${p}`).toBe(1);
  });
}

const message = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
};

const A = Array.from({ length: 6 }, (_, i) => Array.from({ length: 8 }, (_, j) => Math.sin(1 + 3 * i + j * j)));

describe("composition", () => {
  test("a variable used twice branches: the graph gets a duplicate, both copies are plugged", () => {
    const x = priors.gaussBernoulli({ rho: 0.1 }).variable("x", 8);
    const z = layers.linear(A)(x);
    const g = layers.gradient()(x);
    const m = model(observe(likelihoods.gaussian({ noise: 1e-2 }), z, new Float64Array(6)), assume(priors.laplace({ rate: 2 }), g));
    wellFormed(m.graph);
    expect(m.graph.modules.map((k) => k.kind)).toContain("duplicate");
    expect(m.graph.variables.map((v) => v.name)).toEqual(["x", "x#1", "x#2", "z1", "g1"]);
    expect(m.variable("g1").shape).toEqual([1, 8]);
    expect(m.graph.variables[m.variable("g1").index].name).toBe("g1");
    expect(m.parameters.map((p) => p.name)).toEqual(["x.rho", "x.mean", "x.variance", "x.size", "y.noise", "g1.rate"]);
  });

  test("a branch and a merge of every kind make a well-formed tree", () => {
    const x = priors.gaussian().variable("x", [4, 6]);
    const w = priors.binary().variable("w", 24);
    const flat = layers.reshape(24)(x);
    const s = layers.sum(flat, w, { name: "s" });
    const c = layers.concatenate(layers.noise(0.1)(s), priors.gaussian().variable("v", 8));
    const [p, q] = layers.split([20, 12])(c, { names: ["p", "q"] });
    const h = activations.relu()(layers.bias(0.5)(p), { noiseBefore: 0.1 });
    const b = layers.blur(0.7)(layers.reshape([4, 3])(q));
    const g = layers.gradient()(x);
    const m = model(observe(likelihoods.gaussian(), h), observe(likelihoods.sign(), b), assume(penalties.groupSparsity({ gamma: 2 }), g));
    wellFormed(m.graph);
    expect(m.variable("g1").shape).toEqual([2, 4, 6]);
    expect(m.observations.map((o) => o.name)).toEqual(["y1", "y2"]);
    expect(m.graph.modules.map((k) => k.kind)).toEqual(expect.arrayContaining(["split", "concatenate", "sum", "reshape", "bias", "noise"]));
  });

  test("complex variables go through transforms, complex matrices and the modulus", () => {
    const x = priors.complexGaussBernoulli({ rho: 0.3 }).variable("x", 16);
    const z = layers.ensembles.complexGaussianIid()({ ratio: 2 })(layers.dft()(x));
    const m = model(observe(likelihoods.modulus(), z));
    wellFormed(m.graph);
    expect(m.variable("z2")).toMatchObject({ scalar: "complex", size: 32 });
    expect(message(() => observe(likelihoods.gaussian(), z))).toContain(
      "gaussian takes real variables, but the output of complex-gaussian-iid"
    );
  });

  test("ratios make sizes of any kind for theory, and whole ones when drawn", () => {
    const x = priors.gaussian().variable("x", 1);
    const m = model(observe(likelihoods.gaussian(), layers.ensemble("gaussian-iid", { ratio: 0.3 })(x)));
    wellFormed(m.graph);
    expect(m.variable("z1").size).toBeCloseTo(0.3, 12);
    const big = m.with({ "x.size": 101, "z1.ratio": 0.5 });
    expect(big.variable("z1").size).toBe(50.5);
    const { model: run, truth, observations } = big.sample(makeRng(1));
    wellFormed(run.graph);
    expect(run.variable("z1").size).toBe(51);
    expect(truth.z1.length).toBe(51);
    expect(observations.y.length).toBe(51);
    expect(run.observations[0].data).toEqual(observations.y);
  });

  test("a variable may be observed by nothing, and be the end itself", () => {
    const x = priors.gaussian().variable("x", 10);
    const m = model(activations.hardTanh()(x, { name: "h" }));
    expect(m.graph.variables.find((v) => v.name === "h")?.consumer).toBeNull();
    wellFormed(m.graph);
  });

  test("a free variable takes its prior from assume", () => {
    const x = variable("x", 8);
    const m = model(assume(priors.laplace({ rate: 3 }), x), observe(likelihoods.gaussian(), layers.linear(A)(x)));
    wellFormed(m.graph);
    expect(m.graph.modules[0].kind).toBe("prior");
    expect(m.parameters.map((p) => p.name)).toContain("x.rate");
  });
});

describe("refusals name the variables and say what to do", () => {
  const x = priors.gaussian().variable("x", 8);
  test.each([
    [
      "a missing prior",
      () => model(observe(likelihoods.gaussian(), layers.linear(A)(variable("u", 8)))),
      /u has no prior; write priors\.gaussian/
    ],
    [
      "a matrix that does not fit",
      () => layers.linear(A)(priors.gaussian().variable("u", 6)),
      /8 columns .* but u has 6 components .* transposed\?/
    ],
    [
      "a loop",
      () => model(observe(likelihoods.gaussian(), layers.sum(activations.relu()(x, { name: "a" }), activations.abs()(x, { name: "b" })))),
      /loop through (?=.*\bx\b)(?=.*\ba\b)(?=.*\bb\b).* must not meet again \(at sum\)/
    ],
    ["a variable summed with itself", () => model(layers.sum(x, x)), /loop through x:/],
    ["a name given twice", () => model(x, priors.gaussian().variable("x", 3)), /two variables are called x/],
    [
      "an activation without a complex form",
      () => activations.relu()(priors.complexGaussBernoulli().variable("u", 4)),
      /relu takes real variables, but u is complex/
    ],
    ["a sum of other shapes", () => layers.sum(x, priors.gaussian().variable("u", 7)), /x is 8 but u is 7/],
    ["data of another length", () => observe(likelihoods.gaussian(), x, [1, 2, 3]), /x has 8 components \(8\), so 8 numbers, got 3/],
    [
      "data of another field",
      () => observe(likelihoods.gaussian(), x, { scalar: "complex", data: new Float64Array(16) }),
      /gaussian observes real numbers, got complex/
    ],
    [
      "data that are not numbers",
      () => observe(likelihoods.gaussian(), x, [1, 2, Number.NaN, 0, 0, 0, 0, 0]),
      /finite numbers, got NaN at place 2/
    ],
    [
      "data on half a component",
      () => observe(likelihoods.gaussian(), layers.ensemble("gaussian-iid", { ratio: 0.31 })(x), [1, 2]),
      /whole number of components, but .* has 2\.48/
    ],
    ["a parameter out of its range", () => priors.gaussBernoulli({ rho: 2 }), /rho must be a number in/],
    ["an unknown ensemble", () => layers.ensemble("gausian-iid", { rows: 3 }), /did you mean gaussian-iid/],
    ["a reshape that loses components", () => layers.reshape([3, 3])(x), /has 9 components, but x has 8/],
    ["a name that is not one", () => priors.gaussian().variable("x y", 3), /a name must be a letter/],
    ["a negative noise", () => activations.relu()(x, { noiseBefore: -1 }), /noiseBefore must be a variance/],
    ["an unknown parameter", () => model(x).with({ "x.varience": 1 }), /did you mean x\.variance/],
    ["a value out of range", () => model(x).with({ "x.variance": -1 }), /x\.variance must be a number in .* got -1/],
    ["an unknown observation", () => model(x).observing({ y: [1] }), /no observation y/],
    ["an unknown variable", () => model(x).variable("X"), /no variable X/]
  ])("%s", (_, f, expected) => expect(message(f)).toMatch(expected));
});

describe("other values of parameters", () => {
  const x = priors.gaussBernoulli({ rho: 0.1 }).variable("x", 8);
  const z = layers.linear(A)(x);
  const h = activations.leakyRelu({ slope: 0.3 })(z, { noiseBefore: 0.2 });
  const m = model(observe(likelihoods.gaussian({ noise: 0.5 }), h, new Float64Array(6)));

  test("each parameter is set alone, keeps the others, and keeps the linear module with its decomposition", () => {
    for (const p of m.parameters) {
      if (p.key === "size") continue;
      const other = m.with({ [p.name]: p.value === p.min ? p.max : p.min });
      for (const q of other.parameters)
        expect(q.value, `${p.name}: ${q.name}`).toBe(
          q.name === p.name ? (p.value === p.min ? p.max : p.min) : m.parameters.find((o) => o.name === q.name)?.value
        );
      expect(other.graph.modules[1]).toBe(m.graph.modules[1]);
      wellFormed(other.graph);
      expect(other.observations).toEqual(m.observations);
    }
  });

  test("a value that does not change gives the model itself; a size that no longer fits the matrix is refused", () => {
    expect(m.with({ "x.rho": 0.1 })).toBe(m);
    expect(message(() => m.with({ "x.size": 9 }))).toMatch(/8 columns .* x has 9/);
  });
});

describe("sampling", () => {
  test("follows the model: z = A x exactly, y near h, and every stream has a label of its own", () => {
    const x = priors.gaussBernoulli({ rho: 0.5 }).variable("x", 8);
    const z = layers.linear(A)(x);
    const m = model(observe(likelihoods.gaussian({ noise: 0 }), activations.abs()(z, { name: "h" })));
    const { truth, observations } = m.sample(makeRng(3));
    A.forEach((row, i) => {
      const zi = row.reduce((s, a, j) => s + a * truth.x[j], 0);
      expect(truth.z1[i]).toBeCloseTo(zi, 12);
      expect(observations.y[i]).toBeCloseTo(Math.abs(zi), 12);
    });
    expect(m.sample(makeRng(3)).truth.x).toEqual(truth.x);
    expect(m.with({ "y.noise": 1 }).sample(makeRng(3)).truth.x).toEqual(truth.x);
    expect(m.sample(makeRng(4)).truth.x).not.toEqual(truth.x);
  });

  test("what is given is kept, and a penalised model needs its sources given", () => {
    const x = priors.gaussian().variable("x", 8);
    const m = model(observe(likelihoods.gaussian({ noise: 0 }), x), assume(priors.laplace(), layers.gradient()(x)));
    expect(message(() => m.sample(makeRng(1)))).toMatch(/g1 has a penalty, so x cannot be drawn; give it/);
    const own = Float64Array.from([0, 0, 1, 1, 1, 2, 2, 0]);
    const { truth, observations } = m.sample(makeRng(1), { x: own });
    expect(truth.x).toEqual(own);
    expect(observations.y).toEqual(own);
    expect(Array.from(truth.g1)).toEqual([0, 1, 0, 0, 1, 0, -2, 0]);
  });
});

test("describe names every factor, shape and parameter", () => {
  const x = priors.gaussBernoulli({ rho: 0.1 }).variable("x", [4, 4]);
  const h = activations.relu()(layers.ensemble("orthogonal", { ratio: 1 })(x), { noiseBefore: 0.25 });
  const text = model(observe(likelihoods.gaussian({ noise: 0.01 }), h), assume(priors.l1({ rate: 3 }), layers.gradient()(x))).describe();
  for (const word of [
    "prior gauss-bernoulli",
    "x (4x4)",
    "rho=0.1",
    "ensemble orthogonal",
    "ratio=1",
    "activation relu",
    "noiseBefore=0.25",
    "g1 (2x4x4)",
    "penalty l1",
    "rate=3",
    "y (no data)",
    "branches at: x"
  ])
    expect(text).toContain(word);
  expect(text).not.toMatch(/NaN|undefined|object/);
});
