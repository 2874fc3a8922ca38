/** The unitary discrete Fourier transform, X_k = n^(-1/2) sum_j x_j exp(-2 pi i j k / n), and choices of its rows, for complex or real signals. */
import { ParameterError } from "../../core/parameters.ts";
import { complexTransform } from "./fftPlan.ts";
import { realUnknowns } from "./fields.ts";
import { checkSize, type StructuredOperator } from "./structure.ts";
import { checkColumns, chooseRows, type Subsampling, subsampledUnitary, unitaryOperator } from "./unitary.ts";

/** The square unitary DFT, complex. */
export function fourier(n: number): StructuredOperator {
  checkSize("fourier", "size", n);
  return unitaryOperator(`fourier(${n})`, complexTransform(n), null);
}

export interface FourierSubsampling extends Subsampling {
  /**
   * `real`: the unknowns are real and the operator is real with 2 rows per frequency, Re and Im interleaved, so that a vector of complex
   * measurements is used as it lies in memory. Frequencies are then drawn from 1 .. ceil(cols/2) - 1, the ones with independent
   * complex values, and the operator carries a factor sqrt 2: rows have squared norm scale^2 again. Give scale = 1/sqrt 2 for data of
   * the unitary DFT. Among given `indices`, 0 and cols/2 make rows of twice that norm (Re) and of zeros (Im), and a pair k, cols - k is refused.
   */
  readonly signal?: "complex" | "real";
}

/** Rows of the DFT: A A* = scale^2 I, |A_ij|^2 = scale^2 / cols. */
export function subsampledFourier(choice: FourierSubsampling): StructuredOperator {
  const n = checkColumns("subsampled fourier", choice);
  const transform = complexTransform(n);
  if (choice.signal !== "real") return subsampledUnitary("subsampled fourier", transform, null, choice);
  const name = `subsampled fourier(${choice.indices?.length ?? choice.rows}x${n}, real signal)`;
  if (n < 3) throw new ParameterError(`${name}: cols must be at least 3 for a real signal, got ${n}`);
  const indices = chooseRows(name, choice, Math.ceil(n / 2) - 1, 1);
  const chosen = new Uint8Array(n);
  for (const k of indices) chosen[k] = 1;
  let lonely = false;
  for (const k of indices) {
    if ((2 * k) % n === 0) lonely = true;
    else if (chosen[n - k])
      throw new ParameterError(`${name}: frequencies ${k} and ${n - k} carry the same measurement of a real signal; give one of them`);
  }
  const { cols, rng, signs } = choice;
  const scale = (choice.scale ?? 1) * Math.SQRT2;
  const complex = subsampledUnitary("subsampled fourier", transform, null, {
    cols,
    indices,
    scale,
    ...(rng ? { rng } : {}),
    ...(signs ? { signs } : {})
  });
  return realUnknowns(complex, { name, ...(lonely ? {} : { rowGram: (scale * scale) / 2 }) });
}
