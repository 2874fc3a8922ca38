/**
 * Real data as a covariate model (Loureiro et al. 2021, section 4): the covariance of the features and their correlation with the labels
 * are those of all rows; runs draw their training rows among them and are tested on the rest.
 */
import { readArraysText } from "../../core/files.ts";
import { ParameterError } from "../../core/parameters.ts";
import type { Rng, Vec } from "../../core/types.ts";
import { multiply, symmetricEigen } from "../../linalg/index.ts";
import type { Covariates } from "../../theory/risk/index.ts";

export interface DataSet {
  readonly rows: number;
  readonly cols: number;
  /** rows x cols, columns centred, all of it scaled to mean variance 1. */
  readonly X: Vec;
  /** +1 or -1. */
  readonly y: Vec;
}

const MOST_COLUMNS = 4000;

/** Two classes, or digits (odd: 1, even: -1). Throws ParameterError in one sentence. */
function signs(labels: ArrayLike<number>, owner: string): Vec {
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const digits = classes.length === 10 && classes.every((c, k) => c === k);
  if (!digits && classes.length !== 2) {
    const shown = classes.length > 6 ? `${classes.slice(0, 6).join(", ")} ...` : classes.join(", ");
    throw new ParameterError(
      `${owner}: data must have labels of two classes, such as -1 and 1, or be the ten digits 0 to 9 (odd against even), got ${classes.length === 1 ? "one class" : `${classes.length} classes`}: ${shown}`
    );
  }
  return Float64Array.from(labels, (c) => ((digits ? c % 2 === 1 : c === classes[1]) ? 1 : -1));
}

let last: { readonly text: string; readonly set: DataSet } | null = null;

/** A matrix whose last column is the labels, or a matrix and a vector. Throws ParameterError. */
export function readData(text: string, owner: string): DataSet {
  if (last?.text === text) return last.set;
  const arrays = readArraysText(text, `${owner}: data`);
  const shapes = arrays.map((a) => a.shape.join(" x ") || "()").join(" and ");
  const wanted = `${owner}: data must hold a matrix X (samples in rows) and its labels y, or one matrix with the labels in its last column`;
  const whole = arrays.length === 1 && arrays[0].shape.length === 2 ? arrays[0] : null;
  const matrix = whole ?? arrays.find((a) => a.shape.length === 2 && a.shape[1] > 1);
  const vector = arrays.find((a) => a !== matrix);
  if (!matrix || arrays.length > 2 || (whole ? whole.shape[1] < 2 : !vector)) throw new ParameterError(`${wanted}, got ${shapes}`);
  const [rows, width] = matrix.shape;
  const cols = whole ? width - 1 : width;
  if (vector && vector.data.length !== rows)
    throw new ParameterError(`${owner}: data must have one label for each of the ${rows} rows of X, got ${vector.data.length} labels`);
  if (cols > MOST_COLUMNS) throw new ParameterError(`${owner}: data must have at most ${MOST_COLUMNS} columns of features, got ${cols}`);
  if (rows < 20 || rows < 1.1 * cols)
    throw new ParameterError(
      `${owner}: data must have at least 20 rows, and a tenth more rows than columns of features for their covariance to be known, got ${rows} rows of ${cols} features`
    );
  const y = signs(vector ? vector.data : Array.from({ length: rows }, (_, mu) => matrix.data[mu * width + cols]), owner);
  const X = new Float64Array(rows * cols);
  let power = 0;
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let mu = 0; mu < rows; mu++) mean += matrix.data[mu * width + j];
    mean /= rows;
    for (let mu = 0; mu < rows; mu++) {
      const x = matrix.data[mu * width + j] - mean;
      X[mu * cols + j] = x;
      power += x * x;
    }
  }
  if (!(power > 0)) throw new ParameterError(`${owner}: features of data must vary, got ${cols} constant columns`);
  const scale = Math.sqrt((rows * cols) / power);
  for (let k = 0; k < X.length; k++) X[k] *= scale;
  const set = { rows, cols, X, y };
  last = { text, set };
  return set;
}

export interface DataLaw {
  readonly inputs: Covariates;
  /** Rank of the covariance over its size. */
  readonly rank: number;
  /** True where no sign of a Gaussian is as linear as these labels: the part explained was cut to all there is. */
  readonly clipped: boolean;
}

/**
 * Omega = X^T X/N. Linear labels: z0 = y itself, b = X^T y/N. Sign labels: the Gaussian z0 whose sign correlates with the features as y
 * does, b = sqrt(pi/2) X^T y/N. Given X, the square of a component of X^T y/N exceeds that of its mean by a variance, estimated from the
 * residuals of the regression on all rows, which is taken off.
 */
export function dataLaw({ rows, cols, X, y }: DataSet, labels: "sign" | "linear"): DataLaw {
  const Omega = new Float64Array(cols * cols);
  multiply(cols, cols, rows, X, X, Omega, { adjoint: true });
  for (let k = 0; k < Omega.length; k++) Omega[k] /= rows;
  const { values, vectors } = symmetricEigen({ rows: cols, cols, data: Omega });
  const projected = new Float64Array(cols * rows); // eigenvector by eigenvector, the samples' components
  const Xt = new Float64Array(cols * rows);
  for (let mu = 0; mu < rows; mu++) for (let j = 0; j < cols; j++) Xt[j * rows + mu] = X[mu * cols + j];
  multiply(cols, rows, cols, vectors as Float64Array, Xt, projected);
  const [omega, target] = [new Float64Array(cols), new Float64Array(cols)];
  const power = labels === "sign" ? Math.PI / 2 : 1;
  const means = new Float64Array(cols);
  const residual = Float64Array.from(y);
  let live = 0;
  for (let k = 0; k < cols; k++) {
    if (!(values[k] > 1e-12 * values[cols - 1])) continue;
    live++;
    omega[k] = values[k];
    let sum = 0;
    for (let mu = 0; mu < rows; mu++) sum += projected[k * rows + mu] * y[mu];
    means[k] = sum / rows;
    const slope = means[k] / omega[k];
    for (let mu = 0; mu < rows; mu++) residual[mu] -= slope * projected[k * rows + mu];
  }
  let explained = 0;
  for (let k = 0; k < cols; k++) {
    if (omega[k] === 0) continue;
    let square = 0;
    for (let mu = 0; mu < rows; mu++) square += (projected[k * rows + mu] * residual[mu]) ** 2;
    const excess = square / rows / (rows - live);
    target[k] = power * Math.max(0, means[k] * means[k] - excess);
    explained += target[k] / omega[k];
  }
  const clipped = explained > 1;
  if (clipped) for (let k = 0; k < cols; k++) target[k] /= explained;
  return { inputs: { omega, weight: new Float64Array(cols).fill(1 / cols), target, rho: 1 }, rank: live / cols, clipped };
}

export interface Split {
  readonly training: { readonly x: Vec; readonly y: Vec };
  readonly test: { readonly x: Vec; readonly y: Vec };
}

/** `n` rows drawn without replacement, over sqrt(cols), and all the others. Throws ParameterError when fewer than ten are left. */
export function splitRows({ rows, cols, X, y }: DataSet, n: number, rng: Rng, owner: string): Split {
  if (rows - n < 10)
    throw new ParameterError(
      `${owner}: alpha must leave rows of data to test on, at most ${((rows - 10) / cols).toPrecision(3)} for ${rows} rows of ${cols} features, got ${n} training rows`
    );
  const order = Int32Array.from({ length: rows }, (_, mu) => mu);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(rng.uniform() * (rows - i));
    [order[i], order[j]] = [order[j], order[i]];
  }
  const scale = 1 / Math.sqrt(cols);
  const take = (from: number, to: number) => {
    const x = new Float64Array((to - from) * cols);
    for (let i = from; i < to; i++) for (let j = 0; j < cols; j++) x[(i - from) * cols + j] = scale * X[order[i] * cols + j];
    return { x, y: Float64Array.from({ length: to - from }, (_, i) => y[order[from + i]]) };
  };
  return { training: take(0, n), test: take(n, rows) };
}
