import { describe, expect, test } from "vitest";
import { makeRng } from "../../src/numerics/random/index.ts";
import { binaryRow, gaussianRow } from "../../src/priors/several/index.ts";

const rng = makeRng(3, "rows");
const families = [
  ["gaussianRow", gaussianRow],
  ["binaryRow", binaryRow]
] as const;

describe.each(families)("%s", (_, family) => {
  test.each([1, 2, 3, 5])("%i units: mean and covariance are the derivatives of ln Z, which is 0 without a tilt", (K) => {
    const prior = family(K);
    const B = new Float64Array(K * K);
    const b = new Float64Array(K);
    rng.fillNormal(B, 0.8);
    rng.fillNormal(b);
    const A = new Float64Array(K * K);
    for (let i = 0; i < K; i++) for (let j = 0; j < K; j++) for (let k = 0; k < K; k++) A[i * K + j] += B[i * K + k] * B[j * K + k];
    const at = (x: Float64Array) => {
      const mean = new Float64Array(K);
      const covariance = new Float64Array(K * K);
      return { logZ: prior.posterior(A, x, mean, covariance), mean, covariance };
    };
    expect(prior.posterior(new Float64Array(K * K), new Float64Array(K), new Float64Array(K), new Float64Array(K * K))).toBeCloseTo(0, 14);
    const { mean, covariance } = at(b);
    for (let i = 0; i < K; i++) {
      const h = 1e-5;
      const up = at(b.map((x, k) => (k === i ? x + h : x)));
      const down = at(b.map((x, k) => (k === i ? x - h : x)));
      expect(Math.abs((up.logZ - down.logZ) / (2 * h) - mean[i])).toBeLessThan(1e-9);
      for (let j = 0; j < K; j++) expect(Math.abs((up.mean[j] - down.mean[j]) / (2 * h) - covariance[i * K + j])).toBeLessThan(1e-9);
    }
  });

  test("draws have the second moments of independent units, and a diagonal tilt leaves them independent", () => {
    const prior = family(3);
    const n = 20_000;
    const w = new Float64Array(3 * n);
    prior.sample(rng.fork("w"), w);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += w[3 * k + i] * w[3 * k + j];
        expect(Math.abs(sum / n - (i === j ? 1 : 0))).toBeLessThan(5 * Math.sqrt(2 / n)); // false alarm below 1e-5
      }
    const covariance = new Float64Array(9);
    prior.posterior(Float64Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3), Float64Array.of(0.3, -1, 2), new Float64Array(3), covariance);
    for (const k of [1, 2, 5]) expect(Math.abs(covariance[k])).toBeLessThan(1e-15);
  });

  test("a number of units out of range is refused", () => {
    expect(() => family(0)).toThrow("units must be an integer in [1, ");
    expect(() => family(2.5)).toThrow("got 2.5");
  });
});

test("binary rows keep the digits of a variance of 1e-40, and large fields stay finite", () => {
  const prior = binaryRow(2);
  const mean = new Float64Array(2);
  const covariance = new Float64Array(4);
  prior.posterior(new Float64Array(4), Float64Array.of(46, -3), mean, covariance);
  expect(covariance[0] / (4 * Math.exp(-92))).toBeCloseTo(1, 12); // sech^2(46) = 4 e^-92
  expect(covariance[3]).toBeCloseTo(1 / Math.cosh(3) ** 2, 14);
  expect(prior.posterior(new Float64Array(4), Float64Array.of(1e200, -1e200), mean, covariance)).toBe(2e200);
  expect([...mean]).toEqual([1, -1]);
  expect(covariance.every((c) => c === 0)).toBe(true);
});

test("two binary weights tied by A: exp(-A_12 w_1 w_2) alone correlates them, by -tanh A_12", () => {
  const mean = new Float64Array(2);
  const covariance = new Float64Array(4);
  binaryRow(2).posterior(Float64Array.of(0.9, 0.6, 0.6, 0.9), new Float64Array(2), mean, covariance);
  expect(covariance[1]).toBeCloseTo(-Math.tanh(0.6), 14);
});

test("a Gaussian row refuses a precision that makes it none", () => {
  expect(() =>
    gaussianRow(2).posterior(Float64Array.of(1, 3, 3, 1), new Float64Array(2), new Float64Array(2), new Float64Array(4))
  ).toThrow("A must be finite and positive semi-definite");
});
