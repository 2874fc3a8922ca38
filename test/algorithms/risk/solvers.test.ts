/** Every solver ends at the same minimiser, and its certificate says so. */
import { describe, expect, test } from "vitest";
import {
  coordinateRisk,
  gampRisk,
  lbfgsRisk,
  minimiseRisk,
  newtonRisk,
  type Penalty,
  type RiskMethod,
  type RiskProblem
} from "../../../src/algorithms/risk/index.ts";
import { make, ParameterError } from "../../../src/core/parameters.ts";
import { makeFromSpec } from "../../../src/core/specs.ts";
import type { Loss, Vec } from "../../../src/core/types.ts";
import { adjointOf, dct, denseFrom, materialise } from "../../../src/linalg/index.ts";
import * as losses from "../../../src/losses/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { distance, type Instance, instance } from "./instances.ts";

const signs = instance(500, 160, "signs");
const wideSigns = instance(150, 300, "signs", 0, 3);
const noisy = instance(600, 200, "signs", 0.5, 4);
const reals = instance(300, 200, "reals", 0.1);
const wide = instance(150, 300, "reals", 0.1, 2);
const sparse = instance(200, 300, "sparse", 0.01);

const smooth: readonly RiskMethod[] = ["newton", "lbfgs", "coordinate", "gamp"];
const kinked: readonly RiskMethod[] = ["coordinate", "gamp"];
/** name, data, loss, penalty, methods. */
const CASES: readonly (readonly [string, Instance, string, Penalty, readonly RiskMethod[]])[] = [
  ["ridge regression", reals, "square", { ridge: 1 }, smooth],
  ["ridge regression with more unknowns than data", wide, "square", { ridge: 0.1 }, smooth],
  ["square loss on signs", signs, "square", { ridge: Math.PI / 2 - 1 }, smooth],
  ["logistic ridge", signs, "logistic", { ridge: 1 }, smooth],
  ["logistic ridge near the best penalty", signs, "logistic", { ridge: 0.01 }, smooth],
  ["logistic ridge with more unknowns than data", wideSigns, "logistic", { ridge: 0.01 }, smooth],
  ["nearly unpenalised logistic on separable data", signs, "logistic", { ridge: 1e-4 }, smooth],
  ["huber ridge", reals, "huber:delta=0.2", { ridge: 0.1 }, smooth],
  ["lasso", sparse, "square", { l1: 0.1 }, kinked],
  ["lasso that is zero but for a few", sparse, "square", { l1: 1 }, kinked],
  ["lasso near interpolation", sparse, "square", { l1: 0.01 }, kinked],
  ["elastic net", sparse, "square", { l1: 0.1, ridge: 0.1 }, kinked],
  ["sparse logistic regression", signs, "logistic", { l1: 0.3 }, kinked],
  ["sparse huber regression", reals, "huber:delta=0.3", { l1: 0.3 }, kinked],
  ["support vectors", signs, "hinge", { ridge: 1 }, kinked],
  ["support vectors near the max margin", signs, "hinge", { ridge: 0.01 }, kinked],
  ["support vectors of margin 0.3 on noisy signs", noisy, "hinge:margin=0.3", { ridge: 0.1 }, kinked],
  ["sparse support vectors", noisy, "hinge", { ridge: 0.1, l1: 0.2 }, kinked],
  ["least absolute deviations", reals, "absolute", { ridge: 0.3 }, kinked]
];

describe("the minimisers of independent solvers agree to 1e-8", () => {
  for (const [name, data, loss, penalty, methods] of CASES)
    test(`${name}: ${methods.join(", ")}`, () => {
      const problem: RiskProblem = { operator: data.operator, y: data.y, loss: makeFromSpec<Loss>(losses, loss, "loss"), penalty };
      const results = methods.map((method) => minimiseRisk(problem, { method }));
      for (const r of results) {
        expect(r.outcome.kind, `${r.method}: ${r.outcome.advice}`).toBe("converged");
        expect(r.gap ?? 0, r.method).toBeGreaterThanOrEqual(0);
        expect(distance(r.w, results[0].w), `${r.method} against ${methods[0]}`).toBeLessThan(1e-8);
        expect(Math.abs(r.objective - results[0].objective)).toBeLessThan(1e-9 * (1 + results[0].objective));
      }
    });
});

/** The objective, written out once more. */
function objective({ operator, y, loss, penalty: { ridge = 0, l1 = 0 } }: RiskProblem, w: Vec): number {
  const z = new Float64Array(operator.rows);
  const l = new Float64Array(operator.rows);
  operator.apply(w, z);
  loss.value(y, z, l);
  return l.reduce((s, x) => s + x, 0) + w.reduce((s, x) => s + l1 * Math.abs(x) + 0.5 * ridge * x * x, 0);
}

test("the duality gap bounds what is missing, from wherever a solver stops", () => {
  const few = instance(120, 60, "signs", 0.3, 6);
  const real = instance(60, 80, "sparse", 0.05, 6);
  for (const [data, spec, penalty] of [
    [real, "square", { l1: 0.1 }],
    [real, "square", { l1: 0.1, ridge: 0.1 }],
    [real, "huber:delta=0.3", { l1: 0.1 }],
    [real, "absolute", { ridge: 0.3 }],
    [few, "logistic", { l1: 0.3 }],
    [few, "hinge", { ridge: 0.3 }],
    [few, "hinge", { ridge: 0.3, l1: 0.1 }]
  ] as const) {
    const problem: RiskProblem = { operator: data.operator, y: data.y, loss: makeFromSpec<Loss>(losses, spec, "loss"), penalty };
    const best = objective(problem, coordinateRisk(problem).w);
    for (const method of kinked)
      for (const iterations of [1, 5, 20]) {
        const r = minimiseRisk(problem, { method, iterations });
        expect(r.objective).toBeCloseTo(objective(problem, r.w), 8);
        const missing = r.objective - best;
        expect(missing, `${spec} ${method} after ${iterations}`).toBeLessThanOrEqual((r.gap as number) + 1e-10 * best);
      }
  }
});

test("ridge regression is the closed form (A^T A + ridge)^-1 A^T y, tall, wide, and as ridge -> 0", () => {
  // numbers small enough to solve by hand-written elimination
  for (const [n, p] of [
    [12, 5],
    [5, 12]
  ])
    for (const ridge of [0.3, 1e-9]) {
      const { operator, y } = instance(n, p, "reals", 0.1, 9);
      const A = materialise(operator);
      const M = Array.from({ length: p }, (_, i) =>
        Array.from({ length: p + 1 }, (_, j) => {
          let s = i === j ? ridge : 0;
          for (let mu = 0; mu < n; mu++) s += A[mu * p + i] * (j < p ? A[mu * p + j] : y[mu]);
          return s;
        })
      );
      for (let k = 0; k < p; k++)
        for (let i = 0; i < p; i++) {
          if (i === k) continue;
          const f = M[i][k] / M[k][k];
          for (let j = k; j <= p; j++) M[i][j] -= f * M[k][j];
        }
      const exact = Float64Array.from(M, (row, i) => row[p] / row[i]);
      for (const method of smooth) {
        if (method === "gamp") continue; // nothing asymptotic about 12 samples
        const r = minimiseRisk({ operator, y, loss: make(losses.square), penalty: { ridge } }, { method });
        expect(r.outcome.kind, `${method} ${n}x${p} ridge ${ridge}: ${r.outcome.advice}`).toBe("converged");
        // elimination itself loses 1/ridge digits
        expect(distance(r.w, exact), `${method} ${n}x${p} ridge ${ridge}`).toBeLessThan(ridge > 0.1 ? 1e-9 : 1e-5);
      }
    }
});

test("without a penalty the square loss of a wide matrix is interpolated at least norm", () => {
  const problem: RiskProblem = { operator: wide.operator, y: wide.y, loss: make(losses.square), penalty: {} };
  const nearly = newtonRisk({ ...problem, penalty: { ridge: 1e-8 } });
  for (const solve of [newtonRisk, lbfgsRisk]) {
    const r = solve(problem);
    expect(r.outcome.kind).toBe("converged");
    expect(r.trainingLoss).toBeLessThan(1e-16);
    expect(distance(r.w, nearly.w)).toBeLessThan(1e-6);
    expect(r.gap).toBeNull();
  }
});

test("separable data at ridge = 0 are called so, by every solver; with a penalty of 1e-10 they are solved", () => {
  const problem: RiskProblem = { operator: signs.operator, y: signs.y, loss: make(losses.logistic), penalty: {} };
  for (const method of smooth) {
    const { outcome, w } = minimiseRisk(problem, { method });
    expect(outcome.kind, method).toBe("diverged");
    expect(outcome.advice).toMatch(/^the data are separable: the minimiser is at infinity; take ridge > 0/);
    expect(w.every(Number.isFinite)).toBe(true);
  }
  const r = newtonRisk({ ...problem, penalty: { ridge: 1e-10 } });
  expect(r.outcome.kind).toBe("converged");
  expect(r.trainingLoss).toBeLessThan(1e-5);
});

test("inseparable data have a maximum-likelihood estimate at ridge = 0", () => {
  const data = instance(600, 60, "signs", 1, 5);
  const problem: RiskProblem = { operator: data.operator, y: data.y, loss: make(losses.logistic), penalty: {} };
  const [newton, lbfgs, gamp] = [newtonRisk(problem), lbfgsRisk(problem), gampRisk(problem)];
  for (const r of [newton, lbfgs, gamp]) {
    expect(r.outcome.kind).toBe("converged");
    expect(distance(r.w, newton.w)).toBeLessThan(1e-8);
  }
});

test("complementarity: at kinks the dual is strictly inside only where the sample lies on the kink", () => {
  const r = coordinateRisk({ operator: noisy.operator, y: noisy.y, loss: make(losses.hinge), penalty: { ridge: 0.1 } });
  const z = new Float64Array(noisy.y.length);
  noisy.operator.apply(r.w, z);
  let inside = 0;
  for (let mu = 0; mu < z.length; mu++) {
    const a = noisy.y[mu] * r.dual[mu];
    const margin = noisy.y[mu] * z[mu];
    if (margin > 1 + 1e-9) expect(Math.abs(a)).toBe(0);
    else if (margin < 1 - 1e-9) expect(a).toBe(1);
    else inside++;
    expect(a >= 0 && a <= 1).toBe(true);
  }
  expect(inside).toBeGreaterThan(0);
  expect(inside).toBeLessThanOrEqual(200);
});

test("operators without entries are minimised too, and f32 matrices", () => {
  const operator = adjointOf(dct(64), "inverse dct");
  const y = new Float64Array(64);
  makeRng(3, "y").fillNormal(y);
  const loss = make(losses.square);
  const r = lbfgsRisk({ operator, y, loss, penalty: { l1: 0, ridge: 0.5 } });
  const c = coordinateRisk({ operator, y, loss, penalty: { ridge: 0.5 } });
  const back = new Float64Array(64);
  operator.adjoint(y, back);
  for (let i = 0; i < 64; i++) back[i] /= 1.5; // orthonormal: (1 + ridge)^-1 A^T y
  expect(distance(r.w, back)).toBeLessThan(1e-9);
  expect(distance(c.w, back)).toBeLessThan(1e-9);
  const rows = Float32Array.from({ length: 600 }, (_, i) => Math.fround(Math.sin(i * i)));
  const half = denseFrom(30, 20, rows, { precision: "f32" });
  const full = denseFrom(30, 20, rows);
  const problem = { y: y.slice(0, 30), loss, penalty: { ridge: 0.1 } };
  expect(distance(newtonRisk({ operator: half, ...problem }).w, newtonRisk({ operator: full, ...problem }).w)).toBeLessThan(1e-12);
});

test("extreme scales of data, labels and penalties neither overflow nor lie", () => {
  for (const scale of [1e-8, 1e8])
    for (const ridge of [1e-6, 1e6]) {
      const operator = denseFrom(
        60,
        20,
        materialise(instance(60, 20, "reals").operator).map((x) => x * scale)
      );
      const y = instance(60, 20, "reals", 0.1).y;
      for (const [name, labels] of [
        ["square", y.map((x) => x * scale)],
        ["logistic", y.map(Math.sign)],
        ["huber", y],
        ["absolute", y],
        ["hinge", y.map(Math.sign)]
      ] as const) {
        const loss = makeFromSpec<Loss>(losses, name, "loss");
        const r = minimiseRisk({ operator, y: labels, loss, penalty: { ridge } });
        expect([...r.w, ...r.dual, r.objective, r.trainingLoss, r.gap ?? 0, r.outcome.residual].every(Number.isFinite), name).toBe(true);
        const at0 = objective({ operator, y: labels, loss, penalty: { ridge } }, new Float64Array(20));
        expect(r.objective).toBeLessThanOrEqual(at0 * (1 + 1e-12));
        if (loss.smooth) expect(r.outcome.kind, `${name} scale ${scale} ridge ${ridge}: ${r.outcome.advice}`).toBe("converged");
      }
    }
});

test("what does not fit is refused in one sentence", () => {
  const base: RiskProblem = { operator: signs.operator, y: signs.y, loss: make(losses.logistic), penalty: { ridge: 1 } };
  const cases: readonly [() => unknown, RegExp][] = [
    [() => minimiseRisk({ ...base, penalty: { ridge: -1 } }), /^risk: ridge must be a number in \[0, .*got -1$/],
    [() => minimiseRisk({ ...base, penalty: { l1: Number.NaN } }), /^risk: l1 must be .* got NaN$/],
    [() => minimiseRisk({ ...base, y: base.y.slice(1) }), /one label for each of the 500 rows of the matrix, got 499/],
    [() => minimiseRisk({ ...base, y: base.y.map((x) => 0.5 + 0.5 * x) }), /labels must be -1 or \+1, got 2 classes \(0, 1\)/],
    [() => minimiseRisk({ ...base, loss: make(losses.hinge), penalty: {} }), /take ridge > 0, such as 1e-3/],
    [() => newtonRisk({ ...base, penalty: { l1: 1 } }), /method newton needs a smooth loss .* got l1 = 1; use method coordinate/],
    [() => lbfgsRisk({ ...base, loss: make(losses.hinge) }), /method lbfgs needs a smooth loss .* got a loss with a kink/],
    [() => coordinateRisk({ ...base, loss: make(losses.hinge), penalty: { l1: 1 } }), /needs ridge > 0 for a loss with a kink, got 0/],
    [() => minimiseRisk(base, { tolerance: 0 }), /tolerance must be a number in \(0, 1\)/],
    [() => minimiseRisk(base, { iterations: 0 }), /iterations must be an integer >= 1/],
    [() => minimiseRisk(base, { start: new Float64Array(3) }), /start must be 160 finite numbers, got 3/],
    [() => minimiseRisk(base, { method: "sgd" as never }), /method must be one of auto, gamp, newton, lbfgs, coordinate, got sgd/]
  ];
  for (const [run, sentence] of cases) {
    expect(run).toThrow(ParameterError);
    expect(run).toThrow(sentence);
  }
});
