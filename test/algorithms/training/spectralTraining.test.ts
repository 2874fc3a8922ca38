import { describe, expect, test } from "vitest";
import { hardTanh, leakyRelu, linear, relu, sign } from "../../../src/activations/index.ts";
import {
  type LayerSpec,
  makePass,
  outputsOf,
  type SpectralNetwork,
  singularValuesOf,
  spectralNetwork,
  spectralTraining,
  type Task,
  type TrainingFrame,
  teacherTask,
  weightsOf
} from "../../../src/algorithms/training/index.ts";
import { make } from "../../../src/core/parameters.ts";
import type { Outcome, Vec } from "../../../src/core/types.ts";
import { multiply } from "../../../src/linalg/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { binary } from "../../../src/priors/index.ts";

const rng = (label: string) => makeRng(3, label);

function drain(run: Generator<TrainingFrame, Outcome>): { frames: TrainingFrame[]; outcome: Outcome } {
  const frames: TrainingFrame[] = [];
  for (;;) {
    const step = run.next();
    if (step.done) return { frames, outcome: step.value };
    frames.push(step.value);
  }
}

/** Largest |A^T A - 1| for `n` x `k` A. */
function fromOrthonormal(A: Vec, n: number, k: number): number {
  const gram = new Float64Array(k * k);
  multiply(k, k, n, A, A, gram, { adjoint: true });
  return gram.reduce((worst, g, i) => Math.max(worst, Math.abs(g - (i % (k + 1) === 0 ? 1 : 0))), 0);
}

const three: readonly LayerSpec[] = [
  { size: 9, activation: make(relu) },
  { size: 7, activation: make(hardTanh) }
];

describe("gradients are the finite differences of the loss", () => {
  const cases: readonly [string, readonly LayerSpec[], "regression" | "classification"][] = [
    ["relu, hard tanh, linear layers of singular values, square loss", [...three, { size: 5 }], "regression"],
    [
      "a free last layer and a frozen one in the middle, cross-entropy",
      [three[0], { ...three[1], trained: "none" }, { size: 4, trained: "weights" }],
      "classification"
    ],
    [
      "a free first layer and orthogonal ones above, square loss",
      [{ ...three[0], trained: "weights" }, { size: 11, weights: "orthogonal", gain: 1.3, activation: make(leakyRelu) }, { size: 3 }],
      "regression"
    ]
  ];
  test.each(cases)("%s", (_, specs, kind) => {
    const network = spectralNetwork(rng("student"), 8, specs);
    const teacher = spectralNetwork(rng("teacher"), 8, [{ size: specs[specs.length - 1].size }]);
    const task = teacherTask(rng("task"), teacher, { samples: 13, kind, noise: 0.1 });
    const pass = makePass(network, task.loss, 13);
    const { inputs, labels } = task.training;
    const loss = () => pass.forward(inputs, labels, 13).loss / 13;
    loss();
    pass.backward(inputs, 13);
    const gradients = pass.gradients.map((g) => g.slice());
    let compared = 0;
    network.layers.forEach(({ trained, s, free, rows, cols }, l) => {
      const target = trained === "none" ? new Float64Array(0) : (free?.W ?? s);
      expect(gradients[l]).toHaveLength(target.length);
      for (let i = 0; i < target.length; i++) {
        const h = 1e-6;
        const nudge = (by: number) => {
          target[i] += by;
          if (free) free.Wt[(i % cols) * rows + Math.floor(i / cols)] += by;
          return loss();
        };
        const up = nudge(h);
        const down = nudge(-2 * h);
        nudge(h);
        // central differences: h^2 and 1e-16/h, both below 1e-9; a kink within h of a pre-activation would show as 1e-1
        expect(Math.abs((up - down) / (2 * h) - gradients[l][i])).toBeLessThan(1e-8);
        compared++;
      }
    });
    expect(compared).toBeGreaterThan(15);
  });
});

test("one linear layer under gradient descent follows s_t = s* + (1 - rate g)^t (s_0 - s*), its least-squares flow", () => {
  const [n, m, N] = [30, 20, 50];
  const network = spectralNetwork(rng("student"), n, [{ size: m }]);
  const task = teacherTask(rng("task"), spectralNetwork(rng("teacher"), n, [{ size: m }]), { samples: N, noise: 0.2 });
  const { U, V, s, rank } = network.layers[0];
  const start = s.slice();
  // L(s) = sum_k g_k s_k^2/2 - c_k s_k + const, g_k = mean (v_k.x)^2, c_k = mean (u_k.y)(v_k.x), since the u_k are orthonormal
  const { inputs, labels } = task.training;
  const g = new Float64Array(rank);
  const c = new Float64Array(rank);
  for (let mu = 0; mu < N; mu++)
    for (let k = 0; k < rank; k++) {
      let vx = 0;
      let uy = 0;
      for (let i = 0; i < n; i++) vx += V[i * rank + k] * inputs[mu * n + i];
      for (let j = 0; j < m; j++) uy += U[j * rank + k] * labels[mu * m + j];
      g[k] += vx ** 2 / N;
      c[k] += (uy * vx) / N;
    }
  const rate = 0.05;
  const { frames, outcome } = drain(spectralTraining(network, task, { epochs: 40, learningRate: rate }));
  expect(outcome.kind).toBe("horizon");
  expect(frames).toHaveLength(41);
  for (let k = 0; k < rank; k++) expect(s[k]).toBeCloseTo(c[k] / g[k] + (1 - rate * g[k]) ** 40 * (start[k] - c[k] / g[k]), 12);
  const { outcome: end } = drain(spectralTraining(network, task, { epochs: 5000, learningRate: 0.5, tolerance: 1e-12 }));
  expect(end.kind).toBe("converged");
  for (let k = 0; k < rank; k++) expect(s[k]).toBeCloseTo(c[k] / g[k], 9);
});

const students: readonly [
  string,
  readonly LayerSpec[],
  "regression" | "classification",
  { readonly learningRate: number; readonly optimizer?: "adam" }
][] = [
  ["linear", [{ size: 60, activation: make(linear) }, { size: 30 }], "regression", { learningRate: 0.02 }],
  ["relu", [{ size: 80, activation: make(relu) }, { size: 30 }], "regression", { learningRate: 0.02 }],
  [
    "hard tanh, softmax",
    [
      { size: 80, activation: make(hardTanh) },
      { size: 4, trained: "weights" }
    ],
    "classification",
    { learningRate: 0.05 }
  ],
  [
    "relu, softmax, adam",
    [
      { size: 80, activation: make(relu) },
      { size: 4, trained: "weights" }
    ],
    "classification",
    { learningRate: 0.01, optimizer: "adam" }
  ]
];

describe("mini-batch training", () => {
  test.each(students)(
    "%s: lowers training and test loss, moves the spectrum, and leaves U and V as they were, orthonormal",
    (_, specs, kind, options) => {
      const network = spectralNetwork(rng("student"), 50, specs);
      const teacher = spectralNetwork(rng("teacher"), 50, [{ size: specs[specs.length - 1].size }]);
      const task = teacherTask(rng("task"), teacher, { samples: 1000, kind, noise: 0.01 });
      const factors = network.layers.map(({ U, V }) => [U.slice(), V.slice()]);
      const { frames } = drain(spectralTraining(network, task, { epochs: 15, batch: 64, rng: rng("batches"), ...options }));
      const [first, last] = [frames[0], frames[frames.length - 1]];
      expect(last.trainingLoss).toBeLessThan(0.8 * first.trainingLoss);
      expect(last.testLoss).toBeLessThan(0.85 * first.testLoss);
      if (kind === "classification") expect(last.testError).toBeLessThan(0.5 * (first.testError ?? 0));
      else expect(last.testError).toBeNull();
      expect(Math.abs(last.singularValues[0][0] - first.singularValues[0][0])).toBeGreaterThan(1e-3);
      network.layers.forEach((layer, l) => {
        const { rows, cols, rank, U, V, Ut, Vt, s } = layer;
        expect([U, V]).toEqual(factors[l]);
        expect(fromOrthonormal(U, rows, rank)).toBeLessThan(1e-12);
        expect(fromOrthonormal(V, cols, rank)).toBeLessThan(1e-12);
        if (layer.free) return;
        // U^T W V is diagonal, with s on it
        const W = weightsOf(layer);
        const half = new Float64Array(rank * cols);
        multiply(rank, cols, rows, Ut, W, half);
        const core = new Float64Array(rank * rank);
        multiply(rank, rank, cols, half, V, core);
        const off = core.reduce((worst, w, i) => Math.max(worst, Math.abs(w - (i % (rank + 1) === 0 ? s[i / (rank + 1)] : 0))), 0);
        expect(off).toBeLessThan(1e-12);
        expect(Vt).toHaveLength(rank * cols);
      });
    }
  );
});

test("a student with the teacher's U and V finds the teacher's singular values from noiseless data", () => {
  const teacher = spectralNetwork(rng("teacher"), 25, [{ size: 40, activation: make(relu) }]);
  const [layer] = teacher.layers;
  const task = teacherTask(rng("task"), teacher, { samples: 400 });
  const network = spectralNetwork(rng("student"), 25, [{ size: 40, activation: make(relu), weights: weightsOf(layer) }]);
  const wanted = network.layers[0].s.slice();
  for (let k = 0; k < wanted.length; k++) network.layers[0].s[k] *= 1 + 0.4 * Math.cos(k);
  const { outcome, frames } = drain(spectralTraining(network, task, { epochs: 3000, learningRate: 0.8, tolerance: 1e-11 }));
  expect(outcome.kind).toBe("converged");
  expect(frames[frames.length - 1].testLoss).toBeLessThan(1e-16);
  for (let k = 0; k < wanted.length; k++) expect(network.layers[0].s[k]).toBeCloseTo(wanted[k], 8);
});

test("drawn layers: i.i.d. entries of variance gain^2/cols, or all singular values equal to gain; W = U S V^T is what is given", () => {
  const network = spectralNetwork(rng("draw"), 300, [
    { size: 200, gain: 1.5 },
    { size: 100, weights: "orthogonal", gain: 0.7 }
  ]);
  const W = weightsOf(network.layers[0]);
  const mean = W.reduce((sum, w) => sum + w * w, 0) / W.length;
  expect(Math.abs((mean * 300) / 1.5 ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / W.length));
  expect(new Set(network.layers[1].s)).toEqual(new Set([0.7]));
  const again = spectralNetwork(rng("other"), 300, [{ size: 200, weights: W }]);
  expect(weightsOf(again.layers[0]).reduce((worst, w, i) => Math.max(worst, Math.abs(w - W[i])), 0)).toBeLessThan(1e-12);
  expect(outputsOf(again, new Float64Array(600), 2)).toEqual(new Float64Array(400));
});

test("the same seed gives the same run; singular values through zero are reported without their sign", () => {
  const run = () => {
    const network = spectralNetwork(rng("student"), 20, [{ size: 20 }]);
    const teacher = spectralNetwork(rng("teacher"), 20, [{ size: 20 }]);
    const task = teacherTask(rng("task"), teacher, { samples: 100, prior: make(binary) });
    expect(new Set(task.training.inputs)).toEqual(new Set([-1, 1]));
    return {
      network,
      frames: drain(spectralTraining(network, task, { epochs: 30, batch: 10, learningRate: 0.05, rng: rng("batches") })).frames
    };
  };
  const { network, frames } = run();
  expect(run().frames).toEqual(frames);
  expect(network.layers[0].s.some((s) => s < 0)).toBe(true);
  for (const { singularValues } of frames) {
    expect(singularValues[0].every((s, k) => s >= 0 && (k === 0 || s <= singularValues[0][k - 1]))).toBe(true);
  }
  expect(frames[30].singularValues[0]).toEqual(singularValuesOf(network.layers[0]));
});

test("too large a rate is a divergence with advice, and the network is left as it was before the bad epoch", () => {
  const network: SpectralNetwork = spectralNetwork(rng("student"), 20, [{ size: 20 }]);
  const task: Task = teacherTask(rng("task"), spectralNetwork(rng("teacher"), 20, [{ size: 20 }]), { samples: 60 });
  const { frames, outcome } = drain(spectralTraining(network, task, { epochs: 5000, learningRate: 20 }));
  expect(outcome.kind).toBe("diverged");
  expect(outcome.advice).toMatch(/smaller learningRate than 20/);
  expect(network.layers[0].s.every(Number.isFinite)).toBe(true);
  for (const { trainingLoss, testLoss } of frames) expect(Number.isFinite(trainingLoss) && Number.isFinite(testLoss)).toBe(true);
});

test("what cannot be trained is refused with the cure", () => {
  const network = spectralNetwork(rng("a"), 5, [{ size: 4 }]);
  const task = teacherTask(rng("b"), network, { samples: 10 });
  expect(() => spectralNetwork(rng("a"), 0, [{ size: 4 }])).toThrow("inputs must be an integer >= 1");
  expect(() => spectralNetwork(rng("a"), 5, [])).toThrow("at least one layer");
  expect(() => spectralNetwork(rng("a"), 5, [{ size: 4, activation: make(sign) }])).toThrow(
    "layer 1: the activation must be piecewise linear"
  );
  expect(() => spectralNetwork(rng("a"), 5, [{ size: 4, weights: new Float64Array(3) }])).toThrow(
    "weights must have 20 numbers (4 x 5), got 3"
  );
  expect(() => spectralTraining(network, task, { epochs: 1, learningRate: 0.1, batch: 5 })).toThrow("mini-batches need an rng");
  expect(() => spectralTraining(network, task, { epochs: 1, learningRate: -1 })).toThrow("learningRate must be a number > 0");
  expect(() => spectralTraining(spectralNetwork(rng("a"), 6, [{ size: 4 }]), task, { epochs: 1, learningRate: 1 })).toThrow(
    "as many inputs as the network, 6, got 5"
  );
  expect(() => teacherTask(rng("b"), spectralNetwork(rng("a"), 5, [{ size: 1 }]), { samples: 3, kind: "classification" })).toThrow(
    "two outputs or more"
  );
});
