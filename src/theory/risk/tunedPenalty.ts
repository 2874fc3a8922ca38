/** The penalty of least error: a scan in ln lambda to find the basin (at small penalties errors are often flat), then Brent's minimum. */
import { brentMinimum } from "../../numerics/roots.ts";

export interface TunedPenalty {
  readonly lambda: number;
  readonly error: number;
  /** The least error is at an end of [least, most]: the optimum lies beyond it, or the error is flat there. */
  readonly atEnd: boolean;
}

export interface PenaltySearch {
  /** Ends of the range, both positive. */
  readonly least: number;
  readonly most: number;
  /** Points of the scan. Default 16. */
  readonly steps?: number;
  /** A cheaper errorAt, good enough to find the basin; errorAt itself by default. */
  readonly roughly?: (lambda: number) => number;
}

/** `errorAt(lambda)` finite. */
export function tunedPenalty(
  errorAt: (lambda: number) => number,
  { least, most, steps = 16, roughly = errorAt }: PenaltySearch
): TunedPenalty {
  const [low, high] = [Math.log(least), Math.log(most)];
  const width = (high - low) / (steps - 1);
  let best = 0;
  let lowest = Number.POSITIVE_INFINITY;
  // downwards: solvers that start from their last solution come to small penalties, the hard ones, step by step
  for (let k = steps - 1; k >= 0; k--) {
    const error = roughly(Math.exp(low + k * width));
    if (error < lowest * (1 - 1e-10)) {
      lowest = error;
      best = k;
    }
  }
  const centre = low + best * width;
  if (roughly !== errorAt) lowest = errorAt(Math.exp(centre));
  const { x, value } = brentMinimum((s) => errorAt(Math.exp(s)), Math.max(low, centre - width), Math.min(high, centre + width), {
    tolerance: 2e-6
  });
  const [lambda, error] = value <= lowest ? [Math.exp(x), value] : [Math.exp(centre), lowest];
  return { lambda, error, atEnd: lambda < least * 1.01 || lambda > most / 1.01 };
}
