/** Samples of the hidden manifold model in batches: c ~ N(0, 1_D), x = f(F c/sqrt D) - E f, y = sum_m v_m g(B_m.c/sqrt D) or a teacher on x. */
import type { Activation, Rng, Vec } from "../../../core/types.ts";
import { multiply } from "../../../linalg/index.ts";
import type { DataGenerator } from "./generators.ts";
import { nonlinearities, type SgdActivation } from "../nonlinearity.ts";

export interface Samples {
  /** count x N. */
  readonly x: Vec;
  readonly y: Vec;
  /** Fields of the teacher, count x M. */
  readonly nu: Vec;
}

/** Writes `count` samples, drawn from `rng`, into fresh arrays. */
export type SampleSource = (count: number, rng: Rng) => Samples;

export interface Teacher {
  readonly activation: SgdActivation;
  readonly v: readonly number[];
  /** M rows; of length D on the latent variables, N on the inputs; nu_m = B_m . /sqrt(length). */
  readonly B: Vec;
  readonly on: "latent" | "inputs";
}

export interface LatentInputs {
  readonly N: number;
  readonly D: number;
  /** F^T, D x N. */
  readonly Ft: Vec;
  readonly f: Activation;
  /** E f(z), taken from every input. */
  readonly mean: number;
}

/** nu (count x M) and the labels of `count` rows of length n. */
function labelled(rows: Vec, count: number, n: number, { activation, v, B }: Teacher): { readonly y: Vec; readonly nu: Vec } {
  const M = v.length;
  const { value } = nonlinearities[activation];
  const nu = new Float64Array(count * M);
  const y = new Float64Array(count);
  const root = 1 / Math.sqrt(n);
  for (let s = 0; s < count; s++)
    for (let m = 0; m < M; m++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += B[m * n + i] * rows[s * n + i];
      nu[s * M + m] = dot * root;
      y[s] += v[m] * value(dot * root);
    }
  return { y, nu };
}

export function latentSource({ N, D, Ft, f, mean }: LatentInputs, teacher: Teacher): SampleSource {
  return (count, rng) => {
    const c = new Float64Array(count * D);
    rng.fillNormal(c);
    const u = new Float64Array(count * N);
    multiply(count, N, D, c, Ft, u);
    const scale = 1 / Math.sqrt(D);
    for (let i = 0; i < u.length; i++) u[i] *= scale;
    const x = new Float64Array(count * N);
    f.apply(u, x);
    if (mean !== 0) for (let i = 0; i < x.length; i++) x[i] -= mean;
    return { x, ...(teacher.on === "latent" ? labelled(c, count, D, teacher) : labelled(x, count, N, teacher)) };
  };
}

/** x = G(c). */
export function generatorSource(G: DataGenerator, teacher: Teacher): SampleSource {
  return (count, rng) => {
    const c = new Float64Array(count * G.D);
    rng.fillNormal(c);
    const x = G.apply(c, count);
    return { x, ...(teacher.on === "latent" ? labelled(c, count, G.D, teacher) : labelled(x, count, G.N, teacher)) };
  };
}

/** Independent standard Gaussian inputs, teacher on them. */
export function plainSource(N: number, teacher: Teacher): SampleSource {
  return (count, rng) => {
    const x = new Float64Array(count * N);
    rng.fillNormal(x);
    return { x, ...labelled(x, count, N, teacher) };
  };
}

const BATCH = 64;

/** One sample at a time from a source, for `trainOnline`: writes x, returns y. */
export function drawOneByOne(source: SampleSource, N: number, rng: Rng): (x: Vec) => number {
  let batch: Samples | null = null;
  let at = 0;
  return (x) => {
    if (!batch || at === BATCH) {
      batch = source(BATCH, rng);
      at = 0;
    }
    x.set(batch.x.subarray(at * N, (at + 1) * N));
    return batch.y[at++];
  };
}
