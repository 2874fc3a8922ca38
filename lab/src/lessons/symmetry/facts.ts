/** What lesson 8 states. */
import { facts } from "../facts.ts";

const real = { scenario: "phase-retrieval" } as const;
const complex = { scenario: "phase-retrieval", params: { field: "complex" } } as const;

export const symmetry = facts({
  known: {
    weak: {
      value: 0.5,
      decimals: 1,
      what: "weak recovery, real phase retrieval",
      from: { kind: "threshold", ...real, name: "weakRecovery" }
    },
    possible: {
      value: 1,
      decimals: 0,
      what: "exact recovery is possible from here",
      from: { kind: "threshold", ...real, name: "informationTheoretic" }
    },
    amp: {
      value: 1.1284714067,
      decimals: 4,
      what: "AMP recovers exactly from here",
      from: { kind: "threshold", ...real, name: "algorithmic" }
    },
    weakComplex: {
      value: 1,
      decimals: 0,
      what: "weak recovery, complex",
      from: { kind: "threshold", ...complex, name: "weakRecovery" }
    },
    possibleComplex: {
      value: 2,
      decimals: 0,
      what: "exact recovery is possible, complex",
      from: { kind: "threshold", ...complex, name: "informationTheoretic" }
    },
    ampComplex: {
      value: 2.026705297,
      decimals: 4,
      what: "AMP recovers exactly, complex",
      from: { kind: "threshold", ...complex, name: "algorithmic" }
    },
    middle: {
      value: 0.1676154623,
      decimals: 3,
      what: "best overlap, real, α = 0.75",
      from: { kind: "prediction", ...real, params: { alpha: 0.75 }, branch: "optimal", observable: "overlap" }
    }
  },
  settings: {
    spectral: {
      scenario: "phase-retrieval",
      view: "convergence",
      params: { alpha: 1.5, size: 500, iterations: 60 },
      seed: 1,
      options: { observable: "overlap", logy: "off", qq: "off" }
    },
    curve: {
      scenario: "phase-retrieval",
      view: "curve",
      params: { size: 800 },
      seeds: 2,
      options: { along: "alpha=0.2:1.6:0.2", observable: "overlap" }
    },
    landscape: { scenario: "phase-retrieval", view: "landscape", params: { alpha: 0.75 }, options: { along: "alpha=0.2:1.4:0.1" } }
  },
  exercises: {
    aligned: {
      id: "aligned",
      title: "An error that knows the symmetry",
      name: "alignedError",
      letters: ["x̂", "x"],
      start: `function alignedError(xhat, x) {
  // Mean squared error per component, modulo the global sign.
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (xhat[i] - x[i]) ** 2;
  return sum / x.length;
}
`,
      solution: `function alignedError(xhat, x) {
  let same = 0, turned = 0;
  for (let i = 0; i < x.length; i++) {
    same += (xhat[i] - x[i]) ** 2;
    turned += (xhat[i] + x[i]) ** 2;
  }
  return Math.min(same, turned) / x.length;
}
`,
      hints: [
        "x and −x give the same data. An estimate is as good as the better of its two readings.",
        "Compute the error of x̂ against x and against −x.",
        "Return the smaller of the two sums, divided by the number of components."
      ],
      inputs: [
        [
          [1, 2],
          [1, 2]
        ],
        [
          [-1, -2],
          [1, 2]
        ],
        [
          [0, 0],
          [1, -1]
        ],
        [
          [0.5, -1.5, 0.2],
          [-0.4, 1.6, 0]
        ],
        [
          [1, -1, 1, -1],
          [1, 1, -1, -1]
        ],
        [[3], [-2]],
        [
          [0, 0, 0],
          [0, 0, 0]
        ],
        [
          [1e-9, -1e-9],
          [-1e-9, 1e-9]
        ]
      ],
      async reference() {
        // |x̂|² + |x|² − 2 |x̂·x|, the form that holds for any symmetry group when |·| is the best overlap over it
        return (a, b) => {
          const [u, v] = [a as readonly number[], b as readonly number[]];
          const dot = (p: readonly number[], q: readonly number[]) => p.reduce((s, x, i) => s + x * q[i], 0);
          return (dot(u, u) + dot(v, v) - 2 * Math.abs(dot(u, v))) / u.length;
        };
      },
      tolerance: 1e-9
    }
  },
  works: [
    {
      cite: "M. Mondelli, A. Montanari, Found. Comput. Math. 19, 703 (2019)",
      url: "https://arxiv.org/abs/1708.05932",
      read: "weak recovery, and the spectral method that reaches it"
    },
    {
      cite: "A. Maillard, B. Loureiro, F. Krzakala, L. Zdeborová, NeurIPS 33, 11071 (2020)",
      url: "https://arxiv.org/abs/2006.05228",
      read: "the thresholds of real and complex phase retrieval"
    },
    {
      cite: "J. R. Fienup, Appl. Opt. 21, 2758 (1982)",
      url: "https://doi.org/10.1364/AO.21.002758",
      read: "where the problem comes from: telescopes, X-rays, and intensities without phases"
    }
  ]
});
