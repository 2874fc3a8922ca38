/** The elastic net rate |x| + ridge x^2/2 at zero temperature (Zou and Hastie 2005): soft threshold, then shrinkage. ridge = 0 is l1. */
import { defineFamily, ParameterError } from "../core/parameters.ts";
import type { Prior, Rng, Vec } from "../core/types.ts";
import { exactLog } from "../numerics/random/exact.ts";
import { sampleLaplace } from "./laplace.ts";
import { sharpEdges } from "./sharpEdges.ts";
import { LEAST_PRECISION } from "./truncatedMoments.ts";

/** The estimator alone: argmin_x (a + ridge) x^2/2 - b x + rate |x| and minus its value, for any rate and ridge >= 0. */
export function elasticNetEstimate(rate: number, ridge: number): Pick<Prior, "logPartition" | "posterior"> {
  return {
    logPartition(a, b, out) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        const over = Math.max(Math.abs(b[i]) - rate, 0);
        out[i] = over > 0 ? (0.5 * over * over) / Math.max(a[i * step] + ridge, LEAST_PRECISION) : 0;
      }
    },
    posterior(a, b, mean, variance) {
      const step = a.length === 1 ? 0 : 1;
      for (let i = 0; i < b.length; i++) {
        const over = Math.abs(b[i]) - rate;
        const width = over > 0 || rate === 0 ? 1 / Math.max(a[i * step] + ridge, LEAST_PRECISION) : 0;
        mean[i] = over > 0 ? Math.sign(b[i]) * over * width : 0;
        variance[i] = width;
      }
    }
  };
}

export const elasticNet = defineFamily<Prior>()({
  id: "elastic-net",
  about: "maximum a posteriori under a density proportional to exp(-rate |x| - ridge x^2/2)",
  params: {
    rate: { kind: "real", default: 1, min: 0, max: 1e3, symbol: "λ₁", about: "weight of |x|" },
    ridge: { kind: "real", default: 1, min: 0, max: 1e6, symbol: "λ₂", about: "weight of x²/2" }
  },
  references: [
    {
      key: "zou2005",
      cite: "Zou, Hastie, Regularization and variable selection via the elastic net, J. R. Stat. Soc. B 67, 301 (2005)",
      url: "https://doi.org/10.1111/j.1467-9868.2005.00503.x",
      used: "the penalty, eq. 3 (naive elastic net)"
    }
  ],
  build({ rate, ridge }) {
    if (rate < LEAST && ridge < LEAST * LEAST)
      throw new ParameterError(
        `elastic-net: rate must be >= ${LEAST} or ridge >= ${LEAST * LEAST}, for the density to have a norm, got rate ${rate} and ridge ${ridge}`
      );
    return {
      ...sharpEdges([
        { from: Number.NEGATIVE_INFINITY, to: 0, curvature: ridge, tilt: rate, weight: 0.5 },
        { from: 0, to: Number.POSITIVE_INFINITY, curvature: ridge, tilt: -rate, weight: 0.5 }
      ]),
      ...elasticNetEstimate(rate, ridge),
      rule: "map",
      sample: (rng, x) => draw(rate, ridge, rng, x),
      breaks: () => (rate === 0 ? [] : [[-rate], [rate]])
    };
  }
});

/** A scale of 1000 is as wide as the box of priors goes. */
const LEAST = 1e-3;

/** By rejection: from the Gaussian where ridge decides the width, else from the exponential; more than half the proposals stay. */
function draw(rate: number, ridge: number, rng: Rng, x: Vec): void {
  if (ridge === 0) {
    sampleLaplace(rate, rng, x);
    return;
  }
  const width = 1 / Math.sqrt(ridge);
  for (let i = 0; i < x.length; i++)
    for (;;) {
      let refusal: number;
      if (rate * width < 1) {
        x[i] = width * rng.normal();
        refusal = rate * Math.abs(x[i]);
      } else {
        const size = -exactLog(1 - rng.uniform()) / rate;
        x[i] = rng.uniform() < 0.5 ? -size : size;
        refusal = 0.5 * ridge * size * size;
      }
      if (-exactLog(1 - rng.uniform()) >= refusal) break;
    }
}
