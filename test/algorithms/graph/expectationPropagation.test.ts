import { describe, expect, test } from "vitest";
import {
  betheFreeEntropy,
  type EpOptions,
  expectationPropagation,
  gamp,
  keepState,
  metrics,
  solveGamp,
  solveGraph
} from "../../../src/algorithms/index.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Graph } from "../../../src/core/types.ts";
import { verticalStack } from "../../../src/linalg/index.ts";
import { duplicateModule, likelihoodModule, linearModule, noiseModule, priorModule } from "../../../src/modules/index.ts";
import { channelOf, instance, priorOf } from "../instance.ts";
import { chain, distance, entries, exactGaussian, glmGraph } from "./chains.ts";

describe("Gaussian models", () => {
  for (const [prior, channel, ensemble] of [
    ["gaussian", "gaussian:noise=0.3", "gaussian-iid"],
    ["complex-gauss-bernoulli:rho=1", "complex-gaussian:noise=0.3", "complex-gaussian-iid"]
  ] as const)
    for (const damping of [0, 0.5, "adaptive"] as const)
      test(`means are those of the exact posterior: ${prior}, damping ${damping}`, () => {
        const p = instance(2, 50, 1.3, prior, channel, { ensemble });
        const { outcome, state } = solveGraph(glmGraph(p), { damping, tolerance: 1e-12 });
        expect(outcome.kind).toBe("converged");
        expect(distance(state.variables[0].mean, exactGaussian(p.operator, p.y, 0.3).mean)).toBeLessThan(1e-10);
      });

  test("two linear layers with noise between them: the fixed point has the exact means", () => {
    const inner = instance(4, 30, 2, "gaussian", "gaussian:noise=0.1");
    const outer = instance(5, 60, 0.7, "gaussian", "gaussian:noise=0.1");
    const g = chain(
      [
        priorModule(inner.prior, 30),
        linearModule(inner.operator),
        noiseModule(0.2, 60),
        linearModule(outer.operator),
        likelihoodModule(outer.channel, outer.operator.rows, outer.y)
      ],
      ["x", "u", "h", "z"]
    );
    const { outcome, state } = solveGraph(g, { tolerance: 1e-12, iterations: 5000 });
    expect(outcome.kind).toBe("converged");
    const W1 = entries(inner.operator).re;
    const W2 = entries(outer.operator).re;
    // y = W2 W1 x + W2 sqrt(0.2) xi + noise: an exact Gaussian model with the product matrix and a correlated noise
    const product = W2.map((row) => W1[0].map((_, i) => row.reduce((s, w, k) => s + w * W1[k][i], 0)));
    const operator = {
      ...inner.operator,
      scalar: "real" as const,
      rows: W2.length,
      cols: 30,
      frobenius2: 1,
      apply: (x: Float64Array, z: Float64Array) => {
        product.forEach((row, k) => {
          z[k] = row.reduce((s, w, i) => s + w * x[i], 0);
        });
      },
      adjoint: (z: Float64Array, x: Float64Array) => {
        for (let i = 0; i < 30; i++) x[i] = product.reduce((s, row, k) => s + row[i] * z[k], 0);
      }
    };
    const extra = (k: number, j: number) => 0.2 * W2[k].reduce((s, w, i) => s + w * W2[j][i], 0);
    const exact = exactGaussian(operator, outer.y, 0.1, extra);
    expect(distance(state.variables[0].mean, exact.mean)).toBeLessThan(1e-9);
  });
});

describe("sparse regression", () => {
  const p = instance(1, 400, 0.5, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-2");
  const graph = glmGraph(p);
  const truth = { x: p.x0 };
  const plain = keepState(solveGraph(graph, { tolerance: 1e-10, truth }).state);

  test("agrees with GAMP: the estimates differ by less than a tenth of the error, over 6 instances", () => {
    for (let seed = 10; seed < 16; seed++) {
      const q = instance(seed, 400, 0.5, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-2");
      const ep = solveGraph(glmGraph(q), { truth: { x: q.x0 } });
      const { state } = solveGamp(q);
      expect(ep.outcome.kind).toBe("converged");
      let apart = 0;
      for (let i = 0; i < 400; i++) apart += (state.mean[i] - ep.state.variables[0].mean[i]) ** 2 / 400;
      expect(apart).toBeLessThan(0.1 * metrics(state.mean, q.x0).raw.mse);
      // the variance it reports is its own error, up to the fluctuation of a mean of 400 squares
      const mse = ep.state.variables[0].metrics?.raw.mse ?? Number.NaN;
      expect(Math.abs(mse / ep.state.variables[0].variance - 1)).toBeLessThan(0.6);
    }
  });

  for (const damping of [0.5, 0.8, "adaptive"] as const)
    test(`damping ${damping} has the same fixed point`, () => {
      const { outcome, state } = solveGraph(graph, { damping, tolerance: 1e-10, iterations: 2000 });
      expect(outcome.kind).toBe("converged");
      state.variables.forEach((v, i) => {
        expect(distance(v.mean, plain.variables[i].mean)).toBeLessThan(1e-7);
        expect(Math.abs(v.backward.a / plain.variables[i].backward.a - 1)).toBeLessThan(1e-6);
      });
    });

  test("messages of both sides add up to the posterior of every variable", () => {
    for (const { forward, backward, mean, variance } of plain.variables) {
      expect((forward.a + backward.a) * variance).toBeCloseTo(1, 8);
      const sum = forward.b.map((b, i) => (b + backward.b[i]) / (forward.a + backward.a));
      expect(distance(sum, mean)).toBeLessThan(1e-8);
    }
  });

  test("a warm start from the fixed point is at it", () => {
    const { outcome } = solveGraph(graph, { warm: plain, tolerance: 1e-8 });
    expect(outcome).toMatchObject({ kind: "converged" });
    expect(outcome.iterations).toBeLessThanOrEqual(3);
  });

  test("frame 0 is the prior, and the informed start is close to the truth and ends at the same point", () => {
    const first = expectationPropagation(graph, {}).next().value;
    expect(first && "t" in first ? first.variables[0].variance : Number.NaN).toBeCloseTo(p.prior.secondMoment, 12);
    const { state } = solveGraph(graph, { init: "informed", truth, rng: p.rng.fork("i"), tolerance: 1e-10 });
    expect(distance(state.variables[0].mean, plain.variables[0].mean)).toBeLessThan(1e-6);
  });

  test("a custom start holds its variable in the first forward sweep only", () => {
    const init = { x: { mean: p.x0.map((x) => 0.5 * x), variance: 0.05 } };
    const { outcome, state } = solveGraph(graph, { init, tolerance: 1e-10 });
    expect(outcome.kind).toBe("converged");
    expect(distance(state.variables[0].mean, plain.variables[0].mean)).toBeLessThan(1e-6);
  });

  test("iterations run out as a horizon, with advice", () => {
    const { outcome } = solveGraph(graph, { iterations: 3 });
    expect(outcome.kind).toBe("horizon");
    expect(outcome.advice).toMatch(/raise iterations/);
  });

  test("what does not fit is refused before anything runs", () => {
    const bad: readonly EpOptions[] = [
      { iterations: 0 },
      { tolerance: 2 },
      { damping: 1 },
      { truth: { y: p.x0 } },
      { truth: { x: p.x0.slice(1) } },
      { init: "informed", rng: p.rng },
      { init: "spectral" },
      { init: "spectral", rng: p.rng },
      { init: { x: { mean: p.x0, variance: 0 } } },
      { init: { q: "informed" } },
      { warm: { variables: [] } }
    ];
    for (const options of bad)
      expect(() => expectationPropagation(graph, options), JSON.stringify(Object.keys(options))).toThrow(ParameterError);
    const [x, z] = graph.variables;
    expect(() => expectationPropagation({ ...graph, variables: [x] })).toThrow(/must be plugged into a variable/);
    expect(() => expectationPropagation({ ...graph, variables: [x, { ...z, size: 7 }] })).toThrow(/has 7 real components/);
    expect(() => expectationPropagation({ ...graph, variables: [x, x, z] })).toThrow(/duplicate/);
  });
});

test("an ill-conditioned matrix (geometric spectrum, condition 1e3) defeats GAMP and not EP", () => {
  for (let seed = 0; seed < 3; seed++) {
    const p = instance(seed, 400, 0.7, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-4", {
      ensemble: "geometric-spectrum:condition-number=1000"
    });
    const { outcome, state } = solveGraph(glmGraph(p), { truth: { x: p.x0 } });
    expect(outcome.kind).toBe("converged");
    expect(state.variables[0].metrics?.raw.mse).toBeLessThan(2 * state.variables[0].variance);
    expect(state.variables[0].variance).toBeLessThan(0.02);
    expect(solveGamp(p).outcome.kind).toBe("diverged");
  }
});

test("two likelihoods on one signal, joined by a duplicate, know as much as one likelihood with the stacked matrix", () => {
  const rho = 0.2;
  const one = instance(7, 300, 0.4, `gauss-bernoulli:rho=${rho}`, "gaussian:noise=1e-3");
  const two = instance(8, 300, 0.4, `gauss-bernoulli:rho=${rho}`, "gaussian:noise=1e-3");
  const y2 = new Float64Array(two.operator.rows);
  two.operator.apply(one.x0, y2);
  for (let k = 0; k < y2.length; k++) y2[k] += Math.sqrt(1e-3) * one.rng.normal();
  const size = 300;
  const rows = one.operator.rows;
  const real = { scalar: "real" } as const;
  const tree: Graph = {
    modules: [
      priorModule(one.prior, size),
      duplicateModule(2, size),
      linearModule(one.operator),
      linearModule(two.operator),
      likelihoodModule(one.channel, rows, one.y),
      likelihoodModule(one.channel, rows, y2)
    ],
    variables: [
      { ...real, name: "x", size, producer: { module: 0, port: 0 }, consumer: { module: 1, port: 0 } },
      { ...real, name: "x1", size, producer: { module: 1, port: 1 }, consumer: { module: 2, port: 0 } },
      { ...real, name: "x2", size, producer: { module: 1, port: 2 }, consumer: { module: 3, port: 0 } },
      { ...real, name: "z1", size: rows, producer: { module: 2, port: 1 }, consumer: { module: 4, port: 0 } },
      { ...real, name: "z2", size: rows, producer: { module: 3, port: 1 }, consumer: { module: 5, port: 0 } }
    ]
  };
  const branch = solveGraph(tree, { truth: { x: one.x0 } });
  const operator = verticalStack(one.operator, two.operator);
  const y = Float64Array.of(...one.y, ...y2);
  const stacked = glmGraph({ ...one, operator, y });
  const whole = solveGraph(stacked, { truth: { x: one.x0 } });
  expect([branch.outcome.kind, whole.outcome.kind]).toEqual(["converged", "converged"]);
  expect(distance(branch.state.variables[0].mean, whole.state.variables[0].mean)).toBeLessThan(0.02);
  const [a, b] = [betheFreeEntropy(tree, branch.state), betheFreeEntropy(stacked, whole.state)];
  expect(Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) / size).toBeLessThan(0.01);
});

describe("exact recovery", () => {
  test("of a noiseless sparse signal, and of spins whose likelihood stops pulling at the end, is recognised and right", () => {
    const p = instance(1, 400, 0.5, "gauss-bernoulli:rho=0.1", "gaussian:noise=0");
    const cs = solveGraph(glmGraph(p), { truth: { x: p.x0 } });
    expect(cs.outcome.kind).toBe("exact-recovery");
    expect(cs.state.variables[0].metrics?.raw.mse).toBeLessThan(1e-11);
    const q = instance(1, 400, 1.8, "binary", "sign");
    const spins = solveGraph(glmGraph(q), { truth: { x: q.x0 } });
    expect(spins.outcome.kind).toBe("exact-recovery");
    expect(spins.state.variables[0].metrics?.raw.mse).toBeLessThan(1e-11);
  });

  test("is not claimed for data without noise that no signal explains", () => {
    const p = instance(1, 200, 1.5, "binary", "gaussian:noise=0");
    const y = p.y.map((x, i) => x + 0.3 * Math.cos(i));
    for (const damping of [0, "adaptive"] as const)
      expect(solveGraph(glmGraph({ ...p, y }), { damping }).outcome.kind).not.toBe("exact-recovery");
  });
});

describe("symmetric models", () => {
  const p = instance(3, 300, 1.5, "gaussian", "abs");

  test("without rng the run says that it sits at zero; with it a spark recovers the signal up to its sign", () => {
    const stuck = solveGraph(glmGraph(p), { truth: { x: p.x0 } });
    expect(stuck.outcome.kind).toBe("trivial-fixed-point");
    expect(stuck.outcome.advice).toMatch(/rng/);
    const found = solveGraph(glmGraph(p), { truth: { x: p.x0 }, rng: p.rng.fork("ep"), damping: "adaptive" });
    expect(found.outcome.kind).toBe("exact-recovery");
    expect(found.state.variables[0].metrics?.aligned.mse).toBeLessThan(1e-10);
  });

  test("below weak recovery (alpha 1/2) the spark dies out: a trivial fixed point, not convergence", () => {
    const q = instance(3, 400, 0.3, "gaussian", "abs");
    const { outcome } = solveGraph(glmGraph(q), { rng: q.rng.fork("ep"), damping: 0.2 });
    expect(outcome.kind).toBe("trivial-fixed-point");
  });

  test("the spectral start sees the signal in the first iteration, where the spark does not", () => {
    const overlap = (init: "spectral" | "uninformed") => {
      const run = expectationPropagation(glmGraph(p), { init, truth: { x: p.x0 }, rng: p.rng.fork("ep") });
      run.next();
      const { value } = run.next();
      return value && "variables" in value ? (value.variables[0].metrics?.aligned.cosine ?? 0) : 0;
    };
    expect(overlap("spectral")).toBeGreaterThan(0.5);
    expect(overlap("uninformed")).toBeLessThan(0.3);
  });

  test("complex phase retrieval at alpha 2.2: undamped it converges or says diverged and what to do; adaptive damping recovers", () => {
    const q = instance(1, 250, 2.2, "complex-gauss-bernoulli:rho=1", "modulus", { ensemble: "complex-gaussian-iid" });
    const graph = glmGraph(q);
    const undamped = solveGraph(graph, { rng: q.rng.fork("ep") });
    if (undamped.outcome.kind === "diverged") expect(undamped.outcome.advice).toMatch(/damping adaptive/);
    else expect(["converged", "exact-recovery"]).toContain(undamped.outcome.kind);
    for (const v of undamped.state.variables) expect(v.mean.every(Number.isFinite)).toBe(true);
    const cured = solveGraph(graph, { rng: q.rng.fork("ep"), damping: "adaptive", truth: { x: q.x0 } });
    expect(cured.outcome.kind).toBe("exact-recovery");
    expect(cured.state.variables[0].metrics?.aligned.mse).toBeLessThan(1e-9);
  });
});

test("a MAP prior: the fixed point is the LASSO estimate, and no exact recovery is claimed", () => {
  const p = instance(6, 200, 0.6, "gauss-bernoulli:rho=0.1", "gaussian:noise=0.05");
  const rate = 2;
  const prior = priorOf(`l1:rate=${rate}`);
  const { outcome, state } = solveGraph(glmGraph({ ...p, prior }), { tolerance: 1e-11, iterations: 2000, damping: 0.3 });
  expect(outcome.kind).toBe("converged");
  // stationarity of |y - A x|^2/(2 noise) + rate |x|_1
  const { mean } = state.variables[0];
  const residual = new Float64Array(p.operator.rows);
  p.operator.apply(mean, residual);
  for (let k = 0; k < residual.length; k++) residual[k] = (p.y[k] - residual[k]) / 0.05;
  const pull = new Float64Array(mean.length);
  p.operator.adjoint(residual, pull);
  for (let i = 0; i < mean.length; i++) {
    if (mean[i] === 0) expect(Math.abs(pull[i])).toBeLessThan(rate * (1 + 1e-6));
    else expect(Math.abs(pull[i] - rate * Math.sign(mean[i]))).toBeLessThan(1e-5 * rate);
  }
});

test("frames of EP and GAMP count alike: at frame t both have made t sweeps, and i.i.d. matrices agree as N grows", () => {
  const p = instance(9, 2000, 0.5, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-2");
  const ep = expectationPropagation(glmGraph(p), { truth: { x: p.x0 } });
  const amp = gamp(p);
  for (let t = 0; t <= 4; t++) {
    const [a, b] = [ep.next().value, amp.next().value];
    if (!(a && "variables" in a && b && "mean" in b)) throw new Error("a run ended early");
    const mse = metrics(b.mean, p.x0).raw.mse;
    if (t === 0) expect(a.variables[0].metrics?.raw.mse).toBe(mse);
    else expect(Math.abs((a.variables[0].metrics?.raw.mse ?? Number.NaN) / mse - 1)).toBeLessThan(0.5);
  }
});

test("extreme noise and scales leave no NaN and end in an outcome", () => {
  for (const noise of ["1e-12", "1e-6", "100"])
    for (const prior of ["binary", "gauss-bernoulli:rho=0.01", "gaussian:variance=1e-6", "gaussian:variance=1e6", "laplace"])
      for (const damping of [0, "adaptive"] as const) {
        const p = instance(2, 40, 0.9, prior, `gaussian:noise=${noise}`);
        const wrong = priorOf(prior);
        for (const q of [p, { ...p, prior: wrong, y: p.y.map((x) => 50 * x + 3), channel: channelOf(`gaussian:noise=${noise}`) }]) {
          const graph = glmGraph(q);
          const { outcome, state } = solveGraph(graph, { damping, iterations: 60 });
          expect(Number.isFinite(outcome.residual)).toBe(true);
          for (const v of state.variables)
            for (const x of [v.mean, v.forward.b, v.backward.b, [v.variance, v.forward.a, v.backward.a]])
              expect(x.every(Number.isFinite), `${prior} ${noise} ${damping} ${v.name}`).toBe(true);
          expect(Number.isNaN(betheFreeEntropy(graph, state))).toBe(false);
        }
      }
});
