/** Quadrature rules against closed forms, and their error estimates against the true errors. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  composite,
  gaussHermite,
  gaussianMeasure,
  gaussLegendre,
  gradedBreaks,
  integrate,
  type Rule,
  trapezoid
} from "../../src/numerics/quadrature.ts";
import { normalCdf, normalPdf } from "../../src/numerics/special/index.ts";

/** Compensated (Neumaier), so that what is measured is the rule and not the rounding of a sum of a thousand terms. */
function average(rule: Rule, f: (t: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < rule.nodes.length; i++) {
    const term = rule.weights[i] * f(rule.nodes[i]);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
const doubleFactorial = (k: number): number => (k <= 1 ? 1 : k * doubleFactorial(k - 2));

describe("quadrature", () => {
  test("Gauss-Legendre integrates every monomial up to degree 2n - 1, n = 1..64 and 300", () => {
    for (const n of [1, 2, 3, 4, 5, 8, 13, 16, 33, 64, 300]) {
      const rule = gaussLegendre(n);
      for (let d = 0; d < 2 * n; d += 2) expect(Math.abs(average(rule, (x) => x ** d) - 2 / (d + 1))).toBeLessThan(2e-15);
      for (let i = 0; i < n; i++) expect(rule.nodes[i]).toBe(0 - rule.nodes[n - 1 - i]);
    }
  });
  test("Gauss-Legendre refuses a number of nodes that is not one", () => {
    expect(() => gaussLegendre(0)).toThrow("gaussLegendre: the number of nodes must be an integer in [1, 4096], got 0");
    expect(() => gaussLegendre(2.5)).toThrow("got 2.5");
  });
  test("Gauss-Hermite has the Gaussian moments, unit mass and finite symmetric nodes up to n = 340", () => {
    for (const n of [1, 2, 3, 7, 16, 64, 127, 256, 340]) {
      const rule = gaussHermite(n);
      expect(Math.abs(average(rule, () => 1) - 1)).toBeLessThan(3e-15);
      for (let d = 2; d < Math.min(2 * n, 24); d += 2)
        expect(Math.abs(average(rule, (x) => x ** d) / doubleFactorial(d - 1) - 1)).toBeLessThan(1e-13);
      for (let i = 0; i < n; i++) {
        expect(rule.weights[i] > 0 && Number.isFinite(rule.nodes[i])).toBe(true);
        expect(rule.nodes[i]).toBe(0 - rule.nodes[n - 1 - i]);
        if (i) expect(rule.nodes[i]).toBeGreaterThan(rule.nodes[i - 1]);
      }
    }
    expect(Math.abs(average(gaussHermite(64), Math.cos) - Math.exp(-0.5))).toBeLessThan(1e-14);
    // theory.md, section 1: it is a poor default
    const tanh = (z: number) => Math.tanh(9 + 3 * z);
    const truth = average(gaussianMeasure([{ centre: -3, width: 0.3 }]), tanh);
    const error = Math.abs(average(gaussHermite(64), tanh) - truth);
    expect(error).toBeGreaterThan(1e-6);
    expect(error).toBeLessThan(1e-5);
  });
  test("the trapezoid rule reaches 1e-13 at 128 points for analytic integrands", () => {
    const rule = trapezoid();
    expect(rule.nodes.length).toBe(128);
    expect(Math.abs(average(rule, () => 1) - 1)).toBeLessThan(1e-14);
    expect(Math.abs(average(rule, Math.cos) - Math.exp(-0.5))).toBeLessThan(1e-14);
    expect(Math.abs(average(rule, (z) => Math.exp(z)) / Math.exp(0.5) - 1)).toBeLessThan(1e-13);
    // E tanh(r + sqrt(r) z)^2 = E tanh(r + sqrt(r) z), the Nishimori identity of the binary prior
    for (const r of [0.1, 1, 4]) {
      const m = average(rule, (z) => Math.tanh(r + Math.sqrt(r) * z));
      expect(Math.abs(m - average(rule, (z) => Math.tanh(r + Math.sqrt(r) * z) ** 2))).toBeLessThan(r === 4 ? 1e-9 : 1e-13);
    }
    expect(() => trapezoid(1)).toThrow("trapezoid: the number of nodes must be an integer in [2, 1000000], got 1");
    expect(() => trapezoid(128, -1)).toThrow("trapezoid: reach must be a number in (0, 38], got -1");
  });
  test("the Gaussian measure has unit mass and moments whatever its features", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ centre: fc.double({ min: -30, max: 30, noNaN: true }), width: fc.double({ min: 1e-12, max: 10, noNaN: true }) }),
          { maxLength: 4 }
        ),
        (features) => {
          const rule = gaussianMeasure(features);
          expect(Math.abs(average(rule, () => 1) - 1)).toBeLessThan(1e-15);
          expect(Math.abs(average(rule, (t) => t))).toBeLessThan(2e-15);
          expect(Math.abs(average(rule, (t) => t ** 4) - 3)).toBeLessThan(1e-14);
        }
      ),
      { numRuns: 100 }
    );
  });
  test("the Gaussian measure keeps relative accuracy in a far tail and at a kink, at 16 nodes a panel", () => {
    for (const k of [0, 0.7, 3, 12, 25, 33]) {
      const rule = gaussianMeasure([{ centre: k, width: 1 / (1 + k) }]);
      // a node t is a double: its rounding alone moves phi(t) by the relative amount t^2 eps
      expect(Math.abs(average(rule, (t) => (t > k ? 1 : 0)) / normalCdf(-k) - 1)).toBeLessThan(1e-14 + k * k * Number.EPSILON);
      const relu = normalPdf(k) - k * normalCdf(-k);
      if (k < 10) expect(Math.abs(average(rule, (t) => Math.max(0, t - k)) / relu - 1)).toBeLessThan(1e-12);
    }
    const sharp = gaussianMeasure([{ centre: 1, width: 1e-8 }]);
    expect(Math.abs(average(sharp, (t) => normalCdf((t - 1) / 1e-8)) - normalCdf(-1))).toBeLessThan(1e-15);
  });
  test("graded breaks ascend from end to end, and a bad interval is refused", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.array(
          fc.record({ centre: fc.double({ min: -99, max: 99, noNaN: true }), width: fc.double({ min: 1e-300, max: 1e3, noNaN: true }) }),
          { maxLength: 3 }
        ),
        (from, length, features) => {
          const b = gradedBreaks(from, from + length, features);
          for (let i = 1; i < b.length; i++) expect(b[i]).toBeGreaterThan(b[i - 1]);
          expect(b[0]).toBe(from);
          expect(b[b.length - 1]).toBe(from + length);
        }
      )
    );
    expect(() => gradedBreaks(1, 0, [])).toThrow("gradedBreaks: the interval must be finite with from <= to, got [1, 0]");
    expect(composite([0, 1, 3], 4).weights.reduce((a, w) => a + w)).toBeCloseTo(3, 14);
  });
  const cases: [string, (x: number) => number, number[], number][] = [
    ["exp", Math.exp, [0, 1], Math.E - 1],
    ["runge", (x) => 1 / (1 + 25 * x * x), [-1, 1], 0.4 * Math.atan(5)],
    ["runge, three panels", (x) => 1 / (1 + 25 * x * x), [-1, -0.2, 0.2, 1], 0.4 * Math.atan(5)],
    ["kink inside a panel", (x) => Math.abs(x - 0.3), [-1, 1], 0.5 * (1.3 ** 2 + 0.7 ** 2)],
    ["kink on a break", (x) => Math.abs(x - 0.3), [-1, 0.3, 1], 0.5 * (1.3 ** 2 + 0.7 ** 2)],
    ["jump", (x) => (x > 0.1 ? 1 : 0), [-1, 1], 0.9],
    ["square root", Math.sqrt, [0, 1], 2 / 3],
    ["wave", (x) => Math.cos(20 * x), [0, 1], Math.sin(20) / 20],
    ["gaussian", (x) => Math.exp(-x * x), [-8, -2, 0, 2, 8], Math.sqrt(Math.PI)],
    ["constant", () => 0.3, [0, 5], 1.5]
  ];
  for (const [name, f, breaks, truth] of cases)
    test(`integrate, ${name}: the error estimate covers the true error and is not vacuous`, () => {
      for (const order of [8, 16, 32]) {
        const { value, error } = integrate(f, breaks, order);
        expect(Math.abs(value - truth)).toBeLessThanOrEqual(error);
        // at fewer nodes some are not resolved, and the estimate says no more than that
        if (order === 32) expect(error).toBeLessThan(Math.max(1e-14, 300 * Math.abs(value - truth), 1e-2 * Math.abs(truth)));
      }
    });
  test("integrate refuses breaks that do not ascend and stays finite when f does not", () => {
    expect(() => integrate(Math.exp, [1, 0])).toThrow("integrate: breaks must be finite and ascend, got 1 before 0");
    expect(integrate((x) => 1 / (x - x), [0, 1])).toEqual({ value: 0, error: Number.MAX_VALUE });
  });
});
