/**
 * Generators x = G(c) of inputs from latent variables c ~ N(0, 1_D): layers of random features, a given decoder network, and an invertible
 * flow of affine couplings (Dinh, Sohl-Dickstein, Bengio 2017) with random networks of one layer.
 */
import { ParameterError } from "../../../core/parameters.ts";
import type { Activation, Rng, Vec } from "../../../core/types.ts";
import { multiply } from "../../../linalg/index.ts";
import { featureMatrix } from "./featureMatrix.ts";

export interface DataGenerator {
  readonly D: number;
  readonly N: number;
  /** Of `count` rows of c (count x D): count x N, a fresh array. */
  apply(c: Vec, count: number): Vec;
}

export interface FeatureLayers {
  readonly kind: "gaussian" | "orthogonal";
  /** D = n_0, n_1 ... n_L = N. */
  readonly sizes: readonly number[];
  readonly f: Activation;
  /** E f and sqrt(Var f) under N(0, 1): every layer is centred and scaled by them. */
  readonly mean: number;
  readonly deviation: number;
}

/** h_l = (f(F_l h_(l-1)/sqrt n_(l-1)) - mean)/deviation, x = h_L; and the matrices F_l transposed, n_(l-1) x n_l. */
export function featureGenerator(
  { kind, sizes, f, mean, deviation }: FeatureLayers,
  rng: Rng
): DataGenerator & { readonly matrices: readonly Vec[] } {
  const matrices = sizes.slice(1).map((rows, l) => featureMatrix(kind, rows, sizes[l], rng.fork(`F${l + 1}`)));
  return {
    D: sizes[0],
    N: sizes[sizes.length - 1],
    matrices,
    apply(c, count) {
      let h = c;
      matrices.forEach((Ft, l) => {
        const u = new Float64Array(count * sizes[l + 1]);
        multiply(count, sizes[l + 1], sizes[l], h, Ft, u);
        const scale = 1 / Math.sqrt(sizes[l]);
        for (let i = 0; i < u.length; i++) u[i] *= scale;
        const next = new Float64Array(u.length);
        f.apply(u, next);
        for (let i = 0; i < next.length; i++) next[i] = (next[i] - mean) / deviation;
        h = next;
      });
      return h;
    }
  };
}

export interface DecoderLayer {
  readonly rows: number;
  readonly cols: number;
  /** rows x cols. */
  readonly W: Vec;
  readonly b: Vec;
}

/** h_l = relu(W_l h_(l-1) + b_l) but for the last layer, which is affine. Throws ParameterError where the layers do not fit. */
export function decoderGenerator(layers: readonly DecoderLayer[]): DataGenerator {
  layers.forEach(({ rows, cols, W, b }, l) => {
    const before = layers[l - 1];
    if (W.length !== rows * cols || b.length !== rows)
      throw new ParameterError(`decoder: layer ${l + 1} needs a bias of each of its ${rows} units, got ${b.length}`);
    if (before && before.rows !== cols)
      throw new ParameterError(`decoder: layer ${l + 1} must have as many columns as the one before has rows, ${before.rows}, got ${cols}`);
  });
  if (layers.length === 0) throw new ParameterError("decoder: it must have at least one layer");
  const transposed = layers.map(({ rows, cols, W }) => {
    const T = new Float64Array(W.length);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) T[j * rows + i] = W[i * cols + j];
    return T;
  });
  return {
    D: layers[0].cols,
    N: layers[layers.length - 1].rows,
    apply(c, count) {
      let h = c;
      layers.forEach(({ rows, cols, b }, l) => {
        const next = new Float64Array(count * rows);
        multiply(count, rows, cols, h, transposed[l], next);
        const hidden = l < layers.length - 1;
        for (let s = 0, at = 0; s < count; s++)
          for (let i = 0; i < rows; i++, at++) {
            const z = next[at] + b[i];
            next[at] = hidden && z < 0 ? 0 : z;
          }
        h = next;
      });
      return h;
    }
  };
}

export interface Flow extends DataGenerator {
  /** c of x = G(c), count x N. */
  invert(x: Vec, count: number): Vec;
}

/** A coupling of strength s keeps |log scale| <= s; the inverse is exact up to rounding. */
const STRENGTH = 0.5;

/**
 * `couplings` affine couplings on N >= 2 variables: of a half a, at random or, every second time, the one moved before, the other half b becomes b exp(s tanh(A a)) + tanh(B a), A and B
 * Gaussian with rows of squared norm 2 on a, s = 0.5.
 */
export function couplingFlow(N: number, couplings: number, rng: Rng): Flow {
  if (!Number.isInteger(N) || N < 2) throw new ParameterError(`coupling flow: N must be an integer >= 2, got ${N}`);
  const half = N >> 1;
  let order: number[] = [];
  const steps = Array.from({ length: couplings }, (_, l) => {
    const r = rng.fork(`coupling ${l + 1}`);
    if (l % 2) order = [...order.slice(half), ...order.slice(0, half)];
    else order = shuffled(N, r);
    const split = l % 2 ? N - half : half;
    // both networks side by side, transposed: seen x 2 moved
    const networks = new Float64Array(split * 2 * (N - split));
    r.fillNormal(networks, Math.sqrt(2 / split));
    return { seen: order.slice(0, split), moved: order.slice(split), networks };
  });
  /** One coupling of all rows in place, forwards or backwards. */
  const couple = (h: Vec, count: number, { seen, moved, networks }: (typeof steps)[number], forwards: boolean): void => {
    const [from, to] = [seen.length, moved.length];
    const a = new Float64Array(count * from);
    for (let s = 0; s < count; s++) for (let i = 0; i < from; i++) a[s * from + i] = h[s * N + seen[i]];
    const out = new Float64Array(count * 2 * to);
    multiply(count, 2 * to, from, a, networks, out);
    for (let s = 0; s < count; s++)
      for (let j = 0; j < to; j++) {
        const scale = Math.exp(STRENGTH * Math.tanh(out[s * 2 * to + j]));
        const shift = Math.tanh(out[s * 2 * to + to + j]);
        const at = s * N + moved[j];
        h[at] = forwards ? h[at] * scale + shift : (h[at] - shift) / scale;
      }
  };
  return {
    D: N,
    N,
    apply(c, count) {
      const h = c.slice();
      for (const step of steps) couple(h, count, step, true);
      return h;
    },
    invert(x, count) {
      const h = x.slice();
      for (let l = steps.length - 1; l >= 0; l--) couple(h, count, steps[l], false);
      return h;
    }
  };
}

function shuffled(n: number, rng: Rng): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Inputs as students see them, (G(c) - shift) scale. */
export interface Standardised extends DataGenerator {
  readonly shift: Vec;
  readonly scale: number;
}

export interface GeneratorMoments {
  /** E x x^T, N x N, and E x c^T, N x D, of standardised inputs. */
  readonly Omega: Vec;
  readonly Psi: Vec;
}

const CHUNK = 2000;

/** Means, mean variance and covariances from `samples` draws of c: x is centred and of unit mean variance. Throws ParameterError for a constant generator. */
export function standardisedGenerator(
  G: DataGenerator,
  samples: number,
  rng: Rng
): { readonly generator: Standardised; readonly moments: GeneratorMoments } {
  const { D, N } = G;
  const shift = new Float64Array(N);
  const Omega = new Float64Array(N * N);
  const Psi = new Float64Array(N * D);
  const latentMean = new Float64Array(D);
  const square = new Float64Array(N * N);
  const cross = new Float64Array(N * D);
  for (let done = 0; done < samples; done += CHUNK) {
    const count = Math.min(CHUNK, samples - done);
    const c = new Float64Array(count * D);
    rng.fillNormal(c);
    const x = G.apply(c, count);
    multiply(N, N, count, x, x, square, { adjoint: true });
    multiply(N, D, count, x, c, cross, { adjoint: true });
    for (let i = 0; i < square.length; i++) Omega[i] += square[i] / samples;
    for (let i = 0; i < cross.length; i++) Psi[i] += cross[i] / samples;
    for (let s = 0; s < count; s++) {
      for (let i = 0; i < N; i++) shift[i] += x[s * N + i] / samples;
      for (let r = 0; r < D; r++) latentMean[r] += c[s * D + r] / samples;
    }
  }
  let power = 0;
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) Omega[i * N + j] -= shift[i] * shift[j];
    for (let r = 0; r < D; r++) Psi[i * D + r] -= shift[i] * latentMean[r];
    power += Omega[i * N + i] / N;
  }
  if (!(power > 0 && power < Number.POSITIVE_INFINITY))
    throw new ParameterError("generator: its outputs must vary with the latent variables and be finite");
  const scale = 1 / Math.sqrt(power);
  for (let i = 0; i < Omega.length; i++) Omega[i] /= power;
  for (let i = 0; i < Psi.length; i++) Psi[i] *= scale;
  return {
    generator: {
      D,
      N,
      shift,
      scale,
      apply(c, count) {
        const x = G.apply(c, count);
        for (let s = 0, at = 0; s < count; s++) for (let i = 0; i < N; i++, at++) x[at] = (x[at] - shift[i]) * scale;
        return x;
      }
    },
    moments: { Omega, Psi }
  };
}
