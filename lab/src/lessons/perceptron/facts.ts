/** What lesson 6 states. */
import { facts } from "../facts.ts";

const gaussian = (alpha: number) => ({ scenario: "perceptron", params: { prior: "gaussian", alpha } }) as const;
const binary = (alpha: number) => ({ scenario: "perceptron", params: { prior: "binary", alpha } }) as const;
const transition = { scenario: "perceptron", params: { prior: "binary" } } as const;

export const perceptron = facts({
  known: {
    three: {
      value: 0.129854826,
      decimals: 3,
      what: "Bayes-optimal error, Gaussian weights, α = 3",
      from: { kind: "prediction", ...gaussian(3), branch: "optimal", observable: "generalizationError" }
    },
    gibbs: {
      value: 0.181020414,
      decimals: 3,
      what: "error of one student drawn from the posterior, α = 3",
      from: { kind: "prediction", ...gaussian(3), branch: "optimal", observable: "gibbsError" }
    },
    ten: {
      value: 0.043573204,
      decimals: 4,
      what: "Bayes-optimal error, Gaussian weights, α = 10",
      from: { kind: "prediction", ...gaussian(10), branch: "optimal", observable: "generalizationError" }
    },
    hundred: {
      value: 0.004416386,
      decimals: 5,
      what: "Bayes-optimal error, Gaussian weights, α = 100",
      from: { kind: "prediction", ...gaussian(100), branch: "optimal", observable: "generalizationError" }
    },
    below: {
      value: 0.195239317,
      decimals: 3,
      what: "Bayes-optimal error, binary weights, α = 1.2",
      from: { kind: "prediction", ...binary(1.2), branch: "optimal", observable: "generalizationError" }
    },
    perfect: {
      value: 1.2446839899,
      decimals: 3,
      what: "perfect learning of binary weights is possible from here",
      from: { kind: "threshold", ...transition, name: "informationTheoretic" }
    },
    amp: {
      value: 1.4926318182,
      decimals: 3,
      what: "AMP learns binary weights perfectly from here",
      from: { kind: "threshold", ...transition, name: "algorithmic" }
    },
    stuck: {
      value: 0.151643839,
      decimals: 3,
      what: "error at which AMP stops, binary weights, α = 1.4",
      from: { kind: "prediction", ...binary(1.4), branch: "algorithmic", observable: "generalizationError" }
    }
  },
  settings: {
    smooth: {
      scenario: "perceptron",
      view: "curve",
      params: { prior: "gaussian", size: 500 },
      seeds: 2,
      options: { along: "alpha=0.5:6:0.5", observable: "generalizationError" }
    },
    jump: {
      scenario: "perceptron",
      view: "curve",
      params: { prior: "binary", size: 500 },
      seeds: 2,
      options: { along: "alpha=0.2:2:0.15", observable: "generalizationError" }
    }
  },
  exercises: {
    angle: {
      id: "angle",
      title: "From overlaps to mistakes",
      name: "error",
      letters: ["m", "q", "ρ"],
      start: `function error(m, q, rho) {
  // m = student . teacher / p,  q = |student|^2 / p,  rho = |teacher|^2 / p
  // Return the chance that the two disagree on a new random pattern.
  return 0.5;
}
`,
      solution: `function error(m, q, rho) {
  if (q === 0) return 0.5; // a student without weights guesses
  const cosine = m / Math.sqrt(q * rho);
  // rounding may leave [-1, 1] by a hair, where acos is not a number
  return Math.acos(Math.max(-1, Math.min(1, cosine))) / Math.PI;
}
`,
      hints: [
        "Only the signs of two numbers matter, student · x and teacher · x. For a random pattern x they are two Gaussian variables.",
        "Look at the plane that the two weight vectors span. The pattern's projection on it points in a random direction, and the labels differ when it falls between the two lines.",
        "The angle between the vectors is θ = arccos(m / √(q ρ)), and the chance is θ/π. Mind q = 0, and a cosine that rounding has pushed above 1."
      ],
      inputs: [
        [0, 1, 1],
        [0.5, 1, 1],
        [1, 1, 1],
        [-0.3, 0.8, 1],
        [0.7, 0.7, 1],
        [0.2, 0.5, 2],
        [-1, 1, 1],
        [30, 1000, 1],
        [0.6, 0.3, 1.2],
        [0.7, 0.7, 0.7],
        [0, 0, 1],
        [1e-9, 1e-18, 1],
        [0.1, 0.1, 0.1]
      ],
      // the closed form of Sheppard (1899), by the arc tangent, which keeps its digits at both ends
      async reference() {
        return (m, q, rho) => {
          const [a, b, c] = [m as number, q as number, rho as number];
          return b === 0 ? 0.5 : Math.atan2(Math.sqrt(Math.max(0, b * c - a * a)), a) / Math.PI;
        };
      },
      tolerance: 1e-7
    }
  },
  works: [
    {
      cite: "E. Gardner, B. Derrida, J. Phys. A 22, 1983 (1989)",
      url: "https://doi.org/10.1088/0305-4470/22/12/004",
      read: "the teacher and the student, and how many examples a rule needs"
    },
    {
      cite: "G. Györgyi, Phys. Rev. A 41, 7097 (1990)",
      url: "https://doi.org/10.1103/PhysRevA.41.7097",
      read: "the jump to perfect learning with binary weights"
    },
    {
      cite: "J. Barbier, F. Krzakala, N. Macris, L. Miolane, L. Zdeborová, PNAS 116, 5451 (2019)",
      url: "https://doi.org/10.1073/pnas.1802705116",
      read: "the proof, and the algorithmic threshold"
    }
  ]
});
