import { describe, expect, test } from "vitest";
import { bethe, betheFreeEntropy, errorBars, keepState, solveGamp, solveGraph } from "../../../src/algorithms/index.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Message } from "../../../src/core/types.ts";
import { denseMatrix } from "../../../src/linalg/dense.ts";
import { activationModule, likelihoodModule, linearModule, priorModule } from "../../../src/modules/index.ts";
import { relu } from "../../../src/activations/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { channelOf, instance, priorOf } from "../instance.ts";
import { chain, entries, exactGaussian, glmGraph } from "./chains.ts";

function matrix(rows: number, cols: number, values: readonly number[]) {
  const made = denseMatrix(rows, cols);
  made.data.set(values);
  made.changed();
  return made;
}

/** ln sum over x in {-1, 1}^n of P(x) N(y; A x, noise), by enumeration. */
function enumerated(A: readonly (readonly number[])[], y: Float64Array, noise: number): number {
  const n = A[0].length;
  const logs: number[] = [];
  for (let s = 0; s < 1 << n; s++) {
    let e = 0;
    for (let k = 0; k < A.length; k++) {
      let z = 0;
      for (let i = 0; i < n; i++) z += s & (1 << i) ? A[k][i] : -A[k][i];
      e += (y[k] - z) ** 2;
    }
    logs.push(-e / (2 * noise));
  }
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((s, l) => s + Math.exp(l - top), 0)) - n * Math.LN2 - 0.5 * A.length * Math.log(2 * Math.PI * noise);
}

describe("evidence", () => {
  for (const [alpha, prior, channel, ensemble] of [
    [1.5, "gaussian", "gaussian:noise=0.3", "gaussian-iid"],
    [0.6, "gaussian", "gaussian:noise=1e-3", "gaussian-iid"],
    [1.2, "complex-gauss-bernoulli:rho=1", "complex-gaussian:noise=0.2", "complex-gaussian-iid"]
  ] as const)
    test(`of ${prior} and ${channel} at alpha ${alpha} is that of the multivariate Gaussian, to rounding`, () => {
      const p = instance(3, 40, alpha, prior, channel, { ensemble });
      const g = glmGraph(p);
      const { outcome, state } = solveGraph(g, { tolerance: 1e-12 });
      const noise = Number(/noise=(.*)/.exec(channel)?.[1]);
      const { logEvidence } = exactGaussian(p.operator, p.y, noise);
      expect(outcome.kind).toBe("converged");
      expect(Math.abs((betheFreeEntropy(g, state) ?? Number.NaN) / logEvidence - 1)).toBeLessThan(1e-10);
    });

  test("of a sign seen directly is n ln 2 below zero", () => {
    const n = 30;
    const y = new Float64Array(n).map((_, i) => (i % 3 ? 1 : -1));
    const g = chain([priorModule(priorOf("gaussian"), n), likelihoodModule(channelOf("sign"), n, y)], ["x"]);
    expect(betheFreeEntropy(g, solveGraph(g).state)).toBeCloseTo(-n * Math.LN2, 9);
  });

  test("of binary spins through a rotation is the enumerated sum, to rounding", () => {
    const n = 12;
    const noise = 0.7;
    const rng = makeRng(5, "rotation");
    const v = new Float64Array(n);
    rng.fillNormal(v);
    const norm = v.reduce((s, x) => s + x * x, 0);
    const A = Array.from(v, (a, i) => Array.from(v, (b, j) => (i === j ? 1 : 0) - (2 * a * b) / norm)); // a Householder reflection
    const y = new Float64Array(n);
    rng.fillNormal(y, 1.2);
    const operator = matrix(n, n, A.flat());
    const g = glmGraph({ prior: priorOf("binary"), operator, channel: channelOf(`gaussian:noise=${noise}`), y });
    const { outcome, state } = solveGraph(g, { tolerance: 1e-12 });
    expect(outcome.kind).toBe("converged");
    expect(Math.abs((betheFreeEntropy(g, state) ?? Number.NaN) / enumerated(A, y, noise) - 1)).toBeLessThan(1e-10);
  });

  test("of binary spins through iid matrices misses the enumerated sum by O(1), which falls as 1/n a component", () => {
    // measured on 40 seeds: 0.19, 0.22, 0.21, 0.17 nats at n = 4, 8, 12, 14
    const rms = (n: number) => {
      let sum = 0;
      for (let seed = 0; seed < 24; seed++) {
        const p = instance(seed, n, 1.5, "binary", "gaussian:noise=1");
        const g = glmGraph(p);
        const { state } = solveGraph(g, { damping: 0.3, iterations: 1000 });
        sum += ((betheFreeEntropy(g, state) ?? Number.NaN) - enumerated(entries(p.operator).re, p.y, 1)) ** 2;
      }
      return Math.sqrt(sum / 24) / n;
    };
    expect(rms(12)).toBeLessThan(0.5 * rms(4));
  });

  test("of sparse regression agrees with GAMP's, both estimates of one number, to 2e-3 nats a component at N = 400", () => {
    const p = instance(1, 400, 0.5, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-2");
    const g = glmGraph(p);
    const [ep, gamp] = [betheFreeEntropy(g, solveGraph(g).state), bethe(p, solveGamp(p).state)];
    expect(Math.abs((ep ?? Number.NaN) - (gamp ?? Number.NaN)) / 400).toBeLessThan(2e-3);
  });

  test("is null for estimators and where exact recovery makes it infinite", () => {
    const p = instance(1, 200, 0.6, "gauss-bernoulli:rho=0.1", "gaussian:noise=0");
    const g = glmGraph(p);
    expect(betheFreeEntropy(g, solveGraph(g).state)).toBe(null);
    const lasso = glmGraph({ ...p, prior: priorOf("l1:rate=0.1"), channel: channelOf("gaussian:noise=0.1") });
    expect(betheFreeEntropy(lasso, solveGraph(lasso).state)).toBe(null);
  });
});

describe("at a fixed point", () => {
  const n = 60;
  const rng = makeRng(8, "net");
  const operator = (rows: number, cols: number, label: string) => {
    const made = denseMatrix(rows, cols);
    made.fillNormal(rng.fork(label), 1 / Math.sqrt(cols));
    return made;
  };
  const hidden = operator(2 * n, n, "W1");
  const last = operator(n, 2 * n, "W2");
  const y = new Float64Array(n);
  rng.fork("y").fillNormal(y, 0.7);
  const g = chain(
    [
      priorModule(priorOf("gauss-bernoulli:rho=0.3"), n),
      linearModule(hidden),
      activationModule(relu.build({}), 2 * n, { noiseBefore: 0.1 }),
      linearModule(last),
      likelihoodModule(channelOf("gaussian:noise=0.1"), n, y)
    ],
    ["x", "h", "r", "z"]
  );
  const { outcome, state } = solveGraph(g, { tolerance: 1e-11, iterations: 2000, damping: 0.3 });
  const fixed = keepState(state);

  test("the Bethe free entropy is stationary in every message of a two-layer network", () => {
    expect(outcome.kind).toBe("converged");
    for (let i = 0; i < fixed.variables.length; i++)
      for (const side of ["forward", "backward"] as const)
        for (const what of ["a", "b"] as const) {
          const at = (h: number) => {
            const variables = fixed.variables.map((v, k) => {
              if (k !== i) return v;
              const { a, b } = v[side];
              const moved: Message = what === "a" ? { a: a + h, b } : { a, b: b.map((x, j) => x + h * Math.sin(j + 1)) };
              return { ...v, [side]: moved };
            });
            return betheFreeEntropy(g, { variables }) ?? Number.NaN;
          };
          const v = fixed.variables[i];
          const h = 1e-4 * (what === "a" ? v[side].a : Math.sqrt(v[side].a));
          // each of the two cancelling terms has a derivative of about size v/2 (in a) or size sqrt(v) (in b)
          const yardstick = v.size * (what === "a" ? v.variance : Math.sqrt(v.variance));
          expect(Math.abs((at(h) - at(-h)) / (2 * h)) / yardstick, `${v.name} ${side} ${what}`).toBeLessThan(1e-5);
        }
  });

  test("error bars are those of the prior for signals, average to the variance, and unknown names are refused", () => {
    const bars = errorBars(g, state, "x");
    expect(bars.length).toBe(n);
    expect(bars.reduce((s, v) => s + v, 0) / n).toBeCloseTo(fixed.variables[0].variance, 10);
    expect(new Set(bars).size).toBeGreaterThan(n / 2);
    expect(errorBars(g, state, "z").reduce((s, v) => s + v, 0) / n).toBeCloseTo(fixed.variables[3].variance, 8);
    expect(() => errorBars(g, state, "q")).toThrow(ParameterError);
  });

  test("a state of another graph is refused", () => {
    expect(() => betheFreeEntropy(g, { variables: fixed.variables.slice(1) })).toThrow(/state must be one of this graph/);
  });
});
