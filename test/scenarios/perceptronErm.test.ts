import { expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { perceptronErm } from "../../src/scenarios/perceptronErm.ts";

function finish(given: Record<string, unknown>, seed: number) {
  const frames = perceptronErm.simulate(parse(perceptronErm, given), makeRng(seed));
  let step = frames.next();
  let last = step.value;
  while (!step.done) {
    last = step.value;
    step = frames.next();
  }
  if (!("generalizationError" in last)) throw new Error("no frame");
  return { last, end: step.value };
}

test("GAMP that diverges where a minimiser exists ends at it, and says that a solver found it", () => {
  // at the interpolation peak: seeds on which GAMP is known to run away
  for (const [peak, seed] of [
    [{ loss: "absolute", lambda: 1e-3, alpha: 1, size: 60 }, 1],
    [{ loss: "square", lambda: 1e-4, alpha: 1, size: 100 }, 7]
  ] as const) {
    const { last, end } = finish(peak, seed);
    expect([end.kind, end.advice]).toEqual(["converged", expect.stringMatching(/^GAMP diverged at sweep \d+: .* independent solver/)]);
    const solved = finish({ ...peak, algorithm: "solver" }, seed).last;
    for (const key of ["generalizationError", "overlap", "norm"] as const) expect(last[key] / solved[key]).toBeCloseTo(1, 5);
  }
});

test("separable labels without a penalty diverge by either algorithm", () => {
  for (const algorithm of ["gamp", "solver"]) {
    const { end } = finish({ lambda: 0, alpha: 1.5, size: 60, algorithm }, 1);
    expect([end.kind, end.advice]).toEqual(["diverged", expect.stringMatching(/separable/)]);
  }
});

test("a kink that no solver takes without a penalty is one sentence, not a failure inside the solver", () => {
  expect(() => finish({ loss: "hinge", lambda: 0, alpha: 4, noise: 1, size: 40, algorithm: "solver" }, 1)).toThrow(
    /^perceptron-erm: lambda must be positive .* got 0; for example/
  );
  expect(finish({ loss: "hinge", lambda: 0, alpha: 1, size: 40, algorithm: "solver" }, 1).end.kind).toBe("converged"); // max-margin
});

test("the phase is that of the labels: separable below the threshold, overlapping above", () => {
  const line = perceptronErm.thresholds?.(parse(perceptronErm, { noise: 1 })).separability as number;
  const phaseAt = (alpha: number) => perceptronErm.predict(parse(perceptronErm, { noise: 1, alpha })).phase;
  expect([phaseAt(line * 0.99), phaseAt(line * 1.01)]).toEqual(["separable", "overlapping"]);
});
