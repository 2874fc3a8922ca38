/**
 * Thresholds found by simulation alone. The success fraction of AMP is measured well below and well above the asymptotic
 * threshold, and the crossing of 1/2 is located by a binary search over a window of a few N^(-1/2), where finite-size rounding lives.
 */
import { expect, test } from "vitest";
import { simulateRun } from "../../src/core/scenario.ts";
import type { Scenario } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { compressedSensing, perceptron } from "../../src/scenarios/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
type Any = Scenario<any, any>;

/** Fraction of `seeds` runs with overlap above 0.99, at alpha. */
function success(s: Any, raw: Record<string, unknown>, alpha: number, seeds: number): number {
  let good = 0;
  for (let k = 0; k < seeds; k++) {
    const { overlap } = simulateRun(s, { ...raw, alpha }, 100 + k, makeRng).series;
    if (overlap[overlap.length - 1] > 0.99) good++;
  }
  return good / seeds;
}

/** alpha at which the success fraction crosses 1/2, by bisection; each answer is a majority of `seeds`. */
function crossing(s: Any, raw: Record<string, unknown>, low: number, high: number, seeds: number, steps: number): number {
  for (let k = 0; k < steps; k++) {
    const mid = (low + high) / 2;
    if (success(s, raw, mid, seeds) > 0.5) high = mid;
    else low = mid;
  }
  return (low + high) / 2;
}

test("binary perceptron at N = 4000: success crosses 1/2 within 4/sqrt(N) of 1.4926, none at 1.40, all at 1.60", () => {
  // Fluctuations of the effective alpha are of order 1/sqrt(N) = 0.016; 5 seeds a majority leave 0.01 in the crossing. 4/sqrt(N) = 0.063
  // is beyond four deviations of both together: a false alarm below 1e-4.
  const raw = { prior: "binary", size: 4000, iterations: 500 };
  expect(success(perceptron, raw, 1.4, 5)).toBe(0);
  expect(success(perceptron, raw, 1.6, 5)).toBe(1);
  const found = crossing(perceptron, raw, 1.4, 1.6, 5, 4);
  console.log(`binary perceptron, N = 4000: success crosses 1/2 at ${found.toFixed(4)} (theory 1.4926)`);
  expect(Math.abs(found - 1.4926318)).toBeLessThan(4 / Math.sqrt(4000));
});

test("compressed sensing, rho = 0.2, N = 4000: success crosses 1/2 within 2/sqrt(N) of 0.3554, none at 0.31, all at 0.40", () => {
  // The number of nonzeros fluctuates by sqrt(rho (1 - rho)/N) = 0.0063, and the threshold with it (slope 1.3): 0.008.
  // 2/sqrt(N) = 0.032 is four of these: below 1e-4.
  const raw = { rho: 0.2, noise: 0, size: 4000, iterations: 500 };
  expect(success(compressedSensing, raw, 0.31, 5)).toBe(0);
  expect(success(compressedSensing, raw, 0.4, 5)).toBe(1);
  const found = crossing(compressedSensing, raw, 0.31, 0.4, 5, 4);
  console.log(`compressed sensing, N = 4000: success crosses 1/2 at ${found.toFixed(4)} (theory 0.3554)`);
  expect(Math.abs(found - 0.355410828)).toBeLessThan(2 / Math.sqrt(4000));
});
