/** The equations of `hidden-manifold`: modes and start of each task, and what the observables are. */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Frame, Outcome, Vec } from "../../core/types.ts";
import {
  disagreement,
  type InputModes,
  inputTeacherModes,
  latentTeacherModes,
  outputCorrelation,
  plainModes,
  plantedStart,
  stateOfWeights,
  type StructuredState,
  type StructuredTask,
  structuredError,
  structuredOde
} from "../../theory/sgd/structured/index.ts";
import { rememberLast } from "../family/rememberLast.ts";
import { dataTaskOf } from "./dataTask.ts";
import { check, type Matrix, nonlinearOf, type P, type Start, startOf, type Training, timesOf } from "./setting.ts";
import { noRoom } from "./startingWeights.ts";

export type O = "generalizationError" | "disagreement" | "disagreementIid" | "studentOverlap";

export interface Problem {
  readonly task: StructuredTask;
  readonly start: Start;
  /** What the students start from where runs share it, 2K x N; otherwise a law of given overlaps. */
  readonly weights?: Vec;
  /** Covariance of the teacher's fields, as reported. */
  readonly T: Matrix;
  readonly size: number;
  /** Mean variance of an input. */
  readonly variance: number;
  /** Half the variance of labels that no linear teacher explains (data). */
  readonly unexplained: number;
  /** Field overlaps with the teacher's units, as reported, from those of the equations. */
  report(R: Vec): number[][];
  /** b^2 and rest of Sigma = (Q - rest W)/b^2; absent where inputs have no features. */
  readonly split?: { readonly slope2: number; readonly rest: number };
}

const rows = (A: ArrayLike<number>, cols: number): number[][] =>
  Array.from({ length: A.length / cols }, (_, i) => Array.from({ length: cols }, (_, j) => A[i * cols + j]));

function problemOf(p: P): Problem {
  check(p);
  if (p.task === "data") return dataProblem(p);
  const { slope2, rest } = nonlinearOf(p);
  const structured = p.task !== "unstructured";
  const variance = structured ? slope2 + rest : 1;
  const start = startOf(p, variance);
  const law = { features: p.features, latentRatio: p.latentRatio, slope2, rest, T: start.T };
  const modes =
    p.task === "unstructured" ? plainModes(start.T) : p.task === "hidden-manifold" ? latentTeacherModes(law) : inputTeacherModes(law);
  return {
    task: taskOf(p, modes, start.vTeacher, p.noise, start.K),
    start,
    T: start.T,
    size: p.size,
    variance,
    unexplained: 0,
    report: (R) => rows(R, start.T.length),
    ...(structured && slope2 > 0 ? { split: { slope2, rest } } : {})
  };
}

export function taskOf(p: Training, modes: InputModes, vTeacher: readonly number[], noise: number, K: number): StructuredTask {
  return {
    modes,
    activation: p.activation,
    learningRate: p.learningRate,
    secondLearningRate: p.train === "both" ? p.secondLearningRate : 0,
    noise,
    vTeacher,
    units: [K, K]
  };
}

/** erf(x/sqrt 2) is sqrt(2/pi) x to 1e-9 relative at arguments of this order. */
const SMALL = 1e-4;

/**
 * The Gaussian problem with the covariance of the inputs and the correlation with the labels of the data: y = nu + noise, nu the best
 * linear teacher. A linear field is written with units of the student's own kind: a small erf, or relu(nu) - relu(-nu).
 */
function dataProblem(p: P): Problem {
  const { data, omega, axes, explained, start, weights } = dataTaskOf(p);
  const { N } = data;
  const scales = p.activation === "relu" ? [1, -1] : [p.activation === "erf" ? SMALL : 1];
  const vTeacher = p.activation === "relu" ? [1, -1] : [p.activation === "erf" ? Math.sqrt(Math.PI / 2) / SMALL : 1];
  const modes: InputModes = {
    omega,
    weight: new Float64Array(N).fill(1 / N),
    product: Float64Array.from(Array.from(axes.phi).flatMap((x) => outer(scales, N * x * x))),
    T: outerRows(scales, explained),
    axes: { directions: axes.directions, phi: Float64Array.from(Array.from(axes.phi).flatMap((x) => scales.map((s) => s * x))) }
  };
  return {
    task: taskOf(p, modes, vTeacher, p.noise + 1 - explained, start.K),
    start,
    weights,
    T: [[explained]],
    size: N,
    variance: 1,
    unexplained: 0.5 * (1 - explained),
    report: (R) => rows(R, scales.length).map((row) => [row[0] / scales[0]])
  };
}

const outer = (s: readonly number[], x: number): number[] => s.flatMap((a) => s.map((b) => a * b * x));
const outerRows = (s: readonly number[], x: number): Matrix => s.map((a) => s.map((b) => a * b * x));

function stateOf({ task, start, weights }: Problem, p: P): StructuredState {
  if (weights) return stateOfWeights(task.modes, weights, start.v);
  try {
    return plantedStart(task.modes, start.Q, start.R, start.v);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw noRoom("hidden-manifold", p.overlap, error);
  }
}

export const evolveManifold: (p: P) => Generator<Frame<O>, Outcome> = rememberLast((p: P) => {
  const problem = problemOf(p);
  return evolveProblem(p, problem, stateOf(problem, p));
});

/** The observables of two students along their equations. */
export function* evolveProblem(p: Training, problem: Problem, start: StructuredState): Generator<Frame<O>, Outcome> {
  const { task, variance, unexplained, report, split } = problem;
  const K = task.units[0];
  const run = structuredOde(task, start, timesOf(p, problem.size));
  let t = 0;
  for (;;) {
    const step = run.next();
    if (step.done) {
      const { kind, residual, iterations } = step.value;
      if (kind !== "diverged") return step.value;
      const advice = `the weights grow without bound soon after t = ${t.toPrecision(3)}; take a smaller learningRate`;
      return outcome("diverged", residual, iterations, { advice });
    }
    t = step.value.t;
    const { Q, R, W, v } = step.value.overlaps;
    const first = (A: Vec) =>
      rows(A, 2 * K)
        .slice(0, K)
        .map((row) => row.slice(0, K));
    const sigma = split ? { Sigma: first(Q.map((x, c) => (x - split.rest * W[c]) / split.slope2)) } : {};
    yield {
      t,
      generalizationError: structuredError(task, step.value.overlaps) + unexplained,
      disagreement: disagreement(task, Q, v),
      disagreementIid: disagreement(
        task,
        W.map((x) => variance * x),
        v
      ),
      studentOverlap: outputCorrelation(task, Q, v),
      matrices: {
        Q: first(Q),
        R: report(R).slice(0, K),
        T: problem.T,
        W: first(W),
        ...sigma,
        between: rows(Q, 2 * K)
          .slice(0, K)
          .map((row) => row.slice(K)),
        ...(p.train === "both" ? { v: [Array.from(v.subarray(0, K))] } : {})
      }
    };
  }
}
