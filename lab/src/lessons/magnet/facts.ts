/** What lesson 1 states. */
import { facts } from "../facts.ts";

const curieWeiss = (params: Readonly<Record<string, number>>) => ({ scenario: "curie-weiss", params }) as const;
const against = { beta: 1.5, field: -0.1, start: 1 };

export const magnet = facts({
  known: {
    critical: {
      value: 1,
      decimals: 0,
      what: "critical β at J = 1, h = 0",
      from: { kind: "threshold", ...curieWeiss({ field: 0 }), name: "critical" }
    },
    m12: {
      value: 0.6585696604,
      decimals: 3,
      what: "magnetisation at β = 1.2",
      from: { kind: "prediction", ...curieWeiss({ beta: 1.2 }), branch: "optimal", observable: "magnetization" }
    },
    m105: {
      value: 0.3707057326,
      decimals: 2,
      what: "magnetisation at β = 1.05",
      from: { kind: "prediction", ...curieWeiss({ beta: 1.05 }), branch: "optimal", observable: "magnetization" }
    },
    m2: {
      value: 0.9575040241,
      decimals: 2,
      what: "magnetisation at β = 2",
      from: { kind: "prediction", ...curieWeiss({ beta: 2 }), branch: "optimal", observable: "magnetization" }
    },
    spinodal: {
      value: 1.3722359111,
      decimals: 3,
      what: "spinodal β at h = −0.1",
      from: { kind: "threshold", ...curieWeiss({ field: -0.1 }), name: "spinodal" }
    },
    stuck: {
      value: 0.7525694744,
      decimals: 2,
      what: "where the dynamics ends: β = 1.5, h = −0.1, from m = 1",
      from: { kind: "prediction", ...curieWeiss(against), branch: "algorithmic", observable: "magnetization" }
    },
    best: {
      value: -0.9070377918,
      decimals: 2,
      what: "equilibrium there",
      from: { kind: "prediction", ...curieWeiss(against), branch: "optimal", observable: "magnetization" }
    }
  },
  settings: {
    beta: {
      scenario: "curie-weiss",
      view: "curve",
      params: { size: 2000, start: 0.9 },
      seeds: 2,
      options: { along: "beta=0.5:2:0.125", against: "parameter", observable: "magnetization" }
    },
    landscape: {
      scenario: "curie-weiss",
      view: "landscape",
      params: { beta: 1.5, field: -0.1, start: 1 },
      options: { along: "beta=1:2:0.1" }
    },
    stuck: { scenario: "curie-weiss", view: "convergence", params: { ...against, size: 2000 }, seed: 1 }
  },
  exercises: {
    freeEntropy: {
      id: "free-entropy",
      title: "The free entropy of a magnet",
      name: "freeEntropy",
      letters: ["m", "β", "J", "h"],
      start: `function freeEntropy(m, beta, J, h) {
  // per spin: the entropy of the magnetisation m, minus beta times its energy
  const entropy = 0;
  return entropy;
}
`,
      solution: `function freeEntropy(m, beta, J, h) {
  const part = (p) => (p > 0 ? -p * Math.log(p) : 0); // p ln p -> 0
  const entropy = part((1 + m) / 2) + part((1 - m) / 2);
  return entropy + beta * (J * m * m / 2 + h * m);
}
`,
      hints: [
        "A fraction (1 + m)/2 of the spins points up. The logarithm of the number of ways to choose them, per spin, is the entropy of a biased coin.",
        "The energy per spin is −J m²/2 − h m; the free entropy is the entropy minus β times it.",
        "At m = 1 or −1 one of the fractions is 0, and 0 · ln 0 is not a number on the computer: its limit is 0."
      ],
      inputs: [
        [0, 1, 1, 0],
        [0.5, 1, 1, 0],
        [-0.5, 1, 1, 0.2],
        [0.8, 1.5, 1, -0.1],
        [0.3, 0.2, 2, 0.5],
        [0.9, 3, 0.5, 0],
        [0.999999, 1, 1, 0],
        [1, 1.2, 1, 0],
        [-1, 1.2, 1, 0.3],
        [1, 50, 1, -1]
      ],
      async reference() {
        const { magnetFreeEntropy } = await import("../../../../src/theory/curieWeiss.ts");
        return (m, beta, J, h) =>
          magnetFreeEntropy({ K: (beta as number) * (J as number), H: (beta as number) * (h as number) }, m as number);
      },
      tolerance: 1e-10
    }
  },
  works: [
    {
      cite: "P. Weiss, J. Phys. Theor. Appl. 6, 661 (1907)",
      url: "https://doi.org/10.1051/jphystap:019070060066100",
      read: "the molecular field: the first mean-field theory"
    },
    {
      cite: "R. B. Griffiths, C.-Y. Weng, J. S. Langer, Phys. Rev. 149, 301 (1966)",
      url: "https://doi.org/10.1103/PhysRev.149.301",
      read: "metastable states of exactly this model"
    },
    {
      cite: "M. Mézard, A. Montanari, Information, Physics, and Computation, Oxford (2009)",
      url: "https://doi.org/10.1093/acprof:oso/9780198570837.001.0001",
      read: "chapter 2, the Curie–Weiss model"
    }
  ]
});
