/** What lesson 3 states. */
import { make } from "../../../../src/core/parameters.ts";
import { facts } from "../facts.ts";

const sparse = { scenario: "scalar-denoising", params: { prior: "gauss-bernoulli:rho=0.2", noise: 0.1 } } as const;
const linear = {
  scenario: "scalar-denoising",
  params: { prior: "gauss-bernoulli:rho=0.2", studentPrior: "gaussian:variance=0.2", noise: 0.1 }
} as const;
const prediction = { kind: "prediction", branch: "algorithmic", observable: "mse" } as const;

export const denoiser = facts({
  known: {
    bayes: { value: 0.0352771815, decimals: 4, what: "mmse, ρ = 0.2, Σ = 0.1", from: { ...prediction, ...sparse } },
    linear: { value: 0.0666666667, decimals: 4, what: "mse of the best linear estimate there", from: { ...prediction, ...linear } },
    ternary: {
      value: 0.0420125164,
      decimals: 3,
      what: "mmse of −1, 0, 1 with ρ = 0.2 at Σ = 0.1",
      from: { ...prediction, scenario: "scalar-denoising", params: { prior: "discrete:values=-1/0/1,weights=0.1/0.8/0.1", noise: 0.1 } }
    },
    ternaryClear: {
      value: 0.0100616152,
      decimals: 3,
      what: "the same at Σ = 0.05",
      from: { ...prediction, scenario: "scalar-denoising", params: { prior: "discrete:values=-1/0/1,weights=0.1/0.8/0.1", noise: 0.05 } }
    }
  },
  settings: {
    linear: {
      scenario: "scalar-denoising",
      view: "curve",
      params: { prior: "gauss-bernoulli:rho=0.2", studentPrior: "gaussian:variance=0.2", size: 2000 },
      seeds: 2,
      options: { along: "noise=log:0.001:10:13", against: "parameter", observable: "mse" }
    }
  },
  exercises: {
    ternary: {
      id: "ternary",
      title: "A signal of three values",
      name: "f_a",
      letters: ["R", "Σ", "ρ"],
      start: `function f_a(R, Sigma, rho) {
  // x = 0 with probability 1 - rho, and -1 or 1 with probability rho/2 each.
  // One sees R = x + sqrt(Sigma) * noise. Return the posterior mean of x.
  return (rho * R) / (rho + Sigma); // the best straight line
}
`,
      solution: `function f_a(R, Sigma, rho) {
  // weights of -1, 0, 1 over their largest exponent, so that nothing overflows
  const exponents = [
    Math.log(rho / 2) - (2 * R + 1) / (2 * Sigma),
    Math.log(1 - rho),
    Math.log(rho / 2) + (2 * R - 1) / (2 * Sigma)
  ];
  const most = Math.max(...exponents);
  const [down, zero, up] = exponents.map((e) => Math.exp(e - most));
  return (up - down) / (down + zero + up);
}
`,
      hints: [
        "The posterior mean is the sum over the three values of x times P(x | R), and P(x | R) is in proportion to P(x) exp(−(R − x)²/2Σ).",
        "R² is common to all three exponents and cancels: what remains of the exponent is (2 R x − x²)/2Σ.",
        "For small Σ the exponentials overflow. Subtract the largest exponent from all three before you take exp: the ratio does not change."
      ],
      inputs: [
        [0, 0.1, 0.2],
        [0.5, 0.1, 0.2],
        [-0.5, 0.1, 0.2],
        [0.7, 0.1, 0.2],
        [1, 0.1, 0.2],
        [-1.2, 0.3, 0.2],
        [0.4, 1, 0.5],
        [2, 5, 0.9],
        [0.2, 0.05, 0.01],
        [1, 1e-4, 0.2],
        [-1, 1e-4, 0.2],
        [0.5, 1e-5, 0.6],
        [30, 0.01, 0.2],
        [0.3, 1e6, 0.2]
      ],
      async reference() {
        const { discrete } = await import("../../../../src/priors/discrete.ts");
        return (R, Sigma, rho) => {
          const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
          const r = 1 / (Sigma as number);
          const half = (rho as number) / 2;
          const prior = make(discrete, { values: [-1, 0, 1], weights: [half, 1 - 2 * half, half] });
          prior.posterior(new Float64Array([r]), new Float64Array([r * (R as number)]), mean, variance);
          return mean[0];
        };
      },
      tolerance: 1e-8
    }
  },
  works: [
    {
      cite: "D. Guo, S. Shamai, S. Verdú, IEEE Trans. Inf. Theory 51, 1261 (2005)",
      url: "https://doi.org/10.1109/TIT.2005.844072",
      read: "the error is the derivative of the information"
    },
    {
      cite: "D. Guo, Y. Wu, S. Shamai, S. Verdú, IEEE Trans. Inf. Theory 57, 2371 (2011)",
      url: "https://arxiv.org/abs/1004.3332",
      read: "the mmse as a function of the noise"
    },
    {
      cite: "L. Zdeborová, F. Krzakala, Adv. Phys. 65, 453 (2016)",
      url: "https://arxiv.org/abs/1511.02476",
      read: "scalar denoising as what every dense inference problem becomes"
    }
  ]
});
