/**
 * Theory against simulation at 3 times the declared sizes and 40 seeds: standard errors 2.7 times smaller, bias/size 3 times.
 * 4 standard errors at 40 seeds raise a false alarm in about 3e-4 of the comparisons (Student t); seeds are fixed.
 */
import { describe, expect, test } from "vitest";
import * as registry from "../../src/scenarios/index.ts";
import type { Scenario } from "../../src/core/types.ts";
import { disagreements } from "../scenarios/agreement.ts";

for (const s of Object.values(registry) as unknown as readonly Scenario[])
  describe(s.id, () => {
    for (const point of s.agreement)
      test(`simulation follows its theory at ${JSON.stringify(point.params)}, 3 times larger, 40 seeds`, () => {
        expect(disagreements(s, point, { seeds: 40, scale: 3 })).toEqual([]);
      });
  });
