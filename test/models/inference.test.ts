/** Models as algorithms see them: a branching Gaussian model against its exact posterior, and learning by name. */
import { expect, test } from "vitest";
import { solveEpLearn, solveGraph } from "../../src/algorithms/graph/index.ts";
import { activations, assume, layers, learnable, likelihoods, model, observe, priors } from "../../src/models/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

/** Gaussian elimination with pivoting. */
function solveLinear(M: number[][], rhs: number[]): number[] {
  const rows = M.map((row, i) => [...row, rhs[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(rows[best][k]) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const f = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= f * rows[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) x[k] = (rows[k][n] - rows[k].slice(k + 1, n).reduce((s, a, j) => s + a * x[k + 1 + j], 0)) / rows[k][k];
  return x;
}

test("x seen through a matrix and held by a penalty on its gradient: the mean is that of the exact Gaussian posterior", () => {
  const n = 12;
  const rng = makeRng(3);
  const A = Array.from({ length: 8 }, () => Array.from({ length: n }, () => rng.normal()));
  const y = Array.from({ length: 8 }, () => rng.normal());
  const x = priors.gaussian({ variance: 2 }).variable("x", n);
  const m = model(
    observe(likelihoods.gaussian({ noise: 0.5 }), layers.linear(A)(x), y),
    assume(priors.gaussian({ variance: 0.25 }), layers.gradient()(x))
  );
  const { outcome, state } = solveGraph(m.graph, { iterations: 2000, tolerance: 1e-12 });
  expect(outcome.kind).toBe("converged");
  // (I/2 + A^T A/0.5 + D^T D/0.25) x = A^T y/0.5, D periodic differences
  const M = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => {
      const laplacian = i === j ? 2 : (i - j + n) % n === 1 || (j - i + n) % n === 1 ? -1 : 0;
      return (i === j ? 0.5 : 0) + A.reduce((s, row) => s + row[i] * row[j], 0) / 0.5 + laplacian / 0.25;
    })
  );
  const exact = solveLinear(
    M,
    Array.from({ length: n }, (_, i) => A.reduce((s, row, k) => s + row[i] * y[k], 0) / 0.5)
  );
  const mean = state.variables[m.variable("x").index].mean;
  for (let i = 0; i < n; i++) expect(mean[i]).toBeCloseTo(exact[i], 8);
  // copies of a branching variable agree with it
  for (const copy of state.variables.filter((v) => v.name.startsWith("x#")))
    for (let i = 0; i < n; i++) expect(copy.mean[i]).toBeCloseTo(exact[i], 8);
});

test("learning sees which modules a parameter changes, and finds the noise of a network", () => {
  const x = priors.gaussBernoulli({ rho: 0.2 }).variable("x", 300);
  const h = activations.leakyRelu({ slope: 0.5 })(layers.ensemble("gaussian-iid", { ratio: 3 })(x));
  const { model: m } = model(observe(likelihoods.gaussian({ noise: 0.05 }), h)).sample(makeRng(4));
  const numbers = learnable(m);
  expect(Object.keys(numbers.values)).toEqual(["x.rho", "x.mean", "x.variance", "h1.slope", "h1.noiseBefore", "h1.noiseAfter", "y.noise"]);
  const before = numbers.graph(numbers.values).modules;
  const after = numbers.graph({ ...numbers.values, "y.noise": 0.3 }).modules;
  expect(after.map((module, k) => module === before[k])).toEqual([true, true, true, false]);
  const start = m.with({ "y.noise": 0.5 });
  const { learned } = solveEpLearn(learnable(start), { learn: ["y.noise"], iterations: 400 });
  // 900 measurements, 300 unknowns: a variance is known to sqrt(2/600) = 6 percent, four of them
  expect(Math.abs(Math.log(learned[0].value / 0.05))).toBeLessThan(0.24);
});
