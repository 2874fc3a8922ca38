import { describe, expect, test } from "vitest";
import { equilibrium, fixedPointCurve, graphEvolution, replicaFreeEntropy, thresholdsOf } from "../../../src/theory/index.ts";
import { channel, exhaust, hidden, layer, observed, prior, source } from "./bricks.ts";
import { chain, toyLikelihood, toyLinear, toyPrior } from "./chains.ts";

describe("state evolution on a graph", () => {
  test.each([
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=0.0001", 0.34],
    ["binary", "sign", 1.3],
    ["gaussian", "relu:noise=0.1", 2]
  ] as const)("%s through %s ends at the fixed points of the curve alpha(r), with their free entropy", (p, c, alpha) => {
    const graph = chain([source(p, 1), layer(alpha, 1), observed(c, alpha)]);
    const curve = fixedPointCurve(prior(p), channel(c));
    const { algorithmic } = equilibrium(curve, alpha, thresholdsOf(curve));
    const { last, end } = exhaust(graphEvolution(graph));
    expect(end.kind).toBe("converged");
    expect(end.growthRate as number).toBeLessThan(1);
    expect(Math.abs(last.v[0] / algorithmic.point.V - 1)).toBeLessThan(1e-9);
    expect(Math.abs(replicaFreeEntropy(graph, last) - algorithmic.freeEntropy)).toBeLessThan(1e-11);
  });

  test("informed and uninformed starts find the two stable fixed points of a first-order transition", () => {
    const graph = chain([source("gauss-bernoulli:rho=0.2", 1), layer(0.34, 1), observed("gaussian:noise=0.0001", 0.34)]);
    const curve = fixedPointCurve(prior("gauss-bernoulli:rho=0.2"), channel("gaussian:noise=0.0001"));
    const stable = equilibrium(curve, 0.34, thresholdsOf(curve)).all.filter((s) => s.stable);
    const starts = ["uninformed", "informed"] as const;
    starts.forEach((start, k) => {
      const { last, end } = exhaust(graphEvolution(graph, { start }));
      expect(end.kind).toBe("converged");
      expect(Math.abs(last.v[0] / stable[k].point.V - 1)).toBeLessThan(1e-8);
    });
  });

  test("an unstable fixed point is never converged: zero information in phase retrieval above and below alpha = 1/2", () => {
    for (const [alpha, rate] of [
      [1, 2],
      [0.4, 0.8]
    ]) {
      const graph = chain([source("gaussian", 1), layer(alpha, 1), observed("abs", alpha)]);
      const { end } = exhaust(graphEvolution(graph));
      expect(end.kind).toBe("trivial-fixed-point");
      expect(end.growthRate as number).toBeCloseTo(rate, 6); // the iteration of GAMP grows by alpha/(1/2) there too
    }
    const seeded = exhaust(graphEvolution(chain([source("gaussian", 1), layer(1, 1), observed("abs", 1)]), { start: { h1: 1e-3 } }));
    expect(seeded.end.kind).toBe("converged");
    expect(seeded.last.v[0]).toBeLessThan(0.53);
  });

  test("noiseless observations above the threshold end in exact recovery", () => {
    const { end, last } = exhaust(graphEvolution(chain([source("gaussian", 1), layer(1.5, 1), observed("gaussian:noise=0", 1.5)])));
    expect(end.kind).toBe("exact-recovery");
    expect(last.v[0]).toBeLessThan(1e-24);
  });

  test("the first iterations are those worked out by hand for a Gaussian model: v = 1/(1 + r)", () => {
    const alpha = 0.7;
    const noise = 0.3;
    const { all } = exhaust(graphEvolution(chain([source("gaussian", 1), layer(alpha, 1), observed(`gaussian:noise=${noise}`, alpha)])));
    expect(all[0].v).toEqual([1, 1]);
    // first sweep: nothing known, V = 1; back: r = alpha/(noise + v) with v the layer's own 1/(1 + r)
    let r = 0;
    for (let k = 0; k < 200; k++) r = alpha / (noise + 1 / (1 + r));
    expect(all[1].backward[0]).toBeCloseTo(r, 12);
  });
});

describe("the replica free entropy", () => {
  // noisy relu between two layers: every module kind, unequal sizes
  const graph = chain([
    source("gauss-bernoulli:rho=0.4", 1),
    layer(1.6, 1),
    hidden("relu", 1.6, 0.05),
    layer(1.2, 1.6),
    observed("sign", 1.2)
  ]);
  const { last } = exhaust(graphEvolution(graph, { tolerance: 1e-13 }));
  test.each([0, 1, 2, 3])("is stationary in both messages on variable %i at the fixed point, and nowhere else", (i) => {
    for (const side of ["forward", "backward"] as const) {
      const phi = (factor: number) => {
        const state = { forward: [...last.forward], backward: [...last.backward] };
        state[side][i] *= factor;
        return replicaFreeEntropy(graph, state);
      };
      const h = 2e-3;
      const slope = (8 * (phi(1 + h) - phi(1 - h)) - (phi(1 + 2 * h) - phi(1 - 2 * h))) / (12 * h);
      expect(Math.abs(slope)).toBeLessThan(1e-8);
      const away = side === "backward" ? 0.5 : 1.5;
      const tilted = (phi(away + h) - phi(away - h)) / (2 * h);
      expect(Math.abs(tilted)).toBeGreaterThan(1e-5);
    }
  });
  test("agrees between the modules of the house and closed forms written for this test", () => {
    const house = chain([source("binary", 1), layer(1.3, 1), observed("sign", 1.3)]);
    const toy = chain([toyPrior(prior("binary"), 1), toyLinear(1.3, 1), toyLikelihood(channel("sign"), 1.3)]);
    const state = { forward: [1.7, 2.3], backward: [0.9, 1.4] };
    expect(Math.abs(replicaFreeEntropy(house, state) - replicaFreeEntropy(toy, state))).toBeLessThan(1e-12);
  });
});
