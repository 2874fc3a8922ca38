/** The equations of online SGD against averages over samples of one step, exact solutions, conserved structure and refusals. */
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Overlaps } from "../../../src/core/types.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { erf } from "../../../src/numerics/special/index.ts";
import { SGD_ACTIVATIONS } from "../../../src/theory/sgd/gaussianIntegrals.ts";
import { generalizationErrorOf, type SgdModel, sgdOde, sgdSystem } from "../../../src/theory/sgd/sgdOde.ts";

const identity = (n: number, x = 1, off = 0) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? x : off)));
const ones = (n: number, x = 1) => new Array<number>(n).fill(x);

/** Overlaps of K students and M teachers drawn in a space of few dimensions, so that every entry counts. */
function drawn(K: number, M: number, v: number[], vTeacher: number[]): Overlaps {
  const rng = makeRng(11).fork(`${K} ${M}`);
  const rows = Array.from({ length: K + M }, () => Array.from({ length: 6 }, () => rng.normal() / Math.sqrt(6)));
  const dot = (a: number, b: number) => rows[a].reduce((s, x, k) => s + x * rows[b][k], 0);
  const block = (a0: number, a1: number, b0: number, b1: number) =>
    Array.from({ length: a1 - a0 }, (_, a) => Array.from({ length: b1 - b0 }, (_, b) => dot(a0 + a, b0 + b)));
  return { Q: block(0, K, 0, K), R: block(0, K, K, K + M), T: block(K, K + M, K, K + M), v, vTeacher };
}

function last(model: SgdModel, start: Overlaps, times: number[]) {
  const run = sgdOde(model, start, times);
  const states: Overlaps[] = [];
  for (;;) {
    const next = run.next();
    if (next.done) return { states, outcome: next.value };
    states.push(next.value.overlaps);
  }
}

const VALUE = {
  erf: (x: number) => erf(x / Math.SQRT2),
  linear: (x: number) => x,
  square: (x: number) => x * x,
  relu: (x: number) => Math.max(x, 0)
};
const SLOPE = {
  erf: (x: number) => Math.sqrt(2 / Math.PI) * Math.exp(-0.5 * x * x),
  linear: () => 1,
  square: (x: number) => 2 * x,
  relu: (x: number) => (x > 0 ? 1 : 0)
};

describe("one step of SGD, averaged over samples of the fields", () => {
  // N times the change of Q, R and v in a step, every entry within 4 standard errors of 4e4 samples:
  // 4 activations x 15 entries, false alarm 0.4 percent in all; the seed is fixed
  for (const activation of SGD_ACTIVATIONS)
    test(`${activation}: both layers, label noise and weight decay`, () => {
      const K = 3;
      const M = 2;
      const L = K + M;
      const model = { activation, learningRate: 0.7, secondLearningRate: 0.4, noise: 0.3, weightDecay: 0.15, train: "both" } as const;
      const start = drawn(K, M, [0.8, -0.5, 1.1], [0.9, -1.2]);
      const system = sgdSystem(model, start);
      const y = system.pack(start);
      const dy = new Float64Array(system.dimension);
      system.derivative(0, y, dy);

      // Cholesky factor of the joint covariance
      const C = Array.from({ length: L }, (_, a) =>
        Array.from({ length: L }, (_, b) =>
          a < K ? (b < K ? start.Q[a][b] : start.R[a][b - K]) : b < K ? start.R[b][a - K] : start.T[a - K][b - K]
        )
      );
      const F = identity(L, 0);
      for (let a = 0; a < L; a++)
        for (let b = 0; b <= a; b++) {
          let sum = C[a][b];
          for (let k = 0; k < b; k++) sum -= F[a][k] * F[b][k];
          F[a][b] = a === b ? Math.sqrt(sum) : sum / F[b][b];
        }
      const rng = makeRng(5).fork(activation);
      const samples = 40000;
      const mean = new Float64Array(dy.length);
      const square = new Float64Array(dy.length);
      const BATCH = 1000;
      const normals = new Float64Array(BATCH * (L + 1));
      const h = new Float64Array(L);
      for (let n = 0; n < samples; n++) {
        if (n % BATCH === 0) rng.fillNormal(normals);
        const from = (n % BATCH) * (L + 1);
        for (let a = 0; a < L; a++) {
          h[a] = 0;
          for (let b = 0; b <= a; b++) h[a] += F[a][b] * normals[from + b];
        }
        let delta = Math.sqrt(model.noise) * normals[from + L];
        for (let m = 0; m < M; m++) delta += start.vTeacher[m] * VALUE[activation](h[K + m]);
        for (let k = 0; k < K; k++) delta -= start.v[k] * VALUE[activation](h[k]);
        let at = 0;
        const put = (x: number) => {
          mean[at] += x;
          square[at++] += x * x;
        };
        const push = (i: number) => model.learningRate * start.v[i] * SLOPE[activation](h[i]) * delta; // of w_i along x/sqrt N
        for (let i = 0; i < K; i++)
          for (let k = 0; k <= i; k++)
            // |x|^2/N = 1
            put(push(i) * h[k] + push(k) * h[i] + push(i) * push(k) - 2 * model.learningRate * model.weightDecay * start.Q[i][k]);
        for (let i = 0; i < K; i++)
          for (let m = 0; m < M; m++) put(push(i) * h[K + m] - model.learningRate * model.weightDecay * start.R[i][m]);
        for (let i = 0; i < K; i++) put(model.secondLearningRate * (VALUE[activation](h[i]) * delta - model.weightDecay * start.v[i]));
      }
      for (let k = 0; k < dy.length; k++) {
        const average = mean[k] / samples;
        const error = Math.sqrt((square[k] / samples - average ** 2) / samples);
        expect(Math.abs(average - dy[k]), `entry ${k}: ${average} +- ${error}, equations ${dy[k]}`).toBeLessThan(4 * error);
      }
    });
});

describe("trajectories", () => {
  const start = {
    Q: [
      [0.4, 0.02],
      [0.02, 0.5]
    ],
    R: [
      [0.05, 0.01],
      [-0.02, 0.06]
    ],
    T: identity(2),
    v: ones(2),
    vTeacher: ones(2)
  };
  test("Euler's method converges to them at first order", () => {
    const model = { activation: "erf", learningRate: 1, noise: 0.01, train: "both" } as const;
    const exact = generalizationErrorOf("erf", last(model, start, [5]).states[0]);
    const system = sgdSystem(model, start);
    const dy = new Float64Array(system.dimension);
    const euler = (h: number) => {
      const y = system.pack(start);
      for (let n = 0; n < Math.round(5 / h); n++) {
        system.derivative(0, y, dy);
        for (let i = 0; i < y.length; i++) y[i] += h * dy[i];
      }
      return system.generalizationError(y) - exact;
    };
    const [a, b, c] = [0.04, 0.02, 0.01].map(euler);
    expect(a / b).toBeGreaterThan(1.9);
    expect(a / b).toBeLessThan(2.1);
    expect(b / c).toBeGreaterThan(1.95);
    expect(b / c).toBeLessThan(2.05);
    // Richardson: what is left when Euler's leading error is taken out
    expect(Math.abs(2 * c - b)).toBeLessThan(0.02 * Math.abs(c));
  });
  test("a linear student of one unit relaxes as its closed form says, noise and weight decay included", () => {
    // dR = eta (1 - R) - eta kappa R; with Q: dQ = eta (2 (R - Q) + eta (1 - 2R + Q + sigma^2)) - 2 eta kappa Q
    const eta = 0.3;
    const kappa = 0.2;
    const noise = 0.5;
    const one = { Q: [[0.5]], R: [[0.1]], T: [[1]], v: [1], vTeacher: [1] };
    const { states, outcome } = last({ activation: "linear", learningRate: eta, noise, weightDecay: kappa }, one, [0, 2, 200]);
    const R = 1 / (1 + kappa);
    expect(states[1].R[0][0]).toBeCloseTo(R + (0.1 - R) * Math.exp(-eta * (1 + kappa) * 2), 8);
    expect(states[2].R[0][0]).toBeCloseTo(R, 8);
    expect(states[2].Q[0][0]).toBeCloseTo((2 * R + eta * (1 - 2 * R + noise)) / (2 + 2 * kappa - eta), 8);
    expect(outcome.kind).toBe("completed");
    expect(outcome.residual).toBeLessThan(1e-7); // at rest
  });
  test("a linear student of one unit runs away past eta = 2, and says so", () => {
    const one = { Q: [[0.5]], R: [[0.1]], T: [[1]], v: [1], vTeacher: [1] };
    const { states, outcome } = last({ activation: "linear", learningRate: 3 }, one, [0, 1, 1000]);
    expect(states.length).toBe(2);
    expect(outcome.kind).toBe("diverged");
    expect(outcome.advice).toContain("lower the rates");
  });
  for (const activation of SGD_ACTIVATIONS)
    test(`${activation}: perfect learning is a fixed point, and an unused student unit changes nothing`, () => {
      const model = { activation, learningRate: 0.1 };
      const perfect = { Q: identity(2), R: identity(2), T: identity(2), v: ones(2), vTeacher: ones(2) };
      const system = sgdSystem(model, perfect);
      const dy = new Float64Array(system.dimension);
      system.derivative(0, system.pack(perfect), dy);
      expect(Math.max(...dy.map(Math.abs))).toBeLessThan(1e-7);
      expect(system.generalizationError(system.pack(perfect))).toBeLessThan(1e-15);

      const two = last(model, start, [3]).states[0];
      const wide = {
        Q: [...start.Q.map((row) => [...row, 0.05]), [0.05, 0.05, 0.3]],
        R: [...start.R, [0.02, 0.01]],
        T: start.T,
        v: [1, 1, 0],
        vTeacher: start.vTeacher
      };
      const three = last(model, wide, [3]).states[0];
      for (const i of [0, 1])
        for (const k of [0, 1]) {
          expect(three.Q[i][k]).toBeCloseTo(two.Q[i][k], 8);
          expect(three.R[i][k]).toBeCloseTo(two.R[i][k], 8);
        }
    });
  for (const activation of ["erf", "relu"] as const)
    test(`${activation}: relabelling students and teachers relabels the trajectory`, () => {
      const model = { activation, learningRate: 0.5, noise: 0.1, train: "both" } as const;
      const swapped = {
        ...start,
        Q: [
          [0.5, 0.02],
          [0.02, 0.4]
        ],
        R: [
          [-0.02, 0.06],
          [0.05, 0.01]
        ]
      };
      const a = last(model, start, [4]).states[0];
      const b = last(model, swapped, [4]).states[0];
      expect(b.Q[0][0]).toBeCloseTo(a.Q[1][1], 9);
      expect(b.R[0][1]).toBeCloseTo(a.R[1][1], 9);
      expect(b.v[0]).toBeCloseTo(a.v[1], 9);
      expect(a.T).toEqual(start.T);
    });
  test("a small tolerance and a large one differ by about the large one", () => {
    const model = { activation: "erf", learningRate: 0.5 } as const;
    const at = (rtol: number) => {
      const [{ overlaps }] = [...sgdOde(model, start, [300], { rtol, atol: rtol * 1e-2 })];
      return generalizationErrorOf("erf", overlaps);
    };
    expect(Math.abs(at(1e-8) - at(1e-11))).toBeLessThan(1e-7);
  });
});

describe("bad input gets one clear sentence", () => {
  const good = { Q: identity(2), R: identity(2, 0.1), T: identity(2), v: ones(2), vTeacher: ones(2) };
  const refuse = (o: Overlaps, words: string, model: Partial<SgdModel> = {}) => {
    const run = () => sgdSystem({ activation: "erf", learningRate: 0.5, ...model }, o);
    expect(run).toThrow(ParameterError);
    expect(run).toThrow(words);
  };
  test("shapes, numbers, symmetry and covariances that no weights have", () => {
    refuse({ ...good, Q: identity(3) }, "Q with 2 rows of 2 numbers");
    refuse({ ...good, R: [[0.1, 0]] }, "R with 2 rows of 2 numbers");
    refuse({ ...good, v: [] }, "at least one student");
    refuse(
      {
        ...good,
        Q: [
          [1, 0.1],
          [0.2, 1]
        ]
      },
      "symmetric Q and T"
    );
    refuse(
      {
        ...good,
        Q: [
          [1, Number.NaN],
          [0, 1]
        ]
      },
      "finite numbers in Q"
    );
    refuse(
      {
        ...good,
        Q: [
          [-1, 0],
          [0, 1]
        ]
      },
      "diagonal >= 0, got Q[0][0] = -1"
    );
    refuse({ ...good, R: identity(2, 1.5) }, "negative eigenvalue");
    refuse(
      {
        ...good,
        Q: [
          [0, 0],
          [0, 1]
        ],
        R: [
          [0, 0],
          [0, 0.1]
        ]
      },
      "students that are not zero",
      { activation: "relu" }
    );
    refuse(good, "learningRate must be a number >= 0", { learningRate: -1 });
    refuse(good, "noise must be a number >= 0", { noise: Number.NaN });
  });
});

describe("states of dependent units", () => {
  test("generalizationErrorOf takes an integrated state whose smallest eigenvalue rounding made negative", () => {
    // one teacher and four linear students: rank 5 at most, and at the end every student lies in the span of its start and the teacher
    const start = drawn(4, 1, ones(4, 0.5), [1]);
    const model = { activation: "linear", learningRate: 0.3 } as const;
    for (const overlaps of last(model, start, [1, 10, 100, 1000]).states) {
      const error = generalizationErrorOf("linear", overlaps);
      expect(error).toBeGreaterThanOrEqual(0);
      expect(error).toBeLessThan(1);
    }
    // a state off by what integration leaves, and one that no weights have
    const of = (Q: number) => ({ Q: [[Q]], R: [[1]], T: [[1]], v: [1], vTeacher: [1] });
    for (const activation of SGD_ACTIVATIONS) expect(generalizationErrorOf(activation, of(1 - 1e-8))).toBeLessThan(1e-7);
    const vanishing = { Q: [[-1e-12]], R: [[1e-9]], T: [[1]], v: [1], vTeacher: [1] };
    for (const activation of SGD_ACTIVATIONS) expect(Number.isFinite(generalizationErrorOf(activation, vanishing))).toBe(true);
    expect(() => generalizationErrorOf("erf", of(0.9))).toThrow(/negative eigenvalue/);
  });
  test("weights that grow for ever end the equations as diverged, with the states before", () => {
    const start = { Q: [[1]], R: [[0]], T: [[1]], v: [1], vTeacher: [1] };
    const { states, outcome } = last({ activation: "linear", learningRate: 3 }, start, [1, 5, 1000]);
    expect(outcome.kind).toBe("diverged");
    expect(states.length).toBe(2);
  });
});

test("students so small that their squares underflow are zero, and not refused for overlaps with the teacher", () => {
  const model = { activation: "square", learningRate: 0.1, train: "first" } as const;
  const start = { Q: [[0]], R: [[1e-300]], T: [[1]], v: [1], vTeacher: [1] };
  const frames = [...sgdOde({ secondLearningRate: 0, noise: 0, weightDecay: 0, ...model }, start, [0, 1])];
  expect(frames.every(({ overlaps: { Q, R } }) => Number.isFinite(Q[0][0] + R[0][0]))).toBe(true);
  expect(() => [...sgdOde({ secondLearningRate: 0, noise: 0, weightDecay: 0, ...model }, { ...start, R: [[0.1]] }, [0, 1])]).toThrow(
    "negative eigenvalue"
  );
});
