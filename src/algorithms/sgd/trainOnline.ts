/**
 * Online SGD of a two-layer student on any stream of samples: phi(x) = sum_k v_k g(lambda_k), lambda_k = w_k.x/sqrt N, one fresh
 * sample a step, w_k += (eta/sqrt N) v_k g'(lambda_k) Delta x and v_k += (eta_2/N) g(lambda_k) Delta with Delta = y - phi(x),
 * t = steps/N (Saad and Solla 1995; Goldt et al. 2019). Weights and both inputs live in one WebAssembly memory, and the
 * update by one sample is made in the same pass as the products with the next.
 */
import { outcome } from "../../core/outcome.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Outcome, Rng, Vec } from "../../core/types.ts";
import { instantiate, PAGE } from "../../numerics/wasm.ts";
import { nonlinearities, type SgdActivation } from "./nonlinearity.ts";
import { wasm } from "./sgd.wasm.ts";

export interface SgdSettings {
  readonly activation: SgdActivation;
  /** eta of the first layer, >= 0. */
  readonly learningRate: number;
  /** eta_2 of the second layer, eta by default; used when `train` is both. */
  readonly secondLearningRate?: number;
  /** Variance of the noise added to every label, 0 by default. */
  readonly noise?: number;
  /** kappa: every step also takes eta kappa/N times itself (second layer: eta_2 kappa/N) from each weight that is trained, 0 by default. */
  readonly weightDecay?: number;
  /** The layers that learn: "first" by default. */
  readonly train?: "first" | "both";
}

export interface OnlineProblem extends SgdSettings {
  readonly N: number;
  /** First layer at the start, K x N row-major; copied. */
  readonly W: Vec;
  /** Second layer at the start, length K; copied. */
  readonly v: ArrayLike<number>;
  /** Writes the next input, N numbers (what the array held before is of no use), and returns its label without noise. */
  draw(x: Vec): number;
  /** Teacher units on the input itself, M x N with weights `v` of length M: phi*(x) = sum_m v_m g(w_m.x/sqrt N) is added to the label. */
  readonly teacher?: { readonly W: Vec; readonly v: ArrayLike<number> };
}

/** The student at a time. The arrays are its own state: copy what is kept. */
export interface StudentState {
  readonly t: number;
  /** Steps made. */
  readonly steps: number;
  /** K x N. */
  readonly W: Vec;
  /** K. */
  readonly v: Vec;
}

interface Kernel {
  heapBase(): number;
  learn(w: number, rows: number, cols: number, keep: number, factors: number, before: number, x: number, out: number): void;
  read(w: number, rows: number, cols: number, x: number, out: number): void;
}

/** An error of one prediction far beyond any label: from here on the weights grow at every step. */
const LOST = 1e30;
const NOISES = 256;

/**
 * Trains through `times` (ascending, t = steps/N, each rounded to a whole step) and yields the student at each. `rng` draws the
 * label noise alone: inputs come from `draw`. Ends "diverged" as soon as an error passes 1e30, without a frame, and otherwise
 * "completed". Throws ParameterError on wrong lengths, rates or times.
 */
export function* trainOnline(problem: OnlineProblem, times: readonly number[], rng: Rng): Generator<StudentState, Outcome> {
  const { N, activation, learningRate, noise = 0, weightDecay = 0, train = "first", teacher } = problem;
  const K = problem.v.length;
  const M = teacher?.v.length ?? 0;
  check(problem, times, K, M);
  const { value, derivative } = nonlinearities[activation];
  const state = allocate(N, K, M);
  const { kernel, cols, inputs, at, factors, products } = state;
  for (let k = 0; k < K; k++) state.students.set(problem.W.subarray(k * N, (k + 1) * N), k * cols);
  for (let m = 0; m < M; m++) state.teachers.set(teacher!.W.subarray(m * N, (m + 1) * N), m * cols);
  const v = Float64Array.from(problem.v);
  const vTeacher = Float64Array.from(teacher?.v ?? []);
  const W = new Float64Array(K * N);

  const root = 1 / Math.sqrt(N);
  const rate = learningRate * root;
  const secondRate = (problem.secondLearningRate ?? learningRate) / N;
  const keep = 1 - (learningRate * weightDecay) / N;
  const keepSecond = 1 - secondRate * weightDecay;
  const noises = new Float64Array(NOISES);
  const scale = Math.sqrt(noise);
  let noisesLeft = 0;
  // The update of the last sample waits in `factors` until the next pass over the weights; `now` is the input being read.
  let pending = false;
  let now = 0;
  let steps = 0;

  const snapshot = (t: number): StudentState => {
    if (pending) {
      kernel.learn(at.students, K, cols, keep, at.factors, at.inputs[1 - now], at.inputs[1 - now], at.products);
      factors.fill(0);
      pending = false;
    }
    for (let k = 0; k < K; k++) W.set(state.students.subarray(k * cols, k * cols + N), k * N);
    return { t, steps, W, v };
  };

  for (const t of times) {
    const last = Math.round(t * N);
    for (; steps < last; steps++) {
      let label = problem.draw(inputs[now]);
      kernel.learn(at.students, K, cols, pending ? keep : 1, at.factors, at.inputs[1 - now], at.inputs[now], at.products);
      if (M > 0) {
        kernel.read(at.teachers, M, cols, at.inputs[now], at.products + 8 * K);
        for (let m = 0; m < M; m++) label += vTeacher[m] * value(products[K + m] * root);
      }
      if (noise > 0) {
        if (noisesLeft === 0) {
          rng.fillNormal(noises, scale);
          noisesLeft = NOISES;
        }
        label += noises[NOISES - noisesLeft--];
      }
      let delta = label;
      for (let k = 0; k < K; k++) delta -= v[k] * value(products[k] * root);
      if (!(Math.abs(delta) < LOST))
        return outcome("diverged", Number.MAX_VALUE, steps, {
          advice: `the error of a prediction passed 1e30 at t = ${(steps / N).toPrecision(3)}; take a smaller learning rate`
        });
      for (let k = 0; k < K; k++) {
        const lambda = products[k] * root;
        factors[k] = rate * v[k] * derivative(lambda) * delta;
        if (train === "both") v[k] = keepSecond * v[k] + secondRate * value(lambda) * delta;
      }
      pending = true;
      now = 1 - now;
    }
    yield snapshot(t);
  }
  return outcome("completed", 0, steps);
}

/** One memory: the rows padded with zeros to a multiple of four numbers, each array on a line of its own. */
function allocate(N: number, K: number, M: number) {
  const cols = Math.ceil(N / 4) * 4;
  const row = Math.ceil((cols * 8) / 64) * 64;
  const units = Math.ceil((K + M) / 8) * 64;
  const base = 4096;
  const at = {
    factors: base,
    products: base + units,
    inputs: [base + 2 * units, base + 2 * units + row],
    students: base + 2 * units + 2 * row,
    teachers: base + 2 * units + 2 * row + K * cols * 8
  } as const;
  const bytes = at.teachers + M * cols * 8;
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  } catch {
    throw new ParameterError(`online SGD: ${K + M} x ${N} weights need ${(bytes / 2 ** 30).toFixed(1)} GiB, more than a memory holds`);
  }
  const kernel = instantiate<Kernel>(wasm, memory);
  const array = (from: number, length: number) => new Float64Array(memory.buffer, from, length);
  return {
    kernel,
    cols,
    at,
    factors: array(at.factors, K),
    products: array(at.products, K + M),
    inputs: [array(at.inputs[0], N), array(at.inputs[1], N)],
    students: array(at.students, K * cols),
    teachers: array(at.teachers, M * cols)
  };
}

function check(problem: OnlineProblem, times: readonly number[], K: number, M: number): void {
  const { N, W, teacher } = problem;
  if (!Number.isInteger(N) || N < 1) throw new ParameterError(`online SGD: N must be an integer >= 1, got ${N}`);
  if (K < 1) throw new ParameterError("online SGD: v must have an entry for each student unit, at least one, got none");
  if (W.length !== K * N) throw new ParameterError(`online SGD: W must have ${K} x ${N} numbers, got ${W.length}`);
  if (teacher && teacher.W.length !== M * N)
    throw new ParameterError(`online SGD: the teacher must have ${M} x ${N} numbers, got ${teacher.W.length}`);
  for (const name of ["learningRate", "secondLearningRate", "noise", "weightDecay"] as const) {
    const value = problem[name] ?? 0;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw new ParameterError(`online SGD: ${name} must be a number >= 0, got ${value}`);
  }
  let before = 0;
  for (const t of times) {
    if (!(t >= before && t < Number.POSITIVE_INFINITY))
      throw new ParameterError(`online SGD: times must be >= 0 and ascending, got ${t} after ${before}`);
    before = t;
  }
}
