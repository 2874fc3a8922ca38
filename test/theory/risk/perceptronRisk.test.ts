import { describe, expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import type { Loss } from "../../../src/core/types.ts";
import { hinge, logistic, square } from "../../../src/losses/index.ts";
import {
  labelErrorAt,
  makeOutputSide,
  maxMargin,
  perceptronRisk,
  ridgeSide,
  riskFixedPoint,
  riskPath,
  separableBelow,
  tunedRidge
} from "../../../src/theory/risk/index.ts";

const noiseless = { kind: "sign", noise: 0 } as const;
/** Ridge regression in closed form: V solves lambda V + alpha V/(1 + V) = 1. */
function ridgeError(alpha: number, noise: number, lambda: number): number {
  const b = lambda + alpha - 1;
  const V = 2 / (b + Math.sqrt(b * b + 4 * lambda));
  const VHat = alpha / (1 + V);
  const s = Math.sqrt(2 / (Math.PI * (1 + noise)));
  const mHat = s * VHat;
  const m = mHat * V;
  // q = m^2 + alpha (1 - 2 s m + q) V^2/(1 + V)^2
  const k = (alpha * V * V) / (1 + V) ** 2;
  const q = (m * m + k * (1 - 2 * s * m)) / (1 - k);
  return Math.acos(m / Math.sqrt((1 + noise) * q)) / Math.PI;
}

describe("learning curves with a sign teacher", () => {
  test("ridge regression is its closed form at every penalty, to lambda -> 0", () => {
    for (const alpha of [0.3, 0.99, 1.01, 3, 1e3])
      for (const noise of [0, 0.5])
        for (const lambda of [1e-6, 1e-3, 1, 1e3, 1e6]) {
          const { error, outcome } = perceptronRisk(make(square), noise, alpha, lambda);
          expect(outcome.kind).toBe("converged");
          expect(error).toBeCloseTo(ridgeError(alpha, noise, lambda), 9);
        }
  });

  test("the optimal ridge is (pi/2)(1 + noise) - 1 at every alpha", () => {
    for (const alpha of [0.5, 3, 40])
      for (const noise of [0, 1]) {
        const { lambda } = tunedRidge(make(square), noise, alpha);
        expect(lambda).toBeCloseTo((Math.PI / 2) * (1 + noise) - 1, 4);
      }
    expect(tunedRidge(make(square), 0, 3).error).toBeCloseTo(0.1497962193, 10);
  });

  test("the optimal logistic penalty at alpha = 3", () => {
    const best = tunedRidge(make(logistic), 0, 3);
    expect(best.lambda).toBeCloseTo(0.009296, 6);
    expect(best.error).toBeCloseTo(0.12990966124, 10); // quadrature with scipy: 0.12990966124617 at 0.009296
    const given = perceptronRisk(make(logistic), 0, 3, 0.01);
    expect(given.error).toBeCloseTo(0.12991449937478, 12); // the same, at 0.01
  });

  test("max-margin by its own equations is the hinge's limit of vanishing penalty", () => {
    for (const [alpha, noise] of [
      [0.5, 0],
      [3, 0],
      [2, 0.5]
    ]) {
      const { angle, margin, outcome } = maxMargin(alpha, noise);
      expect(outcome.kind).toBe("converged");
      const labels = { kind: "sign", noise } as const;
      const limit = riskPath(makeOutputSide(make(hinge), labels, 1), (x) => ridgeSide(1, x), alpha, 1e-7);
      expect(limit.outcome.kind).toBe("converged");
      expect(Math.acos(limit.order.m / Math.sqrt(limit.order.q))).toBeCloseTo(angle, 7);
      expect(limit.order.q * margin * margin).toBeCloseTo(1, 7);
    }
    expect(maxMargin(3, 0).angle / Math.PI).toBeCloseTo(0.14283564, 10);
  });

  test("large alpha: max-margin 0.50049/alpha, ridge 0.24049/sqrt(alpha)", () => {
    // Richardson on alpha = 1e3, 1e4: the next terms are 1/alpha^3 and alpha^(-3/2)
    const margin = [1e3, 1e4].map((alpha) => (alpha * maxMargin(alpha, 0).angle) / Math.PI);
    expect((100 * margin[1] - margin[0]) / 99).toBeCloseTo(0.50049, 5);
    const ridge = [1e3, 1e4].map((alpha) => Math.sqrt(alpha) * perceptronRisk(make(square), 0, alpha, Math.PI / 2 - 1).error);
    expect((10 * ridge[1] - ridge[0]) / 9).toBeCloseTo(0.24049, 5);
    // the tangent of the angle is sqrt((pi/2 - 1)/alpha)
    expect((10 * ridge[1] - ridge[0]) / 9).toBeCloseTo(Math.sqrt(Math.PI / 2 - 1) / Math.PI, 6);
  });

  test("without a penalty separable logistic labels have no minimiser, and the outcome says so; above the threshold they have one", () => {
    const none = perceptronRisk(make(logistic), 0, 3, 0);
    expect(none.outcome.kind).toBe("diverged");
    expect(none.outcome.advice).toMatch(/separable/);
    const threshold = separableBelow(1) as number;
    expect(threshold).toBeGreaterThan(2);
    expect(perceptronRisk(make(logistic), 1, threshold * 0.97, 0).outcome.kind).toBe("diverged");
    const norms = [1.03, 1.1, 1.5].map((x) => {
      const found = perceptronRisk(make(logistic), 1, threshold * x, 0);
      expect(found.outcome.kind).toBe("converged");
      return found.order.q;
    });
    expect(norms[0]).toBeGreaterThan(norms[1]);
    expect(norms[1]).toBeGreaterThan(norms[2]);
    // the margin closes at the same alpha
    expect(maxMargin(threshold * 0.99, 1).margin).toBeGreaterThan(0);
    expect(maxMargin(threshold * 0.99, 1).margin).toBeLessThan(0.02);
    expect(maxMargin(threshold * (1 - 1e-5), 1).margin).toBeGreaterThan(0);
    expect(maxMargin(threshold * (1 + 1e-5), 1).outcome.kind).toBe("diverged");
  });

  test("every loss converges over twelve decades of the penalty", () => {
    for (const loss of [make(logistic), make(hinge)] as Loss[])
      for (const [noise, alpha] of [
        [0, 3],
        [1, 10],
        [0, 100]
      ]) {
        const output = makeOutputSide(loss, { kind: "sign", noise }, 1);
        for (const lambda of [1e-6, 1e-3, 1, 1e6]) {
          const { outcome, order } = riskPath(output, (x) => ridgeSide(1, x), alpha, lambda);
          expect([loss.smooth, noise, alpha, lambda, outcome.kind]).toEqual([loss.smooth, noise, alpha, lambda, "converged"]);
          expect(order.m * order.m).toBeLessThanOrEqual(order.q * (1 + 1e-12));
        }
      }
  });

  test("a huge penalty leaves Hebb's rule for every loss: tan of the angle is sqrt((pi/2)(1 + noise)/alpha)", () => {
    for (const loss of [make(logistic), make(square), make(hinge)] as Loss[]) {
      const { order, outcome } = riskFixedPoint(makeOutputSide(loss, noiseless, 1), ridgeSide(1, 1e6), 3);
      expect(outcome.kind).toBe("converged");
      // w = (1/lambda) sum y x: overlap alpha sqrt(2/pi), norm that squared plus alpha
      expect(labelErrorAt(noiseless, 1, order)).toBeCloseTo(Math.atan(Math.sqrt(Math.PI / 2 / 3)) / Math.PI, 5);
    }
  });
});

test("the tuned logistic loss stays beside Bayes to alpha = 1e4, where its penalty is far below 1e-6", () => {
  const { lambda, error, atEnd } = tunedRidge(make(logistic), 0, 1e4);
  expect(atEnd).toBe(false);
  expect(lambda).toBeLessThan(1e-8);
  // Bayes: 0.4417/alpha; the max-margin classifier is 13% above it
  expect((error * 1e4) / 0.4417).toBeGreaterThan(1 - 1e-3);
  expect((error * 1e4) / 0.4417).toBeLessThan(1.003);
});
