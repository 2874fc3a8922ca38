/**
 * Online SGD of a two-layer student on a two-layer teacher, one fresh sample a step: the closed equations of its overlaps against
 * actual networks that start from exactly the same overlaps (Saad and Solla 1995; Goldt et al. 2019).
 */
import { onlineSgd as runOnlineSgd, studentError, weightsWithOverlaps } from "../algorithms/sgd/index.ts";
import { parse } from "../core/parameters.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Prediction, Rng, SimulationEnd } from "../core/types.ts";
import { sgdOde, sgdSystem, symmetricPlateau } from "../theory/sgd/index.ts";
import { rememberLast } from "./family/rememberLast.ts";
import { lastBranch } from "./family/lastBranch.ts";
import { framesOf, type OverlapFrame, STEPS } from "./onlineSgd/framesOf.ts";
import { restingPlaces } from "./onlineSgd/restingPlaces.ts";
import { type P, params, startOf, timesOf } from "./onlineSgd/setting.ts";

type O = "generalizationError";

/** A frame of this scenario out of a general one. */
function* named(frames: Generator<OverlapFrame, Outcome>): Generator<Frame<O>, Outcome> {
  for (let step = frames.next(); ; step = frames.next()) {
    if (step.done) return step.value;
    const { t, error, matrices } = step.value;
    yield { t, generalizationError: error, matrices };
  }
}

/** Starts already broken towards specialisation, so that single runs leave the plateau at nearly the same time. */
const broken = (Q: number[][], R: number[][], v: number[]) =>
  JSON.stringify({
    Q,
    R,
    T: [
      [1, 0],
      [0, 1]
    ],
    v,
    vTeacher: [1, 1]
  });
const TWO = [
  [0.5, 0.1],
  [0.1, 0.5]
];
const LEANING = [
  [0.5, 0.1],
  [0.1, 0.5]
];
const THREE = [
  [0.5, 0.1, 0.1],
  [0.1, 0.5, 0.12],
  [0.1, 0.12, 0.4]
];
const PAIR = [
  [0.5, 0.1],
  [0.1, 0.45],
  [0.1, 0.05]
];

const IDENTICAL = broken(
  [
    [0.345, 0.345],
    [0.345, 0.345]
  ],
  [
    [0.41, 0.41],
    [0.41, 0.41]
  ],
  [1, 1]
);

/** e_g of the equations at the end. */
function errorAt(given: Readonly<Record<string, number | string>>): number {
  const p = parse({ id: "online-sgd", params }, given);
  let error = 0;
  for (const frame of equations(p)) error = frame.error;
  return error;
}

const equations = rememberLast((p: P): Generator<OverlapFrame, Outcome> => {
  const start = startOf(p);
  const system = sgdSystem(p, start);
  return framesOf(sgdOde(p, start, timesOf(p), STEPS), (overlaps) => system.generalizationError(system.pack(overlaps)));
});

export const onlineSgd = defineScenario({
  id: "online-sgd",
  title: "Online SGD of two-layer networks",
  summary:
    "A two-layer student learns a two-layer teacher from a stream of fresh samples. Differential equations for the overlaps follow it through its plateau and its specialisation, for erf, linear, square and relu units, label noise, weight decay, and one or both layers learning.",
  formulas: [
    String.raw`\phi(x) = \sum_{k=1}^K v_k\, g(\lambda_k), \quad \lambda_k = \frac{w_k \cdot x}{\sqrt N}, \qquad \phi^*(x) = \sum_{m=1}^M v^*_m\, g(\nu_m), \qquad \Delta = \phi^* - \phi + \sigma\zeta`,
    String.raw`w_k \leftarrow \big(1 - \tfrac{\eta\kappa}{N}\big)\, w_k + \frac{\eta}{\sqrt N}\, v_k\, g'(\lambda_k)\, \Delta\, x, \qquad v_k \leftarrow \big(1 - \tfrac{\eta_2\kappa}{N}\big)\, v_k + \frac{\eta_2}{N}\, g(\lambda_k)\, \Delta, \qquad t = \text{steps}/N`,
    String.raw`Q = \frac{w w^T}{N}, \quad R = \frac{w {w^*}^T}{N}, \quad T = \frac{w^* {w^*}^T}{N}, \qquad e_g = \tfrac12\, \mathbb{E}\,(\phi^* - \phi)^2`
  ],
  family: "learning",
  params,
  observables: {
    generalizationError: {
      symbol: "e_g",
      about: "half the mean squared difference between student and teacher on fresh inputs, label noise left out",
      range: [0, Number.POSITIVE_INFINITY]
    }
  },
  sized: true,
  theoryPoints: 61,
  thresholdNames: [],
  time: { symbol: "t", about: "samples / N", log: true },
  references: [
    {
      key: "saad1995",
      cite: "D. Saad, S. A. Solla, On-line learning in soft committee machines, Phys. Rev. E 52, 4225 (1995)",
      url: "https://doi.org/10.1103/PhysRevE.52.4225",
      used: "the equations of R and Q for erf units and their closed integrals; plateau and specialisation"
    },
    {
      key: "goldt2019",
      cite: "S. Goldt, M. Advani, A. M. Saxe, F. Krzakala, L. Zdeborová, Dynamics of stochastic gradient descent for two-layer neural networks in the teacher-student setup, NeurIPS 32 (2019)",
      url: "https://arxiv.org/abs/1906.08632",
      used: "the steps and equations of both layers, other activations, overparametrised students, label noise"
    }
  ],
  landmarks: [
    {
      name: "erf, two identical students of two orthogonal teachers, eta = 0.2: the plateau they stay on",
      value: 0.0126176251,
      tolerance: 1e-9,
      source: "symmetric fixed point of the equations of Saad and Solla 1995 with Q_11 = Q_12",
      compute: () => errorAt({ initial: IDENTICAL, learningRate: 0.2, time: 1000 })
    },
    ...(
      [
        [2, 0.0116108403],
        [3, 0.0202965887]
      ] as const
    ).map(([units, value]) => ({
      name: `erf, K = M = ${units}, identity T, eta -> 0: height of the symmetric plateau`,
      value,
      tolerance: 1e-9,
      source: "symmetric fixed point of the equations of Saad and Solla 1995",
      compute: () => symmetricPlateau({ activation: "erf", learningRate: 0, studentUnits: units }).generalizationError
    }))
  ],
  // Deviations of the mean of order 1/N; single runs leave the plateau at their own times, which the standard errors hold.
  agreement: [
    {
      at: "every-t",
      bias: 0.5,
      params: { initial: broken(TWO, LEANING, [1, 1]), learningRate: 1, time: 20, size: 1000, frames: 16 },
      seeds: 8
    },
    {
      at: "every-t",
      bias: 0.5,
      params: { initial: broken(THREE, PAIR, [1, 1, 1]), learningRate: 0.8, noise: 0.01, time: 40, size: 300, frames: 16 }
    },
    {
      at: "every-t",
      bias: 0.5,
      params: { initial: broken(TWO, LEANING, [1, 1]), activation: "relu", learningRate: 0.3, time: 40, size: 300, frames: 16 }
    },
    {
      at: "every-t",
      bias: 0.5,
      params: {
        initial: broken(TWO, LEANING, [0.6, 0.5]),
        train: "both",
        learningRate: 1,
        secondLearningRate: 0.3,
        weightDecay: 0.001,
        time: 40,
        size: 300,
        frames: 16
      }
    }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const start = startOf(p);
    const weights = weightsWithOverlaps(start, p.size, rng.fork("weights"), "online-sgd");
    const states = runOnlineSgd({ ...p, N: p.size, ...weights, v: start.v, vTeacher: start.vTeacher }, timesOf(p), rng);
    return yield* named(framesOf(states, (overlaps) => studentError(p.activation, overlaps)));
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    return yield* named(equations(p));
  },

  predict(p: P): Prediction<O> {
    return { branches: { algorithmic: lastBranch("online-sgd", onlineSgd.evolve(p)) }, phase: null, ...restingPlaces(p, startOf(p)) };
  }
});
