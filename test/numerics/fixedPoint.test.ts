/** Fixed points: speed, damping, safeguards, and unstable points that must not count as converged. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixedPoint } from "../../src/numerics/fixedPoint.ts";
import { growthRate, jacobian, solveSmall, spectralRadius, type VectorMap } from "../../src/numerics/jacobian.ts";

const curieWeiss =
  (beta: number): VectorMap =>
  (m, out) => {
    out[0] = Math.tanh(beta * m[0]);
  };
/** The rotation-like linear map about c, of spectral radius r. */
const spiral =
  (r: number, angle: number): VectorMap =>
  (x, out) => {
    const [a, b] = [x[0] - 1, x[1] - 2];
    out[0] = 1 + r * (Math.cos(angle) * a - Math.sin(angle) * b);
    out[1] = 2 + r * (Math.sin(angle) * a + Math.cos(angle) * b);
  };

describe("fixedPoint", () => {
  test("the magnetisation of the Curie-Weiss model, from a start of 1e-8: past the trivial point to the stable one", () => {
    for (const depth of [0, 1, 5])
      for (const damping of [0, 0.3, 0.7]) {
        const { x, outcome, growthRate } = fixedPoint(curieWeiss(1.2), [1e-8], { depth, damping });
        expect(outcome.kind).toBe("converged");
        // root of m = tanh(1.2 m): mpmath.findroot(lambda m: m - mpmath.tanh(1.2*m), 0.6)
        expect(Math.abs(x[0] - Math.tanh(1.2 * x[0]))).toBeLessThan(1e-12);
        expect(x[0]).toBeGreaterThan(0.65);
        expect(growthRate).toBeCloseTo(1.2 * (1 - x[0] ** 2), 7);
      }
  });
  test("a start on the unstable point is trivial-fixed-point with advice, never converged; the same point is fine when stable", () => {
    const stuck = fixedPoint(curieWeiss(1.2), [0]);
    expect(stuck.outcome.kind).toBe("trivial-fixed-point");
    expect(stuck.outcome.advice).toContain("unstable");
    expect(stuck.growthRate).toBeCloseTo(1.2, 7);
    expect(fixedPoint(curieWeiss(0.9), [0]).outcome.kind).toBe("converged");
    expect(fixedPoint(curieWeiss(0.9), [0.5]).outcome.kind).toBe("converged");
  });
  test("Anderson takes a slow spiral in a handful of iterations where the plain iteration needs thousands", () => {
    const fast = fixedPoint(spiral(0.995, 0.3), [50, -30]);
    const slow = fixedPoint(spiral(0.995, 0.3), [50, -30], { depth: 0, maxIterations: 10000 });
    for (const r of [fast, slow]) {
      expect(r.outcome.kind).toBe("converged");
      expect(Math.abs(r.x[0] - 1)).toBeLessThan(1e-9);
      expect(Math.abs(r.x[1] - 2)).toBeLessThan(1e-9);
    }
    expect(fast.outcome.iterations).toBeLessThan(15);
    expect(slow.outcome.iterations).toBeGreaterThan(3000);
  });
  test("damping is the weight on the old value: one step of size 1 - damping, and it cures an oscillation", () => {
    let second = Number.NaN;
    let calls = 0;
    fixedPoint(
      (x, out) => {
        if (++calls === 2) second = x[0];
        out[0] = 10;
      },
      [0],
      { damping: 0.75, depth: 0, maxIterations: 3 }
    );
    expect(second).toBe(2.5);
    const flip: VectorMap = (x, out) => {
      out[0] = 2 - 1.5 * x[0];
    };
    expect(fixedPoint(flip, [0], { depth: 0 }).outcome.kind).not.toBe("converged");
    const cured = fixedPoint(flip, [0], { depth: 0, damping: 0.5 });
    expect(cured.outcome.kind).toBe("converged");
    expect(cured.x[0]).toBeCloseTo(0.8, 11);
    expect(() => fixedPoint(flip, [0], { damping: 1 })).toThrow(
      "fixedPoint: damping is the weight on the old value and must be a number in [0, 1), got 1"
    );
  });
  test("the undamped residual decides: heavy damping does not fake convergence", () => {
    const { outcome } = fixedPoint((x, out) => void (out[0] = x[0] + 1e-9), [1], { damping: 0.9999, maxIterations: 50 });
    expect(outcome.kind).toBe("horizon");
    expect(outcome.advice).toContain("maxIterations");
    expect(outcome.residual).toBeCloseTo(1e-9, 12);
  });
  test("diverging and non-finite maps end as diverged or horizon with a finite answer", () => {
    const blow = fixedPoint((x, out) => void (out[0] = x[0] * x[0] + 1), [3]);
    expect(blow.outcome.kind).not.toBe("converged");
    expect(Number.isFinite(blow.x[0])).toBe(true);
    const nan = fixedPoint((_x, out) => void (out[0] = Number.NaN), [3]);
    expect(nan.outcome.kind).toBe("diverged");
    expect(nan.outcome.advice).toContain("damping");
    expect(nan.x[0]).toBe(3);
    // sqrt leaves its domain unless steps are shortened
    const root = fixedPoint((x, out) => void (out[0] = Math.sqrt(x[0] - 0.1)), [0.3]);
    expect(Number.isFinite(root.x[0])).toBe(true);
  });
  test("walls are respected and counted", () => {
    const { x, outcome } = fixedPoint((y, out) => void (out[0] = 2 * y[0] + 1), [0], { upper: [5], lower: [0], maxIterations: 20 });
    expect(x[0]).toBe(5);
    expect(outcome.kind).toBe("horizon");
    expect(outcome.clipped).toBeGreaterThan(0);
  });
  test("random contractions of any size up to 8 converge to their fixed point, at every depth and damping", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 8 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 72, maxLength: 72 }),
        (n, depth, damping, numbers) => {
          const F: VectorMap = (x, out) => {
            for (let i = 0; i < n; i++) {
              let sum = numbers[64 + i];
              for (let j = 0; j < n; j++) sum += (0.9 / n) * numbers[8 * i + j] * Math.sin(x[j]);
              out[i] = sum;
            }
          };
          const { x, outcome } = fixedPoint(F, new Float64Array(n), { depth, damping, maxIterations: 4000 });
          expect(outcome.kind).toBe("converged");
          const y = new Float64Array(n);
          F(x, y);
          for (let i = 0; i < n; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(3e-12);
        }
      ),
      { numRuns: 150 }
    );
  });
});

describe("jacobian and spectral radius", () => {
  test("the Jacobian of a smooth map is right to 1e-9, also next to a wall", () => {
    const F: VectorMap = (x, out) => {
      out[0] = Math.exp(x[0]) * Math.sin(x[1]);
      out[1] = x[0] * x[0] * x[1];
      out[2] = Math.sqrt(x[1]);
    };
    const x = Float64Array.of(0.7, 0.4);
    const want = [Math.exp(0.7) * Math.sin(0.4), Math.exp(0.7) * Math.cos(0.4), 2 * 0.7 * 0.4, 0.49, 0, 0.5 / Math.sqrt(0.4)];
    jacobian(F, x, 3).forEach((v, k) => {
      expect(Math.abs(v - want[k])).toBeLessThan(1e-9);
    });
    jacobian(F, x, 3, { lower: [0.7, 0], upper: [1, 0.4] }).forEach((v, k) => {
      expect(Math.abs(v - want[k])).toBeLessThan(1e-6);
    });
    jacobian(F, x, 3, { lower: [0, 0.4], upper: [0.7, 1] }).forEach((v, k) => {
      expect(Math.abs(v - want[k])).toBeLessThan(1e-6);
    });
  });
  test("spectral radii: real, complex pair, defective, nilpotent, large", () => {
    expect(spectralRadius([-3])).toBe(3);
    expect(spectralRadius([1, 2, 3, 4])).toBeCloseTo((5 + Math.sqrt(33)) / 2, 14);
    expect(spectralRadius([0, -2, 2, 0])).toBeCloseTo(2, 14);
    expect(spectralRadius([0, 1, 0, 0, 0, 1, 0, 0, 0])).toBe(0);
    expect(spectralRadius([0.5, 1, 0, 0, 0.5, 1, 0, 0, 0.5])).toBeCloseTo(0.5, 12);
    expect(spectralRadius([0, 0, 1, 1, 0, 0, 0, 1, 0])).toBeCloseTo(1, 12); // cube roots of one
    expect(spectralRadius([2, 0, 0, 0, 0, -3, 0, 3, 0].map((v) => 1e200 * v)) / 1e200).toBeCloseTo(3, 12);
    expect(spectralRadius([1, Number.NaN, 0, 1])).toBe(Number.MAX_VALUE);
    expect(growthRate(spiral(0.8, 1), Float64Array.of(1, 2))).toBeCloseTo(0.8, 9);
  });
  test("small solves match, and a singular matrix says so with a finite answer", () => {
    const b = Float64Array.of(1, 2, 3);
    const ratio = solveSmall(Float64Array.of(0, 2, 1, 1e-8, 1, 0, 3, 0, 1), b);
    expect(ratio).toBeGreaterThan(0.05);
    expect(2 * b[1] + b[2]).toBeCloseTo(1, 12);
    expect(1e-8 * b[0] + b[1]).toBeCloseTo(2, 12);
    expect(3 * b[0] + b[2]).toBeCloseTo(3, 12);
    const s = Float64Array.of(1, 1);
    expect(solveSmall(Float64Array.of(1, 1, 1, 1), s)).toBe(0);
    expect(s.every(Number.isFinite)).toBe(true);
  });
});
