/**
 * The one test every scenario passes: the mean of finite-size runs lies on the theory within 4 standard errors + bias/size.
 * A point in T comparisons of 4 s.e. raises a false alarm with probability below T * 1e-3 at 16 seeds (Student t); seeds are fixed.
 */
import { describe, expect, test } from "vitest";
import { average, evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import { parse } from "../../src/core/parameters.ts";
import type { Run, Scenario } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as registry from "../../src/scenarios/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
const scenarios = Object.values(registry) as unknown as Scenario<any, any>[];
const SEEDS = 16;
/** A run that stopped early stays where it is. */
const held = (x: readonly number[], k: number) => x[Math.min(k, x.length - 1)];

for (const s of scenarios)
  describe(s.id, () => {
    for (const point of s.agreement) {
      const name = JSON.stringify(point.params);
      test(`simulation follows its theory at ${name}`, () => {
        const seeds = point.seeds ?? SEEDS;
        const runs = Array.from({ length: seeds }, (_, k) => simulateRun(s, point.params, k + 1, makeRng));
        for (const r of runs) expect(r.outcome.kind, JSON.stringify(r.outcome)).not.toBe("diverged");
        const size = parse(s, point.params).size as number;
        const theory: Run = point.at === "every-t" ? evolveRun(s, point.params) : atEnd(s, point.params);
        const T = point.at === "every-t" ? Math.max(theory.t.length, ...runs.map((r) => r.t.length)) : 1;
        const misses: string[] = [];
        for (const key of point.observables ?? Object.keys(s.observables))
          for (let k = 0; k < T; k++) {
            const values = runs.map((r) => (point.at === "end" ? final(r)[key] : held(r.series[key], k)));
            const { mean, sem } = average(values);
            const want = held(theory.series[key], k);
            const tolerance = 4 * (sem ?? 0) + point.bias / size;
            if (!(Math.abs(mean - want) <= tolerance))
              misses.push(
                `${key} at t = ${k}: ${mean.toFixed(5)} ± ${(sem ?? 0).toFixed(5)}, theory ${want.toFixed(5)}, off by ${(mean - want).toFixed(5)} > ${tolerance.toFixed(5)}`
              );
          }
        expect(misses).toEqual([]);
      });
    }

    test("the trajectory ends where the fixed points say", () => {
      for (const point of s.agreement) {
        const p: Record<string, unknown> = { ...point.params, iterations: 20_000 };
        if (p.init === "informed") continue;
        const evolved = evolveRun(s, p);
        if (evolved.outcome.kind === "horizon") continue; // critical slowing down is not a disagreement
        const told = s.predict(parse(s, p)).branches.algorithmic.observables;
        for (const key of Object.keys(s.observables))
          expect(Math.abs(final(evolved)[key] - told[key]), `${key} at ${JSON.stringify(point.params)}`).toBeLessThan(2e-5);
      }
    });

    test("the same seed gives the same run, another seed another; a run survives JSON", () => {
      const p = { ...s.agreement[0].params, size: 200 };
      const a = simulateRun(s, p, 7, makeRng);
      expect(simulateRun(s, p, 7, makeRng)).toEqual(a);
      expect(JSON.parse(JSON.stringify(a))).toEqual(a);
      expect(simulateRun(s, p, 0, makeRng).series).not.toEqual(a.series);
    });

    for (const mark of s.landmarks)
      test(`landmark: ${mark.name} = ${mark.value}`, () => {
        const got = mark.compute();
        expect(Math.abs(got - mark.value), `computed ${got}, published ${mark.value} (${mark.source})`).toBeLessThanOrEqual(mark.tolerance);
      });
  });

function atEnd(s: Scenario, raw: Readonly<Record<string, unknown>>): Run {
  const params = parse(s, raw);
  const { observables, outcome } = s.predict(params).branches.algorithmic;
  return {
    scenario: s.id,
    source: "theory",
    seed: null,
    params,
    t: [0],
    series: Object.fromEntries(Object.entries(observables).map(([k, v]) => [k, [v]])),
    outcome
  };
}
