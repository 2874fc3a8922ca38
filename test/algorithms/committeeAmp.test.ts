import { describe, expect, test } from "vitest";
import {
  alignUnits,
  type CommitteeOptions,
  committeeAmp,
  type CommitteeProblem,
  gram,
  labelErrorMeter,
  solveCommittee
} from "../../src/algorithms/committee/index.ts";
import { plantRows } from "../../src/algorithms/committee/plantedRows.ts";
import { gamp } from "../../src/algorithms/gamp.ts";
import { committeeSign } from "../../src/channels/committee/index.ts";
import { sign } from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import type { Vec } from "../../src/core/types.ts";
import { gaussianIid } from "../../src/ensembles/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { gaussian } from "../../src/priors/index.ts";
import { binaryRow, gaussianRow } from "../../src/priors/several/index.ts";

function instance(
  K: number,
  binary: boolean,
  alpha: number,
  p: number,
  seed: number
): CommitteeProblem & { readonly truth: readonly Vec[] } {
  const rng = makeRng(seed, "committee");
  const rows = Math.round(alpha * p);
  const prior = binary ? binaryRow(K) : gaussianRow(K);
  const channel = committeeSign(K);
  const operator = make(gaussianIid).sample(rng.fork("W"), rows, p);
  const w = new Float64Array(K * p);
  prior.sample(rng.fork("x0"), w);
  const truth = Array.from({ length: K }, (_, l) => Float64Array.from({ length: p }, (_, i) => w[i * K + l]));
  const z = new Float64Array(K * rows);
  truth.forEach((unit, l) => {
    const out = new Float64Array(rows);
    operator.apply(unit, out);
    for (let mu = 0; mu < rows; mu++) z[mu * K + l] = out[mu];
  });
  const y = new Float64Array(rows);
  channel.sample(rng, z, y);
  return { operator, y, prior, channel, truth };
}
const start = (
  problem: { readonly truth: readonly Vec[] },
  init: NonNullable<CommitteeOptions["init"]> = "uninformed"
): CommitteeOptions => ({
  init,
  truth: problem.truth,
  rng: makeRng(7, "start")
});

describe("committee AMP", () => {
  test("one unit is scalar GAMP with the sign channel, sweep by sweep, damped or not", () => {
    const problem = instance(1, false, 1.7, 80, 1);
    for (const damping of [0, 0.3]) {
      const mine = committeeAmp(problem, {
        init: { mean: [new Float64Array(80)], covariance: Float64Array.of(1) },
        damping,
        iterations: 8
      });
      const other = gamp(
        { operator: problem.operator, y: problem.y, prior: make(gaussian, {}), channel: make(sign, {}) },
        { damping, iterations: 8 }
      );
      for (let t = 0; t <= 8; t++) {
        const a = mine.next().value;
        const b = other.next().value;
        if (!("mean" in a) || !("mean" in b)) throw new Error("a run ended early");
        for (let i = 0; i < 80; i++) expect(Math.abs(a.mean[0][i] - b.mean[i])).toBeLessThan(1e-11);
        expect(Math.abs(a.covariance[0] - b.variance[0])).toBeLessThan(1e-11);
      }
    }
  });

  test("units that change places at the start change places at the end", () => {
    const problem = instance(2, false, 2.5, 60, 2);
    const a = new Float64Array(60);
    const b = new Float64Array(60);
    makeRng(1, "a").fillNormal(a, 0.3);
    makeRng(1, "b").fillNormal(b, 0.3);
    const covariance = Float64Array.of(0.9, -0.05, -0.05, 0.8);
    const exchanged = Float64Array.of(0.8, -0.05, -0.05, 0.9);
    const one = solveCommittee(problem, { init: { mean: [a, b], covariance }, iterations: 12 }).state;
    const two = solveCommittee(problem, { init: { mean: [b, a], covariance: exchanged }, iterations: 12 }).state;
    for (let i = 0; i < 60; i++) expect(Math.abs(one.mean[0][i] - two.mean[1][i])).toBeLessThan(1e-9);
  });

  test("units that start equal stay equal: labels alone cannot tell them apart, which is what the spark is for", () => {
    const problem = instance(2, false, 3, 60, 3);
    const equal = new Float64Array(60);
    const { state } = solveCommittee(problem, { init: { mean: [equal, equal], covariance: Float64Array.of(1, 0, 0, 1) }, iterations: 20 });
    for (let i = 0; i < 60; i++) expect(Math.abs(state.mean[0][i] - state.mean[1][i])).toBeLessThan(1e-9); // rounding, slowly amplified
    const sparked = solveCommittee(problem, { ...start(problem), iterations: 200 }).state;
    expect(sparked.mean[0]).not.toEqual(sparked.mean[1]);
  });

  test("without the memory of earlier scores it would not agree with its own error bars; with it, it does", () => {
    const problem = instance(2, false, 2.5, 600, 4);
    const { state, outcome } = solveCommittee(problem, { ...start(problem, { plus: 0.5, minus: 0.3 }), iterations: 300 });
    expect(outcome.kind).toBe("converged");
    const { plus, minus } = alignUnits(state.mean, problem.truth);
    const S = gram(state.mean, state.mean);
    const own = (S[0][0] + S[1][1] + S[0][1] + S[1][0]) / 2;
    // Nishimori: overlap with the truth = own square = 1 - variance, in both eigen-directions; 0.1 is three times the spread at p = 600
    expect(Math.abs(plus - own)).toBeLessThan(0.1);
    expect(Math.abs(1 - (state.covariance[0] + state.covariance[1] + state.covariance[2] + state.covariance[3]) / 2 - own)).toBeLessThan(
      0.1
    );
    expect(Math.abs((S[0][0] + S[1][1] - S[0][1] - S[1][0]) / 2 - minus)).toBeLessThan(0.12);
  });

  test("binary weights are found exactly, and said to be", () => {
    const problem = instance(2, true, 3, 200, 5);
    const { outcome, state } = solveCommittee(problem, { ...start(problem, { plus: 0.5, minus: 0.3 }), damping: 0.3 });
    expect(outcome.kind).toBe("exact-recovery");
    const { order } = alignUnits(state.mean, problem.truth);
    order.forEach((a, l) => {
      expect(state.mean[a].map(Math.sign)).toEqual(problem.truth[l]);
    });
    expect(solveCommittee(problem, start(problem, "informed")).outcome.kind).toBe("exact-recovery");
  });

  test("three units from nearby find binary weights exactly, and from afar learn only their sum: the transition is of first order", () => {
    const problem = instance(3, true, 8, 60, 6);
    const near = solveCommittee(problem, { ...start(problem, { plus: 0.97, minus: 0.97 }), damping: 0.3, iterations: 30 });
    expect(near.outcome.kind).toBe("exact-recovery");
    const far = solveCommittee(problem, { ...start(problem, { plus: 0.3, minus: 0.1 }), iterations: 8 }).state;
    const { plus, minus } = alignUnits(far.mean, problem.truth);
    expect(plus).toBeGreaterThan(0.75);
    expect(minus).toBeLessThan(0.2);
  });

  test("what does not fit is refused in a sentence", () => {
    const problem = instance(2, false, 1, 20, 8);
    const go = (change: Partial<CommitteeProblem>, options: CommitteeOptions = start(problem)) =>
      committeeAmp({ ...problem, ...change }, options);
    expect(() => go({ y: new Float64Array(3) })).toThrow("committeeAmp: y must have 20 numbers, one a row, got 3");
    expect(() => go({ y: new Float64Array(20).fill(2) })).toThrow("y must be one of -1, 0, 1, got 2 at index 0");
    expect(() => go({ channel: committeeSign(3) })).toThrow("the same number of units, got 2 and 3");
    expect(() => go({}, { init: "uninformed" })).toThrow("needs rng");
    expect(() => go({}, { init: { plus: 0.1, minus: 0.1 }, rng: makeRng(1, "x") })).toThrow("needs truth");
    expect(() => go({}, start(problem, { plus: 2, minus: 0 }))).toThrow("init.plus must be a number in [0, 1], such as 0.1, got 2");
    expect(() => go({}, { ...start(problem), damping: 1 })).toThrow("damping must be adaptive or a number in [0, 1)");
    expect(() => go({}, { ...start(problem), iterations: 0 })).toThrow("iterations must be an integer >= 1");
  });
});

describe("what is read off a run", () => {
  test("overlaps are those planted, whatever the order of the units", () => {
    const p = 40_000;
    const truth = [0, 1, 2].map((l) => {
      const w = new Float64Array(p);
      makeRng(l, "truth").fillNormal(w);
      return w;
    });
    const mean = truth.map((w) => w.slice());
    const covariance = new Float64Array(9);
    plantRows(truth, 0.7, 0.2, 1, makeRng(9, "plant"), mean, covariance);
    const shuffled = [mean[2], mean[0], mean[1]];
    const { plus, minus, rawMinus, order } = alignUnits(shuffled, truth);
    expect(order).toEqual([1, 2, 0]);
    expect(plus).toBeCloseTo(0.7, 1.5);
    expect(Math.abs(minus - 0.2)).toBeLessThan(0.01);
    expect(rawMinus).toBeLessThan(0.01 - 0.5 * 0.2 + 0.01);
    const S = gram(mean, mean);
    expect(Math.abs(S[0][0] - (0.2 + 0.5 / 3))).toBeLessThan(0.02);
    expect(Math.abs(S[0][1] - 0.5 / 3)).toBeLessThan(0.02);
    expect(covariance[0]).toBeCloseTo(1 - 0.2 - 0.5 / 3, 12);
    expect(covariance[1]).toBeCloseTo(-0.5 / 3, 12);
  });

  test("with no information the label's error is its variance 1/2 and the best guess of three labels is 0; with all of it, none is wrong", () => {
    const w = [0, 1].map((l) => {
      const x = new Float64Array(64);
      for (let i = 0; i < 64; i++) x[i] = (l === 0 ? i : i >> 1) % 2 ? 1 : -1; // orthogonal units
      return x;
    });
    const meter = labelErrorMeter(committeeSign(2));
    const none = meter([new Float64Array(64), new Float64Array(64)], Float64Array.of(1, 0, 0, 1), w);
    expect(none.squaredError).toBeCloseTo(0.5, 10);
    expect(none.misclassification).toBeCloseTo(0.5, 10);
    const all = meter(w, Float64Array.of(1e-16, 0, 0, 1e-16), w);
    expect(all.squaredError).toBeLessThan(1e-6);
    expect(all.misclassification).toBeLessThan(1e-6);
  });

  test("three units: errors were off by up to 0.03, the price of a lattice of 64 points; they are within 0.007 of exact averages", () => {
    // estimate and truth of six inputs with exactly these Gram matrices; values from the quadrature of the theory, confirmed by 1e5 draws
    const root = (p: number, m: number, l: number, k: number) => (l === k ? Math.sqrt(m) : 0) + (Math.sqrt(p) - Math.sqrt(m)) / 3;
    const at = (p: number, m: number, l: number) => Array.from({ length: 3 }, (_, k) => Math.sqrt(6) * root(p, m, l, k));
    const meter = labelErrorMeter(committeeSign(3));
    for (const [plus, minus, squaredError, misclassification] of [
      [0.78, 0.0002, 0.60132, 0.22178],
      [0.6, 0.4, 0.6949, 0.26234],
      [0.99, 0.985, 0.14661, 0.05197]
    ]) {
      const estimate = [0, 1, 2].map((l) => Float64Array.from([...at(plus, minus, l), 0, 0, 0]));
      const truth = [0, 1, 2].map((l) => Float64Array.from([...at(plus, minus, l), ...at(1 - plus, 1 - minus, l)]));
      const covariance = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 - minus : 0) + (minus - plus) / 3);
      const seen = meter(estimate, covariance, truth);
      expect(Math.abs(seen.squaredError - squaredError)).toBeLessThan(0.007);
      expect(Math.abs(seen.misclassification - misclassification)).toBeLessThan(0.003);
    }
  });

  test("one unit: the error is the angle between student and teacher over pi", () => {
    const truth = new Float64Array(100);
    const other = new Float64Array(100);
    makeRng(1, "t").fillNormal(truth);
    makeRng(2, "t").fillNormal(other);
    const mean = truth.map((x, i) => 0.6 * x + 0.4 * other[i]);
    const dot = (a: Vec, b: Vec) => gram([a], [b])[0][0];
    const angle = Math.acos(dot(mean, truth) / Math.sqrt(dot(mean, mean) * dot(truth, truth)));
    const { misclassification } = labelErrorMeter(committeeSign(1), 20_000)([mean], Float64Array.of(0.5), [truth]);
    expect(Math.abs(misclassification - angle / Math.PI)).toBeLessThan(1e-4);
  });
});
