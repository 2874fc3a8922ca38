/** How a sampled dense matrix is scaled: left as drawn (variance 1/cols), or every row or every column brought to norm one. */
import type { Spectrum } from "../core/types.ts";
import type { DenseMatrix } from "../linalg/dense.ts";
import { marchenkoPastur } from "./spectra/marchenkoPastur.ts";
import { scaledSpectrum } from "./spectra/scaled.ts";

export const normalization = {
  kind: "choice",
  default: "variance",
  options: ["variance", "rows", "columns"],
  symbol: "‖W‖",
  about: "variance: entries of variance 1/cols; rows, columns: each row or column has norm one"
} as const;

/** Scales in place. A row or column that is zero stays zero. */
export function normalize(A: DenseMatrix, how: "variance" | "rows" | "columns"): void {
  if (how === "variance") return;
  const factors = (how === "rows" ? A.rowNorms2() : A.columnNorms2()).map((norm2) => (norm2 > 0 ? 1 / Math.sqrt(norm2) : 0));
  const parts = A.scalar === "complex" ? 2 : 1;
  const width = A.cols * parts;
  for (let i = 0; i < A.rows; i++)
    for (let j = 0; j < width; j++) A.data[i * width + j] *= factors[how === "rows" ? i : parts === 2 ? j >> 1 : j];
  A.changed();
}

/** Marchenko-Pastur; columns of norm one divide the matrix by sqrt(alpha), since |A|_F^2 = cols then. */
export function normalizedSpectrum(alpha: number, how: "variance" | "rows" | "columns"): Spectrum {
  const law = marchenkoPastur(alpha);
  return how === "columns" ? scaledSpectrum(law, 1 / alpha) : law;
}
