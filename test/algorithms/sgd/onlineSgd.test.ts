/** Online SGD against the same steps written out, one after the other, and the weights it starts from. */
import { describe, expect, test } from "vitest";
import {
  type OnlineProblem,
  onlineSgd,
  overlapsOf,
  type SgdActivation,
  type StudentState,
  sampleOverlaps,
  type TeacherProblem,
  trainOnline,
  weightsWithOverlaps
} from "../../../src/algorithms/sgd/index.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Outcome, Overlaps } from "../../../src/core/types.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { erf } from "../../../src/numerics/special/index.ts";

const G: Record<SgdActivation, [(x: number) => number, (x: number) => number]> = {
  erf: [(x) => erf(x / Math.SQRT2), (x) => Math.sqrt(2 / Math.PI) * Math.exp((-x * x) / 2)],
  linear: [(x) => x, () => 1],
  square: [(x) => x * x, (x) => 2 * x],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)]
};

/** The definition, step by step, on the inputs and noises of the same streams. */
function plainly(p: Required<TeacherProblem>, steps: number, seed: number) {
  const rng = makeRng(seed);
  const inputs = rng.fork("inputs");
  const noises = rng.fork("noise");
  const { N } = p;
  const [g, slope] = G[p.activation];
  const [K, M] = [p.v.length, p.vTeacher.length];
  const W = Float64Array.from(p.W);
  const v = Float64Array.from(p.v);
  const x = new Float64Array(N);
  const field = (A: Float64Array, k: number) => x.reduce((s, xj, j) => s + A[k * N + j] * xj, 0) / Math.sqrt(N);
  for (let step = 0; step < steps; step++) {
    inputs.fillNormal(x);
    const lambda = Array.from({ length: K }, (_, k) => field(W, k));
    let delta = Math.sqrt(p.noise) * noises.normal();
    for (let m = 0; m < M; m++) delta += p.vTeacher[m] * g(field(p.teacher, m));
    for (let k = 0; k < K; k++) delta -= v[k] * g(lambda[k]);
    for (let k = 0; k < K; k++) {
      for (let j = 0; j < N; j++)
        W[k * N + j] +=
          (p.learningRate / Math.sqrt(N)) * v[k] * slope(lambda[k]) * delta * x[j] - ((p.learningRate * p.weightDecay) / N) * W[k * N + j];
      if (p.train === "both")
        v[k] += (p.secondLearningRate / N) * g(lambda[k]) * delta - ((p.secondLearningRate * p.weightDecay) / N) * v[k];
    }
  }
  return overlapsOf(W, v, p.teacher, p.vTeacher);
}

const flat = (o: Overlaps) => [...o.Q.flat(), ...o.R.flat(), ...o.T.flat(), ...o.v, ...o.vTeacher];

function last<T, R>(frames: Generator<T, R>): { frames: T[]; end: R } {
  const all: T[] = [];
  for (;;) {
    const step = frames.next();
    if (step.done) return { frames: all, end: step.value };
    all.push(step.value);
  }
}

describe("online SGD", () => {
  for (const [activation, K, M, N, train] of [
    ["erf", 2, 2, 30, "first"],
    ["erf", 7, 3, 33, "both"],
    ["relu", 3, 2, 18, "both"],
    ["linear", 1, 5, 7, "first"],
    ["square", 4, 1, 41, "both"]
  ] as const)
    test(`${activation}, ${K} students of ${M} teachers in ${N} inputs, ${train}: the steps written out`, () => {
      const start = sampleOverlaps({ K, M, N, studentScale: 0.5, secondScale: 0.7 }, makeRng(3));
      const { W, teacher } = weightsWithOverlaps(start, Math.max(N, K + M), makeRng(4));
      const p = {
        ...{ activation, N, W, teacher, v: start.v, vTeacher: start.vTeacher, train },
        ...{ learningRate: 0.02, secondLearningRate: 0.05, noise: 0.3, weightDecay: 0.4 }
      };
      const { frames, end } = last(onlineSgd(p, [0, 1 / N, 2.2, 2.2, 9.7], makeRng(5)));
      expect(end.kind).toBe("completed");
      expect(frames.map((f) => f.t)).toEqual([0, 1 / N, 2.2, 2.2, 9.7]);
      [0, 1, Math.round(2.2 * N), Math.round(2.2 * N), Math.round(9.7 * N)].forEach((steps, i) => {
        const want = flat(plainly(p, steps, 5));
        flat(frames[i].overlaps).forEach((got, k) => {
          expect(Math.abs(got - want[k]), `frame ${i}, number ${k}: ${got} for ${want[k]}`).toBeLessThan(1e-11 * (1 + Math.abs(want[k])));
        });
      });
    });
});

describe("training on any stream", () => {
  const ends = (frames: Generator<StudentState, Outcome>) => {
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
    }
  };
  test("labels of the stream and of a teacher on the input add up: a teacher made of labels is the same teacher", () => {
    const N = 21;
    const start = sampleOverlaps({ K: 3, M: 2, N, studentScale: 0.5 }, makeRng(1));
    const { W, teacher } = weightsWithOverlaps(start, N, makeRng(2));
    const settings = { activation: "relu", N, W, v: start.v, learningRate: 0.1, train: "both", secondLearningRate: 0.2 } as const;
    const inputs = makeRng(5).fork("inputs");
    const stream = (x: Float64Array) => {
      inputs.fillNormal(x);
      let label = 0;
      for (let m = 0; m < 2; m++) {
        let nu = 0;
        for (let j = 0; j < N; j++) nu += (teacher[m * N + j] * x[j]) / Math.sqrt(N);
        label += Math.max(0, nu);
      }
      return label;
    };
    let last = new Float64Array();
    for (const state of trainOnline({ ...settings, draw: stream }, [3], makeRng(6))) last = Float64Array.from(state.W);
    const frames = [...onlineSgd({ ...settings, teacher, vTeacher: [1, 1] }, [3], makeRng(5))];
    const want = overlapsOf(last, start.v, teacher, [1, 1]);
    expect(frames[0].overlaps.Q[0][1]).toBeCloseTo(want.Q[0][1], 12);
    expect(frames[0].overlaps.R.flat()).toEqual(want.R.flat().map((x) => expect.closeTo(x, 12)));
  });

  test("a rate beyond stability ends diverged, with advice and finite frames only", () => {
    const W = Float64Array.from({ length: 10 }, (_, j) => j / 10);
    const frames = trainOnline(
      { activation: "square", N: 10, W, v: [1], learningRate: 50, draw: (x) => x.fill(1)[0] },
      [0, 1, 1000],
      makeRng(1)
    );
    const end = ends(frames);
    expect(end.kind).toBe("diverged");
    expect(end.advice).toMatch(/learning rate/);
    expect(Number.isFinite(end.residual)).toBe(true);
  });

  test("wrong lengths, rates and times are refused by name", () => {
    const good = { activation: "erf", N: 4, W: new Float64Array(8), v: [1, 1], learningRate: 1, draw: () => 0 } as const;
    const refusal = (problem: Partial<OnlineProblem>, times = [0, 1]) => {
      try {
        ends(trainOnline({ ...good, ...problem }, times, makeRng(1)));
      } catch (error) {
        if (error instanceof ParameterError) return error.message;
        throw error;
      }
      return "accepted";
    };
    expect(refusal({})).toBe("accepted");
    expect(refusal({ N: 3 })).toMatch(/W must have 2 x 3 numbers, got 8/);
    expect(refusal({ v: [] })).toMatch(/at least one/);
    expect(refusal({ learningRate: -1 })).toMatch(/learningRate must be a number >= 0, got -1/);
    expect(refusal({ noise: Number.NaN })).toMatch(/noise/);
    expect(refusal({ teacher: { W: new Float64Array(3), v: [1] } })).toMatch(/teacher must have 1 x 4 numbers, got 3/);
    expect(refusal({}, [1, 0.5])).toMatch(/ascending, got 0.5 after 1/);
  });
});
