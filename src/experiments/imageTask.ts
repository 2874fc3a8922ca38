/**
 * What priors do for a picture: it is spoilt (noise, missing pixels, random projections) and recovered by expectation propagation, with
 * wavelets or cosines that are sparse, their share and size learned from the data, or with total variation (Rudin, Osher, Fatemi 1992).
 */
import { type EpState, epLearn, errorBars, expectationPropagation } from "../algorithms/graph/index.ts";
import { ParameterError } from "../core/parameters.ts";
import type { Graph, LinearOperator, Outcome, Vec } from "../core/types.ts";
import { makeOperator } from "../linalg/operators/named.ts";
import { assume, layers, learnable, likelihoods, type Model, model, observe, penalties, priors } from "../models/index.ts";
import { makeRng } from "../numerics/random/index.ts";
import { synthesised } from "./solve.ts";

export const IMAGE_TASKS = ["denoise", "inpaint", "compress"] as const;
export const IMAGE_MODELS = ["total-variation", "wavelets", "cosines"] as const;

export interface ImageTask {
  /** Grey values, 0 black and 1 white, row by row. */
  readonly pixels: ArrayLike<number>;
  /** Rows and columns: a power of two. */
  readonly side: number;
  /** denoise: every pixel with noise; inpaint: a share of them; compress: random projections, `share` of them per pixel (Hadamard, random signs). */
  readonly task: (typeof IMAGE_TASKS)[number];
  /** Measurements per pixel, in (0, 1]; not used by denoise. */
  readonly share: number;
  /** Variance of the noise on each measurement, which the recovery knows. */
  readonly noise: number;
  readonly model: (typeof IMAGE_MODELS)[number];
  /** Weight of the total variation, in units of 1 over the standard deviation of the noise; 0.5 by default. */
  readonly weight?: number;
  readonly iterations?: number;
  readonly seed?: number;
}

export interface ImageStep {
  readonly t: number;
  readonly residual: number;
  readonly iterations: number;
  /** Against the pixels given. */
  readonly mse: number;
  readonly estimate: Vec;
}

export interface ImageResult {
  readonly outcome: Outcome;
  readonly estimate: Vec;
  /** Posterior standard deviation of each pixel; null for total variation, whose answer is one picture and no law. */
  readonly deviation: Vec | null;
  readonly mse: number;
  readonly learned: readonly { readonly name: string; readonly value: number }[];
  readonly trajectory: { readonly t: readonly number[]; readonly residual: readonly number[]; readonly mse: readonly number[] };
}

/** The measurements as a picture: NaN where nothing was seen. The baseline needs no model: what anybody would do. */
export interface ImageData {
  readonly operator: LinearOperator;
  readonly y: Vec;
  /** Null for projections, which are no picture. */
  readonly seen: Vec | null;
  readonly baseline: Vec;
  readonly baselineName: string;
}

const LARGEST = 256;

function checked({ pixels, side, share, noise, weight = 0.5 }: ImageTask): void {
  if (!(Number.isInteger(Math.log2(side)) && side >= 8 && side <= LARGEST))
    throw new ParameterError(`image: the side must be a power of two from 8 to ${LARGEST}, got ${side}`);
  if (pixels.length !== side * side)
    throw new ParameterError(`image: ${side} x ${side} pixels are ${side * side} numbers, got ${pixels.length}`);
  if (!(share > 0 && share <= 1)) throw new ParameterError(`image: the share of measurements must be in (0, 1], got ${share}`);
  if (!(noise > 0 && noise <= 100)) throw new ParameterError(`image: the variance of the noise must be in (0, 100], got ${noise}`);
  if (!(weight > 0 && weight <= 100))
    throw new ParameterError(`image: the weight of the total variation must be in (0, 100], got ${weight}`);
}

/** A spec of core/specs.ts: random rows of the identity or of the Hadamard matrix. */
function operatorSpec({ side, task, share, seed = 1 }: ImageTask): string {
  const n = side * side;
  const rows = task === "denoise" ? n : Math.max(1, Math.round(share * n));
  return task === "compress"
    ? `subsampled-hadamard:rows=${rows},cols=${n},seed=${seed},signs=random`
    : `subsample:rows=${rows},cols=${n},seed=${seed}`;
}

/** y = A x + N(0, noise). Throws ParameterError. */
export function spoilt(given: ImageTask): ImageData {
  checked(given);
  const { side, task, noise, seed = 1 } = given;
  const n = side * side;
  const operator = makeOperator(operatorSpec(given));
  const y = new Float64Array(operator.rows);
  operator.apply(Float64Array.from(given.pixels), y);
  const error = new Float64Array(y.length);
  makeRng(seed, "image").fork("noise").fillNormal(error, Math.sqrt(noise));
  for (let k = 0; k < y.length; k++) y[k] += error[k];
  const back = new Float64Array(n); // the rows are orthonormal: A^T y is the shortest picture that fits
  operator.adjoint(y, back);
  if (task === "compress") return { operator, y, seen: null, baseline: back, baselineName: "shortest picture that fits" };
  const ones = new Float64Array(n);
  operator.adjoint(new Float64Array(y.length).fill(1), ones);
  const seen = back.map((v, k) => (ones[k] > 0 ? v : Number.NaN));
  return task === "denoise"
    ? { operator, y, seen, baseline: back, baselineName: "the noisy picture itself" }
    : { operator, y, seen, baseline: filled(seen, side), baselineName: "holes filled by their neighbours" };
}

/** A hole takes the mean of what is seen in the smallest square around it. */
function filled(seen: Vec, side: number): Vec {
  return seen.map((v, k) => {
    if (!Number.isNaN(v)) return v;
    const [row, col] = [Math.floor(k / side), k % side];
    for (let reach = 1; reach < side; reach++) {
      let [sum, count] = [0, 0];
      for (let i = Math.max(0, row - reach); i <= Math.min(side - 1, row + reach); i++)
        for (let j = Math.max(0, col - reach); j <= Math.min(side - 1, col + reach); j++)
          if (!Number.isNaN(seen[i * side + j])) {
            sum += seen[i * side + j];
            count++;
          }
      if (count > 0) return sum / count;
    }
    return 0.5;
  });
}

interface Recovery {
  readonly model: Model;
  /** Of the variable that is estimated. */
  readonly name: string;
  readonly synthesis: LinearOperator | null;
}

function recoveryOf(given: ImageTask, { y }: ImageData): Recovery {
  const { side, noise, weight = 0.5 } = given;
  const n = side * side;
  const spec = operatorSpec(given);
  const data = { scalar: "real" as const, shape: [y.length], data: y };
  const likelihood = likelihoods.gaussian({ noise });
  if (given.model === "total-variation") {
    const x = priors.gaussian({ mean: 0.5, variance: 10 }).variable("x", [side, side]); // wide: the penalty alone is to decide
    const z = layers.named(spec)(layers.reshape([n])(x));
    return {
      model: model(
        observe(likelihood, z, data),
        assume(penalties.groupSparsity({ gamma: weight / Math.sqrt(noise) }), layers.gradient({ boundary: "reflect" })(x))
      ),
      name: "x",
      synthesis: null
    };
  }
  const inBasis = `${spec},basis=${given.model === "wavelets" ? "haar2d" : "dct"}`;
  const c = priors.gaussBernoulli({ rho: 0.1, variance: 1 }).variable("c", n);
  return {
    model: model(observe(likelihood, layers.named(inBasis)(c), data)),
    name: "c",
    synthesis: makeOperator(inBasis).synthesis ?? null
  };
}

/** Yields once an iteration. Throws ParameterError. */
export function* recoverImage(given: ImageTask): Generator<ImageStep, ImageResult> {
  const data = spoilt(given);
  const { model: asked, name, synthesis } = recoveryOf(given, data);
  const iterations = given.iterations ?? 400;
  const map = synthesis === null;
  const options = { damping: 0.3, iterations, tolerance: map ? 1e-5 : 1e-7 };
  const trajectory = { t: [] as number[], residual: [] as number[], mse: [] as number[] };
  const picture = ({ variables }: EpState): Vec => {
    const { mean } = variables.find((v) => v.name === name) as EpState["variables"][number];
    if (!synthesis) return Float64Array.from(mean);
    const out = new Float64Array(synthesis.rows);
    synthesis.apply(Float64Array.from(mean), out);
    return out;
  };
  const mseOf = (estimate: Vec): number => {
    let sum = 0;
    for (let k = 0; k < estimate.length; k++) sum += (estimate[k] - given.pixels[k]) ** 2;
    return sum / estimate.length;
  };
  const step = (state: EpState): ImageStep => {
    const estimate = picture(state);
    const mse = mseOf(estimate);
    trajectory.t.push(state.t);
    trajectory.residual.push(state.residual);
    trajectory.mse.push(mse);
    return { t: state.t, residual: state.residual, iterations, mse, estimate };
  };
  const ended = (state: EpState, outcome: Outcome, graph: Graph, learned: ImageResult["learned"]): ImageResult => {
    const estimate = picture(state);
    const variance = synthesis ? errorBars(graph, state, name) : null;
    return {
      outcome,
      estimate,
      deviation:
        variance && synthesis
          ? synthesised(synthesis, new Float64Array(synthesis.cols), variance).variance.map((v) => Math.sqrt(Math.max(0, v)))
          : null,
      mse: mseOf(estimate),
      learned,
      trajectory
    };
  };
  if (map) {
    const run = expectationPropagation(asked.graph, options);
    for (;;) {
      const next = run.next();
      if (next.done) return ended(next.value.state, next.value.outcome, asked.graph, []);
      yield step(next.value);
    }
  }
  const run = epLearn(learnable(asked), { ...options, learn: ["c.rho", "c.variance"] });
  for (;;) {
    const next = run.next();
    if (next.done)
      return ended(
        next.value.state,
        next.value.outcome,
        next.value.graph,
        next.value.learned.map((l) => ({ name: l.name.slice(2), value: l.value }))
      );
    yield step(next.value.ep);
  }
}
