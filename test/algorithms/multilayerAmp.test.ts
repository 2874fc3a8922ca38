import { describe, expect, test } from "vitest";
import { abs, relu } from "../../src/activations/index.ts";
import {
  gamp,
  keepState,
  metrics,
  multilayerAmp,
  type MultilayerProblem,
  solveGraph,
  solveMultilayer
} from "../../src/algorithms/index.ts";
import { ParameterError } from "../../src/core/parameters.ts";
import type { Activation, Rng } from "../../src/core/types.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { activationModule, likelihoodModule, linearModule, priorModule } from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { chain, distance } from "./graph/chains.ts";
import { channelOf, instance, priorOf } from "./instance.ts";

function iid(rng: Rng, rows: number, cols: number) {
  const made = denseMatrix(rows, cols);
  made.fillNormal(rng, 1 / Math.sqrt(cols));
  return made;
}

/** x -> activation(W1 x + sqrt(noise) xi) -> y = W2 . + sqrt(0.01) xi. */
function network(seed: number, n: number, activation: Activation, noise: number, ratio = 2, alpha = 1.5, spec = "gaussian:noise=0.01") {
  const rng = makeRng(seed, "network");
  const prior = priorOf("gaussian");
  const channel = channelOf(spec);
  const W1 = iid(rng.fork("W1"), ratio * n, n);
  const W2 = iid(rng.fork("W2"), alpha * n, ratio * n);
  const x0 = new Float64Array(n);
  const z = new Float64Array(ratio * n);
  const x1 = new Float64Array(ratio * n);
  const z2 = new Float64Array(alpha * n);
  const y = new Float64Array(alpha * n);
  prior.sample(rng.fork("x0"), x0);
  W1.apply(x0, z);
  const xi = rng.fork("noise");
  for (let i = 0; i < z.length; i++) z[i] += Math.sqrt(noise) * xi.normal();
  activation.apply(z, x1);
  W2.apply(x1, z2);
  channel.sample(rng.fork("y"), z2, y);
  const problem: MultilayerProblem = { prior, hidden: [{ operator: W1, activation, noise }], operator: W2, channel, y };
  const graph = chain(
    [
      priorModule(prior, n),
      linearModule(W1),
      activationModule(activation, ratio * n, { noiseBefore: noise }),
      linearModule(W2),
      likelihoodModule(channel, alpha * n, y)
    ],
    ["x", "h", "r", "z"]
  );
  return { problem, graph, x0, x1, rng };
}

describe("without hidden layers", () => {
  for (const [prior, channel, ensemble, alpha] of [
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=1e-2", "gaussian-iid", 0.6],
    ["binary", "sign", "gaussian-iid", 1.2],
    ["complex-gauss-bernoulli:rho=1", "modulus:noise=0.1", "complex-gaussian-iid", 2]
  ] as const)
    for (const damping of [0, 0.4])
      test(`it is GAMP sweep by sweep to 1e-10: ${prior}, ${channel}, damping ${damping}`, () => {
        const p = instance(3, 120, alpha, prior, channel, { ensemble });
        const start = { mean: p.x0.map((x, i) => 0.1 * x + 0.01 * Math.sin(i)), variance: 0.9 * p.prior.secondMoment };
        const a = multilayerAmp(p, { init: start, damping, iterations: 12, tolerance: 1e-12 });
        const b = gamp(p, { init: start, damping, iterations: 12, tolerance: 1e-12 });
        for (let t = 0; t <= 12; t++) {
          const [u, v] = [a.next().value, b.next().value];
          if (!(u && "signals" in u && v && "mean" in v)) throw new Error("a run ended early");
          expect(u.t).toBe(t);
          expect(distance(u.signals[0].mean, v.mean)).toBeLessThan(1e-10);
          expect(Math.abs(u.signals[0].variance[0] - v.variance[0])).toBeLessThan(1e-10);
          if (t > 0) expect(distance(u.layers[0].omega, v.omega)).toBeLessThan(1e-10);
          if (t > 0) expect(distance(u.layers[0].g, v.g)).toBeLessThan(1e-10);
        }
      });
});

describe("with a hidden relu layer", () => {
  const N = 500;
  const { problem, graph, x0, x1 } = network(1, N, relu.build({}), 0.05);
  const plain = solveMultilayer(problem, { tolerance: 1e-9 });
  const mean = plain.state.signals[0].mean.slice();

  test("it converges, with variances that are its errors at every layer", () => {
    expect(plain.outcome.kind).toBe("converged");
    const [s0, s1] = plain.state.signals;
    // a mean of N squared errors fluctuates by about sqrt(2/N) of itself: five of them, for each layer
    expect(Math.abs(metrics(s0.mean, x0).raw.mse / s0.variance[0] - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
    expect(Math.abs(metrics(s1.mean, x1).raw.mse / s1.variance[0] - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
  });

  test("expectation propagation on the same network has the same estimate, up to a tenth of the error", () => {
    const { outcome, state } = solveGraph(graph, {});
    expect(outcome.kind).toBe("converged");
    let apart = 0;
    for (let i = 0; i < N; i++) apart += (state.variables[0].mean[i] - mean[i]) ** 2 / N;
    expect(apart).toBeLessThan(0.1 * state.variables[0].variance);
    expect(keepState(state).variables[2].variance / plain.state.signals[1].variance[0]).toBeCloseTo(1, 1);
  });

  for (const damping of [0.5, "adaptive"] as const)
    test(`damping ${damping} has the same fixed point`, () => {
      const { outcome, state } = solveMultilayer(problem, { tolerance: 1e-9, damping, iterations: 1000 });
      expect(outcome.kind).toBe("converged");
      expect(distance(state.signals[0].mean, mean)).toBeLessThan(1e-6);
    });

  test("a state carried over goes on where it stood", () => {
    const { outcome } = solveMultilayer(problem, { init: plain.state, tolerance: 1e-7 });
    expect(outcome.kind).toBe("converged");
    expect(outcome.iterations).toBeLessThanOrEqual(3);
  });

  test("an informed start ends at the same point, here in the easy phase", () => {
    const { state } = solveMultilayer(problem, { init: "informed", truth: x0, rng: makeRng(0, "start"), tolerance: 1e-9 });
    expect(distance(state.signals[0].mean, mean)).toBeLessThan(1e-6);
  });

  test("what does not fit is refused before anything runs", () => {
    const narrow = { ...problem, hidden: [{ operator: problem.operator, activation: relu.build({}) }] };
    expect(() => multilayerAmp(narrow)).toThrow(ParameterError);
    expect(() => multilayerAmp({ ...problem, y: problem.y.slice(1) })).toThrow(/y must have/);
    expect(() => multilayerAmp(problem, { init: "informed" })).toThrow(/truth/);
    expect(() => multilayerAmp(problem, { damping: 1 })).toThrow(/damping/);
    expect(() => multilayerAmp(problem, { init: { mean: x0.slice(1), variance: 1 } })).toThrow(/init.mean/);
  });
});

test("a symmetric network sits at zero without rng and leaves it with", () => {
  const { problem, x0, rng } = network(2, 300, abs.build({}), 0, 3, 3, "gaussian:noise=1e-4");
  const stuck = solveMultilayer(problem, { iterations: 200 });
  expect(stuck.outcome.kind).toBe("trivial-fixed-point");
  const found = solveMultilayer(problem, { rng: rng.fork("amp"), damping: "adaptive", iterations: 1000 });
  expect(metrics(found.state.signals[0].mean, x0).aligned.cosine).toBeGreaterThan(0.99);
});
