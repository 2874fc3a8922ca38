import { expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import { square } from "../../../src/losses/index.ts";
import { l1Threshold } from "../../../src/theory/index.ts";
import { elasticSide, lassoSolution, makeOutputSide, ridgeSide, riskFixedPoint, softThreshold } from "../../../src/theory/risk/index.ts";

test("the calibrated LASSO solves the replica equations", () => {
  for (const [rho, alpha, noise, lambda] of [
    [0.2, 0.5, 0.01, 0.05],
    [0.2, 2, 0.1, 1e-4],
    [0.05, 0.3, 1, 2],
    [1, 0.8, 0, 0.1]
  ]) {
    const direct = lassoSolution(rho, alpha, noise, lambda);
    const output = makeOutputSide(make(square), { kind: "linear", noise }, rho);
    const { order, outcome } = riskFixedPoint(output, elasticSide(rho, lambda, 0), alpha, { tolerance: 1e-12 });
    expect([direct.outcome.kind, outcome.kind]).toEqual(["converged", "converged"]);
    for (const key of ["m", "q", "V", "mse"] as const) expect((order[key] as number) / direct[key]).toBeCloseTo(1, 8);
  }
});

test("the noiseless error vanishes with the penalty above the L1 line, and stays below it", () => {
  const line = l1Threshold(0.2);
  const above = [1e-4, 1e-5, 1e-6].map((lambda) => lassoSolution(0.2, line + 0.05, 0, lambda).mse / lambda ** 2);
  expect(above[2] / above[1]).toBeCloseTo(1, 2);
  const below = [1e-3, 1e-4, 1e-5].map((lambda) => lassoSolution(0.2, line - 0.05, 0, lambda).mse);
  expect(below[2]).toBeGreaterThan(1e-3);
  expect(below[2] / below[1]).toBeCloseTo(1, 2);
});

test("noiseless LASSO under any penalty: no point is given up for a logarithm of a vanished error", () => {
  // closed forms: all of the signal is thresholded away; and bias lambda/alpha on each nonzero, mse = rho (lambda/alpha)^2 (1 + rho/alpha + ...)
  expect(lassoSolution(1, 4.55, 0, 144)).toMatchObject({ outcome: { kind: "converged" }, mse: expect.closeTo(1, 12) });
  const small = lassoSolution(1e-3, 200, 0, 1e-4);
  expect(small.outcome.kind).toBe("converged");
  expect(small.mse / (1e-3 * (1e-4 / 200) ** 2)).toBeCloseTo(1, 3);
  // thresholds that differ in their last digits alone
  for (const [rho, alpha] of [
    [1, 970.3188554876449],
    [0.0191611, 889.56758]
  ]) {
    const least = lassoSolution(rho, alpha, 0, 1e-6);
    expect(least.outcome.kind).toBe("converged");
    // every nonzero is kept and every zero is zero: mse = rho (theta^2 + sigma^2), sigma^2 = mse/alpha, theta = lambda/(alpha - rho)
    expect((least.mse * (1 - rho / alpha)) / (rho * (1e-6 / (alpha - rho)) ** 2)).toBeCloseTo(1, 6);
  }
  for (const rho of [1e-3, 0.1, 1])
    for (const alpha of [0.02, 0.8, 30, 900])
      for (const lambda of [1e-6, 1e-3, 1, 1e3]) {
        const { outcome, mse } = lassoSolution(rho, alpha, 0, lambda);
        expect([rho, alpha, lambda, outcome.kind]).toEqual([rho, alpha, lambda, "converged"]);
        expect(mse).toBeGreaterThan(0);
      }
});

test("least squares: mse = noise/(alpha - 1) as the penalty vanishes", () => {
  for (const alpha of [1.5, 4]) expect(Math.abs(lassoSolution(0.3, alpha, 0.2, 1e-6).mse - 0.2 / (alpha - 1))).toBeLessThan(1e-5); // of the order of lambda
});

test("an elastic net without its L1 part is ridge", () => {
  const hats = { mHat: 0.7, qHat: 0.3, VHat: 0.9 };
  const [a, b] = [elasticSide(0.4, 0, 0.2)(hats), ridgeSide(0.4, 0.2)(hats)];
  for (const key of ["m", "q", "V", "mse"] as const) expect(a[key]).toBeCloseTo(b[key] as number, 14);
});

test("soft thresholding keeps the digits of its error as signal noise and threshold vanish", () => {
  for (const scale of [1e-3, 1e-6, 1e-9]) {
    const { mse } = softThreshold(0.2, 1, scale, 1.3 * scale);
    // rho (1 + tau^2) + 2 (1 - rho)[(1 + tau^2) Q(tau) - tau phi(tau)] at tau = 1.3, in units of scale^2; corrections of the order of scale
    expect(mse / scale ** 2 / 0.5981826141970279).toBeCloseTo(1, scale > 1e-4 ? 2 : 5);
  }
});
