/** Online SGD against the same steps written out, one after the other, and the weights it starts from. */
import { describe, expect, test } from "vitest";
import {
  onlineSgd,
  overlapsOf,
  type SgdActivation,
  sampleOverlaps,
  type TeacherProblem,
  weightsWithOverlaps
} from "../../../src/algorithms/sgd/index.ts";
import type { Overlaps } from "../../../src/core/types.ts";
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
        W[k * N + j] += (p.learningRate / Math.sqrt(N)) * v[k] * slope(lambda[k]) * delta * x[j] - (p.weightDecay / N) * W[k * N + j];
      if (p.train === "both") v[k] += (p.secondLearningRate / N) * g(lambda[k]) * delta - (p.weightDecay / N) * v[k];
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
      expect(end.kind).toBe("converged");
      expect(frames.map((f) => f.t)).toEqual([0, 1 / N, 2.2, 2.2, 9.7]);
      [0, 1, Math.round(2.2 * N), Math.round(2.2 * N), Math.round(9.7 * N)].forEach((steps, i) => {
        const want = flat(plainly(p, steps, 5));
        flat(frames[i].overlaps).forEach((got, k) => {
          expect(Math.abs(got - want[k]), `frame ${i}, number ${k}: ${got} for ${want[k]}`).toBeLessThan(1e-11 * (1 + Math.abs(want[k])));
        });
      });
    });
});
