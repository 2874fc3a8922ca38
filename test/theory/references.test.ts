/**
 * Theory against references/scenarios.json: values derived and computed apart from this library (references/make.py: other formulas,
 * other quadrature, other root finding, another language), read through the public contract of the scenarios only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import type { Prediction, Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";

interface Entry {
  readonly scenario: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly quantity: string;
  /** null: there is no such transition. */
  readonly value: number | null;
  /** Relative; what the reference itself is good for. */
  readonly accuracy: number;
}

const entries = JSON.parse(readFileSync(new URL("./references/scenarios.json", import.meta.url), "utf8")) as readonly Entry[];
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/**
 * What the library promises beyond the reference's own accuracy: relative, with an absolute floor for values that vanish.
 * A free entropy is a sum of terms of order one that may cancel: its unit is max(1, |Phi|) nats.
 */
const RELATIVE = 1e-8;
const FLOOR = 1e-12;

/** One prediction (or set of thresholds) serves every entry at the same point. */
const predictions = new Map<string, Prediction>();
const thresholds = new Map<string, Readonly<Record<string, number | null>>>();

function read(s: Scenario, e: Entry): number | null | undefined {
  const [where, name] = e.quantity.split(".");
  const key = s.id + JSON.stringify(e.params);
  const p = parse(s, e.params);
  if (where === "thresholds") {
    if (!thresholds.has(key)) thresholds.set(key, s.thresholds?.(p) ?? {});
    return thresholds.get(key)?.[name];
  }
  if (!predictions.has(key)) predictions.set(key, s.predict(p));
  const told = predictions.get(key) as Prediction;
  if (where === "fixedPoint") return told.fixedPoints?.find((f) => f.stable)?.order[name === "V" ? "variance" : name];
  const branch = told.branches[where as "algorithmic" | "optimal"] ?? told.branches.algorithmic;
  return name === "freeEntropy" ? branch.freeEntropy : branch.observables[name];
}

describe("the theory agrees with references of another derivation", () => {
  test("every scenario has references here, in graphs.json or learning.json, or exact references in a test of its own", () => {
    const others = ["graphs", "learning"].flatMap(
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
      const misses: string[] = [];
      let worst = 0;
      for (const e of mine) {
        const got = read(s, e);
        const label = `${e.quantity} at ${JSON.stringify(e.params)}`;
        if (e.value === null || got === null || got === undefined) {
          if (got !== e.value) misses.push(`${label}: ${got}, reference ${e.value}`);
          continue;
        }
        const off = Math.abs(got - e.value);
        const unit = e.quantity.endsWith("freeEntropy") ? Math.max(1, Math.abs(e.value)) : Math.abs(e.value);
        const tolerance = unit * Math.max(RELATIVE, e.accuracy) + FLOOR;
        if (off > FLOOR) worst = Math.max(worst, off / unit);
        if (!(off <= tolerance))
          misses.push(`${label}: ${got}, reference ${e.value}, relative ${(off / Math.abs(e.value)).toExponential(1)}`);
      }
      if (process.env.SPINODAL_WORST) console.log(`${s.id}: largest relative deviation ${worst.toExponential(2)} over ${mine.length}`);
      expect(misses).toEqual([]);
    });
  }
});
