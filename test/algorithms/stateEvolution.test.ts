/**
 * GAMP against state evolution written here from its formulas alone (theory.md, section 1), frame by frame: the start is t = 0,
 * frame t is q_t = rho - mmse(alpha J(q_(t-1))). False alarms: 4 standard errors of 16 seeds (t with 15 degrees: 1.2e-3 each).
 */
import { expect, test } from "vitest";
import { type GampOptions, gamp } from "../../src/algorithms/index.ts";
import { instance } from "./instance.ts";

const phi = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
/** E f(Z) by the trapezoid rule on [-9, 9]. */
function E(f: (z: number) => number, n = 600): number {
  let s = 0;
  for (let k = 0; k <= n; k++) {
    const z = -9 + (18 * k) / n;
    s += f(z) * phi(z);
  }
  return (s * 18) / n;
}
/** Phi(x) by its own integral of the density, and phi/Phi by the asymptotic continued fraction far left. */
function hazard(x: number): number {
  if (x < -6) {
    let c = 0;
    for (let k = 40; k >= 1; k--) c = k / (-x + c);
    return -x + c;
  }
  const n = 400;
  let s = 0;
  for (let k = 0; k <= n; k++) s += (k === 0 || k === n ? 0.5 : 1) * phi(-12 + ((x + 12) * k) / n);
  return phi(x) / ((s * (x + 12)) / n);
}

const gaussianMmse = (r: number) => 1 / (1 + r);
const binaryMmse = (r: number) => 1 - E((z) => Math.tanh(r + Math.sqrt(r) * z));
const sparseMmse = (rho: number) => (r: number) => {
  const pi = (b: number) => 1 / (1 + ((1 - rho) / rho) * Math.sqrt(1 + r) * Math.exp((-b * b) / (2 * (1 + r))));
  const q = (s: number) => E((z) => (pi(Math.sqrt(s) * z) * (Math.sqrt(s) * z)) ** 2) / (1 + r) ** 2;
  return rho - rho * q(r + r * r) - (1 - rho) * q(r);
};
const complexSparseMmse = (rho: number) => (r: number) => {
  const pi = (b2: number) => 1 / (1 + ((1 - rho) / rho) * (1 + r) * Math.exp(-b2 / (1 + r)));
  // |b|^2 = s * Exp(1), integrated in u = sqrt: e^(-u^2) 2 u du
  const q = (s: number) => {
    let sum = 0;
    for (let k = 1; k <= 2000; k++) {
      const u = (k * 7) / 2000;
      sum += Math.exp(-u * u) * 2 * u * pi(s * u * u) ** 2 * s * u * u * (7 / 2000);
    }
    return sum / (1 + r) ** 2;
  };
  return rho - rho * q(r + r * r) - (1 - rho) * q(r);
};
const gaussianInformation = (noise: number) => (_q: number, V: number) => 1 / (V + noise);
const signInformation = (q: number, V: number) =>
  (2 / V) *
  E((z) => {
    const x = Math.sqrt(q / V) * z;
    return phi(x) * hazard(x);
  });
const absInformation = (_q: number, V: number) => {
  const u = Math.sqrt(1 - V);
  return (1 - Math.sqrt(V) * E((b) => b * b * E((c) => 1 / Math.cosh(u * b * c), 150), 150)) / V;
};

interface Case {
  readonly name: string;
  readonly prior: string;
  readonly channel: string;
  readonly ensemble?: string;
  readonly alpha: number;
  readonly rho: number;
  readonly overlap?: number;
  readonly mmse: (r: number) => number;
  readonly information: (q: number, V: number) => number;
  readonly sweeps: number;
}
const cases: Case[] = [
  {
    name: "gaussian x gaussian noise",
    prior: "gaussian",
    channel: "gaussian:noise=0.1",
    alpha: 0.8,
    rho: 1,
    mmse: gaussianMmse,
    information: gaussianInformation(0.1),
    sweeps: 12
  },
  {
    name: "gauss-bernoulli x gaussian noise",
    prior: "gauss-bernoulli:rho=0.2",
    channel: "gaussian:noise=0.001",
    alpha: 0.6,
    rho: 0.2,
    mmse: sparseMmse(0.2),
    information: gaussianInformation(0.001),
    sweeps: 12
  },
  {
    name: "binary x sign",
    prior: "binary",
    channel: "sign",
    alpha: 1.1,
    rho: 1,
    mmse: binaryMmse,
    information: signInformation,
    sweeps: 10
  },
  {
    name: "gaussian x sign",
    prior: "gaussian",
    channel: "sign",
    alpha: 2,
    rho: 1,
    mmse: gaussianMmse,
    information: signInformation,
    sweeps: 10
  },
  {
    name: "gaussian x abs from overlap 0.4",
    prior: "gaussian",
    channel: "abs",
    alpha: 1.6,
    rho: 1,
    overlap: 0.4,
    mmse: gaussianMmse,
    information: absInformation,
    sweeps: 7
  },
  {
    name: "complex gauss-bernoulli x complex gaussian noise",
    prior: "complex-gauss-bernoulli:rho=0.2",
    channel: "complex-gaussian:noise=0.001",
    ensemble: "complex-gaussian-iid",
    alpha: 0.6,
    rho: 0.2,
    mmse: complexSparseMmse(0.2),
    information: gaussianInformation(0.001),
    sweeps: 12
  }
];

const SEEDS = 16;
const SIZE = 800;
const BIAS = 8; // systematic finite-size error allowed: BIAS/SIZE = 0.01

for (const c of cases)
  test(`${c.name}: m, q and V of every frame agree with state evolution`, () => {
    const width = c.ensemble ? 2 : 1;
    const q0 = c.overlap === undefined ? 0 : c.overlap * c.rho;
    const theory = [q0];
    for (let t = 1; t <= c.sweeps; t++) theory.push(c.rho - c.mmse(c.alpha * c.information(theory[t - 1], c.rho - theory[t - 1])));
    const seen = Array.from({ length: c.sweeps + 1 }, () => ({ m: [] as number[], q: [] as number[], V: [] as number[] }));
    for (let seed = 0; seed < SEEDS; seed++) {
      const p = instance(seed, SIZE, c.alpha, c.prior, c.channel, c.ensemble ? { ensemble: c.ensemble } : {});
      const options: GampOptions = {
        iterations: c.sweeps,
        tolerance: 1e-14,
        ...(c.overlap === undefined ? {} : { initialOverlap: c.overlap, truth: p.x0, rng: p.rng })
      };
      for (const s of gamp(p, options)) {
        let m = 0;
        let q = 0;
        for (let i = 0; i < width * SIZE; i++) {
          m += s.mean[i] * p.x0[i];
          q += s.mean[i] ** 2;
        }
        seen[s.t].m.push(m / SIZE);
        seen[s.t].q.push(q / SIZE);
        seen[s.t].V.push(s.variance[0]);
      }
    }
    for (let t = 0; t <= c.sweeps; t++)
      for (const [name, values, expected] of [
        ["m", seen[t].m, theory[t]],
        ["q", seen[t].q, theory[t]],
        ["V", seen[t].V, c.rho - theory[t]]
      ] as const) {
        expect(values.length, `${name} at t = ${t}: every seed has a frame`).toBe(SEEDS);
        const mean = values.reduce((a, b) => a + b, 0) / SEEDS;
        const sem = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (SEEDS - 1) / SEEDS);
        const allowed = 4 * sem + BIAS / SIZE;
        expect(
          Math.abs(mean - expected),
          `${name} at t = ${t}: simulation ${mean} +- ${sem}, theory ${expected}, allowed ${allowed}`
        ).toBeLessThanOrEqual(allowed);
      }
  });
