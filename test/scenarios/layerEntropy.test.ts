import { describe, expect, test } from "vitest";
import { arraysText } from "../../src/core/files.ts";
import { ParameterError, parse } from "../../src/core/parameters.ts";
import { simulateRun } from "../../src/core/scenario.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { layerEntropy } from "../../src/scenarios/layerEntropy.ts";

const predicted = (raw: Readonly<Record<string, unknown>>) => {
  const { observables, matrices } = layerEntropy.predict(parse(layerEntropy, raw)).branches.algorithmic;
  return { ...observables, matrices };
};
const LN = 0.5 * Math.log(2 * Math.PI * Math.E);
/** X is i.i.d. N(0, 1): then Y is X rotated, and they are equally informative. */
const WHITE = { labelRatio: 1, inputNoise: 0, generator: "orthogonal" };

/** Root of an increasing function on [0, 1]. */
function root(f: (x: number) => number): number {
  let [lo, hi] = [0, 1];
  for (let k = 0; k < 200; k++) {
    const mid = (lo + hi) / 2;
    if (f(mid) > 0) hi = mid;
    else lo = mid;
  }
  return (lo + hi) / 2;
}

/**
 * (1/n) ln det(1 + g W D W^T), W r n x n with i.i.d. entries of variance 1/n and D a free diagonal given by nodes and weights:
 * E ln(1 + g r e D) - r ln e + r (e - 1), with 1/e = 1 + g E D/(1 + g r e D) (Tulino and Verdu 2004, theorem 2.39).
 */
function shannonOfProduct(g: number, r: number, D: readonly number[], weight: readonly number[]): number {
  const e = root((x) => x * (1 + g * D.reduce((s, d, k) => s + (weight[k] * d) / (1 + g * r * x * d), 0)) - 1);
  return D.reduce((s, d, k) => s + weight[k] * Math.log1p(g * r * e * d), 0) - r * Math.log(e) + r * (e - 1);
}

/** Eigenvalues of W W^T, W r n x n with variance 1/n, r <= 1: the Marchenko-Pastur density by the substitution that removes its edges. */
function wishart(r: number): { nodes: number[]; weights: number[] } {
  const K = 400;
  const nodes = Array.from({ length: K }, (_, k) => 1 + r + 2 * Math.sqrt(r) * Math.cos(((k + 1) * Math.PI) / (K + 1)));
  const weights = nodes.map((x, k) => (2 * Math.sin(((k + 1) * Math.PI) / (K + 1)) ** 2) / (K + 1) / x);
  return { nodes, weights };
}

describe("linear layers", () => {
  test("two i.i.d. layers with noise in both have the exact log-determinant of the product, to 1e-10", () => {
    const [r1, r2, d1, d2] = [0.6, 1.7, 0.3, 0.05];
    const mp = wishart(r1);
    expect(mp.weights.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 12);
    const logdet = (extra: readonly number[], weight: readonly number[]) =>
      r1 * shannonOfProduct(1 / d2, r2, extra, weight) + r1 * r2 * Math.log(d2);
    const H =
      r1 * r2 * LN +
      0.5 *
        logdet(
          mp.nodes.map((x) => x + d1),
          mp.weights
        );
    const given = r1 * r2 * LN + 0.5 * logdet([d1], [1]);
    const got = predicted({ ...WHITE, layers: `linear:ratio=${r1},noise=${d1};linear:ratio=${r2},noise=${d2}` });
    expect(Math.abs(got.entropy - H)).toBeLessThan(1e-10);
    expect(Math.abs(got.informationX - (H - given))).toBeLessThan(1e-10);
    expect(Math.abs(got.informationY - (H - given))).toBeLessThan(1e-10);
    const first = predicted({ ...WHITE, layer: 1, layers: `linear:ratio=${r1},noise=${d1};linear:ratio=${r2},noise=${d2}` });
    const H1 = r1 * LN + 0.5 * r1 * mp.nodes.reduce((s, x, k) => s + mp.weights[k] * Math.log(x + d1), 0);
    expect(Math.abs(first.entropy - H1)).toBeLessThan(1e-10);
  });

  test("given matrices have the log-determinant of their own singular values, and a run on them averages to it", () => {
    const n = 12;
    const rng = makeRng(3, "weights");
    const W1 = new Float64Array(8 * n);
    rng.fillNormal(W1, 0.4);
    // the second layer keeps lengths times 1.5: its output's covariance is diagonal where that of the first is
    const W2 = Float64Array.from({ length: 64 }, (_, k) => (k % 9 === 0 ? (k % 2 ? -1.5 : 1.5) : 0));
    const weightsFile = arraysText([
      { name: "W1", shape: [8, n], data: W1 },
      { name: "W2", shape: [8, 8], data: W2 }
    ]);
    const raw = { ...WHITE, weightsFile, layers: "linear:noise=0.2;linear:noise=0.1", draws: 400 };
    const gram = Array.from({ length: 8 }, (_, i) =>
      Array.from({ length: 8 }, (_, j) => {
        let s = i === j ? 0.2 : 0;
        for (let k = 0; k < n; k++) s += W1[i * n + k] * W1[j * n + k];
        return (i === j ? 0.1 : 0) + 2.25 * s * Math.sign(W2[i * 9]) * Math.sign(W2[j * 9]);
      })
    );
    const H = (8 / n) * LN + (0.5 * logDeterminant(gram)) / n;
    const I = H - (8 / n) * (LN + 0.5 * Math.log(2.25 * 0.2 + 0.1));
    const got = predicted(raw);
    expect(Math.abs(got.entropy - H)).toBeLessThan(1e-10);
    expect(Math.abs(got.informationX - I)).toBeLessThan(1e-10);
    const run = simulateRun(layerEntropy, raw, 1, makeRng);
    // -ln p is half a chi-square of 8 degrees of freedom: its variance is 4
    expect(Math.abs(run.series.entropy[0] - H)).toBeLessThan((4 * Math.sqrt(4 / 400)) / n);
    expect(Math.abs(run.series.informationX[0] - I)).toBeLessThan((4 * Math.sqrt(8 / 400)) / n);
  });

  test("labels behind orthogonal layers: every information is a sum of logarithms", () => {
    const [r, D0, D1] = [0.4, 0.3, 0.2];
    const got = predicted({ labelRatio: r, inputNoise: D0, weights: "orthogonal", layers: `linear:ratio=1,noise=${D1}` });
    const signal = (1 - D0) / r + D0;
    const H = LN + 0.5 * (r * Math.log(signal + D1) + (1 - r) * Math.log(D0 + D1));
    expect(Math.abs(got.entropy - H)).toBeLessThan(1e-10);
    expect(Math.abs(got.informationX - (H - LN - 0.5 * Math.log(D1)))).toBeLessThan(1e-10);
    expect(Math.abs(got.informationY - 0.5 * r * Math.log((signal + D1) / (D0 + D1)))).toBeLessThan(1e-10);
  });
});

describe("non-linear layers", () => {
  for (const [name, layers] of [
    ["relu", "relu:ratio=1,noise=0.3"],
    ["hard tanh", "hard-tanh:ratio=1,noise=0.2"],
    ["hard tanh, then relu", "hard-tanh:ratio=1,noise=0.2;relu:ratio=1,noise=0.3"]
  ])
    test(`${name}: entropies are those of nested sampling at n = 6, within error bars and 0.3/n`, () => {
      const n = 6;
      const brute = nested(
        layers,
        n,
        layers.includes(";") ? { weights: 60, outer: 4, inner: 1500 } : { weights: 60, outer: 8, inner: 3000 }
      );
      const theory = predicted({ ...WHITE, layers });
      expect(Math.abs(theory.entropy - brute.entropy.mean)).toBeLessThan(4 * brute.entropy.sem + 0.3 / n);
      expect(Math.abs(theory.informationX - brute.information.mean)).toBeLessThan(4 * brute.information.sem + 0.3 / n);
    });

  test("data-processing inequalities hold along three layers, of theory and run", () => {
    const raw = { layers: "hard-tanh:ratio=1,noise=0.1;relu:ratio=1,noise=0.1;linear:ratio=0.7,noise=0.1", size: 150, draws: 2 };
    const of = (m: Readonly<Record<string, readonly (readonly number[])[]>> | undefined) =>
      m ? { X: m.informationX[0], Y: m.informationY[0] } : null;
    const run = simulateRun(layerEntropy, raw, 2, makeRng);
    const last = Object.fromEntries(Object.entries(run.matrices ?? {}).map(([k, m]) => [k, m[m.length - 1]]));
    for (const planes of [of(predicted(raw).matrices), of(last)]) {
      expect(planes?.X.length).toBe(3);
      planes?.X.forEach((x, l) => {
        expect(planes.Y[l]).toBeLessThanOrEqual(x);
        if (l > 0) expect(x).toBeLessThanOrEqual(planes.X[l - 1]);
        if (l > 0) expect(planes.Y[l]).toBeLessThanOrEqual(planes.Y[l - 1]);
      });
    }
  });
});

describe("training", () => {
  test("singular values are trained, losses fall, and informations of every layer are followed", { timeout: 60_000 }, () => {
    const raw = { weights: "trained", size: 100, epochs: 30, frames: 3, draws: 1 };
    const run = simulateRun(layerEntropy, raw, 1, makeRng);
    expect(run.t).toEqual([0, 1, 5, 30]);
    expect(run.outcome.kind).toBe("horizon");
    expect(run.series.trainingLoss[3]).toBeLessThan(0.6);
    expect(run.series.testLoss[3]).toBeGreaterThan(run.series.trainingLoss[3]);
    expect(run.series.testLoss[3]).toBeLessThan(0.8);
    for (const [X] of run.matrices?.informationX ?? []) expect(X[0]).toBeGreaterThan(X[1]);
    run.matrices?.informationY.forEach(([Y], t) => {
      Y.forEach((y, l) => {
        expect(y).toBeLessThan(run.matrices?.informationX[t][0][l] ?? 0);
      });
    });
  });
});

describe("bad input", () => {
  for (const [raw, words] of [
    [{ layers: "relu:ratio=1" }, /must have noise > 0/],
    [{ layers: "tanh:noise=0.1" }, /must be piecewise linear/],
    [{ layer: 3 }, /layer must be 0 \(the last\) to 2, the number of layers, got 3/],
    [{ weightsFile: arraysText([{ name: "W", shape: [2, 2], data: [1, 0, 0, 1] }]) }, /one matrix a layer, 2 of them, in order, got 1/],
    [
      {
        weightsFile: arraysText([
          { name: "a", shape: [2, 3], data: [1, 0, 0, 1, 2, 3] },
          { name: "b", shape: [2, 3], data: [1, 0, 0, 1, 2, 3] }
        ])
      },
      /as many columns as the one before has rows, 2/
    ],
    [{ prior: "l1" }, /is an estimator/]
  ] as const)
    test(`${words.source} is said`, () => {
      const build = () => layerEntropy.predict(parse(layerEntropy, raw));
      expect(build).toThrow(ParameterError);
      expect(build).toThrow(words);
    });
});

function logDeterminant(A: readonly (readonly number[])[]): number {
  const M = A.map((row) => [...row]);
  let sum = 0;
  for (let k = 0; k < M.length; k++) {
    sum += Math.log(M[k][k]);
    for (let i = k + 1; i < M.length; i++) {
      const f = M[i][k] / M[k][k];
      for (let j = k; j < M.length; j++) M[i][j] -= f * M[k][j];
    }
  }
  return sum;
}

/** ln of a mean of exponentials. */
function logMean(values: Float64Array): number {
  const top = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return top + Math.log(values.reduce((s, x) => s + Math.exp(x - top), 0) / values.length);
}

/** ln P(t | u ~ N(z, D)) of t = phi(u), written out for the two activations. */
function logLikelihood(kind: string, t: number, z: number, D: number): number {
  const density = (u: number) => -((u - z) ** 2) / (2 * D) - 0.5 * Math.log(2 * Math.PI * D);
  const below = (c: number) => Math.log(0.5 * erfc((z - c) / Math.sqrt(2 * D)));
  if (kind === "relu") return t > 0 ? density(t) : below(0);
  if (Math.abs(t) < 1) return density(t);
  return t < 0 ? below(-1) : Math.log(0.5 * erfc((1 - z) / Math.sqrt(2 * D)));
}

/** Complementary error function to 1e-7 relative (Numerical Recipes, erfcc): enough beside the noise of sampling. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const c = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  const y = t * Math.exp(-x * x + c.reduceRight((s, a) => s * t + a, 0));
  return x >= 0 ? y : 2 - y;
}

interface Counts {
  readonly weights: number;
  readonly outer: number;
  readonly inner: number;
}

/** H(T_L) and I(X;T_L) per component by sampling alone: p(T_L) and p(T_L|X) are means of p(T_L|T_(L-1)) over sampled T_(L-1). Square i.i.d. layers. */
function nested(layers: string, n: number, counts: Counts) {
  const stack = layers.split(";").map((word) => ({ kind: word.split(":")[0], D: Number(/noise=([\d.]+)/.exec(word)?.[1]) }));
  const last = stack[stack.length - 1];
  const rng = makeRng(7, layers);
  const H: number[] = [];
  const I: number[] = [];
  const normal = (sd: number) => {
    const x = new Float64Array(n);
    rng.fillNormal(x, sd);
    return x;
  };
  const phi = (kind: string, u: number) => (kind === "relu" ? Math.max(u, 0) : Math.min(1, Math.max(-1, u)));
  for (let w = 0; w < counts.weights; w++) {
    const W = stack.map(() => Array.from({ length: n }, () => normal(1 / Math.sqrt(n))));
    const times = (A: readonly Float64Array[], x: Float64Array) => Float64Array.from(A, (row) => row.reduce((s, a, i) => s + a * x[i], 0));
    const hidden = (x: Float64Array) => {
      let h = x;
      for (let l = 0; l + 1 < stack.length; l++) {
        const noise = normal(Math.sqrt(stack[l].D));
        h = times(W[l], h).map((z, i) => phi(stack[l].kind, z + noise[i]));
      }
      return times(W[stack.length - 1], h);
    };
    const log = (t: Float64Array, z: Float64Array) => t.reduce((s, ti, i) => s + logLikelihood(last.kind, ti, z[i], last.D), 0);
    const inner = Array.from({ length: counts.inner }, () => hidden(normal(1)));
    let h = 0;
    let given = 0;
    for (let k = 0; k < counts.outer; k++) {
      const x = normal(1);
      const noise = normal(Math.sqrt(last.D));
      const t = hidden(x).map((z, i) => phi(last.kind, z + noise[i]));
      h -= logMean(Float64Array.from(inner, (z) => log(t, z))) / counts.outer / n;
      const same = stack.length === 1 ? [hidden(x)] : Array.from({ length: counts.inner / 3 }, () => hidden(x));
      given -= logMean(Float64Array.from(same, (z) => log(t, z))) / counts.outer / n;
    }
    H.push(h);
    I.push(h - given);
  }
  const summary = (values: readonly number[]) => {
    const mean = values.reduce((s, x) => s + x, 0) / values.length;
    return { mean, sem: Math.sqrt(values.reduce((s, x) => s + (x - mean) ** 2, 0) / (values.length - 1) / values.length) };
  };
  return { entropy: summary(H), information: summary(I) };
}
