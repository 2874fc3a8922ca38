/** random-features and gaussian-covariate: double descent, files of features and of data, and what they refuse. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { arraysText } from "../../src/core/files.ts";
import { parse } from "../../src/core/parameters.ts";
import { average, final, simulateRun } from "../../src/core/scenario.ts";
import type { Activation } from "../../src/core/types.ts";
import { featureMoments } from "../../src/ensembles/featureMoments.ts";
import { readArray } from "../../src/io/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { gaussianCovariate } from "../../src/scenarios/gaussianCovariate.ts";
import { randomFeatures } from "../../src/scenarios/randomFeatures.ts";
import { ACTIVATIONS, activate, featureConstants } from "../../src/scenarios/randomFeatures/features.ts";

type Raw = Readonly<Record<string, unknown>>;
const told = (raw: Raw) => randomFeatures.predict(parse(randomFeatures, raw)).branches;
const covariate = (raw: Raw) => gaussianCovariate.predict(parse(gaussianCovariate, raw));
const matrix = (rows: number, cols: number, scale = 1) => {
  const data = new Float64Array(rows * cols);
  makeRng(3, "matrix").fillNormal(data, scale);
  return arraysText([{ name: "F", shape: [rows, cols], data }]);
};

describe("random-features", () => {
  test("the constants of erf(z) and of sign are those in print", () => {
    expect(featureConstants("erf").kappa1).toBeCloseTo(2 / Math.sqrt(3 * Math.PI), 12);
    expect(featureConstants("erf").rest).toBeCloseTo(0.0401458728, 9);
    expect(featureConstants("sign").kappa1).toBeCloseTo(0.7978845608, 9);
    expect(featureConstants("sign").rest).toBeCloseTo(0.3633802276, 9);
  });

  test("the constants are the moments of the functions that runs apply, at any norm of the column", () => {
    for (const name of ACTIVATIONS)
      for (const r of [1, 0.3, 4]) {
        const applied: Pick<Activation, "scalar" | "outputScalar" | "apply" | "segments"> = {
          scalar: "real",
          outputScalar: "real",
          ...(name === "relu" || name === "sign" ? { segments: [{ from: -9, to: 0, slope: 0, offset: 0 }] } : {}),
          apply(z, x) {
            x.set(z.map((v) => r * v));
            activate(name, x);
          }
        };
        const { mean, deviation, linear } = featureMoments(name, applied as Activation);
        const { kappa0, kappa1, rest } = featureConstants(name, r);
        expect(kappa0).toBeCloseTo(mean, 10);
        expect(r * kappa1).toBeCloseTo(deviation * Math.sqrt(linear), 10);
        expect(rest).toBeCloseTo(deviation * deviation * (1 - linear), 10);
      }
  });

  test("the error descends, peaks where n = p, and descends again; the best penalty has no peak", () => {
    const widths = [0.5, 1, 2, 3, 4, 6, 12];
    const errors = widths.map((width) => told({ width }).algorithmic.observables.generalizationError);
    expect(errors.indexOf(Math.max(...errors))).toBe(3);
    expect(Math.min(...errors.slice(4))).toBeLessThan(Math.min(...errors.slice(0, 3)));
    const tuned = widths.map((width) => told({ width, tune: "generalization" }).algorithmic.observables.generalizationError);
    for (let k = 1; k < tuned.length; k++) expect(tuned[k]).toBeLessThan(tuned[k - 1]);
  });

  const thresholds = (raw: Raw) => randomFeatures.thresholds?.(parse(randomFeatures, raw)) ?? {};

  test("orthogonal F separates more than Gaussian F; noise less; real labels are not separated", () => {
    const line = (raw: Raw) => thresholds(raw).separability as number;
    for (const width of [0.5, 1, 3]) {
      expect(line({ width, features: "orthogonal" })).toBeGreaterThan(line({ width }));
      expect(line({ width, noise: 0.5 })).toBeLessThan(line({ width }));
      expect(line({ width })).toBeGreaterThan(2 * width);
    }
    expect(line({ labels: "linear" })).toBeNull();
  });

  test("the loss of logistic regression without penalty falls to zero at the separability line", () => {
    const separability = thresholds({ width: 1 }).separability as number;
    const loss = (factor: number) =>
      told({ width: 1, alpha: factor * separability, loss: "logistic", lambda: 1e-8 }).algorithmic.observables.trainingLoss;
    expect(loss(0.9)).toBeLessThan(1e-4);
    expect(loss(1.1)).toBeGreaterThan(5e-3);
  });

  test("a file of Gaussian features has the theory of Gaussian features, and runs", () => {
    const raw = { featuresFile: matrix(160, 240), size: 160, width: 1.5, lambda: 0.01 };
    const [file, law] = [told(raw), told({ ...raw, featuresFile: "" })];
    expect(Math.abs(file.algorithmic.observables.generalizationError - law.algorithmic.observables.generalizationError)).toBeLessThan(5e-3);
    expect(simulateRun(randomFeatures, { ...raw, testSamples: 100 }, 1, makeRng).outcome.kind).toBe("converged");
  });

  test("an F of the wrong shape gets one sentence with the sizes it needs", () => {
    const refuse = (raw: Raw) => () => told(raw);
    expect(refuse({ featuresFile: matrix(30, 20), size: 20, width: 1.5 })).toThrow(
      "random-features: featuresFile must be d x p with d = size and p = width x size, 20 x 30 here, got 30 x 20; for this file give size 30 and width 0.6666666666666666"
    );
    expect(refuse({ featuresFile: arraysText([{ name: "F", shape: [4], data: [1, 2, 3, 4] }]) })).toThrow(
      /featuresFile must hold one matrix F, d x p with d >= 2, got an array of shape 4/
    );
    expect(refuse({ featuresFile: arraysText([{ name: "F", shape: [2, 2], data: [1, 0, 1, 0] }]), size: 2 })).toThrow(
      /columns of featuresFile must not be zero, got zeros in column 2/
    );
  });

  test("a NaN in a file is refused with its place, not read as zero", () => {
    const file = arraysText([{ name: "F", shape: [2, 2], data: [1, 2, Number.NaN, 4] }]);
    expect(() => told({ featuresFile: file, size: 2 })).toThrow(
      "random-features: featuresFile: every entry must be a finite number, got another at row 2, column 1 of F; remove or impute it first"
    );
  });

  test("what does not go together gets one sentence", () => {
    expect(() => told({ lambda: -1 })).toThrow("random-features: lambda must be a number in [1e-8, 1000000], got -1");
    expect(() => told({ labels: "linear", loss: "logistic" })).toThrow(
      "random-features: loss must be square, absolute or huber for linear labels, got logistic, which needs labels ±1"
    );
    expect(() => simulateRun(randomFeatures, { size: 5000, width: 10 }, 1, makeRng)).toThrow(/must be at most 100000000 for a run/);
  });
});

describe("gaussian-covariate", () => {
  test("its random features are those of random-features", () => {
    for (const loss of ["square", "logistic"]) {
      const a = told({ alpha: 2, width: 4, loss, lambda: 0.01, noise: 0.2, activation: "relu" });
      const b = covariate({
        model: "random-features",
        latentRatio: 0.25,
        alpha: 0.5,
        loss,
        lambda: 0.01,
        noise: 0.2,
        activation: "relu"
      }).branches;
      expect(b.algorithmic.observables).toEqual(a.algorithmic.observables);
      expect(b.optimal?.observables).toEqual(a.optimal?.observables);
    }
  });

  test("power laws: ridge without noise learns at the rate of its exponents, n^(-2 a r)", () => {
    // no noise, lambda -> 0, 1 << n << p: Cui et al. 2021, eq. 13, error ~ n^(-2 a min(r, 1)), here n^-1.6
    const error = (alpha: number) =>
      covariate({ model: "power-law", decay: 1.6, source: 0.5, size: 5000, labels: "linear", lambda: 1e-8, alpha }).branches.algorithmic
        .observables.generalizationError;
    const slope = Math.log(error(0.03) / error(0.01)) / Math.log(3);
    expect(slope).toBeGreaterThan(-1.75);
    expect(slope).toBeLessThan(-1.5);
  });

  test("an isotropic model that explains nothing learns nothing", () => {
    const { algorithmic } = covariate({ model: "isotropic", visible: 0, lambda: 0.1 }).branches;
    expect(algorithmic.observables.generalizationError).toBeCloseTo(0.5, 12);
  });

  const { data, shape } = readArray(readFileSync(new URL("../../examples/digits/digits.npy", import.meta.url)), "digits.npy");
  const digits = arraysText([{ name: "digits", shape: [...shape], data }]);

  test("ridge regression of odd against even digits lies on the theory of their covariance", () => {
    for (const alpha of [5, 10]) {
      const raw = { data: digits, labels: "linear", lambda: 1, alpha };
      const { generalizationError, trainingLoss } = covariate(raw).branches.algorithmic.observables;
      const ends = Array.from({ length: 12 }, (_, k) => final(simulateRun(gaussianCovariate, raw, k + 1, makeRng)));
      for (const [key, theory] of [
        ["generalizationError", generalizationError],
        ["trainingLoss", trainingLoss]
      ] as const) {
        const { mean, sem } = average(ends.map((end) => end[key]));
        // 3 % for what is not Gaussian in pixels, and for a covariance known from 1797 digits
        expect(Math.abs(mean - theory), `${key} at alpha = ${alpha}: ${mean} ± ${sem}, theory ${theory}`).toBeLessThan(
          4 * (sem as number) + 0.03 * theory
        );
      }
    }
  });

  test("labels more linear than any Gaussian's signs are said to be", () => {
    const { outcome } = covariate({ data: digits, loss: "logistic", alpha: 5 }).branches.algorithmic;
    expect(outcome.clipped).toBe(1);
    expect(outcome.advice).toMatch(/closer to the labels than to the sign of any Gaussian/);
  });

  test("data of the wrong form get one sentence", () => {
    const X = { name: "X", shape: [30, 2], data: Array.from({ length: 60 }, (_, k) => Math.sin(k)) };
    const y = (f: (mu: number) => number, length = 30) => ({ name: "y", shape: [length], data: Array.from({ length }, (_, mu) => f(mu)) });
    const refuse =
      (arrays: Parameters<typeof arraysText>[0], raw: Raw = {}) =>
      () =>
        covariate({ data: arraysText(arrays), ...raw });
    expect(refuse([X, y((mu) => mu % 3)])).toThrow(
      "gaussian-covariate: data must have labels of two classes, such as -1 and 1, or be the ten digits 0 to 9 (odd against even), got 3 classes: 0, 1, 2"
    );
    expect(refuse([X, y(() => 1)])).toThrow(/got one class: 1/);
    expect(refuse([X, y((mu) => mu % 2, 29)])).toThrow(/one label for each of the 30 rows of X, got 29 labels/);
    expect(refuse([y((mu) => mu % 2)])).toThrow(/data must hold a matrix X \(samples in rows\) and its labels y.*got 30$/);
    expect(refuse([X, y((mu) => mu % 2)], { noise: 0.1 })).toThrow(/noise must be 0 with data/);
    expect(refuse([X, y((mu) => mu % 2)])).not.toThrow();
    const run = { data: arraysText([X, y((mu) => mu % 2)]), alpha: 12 };
    expect(() => simulateRun(gaussianCovariate, run, 1, makeRng)).toThrow(/alpha must leave rows of data to test on, at most 10.0/);
  });
});
