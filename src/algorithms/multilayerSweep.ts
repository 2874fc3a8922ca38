/** The buffers of a multi-layer AMP run and one sweep of it: the equations of multilayerAmp.ts. */
import { ParameterError } from "../core/parameters.ts";
import type { Activation, LinearOperator, Vec } from "../core/types.ts";
import type { Watched } from "./graph/runWatch.ts";
import type { MultilayerProblem } from "./multilayerAmp.ts";
import { norm2 } from "./workspace.ts";

/** x^l and what it hears from the layer above, exp(-A x^2/2 + b x). Scalars in vectors of length 1: bricks read them so. */
export interface Signal extends Watched {
  readonly width: 1 | 2;
  readonly size: number;
  readonly mean: Vec;
  readonly variance: Vec;
  readonly A: Vec;
  readonly b: Vec;
  /** Of the sweep before, which damping averages with. */
  readonly oldA: Vec;
  readonly oldB: Vec;
  change: number;
  power: number;
  before: number;
  after: number;
}

/** z^l = W^l x^(l-1): omega, V, g as in GAMP; `activation` null for the last, which the channel sees. */
export interface Layer extends Watched {
  readonly operator: LinearOperator;
  readonly activation: Activation | null;
  /** Variance added before the activation. */
  readonly noise: number;
  readonly width: 1 | 2;
  readonly rowNorm: number;
  readonly colNorm: number;
  readonly omega: Vec;
  readonly V: Vec;
  readonly g: Vec;
  readonly freshG: Vec;
  readonly curvature: Vec;
  readonly az: Vec;
  readonly bz: Vec;
  readonly zVariance: Vec;
  change: number;
  power: number;
  before: number;
  after: number;
}

export interface MultilayerWork {
  readonly problem: MultilayerProblem;
  readonly signals: readonly Signal[];
  readonly layers: readonly Layer[];
  /** As long as the mean and the components of each signal. */
  readonly fresh: readonly Vec[];
  readonly freshVariance: readonly Vec[];
  clipped: number;
}

/** Relative to the second moment of z: a V below this has no digits left in (zhat - omega)/V. */
const LEAST_V = 1e-14;
const CURVATURE = 0;
const SCORE2 = 1;
const sums = new Float64Array(2);

/** Checks shapes and fields, sizes every buffer. Throws ParameterError. */
export function prepareLayers(problem: MultilayerProblem): MultilayerWork {
  const { prior, channel, operator, hidden = [], y } = problem;
  const refuse = (what: string): never => {
    throw new ParameterError(`multilayerAmp: ${what}`);
  };
  const all = [...hidden, { operator, activation: null, noise: 0 }];
  const widthOf = (scalar: string): 1 | 2 => (scalar === "complex" ? 2 : 1);
  let scalar = prior.scalar;
  let tau = prior.secondMoment > 1e-300 && prior.secondMoment < 1e300 ? prior.secondMoment : 1;
  let size = all[0].operator.cols;
  const signals: Signal[] = [];
  const layers: Layer[] = [];
  all.forEach(({ operator: W, activation, noise = 0 }, l) => {
    const name = activation ? `layer ${l + 1}` : "the last layer";
    if (W.cols !== size) refuse(`the matrix of ${name} must have ${size} columns, the size of what it is applied to, got ${W.cols}`);
    if (W.scalar !== scalar) refuse(`the matrix of ${name} must be ${scalar} like what it is applied to, got ${W.scalar}`);
    if (activation && activation.scalar !== W.scalar)
      refuse(`the activation of ${name} must be ${W.scalar} like its matrix, got ${activation.scalar}`);
    if (!(noise >= 0 && noise < 1e300)) refuse(`the noise of ${name} must be a number >= 0, such as 0.1, got ${noise}`);
    if (!(W.frobenius2 > 0 && W.frobenius2 < Number.POSITIVE_INFINITY))
      refuse(`the matrix of ${name} must be finite and not all zero, got squared Frobenius norm ${W.frobenius2}`);
    const width = widthOf(W.scalar);
    const input = () => new Float64Array(width * W.cols);
    const output = () => new Float64Array(width * W.rows);
    const none = { change: 0, power: 0, before: tau, after: tau };
    const one = () => new Float64Array(1);
    signals.push({
      name: `x${l}`,
      scale: tau,
      leaf: l === 0,
      width,
      size,
      mean: input(),
      variance: Float64Array.of(tau),
      A: one(),
      b: input(),
      oldA: one(),
      oldB: input(),
      ...none
    });
    const rowNorm = W.frobenius2 / W.rows;
    const before = rowNorm * tau;
    layers.push({
      name: `z${l + 1}`,
      scale: before,
      leaf: false,
      operator: W,
      activation,
      noise,
      width,
      rowNorm,
      colNorm: W.frobenius2 / W.cols,
      omega: output(),
      V: one(),
      g: output(),
      freshG: output(),
      curvature: new Float64Array(W.rows),
      az: one(),
      bz: output(),
      zVariance: new Float64Array(W.rows),
      change: 0,
      power: 0,
      before,
      after: before
    });
    if (activation) {
      tau = activation.secondMoment(before + noise);
      tau = tau > 1e-300 && tau < 1e300 ? tau : 1;
      scalar = activation.outputScalar;
      size = W.rows;
    }
  });
  if (channel.scalar !== operator.scalar) refuse(`the channel must be ${operator.scalar} like the last matrix, got ${channel.scalar}`);
  const labels = widthOf(channel.labelScalar) * operator.rows;
  if (y.length !== labels) refuse(`y must have ${labels} numbers (${operator.rows} rows), got ${y.length}`);
  for (let i = 0; i < y.length; i++)
    if (!(Math.abs(y[i]) <= 1e100)) refuse(`y must be finite and within 1e100 of zero, got ${y[i]} at index ${i}`);
  return {
    problem,
    signals,
    layers,
    fresh: signals.map((s) => s.mean.slice()),
    freshVariance: signals.map((s) => new Float64Array(s.size)),
    clipped: 0
  };
}

/**
 * One sweep up and down. `keep` is the weight on the old value of the WHOLE carried state (mean and variance of x^0; g of every
 * layer; A and b of every hidden signal): inside a sweep only fresh values are seen, as in gamp.ts. `keepG` is for all but x^0.
 */
export function sweepLayers(work: MultilayerWork, keepG: number, keep: number): void {
  const { signals, layers, problem } = work;
  for (let l = 0; l < layers.length; l++) {
    propagate(layers[l], signals[l]);
    if (l + 1 < layers.length) hiddenPosterior(work, l, keep);
  }
  const top = layers.length - 1;
  problem.channel.score(layers[top].V, layers[top].omega, problem.y, layers[top].freshG, layers[top].curvature);
  for (let l = top; l >= 0; l--) {
    // below the top A and b of x^(l+1) are fresh only now: the score of the hidden layer is taken again with them
    if (l < top) hiddenScore(work, l);
    takeScore(layers[l], keepG);
    react(work, l);
  }
  problem.prior.posterior(signals[0].A, signals[0].b, work.fresh[0], work.freshVariance[0]);
  takeEstimate(signals[0], work.fresh[0], work.freshVariance[0], keep);
  for (let l = 1; l < signals.length; l++) averageMessage(signals[l], keepG);
}

/** omega = W m - V g_prev, V = |W|_F^2/rows v: the memory term has the current V and the previous g. */
function propagate(layer: Layer, { mean, variance }: Signal): void {
  const { operator, omega, V, g, rowNorm } = layer;
  operator.apply(mean, omega);
  const v = rowNorm * variance[0];
  layer.before = V[0] || layer.scale;
  V[0] = v;
  layer.after = v;
  for (let i = 0; i < omega.length; i++) omega[i] -= v * g[i];
}

/** The message of the layer below, z' = z + noise ~ N(omega, V + noise), in natural parameters. */
function hear({ V, noise, scale, omega, az, bz }: Layer): void {
  const S = Math.max(V[0] + noise, LEAST_V * scale);
  az[0] = 1 / S;
  for (let i = 0; i < omega.length; i++) bz[i] = omega[i] / S;
}

/** Forward: x^(l+1) = phi(z' ), seen from below now and from above in the last sweep. */
function hiddenPosterior({ signals, layers, fresh, freshVariance }: MultilayerWork, l: number, keep: number): void {
  const layer = layers[l];
  const signal = signals[l + 1];
  hear(layer);
  layer.activation?.posterior(layer.az, layer.bz, signal.A, signal.b, layer.freshG, layer.zVariance, fresh[l + 1], freshVariance[l + 1]);
  takeEstimate(signal, fresh[l + 1], freshVariance[l + 1], 0);
  const take = 1 - keep; // it moved by a damped step: the watch wants the undamped one
  signal.change /= take * take;
}

/** Backward: g = (zhat' - omega)/S and its curvature, with what the layer above has just said. The mean of x stays the one that was sent up. */
function hiddenScore({ signals, layers, fresh, freshVariance }: MultilayerWork, l: number): void {
  const { activation, az, bz, omega, freshG, curvature, zVariance } = layers[l];
  const { A, b } = signals[l + 1];
  activation?.posterior(az, bz, A, b, freshG, zVariance, fresh[l + 1], freshVariance[l + 1]);
  const a = az[0];
  for (let i = 0; i < freshG.length; i++) freshG[i] = a * (freshG[i] - omega[i]);
  for (let i = 0; i < curvature.length; i++) curvature[i] = a * (1 - a * zVariance[i]);
}

/** Sums for the precision, the change of the posterior mean of z (omega + V g) for the watch, and the averaged memory. */
function takeScore(layer: Layer, keep: number): void {
  const { curvature, freshG, g, V, omega } = layer;
  let c = 0;
  let g2 = 0;
  let dg2 = 0;
  for (let i = 0; i < curvature.length; i++) c += curvature[i];
  const take = 1 - keep;
  for (let i = 0; i < g.length; i++) {
    const next = freshG[i];
    const step = next - g[i];
    g2 += next * next;
    dg2 += step * step;
    g[i] = keep * g[i] + take * next;
  }
  sums[CURVATURE] = c;
  sums[SCORE2] = g2;
  layer.change = (V[0] * V[0] * dg2) / curvature.length;
  layer.power = norm2(omega) / curvature.length;
}

/** A = |W|_F^2/cols E curvature (its Fisher form E |g|^2 where that is negative, counted) and b = A x + W^H g with the fresh g. */
function react(work: MultilayerWork, l: number): void {
  const { operator, colNorm, freshG } = work.layers[l];
  const { A, b, oldA, oldB, mean } = work.signals[l];
  const scale = colNorm / operator.rows;
  let a = scale * sums[CURVATURE];
  if (a < 0) {
    a = scale * sums[SCORE2];
    work.clipped++;
  }
  oldA[0] = A[0];
  oldB.set(b);
  A[0] = a;
  operator.adjoint(freshG, b);
  for (let i = 0; i < b.length; i++) b[i] += a * mean[i];
}

function averageMessage({ A, b, oldA, oldB }: Signal, keep: number): void {
  if (keep === 0) return;
  const take = 1 - keep;
  A[0] = keep * oldA[0] + take * A[0];
  for (let i = 0; i < b.length; i++) b[i] = keep * oldB[i] + take * b[i];
}

function takeEstimate(signal: Signal, fresh: Vec, freshVariance: Vec, keep: number): void {
  const { mean, variance, size } = signal;
  const take = 1 - keep;
  let change = 0;
  let power = 0;
  for (let i = 0; i < mean.length; i++) {
    const next = fresh[i];
    const step = next - mean[i];
    change += step * step;
    power += next * next;
    mean[i] = keep * mean[i] + take * next;
  }
  let v = 0;
  for (let i = 0; i < freshVariance.length; i++) v += freshVariance[i];
  v /= freshVariance.length;
  signal.change = change / size;
  signal.power = power / size;
  signal.before = variance[0];
  signal.after = v;
  variance[0] = keep * variance[0] + take * v;
}
