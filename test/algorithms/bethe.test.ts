import { expect, test } from "vitest";
import { type BetheState, bethe, solveGamp } from "../../src/algorithms/index.ts";
import { symmetricEigen } from "../../src/linalg/decompositions/index.ts";
import { instance, priorOf } from "./instance.ts";

for (const [name, p] of [
  ["real, sign channel", instance(0, 60, 2, "gauss-bernoulli:rho=0.4", "sign")],
  ["real, gaussian channel", instance(0, 60, 1, "binary", "gaussian:noise=0.5")],
  [
    "complex, modulus channel with noise",
    instance(0, 60, 4, "complex-gauss-bernoulli:rho=0.5", "modulus:noise=0.1", { ensemble: "complex-gaussian-iid" })
  ]
] as const)
  for (const variances of ["scalar", "vector"] as const)
    test(`${name}, ${variances} variances: the free entropy is stationary in every variable at a GAMP fixed point`, () => {
      const complex = p.operator.scalar === "complex";
      const { outcome, state } = solveGamp(p, {
        variances,
        tolerance: 1e-12,
        iterations: 5000,
        damping: 0.5,
        ...(complex ? { initialOverlap: 0.8, truth: p.x0, rng: p.rng } : {})
      });
      expect(outcome.kind).toBe("converged");
      const value = (s: BetheState) => bethe(p, s) as number;
      const here = value(state);
      // Central differences along a fixed direction of each variable: the slope vanishes, the curvature does not.
      for (const key of ["mean", "variance", "omega", "A", "b"] as const) {
        const scale = key === "variance" || key === "A" ? state[key][0] : 1;
        const moved = (h: number): BetheState => ({
          ...state,
          [key]: state[key].map((x, i) => x + h * scale * (1 + 0.5 * Math.sin(3 * i + 1)))
        });
        const h = 1e-4;
        const slope = (value(moved(h)) - value(moved(-h))) / (2 * h);
        const curvature = (value(moved(h)) + value(moved(-h)) - 2 * here) / h ** 2;
        expect(Math.abs(slope), `${key}: slope ${slope}, curvature ${curvature}`).toBeLessThan(1e-5 * (1 + Math.abs(curvature)));
      }
    });

test("linear Gaussian model: the error against the exact log-evidence is O(1) in the instance, so 1/N per component", () => {
  // ln P(y) = -(1/2) [ln det 2 pi K + y^T K^-1 y], K = A A^T + noise, from the eigenvalues of K.
  const error = (size: number, seed: number): number => {
    const p = instance(seed, size, 1.2, "gaussian", "gaussian:noise=0.4");
    const n = p.operator.rows;
    const K = new Float64Array(n * n);
    const e = new Float64Array(n);
    const x = new Float64Array(size);
    const col = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      e.fill(0);
      e[i] = 1;
      p.operator.adjoint(e, x);
      p.operator.apply(x, col);
      for (let j = 0; j < n; j++) K[i * n + j] = col[j] + (i === j ? 0.4 : 0);
    }
    const { values, vectors } = symmetricEigen({ rows: n, cols: n, data: K });
    if (!vectors) throw new Error("vectors were asked for");
    let exact = 0;
    for (let k = 0; k < n; k++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += vectors[k * n + i] * p.y[i];
      exact -= 0.5 * (Math.log(2 * Math.PI * values[k]) + dot ** 2 / values[k]);
    }
    const { state } = solveGamp(p, { tolerance: 1e-11, iterations: 2000 });
    return Math.abs((bethe(p, state) as number) - exact);
  };
  for (const size of [100, 400]) {
    const errors = [0, 1, 2, 3].map((seed) => error(size, seed));
    for (const e of errors) expect(e, `size ${size}: errors ${errors}`).toBeLessThan(3);
  }
});

test("sparse regression: the free entropy per component is the replica one within 5 standard errors plus 2/N", () => {
  // Psi_w(r) + alpha Psi_out(q) - r q/2 at the fixed point, by the trapezoid rule; theory.md, section 1.
  const [rho, noise, alpha, N] = [0.3, 0.01, 0.8, 1500];
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const E = (f: (z: number) => number) => {
    let s = 0;
    for (let k = 0; k <= 400; k++) s += f(-9 + (18 * k) / 400) * density(-9 + (18 * k) / 400) * (18 / 400);
    return s;
  };
  const logZ = (r: number, b: number) => Math.log(1 - rho + (rho / Math.sqrt(1 + r)) * Math.exp(Math.min(600, (b * b) / (2 * (1 + r)))));
  const psi = (r: number) => rho * E((z) => logZ(r, Math.sqrt(r + r * r) * z)) + (1 - rho) * E((z) => logZ(r, Math.sqrt(r) * z));
  const pi = (r: number, b: number) => 1 / (1 + ((1 - rho) / rho) * Math.sqrt(1 + r) * Math.exp((-b * b) / (2 * (1 + r))));
  const second = (r: number) =>
    (rho * E((z) => (pi(r, Math.sqrt(r + r * r) * z) * Math.sqrt(r + r * r) * z) ** 2) +
      (1 - rho) * E((z) => (pi(r, Math.sqrt(r) * z) * Math.sqrt(r) * z) ** 2)) /
    (1 + r) ** 2;
  let q = 0;
  for (let t = 0; t < 300; t++) q = second(alpha / (noise + rho - q));
  const r = alpha / (noise + rho - q);
  const replica = psi(r) - 0.5 * alpha * Math.log(2 * Math.PI * Math.E * (noise + rho - q)) - (r * q) / 2;
  const values = Array.from({ length: 8 }, (_, seed) => {
    const p = instance(seed, N, alpha, `gauss-bernoulli:rho=${rho}`, `gaussian:noise=${noise}`);
    return (bethe(p, solveGamp(p).state) as number) / N;
  });
  const mean = values.reduce((a, b) => a + b, 0) / 8;
  const sem = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 7 / 8);
  expect(Math.abs(mean - replica), `instances ${mean} +- ${sem}, replica ${replica}`).toBeLessThan(5 * sem + 2 / N);
});

test("there is no evidence for a MAP prior, and none at V = 0: null, not NaN", () => {
  const p = instance(0, 300, 0.8, "gauss-bernoulli:rho=0.1", "gaussian:noise=0.001");
  expect(bethe({ ...p, prior: priorOf("l1") }, solveGamp(p).state)).toBeNull();
  const exact = instance(0, 300, 3, "binary", "sign");
  const value = bethe(exact, solveGamp(exact).state);
  expect(value === null || Number.isFinite(value)).toBe(true);
});
