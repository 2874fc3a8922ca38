/**
 * Theory against references/scenarios.json: values derived and computed apart from this library (references/make.py: other formulas,
 * other quadrature, other root finding, another language), read through the public contract of the scenarios only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";
import { type Entry, misses } from "./references/compare.ts";

const entries = JSON.parse(readFileSync(new URL("./references/scenarios.json", import.meta.url), "utf8")) as readonly Entry[];
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/** What the library promises beyond the reference's own accuracy, relative. */
const RELATIVE = 1e-8;

describe("the theory agrees with references of another derivation", () => {
  test("every scenario has references here, in graphs.json, learning.json or elementary.json, or exact references in a test of its own", () => {
    const others = ["graphs", "learning", "elementary"].flatMap(
      (name) =>
        (JSON.parse(readFileSync(new URL(`./references/${name}.json`, import.meta.url), "utf8")) as { readonly scenarios: Entry[] })
          .scenarios
    );
    const covered = new Set([...entries, ...others].map((e) => e.scenario));
    const own = ["layer-entropy", "total-variation"]; // test/scenarios/layerEntropy.test.ts, totalVariation.test.ts
    expect(scenarios.map((s) => s.id).filter((id) => !covered.has(id) && !own.includes(id))).toEqual([]);
  });
  for (const s of scenarios.filter(({ id }) => entries.some((e) => e.scenario === id))) {
    const mine = entries.filter((e) => e.scenario === s.id);
    test(`${s.id}: ${mine.length} values`, () => {
      expect(mine.length).toBeGreaterThan(5);
      expect(misses(s, mine, RELATIVE)).toEqual([]);
    });
  }
});
