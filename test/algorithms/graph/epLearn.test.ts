import { describe, expect, test } from "vitest";
import { betheFreeEntropy, epLearn, type LearnableGraph, solveEpLearn, solveGraph } from "../../../src/algorithms/index.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Module } from "../../../src/core/types.ts";
import { likelihoodModule, linearModule, priorModule } from "../../../src/modules/index.ts";
import { channelOf, type Instance, instance, priorOf } from "../instance.ts";
import { chain } from "./chains.ts";

/** Gauss-Bernoulli prior of density rho and variance, Gaussian noise; keeps the linear modules it made. */
function sparse(p: Instance, values: Record<string, number>): LearnableGraph & { readonly linears: readonly Module[] } {
  const made = {
    linears: [] as Module[],
    values,
    ranges: { rho: { min: 1e-3, max: 1, scale: "linear" as const }, variance: { min: 1e-3, max: 1e3 }, noise: { min: 0, max: 100 } },
    graph({ rho, variance, noise }: Readonly<Record<string, number>>) {
      const matrix = linearModule(p.operator); // a new object each time, though it depends on no parameter
      made.linears.push(matrix);
      return chain(
        [
          priorModule(priorOf(`gauss-bernoulli:rho=${rho},variance=${variance}`), p.operator.cols),
          matrix,
          likelihoodModule(channelOf(`gaussian:noise=${noise}`), p.operator.rows, p.y)
        ],
        ["x", "z"]
      );
    }
  };
  return made;
}

describe("sparse regression with noise and density unknown", () => {
  const p = instance(11, 1000, 0.6, "gauss-bernoulli:rho=0.1", "gaussian:noise=1e-2");
  const model = sparse(p, { rho: 0.4, variance: 1, noise: 1 });
  const result = solveEpLearn(model, { learn: ["rho", "noise"] });

  test("both are found within their statistical error", () => {
    expect(result.outcome.kind).toBe("converged");
    // what an oracle that saw x and the noise would say has relative deviations sqrt((1 - rho)/(rho N)) = 0.095 and sqrt(2/rows) = 0.058:
    // four of them
    expect(Math.abs(result.values.rho / 0.1 - 1)).toBeLessThan(4 * 0.095);
    expect(Math.abs(result.values.noise / 0.01 - 1)).toBeLessThan(4 * 0.058 * 1.5);
    for (const l of result.learned) {
      expect(l.onBound).toBe(false);
      expect(l.trajectory.t.length).toBe(l.trajectory.value.length);
    }
  });

  test("the Bethe free entropy is stationary there in both: any other value, solved to its own fixed point, is less likely", () => {
    const at = (values: Record<string, number>) => {
      const { modules, variables } = model.graph({ ...result.values, ...values });
      const graph = { variables, modules: [modules[0], result.graph.modules[1], modules[2]] }; // one decomposition for all
      return betheFreeEntropy(graph, solveGraph(graph, { tolerance: 1e-9 }).state) ?? Number.NaN;
    };
    const top = at({});
    for (const [name, value] of Object.entries({ rho: result.values.rho, noise: result.values.noise }))
      for (const factor of [0.8, 1.25]) expect(at({ [name]: value * factor })).toBeLessThan(top);
    const h = 1e-3;
    for (const [name, value] of Object.entries({ rho: result.values.rho, noise: result.values.noise })) {
      const slope = (at({ [name]: value * (1 + h) }) - at({ [name]: value * (1 - h) })) / (2 * h);
      const curvature = (at({ [name]: value * 1.05 }) + at({ [name]: value * 0.95 }) - 2 * top) / 0.05 ** 2;
      expect(Math.abs(slope / curvature)).toBeLessThan(2e-3); // the distance to the maximum, relative
    }
  });

  test("modules that do not depend on a learned parameter stay what they were", () => {
    expect(model.linears.length).toBeGreaterThan(50);
    expect(result.graph.modules[1]).toBe(model.linears[0]);
    const run = epLearn(model, { learn: ["noise"], iterations: 40 });
    let end = run.next();
    while (!end.done) end = run.next();
    expect(end.value.values.rho).toBe(0.4);
    expect(end.value.values.noise).not.toBe(1);
  });
});

test("a parameter that the data push out of its range ends on the bound, and says so", () => {
  const p = instance(12, 300, 1.5, "gauss-bernoulli:rho=0.3", "gaussian:noise=0.5");
  const model = { ...sparse(p, { rho: 0.3, variance: 1, noise: 0.05 }), ranges: { noise: { min: 0.01, max: 0.1 } } };
  const { learned, outcome } = solveEpLearn(model, { learn: ["noise"], damping: 0.3 });
  expect(learned[0].onBound).toBe(true);
  expect(outcome.advice).toMatch(/ended on a bound/);
});

test("unknown names, impossible ranges and parameters without effect are refused", () => {
  const p = instance(12, 50, 1.5, "gauss-bernoulli:rho=0.3", "gaussian:noise=0.5");
  const model = sparse(p, { rho: 0.3, variance: 1, noise: 0.05, idle: 1 });
  expect(() => epLearn(model, { learn: ["rhoo"] })).toThrow(/did you mean rho/);
  expect(() => epLearn(model, { learn: [] })).toThrow(ParameterError);
  expect(() => epLearn({ ...model, ranges: { rho: { min: 1, max: 1 } } }, { learn: ["rho"] })).toThrow(/min < max/);
  expect(() => solveEpLearn({ ...model, ranges: { idle: { min: 0, max: 2 } } }, { learn: ["idle"] })).toThrow(/changes none/);
});
