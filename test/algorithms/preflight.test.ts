import { describe, expect, test } from "vitest";
import { cure, metrics, preflight, solveGamp, squaredNorms } from "../../src/algorithms/index.ts";
import type { LinearOperator, Vec } from "../../src/core/types.ts";
import { denseMatrix } from "../../src/linalg/dense.ts";
import { makeOperator } from "../../src/linalg/operators/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { instance, type Instance } from "./instance.ts";

/** The instance with another matrix, its labels drawn again. */
function withMatrix(p: Instance, operator: LinearOperator): Instance {
  const z = new Float64Array(p.y.length);
  operator.apply(p.x0, z);
  const y = new Float64Array(p.y.length);
  p.channel.sample(makeRng(7, "y"), z, y);
  return { ...p, operator, y };
}
function dense(
  rows: number,
  cols: number,
  fill: (row: number, col: number, gaussian: number) => number,
  scalar: "real" | "complex" = "real"
) {
  const A = denseMatrix(rows, cols, { scalar });
  A.fillNormal(makeRng(11, "matrix"), 1 / Math.sqrt(cols));
  const w = scalar === "complex" ? 2 : 1;
  for (let k = 0; k < A.data.length; k += w) {
    const cell = k / w;
    A.data[k] = fill(Math.floor(cell / cols), cell % cols, A.data[k]);
  }
  A.changed();
  return A;
}

test("an i.i.d. matrix, tall, wide or complex, real or binary entries: nothing to report", () => {
  for (const [alpha, ensemble, prior, channel] of [
    [0.5, "gaussian-iid", "gaussian", "gaussian"],
    [3, "gaussian-iid", "gaussian", "gaussian"],
    [1, "binary-iid", "gaussian", "gaussian"],
    [0.7, "complex-gaussian-iid", "complex-gauss-bernoulli", "complex-gaussian"]
  ] as const)
    for (let seed = 0; seed < 3; seed++) {
      const found = preflight(instance(seed, 500, alpha, prior, channel, { ensemble }).operator, makeRng(seed));
      expect(found.findings, `${ensemble} alpha ${alpha}`).toEqual([]);
      expect(found.edgeRatio).toBeGreaterThan(0.9);
      expect(found.edgeRatio).toBeLessThan(1.1);
    }
});

describe("a mean in the matrix", () => {
  for (const [prior, channel] of [
    ["gauss-bernoulli:rho=0.2", "gaussian:noise=0.001"],
    ["gaussian", "gaussian:noise=0.1"],
    ["binary", "gaussian:noise=0.01"],
    ["gaussian", "sign"]
  ] as const)
    test(`0.8/sqrt(p), ${prior} x ${channel}: plain GAMP fails, the cured run is as good as on a centred matrix`, () => {
      const centredCase = instance(1, 800, 1, prior, channel);
      const reference = metrics(solveGamp(centredCase).state.mean, centredCase.x0).raw.mse;
      const p = instance(1, 800, 1, prior, channel, { ensemble: "gaussian-iid:mean=0.8" });
      const plain = solveGamp(p);
      const { findings, meanStrength } = preflight(p.operator, makeRng(0));
      expect(findings[0].name).toBe("mean");
      expect(findings[0].severity).toBe("critical");
      expect(meanStrength).toBeGreaterThan(5);
      const better = cure(p, findings);
      const { outcome, state } = solveGamp(better.problem, better.options);
      expect(["converged", "exact-recovery"], outcome.advice).toContain(outcome.kind);
      const mse = metrics(better.restore(state).mean, p.x0).raw.mse;
      if (channel === "sign")
        expect(mse).toBeLessThan(1.3 * reference + 0.05); // labels carry less when a mean decides many of them
      else {
        expect(mse).toBeLessThan(1.15 * reference + 1e-6);
        expect(plain.outcome.kind).toBe("diverged");
      }
    });

  test("row and column means of any shape are taken out, complex too", () => {
    const p = instance(0, 400, 1, "complex-gauss-bernoulli:rho=0.2", "complex-gaussian:noise=0.001", { ensemble: "complex-gaussian-iid" });
    const A = denseMatrix(400, 400, { scalar: "complex" });
    A.fillNormal(makeRng(1), 1 / 20);
    for (let k = 0; k < A.data.length; k += 2) {
      const [row, col] = [Math.floor(k / 800), (k / 2) % 400];
      A.data[k] += 0.05 * Math.sin(row) + 0.03 * Math.cos(col) + 0.04;
      A.data[k + 1] += 0.05 * Math.cos(2 * row) - 0.02;
    }
    A.changed();
    const z = new Float64Array(800);
    A.apply(p.x0, z);
    const y = new Float64Array(800);
    p.channel.sample(makeRng(2), z, y);
    const q = { ...p, operator: A, y };
    const { findings } = preflight(A, makeRng(0));
    const better = cure(q, findings);
    const { outcome, state } = solveGamp(better.problem, better.options);
    expect(outcome.kind, outcome.advice).toBe("converged");
    expect(metrics(better.restore(state).mean, p.x0, "complex").raw.mse).toBeLessThan(2 * state.variance[0]);
  });

  test("the centred operator and its adjoint are conjugate transposes, and its norm is exact", () => {
    for (const scalar of ["real", "complex"] as const) {
      const A = dense(30, 40, (row, col, z) => z + 0.5 + 0.3 * Math.sin(row) + 0.2 * col, scalar);
      const w = scalar === "complex" ? 2 : 1;
      const p =
        scalar === "complex"
          ? instance(0, 40, 0.75, "complex-gauss-bernoulli", "complex-gaussian", { ensemble: "complex-gaussian-iid" })
          : instance(0, 40, 0.75, "gaussian", "gaussian");
      const { problem } = cure({ ...p, operator: A, y: new Float64Array(30 * w) }, [
        { name: "mean", severity: "critical", sentence: "", cures: ["centre"] }
      ]);
      const B = problem.operator;
      const norms: Vec = squaredNorms(
        { ...B, scalar: B.scalar, rows: 30, cols: 40, frobenius2: B.frobenius2, apply: B.apply, adjoint: B.adjoint } as LinearOperator,
        "rows",
        makeRng(0)
      );
      expect(norms.reduce((a, b) => a + b, 0) / B.frobenius2).toBeCloseTo(1, 10);
      const [x, u, z, v] = [new Float64Array(40 * w), new Float64Array(40 * w), new Float64Array(30 * w), new Float64Array(30 * w)];
      makeRng(3).fillNormal(x);
      makeRng(4).fillNormal(z);
      B.apply(x, v);
      B.adjoint(z, u);
      const dot = (a: Vec, b: Vec) => a.reduce((s, t, i) => s + t * b[i], 0);
      expect(dot(v, z)).toBeCloseTo(dot(x, u), 9);
    }
  });
});

test("columns of very different norms: found, and normalising them beats the plain run with the right prior scale", () => {
  const p0 = instance(2, 600, 0.7, "gauss-bernoulli:rho=0.15", "gaussian:noise=0.001");
  const p = withMatrix(
    p0,
    dense(420, 600, (_, col, z) => z * (col % 3 === 0 ? 3 : col % 3 === 1 ? 1 : 0.3))
  );
  const { findings } = preflight(p.operator, makeRng(0));
  expect(findings.map((f) => f.name)).toContain("columns");
  const better = cure(p, findings);
  const { outcome, state } = solveGamp(better.problem, better.options);
  expect(outcome.kind, outcome.advice).toBe("converged");
  const restored = better.restore(state);
  const vector = solveGamp(p, { variances: "vector" });
  expect(vector.outcome.kind).toBe("converged");
  const [mse, reference, plain] = [restored.mean, vector.state.mean, solveGamp(p).state.mean].map((x) => metrics(x, p.x0).raw.mse);
  expect(mse / reference).toBeGreaterThan(0.7);
  expect(mse / reference).toBeLessThan(1.5);
  expect(mse).toBeLessThan(plain);
});

test("an ill-conditioned matrix, a rank-deficient one, a wrong adjoint, a wrong norm, NaN: each named", () => {
  const spread = dense(300, 300, (_row, _col, z) => z);
  const left = denseMatrix(300, 300);
  left.fillNormal(makeRng(5), 1 / Math.sqrt(300));
  const t = new Float64Array(300);
  const product: LinearOperator = {
    scalar: "real",
    rows: 300,
    cols: 300,
    frobenius2: 300,
    apply: (x, z) => {
      spread.apply(x, t);
      left.apply(t, z);
    },
    adjoint: (z, x) => {
      left.adjoint(z, t);
      spread.adjoint(t, x);
    }
  };
  expect(
    preflight(product, makeRng(0)).findings.some(
      (f) => f.name === "spectrum" && f.cures.includes("damp") && /theory does not cover/.test(f.sentence)
    )
  ).toBe(true);
  const low = dense(300, 300, (row, col) => (row < 5 ? Math.sin(row * col + col * col) : Math.sin((row % 5) * col + col * col)));
  expect(preflight(low, makeRng(0)).findings.map((f) => f.name)).toContain("rank");
  const wrong = { ...product, adjoint: product.apply };
  expect(preflight(wrong, makeRng(0)).findings.map((f) => f.name)).toContain("adjoint");
  expect(preflight({ ...spreadOf(spread), frobenius2: 10 * spread.frobenius2 }, makeRng(0)).findings.map((f) => f.name)).toContain("norm");
  const bad = dense(20, 20, (row, col, z) => (row === 3 && col === 4 ? Number.NaN : z));
  expect(() => preflight(bad, makeRng(0))).toThrow(/finite/);
});

function spreadOf(A: LinearOperator): LinearOperator {
  return {
    scalar: A.scalar,
    rows: A.rows,
    cols: A.cols,
    frobenius2: A.frobenius2,
    apply: (x, z) => A.apply(x, z),
    adjoint: (z, x) => A.adjoint(z, x)
  };
}

test.each([
  "subsampled-dct:rows=819,cols=2048,seed=1,signs=random,basis=haar1d",
  "subsampled-hadamard:rows=1024,cols=1024,seed=1,signs=random,basis=haar2d",
  "subsampled-dct:rows=20,cols=2048,seed=1,signs=random"
])("orthogonal rows, whose Lanczos ends early, are not called rank-deficient: %s", (spec) => {
  const { findings } = preflight(makeOperator(spec), makeRng(1));
  expect(findings.map((f) => f.name)).not.toContain("rank");
});
