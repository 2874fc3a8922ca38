/** Spectra that are finite sets of eigenvalues: a sampled matrix, a list of singular values, an orthogonal matrix. */
import { ParameterError } from "../../core/parameters.ts";
import type { Spectrum, Vec } from "../../core/types.ts";

/** Throws ParameterError unless alpha is a positive number that can be a ratio of sizes. */
export function checkRatio(owner: string, what: string, alpha: number): void {
  if (!(alpha > 0 && alpha <= 1e12))
    throw new ParameterError(`${owner}: ${what} must be a number in (0, 1e12], got ${alpha}; for example 0.5`);
}

/** Throws ParameterError unless x is a finite number >= 0: the argument of eta, tail and shannon. */
export function checkArgument(owner: string, x: number): void {
  if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
    throw new ParameterError(`${owner}: x must be a finite number >= 0, got ${x}; for example 1`);
}

/**
 * Atoms at `nodes` (> 0) with `weights` (> 0, the share of all columns each stands for), the rest of the columns at zero:
 * eta = 1 - rank + sum_k w_k / (1 + x lambda_k). Throws ParameterError on lengths that differ, on nodes or weights that are not
 * positive and finite, and on a total weight above 1.
 */
export function atomicSpectrum(alpha: number, nodes: ArrayLike<number>, weights: ArrayLike<number>): Spectrum {
  checkRatio("spectrum", "alpha", alpha);
  if (nodes.length !== weights.length)
    throw new ParameterError(`spectrum: nodes and weights must have one length, got ${nodes.length} and ${weights.length}`);
  const lambda = Float64Array.from(nodes);
  const weight = Float64Array.from(weights);
  let rank = 0;
  let mean = 0;
  for (let k = 0; k < lambda.length; k++) {
    if (!(lambda[k] > 0 && lambda[k] < Number.POSITIVE_INFINITY && weight[k] > 0))
      throw new ParameterError(
        `spectrum: nodes and weights must be positive finite numbers, got node ${lambda[k]} of weight ${weight[k]} at place ${k}`
      );
    rank += weight[k];
    mean += weight[k] * lambda[k];
  }
  if (rank > 1 + 1e-9) throw new ParameterError(`spectrum: the weights of the nonzero part must sum to at most 1, got ${rank}`);
  rank = nearest(rank, [1, alpha]);
  const null_ = Math.max(0, 1 - rank);
  const tail = (x: number): number => {
    checkArgument("spectrum", x);
    return average(lambda, weight, x);
  };
  return {
    alpha,
    rank,
    mean,
    nodes: lambda,
    weights: weight,
    eta: (x) => null_ + tail(x),
    tail,
    shannon(x) {
      checkArgument("spectrum", x);
      return averageLog(lambda, weight, x);
    }
  };
}

/** sum_k w_k / (1 + x lambda_k). */
export function average(lambda: Vec, weight: Vec, x: number): number {
  let sum = 0;
  for (let k = 0; k < lambda.length; k++) sum += weight[k] / (1 + x * lambda[k]);
  return sum;
}

/** sum_k w_k ln(1 + x lambda_k). */
export function averageLog(lambda: Vec, weight: Vec, x: number): number {
  let sum = 0;
  for (let k = 0; k < lambda.length; k++) {
    const product = x * lambda[k];
    // past the doubles the product is infinite, its logarithm is not
    sum += weight[k] * (product < Number.MAX_VALUE ? Math.log1p(product) : Math.log(x) + Math.log(lambda[k]));
  }
  return sum;
}

/** One of `targets` when the rounding of a sum alone separates it from it. */
function nearest(x: number, targets: readonly number[]): number {
  for (const target of targets) if (Math.abs(x - target) <= 1e-12 * target) return target;
  return x;
}

/**
 * The law of the eigenvalues of A^* A of a matrix at hand: ALL `cols` of them, zeros included. Eigenvalues below 1e-13 of the
 * largest (the rounding of an eigensolver; pass another `tolerance`) count as zero. Throws ParameterError when they are not
 * finite, or negative beyond the tolerance, or all zero.
 */
export function spectrumFromEigenvalues(eigenvalues: ArrayLike<number>, alpha: number, tolerance = 1e-13): Spectrum {
  if (eigenvalues.length < 1) throw new ParameterError("spectrum: eigenvalues must be a list of at least one number, got none");
  let largest = 0;
  for (let i = 0; i < eigenvalues.length; i++) {
    if (!Number.isFinite(eigenvalues[i]))
      throw new ParameterError(`spectrum: eigenvalues must be finite numbers, got ${eigenvalues[i]} at place ${i}`);
    largest = Math.max(largest, Math.abs(eigenvalues[i]));
  }
  const least = tolerance * largest;
  const kept: number[] = [];
  for (let i = 0; i < eigenvalues.length; i++) {
    if (eigenvalues[i] < -least)
      throw new ParameterError(`spectrum: eigenvalues of A^* A must be >= 0, got ${eigenvalues[i]} at place ${i}`);
    if (eigenvalues[i] > least) kept.push(eigenvalues[i]);
  }
  if (kept.length === 0) throw new ParameterError("spectrum: at least one eigenvalue must be positive, got a zero matrix");
  kept.sort((x, y) => x - y);
  return atomicSpectrum(alpha, kept, new Float64Array(kept.length).fill(1 / eigenvalues.length));
}

/**
 * The law of the eigenvalues s^2 of A^* A from the singular values of a matrix with `cols` columns, alpha = rows/cols. There may
 * be fewer values than columns: the others are zero. Singular values below 1e-12 of the largest count as zero. Throws
 * ParameterError on negative or non-finite values, more of them than columns, or none above zero.
 */
export function spectrumOf(singularValues: ArrayLike<number>, cols: number, alpha: number): Spectrum {
  if (!Number.isInteger(cols) || cols < singularValues.length)
    throw new ParameterError(
      `spectrum: cols must be an integer >= the number of singular values, got ${cols} for ${singularValues.length}`
    );
  let largest = 0;
  for (let i = 0; i < singularValues.length; i++) {
    if (!(singularValues[i] >= 0 && singularValues[i] < Number.POSITIVE_INFINITY))
      throw new ParameterError(`spectrum: singular values must be finite numbers >= 0, got ${singularValues[i]} at place ${i}`);
    largest = Math.max(largest, singularValues[i]);
  }
  const kept = Array.from(singularValues)
    .filter((s) => s > 1e-12 * largest && s * s > 0)
    .sort((x, y) => x - y);
  if (kept.length === 0) throw new ParameterError("spectrum: at least one singular value must be positive, got a zero matrix");
  return atomicSpectrum(
    alpha,
    kept.map((s) => s * s),
    new Float64Array(kept.length).fill(1 / cols)
  );
}

/** Rows or columns orthonormal up to scale, E |A|_F^2 = rows: lambda = 1 for alpha <= 1 (a share alpha of them), lambda = alpha above. */
export function orthogonalSpectrum(alpha: number): Spectrum {
  checkRatio("spectrum", "alpha", alpha);
  return atomicSpectrum(alpha, [Math.max(1, alpha)], [Math.min(1, alpha)]);
}
