import { describe, expect, test } from "vitest";
import type { Overlaps } from "../../../src/core/types.ts";
import { productAverage, SGD_ACTIVATIONS, slopeAverage } from "../../../src/theory/sgd/gaussianIntegrals.ts";
import { sgdOde } from "../../../src/theory/sgd/index.ts";
import {
  covarianceModes,
  curvedAverage,
  disagreement,
  type InputModes,
  inputTeacherModes,
  latentTeacherModes,
  plainModes,
  plantedStart,
  stateOfWeights,
  type StructuredState,
  type StructuredTask,
  structuredError,
  structuredOde
} from "../../../src/theory/sgd/structured/index.ts";

const identity = (n: number) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, k) => (i === k ? 1 : 0)));
const task = (modes: InputModes, more: Partial<StructuredTask> = {}): StructuredTask => ({
  modes,
  activation: "erf",
  learningRate: 0.2,
  secondLearningRate: 0,
  noise: 0,
  vTeacher: modes.T.map(() => 1),
  units: [2],
  ...more
});
const law = { features: "gaussian", latentRatio: 0.3, slope2: 2 / Math.PI, rest: 1 - 2 / Math.PI, T: identity(2) } as const;

function run(t: StructuredTask, start: StructuredState, times: readonly number[]) {
  return [...structuredOde(t, start, times, { rtol: 1e-9, atol: 1e-11 })];
}

describe("averages over fields", () => {
  test.each(SGD_ACTIVATIONS)("%s: <g'(x) g'(y)> and <g''(x) g(y)>/2 are the derivatives of <g(x) g(y)> in cxy and cxx", (g) => {
    const [a, c, b] = [0.7, 0.3, 1.4];
    const h = 1e-5;
    expect((productAverage(g, a, c + h, b) - productAverage(g, a, c - h, b)) / (2 * h)).toBeCloseTo(slopeAverage(g, a, c, b), 8);
    expect((productAverage(g, a + h, c, b) - productAverage(g, a - h, c, b)) / h).toBeCloseTo(curvedAverage(g, a, c, b), 8);
  });
});

describe("equations of structured inputs", () => {
  const overlaps: Overlaps = {
    Q: [
      [0.3, 0.05],
      [0.05, 0.2]
    ],
    R: [
      [0.1, -0.05],
      [0.02, 0.15]
    ],
    T: identity(2),
    v: [1, 0.8],
    vTeacher: [1, 1]
  };
  const times = [0, 1, 10, 50];

  test.each(["erf", "relu"] as const)(
    "%s: one mode is the teacher-student problem of Saad and Solla, both layers and noise",
    (activation) => {
      const settings = { activation, learningRate: 0.3, secondLearningRate: 0.1, noise: 0.02 };
      const start = plantedStart(plainModes(overlaps.T), overlaps.Q, overlaps.R, overlaps.v);
      const ours = run(task(plainModes(overlaps.T), settings), start, times);
      const theirs = [...sgdOde({ ...settings, train: "both" }, overlaps, times, { rtol: 1e-9, atol: 1e-11 })];
      for (let k = 0; k < times.length; k++) {
        theirs[k].overlaps.Q.flat().forEach((x, c) => {
          expect(ours[k].overlaps.Q[c]).toBeCloseTo(x, 7);
        });
        theirs[k].overlaps.R.flat().forEach((x, c) => {
          expect(ours[k].overlaps.R[c]).toBeCloseTo(x, 7);
        });
        expect(ours[k].overlaps.v[1]).toBeCloseTo(theirs[k].overlaps.v[1], 7);
      }
    }
  );

  test("a student that starts on its teacher stays: the products of projections are kept per mode", () => {
    const modes = inputTeacherModes({ ...law, latentRatio: 0.5 });
    const mean = 1;
    const n = modes.omega.length;
    // w = B: q = B B^T and r = omega B B^T in every mode
    const start: StructuredState = {
      q: Float64Array.from(
        Array.from(modes.omega).flatMap(() =>
          identity(2)
            .flat()
            .map((x) => x / mean)
        )
      ),
      r: Float64Array.from(
        Array.from(modes.omega).flatMap((o) =>
          identity(2)
            .flat()
            .map((x) => (o * x) / mean)
        )
      ),
      v: Float64Array.of(1, 1)
    };
    const end = run(task(modes), start, [0, 20])[1];
    expect(structuredError(task(modes), end.overlaps)).toBeLessThan(1e-10);
    for (let c = 0; c < n * 4; c++) expect(end.state.q[c]).toBeCloseTo(start.q[c], 8);
    // with the product averaged over the modes the same start drifts away
    const averaged = new Float64Array(modes.product.length);
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += modes.weight[i] * modes.product[i * 4 + c];
      for (let i = 0; i < n; i++) averaged[i * 4 + c] = sum;
    }
    const drifted = run(task({ ...modes, product: averaged }), start, [20])[0].state.r;
    expect(Math.max(...drifted.map((x, c) => Math.abs(x - start.r[c])))).toBeGreaterThan(0.1);
  });

  test("a linear student at a vanishing rate relaxes mode by mode: e_g = E omega exp(-2 omega eta t)/2 over the modes", () => {
    const modes = inputTeacherModes({ ...law, T: [[1]] });
    const eta = 1e-5;
    const linear = task(modes, { activation: "linear", learningRate: eta, units: [1] });
    const zero = { q: new Float64Array(modes.omega.length), r: new Float64Array(modes.omega.length), v: Float64Array.of(1) };
    for (const { t, overlaps: o } of run(linear, zero, [0, 0.5 / eta, 3 / eta])) {
      let want = 0;
      for (let i = 0; i < modes.omega.length; i++) want += 0.5 * modes.weight[i] * modes.omega[i] * Math.exp(-2 * modes.omega[i] * eta * t);
      expect(structuredError(linear, o)).toBeCloseTo(want, 4);
    }
  });

  test("modes: shares sum to 1, inputs have unit variance, the teacher sees b² sum s = b² of them; more nodes change nothing", () => {
    for (const features of ["gaussian", "orthogonal"] as const)
      for (const latentRatio of [0.3, 1, 2.5]) {
        const { omega, weight, product } = latentTeacherModes({ ...law, features, latentRatio });
        const sum = (f: (i: number) => number) => Array.from(weight, (w, i) => w * f(i)).reduce((s, x) => s + x, 0);
        expect(sum(() => 1)).toBeCloseTo(1, 12);
        expect(sum((i) => omega[i])).toBeCloseTo(1, 12);
        expect(sum((i) => product[4 * i])).toBeCloseTo(law.slope2 / latentRatio, 12);
      }
    const Q = [
      [0.25, 0],
      [0, 0.25]
    ];
    const R = [
      [0.1, 0.02],
      [-0.03, 0.06]
    ];
    const errors = [64, 160].map((nodes) => {
      const modes = latentTeacherModes({ ...law, nodes });
      return run(task(modes), plantedStart(modes, Q, R, [1, 1]), [30]).map((s) => structuredError(task(modes), s.overlaps))[0];
    });
    expect(errors[0]).toBeCloseTo(errors[1], 7);
  });

  test("a given covariance c I with correlations is the plain problem with rescaled inputs", () => {
    const N = 6;
    const Omega = new Float64Array(N * N);
    for (let i = 0; i < N; i++) Omega[i * N + i] = 1;
    // two orthogonal teachers: N phi phi^T summed over modes = N T
    const Phi = new Float64Array(N * 2);
    Phi[0] = Phi[3] = 1;
    const modes = covarianceModes(Omega, Phi, identity(2));
    const Q = overlaps.Q;
    const a = run(task(modes), plantedStart(modes, Q, overlaps.R, [1, 1]), times);
    const plain = plainModes(identity(2));
    const b = run(task(plain), plantedStart(plain, Q, overlaps.R, [1, 1]), times);
    for (let k = 0; k < times.length; k++)
      expect(structuredError(task(modes), a[k].overlaps)).toBeCloseTo(structuredError(task(plain), b[k].overlaps), 8);
  });

  test("the state of given weights has their overlaps w Omega w/N, w phi/sqrt N and w w/N", () => {
    const N = 5;
    const entry = (c: number) => Math.sin(1 + 3 * c);
    const root = Float64Array.from({ length: N * N }, (_, c) => entry(c));
    const Omega = new Float64Array(N * N);
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) for (let k = 0; k < N; k++) Omega[i * N + j] += root[i * N + k] * root[j * N + k];
    const Phi = Float64Array.from({ length: N * 2 }, (_, c) => entry(50 + c));
    const W = Float64Array.from({ length: 2 * N }, (_, c) => entry(90 + c));
    const modes = covarianceModes(Omega, Phi, identity(2));
    const [{ overlaps: got }] = run(task(modes), stateOfWeights(modes, W, [1, 1]), [0]);
    const sum = (f: (i: number) => number) => Array.from({ length: N }, (_, i) => f(i)).reduce((s, x) => s + x, 0);
    for (let k = 0; k < 2; k++)
      for (let l = 0; l < 2; l++) {
        expect(got.Q[2 * k + l]).toBeCloseTo(sum((i) => sum((j) => W[k * N + i] * Omega[i * N + j] * W[l * N + j])) / N, 10);
        expect(got.W[2 * k + l]).toBeCloseTo(sum((i) => W[k * N + i] * W[l * N + i]) / N, 10);
        expect(got.R[2 * k + l]).toBeCloseTo(sum((i) => W[k * N + i] * Phi[i * 2 + l]) / Math.sqrt(N), 10);
      }
    expect(() => stateOfWeights(plainModes(identity(2)), W, [1, 1])).toThrow(/single directions/);
    expect(() => stateOfWeights(modes, W.slice(1), [1, 1])).toThrow(/2 x 5/);
  });

  test("two independent students of one start agree with themselves, and their streams differ in the noise between them alone", () => {
    const modes = plainModes(identity(2));
    const pair = task(modes, { units: [2, 2] });
    const four = (A: readonly (readonly number[])[]) => [...A, ...A];
    // identical starts, made independent by a small isotropic part so that Q is definite
    const Q = four(overlaps.Q).map((row, k) => [...row, ...row].map((x, l) => x + (k === l ? 1e-6 : 0)));
    const start = plantedStart(modes, Q, four(overlaps.R), [1, 1, 1, 1]);
    const frames = run(pair, start, [0, 1, 400]);
    const apart = frames.map((f) => disagreement(pair, f.overlaps.Q, f.overlaps.v));
    expect(apart[0]).toBeLessThan(1e-5);
    expect(apart[1]).toBeGreaterThan(1e-3);
    expect(apart[2]).toBeLessThan(1e-3); // both learn the teacher
    for (const which of [0, 1])
      expect(structuredError(pair, frames[1].overlaps, which)).toBeCloseTo(structuredError(pair, frames[1].overlaps), 4);
  });

  test("the symmetric plateau of unstructured inputs is that of eta = 0.2, K = M = 2: 0.0126176251 (theory.md)", () => {
    const plain = plainModes(identity(2));
    // two equal units, equally close to both teachers, stay so
    const start = { q: new Float64Array(4).fill(0.345), r: new Float64Array(4).fill(0.41), v: Float64Array.of(1, 1) };
    const error = run(task(plain), start, [1000]).map((f) => structuredError(task(plain), f.overlaps))[0];
    expect(error).toBeCloseTo(0.0126176251, 9);
  });

  test("wrong lengths and starts that no weights have are refused", () => {
    const modes = plainModes(identity(2));
    expect(() => plantedStart(modes, [[0.01]], [[0.5, 0.5]], [1])).toThrow(/Q is too small/);
    expect(() =>
      run(task(modes, { vTeacher: [1] }), { q: new Float64Array(4), r: new Float64Array(4), v: new Float64Array(2) }, [1])
    ).toThrow(/length/);
    expect(() => covarianceModes(new Float64Array(4), new Float64Array(3), [[1]])).toThrow(/N x N/);
    expect(() => latentTeacherModes({ ...law, latentRatio: -1 })).toThrow(/latentRatio/);
  });
});
