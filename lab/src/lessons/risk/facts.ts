/** What lesson 9 states. */
import { facts } from "../facts.ts";

const erm = (params: Readonly<Record<string, string | number>>) =>
  ({ scenario: "perceptron-erm", params: { alpha: 3, ...params } }) as const;
const error = { kind: "prediction", branch: "algorithmic", observable: "generalizationError" } as const;

export const risk = facts({
  known: {
    bayes: {
      value: 0.1298548261,
      decimals: 4,
      what: "Bayes-optimal student, α = 3",
      from: {
        kind: "prediction",
        scenario: "perceptron",
        params: { alpha: 3, prior: "gaussian" },
        branch: "optimal",
        observable: "generalizationError"
      }
    },
    ridge: {
      value: 0.1497962193,
      decimals: 4,
      what: "square loss, best penalty",
      from: { ...error, ...erm({ loss: "square", tune: "generalization" }) }
    },
    margin: {
      value: 0.14283564,
      decimals: 4,
      what: "hinge loss, vanishing penalty: the largest margin",
      from: { ...error, ...erm({ loss: "hinge", lambda: 0 }) }
    },
    hinge: {
      value: 0.1397737229,
      decimals: 4,
      what: "hinge loss, best penalty",
      from: { ...error, ...erm({ loss: "hinge", tune: "generalization" }) }
    },
    logistic: {
      value: 0.1299096612,
      decimals: 4,
      what: "logistic loss, best penalty",
      from: { ...error, ...erm({ loss: "logistic", tune: "generalization" }) }
    },
    noPenalty: {
      value: 0.14283564,
      decimals: 4,
      what: "logistic loss, vanishing penalty",
      from: { ...error, ...erm({ loss: "logistic", lambda: 0 }) }
    }
  },
  settings: {
    ridge: {
      scenario: "perceptron-erm",
      view: "curve",
      params: { loss: "square", lambda: 1, size: 400 },
      seeds: 2,
      options: { along: "alpha=0.5:6:0.5", observable: "generalizationError" }
    },
    penalty: {
      scenario: "perceptron-erm",
      view: "curve",
      params: { loss: "logistic", alpha: 3, size: 800 },
      seeds: 2,
      options: { along: "lambda=log:1e-4:10:9", observable: "generalizationError" }
    }
  },
  exercises: {
    proximal: {
      id: "proximal",
      title: "The proximal operator of the hinge",
      name: "prox",
      letters: ["ω", "V", "y"],
      start: `function prox(omega, V, y) {
  // Return the z that minimises  max(0, 1 - y z) + (z - omega)^2 / (2 V),
  // for a label y = 1 or -1 and V > 0.
  return omega;
}
`,
      solution: `function prox(omega, V, y) {
  const margin = 1 - y * omega;          // how much is missing to y z = 1
  if (margin <= 0) return omega;         // right, and by enough: stay
  if (margin >= V) return omega + y * V; // far: the full pull of the loss
  return y;                              // near: stop at the kink
}
`,
      hints: [
        "Take y = 1 first. The loss pulls z upwards with force 1 while z < 1, and not at all when z > 1; the spring of stiffness 1/V pulls back to ω.",
        "If ω ≥ 1 nothing pulls. If ω is far below 1, the spring is stretched by V where the forces balance. In between z stops at the kink, z = 1.",
        "Far means 1 − ω ≥ V. For y = −1 mirror everything: write it with the margin 1 − y ω."
      ],
      inputs: [
        [0, 0.5, 1],
        [2, 0.5, 1],
        [0.8, 0.5, 1],
        [-3, 1, 1],
        [0, 0.5, -1],
        [-2, 0.5, -1],
        [-0.8, 0.5, -1],
        [3, 1, -1],
        [1, 2, 1],
        [0.5, 0.5, 1],
        [-1e6, 1, 1],
        [0.999999999, 1e-6, 1],
        [0, 1e9, -1],
        [0, 1e-12, 1]
      ],
      async reference() {
        const { hinge } = await import("../../../../src/losses/hinge.ts");
        const { make } = await import("../../../../src/core/parameters.ts");
        const loss = make(hinge);
        const one = (x: unknown) => new Float64Array([x as number]);
        return (omega, V, y) => {
          const [g, curvature] = [one(0), one(0)];
          loss.score(one(V), one(omega), one(y), g, curvature);
          return (omega as number) + (V as number) * g[0];
        };
      },
      tolerance: 1e-9
    }
  },
  works: [
    {
      cite: "B. Aubin, F. Krzakala, Y. M. Lu, L. Zdeborová, NeurIPS 33 (2020)",
      url: "https://arxiv.org/abs/2006.06560",
      read: "losses and penalties against the Bayes error, with the numbers of this lesson"
    },
    {
      cite: "M. Opper, D. Haussler, Phys. Rev. Lett. 66, 2677 (1991)",
      url: "https://doi.org/10.1103/PhysRevLett.66.2677",
      read: "the Bayes-optimal student"
    },
    {
      cite: "C. Thrampoulidis, E. Abbasi, B. Hassibi, IEEE Trans. Inf. Theory 64, 5592 (2018)",
      url: "https://arxiv.org/abs/1601.06233",
      read: "a proof of such formulas, by Gordon's inequality"
    }
  ]
});
