/** What lesson 5 states. */
import { amp } from "../amp/facts.ts";
import { facts } from "../facts.ts";

const on = { scenario: "compressed-sensing", params: { rho: 0.2, noise: 1e-4, alpha: 0.5, size: 2000, iterations: 100 } } as const;
const off = { scenario: on.scenario, params: { ...on.params, onsager: "off" } } as const;

export const onsager = facts({
  known: {
    first: {
      value: 0.101,
      decimals: 3,
      what: "mse after 1 iteration, with or without the term",
      from: { kind: "frame", ...on, observable: "mse", seed: 1, t: 1 }
    },
    second: {
      value: 0.0619,
      decimals: 3,
      what: "mse after 2 iterations with the term",
      from: { kind: "frame", ...on, observable: "mse", seed: 1, t: 2 }
    },
    secondOff: {
      value: 0.139,
      decimals: 3,
      what: "mse after 2 iterations without it",
      from: { kind: "frame", ...off, observable: "mse", seed: 1, t: 2 }
    },
    fifth: {
      value: 0.0208,
      decimals: 3,
      what: "mse after 5 iterations with the term",
      from: { kind: "frame", ...on, observable: "mse", seed: 1, t: 5 }
    },
    fifthOff: {
      value: 14.5,
      decimals: 0,
      what: "mse after 5 iterations without it",
      from: { kind: "frame", ...off, observable: "mse", seed: 1, t: 5 }
    },
    share: {
      value: 0.529,
      decimals: 2,
      what: "weight of the last residual in the second iteration",
      from: {
        kind: "formula",
        text: "E¹/(Δ + E⁰), E⁰ = ρ = 0.2, E¹ the first step of lesson 4",
        compute: () => amp.known.first.value / (1e-4 + 0.2)
      }
    }
  },
  settings: {
    off: { ...off, view: "convergence", seed: 1, options: { compare: "onsager" } },
    on: { ...on, view: "convergence", seed: 1 }
  },
  exercises: {
    residual: {
      id: "residual",
      title: "The residual with a memory",
      name: "residual",
      letters: ["y", "Wa", "last", "slope", "α"],
      start: `function residual(y, Wa, last, slope, alpha) {
  // y: the measurements; Wa: the matrix times the estimate; last: the residual before;
  // slope: the mean slope of the denoiser in the last step; alpha = n/p.
  // Return the new residual: an array, as long as y.
  return y.map((value, mu) => value - Wa[mu]);
}
`,
      solution: `function residual(y, Wa, last, slope, alpha) {
  const memory = slope / alpha;
  return y.map((value, mu) => value - Wa[mu] + memory * last[mu]);
}
`,
      hints: [
        "The code to start from is the naive iteration. One term is missing: a multiple of the last residual.",
        "The multiple is the slope of the denoiser divided by α, and the sign is plus: the naive residual has subtracted too much."
      ],
      inputs: [
        [[1, -0.5, 0.2], [0.3, 0.1, 0], [0.4, -0.2, 0.7], 0.25, 0.5],
        [[1, -0.5, 0.2], [0.3, 0.1, 0], [0.4, -0.2, 0.7], 0.25, 2],
        [[2, 0], [1, 1], [1, -1], 0.9, 0.5],
        [[1], [1], [5], 0, 0.3],
        [[1, 2, 3, 4], [0, 0, 0, 0], [1, 1, 1, 1], 1, 1]
      ],
      async reference() {
        const { ampResidual } = await import("../ownAmp.ts");
        return (y, Wa, last, slope, alpha) =>
          ampResidual(y as readonly number[], Wa as readonly number[], last as readonly number[], slope as number, alpha as number);
      },
      tolerance: 1e-12
    }
  },
  works: [
    {
      cite: "D. J. Thouless, P. W. Anderson, R. G. Palmer, Philos. Mag. 35, 593 (1977)",
      url: "https://doi.org/10.1080/14786437708235992",
      read: "the reaction term in spin glasses, after Onsager's reaction field"
    },
    {
      cite: "D. L. Donoho, A. Maleki, A. Montanari, PNAS 106, 18914 (2009)",
      url: "https://doi.org/10.1073/pnas.0909892106",
      read: "iterative thresholding with and without the term"
    },
    {
      cite: "E. Bolthausen, Commun. Math. Phys. 325, 333 (2014)",
      url: "https://doi.org/10.1007/s00220-013-1862-3",
      read: "why conditioning on what has been seen leaves exactly this term"
    }
  ]
});
