/**
 * The one test every scenario passes: the mean of finite-size runs lies on the theory within 4 standard errors + bias/size.
 * A point in T comparisons of 4 s.e. raises a false alarm with probability below T * 1e-3 at 16 seeds (Student t); seeds are fixed.
 */
import { describe, expect, test } from "vitest";
import { evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import { parse } from "../../src/core/parameters.ts";
import type { Scenario } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as registry from "../../src/scenarios/index.ts";
import { disagreements } from "./agreement.ts";

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every parameter set
const scenarios = Object.values(registry) as unknown as Scenario<any, any>[];

for (const s of scenarios)
  describe(s.id, () => {
    for (const point of s.agreement) {
      const name = JSON.stringify(point.params);
      test(`simulation follows its theory at ${name}`, () => {
        expect(disagreements(s, point)).toEqual([]);
      });
    }

    test("the trajectory ends where the fixed points say", () => {
      for (const point of s.agreement) {
        const p: Record<string, unknown> = { ...point.params, ...("iterations" in s.params ? { iterations: 20_000 } : {}) };
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
