import { describe, expect, test } from "vitest";
import type { LinearOperator, Message, Scalar, Vec } from "../../../src/core/types.ts";
import {
  adjointOf,
  blur,
  complexUnknowns,
  convolution2d,
  denseFrom,
  denseMatrix,
  diagonal,
  gradient,
  haar1d,
  materialise,
  scale,
  sparseFromEntries,
  subsample,
  subsampledDct,
  subsampledFourier
} from "../../../src/linalg/index.ts";
import { type LinearMethod, type LinearModule, linearModule } from "../../../src/modules/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { byBruteForce, randomMessages } from "../gaussianReference.ts";

const rng = makeRng(1, "linear module test");
function random(rows: number, cols: number, scalar: Scalar = "real") {
  const A = denseMatrix(rows, cols, { scalar });
  A.fillNormal(rng.fork(`${rows}x${cols}${scalar}`), 1 / Math.sqrt(cols));
  return A;
}

/** The real matrix of an operator on stacked real parts. */
function realMatrix(op: LinearOperator): number[][] {
  const w = op.scalar === "complex" ? 2 : 1;
  const x = new Float64Array(w * op.cols);
  const z = new Float64Array(w * op.rows);
  const M = Array.from({ length: w * op.rows }, () => new Array<number>(w * op.cols).fill(0));
  for (let j = 0; j < x.length; j++) {
    x[j] = 1;
    op.apply(x, z);
    x[j] = 0;
    for (let i = 0; i < z.length; i++) M[i][j] = z[i];
  }
  return M;
}
const identity = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

function largest(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let most = 0;
  let size = 0;
  for (let i = 0; i < x.length; i++) {
    most = Math.max(most, Math.abs(x[i] - y[i]));
    size = Math.max(size, Math.abs(y[i]));
  }
  return most / size;
}
function projected(module: LinearModule, port: number, messages: readonly Message[]) {
  const length = messages[port].b.length;
  const mean = new Float64Array(length);
  const b = new Float64Array(length);
  const sent = module.project(port, messages, mean, b);
  const variances = new Float64Array([...module.inputs, ...module.outputs][port].size);
  module.variances(port, messages, variances);
  return { mean, b, variances, ...sent };
}

// entries of order one: the elimination it is compared with loses the conditioning of a_x + a_z A^T A in digits
const rank2 = denseFrom(
  5,
  6,
  Array.from({ length: 30 }, (_, k) => Math.sin(1 + Math.floor(k / 6)) * Math.cos(k % 6) + (Math.floor(k / 6) * (k % 6)) / 20)
);
const spread = sparseFromEntries(6, 4, [0, 1, 2, 3, 4, 5, 5], [0, 1, 2, 3, 0, 1, 2], [1, 2, -1, 0.5, 3, 1, -2]);
const cases: readonly [string, LinearOperator, LinearMethod, string][] = [
  ["wide real", random(4, 7), "auto", "gram"],
  ["tall real", random(7, 4), "auto", "gram"],
  ["square real", random(5, 5), "auto", "gram"],
  ["wide complex", random(3, 5, "complex"), "auto", "gram"],
  ["tall complex", random(5, 3, "complex"), "auto", "gram"],
  ["one row", random(1, 4), "auto", "rows"],
  ["rank two", rank2, "auto", "gram"],
  ["sparse tall", spread, "auto", "gram"],
  ["wide real, svd", random(4, 7), "svd", "svd"],
  ["tall real, svd", random(7, 4), "svd", "svd"],
  ["tall complex, svd", random(5, 3, "complex"), "svd", "svd"],
  ["wide complex, svd", random(3, 5, "complex"), "svd", "svd"],
  ["rank two, svd", rank2, "svd", "svd"],
  ["subsampled dct", subsampledDct({ rows: 4, cols: 9, rng: makeRng(3, "dct"), scale: 1.5 }), "auto", "rows"],
  ["its adjoint", adjointOf(subsampledDct({ rows: 4, cols: 9, rng: makeRng(3, "dct"), scale: 1.5 })), "auto", "rows"],
  ["subsampled fourier", subsampledFourier({ rows: 3, cols: 6, rng: makeRng(3, "dft") }), "auto", "rows"],
  ["haar", haar1d(8), "auto", "rows"],
  ["mask", subsample({ cols: 6, indices: [4, 0, 2] }), "auto", "rows"],
  ["diagonal with a zero", diagonal([1, 0, -2, 0.5]), "auto", "fourier"],
  ["complex diagonal", diagonal([1, 2, -2, 0.5], "complex"), "auto", "fourier"],
  ["dense with orthogonal rows", denseFrom(2, 4, [1, 1, 1, 1, 1, -1, 1, -1]), "auto", "rows"],
  ["periodic gradient 1-d", gradient([5]), "auto", "fourier"],
  ["periodic gradient 2-d", gradient([3, 4]), "auto", "fourier"],
  ["periodic gradient 3-d", gradient([2, 3, 2]), "auto", "fourier"],
  ["reflecting gradient 1-d", gradient([6], { boundary: "reflect" }), "auto", "fourier"],
  ["reflecting gradient 2-d", gradient([3, 4], { boundary: "reflect" }), "auto", "fourier"],
  ["complex reflecting gradient", complexUnknowns(gradient([2, 3], { boundary: "reflect" })), "auto", "fourier"],
  ["complex periodic gradient", complexUnknowns(gradient([2, 3])), "auto", "fourier"],
  ["periodic convolution", convolution2d({ height: 3, width: 4, kernel: [[1, 2], [0, -1]], boundary: "periodic" }), "auto", "fourier"], // biome-ignore format: a kernel
  ["scaled blur", scale(2, blur({ width: 7, sigma: 0.8 })), "auto", "fourier"],
  ["zero-padded blur", blur({ width: 7, sigma: 0.8, boundary: "zero" }), "auto", "gram"]
];

describe("linear module against dense elimination", () => {
  test.each(cases)("%s: means, variances, extrinsic precisions and log-partition", (_, op, method, expected) => {
    const module = linearModule(op, { method });
    expect(module.method).toBe(expected);
    const w = op.scalar === "complex" ? 2 : 1;
    const maps = [{ L: identity(w * op.cols) }, { L: realMatrix(op) }];
    for (const a of [
      [1.3, 0.7],
      [0.2, 40],
      [2, 0]
    ]) {
      const messages = randomMessages(module, a, rng.fork(`${_}${a}`));
      for (const port of [0, 1]) {
        const want = byBruteForce(module, maps, new Array(w * op.cols).fill(0), messages, port);
        const got = projected(module, port, messages);
        expect(largest(got.mean, want.mean)).toBeLessThan(1e-11);
        expect(largest(got.variances, want.variances)).toBeLessThan(1e-11);
        expect(Math.abs(got.v / want.v - 1)).toBeLessThan(1e-12);
        expect(Math.abs(got.extrinsic - (1 / want.v - a[port]))).toBeLessThan(1e-11 / want.v);
        expect(
          largest(
            got.b,
            want.mean.map((m, i) => m / want.v - messages[port].b[i])
          )
        ).toBeLessThan(1e-10);
        expect(Math.abs(module.logPartition(messages) - want.logPartition)).toBeLessThan(1e-11 * (1 + Math.abs(want.logPartition)));
      }
    }
  });
});

function matrixWithSpectrum(rows: number, cols: number, s: (i: number) => number): LinearOperator {
  // Householder-rotated diagonal: exact singular values
  const k = Math.min(rows, cols);
  const turn = (n: number, label: string): Vec => {
    const v = new Float64Array(n);
    rng.fork(label).fillNormal(v);
    const norm = Math.sqrt(v.reduce((t, x) => t + x * x, 0));
    return v.map((x) => x / norm);
  };
  const u = turn(rows, "u");
  const v = turn(cols, "v");
  const data = new Float64Array(rows * cols);
  // A = (I - 2uu^T) S (I - 2vv^T)
  let middle = 0;
  for (let i = 0; i < k; i++) middle += u[i] * s(i) * v[i];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) {
      const sij = i === j ? s(i) : 0;
      const left = i < k ? s(i) * v[i] : 0;
      const right = j < k ? u[j] * s(j) : 0;
      data[i * cols + j] = sij - 2 * left * v[j] - 2 * u[i] * right + 4 * u[i] * middle * v[j];
    }
  return denseFrom(rows, cols, data);
}

describe("extreme precisions and conditioning", () => {
  test.each([
    [60, 100],
    [100, 60],
    [80, 80]
  ])(
    "geometric spectrum of condition 1e6, %i x %i: v and extrinsic precisions equal the closed sums to 1e-9, at a up to 1e15",
    (rows, cols) => {
      const k = Math.min(rows, cols);
      const s = (i: number): number => 1000 * 10 ** ((-6 * i) / (k - 1));
      const module = linearModule(matrixWithSpectrum(rows, cols, s));
      for (const [ax, az] of [
        [1, 1],
        [1, 1e6],
        [1e-3, 1e12],
        [1e15, 1],
        [1, 1e15],
        [1e-15, 1e15]
      ]) {
        let v = (cols - k) / ax;
        let z = 0;
        let known = 0;
        for (let i = 0; i < k; i++) {
          const p = ax + az * s(i) ** 2;
          v += 1 / p;
          z += s(i) ** 2 / p;
          known += ax / p;
        }
        const messages = [
          { a: ax, b: new Float64Array(cols) },
          { a: az, b: new Float64Array(rows) }
        ];
        const x = projected(module, 0, messages);
        const out = projected(module, 1, messages);
        expect(Math.abs(x.v / (v / cols) - 1)).toBeLessThan(1e-9);
        expect(Math.abs(x.extrinsic / ((az * z) / v) - 1)).toBeLessThan(1e-9);
        expect(Math.abs(out.v / (z / rows) - 1)).toBeLessThan(1e-9);
        expect(Math.abs(out.extrinsic / ((known + (rows - k)) / z) - 1)).toBeLessThan(1e-9);
      }
    }
  );

  test("condition 1e6: the mean recovers x from z = A x at a_z = 1e15 and a_x = 1 to the shrinkage of the smallest singular value", () => {
    const n = 50;
    const s = (i: number): number => 10 ** ((-6 * i) / (n - 1));
    const op = matrixWithSpectrum(n, n, s);
    const x = new Float64Array(n);
    rng.fork("x").fillNormal(x);
    const z = new Float64Array(n);
    op.apply(x, z);
    for (const method of ["auto", "svd"] as const) {
      const module = linearModule(op, { method });
      const { mean } = projected(module, 0, [
        { a: 1, b: new Float64Array(n) },
        { a: 1e15, b: z.map((t) => 1e15 * t) }
      ]);
      // shrinkage 1/(1 + a_z s^2) <= 1e-3; the backward error of z, epsilon |z|/s_min, is 1e-10
      expect(largest(mean, x)).toBeLessThan(2e-3);
    }
  });

  test("a_x = 0 is finite when A^T A has full rank, and sends back no information about z when A is square", () => {
    const tall = linearModule(random(7, 4));
    const messages = randomMessages(tall, [0, 2], rng.fork("tall"));
    messages[0].b.fill(0);
    const x = projected(tall, 0, messages);
    expect(x.v).toBeGreaterThan(0);
    expect(x.v).toBeLessThan(1e3);
    expect(projected(tall, 1, messages).extrinsic).toBeGreaterThan(0);
    const square = projected(linearModule(random(5, 5)), 1, randomMessages(linearModule(random(5, 5)), [0, 2], rng));
    expect(square.extrinsic).toBeLessThan(1e-90);
  });

  test("a_x = 0 with unseen directions: variance 1e100, finite means, the least-norm solution", () => {
    for (const op of [random(4, 7), gradient([6]), subsampledDct({ rows: 4, cols: 9, rng: makeRng(3, "dct") }), rank2]) {
      for (const method of ["auto", "svd"] as const) {
        const module = linearModule(op, { method });
        const messages = randomMessages(module, [0, 2], rng.fork("unseen"));
        messages[0].b.fill(0);
        const x = projected(module, 0, messages);
        expect(x.v).toBeGreaterThan(1e98);
        expect(Math.max(...x.mean.map(Math.abs))).toBeLessThan(100);
        const z = projected(module, 1, messages);
        const image = new Float64Array(op.rows);
        op.apply(x.mean, image);
        expect(largest(z.mean, image)).toBeLessThan(1e-10);
      }
    }
  });
});

describe("agreement of the strategies", () => {
  const compare = (op: LinearOperator, methods: readonly LinearMethod[], tolerance: number): void => {
    const dense = denseFrom(op.rows, op.cols, materialise(op), { scalar: op.scalar });
    const reference = linearModule(dense, { method: "svd" });
    const messages = randomMessages(reference, [1.5, 30], rng.fork("strategies"));
    for (const method of methods) {
      const module = linearModule(op, { method });
      for (const port of [0, 1]) {
        const want = projected(reference, port, messages);
        const mean = new Float64Array(want.mean.length);
        const sent = module.project(port, messages, mean, new Float64Array(mean.length));
        expect(largest(mean, want.mean)).toBeLessThan(1e-10);
        expect(Math.abs(sent.v / want.v - 1)).toBeLessThan(tolerance);
        expect(Math.abs(sent.extrinsic / want.extrinsic - 1)).toBeLessThan(tolerance);
      }
    }
  };
  test("svd, gram and conjugate gradients give one mean to 1e-10 (real and complex, wide and tall)", () => {
    compare(random(40, 70), ["gram"], 1e-10);
    compare(random(70, 40, "complex"), ["gram"], 1e-10);
    // the traces of conjugate gradients are estimated from 8 probes: 5 standard deviations of (2/(8 n))^(1/2)
    compare(random(140, 270), ["conjugate-gradient"], 5 * Math.sqrt(2 / (8 * 140)));
    compare(random(140, 70, "complex"), ["conjugate-gradient"], 5 * Math.sqrt(2 / (8 * 70)));
  });
  test("closed forms equal the svd: subsampled dct, gradients, convolutions", () => {
    compare(subsampledDct({ rows: 31, cols: 64, rng: makeRng(5, "rows") }), ["rows", "gram", "svd"], 1e-10);
    compare(gradient([6, 8]), ["fourier"], 1e-10);
    compare(gradient([6, 8], { boundary: "reflect" }), ["fourier"], 1e-10);
    compare(blur({ height: 9, width: 8, sigma: 1 }), ["fourier"], 1e-10);
  });
  test("the error that conjugate gradients report for v covers what they miss, and their residual is at rounding", () => {
    const op = random(300, 400);
    const exact = linearModule(op);
    const probed = linearModule(op, { method: "conjugate-gradient" });
    const messages = randomMessages(exact, [1, 20], rng.fork("cg"));
    const v = projected(exact, 0, messages).v;
    const mean = new Float64Array(400);
    const got = probed.project(0, messages, mean, new Float64Array(400)).v;
    const error = probed.varianceError([1, 20]);
    expect(error).toBeGreaterThan(0);
    // standard error from eight probes: 6 of them, one false alarm in 1e3 (Student, 7 degrees of freedom)
    expect(Math.abs(got / v - 1)).toBeLessThan(6 * error);
    expect(probed.residual()).toBeLessThan(1e-12);
    expect(exact.varianceError([1, 20])).toBe(0);
  });
});

test("messages changed in place between calls: products remembered are never stale", () => {
  const ops = [random(6, 9), random(9, 6), subsampledDct({ rows: 4, cols: 9, rng: makeRng(3, "dct") }), gradient([5])];
  for (const op of ops)
    for (const method of ["auto", "conjugate-gradient"] as const) {
      const kept = linearModule(op, { method });
      const messages = randomMessages(kept, [1.5, 3], rng.fork("stale"));
      for (let k = 0; k < 4; k++) {
        messages[k % 2].b[k] += 1;
        for (const port of [0, 1]) {
          const mean = new Float64Array(messages[port].b.length);
          const want = mean.slice();
          kept.project(port, messages, mean, mean.slice());
          linearModule(op, { method }).project(port, messages, want, want.slice());
          expect([...mean]).toEqual([...want]);
        }
      }
    }
});

test("error bars by conjugate gradients: diagonals within what 32 probes allow", () => {
  const op = random(60, 90);
  const messages = randomMessages(linearModule(op), [1, 5], rng.fork("bars"));
  for (const port of [0, 1]) {
    const exact = projected(linearModule(op), port, messages).variances;
    const probed = projected(linearModule(op, { method: "conjugate-gradient" }), port, messages).variances;
    // the off-diagonal part of a row has norm below 0.6 here: 5 standard deviations of 0.6/32^(1/2)
    probed.forEach((v, i) => void expect(Math.abs(v - exact[i])).toBeLessThan(5 * 0.6 * Math.sqrt(1 / 32)));
    const average = (x: Vec): number => x.reduce((t, v) => t + v, 0) / x.length;
    expect(Math.abs(average(probed) / average(exact) - 1)).toBeLessThan(5 * Math.sqrt(2 / (32 * exact.length)));
  }
});

describe("laws of the linear module", () => {
  const modules = [linearModule(random(6, 9)), linearModule(random(9, 6, "complex")), linearModule(gradient([3, 3]))];
  test.each(modules)("d logPartition/db is the mean and d/da is -E|x|^2/2 at both ports (complex: twice)", (module) => {
    const complex = module.operator.scalar === "complex";
    const messages = randomMessages(module, [1.2, 2.5], rng.fork("law"));
    for (const port of [0, 1]) {
      const { mean, variances } = projected(module, port, messages);
      const step = 1e-4;
      const at = (change: (m: { a: number; b: Vec }) => void): number => {
        const copy = messages.map(({ a, b }) => ({ a, b: b.slice() }));
        change(copy[port]);
        return module.logPartition(copy);
      };
      for (let i = 0; i < mean.length; i += 2) {
        const slope = (at((m) => (m.b[i] += step)) - at((m) => (m.b[i] -= step))) / (2 * step);
        expect(Math.abs(slope / (complex ? 2 : 1) - mean[i])).toBeLessThan(1e-8);
      }
      const slope = (at((m) => (m.a += step)) - at((m) => (m.a -= step))) / (2 * step);
      const second = variances.reduce((s, v) => s + v, 0) + mean.reduce((s, x) => s + x * x, 0);
      expect(Math.abs(slope + (complex ? second : second / 2))).toBeLessThan(1e-6 * second);
    }
  });

  test.each(modules)(
    "derivatives of the free entropy in a are -size v/2 (complex: -size v), and v, extrinsic are those of project",
    (module) => {
      const complex = module.operator.scalar === "complex";
      const ports = [...module.inputs, ...module.outputs];
      const a = [1.7, 3.1];
      const tau = [1, 0];
      module.secondMoments(tau);
      for (const port of [0, 1]) {
        const step = 1e-4;
        const at = (sign: number): number =>
          module.freeEntropy(
            a.map((x, p) => (p === port ? x + sign * step : x)),
            tau
          );
        const slope = (at(1) - at(-1)) / (2 * step);
        const { v, extrinsic } = module.error(port, a, tau);
        expect(Math.abs(slope / ports[port].size + (complex ? v : v / 2))).toBeLessThan(1e-8);
        const got = projected(module, port, randomMessages(module, a, rng));
        expect(Math.abs(got.v / v - 1)).toBeLessThan(1e-12);
        expect(Math.abs(got.extrinsic / extrinsic - 1)).toBeLessThan(1e-12);
      }
    }
  );

  test("second moments: E z^2 = tau tr(A^T A)/rows", () => {
    const op = random(6, 9);
    const tau = [2, 0];
    linearModule(op).secondMoments(tau);
    expect(tau[1]).toBeCloseTo((2 * op.frobenius2) / 6, 12);
  });
});

test("a zero operator, an unknown method and a method that does not fit are refused in one sentence", () => {
  const messages = [
    { a: 1, b: new Float64Array(4) },
    { a: 1, b: new Float64Array(2) }
  ];
  const use = (op: LinearOperator, method: LinearMethod) => () => linearModule(op, { method }).logPartition(messages);
  expect(use(denseMatrix(2, 4), "auto")).toThrow(/must be finite and not zero/);
  expect(use(random(2, 4), "fourier")).toThrow(/method fourier needs/);
  expect(use(random(2, 4), "rows")).toThrow(/method rows needs/);
  expect(use(random(2, 4), "qr" as LinearMethod)).toThrow(/method must be one of auto, svd/);
  expect(() => linearModule(random(2, 4)).logPartition([messages[0]])).toThrow(/one message per port/);
  expect(() => linearModule(random(2, 4)).logPartition([messages[1], messages[0]])).toThrow(/length 4/);
});
