import { describe, expect, test } from "vitest";
import { largeCommitteeTheory, largeLabelError, largeOverlap } from "../../../src/theory/committee/index.ts";

describe("the committee of infinitely many units", () => {
  const theory = largeCommitteeTheory("gaussian");
  test("Gaussian weights: spinodal 7.1692393, transition 7.6802213, no algorithmic threshold", () => {
    // theory.md, section 3: an independent solution
    const t = theory.thresholds();
    expect(t.spinodal).toBeCloseTo(7.1692393, 7);
    expect(Math.abs(t.informationTheoretic - 7.6802213)).toBeLessThan(6e-8);
    expect(t.algorithmic).toBeNull();
  });
  test("chi = (2/pi)(1 - q + arcsin q), its complement and slope keep their digits", () => {
    for (const q of [0, 0.1, 0.5, 0.99]) {
      const { chi, rest, slope } = largeOverlap({ q, V: 1 - q });
      expect(chi).toBeCloseTo((2 / Math.PI) * (1 - q + Math.asin(q)), 14);
      expect(chi + rest).toBeCloseTo(1, 14);
      expect(slope).toBeCloseTo((2 / Math.PI) * (1 / Math.sqrt(1 - q * q) - 1), 11);
    }
    // 1 - chi = (2/pi)(sqrt(2V) - V + ...) as V -> 0
    const V = 1e-20;
    expect(largeOverlap({ q: 1, V }).rest / ((2 / Math.PI) * Math.sqrt(2 * V))).toBeCloseTo(1, 9);
  });
  test("the unspecialised label error is arccos(sqrt(2/pi))/pi", () => {
    expect(largeLabelError({ q: 0, V: 1 })).toBeCloseTo(Math.acos(Math.sqrt(2 / Math.PI)) / Math.PI, 14);
  });
  test("the free entropy is stationary at every fixed point, and its slope in alpha is that of Psi_out", () => {
    for (const prior of ["gaussian", "binary"] as const) {
      const one = largeCommitteeTheory(prior);
      for (const { order } of one.fixedPoints(9)) {
        if (order.V < 1e-12) continue;
        const next = one.step(9, order);
        expect(Math.abs(next.q - order.q)).toBeLessThan(1e-9);
        if (order.q === 0) continue;
        const at = (q: number) => one.freeEntropy(9, { q, V: 1 - q });
        const h = 1e-4 * order.V;
        // along r = alpha J chi' both terms of the derivative vanish at a fixed point
        expect(Math.abs(at(order.q + h) - at(order.q - h)) / (2 * h)).toBeLessThan(1e-5);
      }
    }
  });
  test("from below the barrier everything is forgotten, from above it the specialised state is kept", () => {
    const points = theory.fixedPoints(9);
    expect(points.map((p) => p.stable)).toEqual([true, false, true]);
    expect(theory.predict(9, points[1].order.q - 0.01).algorithmic.order.q).toBe(0);
    const kept = theory.predict(9, points[1].order.q + 0.01).algorithmic.order.q;
    expect(kept).toBeCloseTo(points[2].order.q, 12);
    const run = theory.evolve(9, points[1].order.q + 0.01, 5000);
    let last = 0;
    for (let step = run.next(); !step.done; step = run.next()) last = step.value.order.q;
    expect(last).toBeCloseTo(kept, 9);
  });
  test("binary weights: exact learning is stable at every alpha, optimal from ln 2 over the label entropy of the unspecialised state", () => {
    const one = largeCommitteeTheory("binary");
    const { spinodal, informationTheoretic } = one.thresholds();
    expect(spinodal).toBeNull();
    // the label entropy E H(Phi(x)), x ~ N(0, chi/(1 - chi)), chi = 2/pi, by the midpoint rule
    let H = 0;
    const c = Math.sqrt(2 / Math.PI / (1 - 2 / Math.PI));
    const phi = (x: number) => {
      // Phi by the midpoint rule, 1e-7
      let s = 0;
      const n = 400;
      for (let k = 0; k < n; k++) s += Math.exp(-0.5 * (((k + 0.5) / n) * x) ** 2) * (x / n);
      return 0.5 + s / Math.sqrt(2 * Math.PI);
    };
    for (let t = -7.9; t < 8; t += 0.2) {
      const p = Math.min(1 - 1e-12, phi(c * Math.abs(t)));
      H += ((0.2 * Math.exp(-0.5 * t * t)) / Math.sqrt(2 * Math.PI)) * -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
    }
    expect(informationTheoretic).toBeCloseTo(Math.LN2 / H, 4);
    expect(one.predict(1.6).phase).toBe("impossible");
    expect(one.predict(1.65).phase).toBe("hard");
    expect(one.predict(100).algorithmic.order.q).toBe(0);
  });
});
