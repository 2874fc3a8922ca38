/** x from a finite mixture of Gaussians; a component of variance 0 is a point mass. */
import { defineFamily, ParameterError } from "../core/parameters.ts";
import type { Prior } from "../core/types.ts";
import { finiteMixture } from "./finiteMixture.ts";

export const gaussianMixture = defineFamily<Prior>()({
  id: "gaussian-mixture",
  about: "x ~ sum of weight_c N(mean_c, variance_c); variance 0 is a point mass",
  params: {
    weights: { kind: "list", default: [0.5, 0.5], min: 1e-6, max: 1e6, symbol: "w", about: "relative weights" },
    means: { kind: "list", default: [-1, 1], min: -100, max: 100, symbol: "μ", about: "means" },
    variances: { kind: "list", default: [0.1, 0.1], min: 0, max: 1000, symbol: "σ²", about: "variances" }
  },
  references: [
    {
      key: "vila2013",
      cite: "Vila, Schniter, Expectation-maximization Gaussian-mixture approximate message passing, IEEE Trans. Signal Process. 61, 4658 (2013)",
      url: "https://arxiv.org/abs/1207.3107",
      used: "the prior and its posterior moments, eqs. 5, 19-25"
    }
  ],
  build({ weights, means, variances }) {
    if (weights.length !== means.length || weights.length !== variances.length)
      throw new ParameterError(
        `gaussian-mixture: weights, means and variances must be equally many, such as weights=1/1,means=-1/1,variances=0.1/0.1, got ${weights.length}, ${means.length}, ${variances.length}`
      );
    for (let i = 0; i < means.length; i++)
      for (let j = 0; j < i; j++)
        if (means[i] === means[j] && variances[i] === variances[j])
          throw new ParameterError(
            `gaussian-mixture: components must differ; ${j + 1} and ${i + 1} both have mean ${means[i]} and variance ${variances[i]}: add their weights`
          );
    return finiteMixture(weights.map((weight, i) => ({ weight, mean: means[i], variance: variances[i] })));
  }
});
