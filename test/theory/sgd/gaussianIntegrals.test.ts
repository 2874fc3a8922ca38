/** Gaussian integrals of online SGD against brute quadrature (references/gaussianIntegrals.py), identities and degenerate limits. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { errorAverages, meanSquaredError } from "../../../src/theory/sgd/errorAverages.ts";
import {
  type Fields,
  integral2,
  integral3,
  integral4,
  SGD_ACTIVATIONS,
  safeAsin,
  slopeAverage
} from "../../../src/theory/sgd/gaussianIntegrals.ts";
import { fourOrthant, orthantWork } from "../../../src/theory/sgd/orthants.ts";

interface Case {
  readonly C: number[];
  readonly relu: number;
  readonly swapped: number;
  readonly orthant: number;
  readonly erf: number;
}
const cases: Case[] = JSON.parse(readFileSync(new URL("./references/gaussianIntegrals.json", import.meta.url), "utf8"));

function orthantOf(C: ArrayLike<number>): number {
  const work = orthantWork();
  for (let a = 0; a < 4; a++) for (let b = 0; b < 4; b++) work.r[4 * a + b] = a === b ? 1 : C[4 * a + b] / Math.sqrt(C[5 * a] * C[5 * b]);
  return fourOrthant(work);
}

/** Gram matrix of rows: a covariance of fields. */
function gram(rows: readonly (readonly number[])[]): Fields {
  const size = rows.length;
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) covariance[a * size + b] = rows[a].reduce((sum, x, k) => sum + x * rows[b][k], 0);
  return { size, covariance };
}

function randomFields(label: string, size: number, dimension: number): Fields {
  const rng = makeRng(3).fork(label);
  return gram(Array.from({ length: size }, () => Array.from({ length: dimension }, () => rng.normal() / Math.sqrt(dimension))));
}

describe("four different fields", () => {
  test("relu, erf and the orthant probability agree with brute quadrature to 1e-13", () => {
    for (const { C, relu, swapped, orthant, erf } of cases) {
      const fields = { size: 4, covariance: Float64Array.from(C) };
      expect(Math.abs(integral4("relu", fields, 0, 1, 2, 3) - relu)).toBeLessThan(1e-13);
      expect(Math.abs(integral4("relu", fields, 1, 3, 0, 2) - swapped)).toBeLessThan(1e-13);
      expect(Math.abs(integral4("erf", fields, 0, 1, 2, 3) - erf)).toBeLessThan(1e-13);
      expect(Math.abs(orthantOf(C) - orthant)).toBeLessThan(1e-13);
    }
  });
  test("the orthant probability of equal correlations 1/2 is 1/5, of none 1/16, of blocks a product", () => {
    const equal = (r: number) => Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : r));
    expect(orthantOf(equal(0.5))).toBeCloseTo(0.2, 14);
    expect(orthantOf(equal(0))).toBeCloseTo(1 / 16, 15);
    expect(orthantOf(equal(1))).toBeCloseTo(0.5, 7); // degenerate: sqrt of rounding
    const blocks = [1, 0.3, 0, 0, 0.3, 1, 0, 0, 0, 0, 1, -0.8, 0, 0, -0.8, 1];
    const two = (r: number) => 0.25 + Math.asin(r) / (2 * Math.PI);
    expect(orthantOf(blocks)).toBeCloseTo(two(0.3) * two(-0.8), 14);
  });
  test("Price's theorem: the derivative of <theta theta z_+ u_+> in the covariance of z and u is the orthant probability", () => {
    const { size, covariance } = randomFields("price", 4, 6);
    const at = (h: number) => {
      const C = Float64Array.from(covariance);
      C[2 * 4 + 3] += h;
      C[3 * 4 + 2] += h;
      return integral4("relu", { size, covariance: C }, 0, 1, 2, 3);
    };
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    expect((4 * slope(5e-4) - slope(1e-3)) / 3).toBeCloseTo(orthantOf(covariance), 10);
  });
  test("a field and its opposite: sums over the sides of a threshold are those of three fields", () => {
    // theta(y) + theta(-y) = 1 turns the quadrant average into a half-plane one
    const rows = [
      [1, 0.2, 0.1],
      [0.4, 1, -0.3],
      [-0.2, 0.5, 0.8],
      [0.6, -0.1, 0.9]
    ];
    const both = gram(rows);
    const flipped = gram(rows.map((row, a) => (a === 1 ? row.map((x) => -x) : row)));
    expect(integral4("relu", both, 0, 1, 2, 3) + integral4("relu", flipped, 0, 1, 2, 3)).toBeCloseTo(
      integral4("relu", both, 0, 0, 2, 3),
      13
    );
  });
});

describe("every activation", () => {
  for (const g of SGD_ACTIVATIONS) {
    test(`${g}: sums in the loops equal sums of single integrals, coinciding indices included`, () => {
      const K = 3;
      const L = 5;
      const fields = randomFields(`sums ${g}`, L, 7);
      const s = Float64Array.of(-0.7, 0.3, -1.2, 0.9, 0.5);
      const { drift, square, slopes, output, update } = errorAverages(g, K, L - K);
      update(fields.covariance, s);
      const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(3e-14 * (1 + Math.abs(b)));
      const sum = (f: (a: number) => number) => s.reduce((total, x, a) => total + x * f(a), 0);
      for (let i = 0; i < K; i++) {
        near(
          output[i],
          sum((a) => integral2(g, fields, i, a))
        );
        for (let y = 0; y < L; y++)
          near(
            drift[i * L + y],
            sum((a) => integral3(g, fields, i, y, a))
          );
        for (let k = 0; k < K; k++) {
          near(
            square[i * K + k],
            sum((a) => sum((b) => integral4(g, fields, i, k, a, b)))
          );
          const C = fields.covariance;
          near(slopes[i * K + k], slopeAverage(g, C[i * L + i], C[i * L + k], C[k * L + k]));
        }
      }
      near(
        meanSquaredError(g, fields.covariance, s),
        sum((a) => sum((b) => integral2(g, fields, a, b)))
      );
    });
    test(`${g}: indices that coincide are the limit of fields that approach each other`, () => {
      const rows = [
        [1, 0.2, 0, 0.1],
        [0.3, 0.9, 0.2, -0.2],
        [-0.4, 0.3, 1.1, 0.5]
      ];
      const shift = [0.3, -0.2, 0.5, 0.1];
      for (const [x, y, z, u] of [
        [0, 0, 1, 2],
        [0, 1, 0, 2],
        [0, 1, 0, 1],
        [0, 1, 2, 2],
        [0, 0, 0, 1]
      ]) {
        const exact = integral4(g, gram(rows), x, y, z, u);
        const apart = gram([x, y, z, u].map((a, k) => rows[a].map((w, i) => w + 1e-7 * (k - 1.5) * shift[i])));
        expect(Math.abs(integral4(g, apart, 0, 1, 2, 3) - exact)).toBeLessThan(3e-6 * (1 + Math.abs(exact)));
      }
    });
    test(`${g}: a student that nears its teacher has a squared error proportional to the distance squared, down to rounding`, () => {
      const x = [1, 0.2, 0, 0, 0];
      const y = [0.1, 1.1, 0, 0, 0];
      const ratio = (eps: number) => {
        const e = Math.sqrt(eps);
        const z = x.map((v, i) => v + e * [0.3, -0.2, 0.7, 0.1, 0.4][i]);
        const u = y.map((v, i) => v + e * [-0.1, 0.5, 0.3, 0.6, -0.2][i]);
        const averages = errorAverages(g, 2, 2);
        averages.update(gram([x, y, z, u]).covariance, Float64Array.of(-1, -1, 1, 1));
        return [averages.square[0] / eps, averages.square[1] / eps];
      };
      const far = ratio(1e-6);
      const near = ratio(1e-9);
      for (const k of [0, 1]) expect(Math.abs(near[k] / far[k] - 1)).toBeLessThan(2e-3);
      for (const value of ratio(1e-300)) expect(Number.isFinite(value)).toBe(true);
    });
  }
  test("the inlined arcsine is the engine's", () => {
    for (let k = -100; k <= 100; k++) expect(Math.abs(safeAsin(k / 100) - Math.asin(k / 100))).toBeLessThan(3e-16);
    expect(safeAsin(1 + 1e-12)).toBe(Math.PI / 2);
  });
});
