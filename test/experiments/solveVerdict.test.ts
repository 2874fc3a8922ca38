import { expect, test } from "vitest";
import { normality } from "../../src/algorithms/effectiveNoise.ts";
import type { Finding } from "../../src/algorithms/preflight.ts";
import { outcome } from "../../src/core/outcome.ts";
import { BEYOND_AMP, errorBars, misfit, withAdvice } from "../../src/experiments/solveVerdict.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const converged = outcome("converged", 1e-9, 30);
function noise(deviation: number, count = 400) {
  const residuals = new Float64Array(count);
  makeRng(5).fillNormal(residuals, deviation);
  return { from: "outputs", kind: "gaussian", ratio: deviation ** 2, normality: normality(residuals) } as const;
}

test("a misfit is said with its size and direction; none where the model fits, the sample is too small, or the signal is exact", () => {
  expect(misfit(converged, noise(3))).toMatch(/about (2\.[89]|3\.[01]) times too narrow.*--learn noise \(or rho\)/);
  expect(misfit(converged, noise(0.1))).toMatch(/about (9\.\d|10|11) times too wide/);
  expect(misfit(converged, noise(1))).toBeNull();
  expect(misfit(converged, noise(1.1))).toBeNull();
  expect(misfit(converged, noise(1.4, 10))).toBeNull();
  expect(misfit(outcome("exact-recovery", 0, 9), noise(1e-3))).toBeNull();
  expect(misfit(converged, { ...noise(1), kind: "scores", ratio: 4 })).toMatch(/about 2\.0 times too narrow/);
  expect(misfit(converged, null)).toBeNull();
});

test("error bars are unreliable off a fixed point, where the matrix is beyond AMP, and under a misfit", () => {
  const spectrum: Finding = { name: "spectrum", severity: "critical", sentence: "wide", cures: ["damp"] };
  const mean: Finding = { name: "mean", severity: "critical", sentence: "a mean", cures: ["centre"] };
  expect(errorBars(converged, [], [], null)).toEqual({ verdict: "reliable" });
  expect(errorBars(outcome("horizon", 0.1, 300), [], [], null)).toMatchObject({
    verdict: "unreliable",
    reason: expect.stringMatching(/horizon/)
  });
  expect(errorBars(converged, [spectrum], ["adaptive damping"], null)).toEqual({ verdict: "unreliable", reason: BEYOND_AMP });
  expect(errorBars(converged, [mean], [], null)).toEqual({ verdict: "unreliable", reason: "a mean" });
  expect(errorBars(converged, [mean], ["centred"], null)).toEqual({ verdict: "reliable" });
  expect(errorBars(converged, [], [], "too wide")).toEqual({ verdict: "unreliable", reason: "too wide" });
  const slow = outcome("horizon", 0.1, 300, { advice: "raise iterations" });
  expect(withAdvice(slow, [spectrum]).advice).not.toMatch(/raise iterations/);
  expect(withAdvice(slow, [mean]).advice).toBe("raise iterations");
});
