/**
 * AMP for y = W x + noise on a small instance, with parts that a reader wrote: the denoiser, or the residual. In the form of Donoho,
 * Maleki and Montanari (2009), with the variance of the effective noise read off the residual: z = y - W a + (memory), S = |z|^2/(n alpha),
 * R = a + W^T z/alpha, a = f_a(R, S). W has variance 1/p, hence the division by alpha.
 */
export interface Instance {
  readonly p: number;
  readonly n: number;
  /** n x p, row-major. */
  readonly W: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** N(0, 1) numbers of a stream, by its label. */
export type Normals = (label: string, count: number) => Promise<Float64Array>;

/** A signal of p components, a fraction rho of them nonzero, and its noisy projections. */
export async function drawInstance(normals: Normals, p: number, alpha: number, rho: number, noise: number): Promise<Instance> {
  const n = Math.round(alpha * p);
  const [W, slab, order, xi] = await Promise.all([normals("W", n * p), normals("x", p), normals("support", p), normals("y", n)]);
  const scale = 1 / Math.sqrt(p);
  for (let k = 0; k < W.length; k++) W[k] *= scale;
  // exactly rho p nonzeros, at random places: a small instance is then a typical one
  const rank = Array.from(order.keys()).sort((i, j) => order[i] - order[j]);
  const x = new Float64Array(p);
  for (const i of rank.slice(0, Math.round(rho * p))) x[i] = slab[i];
  const y = times(W, n, p, x);
  for (let mu = 0; mu < n; mu++) y[mu] += Math.sqrt(noise) * xi[mu];
  return { p, n, W, x, y };
}

function times(W: Float64Array, n: number, p: number, a: ArrayLike<number>): Float64Array {
  const out = new Float64Array(n);
  for (let mu = 0; mu < n; mu++) {
    let sum = 0;
    for (let i = 0, k = mu * p; i < p; i++, k++) sum += W[k] * a[i];
    out[mu] = sum;
  }
  return out;
}

function adjointTimes(W: Float64Array, n: number, p: number, z: ArrayLike<number>): Float64Array {
  const out = new Float64Array(p);
  for (let mu = 0; mu < n; mu++) {
    const zmu = z[mu];
    for (let i = 0, k = mu * p; i < p; i++, k++) out[i] += W[k] * zmu;
  }
  return out;
}

export interface Parts {
  /** f_a at every R, for one noise variance S. */
  denoise(R: readonly number[], S: number): Promise<readonly number[]>;
  /** The new residual from y, W a, the last residual, the mean slope of f_a in the last step, and alpha. */
  residual(
    y: readonly number[],
    Wa: readonly number[],
    last: readonly number[],
    slope: number,
    alpha: number
  ): readonly number[] | Promise<readonly number[]>;
}

/** Donoho, Maleki and Montanari (2009), eq. 1. */
export function ampResidual(y: readonly number[], Wa: readonly number[], last: readonly number[], slope: number, alpha: number): number[] {
  return y.map((v, mu) => v - Wa[mu] + (slope / alpha) * last[mu]);
}

/** Mean squared error at t = 0, 1, ...; stops early when it is not finite or beyond 1e6. */
export async function* ownAmp({ p, n, W, x, y }: Instance, parts: Parts, iterations: number): AsyncGenerator<number> {
  const alpha = n / p;
  const labels = Array.from(y);
  let a: readonly number[] = Array.from(x, () => 0);
  let z: readonly number[] = labels.map(() => 0);
  let slope = 0;
  const mse = () => a.reduce((sum, v, i) => sum + (v - x[i]) ** 2, 0) / p;
  yield mse();
  for (let t = 1; t <= iterations; t++) {
    z = await parts.residual(labels, Array.from(times(W, n, p, a)), z, slope, alpha);
    const S = z.reduce((sum, v) => sum + v * v, 0) / n / alpha;
    const back = adjointTimes(W, n, p, z);
    const R = a.map((v, i) => v + back[i] / alpha);
    if (!(S < 1e6)) return;
    // any denoiser's slope, by a difference over a small part of the noise
    const h = 1e-3 * Math.sqrt(S);
    const values = await parts.denoise([...R, ...R.map((v) => v + h)], S);
    a = values.slice(0, p);
    slope = a.reduce((sum, v, i) => sum + (values[p + i] - v) / h, 0) / p;
    const error = mse();
    if (!Number.isFinite(error)) return;
    yield error;
  }
}
