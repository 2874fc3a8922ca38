/** What lesson 2 states. */
import { make } from "../../../../src/core/parameters.ts";
import { facts } from "../facts.ts";

const matched = { scenario: "scalar-denoising", params: { prior: "binary", noise: 1 } } as const;
const sure = { scenario: "scalar-denoising", params: { prior: "binary", noise: 1, noiseRatio: 0.25 } } as const;
const modest = { scenario: "scalar-denoising", params: { prior: "binary", noise: 1, noiseRatio: 2 } } as const;
const prediction = { kind: "prediction", branch: "algorithmic" } as const;

export const nishimori = facts({
  known: {
    mmse: {
      value: 0.4495995092,
      decimals: 3,
      what: "mmse of ±1 in noise of variance 1",
      from: { ...prediction, ...matched, observable: "mse" }
    },
    overlap: { value: 0.5504004908, decimals: 3, what: "m = q there", from: { ...prediction, ...matched, observable: "overlap" } },
    sureM: {
      value: 0.670678032,
      decimals: 3,
      what: "m of a student who takes the noise for 1/4",
      from: { ...prediction, ...sure, observable: "overlap" }
    },
    sureQ: { value: 0.8791136343, decimals: 3, what: "q of that student", from: { ...prediction, ...sure, observable: "selfOverlap" } },
    sureMse: { value: 0.5377575703, decimals: 3, what: "mse of that student", from: { ...prediction, ...sure, observable: "mse" } },
    sureV: {
      value: 0.1208863657,
      decimals: 3,
      what: "the variance that student believes in",
      from: { ...prediction, ...sure, observable: "variance" }
    },
    modestM: {
      value: 0.3934693,
      decimals: 3,
      what: "m of a student who takes the noise for 2",
      from: { ...prediction, ...modest, observable: "overlap" }
    },
    modestQ: { value: 0.2882265, decimals: 3, what: "q of that student", from: { ...prediction, ...modest, observable: "selfOverlap" } },
    modestMse: { value: 0.5012878, decimals: 3, what: "mse of that student", from: { ...prediction, ...modest, observable: "mse" } },
    modestV: {
      value: 0.7117735,
      decimals: 3,
      what: "the variance that student believes in",
      from: { ...prediction, ...modest, observable: "variance" }
    },
    sign: {
      value: 0.6346210155,
      decimals: 3,
      what: "mse of sign(y)",
      from: { kind: "formula", text: "4 Φ(−1), Φ(−1) = 0.158655254 the chance of a wrong sign", compute: () => 4 * 0.15865525393 }
    },
    linear: {
      value: 0.5,
      decimals: 1,
      what: "mse of y/2, the best linear estimate",
      from: { kind: "formula", text: "Δ/(1 + Δ) at Δ = 1", compute: () => 1 / 2 }
    }
  },
  settings: {
    ratio: {
      scenario: "scalar-denoising",
      view: "curve",
      params: { prior: "binary", noise: 1, size: 2000 },
      seeds: 2,
      options: { along: "noiseRatio=log:0.1:10:11", against: "parameter", observable: "mse" }
    },
    belief: {
      scenario: "scalar-denoising",
      view: "curve",
      params: { prior: "binary", noise: 1, size: 2000 },
      seeds: 2,
      options: { along: "noiseRatio=log:0.1:10:11", against: "parameter", observable: "variance" }
    }
  },
  exercises: {
    posterior: {
      id: "posterior-mean",
      title: "The posterior mean of a coin",
      name: "f_a",
      letters: ["y", "Δ", "p"],
      start: `function f_a(y, Delta, p) {
  // x = +1 with probability p, else -1. One sees y = x + sqrt(Delta) * noise.
  // Return the posterior mean of x.
  return Math.sign(y);
}
`,
      solution: `function f_a(y, Delta, p) {
  // half the log-odds: of the prior, and of the observation
  return Math.tanh(0.5 * Math.log(p / (1 - p)) + y / Delta);
}
`,
      hints: [
        "Bayes: P(x | y) is in proportion to P(x) exp(−(y − x)²/2Δ). There are only two values of x.",
        "In exp(−(y − x)²/2Δ) only exp(x y/Δ) depends on the sign of x; the rest cancels in the ratio.",
        "The mean is (A − B)/(A + B) with A = p exp(y/Δ), B = (1 − p) exp(−y/Δ). Both overflow for small Δ: divide, and find a hyperbolic tangent."
      ],
      inputs: [
        [1, 1, 0.5],
        [-1, 1, 0.5],
        [0, 1, 0.5],
        [0.3, 0.5, 0.5],
        [0, 1, 0.9],
        [0.5, 2, 0.2],
        [-2, 0.7, 0.8],
        [3, 10, 0.5],
        [1, 1e-4, 0.5],
        [-1, 1e-4, 0.5],
        [0.001, 1e-6, 0.01],
        [5, 1e6, 0.3]
      ],
      async reference() {
        const { discrete } = await import("../../../../src/priors/discrete.ts");
        return (y, Delta, p) => {
          const [mean, variance] = [new Float64Array(1), new Float64Array(1)];
          const r = 1 / (Delta as number);
          const prior = make(discrete, { values: [-1, 1], weights: [1 - (p as number), p as number] });
          prior.posterior(new Float64Array([r]), new Float64Array([r * (y as number)]), mean, variance);
          return mean[0];
        };
      },
      tolerance: 1e-9
    }
  },
  works: [
    {
      cite: "H. Nishimori, Prog. Theor. Phys. 66, 1169 (1981)",
      url: "https://doi.org/10.1143/PTP.66.1169",
      read: "the line, found in spin glasses"
    },
    {
      cite: "Y. Iba, J. Phys. A 32, 3875 (1999)",
      url: "https://arxiv.org/abs/cond-mat/9809190",
      read: "the line is Bayes inference with the right prior"
    },
    {
      cite: "L. Zdeborová, F. Krzakala, Adv. Phys. 65, 453 (2016)",
      url: "https://arxiv.org/abs/1511.02476",
      read: "section I: Bayes-optimal inference and the Nishimori conditions"
    }
  ]
});
