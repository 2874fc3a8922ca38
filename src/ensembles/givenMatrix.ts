/** The ensemble of one matrix: the user's own, or one sampled before, with the spectrum of its singular values. */
import { ParameterError } from "../core/parameters.ts";
import type { Ensemble, LinearOperator, Spectrum } from "../core/types.ts";
import { type MatrixData, svd } from "../linalg/decompositions/index.ts";
import { denseFrom, type DenseMatrix } from "../linalg/dense.ts";
import { materialise } from "../linalg/operators/structure.ts";
import { scaledSpectrum } from "./spectra/scaled.ts";
import { spectrumOf } from "./spectra/atoms.ts";

/** Eigenvalues of A^* A of any operator, by its singular values: dense ones as they are, structured ones written out first (cols applications). */
export function sampledSpectrum(A: LinearOperator): Spectrum {
  // with OpenBLAS 0.3.21 the test process died in the complex 512 x 384 case (not reproduced alone, cause unknown); not once with ours
  const options = A.scalar === "complex" ? ({ vectors: false, backend: "wasm" } as const) : { vectors: false };
  return spectrumOf(svd(written(A), options).s, A.cols, A.rows / A.cols);
}

/**
 * `sample` returns a copy of A scaled to |A|_F^2 = rows, the normalisation of every ensemble, whatever the randomness;
 * `spectrum` is that of the scaled matrix. Both throw ParameterError for another shape than A's, and here for a zero matrix.
 */
export function givenMatrix(A: LinearOperator): Ensemble {
  const { rows, cols, scalar } = A;
  if (!(A.frobenius2 > 0 && A.frobenius2 < Number.POSITIVE_INFINITY))
    throw new ParameterError(`given matrix: it must have a positive finite norm, got |A|^2 = ${A.frobenius2}`);
  const factor = rows / A.frobenius2;
  let law: Spectrum | null = null;
  return {
    scalar,
    sample(_rng, r, c, options = {}): DenseMatrix {
      if (r !== rows || c !== cols)
        throw new ParameterError(`given matrix: it is ${rows} x ${cols}, so ${r} x ${c} cannot be drawn from it`);
      const scale = Math.sqrt(factor);
      return denseFrom(
        rows,
        cols,
        Float64Array.from(written(A).data, (x) => scale * x),
        { ...options, scalar }
      );
    },
    spectrum(alpha) {
      if (!(Math.abs(alpha * cols - rows) <= 1e-9 * rows))
        throw new ParameterError(`given matrix: it is ${rows} x ${cols}, so alpha must be ${rows / cols}, got ${alpha}`);
      law ??= scaledSpectrum(sampledSpectrum(A), factor);
      return law;
    }
  };
}

function written(A: LinearOperator): MatrixData {
  const { rows, cols, scalar } = A;
  return "data" in A && (A.data instanceof Float64Array || A.data instanceof Float32Array)
    ? { rows, cols, scalar, data: A.data }
    : { rows, cols, scalar, data: materialise(A) };
}
