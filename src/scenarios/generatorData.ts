/**
 * Online learning on inputs from a generator, x = G(c): a multi-layer random network, a trained decoder, or an invertible flow. Equations
 * from the covariances of inputs and latent variables against runs (Goldt et al. 2022).
 */
import { generatorSource } from "../algorithms/sgd/structured/index.ts";
import { defineScenario } from "../core/scenario.ts";
import type { Frame, Outcome, Prediction, Rng, SimulationEnd, Vec } from "../core/types.ts";
import { stateOfWeights } from "../theory/sgd/structured/index.ts";
import { type P, params, taskOf } from "./generatorData/setting.ts";
import { rememberLast } from "./family/rememberLast.ts";
import { lastBranch } from "./family/lastBranch.ts";
import { hiddenManifold } from "./hiddenManifold.ts";
import { runStudents, sampled } from "./hiddenManifold/simulation.ts";
import { evolveProblem, type O, taskOf as equationsOf } from "./hiddenManifold/theory.ts";

const evolve = rememberLast((p: P): Generator<Frame<O>, Outcome> => {
  const { generator, modes, start, weights } = taskOf(p);
  const N = generator.N;
  const M = start.T.length;
  const task = equationsOf(p, modes, start.vTeacher, p.noise, start.K);
  const report = (R: Vec) => Array.from({ length: R.length / M }, (_, k) => Array.from(R.subarray(k * M, (k + 1) * M)));
  const problem = { task, start, T: start.T, size: N, variance: 1, unexplained: 0, report };
  return evolveProblem(p, problem, stateOfWeights(modes, weights, start.v));
});

export const generatorData = defineScenario({
  id: "generator-data",
  title: "Online learning on data from a generator",
  summary:
    "Inputs are drawn by a generator from Gaussian latent variables: layers of random features, a trained decoder, or an invertible flow. Two students learn a teacher on the latent variables (or on the inputs); the equations know the generator by its covariances alone.",
  formulas: [
    String.raw`x = G(c), \quad c \sim \mathcal{N}(0, 1_D), \qquad \Omega = \mathbb{E}\, x x^T, \quad \Phi = \mathbb{E}\, x c^T`,
    String.raw`y = \sum_m v^*_m\, g(B_m\cdot c/\sqrt D) + \sigma\zeta, \qquad \phi(x) = \sum_k v_k\, g(w_k\cdot x/\sqrt N)`,
    String.raw`Q = w\,\Omega\, w^T/N, \quad R = w\,\Phi B^T/\sqrt{N D}: \text{ one set of equations an eigenvector of } \Omega`
  ],
  family: "learning dynamics",
  theoryPoints: 21,
  params,
  observables: hiddenManifold.observables,
  thresholdNames: [],
  time: { symbol: "t", about: "samples / N", log: true },
  references: [
    {
      key: "goldt2022",
      cite: "S. Goldt, B. Loureiro, G. Reeves, F. Krzakala, M. Mézard, L. Zdeborová, The Gaussian equivalence of generative models for learning with shallow neural networks, MSML (2022)",
      url: "https://arxiv.org/abs/2006.14709",
      used: "equations from the covariances of inputs and latent variables (section 4); layers of random features, trained and invertible generators"
    },
    {
      key: "dinh2017",
      cite: "L. Dinh, J. Sohl-Dickstein, S. Bengio, Density estimation using Real NVP, ICLR (2017)",
      url: "https://arxiv.org/abs/1605.08803",
      used: "affine couplings of the flow, with random networks in place of trained ones"
    }
  ],
  landmarks: [],
  agreement: [
    { at: "every-t", bias: 3, params: { size: 150, time: 2, frames: 5, testSamples: 1000 } },
    {
      at: "every-t",
      bias: 3,
      params: {
        size: 150,
        time: 2,
        frames: 5,
        testSamples: 1000,
        depth: 3,
        features: "orthogonal",
        teacher: "inputs",
        studentUnits: 3,
        train: "both"
      }
    },
    {
      at: "every-t",
      bias: 3,
      params: { generator: "flow", size: 100, time: 2, frames: 5, testSamples: 1000, covarianceSamples: 10_000 }
    }
  ],

  *simulate(p: P, rng: Rng): Generator<Frame<O>, SimulationEnd> {
    const { generator, covariance, Phi, B, start, weights } = taskOf(p);
    const N = generator.N;
    const teacher = { activation: p.activation, v: start.vTeacher, B, on: p.teacher } as const;
    const source = generatorSource(generator, teacher);
    const instance = { N, start, ...sampled(p, source, N, rng), Phi, T: start.T, covariance, variance: 1, weights };
    return yield* runStudents("generator-data", p, instance, rng);
  },

  *evolve(p: P): Generator<Frame<O>, Outcome> {
    return yield* evolve(p);
  },

  predict(p: P): Prediction<O> {
    return { branches: { algorithmic: lastBranch("generator-data", evolve(p)) }, phase: null };
  }
});
