/** Distances between an estimate and the truth, raw and modulo the global sign or phase that an even channel cannot see. */
import { ParameterError } from "../core/parameters.ts";
import type { Scalar, Vec } from "../core/types.ts";

export interface Score {
  /** |s x - x0|^2 / n. */
  readonly mse: number;
  /** Re <x0, s x> / n: the overlap m, in units of E |x0|^2. */
  readonly overlap: number;
  /** Re <x0, s x> / (|x| |x0|), 0 when either is zero. */
  readonly cosine: number;
  /** 10 log10 (|s x - x0|^2 / |x0|^2); null where that has no finite value (x = x0, or x0 = 0). */
  readonly nmseDb: number | null;
}
/** `raw` has s = 1; `aligned` the best global sign (real) or phase (complex) s = `phase` (re, im). */
export interface Metrics {
  readonly raw: Score;
  readonly aligned: Score;
  readonly phase: readonly [number, number];
}

/** `x`, `truth` of equal length (interleaved when complex). Throws ParameterError when the lengths differ or are zero. */
export function metrics(x: Vec, truth: Vec, scalar: Scalar = "real"): Metrics {
  if (x.length !== truth.length || x.length === 0)
    throw new ParameterError(`metrics: estimate and truth must have the same length >= 1, got ${x.length} and ${truth.length}`);
  const width = scalar === "complex" ? 2 : 1;
  const n = x.length / width;
  let xx = 0;
  let tt = 0;
  let re = 0;
  let im = 0;
  for (let i = 0; i < x.length; i++) {
    xx += x[i] * x[i];
    tt += truth[i] * truth[i];
    re += x[i] * truth[i];
  }
  if (width === 2) for (let i = 0; i < x.length; i += 2) im += x[i] * truth[i + 1] - x[i + 1] * truth[i]; // Im conj(x) x0
  const size = Math.hypot(re, im);
  const phase: [number, number] = width === 2 && size > 0 ? [re / size, im / size] : [re < 0 ? -1 : 1, 0];
  const score = (c: number, s: number, dot: number): Score => {
    // summed as differences: |x|^2 - 2 dot + |x0|^2 loses every digit near exact recovery
    let error = 0;
    if (width === 1) for (let i = 0; i < x.length; i++) error += (c * x[i] - truth[i]) ** 2;
    else
      for (let i = 0; i < x.length; i += 2)
        error += (c * x[i] - s * x[i + 1] - truth[i]) ** 2 + (s * x[i] + c * x[i + 1] - truth[i + 1]) ** 2;
    const cosine = xx > 0 && tt > 0 ? Math.max(-1, Math.min(1, dot / Math.sqrt(xx) / Math.sqrt(tt))) : 0;
    return { mse: error / n, overlap: dot / n, cosine, nmseDb: error > 0 && tt > 0 ? 10 * Math.log10(error / tt) : null };
  };
  return { raw: score(1, 0, re), aligned: score(phase[0], phase[1], size), phase };
}
