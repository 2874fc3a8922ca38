/**
 * Online SGD at large sizes, and exponents fitted from runs. A comparison of the mean of n runs at 4 standard errors raises a false
 * alarm with probability 2e-3 at n = 12 (Student's t), 4e-3 at 8; the seeds are fixed.
 */
import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { average, evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import type { Run } from "../../src/core/types.ts";
import { fitExponent } from "../../src/numerics/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { generatorData } from "../../src/scenarios/generatorData.ts";
import { hiddenManifold } from "../../src/scenarios/hiddenManifold.ts";
import { onlineSgd } from "../../src/scenarios/onlineSgd.ts";
import { sgdScaling } from "../../src/scenarios/sgdScaling.ts";
import { asymptoticRisk, settingOf, startOf } from "../../src/scenarios/sgdScaling/setting.ts";
import { disagreements } from "../scenarios/agreement.ts";

describe("online SGD on its equations", () => {
  onlineSgd.agreement.forEach((point) => {
    const size = 1000;
    test(`N = ${size}: ${JSON.stringify({ ...point.params, initial: undefined, size: undefined })}`, { timeout: 1_800_000 }, () => {
      expect(disagreements(onlineSgd, point, { seeds: 16, scale: size / Number(point.params.size) })).toEqual([]);
    });
  });
});

/** From students that lean towards different teachers by 0.1 to 0.15, down to the plateau, along it, and to R of 0.95 and more. */
const overlaps = (R: number[][], v: number[]) =>
  JSON.stringify({
    Q: R.map((_, i) => R.map((_, k) => (i === k ? 0.3 : 0.05))),
    R,
    T: [
      [1, 0],
      [0, 1]
    ],
    v,
    vTeacher: [1, 1]
  });
const pair = (near: number): number[][] => [
  [near, 0.05],
  [0.05, near]
];

interface Passage {
  readonly name: string;
  readonly size: number;
  readonly seeds: number;
  readonly params: Readonly<Record<string, string | number>>;
}
const passages: readonly Passage[] = [
  {
    name: "erf, K = M = 2",
    size: 10_000,
    seeds: 6,
    params: { initial: overlaps(pair(0.2), [1, 1]), learningRate: 1.5, time: 50 }
  },
  {
    name: "erf, K = 3, M = 2, noise",
    size: 1000,
    seeds: 16,
    params: { initial: overlaps([...pair(0.2), [0.05, 0.02]], [1, 1, 1]), learningRate: 1, noise: 0.01, time: 140 }
  },
  {
    name: "relu, K = M = 2",
    size: 1000,
    seeds: 16,
    params: { initial: overlaps(pair(0.15), [1, 1]), activation: "relu", learningRate: 0.4, time: 60 }
  },
  {
    name: "erf, K = M = 2, both layers",
    size: 1000,
    seeds: 16,
    params: { initial: overlaps(pair(0.2), [0.6, 0.5]), train: "both", learningRate: 1.5, secondLearningRate: 0.5, time: 80 }
  },
  {
    name: "relu, K = M = 2, both layers",
    size: 1000,
    seeds: 16,
    params: {
      initial: overlaps(pair(0.15), [0.6, 0.5]),
      activation: "relu",
      train: "both",
      learningRate: 0.5,
      secondLearningRate: 0.1,
      time: 80
    }
  }
];

/** When the first student is nearer to its teacher than to the other by 1/2: linear between frames. */
function exitTime(run: Run): number {
  const gap = run.matrices!.R.map((R) => R[0][0] - R[0][1]);
  const k = gap.findIndex((x) => x > 0.5);
  return run.t[k - 1] + ((0.5 - gap[k - 1]) / (gap[k] - gap[k - 1])) * (run.t[k] - run.t[k - 1]);
}

describe("online SGD through its plateau and specialisation", () => {
  for (const { name, size, seeds, params } of passages)
    test(`${name}, N = ${size}: error, overlaps and exit times within 4 standard errors`, { timeout: 1_800_000 }, () => {
      const p = { ...params, size, frames: 16 };
      const theory = evolveRun(onlineSgd, p);
      const end = theory.t.length - 1;
      expect(theory.matrices!.R[end][0][0]).toBeGreaterThan(0.95);
      const runs = Array.from({ length: seeds }, (_, k) => simulateRun(onlineSgd, p, k + 1, makeRng));
      const misses: string[] = [];
      // what is left of order 1/N: of a relative error, of an overlap, of a time
      const compare = (what: string, of: (run: Run) => number, bias: number) => {
        const { mean, sem } = average(runs.map(of));
        const want = of(theory);
        if (!(Math.abs(mean - want) <= 4 * (sem ?? 0) + bias / size)) misses.push(`${what}: ${mean} +- ${sem}, theory ${want}`);
      };
      theory.t.forEach((t, k) => {
        // the logarithm of the error: what a run leaves earlier and later averages out, and small errors count
        compare(`ln e at t = ${t}`, (run) => Math.log(run.series.generalizationError[k]), 10);
        for (const matrix of ["Q", "R", "v"])
          theory.matrices![matrix][k].forEach((row, i) => {
            row.forEach((_, j) => {
              compare(`${matrix}[${i}][${j}] at t = ${t}`, (run) => run.matrices![matrix][k][i][j], 2);
            });
          });
      });
      compare("exit time", exitTime, 10);
      expect(misses).toEqual([]);
    });
});

describe("structured inputs to long times", () => {
  for (const [scenario, params] of [
    [hiddenManifold, { size: 300, time: 40, frames: 8, latentRatio: 0.15, learningRate: 0.5, testSamples: 3000 }],
    [hiddenManifold, { size: 300, time: 100, frames: 8, task: "unstructured", studentUnits: 3, learningRate: 1, testSamples: 3000 }],
    [generatorData, { size: 200, time: 20, frames: 6, depth: 3, nonlinearity: "relu", overlap: 0.05 }],
    [generatorData, { size: 200, time: 10, frames: 6, generator: "flow", depth: 6, teacher: "inputs", overlap: 0.1 }]
  ] as const)
    test(`${scenario.id}: ${JSON.stringify(params)}`, { timeout: 1_800_000 }, () => {
      expect(disagreements(scenario, { at: "every-t", bias: 3, params }, { seeds: 16 })).toEqual([]);
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
