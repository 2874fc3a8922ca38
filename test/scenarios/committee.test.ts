import { expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { evolveRun, final, simulateRun } from "../../src/core/scenario.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { committee } from "../../src/scenarios/committee.ts";

test("committee: fewer than one hidden unit, or more than there are, is refused in one sentence", () => {
  expect(() => parse(committee, { hidden: 0 })).toThrow("committee: hidden must be an integer in [1, 3], got 0");
  expect(() => parse(committee, { hidden: 7 })).toThrow("committee: hidden must be an integer in [1, 3], got 7");
});

test("committee: Q of a frame has the overlaps of the frame as eigenvalues, in theory exactly and in a run to 1/sqrt p", () => {
  const params = { alpha: 3, init: "planted", initialMinus: 0.4, size: 400, iterations: 6 };
  const theory = evolveRun(committee, params);
  const run = simulateRun(committee, params, 1, makeRng);
  for (const [r, tolerance] of [
    [theory, 1e-12],
    [run, 0.2]
  ] as const) {
    const Q = r.matrices?.Q.at(-1) ?? [];
    const { overlapPlus, overlapMinus } = final(r);
    expect(Math.abs((Q[0][0] + Q[0][1] + Q[1][0] + Q[1][1]) / 2 - overlapPlus)).toBeLessThan(tolerance);
    expect(Math.abs((Q[0][0] + Q[1][1] - Q[0][1] - Q[1][0]) / 2 - overlapMinus)).toBeLessThan(tolerance);
  }
});

test("committee: errors of a run are near those of the theory at the run's own overlaps", () => {
  const run = final(simulateRun(committee, { alpha: 3, init: "planted", initialMinus: 0.5, size: 400, iterations: 30 }, 2, makeRng));
  const theory = final(
    evolveRun(committee, { init: "planted", initialPlus: run.overlapPlus, initialMinus: run.overlapMinus, alpha: 3, iterations: 1 })
  );
  expect(Math.abs(run.squaredError - theory.squaredError)).toBeLessThan(0.05);
  expect(Math.abs(run.misclassification - theory.misclassification)).toBeLessThan(0.05);
});

test("committee: an uninformed run above the transition leaves the unspecialised plateau by itself", () => {
  const run = simulateRun(committee, { alpha: 4, size: 400, iterations: 200 }, 1, makeRng);
  expect(run.series.overlapMinus[3]).toBeLessThan(0.05);
  expect(final(run).overlapMinus).toBeGreaterThan(0.4);
  expect(run.extra).toHaveProperty("rawOverlapMinus");
});

test("committee: one and three units follow their theory through a planted start", () => {
  const one = committee.predict(parse(committee, { hidden: 1, alpha: 1 })).branches;
  // Gaussian perceptron at alpha = 1: q = 0.486263637 (landmark of the scenario perceptron), error arccos(sqrt q)/pi
  expect(one.algorithmic.observables.overlapPlus).toBeCloseTo(0.486263637, 9);
  expect(one.algorithmic.observables.misclassification).toBeCloseTo(Math.acos(Math.sqrt(0.486263637)) / Math.PI, 9);
  const params = { hidden: 3, alpha: 4, init: "planted", initialPlus: 0.5, initialMinus: 0.4, size: 150, iterations: 4, damping: 0 };
  const run = final(simulateRun(committee, params, 1, makeRng));
  const theory = final(evolveRun(committee, params));
  // seeds scatter by about 0.04 (overlaps) and 0.02 (errors) at this size
  expect(Math.abs(run.overlapPlus - theory.overlapPlus)).toBeLessThan(0.15);
  expect(Math.abs(run.overlapMinus - theory.overlapMinus)).toBeLessThan(0.15);
  expect(Math.abs(run.squaredError - theory.squaredError)).toBeLessThan(0.08);
});

test("committee: the phase of Gaussian weights is named, not undefined", () => {
  const phaseAt = (alpha: number) => committee.predict(parse(committee, { alpha })).phase;
  expect(phaseAt(1.9)).toBe("unspecialised");
  expect(phaseAt(2.2)).toBe("specialised");
  expect(committee.phases).toContain("specialised");
});

test("committee: half of all binary runs swung for ever where the theory learns exactly; by default one in eight does", () => {
  const exact = [1, 2, 3, 4, 5, 6, 7, 8]
    .map((seed) => simulateRun(committee, { prior: "binary", alpha: 2.5, size: 300 }, seed, makeRng))
    .filter((run) => run.outcome.kind === "exact-recovery");
  expect(exact.length).toBeGreaterThanOrEqual(7);
  // and what it holds is exact: the memory of damping left overlaps of 0.997
  for (const run of exact) expect(final(run).overlapMinus).toBeGreaterThan(1 - 1e-6);
});
