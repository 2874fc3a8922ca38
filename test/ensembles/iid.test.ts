import { describe, expect, test } from "vitest";
import { make } from "../../src/core/parameters.ts";
import type { Ensemble, Family } from "../../src/core/types.ts";
import { binaryIid } from "../../src/ensembles/binaryIid.ts";
import { complexGaussianIid } from "../../src/ensembles/complexGaussianIid.ts";
import { gaussianIid } from "../../src/ensembles/gaussianIid.ts";
import type { DenseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const sample = (ensemble: Ensemble, rows: number, cols: number, seed = 1, precision: "f64" | "f32" = "f64") =>
  ensemble.sample(makeRng(seed, "W"), rows, cols, { precision }) as DenseMatrix;

describe.each([gaussianIid, complexGaussianIid, binaryIid])("ensemble $id", (family) => {
  const build = (raw: Record<string, unknown>): Ensemble => make(family as Family<Ensemble>, raw);
  const ensemble = build({});

  test("E |W|^2 = 1 / cols, mean 0, fourth moment of its law, within 4.5 standard errors", () => {
    const [rows, cols] = [400, 300];
    const A = sample(ensemble, rows, cols);
    const parts = A.scalar === "complex" ? 2 : 1;
    const n = rows * cols;
    let [mean, fourth] = [0, 0];
    for (let k = 0; k < n; k++) {
      const re = A.data[k * parts];
      const im = parts === 2 ? A.data[k * parts + 1] : 0;
      mean += re + im;
      fourth += (cols * (re * re + im * im)) ** 2;
    }
    // E |w|^4 for w of unit variance: 3 real Gaussian, 2 complex Gaussian, 1 signs; variances of |w|^2 and |w|^4 from the same laws.
    const [kurtosis, spread] = { "gaussian-iid": [3, 96], "complex-gaussian-iid": [2, 20], "binary-iid": [1, 0] }[family.id] as [
      number,
      number
    ];
    expect(Math.abs(mean * Math.sqrt(cols)) / Math.sqrt(n)).toBeLessThan(4.5);
    expect(Math.abs((A.frobenius2 / rows - 1) * Math.sqrt(n))).toBeLessThanOrEqual(4.5 * Math.sqrt(kurtosis - 1) + 1e-9);
    expect(Math.abs(fourth / n - kurtosis) * Math.sqrt(n)).toBeLessThanOrEqual(4.5 * Math.sqrt(spread) + 1e-9);
  });

  test("a seed is an instance, and f32 is the same instance rounded", () => {
    const A = sample(ensemble, 60, 80);
    expect(sample(ensemble, 60, 80).data).toEqual(A.data);
    expect(sample(ensemble, 60, 80, 2).data).not.toEqual(A.data);
    expect(sample(ensemble, 60, 80, 1, "f32").data).toEqual(Float32Array.from(A.data));
  });

  test.each(["rows", "columns"] as const)("normalization %s: each has norm one", (normalization) => {
    const A = sample(build({ normalization }), 20, 31);
    for (const norm of normalization === "rows" ? A.rowNorms2() : A.columnNorms2()) expect(norm).toBeCloseTo(1, 13);
  });
});

test("gaussian-iid with a mean has that mean in units of the standard deviation", () => {
  const A = sample(make(gaussianIid, { mean: 0.8 }), 300, 300);
  const mean = (A.data as Float64Array).reduce((s, x) => s + x, 0) / 90_000;
  expect(Math.abs(mean * Math.sqrt(300) - 0.8) * 300).toBeLessThan(4.5);
});
