/**
 * The hidden manifold model, online: inputs are a nonlinear image of few latent variables, labels a network's answer to these. SGD of two
 * independent students against its differential equations (Goldt, Mezard, Krzakala, Zdeborova 2020).
 */
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Observable, Outcome, Prediction, Rng, SimulationEnd } from "../core/types.ts";
import { type P, params, startOf } from "./hiddenManifold/setting.ts";
import { simulateManifold } from "./hiddenManifold/simulation.ts";
import { evolveManifold, type O } from "./hiddenManifold/theory.ts";
import { restingPlaces } from "./onlineSgd/restingPlaces.ts";
import { lastBranch } from "./family/lastBranch.ts";

const positive = (symbol: string, about: string): Observable => ({ symbol, about, range: [0, Number.POSITIVE_INFINITY] });

/** Independent inputs: where each student waits and ends is where one of online-sgd does. */
function plainPlaces(p: P): Pick<Prediction<O>, "fixedPoints" | "levels"> {
  const { v, vTeacher, T, K } = startOf(p, 1);
  const places = restingPlaces({ ...p, weightDecay: 0 }, { v: v.slice(0, K), vTeacher, T: T.map((row) => [...row]) });
  return places;
}

export const hiddenManifold = defineScenario({
  id: "hidden-manifold",
  title: "Hidden manifold model: online learning on structured inputs",
  summary:
    "Inputs lie on a folded manifold of D latent variables and labels depend on these alone. Two students learn by online SGD from independent samples; beside them unstructured inputs, a teacher on the inputs themselves, and real data of two classes.",
  formulas: [
    String.raw`x = f\big(F c/\sqrt D\big) - \mathbb{E} f, \quad c \sim \mathcal{N}(0, 1_D), \qquad y = \sum_m v^*_m\, g(\nu_m) + \sigma\zeta, \quad \nu_m = B_m\cdot c/\sqrt D`,
    String.raw`\phi(x) = \sum_k v_k\, g(\lambda_k), \quad \lambda_k = w_k\cdot x/\sqrt N, \qquad w_k \mathrel{+}= \frac{\eta}{\sqrt N}\, v_k\, g'(\lambda_k)\,(y-\phi)\, x`,
    String.raw`Q = b^2\,\Sigma + (c - a^2 - b^2)\, W, \qquad \frac{dr_{km}(\omega)}{dt} = \eta\sum_j G_{kj}\,\omega\, r_{jm} + \eta\sum_n H_{kn}\, N\varphi_n\varphi_m`
  ],
  family: "learning dynamics",
  theoryPoints: 41,
  params,
  observables: {
    generalizationError: positive("ε_g", "E (φ* - φ)²/2 of the first student on fresh inputs, label noise left out"),
    disagreement: positive("ε₁₂", "E (φ₁ - φ₂)²/2 of two independent students on inputs of the task"),
    disagreementIid: positive("ε₁₂ iid", "the same on independent Gaussian inputs of the same variance"),
    studentOverlap: { symbol: "ρ₁₂", about: "E φ₁φ₂ / sqrt(E φ₁² E φ₂²) of two independent students on inputs of the task", range: [-1, 1] }
  },
  thresholdNames: [],
  time: { symbol: "t", about: "samples / N", log: true },
  references: [
    {
      key: "goldt2020",
      cite: "S. Goldt, M. Mézard, F. Krzakala, L. Zdeborová, Modeling the influence of data structure on learning in neural networks: the hidden manifold model, Phys. Rev. X 10, 041044 (2020)",
      url: "https://arxiv.org/abs/1909.11500",
      used: "the model, Gaussian equivalence, the equations in the eigenmodes of the features, independent students (sections II to V); the product of the teacher's projections is kept per mode"
    },
    {
      key: "saad1995",
      cite: "D. Saad, S. A. Solla, On-line learning in soft committee machines, Phys. Rev. E 52, 4225 (1995)",
      url: "https://doi.org/10.1103/PhysRevE.52.4225",
      used: "the unstructured case and its Gaussian integrals"
    },
    {
      key: "goldt2022",
      cite: "S. Goldt, B. Loureiro, G. Reeves, F. Krzakala, M. Mézard, L. Zdeborová, The Gaussian equivalence of generative models for learning with shallow neural networks, MSML (2022)",
      url: "https://arxiv.org/abs/2006.14709",
      used: "equations for any covariance of inputs and latent variables (task data)"
    }
  ],
  landmarks: [],
  agreement: [
    { at: "every-t", bias: 2, params: { size: 400, time: 2, frames: 6, testSamples: 1000 } },
    {
      at: "every-t",
      bias: 2,
      params: {
        size: 300,
        time: 2,
        frames: 6,
        testSamples: 1000,
        features: "orthogonal",
        nonlinearity: "erf",
        studentUnits: 3,
        train: "both",
        noise: 0.01
      }
    },
    { at: "every-t", bias: 2, params: { task: "unstructured", size: 300, time: 10, frames: 6, testSamples: 1000 } },
    {
      at: "every-t",
      bias: 2,
      params: {
        task: "teacher-on-inputs",
        size: 300,
        time: 2,
        frames: 6,
        testSamples: 1000,
        nonlinearity: "relu",
        activation: "relu",
        latentRatio: 0.5
      }
    }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    return yield* simulateManifold(p, rng);
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    return yield* evolveManifold(p);
  },

  predict(p: P): Prediction<O> {
    return {
      branches: { algorithmic: lastBranch("hidden-manifold", evolveManifold(p)) },
      phase: null,
      ...(p.task === "unstructured" ? plainPlaces(p) : {})
    };
  }
});
