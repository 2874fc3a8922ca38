import { describe, expect, test } from "vitest";
import { committeeOrder, committeeTheory } from "../../../src/theory/committee/index.ts";
import { labelError } from "../../../src/theory/committee/labelError.ts";
import { outputFreeEntropy, outputInformation, outputSusceptibility, squaredError } from "../../../src/theory/committee/outputBlock.ts";
import { overlapPlane } from "../../../src/theory/committee/overlapPlane.ts";
import { binaryRows, gaussianRows } from "../../../src/theory/committee/rowPriors.ts";

const orders = [
  [0.3, 0.1],
  [0.8143774, 0.4914539],
  [0.9, 0.9],
  [0.97, 0.2],
  [0.951, 0.951],
  [0.98, 0.99],
  [0.999, 0.998]
] as const;

describe("output block of two units", () => {
  test.each(orders)("at overlaps %f, %f the informations are twice the derivatives of Psi_out", (lambdaPlus, lambdaMinus) => {
    const at = (dp: number, dm: number) =>
      outputFreeEntropy(committeeOrder({ lambdaPlus: lambdaPlus + dp, lambdaMinus: lambdaMinus + dm }));
    const J = outputInformation(committeeOrder({ lambdaPlus, lambdaMinus }));
    const h = 2e-3 * Math.min(lambdaMinus, 1 - lambdaPlus, 1 - lambdaMinus);
    // fourth order: 2 (8 (f(h) - f(-h)) - (f(2h) - f(-2h)))/(12 h)
    const slope = (f: (x: number) => number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (6 * h);
    expect(Math.abs(slope((x) => at(x, 0)) / J.plus - 1)).toBeLessThan(2e-7);
    expect(Math.abs(slope((x) => at(0, x)) / J.minus - 1)).toBeLessThan(2e-7);
  });
  test("the rule has mass 1 in every regime of the variances", () => {
    for (const lambdaPlus of [0, 0.2, 0.949, 0.951, 0.9999, 1 - 1e-8])
      for (const lambdaMinus of [0, 1e-6, 0.2, 0.949, 0.951, 0.9999, 1 - 1e-8]) {
        const mass = overlapPlane(committeeOrder({ lambdaPlus, lambdaMinus })).weight.reduce((s, w) => s + w, 0);
        expect(Math.abs(mass - 1)).toBeLessThan(1e-10);
      }
  });
  test("no overlap: J_+ = 2 g_+^2 with labels of mass 1/4, 1/2, 1/4, and a label entropy of 3/2 ln 2", () => {
    const none = committeeOrder({ lambdaPlus: 0, lambdaMinus: 0 });
    // d_+ Z_1 = 1/(2 sqrt pi): 2 (1/(4 pi))/(1/4) = 2/pi
    expect(outputInformation(none).plus).toBeCloseTo(2 / Math.PI, 13);
    expect(outputInformation(none).minus).toBe(0);
    expect(outputFreeEntropy(none)).toBeCloseTo(-1.5 * Math.LN2, 13);
    expect(squaredError(none)).toBeCloseTo(0.5, 13);
    expect(labelError(none)).toBeCloseTo(0.5, 13);
  });
  test("J_- grows from zero with the susceptibility", () => {
    const [lambdaPlus, lambdaMinus] = [0.7, 1e-7];
    const J = outputInformation(committeeOrder({ lambdaPlus, lambdaMinus }));
    expect(Math.abs(J.minus / lambdaMinus / outputSusceptibility(lambdaPlus, 1 - lambdaPlus) - 1)).toBeLessThan(1e-6);
  });
  test("both errors agree with a sum over a fine grid", () => {
    const o = committeeOrder({ lambdaPlus: 0.75, lambdaMinus: 0.4 });
    // P(u > |v|) by the midpoint rule over v and the error function over u, u ~ N(a, 1/4), v ~ N(b, 3/5); 60 x 60 cells of omega
    const cdf = (x: number) => 0.5 * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x ** 3))); // to 3e-4
    const wedge = (a: number, b: number) => {
      let s = 0;
      for (let k = 0; k < 120; k++) {
        const t = (k - 59.5) * 0.08;
        s += 0.08 * Math.exp(-0.5 * t * t) * cdf((a - Math.abs(b + Math.sqrt(0.6) * t)) / 0.5);
      }
      return s / Math.sqrt(2 * Math.PI);
    };
    let [best, square] = [0, 0];
    const d = 0.15;
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 60; j++) {
        const [s, t] = [(i - 29.5) * d, (j - 29.5) * d];
        const w = (d * d * Math.exp(-0.5 * (s * s + t * t))) / (2 * Math.PI);
        const up = wedge(Math.sqrt(0.75) * s, Math.sqrt(0.4) * t);
        const down = wedge(-Math.sqrt(0.75) * s, Math.sqrt(0.4) * t);
        best += w * Math.max(up, down, 1 - up - down);
        square += w * (up + down - (up - down) ** 2);
      }
    expect(Math.abs(labelError(o) - (1 - best))).toBeLessThan(1e-3);
    expect(Math.abs(squaredError(o) - square)).toBeLessThan(1e-3);
  });
});

describe("rows of weights", () => {
  test.each([
    [0.3, 0.1],
    [2, 5],
    [9, 7]
  ])("at precisions %f, %f overlaps are twice the derivatives of Psi_w", (plus, minus) => {
    const h = 1e-3 * Math.min(plus, minus);
    for (const rows of [gaussianRows, binaryRows]) {
      const o = rows.order({ plus, minus });
      const slope = (f: (x: number) => number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (6 * h);
      expect(slope((x) => rows.freeEntropy({ plus: plus + x, minus }))).toBeCloseTo(o.lambdaPlus, 8);
      expect(slope((x) => rows.freeEntropy({ plus, minus: minus + x }))).toBeCloseTo(o.lambdaMinus, 8);
      expect(o.lambdaPlus + o.vPlus).toBeCloseTo(1, 12);
      expect(o.lambdaMinus + o.vMinus).toBeCloseTo(1, 12);
    }
  });
  test("equal precisions make two independent +-1 weights: 1 - E tanh(r + sqrt(r) z)", () => {
    for (const r of [0.5, 4, 30]) {
      let missing = 0;
      const h = 0.005;
      for (let t = -13; t < 13; t += h) missing += (h * Math.exp(-0.5 * t * t) * 2) / (1 + Math.exp(2 * (r + Math.sqrt(r) * t)));
      const o = binaryRows.order({ plus: r, minus: r });
      expect(Math.abs((o.vPlus * Math.sqrt(2 * Math.PI)) / missing - 1)).toBeLessThan(1e-9);
    }
  });
  test("the difference of two +-1 weights shows first with the susceptibility", () => {
    for (const r of [0.2, 1, 4])
      expect(binaryRows.order({ plus: r, minus: 1e-6 }).lambdaMinus / 1e-6).toBeCloseTo(binaryRows.susceptibility(r), 5);
  });
});

describe("two units, Gaussian weights", () => {
  const theory = committeeTheory({ prior: "gaussian", units: 2 });
  // theory.md, section 3: an independent solution
  test("specialisation sets in at alpha = 2.0523824, continuously", () => {
    expect(theory.thresholds().specialization).toBeCloseTo(2.0523824, 7);
    expect(theory.predict(2.05).algorithmic.order.lambdaMinus).toBe(0);
    const small = theory.predict(2.0524).algorithmic.order.lambdaMinus;
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(1e-4);
  });
  test("alpha = 3: overlaps 0.8143774 and 0.4914539, squared error 0.2219248", () => {
    const { order } = theory.predict(3).algorithmic;
    expect(order.lambdaPlus).toBeCloseTo(0.8143774, 7);
    expect(order.lambdaMinus).toBeCloseTo(0.4914539, 7);
    expect(theory.observablesAt(order).squaredError).toBeCloseTo(0.2219248, 7);
  });
  test("points of the curve are fixed points of the map, and iterated state evolution ends on them", () => {
    for (const alpha of [1, 2.2, 3, 8, 30]) {
      const { order } = theory.predict(alpha).algorithmic;
      const next = theory.step(alpha, order);
      expect(Math.abs(next.lambdaPlus - order.lambdaPlus)).toBeLessThan(2e-9);
      expect(Math.abs(next.lambdaMinus - order.lambdaMinus)).toBeLessThan(2e-9);
    }
    const run = theory.evolve(3, { lambdaPlus: 0, lambdaMinus: 1e-3 }, 500);
    let last = committeeOrder({ lambdaPlus: 0, lambdaMinus: 0 });
    for (let step = run.next(); ; step = run.next()) {
      if (step.done) {
        expect(step.value.kind).toBe("converged");
        break;
      }
      last = step.value.order;
    }
    expect(last.lambdaMinus).toBeCloseTo(theory.predict(3).algorithmic.order.lambdaMinus, 8);
  });
  test("many samples: the wrong labels of two perceptrons of half the error each, 2 x 0.4417/alpha", () => {
    // theory.md, section 1: large-alpha Bayes error of the sign perceptron
    const o = theory.observablesAt(theory.predict(1e4).algorithmic.order);
    expect(Math.abs((o.misclassification * 1e4) / (2 * 0.4417) - 1)).toBeLessThan(2e-4);
  });
  test("the free entropy is stationary where state evolution rests", () => {
    const { order } = theory.predict(3).algorithmic;
    const r = { plus: order.lambdaPlus / order.vPlus, minus: order.lambdaMinus / order.vMinus };
    const at = (x: number) =>
      theory.freeEntropy(3, committeeOrder({ lambdaPlus: order.lambdaPlus + x, lambdaMinus: order.lambdaMinus - 2 * x }), r);
    expect(Math.abs(at(1e-4) - at(-1e-4)) / 2e-4).toBeLessThan(1e-6);
  });
});

describe("two units, binary weights", () => {
  const theory = committeeTheory({ prior: "binary", units: 2 });
  test("perfect learning is optimal from 1.5460914 on, units differ from 1.5893225, AMP learns from 1.9770621", () => {
    const t = theory.thresholds();
    expect(t.informationTheoretic).toBeCloseTo(1.5460914, 7);
    expect(t.specialization).toBeCloseTo(1.5893225, 7);
    expect(t.algorithmic).toBeCloseTo(1.9770621, 7);
  });
  test("next to the spinodal the pair of fixed points that is about to vanish is found", () => {
    for (const below of [1e-3, 1e-5, 1e-7]) {
      const points = theory.predict(1.9770621 - below).fixedPoints;
      expect(points.map((p) => p.stable)).toEqual([false, true, false, true]);
      // they close in like a square root
      expect(points[2].order.lambdaMinus - points[1].order.lambdaMinus).toBeLessThan(6 * Math.sqrt(below) + 1e-3);
    }
  });
  test("fixed points come and go at the thresholds", () => {
    expect(theory.predict(1.97).fixedPoints.map((p) => p.stable)).toEqual([false, true, false, true]);
    expect(theory.predict(1.98).algorithmic.outcome.kind).toBe("exact-recovery");
    expect(theory.predict(1.54).phase).toBe("impossible");
    expect(theory.predict(1.55).phase).toBe("hard");
    expect(theory.predict(1.55).optimal.order.lambdaMinus).toBe(1);
    expect(theory.predict(1.98).phase).toBe("easy");
  });
});
