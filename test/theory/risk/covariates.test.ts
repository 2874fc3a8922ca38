/** Correlated Gaussian inputs: reductions to i.i.d. inputs, the closed form of the square loss against the iterated equations, separability. */
import { describe, expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import { marchenkoPastur, spectrumFromEigenvalues } from "../../../src/ensembles/spectra/index.ts";
import { multiply, symmetricEigen } from "../../../src/linalg/index.ts";
import { hinge, logistic, square } from "../../../src/losses/index.ts";
import { brentMinimum, gaussianMeasure, makeRng, normalCdf, normalPdf } from "../../../src/numerics/index.ts";
import { bayesRisk } from "../../../src/theory/risk/bayesOnCovariates.ts";
import { type CovariateTask, covariateRisk, tunedRisk } from "../../../src/theory/risk/covariateRisk.ts";
import { ridgeSide } from "../../../src/theory/risk/isotropicSide.ts";
import type { LabelLaw } from "../../../src/theory/risk/outputSide.ts";
import { inseparableRatio, separabilityThreshold } from "../../../src/theory/risk/separability.ts";
import {
  type Covariates,
  checkCovariates,
  explainedVariance,
  featureCovariates,
  spectralSide
} from "../../../src/theory/risk/spectralSide.ts";

const isotropic = (explained: number, rho = 1): Covariates => ({
  omega: Float64Array.of(1),
  weight: Float64Array.of(1),
  target: Float64Array.of(explained),
  rho
});
/** Three groups of eigenvalues, one of them zero; sum of target/omega = 0.7 + 0.2. */
const uneven: Covariates = {
  omega: Float64Array.of(0, 0.3, 2.5),
  weight: Float64Array.of(0.2, 0.5, 0.3),
  target: Float64Array.of(0, 0.21, 0.5),
  rho: 1.3
};
const hats = { mHat: 0.7, qHat: 0.4, VHat: 1.1 };
const signs: LabelLaw = { kind: "sign", noise: 0.1 };
const LOSSES = { square: make(square), logistic: make(logistic), hinge: make(hinge) };
const task = (inputs: Covariates, loss: "square" | "logistic" | "hinge", samples: number, labels = signs): CovariateTask => ({
  inputs,
  labels,
  loss: LOSSES[loss],
  square: loss === "square",
  samples
});

describe("input side", () => {
  test("white inputs that explain the teacher are those of i.i.d. inputs", () => {
    const [a, b] = [spectralSide(isotropic(1.3, 1.3), 0.2)(hats), ridgeSide(1.3, 0.2)(hats)];
    for (const key of ["m", "q", "V", "gap", "mse"] as const) expect(a[key]).toBeCloseTo(b[key] as number, 13);
  });

  test("gap and error are rho q - m^2 and rho - 2m + q", () => {
    const { m, q, gap, mse } = spectralSide(uneven, 0.05)(hats);
    expect(gap).toBeCloseTo(1.3 * q - m * m, 13);
    expect(mse).toBeCloseTo(1.3 - 2 * m + q, 13);
  });

  test("the order parameters are derivatives of one function: dPhi/dmHat = m, dPhi/dVHat = -(q)/2 at fixed fields", () => {
    // Phi(mHat, qHat, VHat) = (mHat^2 sum b^2/D + qHat <Omega/D>)/2: the energy of the minimiser in its Gaussian fields
    const phi = (mHat: number, qHat: number, VHat: number) => {
      const D = uneven.omega.map((w) => 0.05 + VHat * w);
      return uneven.omega.reduce((s, w, k) => s + (mHat ** 2 * uneven.target[k] + qHat * uneven.weight[k] * w) / D[k] / 2, 0);
    };
    const { m, q, V } = spectralSide(uneven, 0.05)(hats);
    const h = 1e-5;
    const { mHat, qHat, VHat } = hats;
    expect((phi(mHat + h, qHat, VHat) - phi(mHat - h, qHat, VHat)) / (2 * h)).toBeCloseTo(m, 8);
    expect((phi(mHat, qHat + h, VHat) - phi(mHat, qHat - h, VHat)) / (2 * h)).toBeCloseTo(V / 2, 8);
    expect((phi(mHat, qHat, VHat + h) - phi(mHat, qHat, VHat - h)) / (2 * h)).toBeCloseTo(-q / 2, 8);
  });

  test("the eigenvalues of a sampled F tend to those of the law", () => {
    const [d, p] = [400, 600];
    const F = new Float64Array(d * p);
    makeRng(1, "F").fillNormal(F, 1 / Math.sqrt(p));
    const gram = new Float64Array(p * p);
    multiply(p, p, d, F, F, gram, { adjoint: true });
    const { values } = symmetricEigen({ rows: p, cols: p, data: gram }, { vectors: false });
    const shares = { linear: 0.4, rest: 0.05 };
    const sampled = featureCovariates(
      shares,
      1.5,
      spectrumFromEigenvalues(
        values.map((v) => Math.max(v, 0)),
        d / p,
        1e-10
      )
    );
    const law = featureCovariates(shares, 1.5, marchenkoPastur(d / p, 96));
    checkCovariates(law);
    expect(Math.abs(explainedVariance(sampled) - explainedVariance(law))).toBeLessThan(2e-3);
    const [a, b] = [spectralSide(sampled, 0.01)(hats), spectralSide(law, 0.01)(hats)];
    for (const key of ["m", "q", "V"] as const) expect(Math.abs(a[key] / b[key] - 1)).toBeLessThan(0.01);
  });
});

describe("the minimiser", () => {
  const features = featureCovariates({ linear: 0.42, rest: 0.04 }, 3, marchenkoPastur(1 / 3, 96));
  for (const [name, inputs] of [
    ["features", features],
    ["uneven", uneven]
  ] as const)
    for (const labels of [signs, { kind: "linear", noise: 0.3 } as const])
      test(`square loss, ${labels.kind} labels, ${name}: the closed form solves the iterated equations, at the peak too`, () => {
        for (const samples of [0.3, 1, 4])
          for (const lambda of [1e-6, 1e-2, 100]) {
            const closed = covariateRisk(task(inputs, "square", samples, labels), lambda);
            const iterated = covariateRisk({ ...task(inputs, "square", samples, labels), square: false }, lambda);
            expect(closed.outcome.kind).toBe("converged");
            expect(iterated.outcome.kind).toBe("converged");
            for (const key of ["error", "trainingLoss"] as const) expect(Math.abs(closed[key] / iterated[key] - 1)).toBeLessThan(1e-8);
          }
      });

  test("without regularisation and with n > p, ridge of linear labels is least squares: error noise n/(n - p)", () => {
    const { error } = covariateRisk(task(isotropic(1), "square", 4, { kind: "linear", noise: 0.3 }), 1e-8);
    expect(error).toBeCloseTo(0.3 * (4 / 3), 7);
  });

  test("a penalty without bound leaves a guess and the loss at zero", () => {
    const found = covariateRisk(task(features, "logistic", 2), 1e6);
    expect(found.trainingLoss).toBeCloseTo(Math.LN2, 4);
    expect(found.error).toBeLessThan(0.5);
  });

  test("the tuned penalty has the least error of its neighbours, and of the whole scan", () => {
    for (const loss of ["square", "logistic", "hinge"] as const) {
      const it = task(features, loss, 1);
      const { lambda, error } = tunedRisk(it);
      for (const factor of [1e-4, 0.01, 0.5, 0.98, 1.02, 2, 100])
        expect(covariateRisk(it, lambda * factor).error).toBeGreaterThanOrEqual(error - 1e-12);
    }
  });

  test("no penalty does better than Bayes; the best square loss on white inputs and linear labels is Bayes", () => {
    const it = task(features, "logistic", 1);
    expect(bayesRisk(it.inputs, it.labels, it.samples, it.loss).error).toBeLessThan(tunedRisk(it).error);
    const white = task(isotropic(0.8), "square", 2, { kind: "linear", noise: 0.2 });
    const bayes = bayesRisk(white.inputs, white.labels, white.samples, white.loss);
    const best = tunedRisk(white);
    expect(best.error).toBeCloseTo(bayes.error, 10);
    expect(best.trainingLoss).toBeCloseTo(bayes.trainingLoss, 5);
  });

  test("Bayes on white inputs and noiseless signs is the perceptron: 0.1298548261 at alpha = 3", () => {
    const { error } = bayesRisk(isotropic(1), { kind: "sign", noise: 0 }, 3, make(logistic));
    expect(error).toBeCloseTo(0.1298548261, 9);
  });

  test("covariances that cannot be are refused", () => {
    expect(() => checkCovariates({ ...uneven, rho: 0.5 })).toThrow(/explain a variance/);
    expect(() => checkCovariates({ ...uneven, weight: Float64Array.of(0.2, 0.5, 0.4) })).toThrow(/sum to 1/);
    expect(() => spectralSide(uneven, 0)).toThrow(/lambda must be a positive number, got 0/);
  });
});

describe("separability", () => {
  test("r = 0: Cover's n/p = 2; r = 0.8: 3.1330951353; r = 1: every number", () => {
    expect(1 / inseparableRatio(0)).toBeCloseTo(2, 12);
    expect(1 / inseparableRatio(0.8)).toBeCloseTo(3.1330951353, 9);
    expect(inseparableRatio(1)).toBe(0);
    expect(separabilityThreshold(0.64 * 1.5, 1, 0.5)).toBeCloseTo(3.1330951353, 9);
  });

  test("it is the minimum over t of E (t y z1 - Z)_+^2, by the two integrals themselves", () => {
    const { nodes, weights } = gaussianMeasure([{ centre: 0, width: 0.2 }]);
    for (const r of [0.3, 0.9]) {
      // y z1 = a has density 2 phi(a) Phi(r a/sqrt(1 - r^2)); over Z: (1 + u^2) Phi(u) + u phi(u), u = t a
      const mean = (t: number) =>
        nodes.reduce((s, a, k) => {
          const u = t * a;
          return s + weights[k] * 2 * normalCdf((r * a) / Math.sqrt(1 - r * r)) * ((1 + u * u) * normalCdf(u) + u * normalPdf(u));
        }, 0);
      expect(inseparableRatio(r)).toBeCloseTo(brentMinimum(mean, -8, 0, { tolerance: 1e-5 }).value, 9);
    }
  });

  test("it grows with the correlation, up to the last digit before 1", () => {
    let last = 0.6;
    for (const r of [0, 0.1, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-8, 1 - 1e-12]) {
      const ratio = inseparableRatio(r);
      expect(ratio).toBeGreaterThan(0);
      expect(ratio).toBeLessThan(last);
      last = ratio;
    }
  });
});
