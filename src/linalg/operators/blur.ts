/** Gaussian blur of a signal or an image: convolution with exp(-r^2/(2 sigma^2)), cut at `reach` and of sum one. */
import { ParameterError } from "../../core/parameters.ts";
import { convolution2d } from "./convolution2d.ts";
import type { StructuredOperator } from "./structure.ts";

export interface Blur {
  readonly height?: number;
  readonly width: number;
  /** Standard deviation in pixels, > 0. */
  readonly sigma: number;
  readonly boundary?: "periodic" | "zero";
  /** Half-width of the kernel; ceil(4 sigma) by default, where the Gaussian is 3e-4 of its top. */
  readonly reach?: number;
}

/** Square, real, `height * width` pixels (a signal has height 1). Throws ParameterError. */
export function blur({ height = 1, width, sigma, boundary = "periodic", reach = Math.ceil(4 * sigma) }: Blur): StructuredOperator {
  if (!(sigma > 0 && sigma <= 1e4)) throw new ParameterError(`blur: sigma must be a number in (0, 1e4] such as 2, got ${sigma}`);
  if (!Number.isInteger(reach) || reach < 0) throw new ParameterError(`blur: reach must be an integer >= 0, got ${reach}`);
  const profile = (size: number): number[] => {
    const r = Math.min(reach, size === 1 ? 0 : reach);
    const g = Array.from({ length: 2 * r + 1 }, (_, i) => Math.exp(-((i - r) ** 2) / (2 * sigma * sigma)));
    const sum = g.reduce((s, x) => s + x, 0);
    return g.map((x) => x / sum);
  };
  const across = profile(width);
  return convolution2d({ height, width, kernel: profile(height).map((down) => across.map((x) => down * x)), boundary });
}
