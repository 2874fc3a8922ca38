/**
 * Online SGD of a two-layer student on a two-layer teacher, one fresh sample a step: the closed equations of its overlaps against
 * actual networks that start from exactly the same overlaps (Saad and Solla 1995; Goldt et al. 2019).
 */
import { onlineSgd as runOnlineSgd, studentError, weightsWithOverlaps } from "../algorithms/sgd/index.ts";
import { outcome } from "../core/outcome.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Overlaps, Prediction, Rng, SimulationEnd } from "../core/types.ts";
import { generalizationErrorOf, sgdOde } from "../theory/sgd/index.ts";
import { type P, params, startOf, timesOf } from "./onlineSgd/setting.ts";

type O = "generalizationError";

/** Frames of overlaps. A time that is reached ends "completed", with |d e_g / d ln t| over the last frames as its residual. */
function* framesOf(
  states: Generator<{ readonly t: number; readonly overlaps: Overlaps }, Outcome>,
  errorOf: (overlaps: Overlaps) => number
): Generator<Frame<O>, Outcome> {
  let error = 0;
  let t = 0;
  let speed = 0;
  for (let step = states.next(); ; step = states.next()) {
    if (step.done) {
      const { kind, iterations } = step.value;
      return kind === "converged" || kind === "completed" ? outcome("completed", speed, iterations) : step.value;
    }
    const { Q, R, T, v } = step.value.overlaps;
    const now = errorOf(step.value.overlaps);
    speed = t > 0 ? Math.abs(now - error) / Math.log(step.value.t / t) : Math.abs(now - error);
    t = step.value.t;
    error = now;
    yield { t, generalizationError: now, matrices: { Q, R, T, v: [v] } };
  }
}

/** Q, R, T and v of a start already broken towards specialisation, so that single runs leave the plateau at nearly the same time. */
const BROKEN = JSON.stringify({
  Q: [
    [0.5, 0.1],
    [0.1, 0.5]
  ],
  R: [
    [0.3, 0.1],
    [0.1, 0.3]
  ],
  T: [
    [1, 0],
    [0, 1]
  ],
  v: [1, 1],
  vTeacher: [1, 1]
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
      used: "eqs. 4-5 (the steps), both layers, other activations, overparametrised students, label noise"
    }
  ],
  landmarks: [],
  agreement: [{ at: "every-t", bias: 5, params: { initial: BROKEN, learningRate: 1, time: 40, size: 500, frames: 30 } }],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const start = startOf(p);
    const weights = weightsWithOverlaps(start, p.size, rng.fork("weights"), "online-sgd");
    const states = runOnlineSgd({ ...p, N: p.size, ...weights, v: start.v, vTeacher: start.vTeacher }, timesOf(p), rng);
    return yield* framesOf(states, (overlaps) => studentError(p.activation, overlaps));
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    const states = sgdOde(p, startOf(p), timesOf(p));
    return yield* framesOf(states, (overlaps) => generalizationErrorOf(p.activation, overlaps));
  },

  predict(p: P): Prediction<O> {
    const frames = onlineSgd.evolve(p);
    let last = frames.next();
    for (let step = last; ; step = frames.next()) {
      if (step.done) {
        const { t: _, matrices = {}, ...observables } = last.value as Frame<O>;
        return { branches: { algorithmic: { outcome: step.value, observables, matrices } }, phase: null };
      }
      last = step;
    }
  }
});
