/** Parameters of `online-sgd`, and the overlaps and times that they ask for. */
import { factorOf, sampleOverlaps } from "../../algorithms/sgd/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps, Values } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { readOverlaps } from "./readOverlaps.ts";

const units = (symbol: string, about: string) => ({ kind: "integer", default: 2, min: 1, max: 16, symbol, about }) as const;
const rate = (symbol: string, about: string) => ({ kind: "real", default: 0.5, min: 0, max: 100, symbol, about }) as const;

export const params = {
  teacherUnits: units("M", "hidden units of the teacher (a file of overlaps has its own)"),
  studentUnits: units("K", "hidden units of the student; more than the teacher's: overparametrised (a file of overlaps has its own)"),
  activation: {
    kind: "choice",
    default: "erf",
    options: ["erf", "linear", "square", "relu"],
    symbol: "g",
    about: "activation of both networks: erf(x/sqrt 2), x, x^2 or max(0, x)"
  },
  learningRate: rate("η", "step of the first layer"),
  secondLearningRate: rate("η₂", "step of the second layer, where both learn"),
  noise: {
    kind: "real",
    default: 0,
    min: 0,
    max: 1000,
    symbol: "σ²",
    about: "variance of the noise on the labels the student learns from"
  },
  weightDecay: {
    kind: "real",
    default: 0,
    min: 0,
    max: 100,
    symbol: "κ",
    about: "weight decay: every step also takes eta kappa/N times itself from each weight that learns (eta_2 in the second layer)"
  },
  time: { kind: "real", default: 400, min: 1e-3, max: 1e7, scale: "log", symbol: "t", about: "samples / N at the end" },
  train: {
    kind: "choice",
    default: "first",
    options: ["first", "both"],
    symbol: "v",
    about: "the layers that learn: the first alone (v = 1), or both (v starts from N(0, studentScale^2))"
  },
  studentScale: {
    kind: "real",
    default: 0.5,
    min: 0,
    max: 100,
    symbol: "s",
    about: "standard deviation of the student's weights at the start; those of the teacher have 1"
  },
  overlapSeed: {
    kind: "integer",
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    symbol: "ω",
    about: "seed of the overlaps at the start, those of random weights of dimension N; theory and every run share them"
  },
  initial: {
    kind: "file",
    default: "",
    symbol: "Ω₀",
    accepts: '{"Q": K x K, "R": K x M, "T": M x M, "v": K, "vTeacher": M}, matrices as arrays of rows, v and vTeacher 1 where left out',
    about: "overlaps at the start; theory and simulation both have exactly these"
  },
  size: { kind: "integer", default: 300, min: 1, max: 1_000_000, symbol: "N", about: "number of components of the inputs" },
  frames: {
    kind: "integer",
    default: 80,
    min: 2,
    max: 1000,
    symbol: "F",
    about: "times reported, t = 0 and then evenly spaced in ln t, in whole samples"
  }
} as const;
export type P = Values<typeof params>;

/** The overlaps at the start; throws ParameterError for a file of impossible ones. */
export function startOf(p: P): Overlaps {
  if (p.initial) {
    const given = readOverlaps(p.initial, "online-sgd: initial");
    factorOf(given, "online-sgd: initial");
    if (p.activation === "relu" && given.Q.some((row, k) => row[k] === 0))
      throw new ParameterError("online-sgd: initial: Q must have a diagonal above 0 for relu, whose units at 0 never move");
    return given;
  }
  if (p.activation === "relu" && p.studentScale === 0)
    throw new ParameterError("online-sgd: studentScale must be above 0 for relu, whose units at 0 never move, got 0; for example 0.5");
  const rng = makeRng(p.overlapSeed, "online-sgd/overlaps");
  const { studentUnits: K, teacherUnits: M, size: N, studentScale } = p;
  return sampleOverlaps({ K, M, N, studentScale, ...(p.train === "both" ? { secondScale: studentScale } : {}) }, rng);
}

/** 0 and then `frames` - 1 times, evenly spaced in ln t up to `time`, each a whole number of samples and each once. */
export function timesOf({ time, size, frames }: Pick<P, "time" | "size" | "frames">): number[] {
  const last = Math.round(time * size);
  if (last < 1) throw new ParameterError(`online-sgd: time must be at least 1/size (one sample), here ${1 / size}, got ${time}`);
  const first = Math.min(last, Math.max(1, Math.round(Math.min(0.1, time / 100) * size)));
  const steps = new Set([0, first]);
  for (let k = 1; k < frames - 1; k++) steps.add(Math.round(first * (last / first) ** (k / (frames - 2))));
  steps.add(last);
  return [...steps].sort((a, b) => a - b).map((s) => s / size);
}
