import { describe, expect, test } from "vitest";
import {
  gamp,
  inputResiduals,
  metrics,
  normality,
  outputResiduals,
  quantiles,
  solveGamp,
  spectralStart
} from "../../src/algorithms/index.ts";
import { eigenvalue, eigenvector, lanczos, topEigenvector } from "../../src/linalg/lanczos.ts";
import type { Vec } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { instance } from "./instance.ts";

describe("effective noise", () => {
  const p = instance(0, 3000, 0.5, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.01");
  const frameAt = (t: number, onsager: boolean) => {
    for (const s of gamp(p, { onsager })) if (s.t === t) return { A: s.A.slice(), b: s.b.slice(), omega: s.omega.slice(), V: s.V.slice() };
    throw new Error("ended early");
  };
  test("is standard normal with the Onsager term (false alarm 1e-6) and not without", () => {
    const good = normality(inputResiduals(frameAt(6, true), p.x0));
    expect(good.pValue).toBeGreaterThan(1e-6);
    expect(Math.abs(good.variance - 1)).toBeLessThan(0.15);
    const bad = normality(inputResiduals(frameAt(6, false), p.x0));
    expect(bad.pValue).toBeLessThan(1e-6);
    expect(bad.kolmogorov).toBeGreaterThan(2 * good.kolmogorov);
  });
  test("without the truth the output residuals are standard normal for Gaussian noise, and the score ratio is one for sign", () => {
    const out = outputResiduals(p, frameAt(6, true));
    expect(out.gaussian).toBe(true);
    expect(normality(out.residuals).pValue).toBeGreaterThan(1e-6);
    const labels = instance(1, 2000, 2, "gaussian", "sign");
    const seen = outputResiduals(labels, solveGamp(labels).state);
    expect(seen.gaussian).toBe(false);
    expect(Math.abs(seen.ratio - 1)).toBeLessThan(0.1);
  });
  test("normality of quantiles themselves is perfect, of a shifted sample it is not", () => {
    const sample = Float64Array.from(
      quantiles(
        Float64Array.from({ length: 999 }, (_, k) => k),
        999
      ).theory
    );
    const score = normality(sample);
    expect(score.kolmogorov).toBeLessThan(0.001);
    expect(score.pValue).toBe(1);
    expect(Math.abs(score.skewness)).toBeLessThan(1e-10);
    expect(normality(sample.map((x) => x + 0.3)).pValue).toBeLessThan(1e-10);
    expect(normality(new Float64Array(10)).excessKurtosis).toBe(0);
    expect(() => normality(new Float64Array(3))).toThrow(/at least 8/);
  });
});

describe("metrics", () => {
  test("a flipped estimate is perfect once aligned, a rotated complex one too", () => {
    const x0 = Float64Array.of(1, -2, 0, 3);
    const flipped = metrics(
      x0.map((x) => -x),
      x0
    );
    expect(flipped.raw.mse).toBe(14);
    expect(flipped.aligned.mse).toBe(0);
    expect(flipped.aligned.nmseDb).toBeNull();
    expect(flipped.raw.cosine).toBeCloseTo(-1, 12);
    const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
    const rotated = Float64Array.of(c * 1 - s * -2, s * 1 + c * -2, c * 0 - s * 3, s * 0 + c * 3);
    const m = metrics(rotated, x0, "complex");
    expect(m.aligned.mse).toBeLessThan(1e-30);
    expect(m.raw.mse).toBeGreaterThan(1);
    expect(m.aligned.overlap).toBeCloseTo(7, 12);
  });
  test("NMSE in dB, and no infinity at zero", () => {
    expect(metrics(Float64Array.of(1.1, 0), Float64Array.of(1, 0)).raw.nmseDb).toBeCloseTo(-20, 10);
    expect(metrics(new Float64Array(2), new Float64Array(2)).raw).toEqual({ mse: 0, overlap: 0, cosine: 0, nmseDb: null });
    expect(() => metrics(new Float64Array(2), new Float64Array(3))).toThrow(/same length/);
  });
});

test("Lanczos: eigenvalues of a known tridiagonal matrix, its vector, and the top pair of a diagonal map", () => {
  // 2 on the diagonal, -1 beside it: 2 - 2 cos(k pi/(n+1))
  const n = 12;
  const T = { diagonal: new Float64Array(n).fill(2), off: new Float64Array(n - 1).fill(-1) };
  for (let k = 0; k < n; k++) expect(eigenvalue(T, k)).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
  for (const k of [0, 5, n - 1]) {
    const lambda = eigenvalue(T, k);
    const v = eigenvector(T, lambda);
    for (let i = 0; i < n; i++) expect(2 * v[i] - (v[i - 1] ?? 0) - (v[i + 1] ?? 0)).toBeCloseTo(lambda * v[i], 10);
  }
  const map = (x: Vec, out: Vec) => {
    for (let i = 0; i < x.length; i++) out[i] = (i === 3 ? 2 : -i / 10) * x[i];
  };
  const top = topEigenvector(map, 200, makeRng(0));
  expect(top.value).toBeCloseTo(2, 8);
  expect(Math.abs(top.vector[3])).toBeCloseTo(1, 6);
  expect(
    lanczos(
      map,
      Float64Array.from({ length: 200 }, (_, i) => (i === 3 ? 1 : 0)),
      10
    ).diagonal.length
  ).toBe(1);
});

describe("spectral start", () => {
  for (const [name, prior, channel, ensemble, alphas] of [
    ["real", "gaussian", "abs", "gaussian-iid", [0.8, 1.5, 3]],
    ["real with noise", "gaussian", "abs:noise=0.1", "gaussian-iid", [1.5, 3]],
    ["complex", "complex-gauss-bernoulli:rho=1", "modulus", "complex-gaussian-iid", [1.6, 3]]
  ] as const)
    for (const alpha of alphas)
      test(`${name}, alpha ${alpha}: the estimated overlap is the true one, over 6 seeds`, () => {
        const gaps: number[] = [];
        const growth: number[] = [];
        for (let seed = 0; seed < 6; seed++) {
          const p = instance(seed, 400, alpha, prior, channel, { ensemble });
          const s = spectralStart(p, p.rng);
          gaps.push(metrics(s.mean, p.x0, p.operator.scalar).aligned.cosine ** 2 - s.overlap);
          growth.push(s.growth);
        }
        const mean = gaps.reduce((a, b) => a + b, 0) / 6;
        const sem = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / 5 / 6);
        expect(growth.reduce((a, b) => a + b, 0) / 6).toBeGreaterThan(1); // alpha is above weak recovery in every case
        expect(Math.abs(mean), `gaps ${gaps}`).toBeLessThan(4 * sem + 20 / 400); // edge fluctuations of order N^(-2/3) = 0.018
      });

  test("below the weak-recovery threshold it claims no more than a random direction has", () => {
    const p = instance(0, 800, 0.2, "gaussian", "abs");
    expect(spectralStart(p, p.rng).overlap).toBeLessThan(0.05);
  });

  test("GAMP from the spectral start solves noiseless phase retrieval at alpha 2, real and complex (damped)", () => {
    const p = instance(0, 800, 2, "gaussian", "abs");
    const real = solveGamp(p, { init: "spectral", rng: p.rng });
    expect(real.outcome.kind, real.outcome.advice).toBe("exact-recovery");
    expect(metrics(real.state.mean, p.x0).aligned.mse).toBeLessThan(1e-17);
    const q = instance(0, 500, 3, "complex-gauss-bernoulli:rho=1", "modulus", { ensemble: "complex-gaussian-iid" });
    const complex = solveGamp(q, { init: "spectral", rng: q.rng, damping: 0.3, iterations: 1500 });
    expect(complex.outcome.kind, complex.outcome.advice).toBe("exact-recovery");
    expect(metrics(complex.state.mean, q.x0, "complex").aligned.mse).toBeLessThan(1e-15);
  });
});
