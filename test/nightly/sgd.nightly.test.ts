/**
 * Online SGD at large sizes, and exponents fitted from runs. A comparison of the mean of n runs at 4 standard errors raises a false
 * alarm with probability 2e-3 at n = 12 (Student's t), 4e-3 at 8; the seeds are fixed.
 */
import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { average, evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import { fitExponent } from "../../src/numerics/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { onlineSgd } from "../../src/scenarios/onlineSgd.ts";
import { sgdScaling } from "../../src/scenarios/sgdScaling.ts";
import { asymptoticRisk, settingOf, startOf } from "../../src/scenarios/sgdScaling/setting.ts";
import { disagreements } from "../scenarios/agreement.ts";

describe("online SGD on its equations", () => {
  onlineSgd.agreement.forEach((point, k) => {
    const [size, seeds] = k === 0 ? [10_000, 6] : [1000, 16];
    test(`N = ${size}: ${JSON.stringify({ ...point.params, initial: undefined, size: undefined })}`, { timeout: 1_800_000 }, () => {
      expect(disagreements(onlineSgd, point, { seeds, scale: size / Number(point.params.size) })).toEqual([]);
    });
  });
});

describe("width against learning rate", () => {
  for (const [kappa, delta] of [
    [0, 0.5],
    [0.25, 0.25]
  ] as const)
    test(`kappa = ${kappa}, delta = ${delta}: the final risk of runs falls with the exponent of the equations`, {
      timeout: 1_800_000
    }, () => {
      const dimensions = [50, 100, 200, 400];
      const runs = dimensions.map((size) => {
        const p = { kappa, delta, size, noise: 1, time: 100, frames: 4 };
        const values = parse(sgdScaling, p);
        const s = settingOf(values);
        // the norms of the sampled teacher's units move the risk by 1/sqrt d: taken out of both
        const norms = asymptoticRisk(startOf(values, s.students), s) / s.regime.excessRisk;
        const { mean, sem } = average(Array.from({ length: 12 }, (_, k) => final(simulateRun(sgdScaling, p, k + 1, makeRng)).risk / norms));
        return { size, mean, sem: sem ?? 0, theory: final(evolveRun(sgdScaling, p)).risk / norms };
      });
      for (const { size, mean, sem, theory } of runs)
        expect(Math.abs(mean - theory), `${mean} +- ${sem} for ${theory}`).toBeLessThan(4 * sem + (3 / size) * theory);
      const fit = fitExponent(
        dimensions,
        runs.map((r) => r.mean),
        runs.map((r) => r.sem)
      );
      const theory = fitExponent(
        dimensions,
        runs.map((r) => r.theory)
      );
      expect(Math.abs(fit.exponent - theory.exponent), `${fit.exponent} +- ${fit.standardError} for ${theory.exponent}`).toBeLessThan(
        4 * (fit.standardError ?? 0) + 0.02
      );
      expect(Math.abs(fit.exponent + kappa + delta), `${fit.exponent} +- ${fit.standardError} for ${-kappa - delta}`).toBeLessThan(
        4 * (fit.standardError ?? 0) + 0.05
      );
    });
});
