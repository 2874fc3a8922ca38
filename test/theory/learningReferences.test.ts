/**
 * Theory of learning against references/learning.json: values derived and computed apart from this library (references/learning.py:
 * deterministic equivalents of ridge regression, a min-max saddle by brute-force integrals, Gaussian measures tilted by g', orthants by
 * quadrature, per-eigenvalue equations written anew, another language), read through the public contract of the scenarios only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";
import { type Entry, misses } from "./references/compare.ts";

const { scenarios: entries } = JSON.parse(readFileSync(new URL("./references/learning.json", import.meta.url), "utf8")) as {
  readonly scenarios: readonly Entry[];
};
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/** What the library promises beyond the reference's own accuracy, relative. */
const RELATIVE = 1e-8;
/** Equations of motion are integrated to a relative error of 1e-8 a step, which the instability of a plateau amplifies. */
const INTEGRATED = ["online-sgd", "sgd-scaling", "hidden-manifold", "generator-data"];
const ALONG = 1e-5;

describe("the theory of learning agrees with references of another derivation", () => {
  for (const s of scenarios.filter(({ id }) => entries.some((e) => e.scenario === id))) {
    const mine = entries.filter((e) => e.scenario === s.id);
    test(`${s.id}: ${mine.length} values`, () => {
      expect(misses(s, mine, INTEGRATED.includes(s.id) ? ALONG : RELATIVE)).toEqual([]);
    });
  }
});
