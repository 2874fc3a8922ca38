import { describe, expect, test } from "vitest";
import { committeeSign } from "../../../src/channels/committee/index.ts";
import { normalCdf } from "../../../src/numerics/special/index.ts";
import { committeeOrder, committeeTheory } from "../../../src/theory/committee/index.ts";
import { overlapSpace } from "../../../src/theory/committee/overlapSpace.ts";
import {
  tripleFreeEntropy,
  tripleInformation,
  tripleLabelError,
  tripleSquaredError,
  tripleSusceptibility
} from "../../../src/theory/committee/tripleOutput.ts";
import { binaryTripleRows } from "../../../src/theory/committee/tripleRows.ts";
import { TripleVote } from "../../../src/theory/committee/tripleVote.ts";

const omegas = [
  [0.3, -0.2, 0.1],
  [1.1, 0.4, -0.9],
  [-0.5, -0.6, 0.7],
  [0.2, 0.2, 0.2],
  [-2, 1.5, 0.1]
] as const satisfies readonly (readonly [number, number, number])[];

describe("the vote of three units", () => {
  test.each([
    [0.3, 0.6],
    [0.05, 0.9],
    [0.001, 1],
    [0.9, 0.05],
    [0.02, 0.03]
  ])("at variances %f, %f it is that of the channel of message passing, gradients included", (vPlus, vMinus) => {
    const vote = new TripleVote(vPlus, vMinus);
    const channel = committeeSign(3);
    const V = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? vMinus : 0) + (vPlus - vMinus) / 3);
    const g = new Float64Array(3);
    for (const omega of omegas) {
      vote.at(omega[0], omega[1], omega[2]);
      const Z = Math.exp(channel.score(Float64Array.from(omega), V, 1, g, new Float64Array(9)));
      expect(Math.abs(vote.up - Z)).toBeLessThan(1e-9);
      for (let l = 0; l < 3; l++) expect(Math.abs(vote.slope[l] - g[l] * Z)).toBeLessThan(1e-9);
    }
  });
  test("independent units: at least two of three", () => {
    const vote = new TripleVote(0.4, 0.4);
    for (const omega of omegas) {
      const [a, b, c] = omega.map((w) => normalCdf(w / Math.sqrt(0.4)));
      vote.at(omega[0], omega[1], omega[2]);
      expect(vote.up).toBeCloseTo(a * b + b * c + c * a - 2 * a * b * c, 14);
    }
  });
  test("the second derivative along a difference is that of the first", () => {
    const vote = new TripleVote(0.2, 0.8);
    const h = 1e-5;
    vote.at(0.5 + h, 0.5 - h, 0.5);
    expect((vote.slope[0] - vote.slope[1]) / (2 * h)).toBeCloseTo(vote.bend(0.5), 8);
  });
});

describe("output side of three units", () => {
  test.each([
    [0.3, 0.1],
    [0.9174, 0.6498],
    [0.96, 0.95]
  ])("at overlaps %f, %f the informations are twice the derivatives of Psi_out", (lambdaPlus, lambdaMinus) => {
    const J = tripleInformation(committeeOrder({ lambdaPlus, lambdaMinus }));
    const h = 1e-3 * Math.min(lambdaMinus, 1 - lambdaPlus, 1 - lambdaMinus);
    const at = (p: number, m: number) => tripleFreeEntropy(committeeOrder({ lambdaPlus: lambdaPlus + p, lambdaMinus: lambdaMinus + m }));
    expect(Math.abs((at(h, 0) - at(-h, 0)) / h / J.plus - 1)).toBeLessThan(2e-5);
    // two directions
    expect(Math.abs((at(0, h) - at(0, -h)) / (2 * h) / J.minus - 1)).toBeLessThan(1e-4);
  });
  test("a finer rule changes next to nothing", () => {
    for (const [lambdaPlus, lambdaMinus] of [
      [0.5, 0.5],
      [0.9174, 0.6498]
    ]) {
      const o = committeeOrder({ lambdaPlus, lambdaMinus });
      const [a, b] = [tripleInformation(o), tripleInformation(o, 0.7)];
      expect(Math.abs(a.plus / b.plus - 1)).toBeLessThan(1e-7);
      expect(Math.abs(a.minus / b.minus - 1)).toBeLessThan(3e-6);
    }
  });
  test("no overlap: labels of one bit, J_+ = 3/(2 pi); the rule has mass 1", () => {
    const none = committeeOrder({ lambdaPlus: 0, lambdaMinus: 0 });
    expect(tripleInformation(none).plus).toBeCloseTo(1.5 / Math.PI, 13);
    expect(tripleFreeEntropy(none)).toBeCloseTo(-Math.LN2, 13);
    expect(tripleLabelError(none)).toBeCloseTo(0.5, 13);
    const mass = overlapSpace(committeeOrder({ lambdaPlus: 0.8, lambdaMinus: 0.3 })).weight.reduce((s, w) => s + w, 0);
    expect(mass).toBeCloseTo(1, 11);
  });
  test("J_- grows from zero with the susceptibility", () => {
    const J = tripleInformation(committeeOrder({ lambdaPlus: 0.7, lambdaMinus: 1e-6 }));
    expect(Math.abs(J.minus / 1e-6 / tripleSusceptibility(0.7, 0.3) - 1)).toBeLessThan(3e-5);
  });
  test("the label error lies below the error of a label drawn from the posterior and tends to 1/sqrt 2 of it", () => {
    const soft = committeeOrder({ lambdaPlus: 0.8, lambdaMinus: 0.5 });
    expect(tripleLabelError(soft)).toBeLessThan(tripleSquaredError(soft) / 2);
    // sharp: each boundary is a perceptron, arccos(sqrt q)/pi against arccos(q)/pi: 1/sqrt 2
    const sharp = committeeOrder({ lambdaPlus: 0.998, lambdaMinus: 0.998 });
    expect(Math.abs((tripleLabelError(sharp) / (tripleSquaredError(sharp) / 2)) * Math.SQRT2 - 1)).toBeLessThan(0.01);
  });
});

describe("rows of three weights +-1", () => {
  test("equal precisions: three independent weights", () => {
    for (const r of [0.3, 2, 6]) {
      let v = 0;
      for (let k = -900; k < 900; k++) {
        const z = (k + 0.5) * 0.01;
        v += (0.01 * Math.exp(-0.5 * (z * z + r))) / Math.sqrt(2 * Math.PI) / Math.cosh(Math.sqrt(r) * z);
      }
      const o = binaryTripleRows.order({ plus: r, minus: r * (1 + 1e-13) });
      expect(Math.abs(o.vPlus / v - 1)).toBeLessThan(1e-8);
      expect(Math.abs(o.vMinus / v - 1)).toBeLessThan(1e-8);
    }
  });
  test("overlaps are twice the derivatives of Psi_w, and differences start with the susceptibility", () => {
    const h = 1e-3;
    const f = (plus: number, minus: number) => binaryTripleRows.freeEntropy({ plus, minus });
    const o = binaryTripleRows.order({ plus: 3, minus: 1 });
    expect(Math.abs((f(3 + h, 1) - f(3 - h, 1)) / h - o.lambdaPlus)).toBeLessThan(1e-6);
    expect(Math.abs((f(3, 1 + h) - f(3, 1 - h)) / (2 * h) - o.lambdaMinus)).toBeLessThan(1e-6);
    const faint = binaryTripleRows.order({ plus: 3, minus: 1e-5 });
    expect(Math.abs(faint.lambdaMinus / 1e-5 - binaryTripleRows.susceptibility(3))).toBeLessThan(1e-4);
  });
});

describe("theory of one and three units", () => {
  test("one unit is the perceptron, to all its digits", () => {
    const gaussian = committeeTheory({ prior: "gaussian", units: 1 }).predict(1).algorithmic.order;
    expect(gaussian.lambdaPlus).toBeCloseTo(0.486263637, 9);
    const { informationTheoretic, algorithmic, specialization } = committeeTheory({ prior: "binary", units: 1 }).thresholds();
    expect(informationTheoretic).toBeCloseTo(1.2446839899, 8);
    expect(algorithmic).toBeCloseTo(1.4926318182, 8);
    expect(specialization).toBeNull();
  });
  test("three Gaussian units: both states are fixed points of equal free entropy at 11.3323828, the transition", () => {
    const theory = committeeTheory({ prior: "gaussian", units: 3 });
    const alpha = 11.332382822;
    const apart = committeeOrder({ lambdaPlus: 0.9311753839, lambdaMinus: 0.7817666241 });
    const alike = committeeOrder({ lambdaPlus: 0.9128712324, lambdaMinus: 0 });
    for (const o of [apart, alike]) {
      const next = theory.step(alpha, o);
      expect(Math.abs(next.lambdaPlus - o.lambdaPlus)).toBeLessThan(1e-7);
      expect(Math.abs(next.lambdaMinus - o.lambdaMinus)).toBeLessThan(1e-6);
    }
    expect(Math.abs(theory.freeEntropy(alpha, apart) - theory.freeEntropy(alpha, alike))).toBeLessThan(1e-7);
  });
  test("units that start equal stay equal, and more than three are refused", () => {
    const run = committeeTheory({ prior: "binary", units: 3 }).evolve(5, { lambdaPlus: 0, lambdaMinus: 0 }, 3);
    for (let step = run.next(); !step.done; step = run.next()) expect(step.value.order.lambdaMinus).toBe(0);
    expect(() => committeeTheory({ prior: "gaussian", units: 4 })).toThrow("1 to 3 hidden units, got 4");
  });
});
