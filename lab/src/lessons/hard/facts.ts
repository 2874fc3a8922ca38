/** What lesson 7 states. */
import { facts } from "../facts.ts";

const at = (alpha: number) => ({ scenario: "compressed-sensing", params: { rho: 0.2, noise: 1e-4, alpha } }) as const;
const all = { scenario: "compressed-sensing", params: { rho: 0.2, noise: 1e-4 } } as const;

export const hard = facts({
  known: {
    low: {
      value: 0.309276081,
      decimals: 4,
      what: "a second maximum appears, ρ = 0.2, Δ = 10⁻⁴",
      from: { kind: "threshold", ...all, name: "spinodalLow" }
    },
    possible: {
      value: 0.3322346025,
      decimals: 4,
      what: "the two maxima are equally high",
      from: { kind: "threshold", ...all, name: "informationTheoretic" }
    },
    amp: {
      value: 0.3568235811,
      decimals: 4,
      what: "the first maximum disappears",
      from: { kind: "threshold", ...all, name: "algorithmic" }
    },
    bad: {
      value: 0.0526571241,
      decimals: 3,
      what: "error where AMP stops, α = 0.34",
      from: { kind: "prediction", ...at(0.34), branch: "algorithmic", observable: "mse" }
    },
    good: {
      value: 0.0003069504,
      decimals: 5,
      what: "error of the best estimate, α = 0.34",
      from: { kind: "prediction", ...at(0.34), branch: "optimal", observable: "mse" }
    },
    easy: {
      value: 0.0002319171,
      decimals: 5,
      what: "error of AMP, α = 0.36",
      from: { kind: "prediction", ...at(0.36), branch: "algorithmic", observable: "mse" }
    }
  },
  settings: {
    landscape: {
      scenario: "compressed-sensing",
      view: "landscape",
      params: { rho: 0.2, noise: 1e-4, alpha: 0.34 },
      options: { along: "alpha=0.28:0.38:0.01" }
    },
    informed: {
      scenario: "compressed-sensing",
      view: "convergence",
      params: { rho: 0.2, noise: 1e-4, alpha: 0.34, size: 1000, init: "informed", iterations: 60 },
      seed: 1,
      options: { qq: "off" }
    },
    uninformed: {
      scenario: "compressed-sensing",
      view: "convergence",
      params: { rho: 0.2, noise: 1e-4, alpha: 0.34, size: 1000, iterations: 60 },
      seed: 1,
      options: { qq: "off" }
    },
    phase: {
      scenario: "compressed-sensing",
      view: "phase",
      params: { noise: 1e-4, size: 300 },
      seeds: 1,
      options: { x: "rho=0.05:0.6:0.05" }
    }
  },
  exercises: {
    ends: {
      id: "ends",
      title: "Where they end",
      name: "ends",
      letters: ["m", "Φ"],
      start: `function ends(m, phi) {
  // A free entropy on a grid: overlaps m, in rising order, and its heights phi.
  // Return [where AMP ends, where the best estimate is], two overlaps.
  // AMP starts at m[0] and climbs; it never goes down.
  return [m[0], m[0]];
}
`,
      solution: `function ends(m, phi) {
  // uphill from the left until the next point is lower
  let first = 0;
  while (first + 1 < phi.length && phi[first + 1] > phi[first]) first++;
  let best = 0;
  for (let k = 1; k < phi.length; k++) if (phi[k] > phi[best]) best = k;
  return [m[first], m[best]];
}
`,
      hints: [
        "Two different questions are asked of one curve: where does a climber from the left stop, and where is the curve highest?",
        "AMP: go from m[0] to the right as long as the next height is larger. If it is not larger at once, AMP stays at m[0], as in phase retrieval below weak recovery.",
        "Best: the position of the largest height. The phase is hard exactly where the two overlaps differ and the best one is to the right."
      ],
      inputs: [
        [
          [0, 0.2, 0.4, 0.6, 0.8, 1],
          [-0.3, -0.2, -0.15, -0.17, -0.16, -0.12]
        ],
        [
          [0, 0.2, 0.4, 0.6, 0.8, 1],
          [-0.3, -0.2, -0.11, -0.17, -0.16, -0.12]
        ],
        [
          [0, 0.25, 0.5, 0.75, 1],
          [-1, -0.8, -0.6, -0.4, -0.5]
        ],
        [
          [0, 0.25, 0.5, 0.75, 1],
          [-0.5, -0.6, -0.7, -0.6, -0.4]
        ],
        [
          [0, 0.5, 1],
          [-0.3, -0.4, -0.5]
        ],
        [
          [0.1, 0.3, 0.5, 0.7, 0.9],
          [-0.9, -0.5, -0.8, -0.4, -0.6]
        ],
        [[0.3], [-0.2]],
        [
          [0, 0.5, 1],
          [-2, -1, 0]
        ],
        [
          [0, 0.1, 0.2, 0.3],
          [0, 1e-12, -1, 1e-13]
        ]
      ],
      async reference() {
        return (overlaps, heights) => {
          const [m, phi] = [overlaps as readonly number[], heights as readonly number[]];
          const stop = phi.findIndex((f, k) => k + 1 === phi.length || phi[k + 1] <= f);
          return [m[stop], m[phi.indexOf(Math.max(...phi))]];
        };
      },
      tolerance: 1e-12
    }
  },
  works: [
    {
      cite: "L. Zdeborová, F. Krzakala, Adv. Phys. 65, 453 (2016)",
      url: "https://doi.org/10.1080/00018732.2016.1211393",
      read: "inference problems as phases of matter: impossible, hard, easy"
    },
    {
      cite: "F. Krzakala, M. Mézard, F. Sausset, Y. Sun, L. Zdeborová, Phys. Rev. X 2, 021005 (2012)",
      url: "https://doi.org/10.1103/PhysRevX.2.021005",
      read: "the landscape of compressed sensing, and a matrix that nucleates its crystal"
    },
    {
      cite: "D. Gamarnik, C. Moore, L. Zdeborová, J. Stat. Mech. 114015 (2022)",
      url: "https://doi.org/10.1088/1742-5468/ac9cc8",
      read: "which evidence there is that hard phases are hard for every algorithm"
    }
  ]
});
