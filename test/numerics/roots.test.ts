/** Brent's root and minimum on known answers, hard shapes and bad brackets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brentMinimum, brentRoot } from "../../src/numerics/roots.ts";

describe("brentRoot", () => {
  test("finds roots of smooth, flat and steep functions to the last digits", () => {
    expect(brentRoot((x) => x * x - 2, 0, 2).x).toBeCloseTo(Math.SQRT2, 15);
    expect(brentRoot((x) => Math.cos(x) - x, 0, 1).x).toBeCloseTo(0.7390851332151607, 15);
    expect(Math.abs(brentRoot((x) => (x - 1 / 3) ** 3, 0, 1).x - 1 / 3)).toBeLessThan(1e-5);
    expect(brentRoot((x) => Math.tanh(1e6 * (x - 0.7)), 0, 1).x).toBeCloseTo(0.7, 12);
    expect(brentRoot((x) => Math.exp(x) - 1e-8, -50, 50).x).toBeCloseTo(Math.log(1e-8), 12);
  });
  test("random cubics with a sign change: the root is one, in few evaluations", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true }), (root, slope) => {
        let calls = 0;
        const { x, outcome } = brentRoot(
          (t) => {
            calls++;
            return slope * (t - root) + (t - root) ** 3;
          },
          -20,
          21
        );
        expect(outcome.kind).toBe("converged");
        expect(Math.abs(x - root)).toBeLessThan(1e-14 * (1 + Math.abs(root)));
        expect(calls).toBeLessThan(60);
      })
    );
  });
  test("a root at an end, a bracket of width 0 at a root, tiny values whose product underflows", () => {
    expect(brentRoot((x) => x, 0, 1).x).toBe(0);
    expect(brentRoot((x) => x - 1, 0, 1).x).toBe(1);
    expect(brentRoot((x) => x, 0, 0).x).toBe(0);
    expect(() => brentRoot((x) => 1e-200 * (x + 1), 0, 1)).toThrow("change sign");
    expect(brentRoot((x) => 1e-200 * (x - 0.25), 0, 1).x).toBeCloseTo(0.25, 14);
  });
  test("bad brackets are refused in one sentence", () => {
    expect(() => brentRoot((x) => x * x + 1, -1, 2)).toThrow(
      "brentRoot: the function must change sign between lo and hi, got 2 at -1 and 5 at 2"
    );
    expect(() => brentRoot((x) => x, 1, -1)).toThrow("brentRoot: the interval must be finite with lo <= hi, got [1, -1]");
    expect(() => brentRoot((x) => x, -1, 1, { tolerance: -1 })).toThrow("tolerance must be a number >= 0, got -1");
  });
  test("out of iterations is horizon, a function that is not finite is diverged, both with advice", () => {
    const short = brentRoot((x) => Math.exp(x) - 1e-8, -50, 50, { maxIterations: 2 }).outcome;
    expect(short.kind).toBe("horizon");
    expect(short.advice).toContain("maxIterations");
    const bad = brentRoot((x) => (Math.abs(x) < 0.9 ? Number.NaN : x), -1, 1);
    expect(bad.outcome.kind).toBe("diverged");
    expect(Number.isFinite(bad.x) && Number.isFinite(bad.value)).toBe(true);
  });
});

describe("brentMinimum", () => {
  test("finds interior minima to half the digits and minima at the ends", () => {
    expect(Math.abs(brentMinimum((x) => (x - 0.3) ** 2, -1, 2).x - 0.3)).toBeLessThan(1e-7);
    expect(Math.abs(brentMinimum((x) => x ** 4 - x, 0, 2).x - 0.25 ** (1 / 3))).toBeLessThan(1e-7);
    expect(Math.abs(brentMinimum((x) => Math.abs(x - 0.7), 0, 1).x - 0.7)).toBeLessThan(1e-7);
    expect(brentMinimum((x) => x, 0, 1).x).toBeLessThan(1e-7);
    expect(brentMinimum((x) => -x, 0, 1).x).toBeGreaterThan(1 - 1e-7);
    expect(brentMinimum((x) => (x - 0.3) ** 2, -1, 2).outcome.kind).toBe("converged");
  });
  test("never leaves the interval", () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), (a, b) => {
        const { x, value } = brentMinimum(
          (t) => {
            expect(t >= -1 && t <= 2).toBe(true);
            return Math.sin(3 * t + a) + b * t;
          },
          -1,
          2
        );
        expect(value).toBe(Math.sin(3 * x + a) + b * x);
      })
    );
    expect(() => brentMinimum((x) => x, 0, Number.POSITIVE_INFINITY)).toThrow("brentMinimum: the interval must be finite");
  });
});
