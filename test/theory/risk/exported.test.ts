import { expect, test } from "vitest";
import { make, risk } from "../../../src/index.ts";
import { square } from "../../../src/losses/index.ts";

test("the library exports what learning curves are made of", () => {
  const inputs = { omega: Float64Array.of(1), weight: Float64Array.of(1), target: Float64Array.of(1), rho: 1 };
  const labels = { kind: "sign", noise: 0 } as const;
  // isotropic inputs are the perceptron: ridge lambda = 1 at alpha = 3, an independent solution
  const task = { inputs, labels, loss: make(square), square: true, samples: 3 };
  expect(risk.covariateRisk(task, 1).error).toBeCloseTo(0.15096415936, 10);
  expect(risk.ridgeSolution(inputs, labels, 3, 1).order.m).toBeCloseTo(risk.perceptronRisk(make(square), 0, 3, 1).order.m, 10);
  expect(risk.separabilityThreshold(0.64, 1, 0)).toBeCloseTo(3.1330951353, 9); // Candes and Sur, correlation 0.8
});
