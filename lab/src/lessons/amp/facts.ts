/** What lesson 4 states. */
import { make } from "../../../../src/core/parameters.ts";
import { facts } from "../facts.ts";

const noiseless = { scenario: "compressed-sensing", params: { rho: 0.2 } } as const;
const half = { scenario: "compressed-sensing", params: { rho: 0.2, noise: 1e-4, alpha: 0.5 } } as const;

export const amp = facts({
  known: {
    amp: {
      value: 0.355410828,
      decimals: 4,
      what: "AMP threshold, ρ = 0.2, no noise",
      from: { kind: "threshold", ...noiseless, name: "algorithmic" }
    },
    l1: {
      value: 0.5111296104,
      decimals: 4,
      what: "L1 threshold, ρ = 0.2, no noise",
      from: { kind: "threshold", ...noiseless, name: "l1" }
    },
    possible: {
      value: 0.2,
      decimals: 1,
      what: "possible at all, ρ = 0.2, no noise",
      from: { kind: "threshold", ...noiseless, name: "informationTheoretic" }
    },
    first: {
      value: 0.10582,
      decimals: 3,
      what: "mse after 1 iteration, α = 0.5, Δ = 10⁻⁴",
      from: { kind: "trajectory", ...half, observable: "mse", t: 1 }
    },
    ten: {
      value: 0.0033242,
      decimals: 4,
      what: "mse after 10 iterations",
      from: { kind: "trajectory", ...half, observable: "mse", t: 10 }
    },
    lingers: {
      value: 0.025584233,
      decimals: 2,
      what: "the fixed point that holds AMP until just below its threshold, α = 0.3568",
      from: {
        kind: "prediction",
        scenario: "compressed-sensing",
        params: { ...half.params, alpha: 0.3568 },
        branch: "algorithmic",
        observable: "mse"
      }
    },
    end: {
      value: 0.0000905157587,
      decimals: 6,
      what: "mse at the fixed point",
      from: { kind: "prediction", ...half, branch: "algorithmic", observable: "mse" }
    }
  },
  settings: {
    alpha: {
      scenario: "compressed-sensing",
      view: "curve",
      params: { rho: 0.2, size: 1000 },
      seed: 11,
      seeds: 2,
      options: { along: "alpha=0.1:0.7:0.06", observable: "mse" }
    },
    convergence: { scenario: "compressed-sensing", view: "convergence", params: { rho: 0.2, noise: 1e-4, alpha: 0.5, size: 2000 }, seed: 1 }
  },
  exercises: {
    denoiser: {
      id: "denoiser",
      title: "The denoiser of a sparse signal",
      name: "f_a",
      letters: ["R", "Σ", "ρ"],
      start: `function f_a(R, Sigma, rho) {
  // x = 0 with probability 1 - rho, else x ~ N(0, 1).
  // One sees R = x + sqrt(Sigma) * noise.
  // Return the posterior mean of x.
  return R;
}
`,
      solution: `function f_a(R, Sigma, rho) {
  // given that x is not zero: x and R are Gaussian together
  const mean = R / (1 + Sigma);
  // odds of "zero" against "not zero": N(R; 0, Sigma) against N(R; 0, 1 + Sigma)
  const odds = ((1 - rho) / rho) * Math.sqrt((1 + Sigma) / Sigma)
    * Math.exp(-R * R / (2 * Sigma * (1 + Sigma)));
  return mean / (1 + odds);
}
`,
      hints: [
        "There are two explanations of R: x = 0, or x drawn from N(0, 1). The posterior mean is P(x ≠ 0 | R) times the mean of x given that it is not zero.",
        "Given x ≠ 0, R is Gaussian with variance 1 + Σ, and the mean of x is R/(1 + Σ). Given x = 0, R is Gaussian with variance Σ.",
        "Write P(x ≠ 0 | R) as 1/(1 + odds) with odds = (1 − ρ) N(R; 0, Σ) / (ρ N(R; 0, 1 + Σ)), and merge the two exponentials into one: each of them alone can be 0 on the computer, and 0/0 is not a number."
      ],
      inputs: [
        [1, 0.1, 0.2],
        [0, 0.1, 0.2],
        [-1, 0.1, 0.2],
        [0.3, 0.1, 0.2],
        [2.5, 0.1, 0.2],
        [1, 1, 0.2],
        [-0.4, 0.02, 0.2],
        [0.5, 0.5, 0.5],
        [3, 2, 0.05],
        [0.01, 0.001, 0.2],
        [1, 1e-8, 0.2],
        [40, 0.01, 0.2],
        [-40, 0.01, 0.2],
        [0.5, 1e6, 0.2],
        [1e-5, 1e-10, 0.9]
      ],
      async reference() {
        const { gaussBernoulli } = await import("../../../../src/priors/gaussBernoulli.ts");
        return (R, Sigma, rho) => {
          const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
          const r = 1 / (Sigma as number);
          make(gaussBernoulli, { rho }).posterior(new Float64Array([r]), new Float64Array([r * (R as number)]), mean, variance);
          return mean[0];
        };
      },
      tolerance: 1e-8
    }
  },
  works: [
    {
      cite: "D. L. Donoho, A. Maleki, A. Montanari, PNAS 106, 18914 (2009)",
      url: "https://doi.org/10.1073/pnas.0909892106",
      read: "AMP with soft thresholding, and state evolution"
    },
    {
      cite: "M. Bayati, A. Montanari, IEEE Trans. Inf. Theory 57, 764 (2011)",
      url: "https://arxiv.org/abs/1001.3448",
      read: "the proof of state evolution"
    },
    {
      cite: "F. Krzakala, M. Mézard, F. Sausset, Y. Sun, L. Zdeborová, J. Stat. Mech. P08009 (2012)",
      url: "https://arxiv.org/abs/1206.3953",
      read: "the Bayes-optimal denoiser and the phase diagram of this lesson"
    }
  ]
});
