/** Dormand-Prince 5(4): declared orders, known orbits, honest failures. */
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import type { Vec } from "../../src/core/types.ts";
import { dopri5, type OdeEnd, type OdeOptions, type RightHandSide } from "../../src/numerics/ode.ts";

function solve(f: RightHandSide, y0: readonly number[], times: readonly number[], options: OdeOptions = {}) {
  const solution = dopri5(f, Float64Array.from(y0), times, options);
  const states: { readonly t: number; readonly y: Vec }[] = [];
  for (;;) {
    const next = solution.next();
    if (next.done) return { states, end: next.value as OdeEnd };
    states.push(next.value);
  }
}

const oscillator: RightHandSide = (_t, y, dy) => {
  dy[0] = y[1];
  dy[1] = -y[0];
};
/** y = (cos s, -sin s), s = t + t^2/2: time enters the right-hand side too. */
const chirp: RightHandSide = (t, y, dy) => {
  dy[0] = (1 + t) * y[1];
  dy[1] = -(1 + t) * y[0];
};
const chirpError = (t: number, y: Vec) => Math.hypot(y[0] - Math.cos(t + 0.5 * t * t), y[1] + Math.sin(t + 0.5 * t * t));
const slopes = (steps: readonly number[], errors: readonly number[]) =>
  errors.slice(1).map((e, i) => Math.log(errors[i] / e) / Math.log(steps[i] / steps[i + 1]));

describe("orders of convergence, with fixed steps", () => {
  const steps = [0.1, 0.05, 0.025, 0.0125];
  test("the solution is of order 5", () => {
    const errors = steps.map((fixedStep) => chirpError(2, solve(chirp, [1, 0], [2], { fixedStep }).states[0].y));
    for (const slope of slopes(steps, errors)) expect(slope, `errors ${errors}`).toBeGreaterThan(4.85);
    for (const slope of slopes(steps, errors)) expect(slope, `errors ${errors}`).toBeLessThan(5.3);
  });
  test("dense output is of order 4: within one step its error falls as the fifth power", () => {
    for (const theta of [0.25, 0.6]) {
      const errors = steps.map((h) => chirpError(theta * h, solve(chirp, [1, 0], [theta * h, h], { fixedStep: h }).states[0].y));
      const found = slopes(steps, errors);
      expect(found[2], `theta ${theta}, errors ${errors}`).toBeGreaterThan(4.8);
      expect(found[2], `theta ${theta}, errors ${errors}`).toBeLessThan(5.3);
    }
  });
  test("dense output is continuous with its first derivative from step to step", () => {
    const h = 0.2;
    const at = [h - 1e-6, h, h + 1e-6];
    const y = solve(chirp, [1, 0], [...at, 1], { fixedStep: h }).states.map((s) => s.y[0]);
    const left = (y[1] - y[0]) / 1e-6;
    const right = (y[2] - y[1]) / 1e-6;
    expect(Math.abs(left - right)).toBeLessThan(1e-5);
  });
});

describe("known solutions", () => {
  test("the harmonic oscillator after ten periods, at every time asked for and none other", () => {
    const times = [0, 0, 0.1, 1, 1, 2.5, 20 * Math.PI];
    const { states, end } = solve(oscillator, [1, 0], times, { rtol: 1e-10, atol: 1e-12 });
    expect(states.map((s) => s.t)).toEqual(times);
    for (const { t, y } of states) expect(Math.abs(y[0] - Math.cos(t)), `t = ${t}`).toBeLessThan(5e-9);
    expect(end.outcome.kind).toBe("converged");
    expect(end.evaluations).toBe(6 * (end.steps + end.rejected) + 2);
  });
  test("exponential decay: the error is proportional to the tolerance over six decades", () => {
    const tolerances = [1e-4, 1e-6, 1e-8, 1e-10];
    const errors = tolerances.map((rtol) =>
      Math.abs(
        solve(
          (_t, y, dy) => {
            dy[0] = -y[0];
          },
          [1],
          [3],
          { rtol, atol: rtol * 1e-3 }
        ).states[0].y[0] - Math.exp(-3)
      )
    );
    const fall = slopes(tolerances, errors);
    for (const slope of fall) expect(slope, `errors ${errors}`).toBeGreaterThan(0.75);
    for (const slope of fall) expect(slope, `errors ${errors}`).toBeLessThan(1.25);
    expect(errors[3]).toBeLessThan(1e-10);
  });
  test("Arenstorf's orbit closes after its period 17.0652165601579625588917206249", () => {
    // Hairer, Norsett and Wanner, vol. I, eq. (II.0.1)-(II.0.2)
    const mu = 0.012277471;
    const nu = 1 - mu;
    const orbit: RightHandSide = (_t, y, dy) => {
      const d1 = ((y[0] + mu) ** 2 + y[1] ** 2) ** 1.5;
      const d2 = ((y[0] - nu) ** 2 + y[1] ** 2) ** 1.5;
      dy[0] = y[2];
      dy[1] = y[3];
      dy[2] = y[0] + 2 * y[3] - (nu * (y[0] + mu)) / d1 - (mu * (y[0] - nu)) / d2;
      dy[3] = y[1] - 2 * y[2] - (nu * y[1]) / d1 - (mu * y[1]) / d2;
    };
    const start = [0.994, 0, 0, -2.0015851063790824];
    const { states, end } = solve(orbit, start, [17.06521656015796], { rtol: 1e-12, atol: 1e-12 });
    expect(Math.hypot(states[0].y[0] - start[0], states[0].y[1] - start[1])).toBeLessThan(1e-6);
    expect(end.steps).toBeLessThan(3000);
  });
  test("an ellipse of eccentricity 0.6 keeps its energy and angular momentum", () => {
    const kepler: RightHandSide = (_t, y, dy) => {
      const r3 = (y[0] ** 2 + y[1] ** 2) ** 1.5;
      dy[0] = y[2];
      dy[1] = y[3];
      dy[2] = -y[0] / r3;
      dy[3] = -y[1] / r3;
    };
    const e = 0.6;
    const { states } = solve(kepler, [1 - e, 0, 0, Math.sqrt((1 + e) / (1 - e))], [2 * Math.PI, 20 * Math.PI], {
      rtol: 1e-11,
      atol: 1e-12
    });
    expect(states[0].y[0]).toBeCloseTo(1 - e, 8);
    for (const { y } of states) {
      expect(0.5 * (y[2] ** 2 + y[3] ** 2) - 1 / Math.hypot(y[0], y[1])).toBeCloseTo(-0.5, 8);
      expect(y[0] * y[3] - y[1] * y[2]).toBeCloseTo(Math.sqrt(1 - e * e), 8);
    }
  });
  test("starts at `from`, and a right-hand side of zero is crossed in a few steps", () => {
    const still: RightHandSide = (_t, _y, dy) => {
      dy[0] = 0;
    };
    const { states, end } = solve(still, [3], [2, 1e6], { from: 2 });
    expect(states.map((s) => s.y[0])).toEqual([3, 3]);
    expect(end.steps).toBeLessThan(40);
  });
});

describe("failures are outcomes with advice, and nothing that is not finite is yielded", () => {
  const finite = (states: readonly { readonly y: Vec }[]) => states.every((s) => s.y.every(Number.isFinite));
  test("a solution that blows up at t = 1", () => {
    const { states, end } = solve(
      (_t, y, dy) => {
        dy[0] = y[0] * y[0];
      },
      [1],
      [0.5, 2]
    );
    expect(states.map((s) => s.t)).toEqual([0.5]);
    expect(states[0].y[0]).toBeCloseTo(2, 7);
    expect(finite(states)).toBe(true);
    expect(end.outcome.kind).toBe("diverged");
    expect(end.outcome.advice).toMatch(/t = 1\.0000|t = 0\.9999/);
  });
  test("a right-hand side that stops being a number, at once or later", () => {
    const f: RightHandSide = (t, _y, dy) => {
      dy[0] = t >= 1 ? Number.NaN : 1;
    };
    const late = solve(f, [0], [0.5, 2]);
    expect([late.states.length, late.end.outcome.kind]).toEqual([1, "diverged"]);
    expect(solve(f, [0], [2], { from: 1 }).end.outcome).toMatchObject({ kind: "diverged", advice: expect.stringContaining("start") });
  });
  test("stiffness is noticed and named when steps run out", () => {
    const stiff: RightHandSide = (t, y, dy) => {
      dy[0] = -1e5 * (y[0] - Math.cos(t));
    };
    const { end } = solve(stiff, [1], [2], { maxSteps: 2000 });
    expect(end.stiff).toBe(true);
    expect(end.outcome).toMatchObject({ kind: "horizon", advice: expect.stringContaining("stiff") });
    expect(solve(oscillator, [1, 0], [100]).end.stiff).toBe(false);
  });
  test("typing mistakes are exceptions that say what is allowed", () => {
    expect(() => solve(oscillator, [1, 0], [1, 0.5])).toThrow(ParameterError);
    expect(() => solve(oscillator, [1, 0], [-1])).toThrow("times must be finite and ascend");
    expect(() => solve(oscillator, [1, Number.NaN], [1])).toThrow("y0 must be finite");
    expect(() => solve(oscillator, [1, 0], [1], { rtol: 0 })).toThrow("rtol must be a positive number");
  });
});
