/** Instances of `gaussian-covariate`: Gaussian features of given covariances, or rows of real data. */
import type { Rng, Vec } from "../../core/types.ts";
import { denseFrom, multiply } from "../../linalg/index.ts";
import { drawLabels, measuredError, type TrainingSet } from "../family/riskStudent.ts";
import { featureConstants } from "../randomFeatures/features.ts";
import { splitRows } from "./data.ts";
import { ID, type Law, type P } from "./setting.ts";

export interface Instance {
  readonly training: TrainingSet;
  /** On fresh samples, of weights or of w = 0. */
  errorAt(w: Vec | null): number;
}

interface Samples {
  /** Rows over sqrt p. */
  readonly x: Float64Array;
  readonly y: Vec;
}

export function sampleInstance(p: P, law: Law, n: number, rng: Rng): Instance {
  if (law.data) {
    const { training, test } = splitRows(law.data, n, rng.fork("rows"), ID);
    return instance(p, law.data.cols, n, training, () => test, test.y.length);
  }
  const draw = p.model === "random-features" ? latentDraw(p, rng) : diagonalDraw(p, law);
  const samples = (label: string, count: number): Samples => {
    const stream = rng.fork(label);
    const { x, z0 } = draw(stream, count);
    return { x, y: drawLabels(stream.fork("noise"), z0, { kind: p.labels, noise: p.noise }) };
  };
  return instance(p, p.size, n, samples("training", n), (from, count) => samples(`test ${from}`, count), p.testSamples);
}

function instance(
  p: P,
  cols: number,
  n: number,
  training: Samples,
  test: (from: number, count: number) => Samples,
  tests: number
): Instance {
  const batch = p.data !== "" ? tests : Math.max(1, Math.min(tests, Math.floor(4e6 / cols)));
  return {
    training: { operator: denseFrom(n, cols, training.x), y: training.y },
    errorAt(w) {
      let sum = 0;
      for (let from = 0; from < tests; from += batch) {
        const count = Math.min(batch, tests - from);
        const { x, y } = test(from, count);
        const z = new Float64Array(count);
        if (w) multiply(count, 1, cols, x, w, z, { backend: "wasm" });
        sum += count * measuredError(p.labels, y, z);
      }
      return sum / tests;
    }
  };
}

type Draw = (stream: Rng, count: number) => { readonly x: Float64Array; readonly z0: Vec };

/** In the eigenbasis of Omega: ridge and Gaussian features do not see the difference. An isotropic teacher is along the first axis. */
function diagonalDraw({ size }: P, { inputs }: Law): Draw {
  const { omega, target, rho } = inputs;
  const many = omega.length === size;
  const unseen = Math.sqrt(Math.max(0, rho - target.reduce((s, b2, k) => s + b2 / omega[k], 0)));
  const scale = 1 / Math.sqrt(size);
  return (stream, count) => {
    const x = new Float64Array(count * size);
    const z0 = new Float64Array(count);
    stream.fork("x").fillNormal(x);
    stream.fork("unseen").fillNormal(z0, unseen);
    for (let mu = 0; mu < count; mu++)
      for (let k = 0; k < size; k++) {
        const at = mu * size + k;
        if (many || k === 0) z0[mu] += Math.sqrt(target[k] / omega[k]) * x[at];
        x[at] *= Math.sqrt(omega[many ? k : 0]) * scale;
      }
    return { x, z0 };
  };
}

/** x = kappa_1 F^T c/sqrt d + kappa_* xi, z0 = theta.c/sqrt d. */
function latentDraw(p: P, rng: Rng): Draw {
  const { kappa1, rest } = featureConstants(p.activation);
  const d = Math.max(1, Math.round(p.latentRatio * p.size));
  const F = new Float64Array(d * p.size);
  rng.fork("F").fillNormal(F, kappa1);
  const theta = new Float64Array(d);
  rng.fork("teacher").fillNormal(theta);
  const norm = Math.sqrt(theta.reduce((s, t) => s + t * t, 0) / d);
  for (let i = 0; i < d; i++) theta[i] /= norm;
  const scale = 1 / Math.sqrt(p.size);
  return (stream, count) => {
    const c = new Float64Array(count * d);
    stream.fork("c").fillNormal(c, 1 / Math.sqrt(d));
    const x = new Float64Array(count * p.size);
    multiply(count, p.size, d, c, F, x, { backend: "wasm" });
    const xi = new Float64Array(x.length);
    stream.fork("xi").fillNormal(xi, Math.sqrt(rest));
    for (let k = 0; k < x.length; k++) x[k] = (x[k] + xi[k]) * scale;
    const z0 = new Float64Array(count);
    multiply(count, 1, d, c, theta, z0, { backend: "wasm" });
    return { x, z0 };
  };
}
