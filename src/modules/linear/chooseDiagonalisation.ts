/** Which way to diagonalise A^* A: what the operator says of itself, then what a probe shows, then its size. */
import { ParameterError } from "../../core/parameters.ts";
import type { LinearOperator } from "../../core/types.ts";
import { type MatrixData, materialise } from "../../linalg/index.ts";
import { conjugateGradientDiagonalisation } from "./conjugateGradientDiagonalisation.ts";
import type { Diagonalisation } from "./diagonalisation.ts";
import { fastBasisDiagonalisation } from "./fastBasisDiagonalisation.ts";
import { flatDiagonalisation, knownFlatGram, probedFlatGram } from "./flatDiagonalisation.ts";
import { gramDiagonalisation } from "./gramDiagonalisation.ts";
import { svdDiagonalisation } from "./svdDiagonalisation.ts";

export const LINEAR_METHODS = ["auto", "svd", "gram", "fourier", "rows", "conjugate-gradient"] as const;
export type LinearMethod = (typeof LINEAR_METHODS)[number];

export interface LinearOptions {
  /**
   * `svd`: thin singular value decomposition. `gram`: tridiagonal form of the smaller Gram matrix (three to five times cheaper;
   * calls that would lose more than four digits to its squared conditioning use an SVD). `fourier`: A^* A diagonal in a fast basis
   * (periodic or reflecting convolutions and gradients, diagonals). `rows`: A A^* or A^* A a multiple of the identity.
   * `conjugate-gradient`: products only, v from Lanczos quadrature with random probes. `auto`, the default: the first that applies
   * of rows, fourier, gram up to `limit`, conjugate-gradient.
   */
  readonly method?: LinearMethod;
  /** The largest min(rows, cols) that is decomposed without being asked for. */
  readonly limit?: number;
}

/** 64 M numbers, half a GiB: beyond that a matrix is not built for a decomposition nobody asked for. */
const ENTRIES = 2 ** 26;

/** Throws ParameterError on an unknown method, or one that does not fit the operator. */
export function chooseDiagonalisation(op: LinearOperator, { method = "auto", limit = 4096 }: LinearOptions): Diagonalisation {
  if (!LINEAR_METHODS.includes(method))
    throw new ParameterError(`linear: method must be one of ${LINEAR_METHODS.join(", ")}, got ${method}`);
  if (!(op.frobenius2 > 0 && op.frobenius2 < Number.POSITIVE_INFINITY))
    throw new ParameterError(`linear: the operator must be finite and not zero, got a squared Frobenius norm of ${op.frobenius2}`);
  switch (method) {
    case "svd":
      return svdDiagonalisation(denseData(op));
    case "gram":
      return gramDiagonalisation(op, denseData(op));
    case "rows": {
      const flat = knownFlatGram(op) ?? probedFlatGram(op);
      if (!flat)
        throw new ParameterError(
          `linear: method rows needs A A^* or A^* A to be a multiple of the identity, which this ${op.rows}x${op.cols} operator is not; use auto`
        );
      return flatDiagonalisation(op, flat);
    }
    case "fourier": {
      const fast = fastBasisDiagonalisation(op);
      if (!fast)
        throw new ParameterError(
          `linear: method fourier needs an operator whose A^* A is diagonal in a known basis, such as a periodic convolution or gradient; use auto`
        );
      return fast;
    }
    case "conjugate-gradient":
      return conjugateGradientDiagonalisation(op);
    default: {
      const flat = knownFlatGram(op);
      if (flat) return flatDiagonalisation(op, flat);
      const fast = fastBasisDiagonalisation(op);
      if (fast) return fast;
      const probed = probedFlatGram(op);
      if (probed) return flatDiagonalisation(op, probed);
      return Math.min(op.rows, op.cols) <= limit && op.rows * op.cols <= ENTRIES
        ? gramDiagonalisation(op, denseData(op))
        : conjugateGradientDiagonalisation(op);
    }
  }
}

/** The operator's own numbers, or its columns one by one. */
function denseData(op: LinearOperator): MatrixData {
  const { rows, cols, scalar } = op;
  const { data } = op as { readonly data?: unknown };
  const count = rows * cols * (scalar === "complex" ? 2 : 1);
  if ((data instanceof Float64Array || data instanceof Float32Array) && data.length === count) return { rows, cols, data, scalar };
  return { rows, cols, data: materialise(op), scalar };
}
