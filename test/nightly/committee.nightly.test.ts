/** Committee machines of three units: transitions along curves that take seconds to trace. Digits agree with those of a rule twice as fine. */
import { expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { committee } from "../../src/scenarios/committee.ts";
import type { Agreement, Scenario } from "../../src/core/types.ts";
import { committeeTheory } from "../../src/theory/committee/index.ts";
import { disagreements } from "../scenarios/agreement.ts";

test("three Gaussian units: the specialised state appears at 10.92379, wins at 11.33238, and is reached from 19.23200 on", () => {
  const at = committeeTheory({ prior: "gaussian", units: 3 }).thresholds();
  expect(at.spinodal).toBeCloseTo(10.923786, 5);
  expect(at.informationTheoretic).toBeCloseTo(11.3323828, 6);
  expect(at.specialization).toBeCloseTo(19.2320038, 6);
  expect(at.algorithmic).toBe(at.specialization);
  const phaseAt = (alpha: number) => committee.predict(parse(committee, { hidden: 3, alpha })).phase;
  expect([10.8, 11.1, 11.5, 19, 19.5].map(phaseAt)).toEqual(["unspecialised", "unspecialised", "hard", "hard", "specialised"]);
});

test("three binary units: exact learning is optimal from 3.766191 on, and reached from 13.183809 on, where the unspecialised state gives way", () => {
  const at = committeeTheory({ prior: "binary", units: 3 }).thresholds();
  expect(at.informationTheoretic).toBeCloseTo(3.7661913, 6);
  expect(at.algorithmic).toBeCloseTo(13.1838092, 6);
  expect(at.specialization).toBe(at.algorithmic);
});

test.each([
  { hidden: 3, alpha: 12, initialPlus: 0.8, initialMinus: 0.6, iterations: 4 },
  { hidden: 3, alpha: 4.4, initialPlus: 0.5, initialMinus: 0.3, iterations: 4 },
  { hidden: 3, prior: "binary", alpha: 6, initialPlus: 0.7, initialMinus: 0.5, iterations: 4 }
])("runs of three units follow the theory at %j", (given) => {
  const point: Agreement = { at: "every-t", bias: 6, params: { ...given, init: "planted", damping: 0, size: 150 } };
  expect(disagreements(committee as unknown as Scenario, point, { seeds: 16, scale: 1 })).toEqual([]);
});
