/** x with density (rate/2) exp(-rate |x|), estimated by its posterior mean (the Bayesian relative of L1). */
import { defineFamily } from "../core/parameters.ts";
import type { Prior, Rng, Vec } from "../core/types.ts";
import { exactLog } from "../numerics/random/exact.ts";
import { sharpEdges } from "./sharpEdges.ts";

/** Density (rate/2) exp(-rate |x|) by inversion. */
export function sampleLaplace(rate: number, rng: Rng, x: Vec): void {
  for (let i = 0; i < x.length; i++) {
    const size = -exactLog(1 - rng.uniform()) / rate;
    x[i] = rng.uniform() < 0.5 ? -size : size;
  }
}

/** The two halves of the density. */
export function laplacePieces(rate: number) {
  return sharpEdges([
    { from: -Infinity, to: 0, curvature: 0, tilt: rate, weight: 0.5 },
    { from: 0, to: Infinity, curvature: 0, tilt: -rate, weight: 0.5 }
  ]);
}

export const laplace = defineFamily<Prior>()({
  id: "laplace",
  about: "density (rate/2) exp(-rate |x|), posterior mean",
  params: { rate: { kind: "real", default: 1, min: 1e-3, max: 1e3, scale: "log", symbol: "λ", about: "rate; E|x| = 1/rate" } },
  references: [
    {
      key: "park2008",
      cite: "Park, Casella, The Bayesian Lasso, J. Am. Stat. Assoc. 103, 681 (2008)",
      url: "https://doi.org/10.1198/016214508000000337",
      used: "the double-exponential prior"
    }
  ],
  build: ({ rate }) => ({ ...laplacePieces(rate), sample: (rng, x) => sampleLaplace(rate, rng, x) })
});
