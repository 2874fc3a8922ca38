/**
 * A uniform mid-rise quantiser of `bits` bits: y is the centre of the cell of z + sqrt(noise) xi, cells of length `step`
 * symmetric about 0, the two outermost reaching to infinity. P(y|omega, V) is the Gaussian mass of the cell. One bit is the sign.
 */
import { defineFamily } from "../core/parameters.ts";
import type { Channel, Segment } from "../core/types.ts";
import { piecewiseLinearChannel } from "./piecewiseLinear.ts";

/** The cells as flat segments; centres are half-integers times step. */
function cells(bits: number, step: number): Segment[] {
  const levels = 2 ** bits;
  return Array.from({ length: levels }, (_, k) => ({
    from: k === 0 ? -Infinity : (k - levels / 2) * step,
    to: k === levels - 1 ? Infinity : (k + 1 - levels / 2) * step,
    slope: 0,
    offset: (k + 0.5 - levels / 2) * step
  }));
}

export const quantized = defineFamily<Channel>()({
  id: "quantized",
  about: "y = centre of the cell of z + sqrt(noise) xi, 2^bits cells of length step, the outer two unbounded",
  params: {
    bits: { kind: "integer", default: 2, min: 1, max: 8, symbol: "b", about: "bits a label" },
    step: { kind: "real", default: 1, min: 0.001, max: 100, scale: "log", symbol: "s", about: "length of a cell" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "variance of the noise added before the quantiser" }
  },
  build: ({ bits, step, noise }) =>
    piecewiseLinearChannel({ id: "quantized", segments: cells(bits, step), even: false, noiseBefore: noise })
});
