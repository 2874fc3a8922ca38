/**
 * A signal or an image with reflecting borders, its gradient and its blur, all diagonal in the cosine basis (Strang 1999): the
 * Laplacian D^T D has eigenvalues sum_c 4 sin^2(pi k_c/(2 n_c)), the blur prod_c B(pi k_c/n_c). `scrambledLine` has the same spectra
 * in a random basis instead, where the gradient is no longer a difference of neighbours.
 */
import type { LinearOperator, Vec } from "../../core/types.ts";
import { gradient, gridTransform } from "../../linalg/index.ts";

export interface Field {
  /** Samples or pixels, and components of the gradient. */
  readonly n: number;
  readonly m: number;
  readonly shape: readonly number[];
  /** Of D^T D and of the blur, by frequency; lambda[0] = 0 and transfer[0] = 1 belong to the mean level. */
  readonly lambda: Vec;
  readonly transfer: Vec;
  /** x = F^T diag(gains) F x in place. */
  filter(x: Vec, gains: Vec): void;
  /** g = D x and x = D^T g; they overwrite their second argument. */
  gradient(x: Vec, g: Vec): void;
  divergence(g: Vec, x: Vec): void;
}

/**
 * An array of `shape` blurred over `sigma` pixels (0: not at all). `whole`: g keeps its d blocks of n, with zeros where a
 * difference would cross the border (groups of components need it); else it has the true differences alone.
 */
export function gridField(shape: readonly number[], sigma: number, whole = false): Field {
  const D = gradient(shape, { boundary: "reflect" });
  const n = D.cols;
  const kept = whole ? null : inside(shape, n);
  const all = new Float64Array(D.rows);
  const basis = gridTransform("cosine", shape, "real");
  const transfer = new Float64Array(n).fill(1);
  for (let axis = 0, stride = n; axis < shape.length; axis++) {
    const size = shape[axis];
    stride /= size;
    const B = blurTransfer(size, sigma);
    for (let k = 0; k < n; k++) transfer[k] *= B[Math.floor(k / stride) % size];
  }
  return {
    n,
    m: kept ? kept.length : D.rows,
    shape,
    lambda: (D.gramBasis as { readonly eigenvalues: Vec }).eigenvalues,
    transfer,
    filter: (x, gains) => basis.filter(x, gains),
    gradient(x, g) {
      if (!kept) return D.apply(x, g);
      D.apply(x, all);
      for (let i = 0; i < kept.length; i++) g[i] = all[kept[i]];
    },
    divergence(g, x) {
      if (!kept) return D.adjoint(g, x);
      all.fill(0);
      for (let i = 0; i < kept.length; i++) all[kept[i]] = g[i];
      D.adjoint(all, x);
    }
  };
}

/** The spectra of a line of n samples with D = U diag(sqrt lambda): `rotation` U is (n - 1) x (n - 1) orthogonal, x its coefficients. */
export function scrambledLine(n: number, sigma: number, rotation: LinearOperator): Field {
  const { lambda, transfer } = gridField([n], sigma);
  const root = lambda.map(Math.sqrt);
  const scaled = new Float64Array(n - 1);
  return {
    n,
    m: n - 1,
    shape: [n],
    lambda,
    transfer,
    filter(x, gains) {
      for (let k = 0; k < n; k++) x[k] *= gains[k];
    },
    gradient(x, g) {
      for (let k = 1; k < n; k++) scaled[k - 1] = root[k] * x[k];
      rotation.apply(scaled, g);
    },
    divergence(g, x) {
      rotation.adjoint(g, scaled);
      x[0] = 0;
      for (let k = 1; k < n; k++) x[k] = root[k] * scaled[k - 1];
    }
  };
}

/** Rows of the gradient that do not cross the border. */
function inside(shape: readonly number[], n: number): Int32Array {
  const rows: number[] = [];
  for (let axis = 0, stride = n; axis < shape.length; axis++) {
    stride /= shape[axis];
    for (let i = 0; i < n; i++) if (Math.floor(i / stride) % shape[axis] < shape[axis] - 1) rows.push(axis * n + i);
  }
  return Int32Array.from(rows);
}

/** sum_j h_j cos(omega j) at omega = pi k/size: the kernel of `blur`, exp(-j^2/(2 sigma^2)) to 4 sigma and of sum one. */
function blurTransfer(size: number, sigma: number): Vec {
  const reach = Math.ceil(4 * sigma);
  const h = Float64Array.from({ length: reach + 1 }, (_, j) => (j === 0 ? 1 : 2 * Math.exp(-(j * j) / (2 * sigma * sigma))));
  const sum = h.reduce((s, v) => s + v, 0);
  return Float64Array.from({ length: size }, (_, k) =>
    h.reduce((s, v, j) => s + (v / sum) * Math.cos((Math.PI * ((k * j) % (2 * size))) / size), 0)
  );
}
