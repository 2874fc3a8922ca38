/** Parameters of `hidden-manifold`, the start that theory and simulation share, and the times they report. */
import * as activations from "../../activations/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import { makeFromSpec } from "../../core/specs.ts";
import type { Activation, Values } from "../../core/types.ts";
import { featureMoments } from "../../ensembles/featureMoments.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { readOverlaps } from "../onlineSgd/readOverlaps.ts";
import { labelledData } from "./labelledData.ts";

const units = (symbol: string, about: string) => ({ kind: "integer", default: 2, min: 1, max: 12, symbol, about }) as const;

export const params = {
  task: {
    kind: "choice",
    default: "hidden-manifold",
    options: ["hidden-manifold", "teacher-on-inputs", "unstructured", "data"],
    symbol: "y(x)",
    about:
      "hidden-manifold: x = f(F c/sqrt D), labels from c; teacher-on-inputs: the same x, labels from x itself; unstructured: independent Gaussian x, labels from x; data: inputs and two classes from a file"
  },
  latentRatio: { kind: "real", default: 0.3, min: 0.001, max: 100, scale: "log", symbol: "δ", about: "D/N, latent variables an input" },
  features: {
    kind: "choice",
    default: "gaussian",
    options: ["gaussian", "orthogonal"],
    symbol: "F",
    about: "independent entries, or orthogonal columns"
  },
  nonlinearity: { kind: "brick", default: "sign", registry: "activation", symbol: "f", about: "of the inputs, which are centred after it" },
  teacherUnits: units("M", "hidden units of the teacher, with orthogonal weights"),
  studentUnits: units("K", "hidden units of each of the two students"),
  activation: {
    kind: "choice",
    default: "erf",
    options: ["erf", "linear", "square", "relu"],
    symbol: "g",
    about: "of teacher and students: erf(x/sqrt 2), x, x^2 or max(0, x)"
  },
  learningRate: { kind: "real", default: 0.2, min: 0, max: 100, symbol: "η", about: "step of the first layer" },
  secondLearningRate: { kind: "real", default: 0.2, min: 0, max: 100, symbol: "η₂", about: "step of the second layer, where both learn" },
  noise: {
    kind: "real",
    default: 0,
    min: 0,
    max: 1000,
    symbol: "σ²",
    about: "variance of the noise on the labels the students learn from"
  },
  time: { kind: "real", default: 40, min: 1e-3, max: 1e6, scale: "log", symbol: "t", about: "samples / N at the end" },
  train: {
    kind: "choice",
    default: "first",
    options: ["first", "both"],
    symbol: "v",
    about: "the layers that learn: the first alone (v = 1), or both"
  },
  studentScale: { kind: "real", default: 0.5, min: 1e-3, max: 100, symbol: "s", about: "Q = s^2 Var f times the identity at the start" },
  overlap: {
    kind: "real",
    default: 0.2,
    min: 0,
    max: 1,
    symbol: "r",
    about: "correlations of student and teacher fields at the start are drawn from N(0, r^2)"
  },
  overlapSeed: {
    kind: "integer",
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    symbol: "ω",
    about: "seed of the overlaps R at the start; theory and every run share them"
  },
  initial: {
    kind: "file",
    default: "",
    symbol: "Ω₀",
    accepts: '{"Q", "R", "T", "v", "vTeacher"} of the fields at the start, of one student, or of both one after the other',
    about: "overlaps of the fields at the start; theory and simulation both have exactly these"
  },
  file: {
    kind: "file",
    default: "",
    symbol: "X, y",
    accepts: "arrays X (samples x N) and y (samples, two classes), such as a .npz",
    about: "inputs and labels of task data; a third of the samples is held out"
  },
  size: { kind: "integer", default: 300, min: 8, max: 20_000, symbol: "N", about: "number of components of the inputs (data has its own)" },
  testSamples: {
    kind: "integer",
    default: 2000,
    min: 100,
    max: 100_000,
    symbol: "P",
    about: "fresh samples on which a run measures its errors"
  },
  frames: { kind: "integer", default: 40, min: 2, max: 400, symbol: "F", about: "times reported: t = 0, then evenly spaced in ln t" }
} as const;
export type P = Values<typeof params>;
/** Of these, what any pair of students has, whatever their inputs. */
export type Training = Pick<
  P,
  | "activation"
  | "learningRate"
  | "secondLearningRate"
  | "noise"
  | "train"
  | "time"
  | "frames"
  | "studentUnits"
  | "teacherUnits"
  | "studentScale"
  | "overlap"
  | "overlapSeed"
>;

/** Numbers in F: past this a run needs gigabytes. */
const MOST_FEATURES = 4e7;

export type Matrix = readonly (readonly number[])[];

export interface Nonlinear {
  readonly f: Activation;
  readonly mean: number;
  readonly deviation: number;
  /** Sign of b, b^2 and Var f - b^2. */
  readonly sign: 1 | -1;
  readonly slope2: number;
  readonly rest: number;
}

const identity = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, k) => (i === k ? 1 : 0)));

const diagonal = (A: Matrix): number[] => A.map((row, k) => row[k]);

export function nonlinearOf({ nonlinearity }: Pick<P, "nonlinearity">): Nonlinear {
  const f = makeFromSpec<Activation>(activations, nonlinearity, "activation");
  const { mean, deviation, linear } = featureMoments(nonlinearity, f);
  const variance = deviation * deviation;
  // E u f(u) = int_0^inf u (f(u) - f(-u)) phi(u) du: its sign alone
  const u = Float64Array.from({ length: 400 }, (_, k) => (k < 200 ? (k + 0.5) / 25 : -(k - 199.5) / 25));
  const x = new Float64Array(u.length);
  f.apply(u, x);
  let slope = 0;
  for (let k = 0; k < u.length; k++) slope += u[k] * x[k] * Math.exp(-0.5 * u[k] * u[k]);
  return { f, mean, deviation, sign: slope < 0 ? -1 : 1, slope2: linear * variance, rest: (1 - linear) * variance };
}

/** Number of latent variables. */
export const latentOf = ({ size, latentRatio }: P): number => Math.max(1, Math.round(size * latentRatio));

/** Both students one after the other: Q is 2K x 2K, R 2K x M; T of the teacher's fields. */
export interface Start {
  readonly Q: Matrix;
  readonly R: Matrix;
  readonly T: Matrix;
  readonly v: readonly number[];
  readonly vTeacher: readonly number[];
  /** Units of each student. */
  readonly K: number;
}

/** `variance`: mean variance of an input. */
export function startOf(p: Training & Pick<P, "initial" | "task">, variance: number, owner = "hidden-manifold"): Start {
  const rng = makeRng(p.overlapSeed, "hidden-manifold/overlaps");
  /** R of fields of variances Q_kk and T_mm. */
  const random = (power: readonly number[], T: Matrix) =>
    power.map((q) => T.map((row, m) => p.overlap * Math.sqrt(q * row[m]) * rng.normal()));
  if (p.initial === "") {
    const K = p.studentUnits;
    const M = p.task === "data" ? 1 : p.teacherUnits;
    const Q = identity(2 * K).map((row) => row.map((x) => x * p.studentScale ** 2 * variance));
    return {
      Q,
      R: random(diagonal(Q), identity(M)),
      T: identity(M),
      v: new Array<number>(2 * K).fill(1),
      vTeacher: new Array<number>(M).fill(1),
      K
    };
  }
  const given = readOverlaps(p.initial, `${owner}: initial`);
  const { Q, R, T, v, vTeacher } = given;
  if (p.task === "data")
    throw new ParameterError("hidden-manifold: initial must be left out for task data, whose labels have no teacher of given overlaps");
  if (Q.length === 2 * p.studentUnits) return { Q, R, T, v, vTeacher, K: p.studentUnits };
  const K = Q.length;
  const both = Array.from({ length: 2 * K }, (_, k) => Array.from({ length: 2 * K }, (_, l) => (k < K === l < K ? Q[k % K][l % K] : 0)));
  return { Q: both, R: [...R, ...random(diagonal(Q), T)], T, v: [...v, ...v], vTeacher, K };
}

/** What parameters ask for together and cannot be; throws ParameterError. */
export function check(p: P): void {
  const bad = (sentence: string) => new ParameterError(`hidden-manifold: ${sentence}`);
  if (p.task === "data") {
    if (p.file === "") throw bad("file must be given for task data, got none; for example --file digits.npz with arrays X and y");
    labelledData(p.file);
    if (p.activation === "square")
      throw bad("activation must be erf, linear or relu for task data: squares see no class of +1 and -1; take --activation erf");
    return;
  }
  if (p.file !== "") throw bad(`file must be left out for task ${p.task}, which draws its inputs; take --task data`);
  if (Math.round(p.time * p.size) < 1) throw bad(`time must be at least 1/size (one sample), got ${p.time}; for example 10`);
  if (p.task === "unstructured") return;
  const D = latentOf(p);
  const M = p.teacherUnits;
  if (p.task === "hidden-manifold" && 2 * M > D)
    throw bad(`latentRatio must leave at least twice teacherUnits latent variables, got D = ${D} for M = ${M}; for example 0.3`);
  if (p.size * D > MOST_FEATURES) throw bad(`size must keep N D below ${MOST_FEATURES}, got ${p.size} x ${D}; for example 2000`);
  const { slope2, rest } = nonlinearOf(p);
  if (p.task === "hidden-manifold" && slope2 < 1e-6 * (slope2 + rest))
    throw bad(`nonlinearity must have a linear part, or the students see nothing of the teacher; got ${p.nonlinearity}; for example sign`);
}

/** 0 and then times evenly spaced in ln t, each a whole number of the `size` samples of a unit of time. */
export function timesOf({ time, frames }: Pick<P, "time" | "frames">, size: number): number[] {
  const last = Math.max(1, Math.round(time * size));
  const first = Math.min(last, Math.max(1, Math.round(Math.min(0.1, time / 100) * size)));
  const steps = new Set([0, first, last]);
  for (let k = 1; k < frames - 1; k++) steps.add(Math.round(first * (last / first) ** (k / (frames - 2))));
  return [...steps].sort((a, b) => a - b).map((s) => s / size);
}
