import { describe, expect, test } from "vitest";
import { tanh } from "../../../src/activations/index.ts";
import {
  couplingFlow,
  decoderGenerator,
  featureGenerator,
  featureMatrix,
  plantedWeights,
  stratifiedRows,
  standardisedGenerator
} from "../../../src/algorithms/sgd/structured/index.ts";
import { make } from "../../../src/core/parameters.ts";
import { featureMoments } from "../../../src/ensembles/featureMoments.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { featureLayerCovariance } from "../../../src/theory/sgd/structured/index.ts";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (x, i) => x * b[i]).reduce((s, x) => s + x, 0);

describe("features", () => {
  test.each([
    [40, 100],
    [100, 40]
  ])("orthogonal: D = %i, N = %i has rows of squared norm D and, of the shorter side, orthogonal vectors", (D, N) => {
    const Ft = featureMatrix("orthogonal", N, D, makeRng(1, "F"));
    for (let i = 0; i < N; i++) {
      const row = Array.from({ length: D }, (_, r) => Ft[r * N + i]);
      expect(dot(row, row) / D).toBeCloseTo(1, 2);
    }
    for (let r = 0; r < 5; r++)
      for (let s = 0; s < r; s++)
        if (D < N) expect(dot(Ft.subarray(r * N, (r + 1) * N), Ft.subarray(s * N, (s + 1) * N)) / N).toBeCloseTo(0, 2);
  });

  test("gaussian: rows have squared norm D exactly", () => {
    const Ft = featureMatrix("gaussian", 30, 20, makeRng(1, "F"));
    for (let i = 0; i < 30; i++)
      expect(Array.from({ length: 20 }, (_, r) => Ft[r * 30 + i] ** 2).reduce((s, x) => s + x, 0)).toBeCloseTo(20, 10);
  });
});

describe("planted weights", () => {
  test("have Q and R exactly, whatever the covariance", () => {
    const N = 50;
    const rng = makeRng(2, "planted");
    const omega = Float64Array.from({ length: N }, (_, i) => 1 / (1 + 0.1 * i));
    const Phi = new Float64Array(2 * N);
    rng.fillNormal(Phi);
    const covariance = (W: Float64Array) => W.map((x, c) => x * omega[c % N]);
    const Q = [
      [0.5, 0.1, 0],
      [0.1, 0.4, 0],
      [0, 0, 0.3]
    ];
    const R = [
      [0.1, 0.05],
      [-0.1, 0],
      [0, 0.2]
    ];
    const W = plantedWeights({ N, Phi, covariance, Q, R }, rng.fork("W"));
    const row = (A: Float64Array, k: number) => A.subarray(k * N, (k + 1) * N);
    for (let k = 0; k < 3; k++) {
      for (let l = 0; l < 3; l++) expect(dot(row(covariance(W), k), row(W, l)) / N).toBeCloseTo(Q[k][l], 10);
      for (let m = 0; m < 2; m++) expect(dot(row(W, k), row(Phi, m)) / N).toBeCloseTo(R[k][m], 10);
    }
    expect(() => plantedWeights({ N, Phi, covariance, Q: [[0.001]], R: [[1, 1]] }, rng)).toThrow(/Q is too small/);
  });
});

describe("stratified rows", () => {
  test("every group of directions has the same share of every row, orthogonal to each other and to what is avoided", () => {
    const [N, K, C] = [40, 3, 2];
    const rng = makeRng(5, "stratified");
    const directions = new Float64Array(N * N);
    for (let i = 0; i < N; i++) directions[i * N + i] = 1;
    const avoid = new Float64Array(C * N);
    rng.fillNormal(avoid);
    avoid.copyWithin(N, 0, 5); // dependent in the first group
    const W = stratifiedRows(K, directions, avoid, rng) as Float64Array;
    const part = (A: Float64Array, k: number, from: number, to: number) => A.subarray(k * N + from, k * N + to);
    for (let from = 0; from < N; from += 5)
      for (let k = 0; k < K; k++) {
        for (let l = 0; l < K; l++) expect(dot(part(W, k, from, from + 5), part(W, l, from, from + 5))).toBeCloseTo(k === l ? 5 : 0, 10);
        for (let c = 0; c < C; c++) expect(dot(part(W, k, from, from + 5), part(avoid, c, from, from + 5))).toBeCloseTo(0, 10);
      }
    expect(stratifiedRows(4, new Float64Array(25), new Float64Array(10), rng)).toBeNull();
  });
});

describe("generators", () => {
  test("a coupling flow is undone by its inverse, and moves every variable", () => {
    const rng = makeRng(3, "flow");
    const flow = couplingFlow(11, 5, rng);
    const c = new Float64Array(7 * 11);
    rng.fillNormal(c);
    const x = flow.apply(c, 7);
    const back = flow.invert(x, 7);
    for (let i = 0; i < c.length; i++) {
      expect(back[i]).toBeCloseTo(c[i], 12);
      expect(x[i]).not.toBe(c[i]);
    }
  });

  test("a decoder is W2 relu(W1 c + b1) + b2", () => {
    const decoder = decoderGenerator([
      { rows: 2, cols: 1, W: Float64Array.of(1, -1), b: Float64Array.of(0.5, 0) },
      { rows: 1, cols: 2, W: Float64Array.of(2, 3), b: Float64Array.of(-1) }
    ]);
    expect(Array.from(decoder.apply(Float64Array.of(1, -2), 2))).toEqual([2 * 1.5 - 1, 3 * 2 - 1]);
    expect(() => decoderGenerator([{ rows: 2, cols: 1, W: Float64Array.of(1, 1), b: Float64Array.of(1) }])).toThrow(/bias/);
  });

  test("layers of features: covariances of Gaussian equivalence are those of samples, the better the wider the layers", () => {
    const f = make(tanh);
    const { mean, deviation, linear } = featureMoments("tanh", f);
    const samples = 10_000;
    const rms = (A: ArrayLike<number>, B: ArrayLike<number>) =>
      Math.sqrt(Array.from(A, (x, i) => (x - B[i]) ** 2).reduce((s, x) => s + x, 0) / A.length);
    /** Root mean squares of what separates the law from samples, without the sampling itself (1/sqrt samples, entries of variance about 1). */
    const apart = (n: number) => {
      const rng = makeRng(4, "layers");
      const sizes = [2 * n, 3 * n, 2.5 * n];
      const G = featureGenerator({ kind: "gaussian", sizes, f, mean, deviation }, rng);
      const { moments } = standardisedGenerator(G, samples, rng.fork("samples"));
      const law = featureLayerCovariance({ matrices: G.matrices, sizes, slope: Math.sqrt(linear), rest: 1 - linear });
      const without = (x: number) => Math.sqrt(Math.max(0, x * x - 1 / samples));
      return {
        Omega: without(rms(moments.Omega, law.Omega)),
        Psi: without(rms(moments.Psi, law.Psi)),
        size: rms(law.Omega, new Float64Array(law.Omega.length))
      };
    };
    const [narrow, wide] = [apart(10), apart(60)];
    // errors of the equivalence are of order 1/n per entry: six times wider, at least three times closer
    expect(wide.Omega).toBeLessThan(narrow.Omega / 3);
    expect(wide.Psi).toBeLessThan(narrow.Psi / 3);
    expect(narrow.Omega).toBeLessThan(0.2 * narrow.size);
  });
});
