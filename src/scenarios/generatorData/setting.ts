/** Parameters of `generator-data` and its task: generator and teacher are drawn from `generatorSeed`, the same for theory and every run. */
import {
  couplingFlow,
  type DataGenerator,
  type DecoderLayer,
  decoderGenerator,
  featureGenerator,
  type GeneratorMoments,
  type Standardised,
  standardisedGenerator
} from "../../algorithms/sgd/structured/index.ts";
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Values, Vec } from "../../core/types.ts";
import { multiply } from "../../linalg/index.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { covarianceModes, featureLayerCovariance, type InputModes } from "../../theory/sgd/structured/index.ts";
import { params as common, nonlinearOf, type Start, startOf } from "../hiddenManifold/setting.ts";
import { sharedWeights } from "../hiddenManifold/startingWeights.ts";
import { teacherOf, whiten } from "../hiddenManifold/simulation.ts";

const { teacherUnits, studentUnits, activation, learningRate, secondLearningRate, noise, train, studentScale } = common;

export const params = {
  generator: {
    kind: "choice",
    default: "layers",
    options: ["layers", "decoder", "flow"],
    symbol: "G",
    about: "of inputs x = G(c): layers of random features, a relu network from a file, or an invertible flow of random couplings"
  },
  teacher: {
    kind: "choice",
    default: "latent",
    options: ["latent", "inputs"],
    symbol: "y",
    about: "what the teacher acts on: the latent variables c, or the inputs x"
  },
  depth: { kind: "integer", default: 2, min: 1, max: 8, symbol: "L", about: "layers of random features, or couplings of the flow" },
  latentRatio: {
    kind: "real",
    default: 0.3,
    min: 0.001,
    max: 100,
    scale: "log",
    symbol: "δ",
    about: "D/N of layers (a decoder has its own, a flow has 1)"
  },
  widthRatio: { kind: "real", default: 1, min: 0.01, max: 10, symbol: "n/N", about: "units of a hidden layer of features over N" },
  features: common.features,
  nonlinearity: { ...common.nonlinearity, default: "tanh", about: "of every layer of features, centred and scaled to unit variance" },
  decoder: {
    kind: "file",
    default: "",
    symbol: "W, b",
    accepts: "arrays W1 (n_1 x D), b1 (n_1), W2 (N x n_1), b2 (N) ... of a relu network with an affine last layer, such as a .npz",
    about: "weights of generator decoder"
  },
  covariance: {
    kind: "choice",
    default: "closed",
    options: ["closed", "estimated"],
    symbol: "Ω",
    about: "of layers: by Gaussian equivalence layer by layer, or from samples as it is for decoders and flows"
  },
  covarianceSamples: {
    kind: "integer",
    default: 20_000,
    min: 1000,
    max: 10_000_000,
    scale: "log",
    symbol: "S",
    about: "samples that moments of the inputs are estimated from"
  },
  generatorSeed: {
    kind: "integer",
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    symbol: "γ",
    about: "seed of the generator, the teacher and the samples of the covariances; theory and every run share them"
  },
  teacherUnits,
  studentUnits,
  activation,
  learningRate,
  secondLearningRate,
  noise,
  time: { ...common.time, default: 20 },
  train,
  studentScale,
  overlap: common.overlap,
  overlapSeed: { ...common.overlapSeed, about: "seed of the overlaps R and the weights at the start; theory and every run share them" },
  initial: common.initial,
  size: { ...common.size, default: 200, max: 4000, about: "number of components of the inputs (a decoder has its own)" },
  testSamples: common.testSamples,
  frames: common.frames
} as const;
export type P = Values<typeof params>;

const refuse = (sentence: string) => new ParameterError(`generator-data: ${sentence}`);

/** Everything that theory and runs share. */
export interface Task {
  readonly generator: Standardised;
  /** One an eigenvector of the covariance of the inputs. */
  readonly modes: InputModes;
  /** sqrt N E x nu^T, M x N. */
  readonly Phi: Vec;
  /** Teacher weights, M x D or M x N. */
  readonly B: Vec;
  readonly start: Start;
  /** Both students at the start, 2K x N: inputs of few directions would make every draw another problem. */
  readonly weights: Vec;
  /** Omega on each of `rows` rows. */
  covariance(W: Vec, rows: number): Vec;
}

const remembered = new Map<string, Task>();

/** Throws ParameterError for a decoder that does not fit and units that have no room. */
export function taskOf(p: P): Task {
  const {
    generator,
    teacher,
    depth,
    latentRatio,
    widthRatio,
    features,
    nonlinearity,
    decoder,
    covariance,
    covarianceSamples,
    generatorSeed
  } = p;
  const { teacherUnits: M, studentUnits: K, studentScale, overlap, overlapSeed, initial, size, time } = p;
  const key = JSON.stringify([
    [generator, teacher, depth, latentRatio, widthRatio, features, nonlinearity, decoder, covariance, covarianceSamples, generatorSeed],
    [M, K, studentScale, overlap, overlapSeed, initial, size]
  ]);
  const known = remembered.get(key);
  if (known) return known;
  if (Math.round(time * size) < 1) throw refuse(`time must be at least 1/size (one sample), got ${time}; for example 10`);
  const rng = makeRng(generatorSeed, "generator-data");
  const { inputs, moments } = generatorOf(p);
  const { D, N } = inputs;
  const start = startOf({ ...p, task: "hidden-manifold" }, 1, "generator-data");
  const rows = start.T.length;
  if (2 * rows > D)
    throw refuse(`teacherUnits must be at most half of the ${D} latent variables, got ${rows}; for example ${Math.max(1, D >> 2)}`);
  const B = teacherOf(start, teacher === "latent" ? D : N, rng.fork("teacher"));
  const Phi = new Float64Array(rows * N);
  const apply = (W: Vec, count: number): Vec => {
    const out = new Float64Array(W.length);
    multiply(count, N, N, W, moments.Omega, out);
    return out;
  };
  if (teacher === "inputs") {
    whiten(B, rows, N, apply, start.T);
    Phi.set(apply(B, rows));
  } else
    for (let m = 0; m < rows; m++)
      for (let i = 0; i < N; i++) {
        let sum = 0;
        for (let r = 0; r < D; r++) sum += moments.Psi[i * D + r] * B[m * D + r];
        Phi[m * N + i] = sum * Math.sqrt(N / D);
      }
  const correlations = new Float64Array(N * rows);
  for (let i = 0; i < N; i++) for (let m = 0; m < rows; m++) correlations[i * rows + m] = Phi[m * N + i] / Math.sqrt(N);
  const modes = covarianceModes(moments.Omega, correlations, start.T);
  const problem = { N, Phi, covariance: apply, Q: start.Q, R: start.R };
  const weights = sharedWeights("generator-data", p, problem, { omega: modes.omega, ...modes.axes! });
  const task = { generator: inputs, modes, Phi, B, start, weights, covariance: apply };
  if (remembered.size >= 4) remembered.clear();
  remembered.set(key, task);
  return task;
}

function generatorOf(p: P): { readonly inputs: Standardised; readonly moments: GeneratorMoments } {
  const rng = makeRng(p.generatorSeed, "generator-data/generator");
  if (p.generator !== "decoder" && p.decoder !== "")
    throw refuse(`decoder must be left out for generator ${p.generator}; take --generator decoder`);
  if (p.generator === "layers") {
    const { f, mean, deviation, sign, slope2, rest } = nonlinearOf(p);
    const variance = slope2 + rest;
    if (slope2 < 1e-6 * variance)
      throw refuse(`nonlinearity must have a linear part, or the students see nothing of c; got ${p.nonlinearity}; for example tanh`);
    const D = Math.max(1, Math.round(p.latentRatio * p.size));
    const hidden = Math.max(1, Math.round(p.widthRatio * p.size));
    const sizes = [D, ...new Array<number>(p.depth - 1).fill(hidden), p.size];
    const G = featureGenerator({ kind: p.features, sizes, f, mean, deviation }, rng);
    if (p.covariance === "closed") {
      const law = { matrices: G.matrices, sizes, slope: sign * Math.sqrt(slope2 / variance), rest: rest / variance };
      return { inputs: { ...G, shift: new Float64Array(G.N), scale: 1 }, moments: featureLayerCovariance(law) };
    }
    return estimated(G, p);
  }
  return estimated(p.generator === "flow" ? couplingFlow(p.size, p.depth, rng) : decoderGenerator(readDecoder(p.decoder)), p);
}

function estimated(G: DataGenerator, p: P): { readonly inputs: Standardised; readonly moments: GeneratorMoments } {
  const { generator, moments } = standardisedGenerator(G, p.covarianceSamples, makeRng(p.generatorSeed, "generator-data/moments"));
  return { inputs: generator, moments };
}

/** W1, b1, W2, b2 ... in this order whatever the order in the file; Throws ParameterError. */
export function readDecoder(text: string): DecoderLayer[] {
  if (text === "")
    throw refuse("decoder must be given for generator decoder, got none; for example --decoder weights.npz with arrays W1, b1, W2, b2");
  const arrays = readArraysText(text, "generator-data: decoder");
  const has = arrays.map((a) => `${a.name} (${a.shape.join(" x ")})`).join(", ");
  const layers: DecoderLayer[] = [];
  for (let l = 1; ; l++) {
    const W = arrays.find((a) => a.name === `W${l}`);
    const b = arrays.find((a) => a.name === `b${l}`);
    if (!W && !b) break;
    if (!W || !b || W.shape.length !== 2 || b.data.length !== W.shape[0])
      throw refuse(`decoder must hold W${l} (a matrix) and b${l} (one number a row of W${l}), got ${has}`);
    layers.push({ rows: W.shape[0], cols: W.shape[1], W: Float64Array.from(W.data), b: Float64Array.from(b.data) });
  }
  if (layers.length === 0 || 2 * layers.length !== arrays.length)
    throw refuse(`decoder must hold arrays W1, b1, W2, b2 ... and no others, got ${has}`);
  layers.forEach(({ rows, cols }, l) => {
    const before = layers[l - 1];
    if (before && before.rows !== cols)
      throw refuse(`W${l + 1} of decoder must have as many columns as W${l} has rows, ${before.rows}, got ${rows} x ${cols}`);
  });
  return layers;
}
