import { describe, expect, test } from "vitest";
import { gamp, metrics, solveGamp } from "../../src/algorithms/index.ts";
import { succeeded } from "../../src/core/outcome.ts";
import { ParameterError } from "../../src/core/parameters.ts";
import type { LinearOperator, Vec } from "../../src/core/types.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { instance, priorOf } from "./instance.ts";

/** Solves (A^T A/noise + 1/variance) x = A^T y/noise by Gaussian elimination, real A given by its action. */
function ridge(A: LinearOperator, y: Vec, noise: number, variance: number): number[] {
  const p = A.cols;
  const K: number[][] = [];
  const e = new Float64Array(p);
  const z = new Float64Array(A.rows);
  const out = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    e.fill(0);
    e[i] = 1;
    A.apply(e, z);
    A.adjoint(z, out);
    K.push([...out].map((v, j) => v / noise + (i === j ? 1 / variance : 0)));
  }
  A.adjoint(y, out);
  const x = [...out].map((v) => v / noise);
  for (let i = 0; i < p; i++)
    for (let k = i + 1; k < p; k++) {
      const f = K[k][i] / K[i][i];
      for (let j = i; j < p; j++) K[k][j] -= f * K[i][j];
      x[k] -= f * x[i];
    }
  for (let i = p - 1; i >= 0; i--) {
    for (let j = i + 1; j < p; j++) x[i] -= K[i][j] * x[j];
    x[i] /= K[i][i];
  }
  return x;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  let t = 0;
  for (let i = 0; i < a.length; i++) {
    s += (a[i] - b[i]) ** 2;
    t += b[i] ** 2;
  }
  return Math.sqrt(s / t);
}

describe("linear Gaussian model", () => {
  // At a fixed point g = (y - A m)/noise and A^T g = m/variance whatever the variances: the ridge estimate exactly, at any size.
  const p = instance(0, 120, 1.5, "gaussian", "gaussian:noise=0.3");
  const exact = ridge(p.operator, p.y, 0.3, 1);
  for (const variances of ["scalar", "vector"] as const)
    for (const damping of [0, 0.4, "adaptive"] as const)
      test(`the fixed point is the ridge estimate with ${variances} variances and damping ${damping}`, () => {
        const { outcome, state } = solveGamp(p, { variances, damping, tolerance: 1e-11, iterations: 2000 });
        expect(outcome.kind).toBe("converged");
        expect(distance(state.mean, exact)).toBeLessThan(1e-8);
      });

  test("any scaling of the matrix is right: A, 30 A and A/30 with matching priors give one estimate", () => {
    const means = [1, 30, 1 / 30].map((s) => {
      const operator: LinearOperator = {
        ...p.operator,
        rows: p.operator.rows,
        cols: p.operator.cols,
        scalar: "real",
        frobenius2: p.operator.frobenius2 * s * s,
        apply: (x, z) => {
          p.operator.apply(x, z);
          for (let i = 0; i < z.length; i++) z[i] *= s;
        },
        adjoint: (z, x) => {
          p.operator.adjoint(z, x);
          for (let i = 0; i < x.length; i++) x[i] *= s;
        }
      };
      const { outcome, state } = solveGamp({ ...p, operator, prior: priorOf(`gaussian:variance=${1 / (s * s)}`) }, { tolerance: 1e-11 });
      expect(outcome.kind).toBe("converged");
      return [...state.mean].map((m) => m * s);
    });
    expect(distance(means[1], means[0])).toBeLessThan(1e-9);
    expect(distance(means[2], means[0])).toBeLessThan(1e-9);
  });
});

test("a MAP prior makes it LASSO: the fixed point satisfies the optimality conditions of the convex problem", () => {
  // min |y - A x|^2/(2 noise) + lambda |x|_1: the gradient A^T(y - A x)/noise is lambda sign(x) where x != 0 and at most lambda elsewhere.
  const [noise, lambda] = [0.05, 5];
  const p = instance(6, 500, 0.6, "gauss-bernoulli:rho=0.1", `gaussian:noise=${noise}`);
  for (const variances of ["scalar", "vector"] as const) {
    const { outcome, state } = solveGamp({ ...p, prior: priorOf(`l1:rate=${lambda}`) }, { variances, tolerance: 1e-12, iterations: 3000 });
    expect(outcome.kind, outcome.advice).toBe("converged");
    const z = new Float64Array(p.y.length);
    const gradient = new Float64Array(500);
    p.operator.apply(state.mean, z);
    p.operator.adjoint(
      z.map((v, i) => (p.y[i] - v) / noise),
      gradient
    );
    const active = state.mean.filter((x) => x !== 0).length;
    expect(active).toBeGreaterThan(20);
    expect(active).toBeLessThan(200);
    for (let i = 0; i < 500; i++)
      if (state.mean[i] !== 0) expect(Math.abs(gradient[i] - lambda * Math.sign(state.mean[i]))).toBeLessThan(1e-6 * lambda);
      else expect(Math.abs(gradient[i])).toBeLessThan(lambda * (1 + 1e-9));
  }
});

describe("options", () => {
  test("damping reaches the same fixed point on a nonlinear model", () => {
    const p = instance(1, 800, 2, "gaussian", "sign");
    const free = solveGamp(p, { tolerance: 1e-10 });
    const damped = solveGamp(p, { tolerance: 1e-10, damping: 0.5, iterations: 1000 });
    expect([free.outcome.kind, damped.outcome.kind]).toEqual(["converged", "converged"]);
    expect(distance(damped.state.mean, free.state.mean)).toBeLessThan(1e-7);
  });

  test("an f32 matrix reaches the f64 estimate within 1e-4", () => {
    const [a, b] = (["f64", "f32"] as const).map((precision) =>
      instance(2, 1000, 0.6, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.001", { precision })
    );
    const [x, z] = [solveGamp(a), solveGamp({ ...b, y: a.y })];
    expect([x.outcome.kind, z.outcome.kind]).toEqual(["converged", "converged"]);
    expect(distance(z.state.mean, x.state.mean)).toBeLessThan(1e-4);
  });

  test("vector variances agree with scalar ones on an i.i.d. matrix and beat them when rows differ in size", () => {
    const p = instance(3, 600, 0.7, "gauss-bernoulli:rho=0.1", "gaussian:noise=0.001");
    const run = (variances: "scalar" | "vector") => solveGamp(p, { variances });
    expect(metrics(run("vector").state.mean, p.x0).raw.mse / metrics(run("scalar").state.mean, p.x0).raw.mse).toBeCloseTo(1, 0);
    const A = denseMatrix(p.operator.rows, p.operator.cols);
    A.fillNormal(makeRng(3, "uneven"), 1 / Math.sqrt(A.cols));
    for (let k = 0; k < A.data.length; k++) A.data[k] *= Math.floor(k / A.cols) % 2 ? 3 : 0.1;
    A.changed();
    const y = new Float64Array(A.rows);
    const z = new Float64Array(A.rows);
    A.apply(p.x0, z);
    p.channel.sample(makeRng(3, "y"), z, y);
    const uneven = { ...p, operator: A, y };
    const vector = solveGamp(uneven, { variances: "vector" });
    expect(vector.outcome.kind).toBe("converged");
    const scalar = solveGamp(uneven);
    expect(metrics(vector.state.mean, p.x0).raw.mse).toBeLessThan(metrics(scalar.state.mean, p.x0).raw.mse);
  });

  test("without the Onsager term the error is larger at the horizon", () => {
    const p = instance(4, 1000, 0.6, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.0001");
    const withIt = metrics(solveGamp(p).state.mean, p.x0).raw.mse;
    const without = metrics(solveGamp(p, { onsager: false }).state.mean, p.x0).raw.mse;
    expect(without).toBeGreaterThan(3 * withIt);
  });

  test("a run stopped half-way and warm-started with its score goes on as if never stopped", () => {
    const p = instance(5, 300, 2, "gaussian", "sign");
    let at6: Vec = new Float64Array();
    let at10: Vec = new Float64Array();
    let warm = { mean: new Float64Array(), variance: new Float64Array() as Vec, g: new Float64Array() };
    for (const s of gamp(p)) {
      if (s.t === 6) {
        at6 = s.mean.slice();
        warm = { mean: s.mean.slice(), variance: s.variance.slice(), g: s.g.slice() };
      }
      if (s.t === 10) {
        at10 = s.mean.slice();
        break;
      }
    }
    expect(at6.length).toBe(300);
    for (const s of gamp(p, { init: warm }))
      if (s.t === 4) {
        expect([...s.mean]).toEqual([...at10]);
        break;
      }
  });

  test("seed 0 is a seed: a planted start has the overlap asked for, within 5 standard errors, and the same numbers twice", () => {
    const p = instance(0, 4000, 0.5, "gaussian", "abs");
    const start = () => {
      for (const s of gamp(p, { initialOverlap: 0.3, truth: p.x0, rng: makeRng(0) })) return s.mean.slice();
      throw new Error("no frame");
    };
    const mean = start();
    const power = metrics(p.x0, p.x0).raw.overlap;
    expect(Math.abs(metrics(mean, p.x0).raw.overlap / power - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 4000));
    expect(Math.abs(metrics(mean, mean).raw.overlap / power - 0.3)).toBeLessThan(5 * Math.sqrt(2 / 4000));
    expect([...start()]).toEqual([...mean]);
  });
});

describe("outcomes", () => {
  test("converged: sparse regression with noise", () => {
    const p = instance(0, 800, 0.6, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.001");
    const { outcome, state } = solveGamp(p);
    expect(outcome.kind).toBe("converged");
    expect(outcome.residual).toBeLessThan(1e-7);
    expect(state.t).toBe(outcome.iterations);
  });

  test("exact-recovery: noiseless sparse regression above its threshold, for every one of eight seeds", () => {
    for (let seed = 0; seed < 8; seed++) {
      const p = instance(seed, 800, 0.6, "gauss-bernoulli:rho=0.2", "gaussian:noise=0");
      const { outcome, state } = solveGamp(p);
      expect(outcome.kind, outcome.advice).toBe("exact-recovery");
      expect(metrics(state.mean, p.x0).raw.mse).toBeLessThan(1e-17);
    }
  });

  test("exact-recovery: binary perceptron at alpha 2, declared once less than 1e-4 wrong weights are expected", () => {
    const p = instance(0, 1000, 2, "binary", "sign");
    const { outcome, state } = solveGamp(p);
    expect(outcome.kind).toBe("exact-recovery");
    expect(metrics(state.mean, p.x0).raw.mse).toBeLessThan(1e-7);
    expect(state.mean.every((x, i) => Math.sign(x) === p.x0[i])).toBe(true);
  });

  test("damping averages the whole map: a run that converges undamped converges at every damping (it was driven out at 0.4)", () => {
    const p = instance(1, 600, 1.2, "binary", "sign");
    const free = solveGamp(p, { tolerance: 1e-9, iterations: 2000 });
    expect(free.outcome.kind).toBe("converged");
    for (const damping of [0.2, 0.4, 0.7]) {
      const { outcome, state } = solveGamp(p, { damping, tolerance: 1e-9, iterations: 2000 });
      expect(outcome.kind).toBe("converged");
      for (let i = 0; i < state.mean.length; i++) expect(Math.abs(state.mean[i] - free.state.mean[i])).toBeLessThan(1e-6);
    }
  });

  test("horizon: too few sweeps, with advice", () => {
    const { outcome } = solveGamp(instance(0, 500, 2, "gaussian", "sign"), { iterations: 3 });
    expect(outcome.kind).toBe("horizon");
    expect(outcome.iterations).toBe(3);
    expect(outcome.advice).toContain("raise iterations");
  });

  test("diverged: a matrix with mean 0.8/sqrt(p) is caught within 10 sweeps and the best state is returned, finite", () => {
    const p = instance(0, 1000, 0.8, "gauss-bernoulli:rho=0.2", "gaussian:noise=0.001", { ensemble: "gaussian-iid:mean=0.8" });
    const { outcome, state } = solveGamp(p);
    expect(outcome.kind).toBe("diverged");
    expect(succeeded(outcome)).toBe(false);
    expect(outcome.iterations).toBeLessThan(10);
    expect(state.t).toBeLessThan(outcome.iterations);
    expect(outcome.advice).toMatch(/centre/);
    for (const x of [...state.mean, ...state.variance, ...state.omega, ...state.g, ...state.b]) expect(Number.isFinite(x)).toBe(true);
  });

  test("diverged, not exact-recovery: a binary estimate locked in a wrong corner by a matrix with a mean", () => {
    const p = instance(0, 1000, 0.8, "binary", "gaussian:noise=0.001", { ensemble: "gaussian-iid:mean=0.5" });
    const { outcome, state } = solveGamp(p);
    expect(outcome.kind).toBe("diverged");
    expect(metrics(state.mean, p.x0).raw.mse).toBeGreaterThan(0.01);
  });

  test("trivial-fixed-point: phase retrieval from zero is a fixed point, unstable above alpha 1/2 and stable below", () => {
    const above = solveGamp(instance(0, 1000, 1.5, "gaussian", "abs"));
    expect(above.outcome.kind).toBe("trivial-fixed-point");
    expect(above.outcome.advice).toMatch(/unstable.*spectral/);
    const below = solveGamp(instance(0, 1000, 0.25, "gaussian", "abs"));
    expect(below.outcome.kind).toBe("trivial-fixed-point");
    expect(below.outcome.advice).toMatch(/stable fixed point/);
  });

  test("a start with a tiny overlap is not mistaken for convergence: phase retrieval with noise leaves overlap 1e-10", () => {
    const p = instance(0, 1000, 3, "gaussian", "abs:noise=0.01");
    const { outcome, state } = solveGamp(p, { initialOverlap: 1e-10, truth: p.x0, rng: makeRng(1) });
    expect(outcome.kind).toBe("converged");
    expect(Math.abs(metrics(state.mean, p.x0).aligned.cosine)).toBeGreaterThan(0.9);
  });

  test("a noiseless channel on inconsistent data does not claim success", () => {
    const p = instance(0, 200, 2, "gauss-bernoulli:rho=0.2", "gaussian:noise=0");
    const y = p.y.map((v, i) => v + 0.1 * Math.sin(i * 7.3));
    const { outcome, state } = solveGamp({ ...p, y });
    expect(succeeded(outcome)).toBe(false);
    for (const x of state.mean) expect(Number.isFinite(x)).toBe(true);
  });
});

describe("complex", () => {
  test("complex compressed sensing recovers jointly sparse signals with the error it claims", () => {
    const p = instance(0, 800, 0.5, "complex-gauss-bernoulli:rho=0.1", "complex-gaussian:noise=0.0001", {
      ensemble: "complex-gaussian-iid"
    });
    const { outcome, state } = solveGamp(p);
    expect(outcome.kind).toBe("converged");
    expect(metrics(state.mean, p.x0, "complex").raw.mse / state.variance[0]).toBeGreaterThan(0.7);
    expect(metrics(state.mean, p.x0, "complex").raw.mse / state.variance[0]).toBeLessThan(1.4);
  });
});

test("complex phase retrieval at alpha 3, N = 300: damping 0.15 recovers every seed, no damping leaves some oscillating", () => {
  const run = (seed: number, damping: number) => {
    const p = instance(seed, 300, 3, "complex-gauss-bernoulli:rho=1", "modulus", { ensemble: "complex-gaussian-iid" });
    return solveGamp(p, { damping, init: "spectral", rng: p.rng, iterations: 800 }).outcome.kind;
  };
  const seeds = [0, 1, 2, 3];
  expect(seeds.map((s) => run(s, 0.15))).toEqual(seeds.map(() => "exact-recovery"));
  expect(seeds.map((s) => run(s, 0))).toContain("diverged");
}, 60_000);

describe("refusals are one sentence", () => {
  const p = instance(0, 20, 1, "gaussian", "gaussian:noise=0.1");
  const cases: [string, () => unknown, RegExp][] = [
    ["y of the wrong length", () => gamp({ ...p, y: new Float64Array(19) }), /y must have 20 numbers \(20 rows\), got 19/],
    ["NaN in y", () => gamp({ ...p, y: p.y.map((v, i) => (i === 3 ? Number.NaN : v)) }), /y must be finite, got NaN at index 3/],
    ["damping 1", () => gamp(p, { damping: 1 }), /damping must be adaptive or a number in \[0, 1\).*got 1/],
    ["no iterations", () => gamp(p, { iterations: 0 }), /iterations must be an integer >= 1/],
    ["tolerance", () => gamp(p, { tolerance: Number.NaN }), /tolerance/],
    [
      "a complex prior on a real matrix",
      () => gamp({ ...p, prior: priorOf("complex-gauss-bernoulli") }),
      /prior must be real like the matrix, got a complex prior/
    ],
    ["informed without the truth", () => gamp(p, { init: "informed" }), /needs truth/],
    ["overlap out of range", () => gamp(p, { initialOverlap: 2, truth: p.x0, rng: p.rng }), /initialOverlap must be a number in \[0, 1\]/],
    ["truth of the wrong length", () => gamp(p, { truth: new Float64Array(3) }), /truth must have 20 numbers, got 3/],
    ["spectral start of a channel that is not even", () => gamp(p, { init: "spectral", rng: p.rng }), /uninformed already works/],
    [
      "vector variances without squares",
      () =>
        gamp(
          {
            ...p,
            operator: {
              ...p.operator,
              scalar: "real",
              rows: 20,
              cols: 20,
              frobenius2: 20,
              apply: p.operator.apply,
              adjoint: p.operator.adjoint,
              applySquared: undefined as never
            }
          },
          { variances: "vector" }
        ),
      /vector variances need/
    ]
  ];
  for (const [name, run, message] of cases)
    test(name, () => {
      expect(run).toThrow(ParameterError);
      expect(run).toThrow(message);
    });
});
