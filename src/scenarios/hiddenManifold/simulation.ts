/** Runs of `hidden-manifold` at finite size: two students on independent streams of samples, and what they make of fresh ones. */
import { nonlinearities, trainOnline } from "../../algorithms/sgd/index.ts";
import {
  drawOneByOne,
  featureMatrix,
  latentSource,
  plainSource,
  type Samples,
  type SampleSource
} from "../../algorithms/sgd/structured/index.ts";
import { gram } from "../../algorithms/sgd/overlapsOf.ts";
import { weightsWithOverlaps } from "../../algorithms/sgd/weightsWithOverlaps.ts";
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Frame, Rng, SimulationEnd, Vec } from "../../core/types.ts";
import { cholesky, multiply, orientRows, symmetricEigen } from "../../linalg/index.ts";
import { dataTaskOf } from "./dataTask.ts";
import { check, latentOf, type Matrix, nonlinearOf, type P, type Start, startOf, type Training, timesOf } from "./setting.ts";
import { startingWeights } from "./startingWeights.ts";
import type { O } from "./theory.ts";

export interface Instance {
  readonly N: number;
  readonly start: Start;
  /** One stream of training samples a student. */
  readonly streams: readonly ((x: Vec) => number)[];
  readonly test: Samples;
  /** sqrt N E x nu^T, M x N. */
  readonly Phi: Vec;
  readonly T: Matrix;
  covariance(W: Vec, rows: number): Vec;
  /** Mean variance of an input. */
  readonly variance: number;
  /** Both students at the start, 2K x N, where every run shares them. */
  readonly weights?: Vec;
  /** F^T (D x N) where there is one. */
  readonly features?: { readonly Ft: Vec; readonly D: number };
}

const instanceOf = (p: P, rng: Rng): Instance =>
  p.task === "data" ? dataInstance(p, rng) : p.task === "unstructured" ? plainInstance(p, rng) : latentInstance(p, rng);

/** M rows of squared norm N T exactly, in random directions. */
export function teacherOf({ T, vTeacher }: Start, N: number, rng: Rng): Vec {
  return weightsWithOverlaps({ Q: [[1]], R: [T.map(() => 0)], T, v: [1], vTeacher }, N, rng).teacher;
}

export function sampled(p: Pick<P, "testSamples">, source: SampleSource, N: number, rng: Rng): Pick<Instance, "streams" | "test"> {
  return {
    streams: [1, 2].map((s) => drawOneByOne(source, N, rng.fork(`samples ${s}`))),
    test: source(p.testSamples, rng.fork("test"))
  };
}

function plainInstance(p: P, rng: Rng): Instance {
  const N = p.size;
  const start = startOf(p, 1);
  const B = teacherOf(start, N, rng.fork("teacher"));
  const source = plainSource(N, { activation: p.activation, v: start.vTeacher, B, on: "inputs" });
  return { N, start, ...sampled(p, source, N, rng), Phi: B, T: start.T, covariance: (W) => W.slice(), variance: 1 };
}

function latentInstance(p: P, rng: Rng): Instance {
  const N = p.size;
  const D = latentOf(p);
  const { f, mean, sign, slope2, rest } = nonlinearOf(p);
  const start = startOf(p, slope2 + rest);
  const M = start.T.length;
  const Ft = featureMatrix(p.features, N, D, rng.fork("F"));
  const F = new Float64Array(N * D);
  for (let r = 0; r < D; r++) for (let i = 0; i < N; i++) F[i * D + r] = Ft[r * N + i];
  const covariance = (W: Vec, rows: number): Vec => {
    const S = new Float64Array(rows * D);
    const out = new Float64Array(rows * N);
    multiply(rows, D, N, W, F, S);
    multiply(rows, N, D, S, Ft, out);
    for (let c = 0; c < out.length; c++) out[c] = (slope2 * out[c]) / D + rest * W[c];
    return out;
  };
  const onLatent = p.task === "hidden-manifold";
  const B = teacherOf(start, onLatent ? D : N, rng.fork("teacher"));
  const Phi = new Float64Array(M * N);
  if (onLatent) {
    multiply(M, N, D, B, Ft, Phi);
    for (let c = 0; c < Phi.length; c++) Phi[c] *= (sign * Math.sqrt(slope2 * N)) / D;
  } else {
    whiten(B, M, N, covariance, start.T);
    Phi.set(covariance(B, M));
  }
  const teacher = { activation: p.activation, v: start.vTeacher, B, on: onLatent ? "latent" : "inputs" } as const;
  const source = latentSource({ N, D, Ft, f, mean }, teacher);
  return { N, start, ...sampled(p, source, N, rng), Phi, T: start.T, covariance, variance: slope2 + rest, features: { Ft, D } };
}

/** B <- L_T L^-1 B with B Omega B^T/N = L L^T and T = L_T L_T^T, in place: fields of covariance T. */
export function whiten(B: Vec, M: number, N: number, covariance: (W: Vec, rows: number) => Vec, T: Matrix): void {
  const have = cholesky({ rows: M, cols: M, data: Float64Array.from(gram(B, M, covariance(B, M), M, N).flat()) });
  const want = cholesky({ rows: M, cols: M, data: Float64Array.from(T.flat()) });
  if (!have || !want) throw new ParameterError("hidden-manifold: the units of the teacher must be independent");
  const column = new Float64Array(M);
  for (let i = 0; i < N; i++) {
    for (let m = 0; m < M; m++) {
      let sum = B[m * N + i];
      for (let l = 0; l < m; l++) sum -= have.L[m * M + l] * column[l];
      column[m] = sum / have.L[m * M + m];
    }
    for (let m = 0; m < M; m++) {
      let sum = 0;
      for (let l = 0; l <= m; l++) sum += want.L[m * M + l] * column[l];
      B[m * N + i] = sum;
    }
  }
}

/** A third of the samples, at random, is held out. The field of the best linear teacher stands for nu. */
function dataInstance(p: P, rng: Rng): Instance {
  const { data, covariance, explained, Phi, start, weights } = dataTaskOf(p);
  const { samples, N, X, y } = data;
  const order = shuffled(samples, rng.fork("split"));
  const held = order.slice(0, Math.floor(samples / 3));
  const kept = order.slice(held.length);
  const test = { x: new Float64Array(held.length * N), y: Float64Array.from(held, (s) => y[s]), nu: new Float64Array(0) };
  held.forEach((s, at) => {
    test.x.set(X.subarray(s * N, (s + 1) * N), at * N);
  });
  const streams = [1, 2].map((student) => {
    const draws = rng.fork(`samples ${student}`);
    return (x: Vec): number => {
      const s = kept[Math.floor(draws.uniform() * kept.length)];
      x.set(X.subarray(s * N, (s + 1) * N));
      return y[s];
    };
  });
  return { N, start, streams, test, Phi, T: [[explained]], covariance, variance: 1, weights };
}

function shuffled(n: number, rng: Rng): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Gaussian fields on which the disagreement over unstructured inputs is measured. */
const PLAIN_FIELDS = 4000;

export function* simulateManifold(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
  check(p);
  const run = runStudents("hidden-manifold", p, instanceOf(p, rng), rng);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
    const { matrices } = step.value;
    // Phi of the data is that of a teacher field of variance one: R is reported for the field of variance T
    const R = p.task === "data" ? matrices?.R.map((row) => row.map((x) => x * Math.sqrt(matrices.T[0][0]))) : matrices?.R;
    yield { ...step.value, matrices: { ...matrices, R: R ?? [] } };
  }
}

/** What two students of an instance do. `owner` begins a refusal. */
export function* runStudents(owner: string, p: Training, instance: Instance, rng: Rng): Generator<Frame<O>, SimulationEnd> {
  const { N, start, streams, test, Phi, T, covariance, variance, features } = instance;
  const K = start.K;
  const M = T.length;
  const plant = instance.weights ?? startingWeights(owner, p.overlap, { N, Phi, covariance, Q: start.Q, R: start.R }, rng.fork("students"));
  const times = timesOf(p, N);
  const students = streams.map((draw, s) =>
    trainOnline(
      {
        N,
        W: plant.subarray(s * K * N, (s + 1) * K * N),
        v: start.v.slice(s * K, (s + 1) * K),
        draw,
        activation: p.activation,
        learningRate: p.learningRate,
        secondLearningRate: p.secondLearningRate,
        noise: p.noise,
        train: p.train
      },
      times,
      rng.fork(`noise ${s + 1}`)
    )
  );
  const see = observer(p, test, N, K, variance, rng.fork("plain"));
  const W = new Float64Array(2 * K * N);
  const v = new Float64Array(2 * K);
  for (;;) {
    let t = 0;
    for (const [s, student] of students.entries()) {
      const step = student.next();
      if (step.done) return step.value.kind === "converged" ? outcome("completed", 0, step.value.iterations) : step.value;
      t = step.value.t;
      W.set(step.value.W, s * K * N);
      v.set(step.value.v, s * K);
    }
    const first = W.subarray(0, K * N);
    const second = W.subarray(K * N);
    const lifted = covariance(first, K);
    yield {
      t,
      ...see(W, v),
      matrices: {
        Q: gram(lifted, K, first, K, N),
        R: gram(first, K, Phi, M, N),
        T,
        W: gram(first, K, first, K, N),
        ...(features ? { Sigma: sigmaOf(first, K, N, features) } : {}),
        between: gram(lifted, K, second, K, N),
        ...(p.train === "both" ? { v: [Array.from(v.subarray(0, K))] } : {})
      }
    };
  }
}

/** Sigma = S S^T/D, S = w F/sqrt N. */
function sigmaOf(W: Vec, K: number, N: number, { Ft, D }: { readonly Ft: Vec; readonly D: number }): number[][] {
  const S = gram(W, K, Ft, D, N);
  return S.map((a) => S.map((b) => (a.reduce((sum, x, r) => sum + x * b[r], 0) * N) / D));
}

/** Measures the observables of two students, W (2K x N) and v, on held-out samples and on Gaussian inputs of the same variance. */
function observer(p: Training, test: Samples, N: number, K: number, variance: number, rng: Rng): (W: Vec, v: Vec) => Record<O, number> {
  const P = test.y.length;
  const fields = new Float64Array(2 * K * P);
  const { value } = nonlinearities[p.activation];
  const transposed = new Float64Array(test.x.length);
  for (let s = 0; s < P; s++) for (let i = 0; i < N; i++) transposed[i * P + s] = test.x[s * N + i];
  const root = 1 / Math.sqrt(N);
  const outputs = (lambda: Vec, count: number, from: number, v: Vec, scale: number, out: Vec): void => {
    out.fill(0);
    for (let k = from; k < from + K; k++) for (let s = 0; s < count; s++) out[s] += v[k] * value(lambda[k * count + s] * scale);
  };
  const a = new Float64Array(P);
  const b = new Float64Array(P);
  const normals = new Float64Array(2 * K * PLAIN_FIELDS);
  rng.fillNormal(normals);
  return (W, v) => {
    multiply(2 * K, P, N, W, transposed, fields);
    outputs(fields, P, 0, v, root, a);
    outputs(fields, P, K, v, root, b);
    let error = 0;
    let apart = 0;
    let [aa, ab, bb] = [0, 0, 0];
    for (let s = 0; s < P; s++) {
      error += (test.y[s] - a[s]) ** 2;
      apart += (a[s] - b[s]) ** 2;
      aa += a[s] * a[s];
      ab += a[s] * b[s];
      bb += b[s] * b[s];
    }
    return {
      generalizationError: error / (2 * P),
      disagreement: apart / (2 * P),
      disagreementIid: plainDisagreement(W, v),
      studentOverlap: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
    };
  };

  /** Fields on independent Gaussian inputs are exactly Gaussian, of covariance W W^T/N times the variance. */
  function plainDisagreement(W: Vec, v: Vec): number {
    const n = 2 * K;
    const { values, vectors } = symmetricEigen(
      { rows: n, cols: n, data: Float64Array.from(gram(W, n, W, n, N).flat()) },
      { backend: "wasm" }
    );
    orientRows(vectors!, n);
    const mix = new Float64Array(n * n);
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++) mix[k * n + i] = vectors![i * n + k] * Math.sqrt(Math.max(0, values[i]) * variance);
    let sum = 0;
    for (let s = 0; s < PLAIN_FIELDS; s++) {
      let difference = 0;
      for (let k = 0; k < n; k++) {
        let lambda = 0;
        for (let i = 0; i < n; i++) lambda += mix[k * n + i] * normals[i * PLAIN_FIELDS + s];
        difference += (k < K ? v[k] : -v[k]) * value(lambda);
      }
      sum += difference * difference;
    }
    return sum / (2 * PLAIN_FIELDS);
  }
}
