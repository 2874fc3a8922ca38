/**
 * Theory of learning against references/learning.json: values derived and computed apart from this library (references/learning.py:
 * deterministic equivalents of ridge regression, a min-max saddle by brute-force integrals, Gaussian measures tilted by g', orthants by
 * quadrature, per-eigenvalue equations written anew, another language), read through the public contract of the scenarios only.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import type { Prediction, Scenario } from "../../src/core/types.ts";
import * as registry from "../../src/scenarios/index.ts";

interface Entry {
  readonly scenario: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** branch.observable, branch.matrix[row][column], branch.freeEntropy or thresholds.name. */
  readonly quantity: string;
  /** null: there is no such transition. */
  readonly value: number | null;
  /** Relative; what the reference itself is good for. */
  readonly accuracy: number;
}

const { scenarios: entries } = JSON.parse(readFileSync(new URL("./references/learning.json", import.meta.url), "utf8")) as {
  readonly scenarios: readonly Entry[];
};
const scenarios = Object.values(registry) as unknown as readonly Scenario[];
/**
 * What the library promises beyond the reference's own accuracy: relative, with an absolute floor for values that vanish. A free entropy
 * is a sum of terms of order one that may cancel: its unit is max(1, |value|) nats.
 */
const RELATIVE = 1e-8;
const FLOOR = 1e-12;
/** Equations of motion are integrated to a relative error of 1e-8 a step, which the instability of a plateau amplifies. */
const INTEGRATED = ["online-sgd", "sgd-scaling", "hidden-manifold", "generator-data"];
const ALONG = 1e-5;

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
  const branch = predictions.get(key)?.branches[where as "algorithmic" | "optimal"];
  const entry = /^(\w+)\[(\d+)\]\[(\d+)\]$/.exec(name);
  if (entry) return branch?.matrices?.[entry[1]][Number(entry[2])][Number(entry[3])];
  return name === "freeEntropy" ? branch?.freeEntropy : branch?.observables[name];
}

describe("the theory of learning agrees with references of another derivation", () => {
  for (const s of scenarios.filter(({ id }) => entries.some((e) => e.scenario === id))) {
    const mine = entries.filter((e) => e.scenario === s.id);
    test(`${s.id}: ${mine.length} values`, () => {
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
        if (off > FLOOR) worst = Math.max(worst, off / unit);
        if (!(off <= unit * Math.max(INTEGRATED.includes(s.id) ? ALONG : RELATIVE, e.accuracy) + FLOOR))
          misses.push(`${label}: ${got}, reference ${e.value}, relative ${(off / Math.abs(e.value)).toExponential(1)}`);
      }
      if (process.env.SPINODAL_WORST) console.log(`${s.id}: largest relative deviation ${worst.toExponential(2)} over ${mine.length}`);
      expect(misses).toEqual([]);
    });
  }
});
