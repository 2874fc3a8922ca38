/** Weights made of overlaps, overlaps of weights, and the error that they imply against inputs drawn at random. */
import { describe, expect, test } from "vitest";
import {
  nonlinearities,
  overlapsOf,
  type SgdActivation,
  sampleOverlaps,
  studentError,
  weightsWithOverlaps
} from "../../../src/algorithms/sgd/index.ts";
import { ParameterError } from "../../../src/core/parameters.ts";
import type { Overlaps } from "../../../src/core/types.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const flat = (o: Overlaps) => [...o.Q.flat(), ...o.R.flat(), ...o.T.flat()];
const again = (o: Overlaps, N: number) => {
  const { W, teacher } = weightsWithOverlaps(o, N, makeRng(8));
  return overlapsOf(W, o.v, teacher, o.vTeacher);
};

describe("weights with given overlaps", () => {
  for (const [name, overlaps, N] of [
    ["random", sampleOverlaps({ K: 3, M: 4, N: 50, studentScale: 0.3 }, makeRng(1)), 1000],
    ["of more units than inputs", sampleOverlaps({ K: 5, M: 4, N: 6, studentScale: 2 }, makeRng(1)), 6],
    ["minute beside a large teacher", sampleOverlaps({ K: 2, M: 2, N: 40, studentScale: 1e-4 }, makeRng(2)), 33],
    [
      "identical units and one that is zero",
      {
        Q: [
          [1, 1, 0],
          [1, 1, 0],
          [0, 0, 0]
        ],
        R: [[0.5], [0.5], [0]],
        T: [[1]],
        v: [1, 1, 1],
        vTeacher: [1]
      },
      7
    ],
    [
      "all zero students",
      {
        Q: [
          [0, 0],
          [0, 0]
        ],
        R: [
          [0, 0],
          [0, 0]
        ],
        T: [
          [1, 0],
          [0, 1]
        ],
        v: [1, 1],
        vTeacher: [1, 1]
      },
      2
    ]
  ] as const)
    test(`${name}: their Gram matrices are the given ones`, () => {
      const largest = Math.max(...flat(overlaps).map(Math.abs));
      const got = flat(again(overlaps, N));
      flat(overlaps).forEach((want, k) => {
        expect(Math.abs(got[k] - want), `number ${k}: ${got[k]} for ${want}`).toBeLessThan(1e-13 * largest);
      });
    });

  test("impossible overlaps and too few inputs are refused in one sentence", () => {
    const { Q, T, v, vTeacher } = { Q: [[1]], T: [[1]], v: [1], vTeacher: [1] };
    expect(() => weightsWithOverlaps({ Q, R: [[1.5]], T, v, vTeacher }, 10, makeRng(1))).toThrow(
      /positive semi-definite, got the eigenvalue -0.5000/
    );
    expect(() => weightsWithOverlaps({ Q, R: [[0.5, 0]], T, v, vTeacher }, 10, makeRng(1))).toThrow(/R must be 1 x 1, got 1 x 2/);
    expect(() => weightsWithOverlaps({ Q, R: [[0.5]], T, v, vTeacher }, 1, makeRng(1), "online-sgd")).toThrow(
      new ParameterError("online-sgd: size must be at least 2, the number of independent units, got 1")
    );
  });
});

describe("the error of a student", () => {
  for (const activation of ["erf", "linear", "square", "relu"] as const satisfies readonly SgdActivation[])
    test(`${activation}: within 4 standard errors of 100000 random inputs`, () => {
      const N = 9;
      const K = 2;
      const M = 3;
      const { value } = nonlinearities[activation];
      const start = sampleOverlaps({ K, M, N, studentScale: 0.8, secondScale: 1 }, makeRng(12));
      const { W, teacher } = weightsWithOverlaps(start, N, makeRng(13));
      const x = new Float64Array(N);
      const rng = makeRng(14);
      let sum = 0;
      let squares = 0;
      const n = 100_000;
      for (let s = 0; s < n; s++) {
        rng.fillNormal(x);
        let difference = 0;
        for (const [units, v, A, sign] of [
          [M, start.vTeacher, teacher, 1],
          [K, start.v, W, -1]
        ] as const)
          for (let u = 0; u < units; u++) {
            let field = 0;
            for (let j = 0; j < N; j++) field += A[u * N + j] * x[j];
            difference += sign * v[u] * value(field / Math.sqrt(N));
          }
        sum += difference ** 2 / 2;
        squares += difference ** 4 / 4;
      }
      const mean = sum / n;
      const sem = Math.sqrt((squares / n - mean ** 2) / n);
      const got = studentError(activation, start);
      expect(Math.abs(got - mean), `${got} against ${mean} +- ${sem}`).toBeLessThan(4 * sem); // false alarm 6e-5
    });

  test("a student equal to its teacher has none", () => {
    const one = sampleOverlaps({ K: 1, M: 3, N: 20, studentScale: 1 }, makeRng(1));
    const same = { Q: one.T, R: one.T, T: one.T, v: one.vTeacher, vTeacher: one.vTeacher };
    for (const activation of ["erf", "linear", "square", "relu"] as const) expect(studentError(activation, same)).toBeLessThan(1e-14);
  });
});
