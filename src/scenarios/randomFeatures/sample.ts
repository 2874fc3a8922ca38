/** Instances of `random-features`: F, a teacher on latent variables, and samples of features or of their Gaussian equivalent. */
import type { LinearOperator, Rng, Vec } from "../../core/types.ts";
import { orthogonal } from "../../ensembles/orthogonal.ts";
import { denseFrom, type MatrixData, multiply } from "../../linalg/index.ts";
import { drawLabels, measuredError, type TrainingSet } from "../family/riskStudent.ts";
import { activate } from "./features.ts";
import { columnConstants, givenFeatures, type P, type Sizes } from "./setting.ts";

export interface Instance {
  readonly training: TrainingSet;
  /** On fresh samples, of weights or of w = 0. */
  errorAt(w: Vec | null): number;
}

/** F, d x p: E F_ij^2 = 1. */
function drawFeatures(rng: Rng, p: P, { d, p: cols }: Sizes): MatrixData {
  const data = new Float64Array(d * cols);
  if (p.features === "gaussian") rng.fillNormal(data);
  else {
    const A = orthogonal.build({}).sample(rng, d, cols) as LinearOperator & { readonly data: Float64Array };
    const scale = Math.sqrt(cols);
    for (let k = 0; k < data.length; k++) data[k] = scale * A.data[k];
  }
  return { rows: d, cols, data };
}

/** The teacher's direction has norm sqrt d exactly, so that E z0^2 = 1 in every run. */
export function sampleInstance(p: P, rng: Rng, sizes: Sizes): Instance {
  const { d, n, p: cols } = sizes;
  const F = givenFeatures(p) ?? drawFeatures(rng.fork("F"), p, sizes);
  const theta = new Float64Array(d);
  rng.fork("teacher").fillNormal(theta);
  let norm = 0;
  for (const t of theta) norm += t * t;
  for (let i = 0; i < d; i++) theta[i] *= Math.sqrt(d / norm);
  const constants = columnConstants(F, p.activation);

  const latents = (stream: Rng, count: number): Vec => {
    const c = new Float64Array(count * d);
    stream.fork("c").fillNormal(c, 1 / Math.sqrt(d));
    return c;
  };
  const labelsOf = (stream: Rng, c: Vec, count: number): Vec => {
    const z0 = new Float64Array(count);
    multiply(count, 1, d, c, theta, z0, { backend: "wasm" });
    return drawLabels(stream.fork("noise"), z0, { kind: p.labels, noise: p.noise });
  };
  /** Rows x/sqrt p, `count` of them. */
  const featuresOf = (stream: Rng, c: Vec, count: number): Float64Array => {
    const x = new Float64Array(count * cols);
    multiply(count, cols, d, c, F.data as Float64Array, x, { backend: "wasm" });
    if (p.inputs === "features") activate(p.activation, x);
    else {
      const noise = new Float64Array(cols);
      const xi = stream.fork("equivalent");
      for (let mu = 0; mu < count; mu++) {
        xi.fillNormal(noise);
        for (let j = 0; j < cols; j++) {
          const { kappa0, kappa1, rest } = constants[j];
          x[mu * cols + j] = kappa0 + kappa1 * x[mu * cols + j] + Math.sqrt(rest) * noise[j];
        }
      }
    }
    const scale = 1 / Math.sqrt(cols);
    const removed = constants.map(({ kappa0 }) => (p.mean === "removed" ? kappa0 : 0));
    for (let mu = 0; mu < count; mu++) for (let j = 0; j < cols; j++) x[mu * cols + j] = (x[mu * cols + j] - removed[j]) * scale;
    return x;
  };

  const stream = rng.fork("training");
  const c = latents(stream, n);
  return {
    training: { operator: denseFrom(n, cols, featuresOf(stream, c, n)), y: labelsOf(stream, c, n) },
    errorAt(w) {
      // in batches: the same samples whatever is tested on them
      const batch = Math.max(1, Math.min(p.testSamples, Math.floor(4e6 / Math.max(cols, d))));
      let sum = 0;
      for (let from = 0; from < p.testSamples; from += batch) {
        const count = Math.min(batch, p.testSamples - from);
        const fresh = rng.fork(`test ${from}`);
        const tested = latents(fresh, count);
        const z = new Float64Array(count);
        if (w) multiply(count, 1, cols, featuresOf(fresh, tested, count), w, z, { backend: "wasm" });
        sum += count * measuredError(p.labels, labelsOf(fresh, tested, count), z);
      }
      return sum / p.testSamples;
    }
  };
}
