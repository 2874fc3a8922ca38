/** Plateaus, final errors and the scaling of width and rate: published values, and the equations run to rest. */
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Overlaps } from "../../../src/core/types.ts";
import { leadingFinalError, specialisedFixedPoint } from "../../../src/theory/sgd/finalError.ts";
import { finalState } from "../../../src/theory/sgd/fixedState.ts";
import { symmetricPlateau } from "../../../src/theory/sgd/plateau.ts";
import { scalingModel, scalingOde, scalingRegime } from "../../../src/theory/sgd/scaling.ts";
import { generalizationErrorOf, sgdOde } from "../../../src/theory/sgd/sgdOde.ts";

const square = (n: number, x: number, off: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? x : off)));
const ones = (n: number, x = 1) => new Array<number>(n).fill(x);

describe("symmetric plateau", () => {
  test("erf at small rates: e_g = 0.0116108403 and 0.0202965887, Q = C = 1/(2K-1), R = 1/sqrt(K(2K-1))", () => {
    for (const [K, height] of [
      [2, 0.0116108403],
      [3, 0.0202965887]
    ]) {
      const { generalizationError, overlaps, outcome } = symmetricPlateau({ activation: "erf", learningRate: 0, studentUnits: K });
      expect(outcome.kind).toBe("converged");
      expect(Math.abs(generalizationError - height)).toBeLessThan(1e-10);
      // Saad and Solla 1995, section IV
      expect(overlaps.Q[0][0]).toBeCloseTo(1 / (2 * K - 1), 9);
      expect(overlaps.Q[0][1]).toBeCloseTo(1 / (2 * K - 1), 9);
      expect(overlaps.R[0][0]).toBeCloseTo(1 / Math.sqrt(K * (2 * K - 1)), 9);
    }
  });
  test("erf, K = 2 at eta = 0.2: 0.0126176251 with merged students, 0.0126150390 where the equations rest", () => {
    const { generalizationError, merged, overlaps } = symmetricPlateau({ activation: "erf", learningRate: 0.2, studentUnits: 2 });
    expect(Math.abs((merged?.generalizationError ?? 0) - 0.0126176251)).toBeLessThan(1e-10);
    // the equations approach it in D from both sides, e-fold in t = 2400, and leave the merged point; started symmetric, they specialise by rounding only
    const D = (o: Overlaps) => o.Q[0][0] - o.Q[0][1];
    const later = (o: Overlaps, change: number) => {
      const Q = o.Q.map((row, i) => row.map((x, k) => x + 0.5 * (i === k ? change : -change)));
      return [...sgdOde({ activation: "erf", learningRate: 0.2 }, { ...o, Q }, [900], { rtol: 1e-10, atol: 1e-13 })][0].overlaps;
    };
    for (const change of [-0.004, 0.004]) {
      const end = later(overlaps, change);
      expect((D(end) - D(overlaps)) / change).toBeGreaterThan(0);
      expect((D(end) - D(overlaps)) / change).toBeLessThan(0.75);
      expect(Math.abs(generalizationErrorOf("erf", end) - generalizationError)).toBeLessThan(1e-6);
    }
    if (merged) expect(D(later(merged.overlaps, 1e-4))).toBeGreaterThan(1.3e-4);
    expect(overlaps.Q[0][0] - overlaps.Q[0][1]).toBeCloseTo(0.0142743, 6);
  });
  test("the distance D between students is proportional to eta: the two fixed points meet at eta = 0", () => {
    const D = [0.01, 0.005].map((learningRate) => {
      const { Q } = symmetricPlateau({ activation: "erf", learningRate, studentUnits: 2 }).overlaps;
      return (Q[0][0] - Q[0][1]) / learningRate;
    });
    expect(D[0]).toBeGreaterThan(0.05);
    expect(D[1] / D[0]).toBeCloseTo(1, 2);
  });
  for (const [activation, K] of [
    ["erf", 3],
    ["relu", 2]
  ] as const)
    test(`${activation}, K = ${K}: a deviation from the plateau grows at the rate given`, () => {
      const learningRate = 0.2;
      const plateau = symmetricPlateau({ activation, learningRate, studentUnits: K });
      const rate = learningRate * (plateau.specialisationRate ?? 0);
      expect(plateau.escapeTime).toBeCloseTo(1 / rate, 9);
      const R = plateau.overlaps.R.map((row) => [...row]);
      const h = 1e-6;
      for (const [i, n, sign] of [
        [0, 0, 1],
        [0, 1, -1],
        [1, 0, -1],
        [1, 1, 1]
      ])
        R[i][n] += sign * h;
      const time = 2 / rate;
      const [{ overlaps }] = [...sgdOde({ activation, learningRate }, { ...plateau.overlaps, R }, [time], { rtol: 1e-11, atol: 1e-14 })];
      const growth = Math.log((overlaps.R[0][0] - overlaps.R[0][1]) / (2 * h)) / time;
      expect(growth / rate).toBeCloseTo(1, 3);
    });
  test("a rate at which students run away has no plateau, and says so with finite numbers", () => {
    const { outcome, generalizationError } = symmetricPlateau({ activation: "erf", learningRate: 10, studentUnits: 2 });
    expect(outcome).toMatchObject({ kind: "diverged", advice: expect.stringContaining("lower it") });
    expect(Number.isFinite(generalizationError)).toBe(true);
    expect(() => symmetricPlateau({ activation: "erf", learningRate: -1, studentUnits: 2 })).toThrow(ParameterError);
    expect(() => symmetricPlateau({ activation: "erf", learningRate: 1, studentUnits: 0 })).toThrow(
      "studentUnits must be a positive integer"
    );
  });
});

describe("final error under label noise", () => {
  test("erf: eta sigma^2 K/(2 pi sqrt 3) at small rates, corrections proportional to eta", () => {
    for (const K of [1, 2, 3]) {
      const excess = [2e-3, 1e-3].map((learningRate) => {
        const found = specialisedFixedPoint({ activation: "erf", learningRate, noise: 0.01 }, K);
        expect(found.outcome.kind).toBe("converged");
        return found.generalizationError / leadingFinalError(learningRate, 0.01, K) - 1;
      });
      expect(Math.abs(excess[1])).toBeLessThan(1e-3);
      expect(excess[0] / excess[1]).toBeGreaterThan(1.9);
      expect(excess[0] / excess[1]).toBeLessThan(2.1);
    }
  });
  for (const [activation, learningRate, noise] of [
    ["erf", 0.5, 0.1],
    ["relu", 0.1, 0.05]
  ] as const)
    test(`${activation}: Newton next to R = T ends where the equations end`, () => {
      const exact = specialisedFixedPoint({ activation, learningRate, noise }, 2);
      const start = { Q: square(2, 0.9, 0.05), R: square(2, 0.8, 0.02), T: square(2, 1, 0), v: ones(2), vTeacher: ones(2) };
      const run = finalState({ activation, learningRate, noise }, start, 2000);
      expect(run.outcome.kind).toBe("converged");
      expect(Math.abs(run.generalizationError / exact.generalizationError - 1)).toBeLessThan(1e-7);
    });
  test("teacher units of another norm than 1: R = Q = T without noise, and the leading order has their curvature", () => {
    const { overlaps } = specialisedFixedPoint({ activation: "erf", learningRate: 0.5 }, 2, 4);
    expect([overlaps.R[0][0], overlaps.Q[0][0], overlaps.T[0][0]]).toEqual([4, 4, 4]);
    const noisy = specialisedFixedPoint({ activation: "erf", learningRate: 1e-3, noise: 0.01 }, 2, 4);
    expect(Math.abs(noisy.generalizationError / leadingFinalError(1e-3, 0.01, 2, 4) - 1)).toBeLessThan(1e-3);
  });
  test("without noise it is R = T; a run still on its plateau is not called at rest", () => {
    expect(specialisedFixedPoint({ activation: "erf", learningRate: 0.5 }, 3).generalizationError).toBeLessThan(1e-15);
    const start = {
      Q: square(2, 0.5, 0.1),
      R: [
        [0.1, 0.1 + 1e-9],
        [0.1, 0.1]
      ],
      T: square(2, 1, 0),
      v: ones(2),
      vTeacher: ones(2)
    };
    const { outcome } = finalState({ activation: "erf", learningRate: 0.2 }, start, 20);
    expect(outcome.kind).toBe("horizon");
    expect(outcome.advice).toContain("longer time");
  });
});

describe("scaling of width and rate", () => {
  const setting = { dimension: 1000, width: 0.25, rate: 0, teacherUnits: 2, noise: 1e-3 };
  const start = (K: number) => ({
    Q: square(K, 0.5, 0.05),
    R: Array.from({ length: K }, (_, i) => [0.2 + 0.02 * i, 0.1]),
    T: square(2, 1, 0),
    v: ones(K, 1 / K),
    vTeacher: ones(2, 0.5)
  });
  test("regions, time scales and samples as in the theorem", () => {
    const at = (width: number, rate: number) => scalingRegime({ ...setting, width, rate });
    expect(at(0.25, 0.25)).toMatchObject({ region: "perfect-learning", limit: { learning: 0.5, spread: 0 } });
    expect(at(0.25, -0.25)).toMatchObject({ region: "plateau", limit: { learning: 0.5, spread: 0.25 } });
    expect(at(0, -0.375)).toMatchObject({ region: "noise-dominated", limit: { learning: 0, spread: 0.25 } });
    expect(at(0, -0.5)).toMatchObject({ region: "no-ode", limit: null });
    expect(at(0.25, 0.25).samples).toBeCloseTo(1000 ** 1.5, 6);
    expect(at(0, 0).samples).toBeCloseTo(1000, 9);
    expect(at(0, -0.375).samples).toBeCloseTo(1000 ** 0.25, 9);
    // one factor d^-delta in the rate costs d^delta in samples and gains it in the risk
    expect(at(0, 0.5).samples / at(0, 0).samples).toBeCloseTo(1000 ** 0.5, 6);
    expect(at(0, 0).excessRisk / at(0, 0.5).excessRisk).toBeCloseTo(1000 ** 0.5, 6);
  });
  test("at finite d they are the equations of SGD at rate gamma and v = 1/p, in other units of time", () => {
    const regime = scalingRegime({ ...setting, width: 0, rate: 0.3 });
    expect(regime.units).toBe(2);
    const [{ overlaps: a }] = [...scalingOde({ ...setting, width: 0, rate: 0.3 }, "finite", start(2), [3])];
    const t = 3 * regime.samples * (1 / 1000); // steps/d
    const [{ overlaps: b }] = [...sgdOde({ activation: "erf", learningRate: regime.learningRate, noise: setting.noise }, start(2), [t])];
    for (const i of [0, 1]) {
      expect(a.Q[i][0]).toBeCloseTo(b.Q[i][0], 8);
      expect(a.R[i][0]).toBeCloseTo(b.R[i][0], 8);
    }
  });
  test("as d grows they approach the limit at the rate d^-theta above the line, and d^theta below it", () => {
    for (const rate of [0.5, -0.25]) {
      const distance = [1e4, 1e8].map((dimension) => {
        const s = { ...setting, dimension, width: 0, rate };
        const [{ overlaps: a }] = [...scalingOde(s, "finite", start(2), [2])];
        const [{ overlaps: b }] = [...scalingOde(s, "limit", start(2), [2])];
        return Math.abs(a.Q[0][0] - b.Q[0][0]);
      });
      expect(Math.log(distance[0] / distance[1]) / Math.log(1e4)).toBeCloseTo(Math.abs(rate), 1);
    }
  });
  test("the excess risk is the final error of a student as wide as its teacher", () => {
    const s = { ...setting, width: 0, rate: 0.75 };
    const regime = scalingRegime(s);
    const near = { Q: square(2, 1, 0), R: square(2, 0.98, 0), T: square(2, 1, 0), v: ones(2, 0.5), vTeacher: ones(2, 0.5) };
    const end = finalState(scalingModel(s, "finite", near), near, 400);
    expect(end.outcome.kind).toBe("converged");
    expect(end.generalizationError / regime.excessRisk).toBeCloseTo(1, 2);
  });
  test("bad settings are named", () => {
    expect(() => scalingRegime({ ...setting, width: -1 })).toThrow("sgd-scaling: width exponent must be a number in [0, 2], got -1");
    expect(() => scalingRegime({ ...setting, dimension: 1 })).toThrow(ParameterError);
    expect(() => scalingModel({ ...setting, rate: -1 }, "limit", start(2))).toThrow("must be > -0.5");
    expect(() => scalingModel(setting, "finite", { ...start(2), v: [1, 1] })).toThrow("second layers must be 1/K");
  });
});
