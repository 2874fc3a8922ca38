import { describe, expect, test } from "vitest";
import { sign } from "../../../src/activations/index.ts";
import {
  featureMatrix,
  gaussianEquivalence,
  kolmogorovTail,
  latentSource,
  localFields
} from "../../../src/algorithms/sgd/structured/index.ts";
import { make } from "../../../src/core/parameters.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const N = 400;
const D = 120;
const COUNT = 4000;
const K = 2;
const M = 2;

/** Samples of sign features with a teacher on the latent variables. */
function samples(seed: number) {
  const rng = makeRng(seed, "equivalence");
  const Ft = featureMatrix("gaussian", N, D, rng.fork("F"));
  const B = new Float64Array(M * D);
  rng.fork("B").fillNormal(B);
  const source = latentSource({ N, D, Ft, f: make(sign), mean: 0 }, { activation: "erf", v: [1, 1], B, on: "latent" });
  const W = new Float64Array(K * N);
  rng.fork("W").fillNormal(W);
  return { ...source(COUNT, rng.fork("samples")), W, Ft, B, rng };
}

describe("Gaussian equivalence of local fields", () => {
  test("random weights on random features pass, with the covariance of the theory: Q = b² Σ + (1 - b²) W, R = b S B/D", () => {
    const { x, nu, W, Ft, B, rng } = samples(1);
    const b2 = 2 / Math.PI;
    const n = K + M;
    const C = new Float64Array(n * n);
    const S = (k: number, r: number) =>
      Array.from({ length: N }, (_, i) => W[k * N + i] * Ft[r * N + i]).reduce((s, y) => s + y, 0) / Math.sqrt(N);
    const projections = Array.from({ length: K }, (_, k) => Array.from({ length: D }, (_, r) => S(k, r)));
    const dot = (a: ArrayLike<number>, c: ArrayLike<number>) => Array.from(a, (y, r) => y * c[r]).reduce((s, y) => s + y, 0) / D;
    const row = (k: number) => W.subarray(k * N, (k + 1) * N);
    for (let k = 0; k < K; k++) {
      for (let l = 0; l < K; l++)
        C[k * n + l] =
          b2 * dot(projections[k], projections[l]) +
          ((1 - b2) * Array.from(row(k), (y, i) => y * row(l)[i]).reduce((s, y) => s + y, 0)) / N;
      for (let m = 0; m < M; m++)
        C[k * n + K + m] = C[(K + m) * n + k] = Math.sqrt(b2) * dot(projections[k], B.subarray(m * D, (m + 1) * D));
    }
    for (let m = 0; m < M; m++)
      for (let l = 0; l < M; l++) C[(K + m) * n + K + l] = dot(B.subarray(m * D, (m + 1) * D), B.subarray(l * D, (l + 1) * D));
    const { fields } = localFields(x, W, N, nu);
    const report = gaussianEquivalence(fields, n, rng.fork("directions"), { covariance: C, projections: 20 });
    // 24 directions of 4 moments each: 4.5 errors are passed by chance once in 1500 seeds; the p-value is Bonferroni's
    expect(report.largestScore).toBeLessThan(4.5);
    expect(report.pValue).toBeGreaterThan(0.001);
    expect(report.projections.length).toBe(20);
  });

  test("weights that look at one feature fail: their field has the law of one sign", () => {
    const { x, nu, W, rng } = samples(2);
    W.fill(0, 0, N);
    W[7] = Math.sqrt(N);
    const { fields, n } = localFields(x, W, N, nu);
    const report = gaussianEquivalence(fields, n, rng.fork("directions"));
    expect(report.fields[0].excessKurtosis).toBeCloseTo(-2, 2);
    expect(report.fields[0].distance).toBeGreaterThan(0.3);
    expect(report.pValue).toBeLessThan(1e-12);
    // the other fields are Gaussian as before
    expect(Math.abs(report.fields[1].excessKurtosis)).toBeLessThan(4.5 * report.errors.excessKurtosis);
  });

  test("two latent variables are too few: the field of aligned weights is bounded and fails", () => {
    // lambda ~ sum_i F_i1 sign(F_i.c) with D = 2 latent variables: bounded, far from Gaussian
    const rng = makeRng(3, "few latents");
    const Ft = featureMatrix("gaussian", N, 2, rng.fork("F"));
    const source = latentSource(
      { N, D: 2, Ft, f: make(sign), mean: 0 },
      { activation: "erf", v: [1], B: Float64Array.of(1, 1), on: "latent" }
    );
    const { x, nu } = source(COUNT, rng.fork("samples"));
    const { fields, n } = localFields(x, Ft.slice(0, N), N, nu);
    expect(gaussianEquivalence(fields, n, rng.fork("directions")).pValue).toBeLessThan(1e-6);
  });

  test("Kolmogorov's tail: 0.05 at 1.3581/sqrt n, 0.01 at 1.6276/sqrt n, and 1 at zero", () => {
    // scipy.stats.kstwobign.isf([0.05, 0.01]) = [1.3580986, 1.6276236]
    expect(kolmogorovTail(1.3580986393225e-4, 1e8)).toBeCloseTo(0.05, 4);
    expect(kolmogorovTail(1.6276236115189e-4, 1e8)).toBeCloseTo(0.01, 4);
    expect(kolmogorovTail(0, 100)).toBe(1);
  });

  test("too few samples, broken rows and repeated fields are refused", () => {
    const rng = makeRng(1, "x");
    expect(() => gaussianEquivalence(new Float64Array(20), 2, rng)).toThrow(/at least 100/);
    expect(() => localFields(new Float64Array(10), new Float64Array(7), 5)).toThrow(/whole rows/);
    const twice = new Float64Array(400);
    for (let s = 0; s < 200; s++) twice[2 * s] = twice[2 * s + 1] = rng.normal();
    expect(() => gaussianEquivalence(twice, 2, rng)).toThrow(/positive definite/);
  });
});
