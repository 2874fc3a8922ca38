/** The scenario's parts against dense algebra, optimality conditions, sampling, and the exact posterior of a line (transfer recursion). */
import { describe, expect, test } from "vitest";
import { betheFreeEntropy, solveGraph } from "../../src/algorithms/graph/index.ts";
import { parse } from "../../src/core/parameters.ts";
import { average, final, simulateRun } from "../../src/core/scenario.ts";
import type { Values, Vec } from "../../src/core/types.ts";
import { gridTransform } from "../../src/linalg/index.ts";
import { groupSparsityModule } from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { type Instance, sampleInstance, totalVariation } from "../../src/scenarios/totalVariation.ts";
import { type Field, gridField } from "../../src/scenarios/totalVariation/field.ts";
import { fidelityModule } from "../../src/scenarios/totalVariation/fidelity.ts";
import { estimateOf } from "../../src/scenarios/totalVariation/penalties.ts";
import { drawMosaic } from "../../src/scenarios/totalVariation/truth.ts";

type P = Values<typeof totalVariation.params>;
const given = (p: Partial<P>): P => parse(totalVariation, p) as P;

function gaussian(label: string, n: number, scale = 1): Vec {
  const x = new Float64Array(n);
  makeRng(5, label).fillNormal(x, scale);
  return x;
}

/** Rows of the gradient (or of the blur) as a dense matrix. */
function dense(rows: number, cols: number, apply: (x: Vec, z: Vec) => void): number[][] {
  const columns = Array.from({ length: cols }, (_, j) => {
    const x = new Float64Array(cols);
    x[j] = 1;
    const z = new Float64Array(rows);
    apply(x, z);
    return z;
  });
  return Array.from({ length: rows }, (_, i) => columns.map((c) => c[i]));
}

/** Inverse and log-determinant by Gauss-Jordan elimination of a positive definite matrix. */
function invert(A: readonly (readonly number[])[]): { inverse: number[][]; logDet: number } {
  const n = A.length;
  const M = A.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDet = 0;
  for (let k = 0; k < n; k++) {
    const pivot = M[k][k];
    logDet += Math.log(pivot);
    for (let j = 0; j < 2 * n; j++) M[k][j] /= pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const f = M[i][k];
      for (let j = 0; j < 2 * n; j++) M[i][j] -= f * M[k][j];
    }
  }
  return { inverse: M.map((row) => row.slice(n)), logDet };
}

function parts(field: Field) {
  const D = dense(field.m, field.n, (x, g) => field.gradient(x, g));
  const B = dense(field.n, field.n, (x, z) => {
    z.set(x);
    field.filter(z, field.transfer);
  });
  const gram = (M: number[][], i: number, j: number) => M.reduce((s, row) => s + row[i] * row[j], 0);
  return { D, B, gram };
}

describe("observations of a gradient", () => {
  for (const shape of [[9], [3, 4]])
    test(`${shape.join(" x ")}: means, variances and evidence are those of dense algebra`, () => {
      const field = gridField(shape, 0.8);
      const { n, m } = field;
      const { D, B, gram } = parts(field);
      const [noise, a] = [0.3, 0.7];
      const y = gaussian("y", n);
      const b = gaussian("b", m);
      const module = fidelityModule(field, noise, y);
      const A = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => gram(B, i, j) / noise + a * gram(D, i, j)));
      const { inverse, logDet } = invert(A);
      const pull = Array.from(
        { length: n },
        (_, i) => B.reduce((s, row, k) => s + (row[i] * y[k]) / noise, 0) + D.reduce((s, row, k) => s + row[i] * b[k], 0)
      );
      const x = inverse.map((row) => row.reduce((s, v, j) => s + v * pull[j], 0));
      const g = D.map((row) => row.reduce((s, v, j) => s + v * x[j], 0));
      const spread = D.map((row) => row.reduce((s, v, i) => s + v * inverse[i].reduce((t, c, j) => t + c * row[j], 0), 0));
      const mean = new Float64Array(m);
      const sent = new Float64Array(m);
      const { v, extrinsic } = module.project(0, [{ a, b }], mean, sent);
      const variances = new Float64Array(m);
      module.variances(0, [{ a, b }], variances);
      for (let i = 0; i < m; i++) {
        expect(mean[i]).toBeCloseTo(g[i], 11);
        expect(variances[i]).toBeCloseTo(spread[i], 11);
        expect(sent[i]).toBeCloseTo(g[i] / v - b[i], 9);
      }
      expect(v).toBeCloseTo(spread.reduce((s, c) => s + c, 0) / m, 12);
      expect(extrinsic).toBeCloseTo(1 / v - a, 9);
      // integral over the image of D: the volume of D is the product of the roots of its nonzero eigenvalues
      const volume = field.lambda.subarray(1).reduce((s, l) => s + 0.5 * Math.log(l), 0);
      const energy = y.reduce((s, c) => s + c * c, 0) / noise;
      const Z =
        0.5 *
          (n * Math.log(2 * Math.PI) - logDet + pull.reduce((s, c, i) => s + c * x[i], 0) - energy - n * Math.log(2 * Math.PI * noise)) +
        volume;
      expect(module.logPartition([{ a, b }])).toBeCloseTo(Z, 10);
    });

  test("the asymptotic free entropy has the derivative -m v/2", () => {
    const module = fidelityModule(gridField([6, 5], 1), 0.2);
    const [a, h] = [0.9, 1e-5];
    const slope = (module.freeEntropy([a + h], [1]) - module.freeEntropy([a - h], [1])) / (2 * h);
    expect(slope).toBeCloseTo((-module.inputs[0].size * module.error(0, [a], [1]).v) / 2, 7);
  });

  test("a Gaussian gradient: the Bethe free entropy is the evidence", () => {
    const p = given({ rho: 1, size: 300, blur: 1.5, noise: 0.2, steps: "fixed" });
    const { graph, fidelity } = sampleInstance(p, makeRng(3, "evidence"));
    const { state, outcome } = solveGraph(graph);
    expect(outcome.kind).toBe("converged");
    const prior = { a: 1, b: new Float64Array(299) };
    const exact = fidelity.logPartition([prior]) - 299 * 0.5 * Math.log(2 * Math.PI);
    expect(betheFreeEntropy(graph, state)).toBeCloseTo(exact, 8);
  });
});

describe("truths", () => {
  test("neighbours in a mosaic differ with probability rho by jumps of variance 1; gradients of pixels as the theory supposes", () => {
    const rho = 0.05;
    const shares = { across: [] as number[], square: [] as number[], one: [] as number[], both: [] as number[] };
    for (let seed = 1; seed <= 40; seed++) {
      const side = 48;
      const x = drawMosaic([side, side], rho, makeRng(seed, "mosaic"));
      let [across, square, one, both] = [0, 0, 0, 0];
      for (let i = 0; i + 1 < side; i++)
        for (let j = 0; j + 1 < side; j++) {
          const here = x[i * side + j];
          const [down, right] = [x[(i + 1) * side + j] - here, x[i * side + j + 1] - here];
          if (right !== 0) across++;
          square += right * right;
          if (down !== 0 && right !== 0) both++;
          else if (down !== 0 || right !== 0) one++;
        }
      const count = (side - 1) ** 2;
      shares.across.push(across / count);
      shares.square.push(square / count);
      shares.one.push(one / count);
      shares.both.push(both / count);
    }
    for (const [key, want] of [
      ["across", rho],
      ["square", rho],
      ["one", Math.SQRT2 * rho],
      ["both", (1 - Math.SQRT1_2) * rho]
    ] as const) {
      const { mean, sem } = average(shares[key]);
      // walls crossed twice between two pixels: of order rho^2, less where cells are large
      expect(Math.abs(mean - want), `${key}: ${mean} against ${want}`).toBeLessThan(4 * (sem as number) + rho * rho);
    }
  });
});

describe("beliefs", () => {
  test("isotropic: the averages of theory are those of sampled gradients", () => {
    const [rho, gamma, a, mHat, qHat] = [0.2, 1.5, 2, 1.7, 2.6];
    const groups = 200_000;
    const rng = makeRng(9, "pairs");
    const truth = new Float64Array(2 * groups);
    const b = new Float64Array(2 * groups);
    for (let g = 0; g < groups; g++) {
      const u = rng.uniform();
      const jump = rng.normal();
      const one = Math.SQRT2 * rho;
      if (u < one) truth[g + (rng.uniform() < 0.5 ? 0 : groups)] = jump;
      else if (u < one + (1 - Math.SQRT1_2) * rho) truth[g] = truth[g + groups] = jump;
    }
    for (let i = 0; i < b.length; i++) b[i] = mHat * truth[i] + Math.sqrt(qHat) * rng.normal();
    const mean = new Float64Array(b.length);
    const { v } = groupSparsityModule(b.length, { gamma, group: 2 }).project(0, [{ a, b }], mean, new Float64Array(b.length));
    const told = estimateOf("isotropic", rho, gamma)({ a, mHat, qHat });
    const moment = (f: (i: number) => number) => mean.reduce((s, _, i) => s + f(i), 0) / mean.length;
    expect(Math.abs(v - told.v)).toBeLessThan(0.005 * told.v);
    expect(Math.abs(moment((i) => mean[i] ** 2) - told.q)).toBeLessThan(0.015 * told.q);
    expect(Math.abs(moment((i) => mean[i] * truth[i]) - told.m)).toBeLessThan(0.015 * told.m);
    expect(Math.abs(moment((i) => (mean[i] - truth[i]) ** 2) - told.mse)).toBeLessThan(0.015 * told.mse);
  });

  test("anisotropic: expectation propagation ends at the minimum of total variation, by its optimality conditions", () => {
    const p = given({ belief: "anisotropic", lambda: 5, size: 300, noise: 0.1 });
    const { graph, fidelity, y, truth } = sampleInstance(p, makeRng(1, "tv"));
    const { state, outcome } = solveGraph(graph, { damping: "adaptive", iterations: 5000, tolerance: 1e-10 });
    expect(outcome.kind).toBe("converged");
    const x = new Float64Array(truth.length);
    fidelity.estimate(state.variables[0].forward, x);
    // (y - x)/noise = D^T u with |u| <= lambda, u = lambda sign at jumps
    let u = 0;
    let jumps = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      u -= (y[i] - x[i]) / p.noise;
      const jump = x[i + 1] - x[i];
      expect(Math.abs(u)).toBeLessThan(5 + 1e-4);
      if (Math.abs(jump) > 1e-5) {
        expect(u).toBeCloseTo(5 * Math.sign(jump), 3);
        jumps++;
      }
    }
    expect(jumps).toBeGreaterThan(5);
  });
});

/**
 * The exact posterior means of a line of Gauss-Bernoulli jumps in white noise: densities of the level on a grid, carried forward and
 * backward by (1 - rho) delta + rho N(0, 1). Every density is a mixture of Gaussians at least as wide as the step, so sums are integrals.
 */
function exactMeans({ y }: Instance, rho: number, noise: number): Vec {
  const n = y.length;
  const step = 0.015;
  const low = Math.min(...y) - 3;
  const K = 2 ** Math.ceil(Math.log2((Math.max(...y) + 3 - low) / step));
  const basis = gridTransform("cosine", [K], "real");
  const carry = Float64Array.from({ length: K }, (_, k) => 1 - rho + rho * Math.exp(-0.5 * ((Math.PI * k) / (K * step)) ** 2));
  const pass = (order: readonly number[]): Vec[] => {
    const messages: Vec[] = [];
    const p = new Float64Array(K).fill(1 / K);
    for (const i of order) {
      messages[i] = p.slice();
      let mass = 0;
      for (let k = 0; k < K; k++) {
        p[k] = Math.max(p[k], 0) * Math.exp((-0.5 * (y[i] - low - k * step) ** 2) / noise);
        mass += p[k];
      }
      for (let k = 0; k < K; k++) p[k] /= mass;
      basis.filter(p, carry);
    }
    return messages;
  };
  const places = Array.from({ length: n }, (_, i) => i);
  const forward = pass(places);
  const backward = pass([...places].reverse());
  return Float64Array.from({ length: n }, (_, i) => {
    let [mass, first] = [0, 0];
    for (let k = 0; k < K; k++) {
      const w = Math.max(forward[i][k], 0) * Math.max(backward[i][k], 0) * Math.exp((-0.5 * (y[i] - low - k * step) ** 2) / noise);
      mass += w;
      first += w * (low + k * step);
    }
    return first / mass;
  });
}

describe("a line in white noise, against its exact posterior", () => {
  const distance = (a: Vec, b: Vec) => a.reduce((s, v, i) => s + (v - b[i]) ** 2, 0) / a.length;
  const compare = (p: P, seeds: number) => {
    const rows = Array.from({ length: seeds }, (_, k) => {
      const instance = sampleInstance(p, makeRng(k + 1, "exact"));
      const { state } = solveGraph(instance.graph, { damping: "adaptive", iterations: 3000 });
      const x = new Float64Array(instance.truth.length);
      instance.fidelity.estimate(state.variables[0].forward, x);
      const exact = exactMeans(instance, p.rho, p.noise);
      return { ep: distance(x, instance.truth), exact: distance(exact, instance.truth), apart: distance(x, exact) };
    });
    const mean = (key: "ep" | "exact" | "apart") => average(rows.map((r) => r[key]));
    return { ep: mean("ep"), exact: mean("exact"), apart: mean("apart") };
  };

  test("Gaussian jumps: the means of expectation propagation are exact", () => {
    expect(compare(given({ rho: 1, size: 120 }), 2).apart.mean).toBeLessThan(1e-12);
  });

  test("sparse jumps: one precision for all differences costs little beyond the least error possible (12 ± 4 percent on 8 lines of 500 at these parameters)", () => {
    const { ep, exact, apart } = compare(given({ rho: 0.05, noise: 0.1, size: 400 }), 4);
    // on a given line the two errors may come in either order; their means are compared on the same truths
    expect(apart.mean).toBeLessThan(0.3 * exact.mean);
    expect(ep.mean).toBeGreaterThan(exact.mean);
    expect(ep.mean).toBeLessThan(1.4 * exact.mean);
  });
});

describe("what is refused, in one sentence", () => {
  const refused = (p: Partial<P>) => () => sampleInstance(given(p), makeRng(1, "refused"));
  test("beliefs and bases that do not fit the geometry", () => {
    expect(refused({ geometry: "image" })).toThrow(/belief bayes is for signals.*take isotropic/);
    expect(refused({ belief: "isotropic" })).toThrow(/isotropic is for images.*take anisotropic/);
    expect(refused({ geometry: "image", belief: "isotropic", rho: 0.5 })).toThrow(/rho must be at most 0.3/);
    expect(refused({ geometry: "image", belief: "isotropic", basis: "random" })).toThrow(/basis random is for signals/);
    expect(refused({ basis: "random", size: 5000 })).toThrow(/size at most 4000, got 5000/);
  });
});

describe("images", () => {
  test("total variation with the weight of theory beats Wiener's filter, and the observations, in noise and through a blur", () => {
    for (const p of [{}, { blur: 1.5, noise: 0.01 }] as Partial<P>[]) {
      const runs = [1, 2, 3].map((seed) =>
        simulateRun(totalVariation, { geometry: "image", belief: "isotropic", size: 1024, ...p }, seed, makeRng)
      );
      for (const run of runs) {
        expect(run.outcome.kind).not.toBe("diverged");
        expect(final(run).mse).toBeLessThan(0.7 * (run.extra?.mseWiener as number));
        expect(final(run).mse).toBeLessThan(0.7 * (run.extra?.mseObserved as number));
      }
    }
  });
});
