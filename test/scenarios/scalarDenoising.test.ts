/** The Nishimori line: where prior and noise are the true ones m = q and V = mse, and nowhere else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../src/core/parameters.ts";
import { scalarDenoising } from "../../src/scenarios/scalarDenoising.ts";

const at = (p: Readonly<Record<string, unknown>>) => scalarDenoising.predict(parse(scalarDenoising, p)).branches;

test("matched: the overlap is the estimate's own, and the variance believed is the error made", () => {
  for (const prior of [
    "binary:p=0.3",
    "gaussian:mean=0.5",
    "gauss-bernoulli:rho=0.1",
    "laplace",
    "uniform",
    "complex-gauss-bernoulli:rho=0.2"
  ])
    for (const noise of [1e-3, 0.1, 1, 30]) {
      const { mse, overlap, selfOverlap, variance } = at({ prior, noise }).algorithmic.observables;
      expect(Math.abs(overlap - selfOverlap), `${prior} at ${noise}`).toBeLessThan(1e-11);
      expect(Math.abs(mse - variance), `${prior} at ${noise}`).toBeLessThan(1e-11);
    }
});

test("mismatched: the two come apart, the way they should", () => {
  // noise taken for smaller than it is: the estimate is too large and too sure of itself; taken for larger: too small and not sure enough
  const bold = at({ prior: "gaussian", noise: 1, noiseRatio: 0.5 }).algorithmic.observables;
  const timid = at({ prior: "gaussian", noise: 1, noiseRatio: 2 }).algorithmic.observables;
  expect([bold.selfOverlap > bold.overlap, bold.variance < bold.mse]).toEqual([true, true]);
  expect([timid.selfOverlap < timid.overlap, timid.variance > timid.mse]).toEqual([true, true]);
});

test("no student beats the one who knows", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("binary", "gauss-bernoulli:rho=0.2", "laplace"),
      fc.constantFrom("", "gaussian", "binary:p=0.4", "laplace:rate=2", "l1:rate=1"),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (prior, studentPrior, noise, ratio) => {
        const { algorithmic, optimal } = at({ prior, studentPrior, noise: 10 ** noise, noiseRatio: 10 ** ratio });
        expect(algorithmic.observables.mse).toBeGreaterThanOrEqual((optimal?.observables.mse ?? 0) * (1 - 1e-10));
      }
    ),
    { numRuns: 60, seed: 5 }
  );
});

test("an estimator is no law of a signal, and one field is asked of both priors", () => {
  expect(() => at({ prior: "l1" })).toThrow("scalar-denoising: prior l1 is an estimator");
  expect(() => at({ prior: "binary", studentPrior: "complex-gauss-bernoulli" })).toThrow("take both real or both complex");
});
