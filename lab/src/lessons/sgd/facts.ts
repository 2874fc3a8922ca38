/** What lesson 10 states. */
import { facts } from "../facts.ts";

const start = { scenario: "online-sgd", params: {} } as const;

/** <g(u) g(v)> for g = erf(x / sqrt 2), with E u^2 = a, E v^2 = b, E u v = c (Saad and Solla 1995). */
const product = (a: number, b: number, c: number) => (2 / Math.PI) * Math.asin(c / Math.sqrt((1 + a) * (1 + b)));

export const sgd = facts({
  known: {
    begin: {
      value: 0.4532962,
      decimals: 3,
      what: "error at t = 0, K = M = 2, η = 0.5",
      from: { kind: "trajectory", ...start, observable: "generalizationError", t: 0 }
    },
    plateau: {
      value: 0.0137379,
      decimals: 4,
      what: "error on the plateau, t = 30",
      from: { kind: "prediction", scenario: "online-sgd", params: { time: 30 }, branch: "algorithmic", observable: "generalizationError" }
    },
    small: {
      value: 0.0116108403,
      decimals: 4,
      what: "height of the plateau as η → 0",
      from: {
        kind: "formula",
        text: "min over c of e_g at Q = 2c², R = c for all units (a landmark of online-sgd)",
        compute: () => {
          // eta -> 0: the student's units are all equal to c (w*_1 + w*_2); the best c of that form
          let [lo, hi] = [0, 2];
          const error = (c: number) => {
            const q = 2 * c * c;
            return 0.5 * (4 * product(q, q, q) + 2 * product(1, 1, 1) - 8 * product(q, 1, c));
          };
          for (let k = 0; k < 200; k++) {
            const [a, b] = [lo + (hi - lo) / 3, hi - (hi - lo) / 3];
            if (error(a) < error(b)) hi = b;
            else lo = a;
          }
          return error((lo + hi) / 2);
        }
      }
    },
    end: {
      value: 2.2928568e-7,
      decimals: 7,
      what: "error at t = 400",
      from: { kind: "prediction", ...start, branch: "algorithmic", observable: "generalizationError" }
    }
  },
  settings: {
    curve: { scenario: "online-sgd", view: "curve", params: { size: 300 }, seeds: 2 },
    matrices: { scenario: "online-sgd", view: "matrices", params: { size: 300 }, seeds: 2, options: { shown: "30" } }
  },
  exercises: {
    error: {
      id: "error",
      title: "The error from the overlaps",
      name: "error",
      letters: ["Q", "R"],
      start: `function error(Q, R) {
  // Two erf units each; teacher units are orthogonal and of unit length.
  // Q = [Q11, Q12, Q21, Q22] student-student, R = [R11, R12, R21, R22] student-teacher.
  // <g(u) g(v)> = (2/pi) asin( c / sqrt((1 + a)(1 + b)) ) for E u^2 = a, E v^2 = b, E uv = c.
  // Return e_g = <(phi* - phi)^2> / 2.
  return 0;
}
`,
      solution: `function error(Q, R) {
  const average = (a, b, c) => (2 / Math.PI) * Math.asin(c / Math.sqrt((1 + a) * (1 + b)));
  let sum = 2 * average(1, 1, 1); // teacher with teacher; different units are orthogonal
  for (let i = 0; i < 2; i++)
    for (let k = 0; k < 2; k++) {
      const a = Q[3 * i]; // Q11 or Q22
      sum += average(a, Q[3 * k], Q[2 * i + k]); // student with student
      sum -= 2 * average(a, 1, R[2 * i + k]);    // student with teacher
    }
  return sum / 2;
}
`,
      hints: [
        "Expand the square: (φ* − φ)² has teacher-teacher, student-student and student-teacher products, the last with a factor −2.",
        "Every product of two units averages to (2/π) asin(c/√((1 + a)(1 + b))): a and b are the squared lengths of the two units, c their overlap.",
        "Teacher-teacher: a = b = c = 1 twice, and c = 0 for different units. Student i has squared length Q_ii, which is Q[0] or Q[3]."
      ],
      inputs: [
        [
          [0.5, 0.1, 0.1, 0.5],
          [0.1, 0.1, 0.1, 0.1]
        ],
        [
          [1, 0, 0, 1],
          [1, 0, 0, 1]
        ],
        [
          [1, 0, 0, 1],
          [0, 1, 1, 0]
        ],
        [
          [0, 0, 0, 0],
          [0, 0, 0, 0]
        ],
        [
          [0.36, 0.32, 0.32, 0.36],
          [0.4, 0.4, 0.4, 0.4]
        ],
        [
          [0.9, -0.2, -0.2, 0.4],
          [0.3, -0.1, 0.2, 0.5]
        ],
        [
          [4, 1, 1, 2],
          [1, 0.5, -0.5, 0.2]
        ],
        [
          [1e6, 0, 0, 1e6],
          [100, 0, 0, 100]
        ]
      ],
      async reference() {
        const { generalizationErrorOf } = await import("../../../../src/theory/sgd/index.ts");
        const square = (x: unknown) => [0, 2].map((k) => (x as readonly number[]).slice(k, k + 2));
        const identity = [
          [1, 0],
          [0, 1]
        ];
        return (Q, R) => generalizationErrorOf("erf", { Q: square(Q), R: square(R), T: identity, v: [1, 1], vTeacher: [1, 1] });
      },
      tolerance: 1e-9
    }
  },
  works: [
    {
      cite: "D. Saad, S. A. Solla, Phys. Rev. E 52, 4225 (1995)",
      url: "https://doi.org/10.1103/PhysRevE.52.4225",
      read: "the equations, the plateau and the specialisation"
    },
    {
      cite: "S. Goldt, M. Advani, A. M. Saxe, F. Krzakala, L. Zdeborová, NeurIPS 32 (2019)",
      url: "https://arxiv.org/abs/1906.08632",
      read: "both layers, overparametrised students, and a proof"
    },
    {
      cite: "R. Veiga, L. Stephan, B. Loureiro, F. Krzakala, L. Zdeborová, NeurIPS 35 (2022)",
      url: "https://arxiv.org/abs/2202.00293",
      read: "how far learning rate and width may be scaled (scenario sgd-scaling)"
    }
  ]
});
