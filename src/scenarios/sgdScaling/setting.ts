/**
 * Parameters of `sgd-scaling`: width p = p_0 d^kappa and rate gamma = gamma_0 d^-delta, the weights of learning and noise at this
 * size, the unit of time, and the overlaps at the start (Veiga et al. 2022).
 */
import { overlapsOf } from "../../algorithms/sgd/index.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Overlaps, Values } from "../../core/types.ts";
import { makeRng } from "../../numerics/random/index.ts";
import { type ScalingRegime, type ScalingSetting, scalingRegime } from "../../theory/sgd/scaling.ts";

/** Students that the equations are integrated for: their cost grows with the fourth power of the width. */
export const WIDEST = 24;
/** Units that stand for more of them in a prediction. */
export const REPRESENTATIVES = 12;
/** Students of a simulation. */
const MOST = 1000;

export const params = {
  kappa: { kind: "real", default: 0, min: 0, max: 1, symbol: "κ", about: "exponent of the width: p = p₀ d^kappa students" },
  delta: { kind: "real", default: 0.25, min: -2, max: 2, symbol: "δ", about: "exponent of the learning rate: γ = γ₀ d^-delta" },
  size: { kind: "integer", default: 200, min: 2, max: 100_000, symbol: "d", about: "number of components of the inputs" },
  width: { kind: "real", default: 2, min: 0.1, max: 1000, symbol: "p₀", about: "students at kappa = 0" },
  rate: { kind: "real", default: 1, min: 1e-6, max: 1e3, scale: "log", symbol: "γ₀", about: "learning rate at delta = 0" },
  teacherUnits: { kind: "integer", default: 2, min: 1, max: 12, symbol: "k", about: "hidden units of the teacher" },
  noise: { kind: "real", default: 0.01, min: 0, max: 1000, symbol: "Δ", about: "variance of the noise on the labels" },
  start: {
    kind: "choice",
    default: "specialised",
    options: ["specialised", "random"],
    symbol: "W⁰",
    about: "where students start: around the teacher's units in turn (past the plateau), or around zero"
  },
  studentScale: {
    kind: "real",
    default: 0.5,
    min: 0,
    max: 100,
    symbol: "s",
    about: "standard deviation of the student's weights around that; those of the teacher have 1"
  },
  time: {
    kind: "real",
    default: 60,
    min: 1e-3,
    max: 1e6,
    scale: "log",
    symbol: "τ",
    about: "end, in units of the regime's own time: samples times max(d^-(1+θ), d^-(1+2θ)), θ = κ + δ"
  },
  overlapSeed: {
    kind: "integer",
    default: 1,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    symbol: "ω",
    about: "seed of the overlaps at the start; theory and every run share them"
  },
  frames: {
    kind: "integer",
    default: 60,
    min: 2,
    max: 1000,
    symbol: "F",
    about: "times reported, 0 and then evenly spaced in ln τ, in whole samples"
  }
} as const;
export type P = Values<typeof params>;

export interface Setting {
  /** p, whole. */
  readonly students: number;
  /** gamma. */
  readonly rate: number;
  /** The unit of time, the weights of learning and noise, the region. */
  readonly regime: ScalingRegime;
  readonly scaling: ScalingSetting;
}

export function settingOf(p: P): Setting {
  const scaling: ScalingSetting = {
    dimension: p.size,
    width: p.kappa,
    rate: p.delta,
    widthFactor: p.width,
    rateFactor: p.rate,
    teacherUnits: p.teacherUnits,
    noise: p.noise
  };
  return {
    students: Math.max(1, Math.round(p.width * p.size ** p.kappa)),
    rate: p.rate * p.size ** -p.delta,
    regime: scalingRegime(scaling),
    scaling
  };
}

/** The most samples one simulation draws: hours at d = 1000. */
const LONGEST = 1e9;

/** Times in samples, whole and each once: 0, then `frames` - 1 evenly spaced in their logarithm, the last at least one sample. */
export function samplesOf(p: P, { regime }: Setting): number[] {
  const last = Math.max(1, Math.round(p.time * regime.samples));
  const first = Math.max(1, Math.round(last / 1000));
  const samples = new Set([0, first]);
  for (let k = 1; k < p.frames - 1; k++) samples.add(Math.round(first * (last / first) ** (k / (p.frames - 2))));
  samples.add(last);
  return [...samples].sort((a, b) => a - b);
}

/** Throws ParameterError for a run that is too long or too wide to wait for. */
export function checkRun(samples: number, { students }: Setting): void {
  if (samples > LONGEST)
    throw new ParameterError(
      `sgd-scaling: time must ask a simulation for at most 1e9 samples, got ${samples.toPrecision(3)}; take a smaller time, size or delta`
    );
  if (students > MOST)
    throw new ParameterError(
      `sgd-scaling: width must make a simulation of at most ${MOST} students p0 d^kappa, got ${students}; take a smaller kappa, width or size`
    );
}

/** Overlaps of actual Gaussian weights of dimension d for `students` units; v = 1/students and vTeacher = 1/k. */
export function startOf(p: P, students: number): Overlaps {
  const rng = makeRng(p.overlapSeed, "sgd-scaling/overlaps");
  const { teacherUnits: k, size: d } = p;
  const teacher = new Float64Array(k * d);
  const W = new Float64Array(students * d);
  rng.fork("teacher").fillNormal(teacher);
  rng.fork("W").fillNormal(W, p.studentScale);
  if (p.start === "specialised") for (let j = 0; j < students; j++) for (let i = 0; i < d; i++) W[j * d + i] += teacher[(j % k) * d + i];
  return overlapsOf(W, new Array<number>(students).fill(1 / students), teacher, new Array<number>(k).fill(1 / k));
}

/**
 * Where specialised students end above the classical line, to leading order in gamma/p: (Delta gamma/p)/(2 pi sqrt 3) for teacher
 * units of norm 1, and the mean over the sampled ones of sqrt 3/sqrt(1 + 2 T_nn) times that. (At rest the weights fluctuate with
 * variance gamma Delta/2 along every direction, so the risk is a quarter of gamma Delta times the curvature's trace.)
 */
export function asymptoticRisk({ T }: Overlaps, { regime }: Setting): number {
  return (regime.excessRisk * T.reduce((sum, row, n) => sum + Math.sqrt(3 / (1 + 2 * row[n])), 0)) / T.length;
}
