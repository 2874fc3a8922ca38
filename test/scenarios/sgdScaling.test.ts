/** The regions, lines and exponents of width against learning rate, from the equations. */
import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { evolveRun, simulateRun } from "../../src/core/scenario.ts";
import type { Values } from "../../src/core/types.ts";
import { fitExponent } from "../../src/numerics/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { sgdScaling } from "../../src/scenarios/sgdScaling.ts";
import { asymptoticRisk, settingOf, startOf } from "../../src/scenarios/sgdScaling/setting.ts";

type P = Values<typeof sgdScaling.params>;
const given = (raw: Readonly<Record<string, unknown>>) => parse(sgdScaling, raw) as P;

describe("sgd-scaling", () => {
  test("regions lie between their lines", () => {
    for (const kappa of [0, 0.3, 1]) {
      const { noOde, classical } = sgdScaling.thresholds!(given({ kappa })) as Record<string, number>;
      expect(noOde).toBeCloseTo(-0.5 - kappa, 12);
      expect(classical).toBeCloseTo(-kappa, 12);
      const phase = (delta: number) => sgdScaling.predict(given({ kappa, delta, size: 20, time: 1 })).phase;
      expect([noOde - 0.1, noOde + 0.1, classical - 0.1, classical + 0.1].map(phase)).toEqual([
        "no ODE",
        "noise dominated",
        "noise dominated",
        "perfect learning"
      ]);
    }
  });

  test("runs have the width and rate of the equations", () => {
    for (const raw of [{}, { kappa: 0.4, delta: -0.2, size: 317, width: 1.7, rate: 0.3 }, { kappa: 0.01, width: 0.2 }]) {
      const s = settingOf(given(raw));
      expect(s.students).toBe(s.regime.units);
      expect(s.rate).toBeCloseTo(s.regime.learningRate, 14);
    }
  });

  test("too wide for the equations: predictions and trajectories say that they are a sample; too long a run is refused", () => {
    const wide = { kappa: 1, size: 60, time: 1 };
    expect(sgdScaling.predict(given(wide)).branches.algorithmic.outcome).toMatchObject({
      kind: "horizon",
      advice: expect.stringContaining("120 students are represented by 12")
    });
    expect(evolveRun(sgdScaling, wide).outcome.advice).toMatch(/120 students are represented by 12/);
    // 120 vectors of 60 components: their Gram matrix is of half rank
    expect(simulateRun(sgdScaling, { ...wide, time: 0.01 }, 1, makeRng).outcome.kind).toBe("completed");
    expect(() => simulateRun(sgdScaling, { delta: 2, size: 5000 }, 1, makeRng)).toThrow(/at most 1e9 samples, got 7.50e\+12/);
    expect(() => simulateRun(sgdScaling, { kappa: 1, size: 5000, time: 0.1 }, 1, makeRng)).toThrow(/at most 1000 students/);
    expect(sgdScaling.predict(given({ delta: -0.7, time: 1 })).branches.algorithmic.outcome).toMatchObject({
      kind: "horizon",
      advice: expect.stringContaining("no equation describes runs")
    });
  });

  test("the final risk falls as d^-(kappa + delta) above the classical line", () => {
    const dimensions = [200, 400, 800, 1600];
    for (const [kappa, delta] of [
      [0, 0.5],
      [0.2, 0.3]
    ] as const) {
      const risks = dimensions.map((size) => {
        const p = given({ kappa, delta, size, noise: 1, time: 600 });
        const s = settingOf(p);
        // the norms of the sampled teacher's units move the risk by 1/sqrt d: taken out
        const norms = asymptoticRisk(startOf(p, s.students), s) / s.regime.excessRisk;
        return sgdScaling.predict(p).branches.algorithmic.observables.risk / norms;
      });
      const { exponent, standardError } = fitExponent(dimensions, risks);
      const sentence = `kappa ${kappa}, delta ${delta}: ${exponent} +- ${standardError}`;
      expect(Math.abs(exponent + kappa + delta), sentence).toBeLessThan(0.03 + 2 * (standardError ?? 0));
    }
  });
});
