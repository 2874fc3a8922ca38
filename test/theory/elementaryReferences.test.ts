/**
 * The magnet and scalar denoising against references/elementary.json: values derived and computed apart from this library
 * (references/elementary.py: another language, Bayes' formula and free entropies by brute force), read through the public contract only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";
import { type Entry, misses } from "./references/compare.ts";

const { scenarios: entries } = JSON.parse(readFileSync(new URL("./references/elementary.json", import.meta.url), "utf8")) as {
  readonly scenarios: readonly Entry[];
};
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/** What the library promises beyond the reference's own accuracy, relative. */
const RELATIVE = 1e-10;

describe("elementary theory agrees with references of another derivation", () => {
  for (const s of scenarios.filter(({ id }) => entries.some((e) => e.scenario === id))) {
    const mine = entries.filter((e) => e.scenario === s.id);
    test(`${s.id}: ${mine.length} values`, () => {
      expect(mine.length).toBeGreaterThan(30);
      expect(misses(s, mine, RELATIVE)).toEqual([]);
    });
  }
});
