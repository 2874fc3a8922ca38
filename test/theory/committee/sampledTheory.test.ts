import { expect, test } from "vitest";
import { committeeTheory, sampledTheory } from "../../../src/theory/committee/index.ts";

test.each([
  ["gaussian", 3],
  ["binary", 1]
] as const)("the theory by sampling has three digits of the exact one for two units, %s weights, alpha %s", (prior, alpha) => {
  const { order, freeEntropy } = sampledTheory({ prior, units: 2 }).predict(alpha).algorithmic;
  const exact = committeeTheory({ prior, units: 2 }).predict(alpha).algorithmic;
  expect(Math.abs(order.lambdaPlus - exact.order.lambdaPlus)).toBeLessThan(2e-3);
  expect(Math.abs(order.lambdaMinus - exact.order.lambdaMinus)).toBeLessThan(5e-3);
  expect(Math.abs(freeEntropy - exact.freeEntropy)).toBeLessThan(1e-2);
});

test("errors at given overlaps agree with the exact ones", () => {
  const o = { lambdaPlus: 0.7, lambdaMinus: 0.4 };
  const sampled = sampledTheory({ prior: "gaussian", units: 2 }).observablesAt(o);
  const exact = committeeTheory({ prior: "gaussian", units: 2 }).observablesAt(o);
  expect(Math.abs(sampled.squaredError - exact.squaredError)).toBeLessThan(2e-3);
  expect(Math.abs(sampled.misclassification - exact.misclassification)).toBeLessThan(3e-3);
});

test("units that start equal stay equal, and more than three are refused", () => {
  const run = sampledTheory({ prior: "binary", units: 3 }).evolve(5, { lambdaPlus: 0, lambdaMinus: 0 }, 3);
  for (let step = run.next(); !step.done; step = run.next()) expect(step.value.order.lambdaMinus).toBe(0);
  expect(() => sampledTheory({ prior: "gaussian", units: 4 })).toThrow("1 to 3 hidden units, got 4");
});
