/** Pseudo-arclength continuation on normal forms whose folds and branch points are known. */
import { describe, expect, test } from "vitest";
import { type Curve, continuation, type Residual } from "../../src/numerics/continuation.ts";

const onCurve = (F: Residual, curve: Curve) => {
  for (const { x, lambda } of curve.points) {
    const out = new Float64Array(x.length);
    F(x, lambda, out);
    for (const v of out) expect(Math.abs(v)).toBeLessThan(1e-9);
  }
};

describe("continuation", () => {
  test("the cusp lambda = x^3 - 3x: two folds, at (-1, 2) and (1, -2), to 1e-9, with either Jacobian", () => {
    const F: Residual = (x, lambda, out) => {
      out[0] = x[0] ** 3 - 3 * x[0] - lambda;
    };
    for (const analytic of [false, true]) {
      const curve = continuation(F, [-2.5], -10, {
        range: [-10, 10],
        ...(analytic ? { jacobian: (x: Float64Array, _l: number, out: Float64Array) => out.set([3 * x[0] * x[0] - 3, -1]) } : {})
      });
      expect(curve.outcome.kind).toBe("converged");
      expect(curve.folds.length).toBe(2);
      [
        [-1, 2],
        [1, -2]
      ].forEach(([x, lambda], k) => {
        expect(Math.abs(curve.folds[k].x[0] - x)).toBeLessThan(1e-9);
        expect(Math.abs(curve.folds[k].lambda - lambda)).toBeLessThan(1e-9);
      });
      expect(curve.branchPoints.length).toBe(0);
      expect(curve.points[curve.points.length - 1].lambda).toBe(10);
      onCurve(F, curve);
    }
  });
  test("the cusp unfolded: folds of x^3 - a x - lambda at x = -+sqrt(a/3) shrink with a and vanish for a < 0", () => {
    for (const a of [1, 0.1, 1e-3, -0.1]) {
      const F: Residual = (x, lambda, out) => {
        out[0] = x[0] ** 3 - a * x[0] - lambda;
      };
      const curve = continuation(F, [-1.2], (-1.2) ** 3 + 1.2 * a, {
        range: [-2, 1],
        maxStep: a === 1e-3 ? 2e-3 : 0.05,
        step: 1e-3,
        maxPoints: 5000
      });
      expect(curve.outcome.kind).toBe("converged");
      expect(curve.folds.length).toBe(a > 0 ? 2 : 0);
      if (a > 0) expect(Math.abs(curve.folds[0].lambda - 2 * (a / 3) ** 1.5)).toBeLessThan(1e-9);
    }
  });
  test("the pitchfork lambda x - x^3: along the trivial branch its branch point is at 0; along the other there is a fold", () => {
    const F: Residual = (x, lambda, out) => {
      out[0] = lambda * x[0] - x[0] ** 3;
    };
    const trivial = continuation(F, [0], -1, { range: [-1, 1], step: 0.013, maxStep: 0.07 });
    expect(trivial.outcome.kind).toBe("converged");
    expect(trivial.folds.length).toBe(0);
    expect(trivial.branchPoints.length).toBe(1);
    expect(Math.abs(trivial.branchPoints[0].lambda)).toBeLessThan(1e-9);
    for (const p of trivial.points) expect(Math.abs(p.x[0])).toBeLessThan(1e-12);
    const fork = continuation(F, [1], 1, { range: [-1, 1], direction: -1, step: 0.013, maxStep: 0.07 });
    expect(fork.outcome.kind).toBe("converged");
    expect(fork.folds.length).toBe(1);
    expect(Math.abs(fork.folds[0].lambda)).toBeLessThan(1e-9);
    expect(fork.points[fork.points.length - 1].x[0]).toBeCloseTo(-1, 9);
  });
  test("the imperfect pitchfork is followed on its own branch, without a jump", () => {
    const F: Residual = (x, lambda, out) => {
      out[0] = lambda * x[0] - x[0] ** 3 + 1e-4;
    };
    const curve = continuation(F, [1e-4], -1, { range: [-1, 1] });
    expect(curve.folds.length).toBe(0);
    expect(curve.points[curve.points.length - 1].x[0]).toBeCloseTo(1.00005, 5);
    onCurve(F, curve);
  });
  test("two order parameters: the folds of a coupled system are those of its reduction", () => {
    // y = x^2, lambda = x^3 - 3x in coordinates u = x + y, v = x - y
    const F: Residual = (u, lambda, out) => {
      const x = 0.5 * (u[0] + u[1]);
      const y = 0.5 * (u[0] - u[1]);
      out[0] = y - x * x;
      out[1] = x * y - 3 * x - lambda;
    };
    const curve = continuation(F, [-2.5 + 6.25, -2.5 - 6.25], -8.125, { range: [-9, 9] });
    expect(curve.folds.length).toBe(2);
    expect(Math.abs(curve.folds[0].lambda - 2)).toBeLessThan(1e-9);
    expect(Math.abs(curve.folds[1].lambda + 2)).toBeLessThan(1e-9);
    onCurve(F, curve);
  });
  test("a circle closes, with a fold at either side", () => {
    const F: Residual = (x, lambda, out) => {
      out[0] = x[0] ** 2 + lambda ** 2 - 1;
    };
    const curve = continuation(F, [1], 0);
    expect(curve.outcome.kind).toBe("converged");
    expect(curve.folds.map((p) => Math.round(p.lambda))).toEqual([1, -1]);
    for (const p of curve.folds) expect(Math.abs(Math.abs(p.lambda) - 1)).toBeLessThan(1e-9);
    expect(curve.points[curve.points.length - 1].arc).toBeCloseTo(2 * Math.PI, 0);
  });
  test("a stop rule, an exhausted horizon and a curve that ends are told apart", () => {
    const line: Residual = (x, lambda, out) => void (out[0] = x[0] - lambda);
    expect(continuation(line, [0], 0, { stop: (x) => x[0] > 1 }).outcome.kind).toBe("converged");
    const long = continuation(line, [0], 0, { maxPoints: 10 });
    expect(long.outcome.kind).toBe("horizon");
    expect(long.outcome.advice).toContain("maxPoints");
    const broken: Residual = (x, lambda, out) => void (out[0] = lambda > 0.5 ? Number.NaN : x[0] - lambda);
    const cut = continuation(broken, [0], 0);
    expect(cut.outcome.kind).toBe("diverged");
    expect(cut.points[cut.points.length - 1].lambda).toBeGreaterThan(0.49);
    const none = continuation((x, _lambda, out) => void (out[0] = x[0] ** 2 + 1), [0.5], 0);
    expect(none.outcome.kind).toBe("diverged");
    expect(none.outcome.advice).toContain("start closer");
    expect(() => continuation(line, [0], 5, { range: [0, 1] })).toThrow("continuation: the start must lie in the range [0, 1], got 5");
  });
});
