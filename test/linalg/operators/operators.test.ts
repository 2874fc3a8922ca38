import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adjointOf,
  complexUnknowns,
  compose,
  convolution2d,
  dct,
  diagonal,
  fourier,
  haar1d,
  haar2d,
  hadamard,
  horizontalStack,
  mask,
  materialise,
  realUnknowns,
  scale,
  sparse,
  sparseFromEntries,
  subsample,
  subsampledDct,
  subsampledFourier,
  subsampledHadamard,
  verticalStack
} from "../../../src/linalg/operators/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";
import { checkLaws, distance, gaussian } from "./laws.ts";

const runs = { numRuns: 25 };
const size = fc.integer({ min: 1, max: 60 });
const seeds = fc.integer({ min: 0, max: 1e6 });

/** A size, how many of it, a seed. */
const choice = fc.tuple(size, fc.double({ min: 0, max: 1, noNaN: true }), seeds, fc.boolean()).map(([cols, share, seed, signs]) => ({
  cols,
  rows: 1 + Math.floor(share * (cols - 1)),
  seed,
  signs
}));

describe("laws of every operator, random sizes", () => {
  test("fourier", () =>
    fc.assert(
      fc.property(size, seeds, (n, s) => checkLaws(fourier(n), s)),
      runs
    ));
  test("dct", () =>
    fc.assert(
      fc.property(size, seeds, (n, s) => checkLaws(dct(n), s)),
      runs
    ));
  test("hadamard", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), seeds, (k, s) => checkLaws(hadamard(2 ** k), s)),
      runs
    ));
  test("haar1d and its adjoint", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), seeds, (levels, odd, s) => {
        checkLaws(haar1d(odd * 2 ** levels, levels), s);
        checkLaws(adjointOf(haar1d(odd * 2 ** levels)), s);
      }),
      runs
    ));
  test("haar2d", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 2 }),
        seeds,
        (levels, a, b, s) => checkLaws(haar2d(a * 2 ** levels, b * 2 ** levels, levels), s)
      ),
      runs
    ));
  test("subsampled dct", () =>
    fc.assert(
      fc.property(choice, (c) => checkLaws(subsampledDct({ ...c, rng: makeRng(c.seed), scale: 1.5 }), c.seed)),
      runs
    ));
  test("subsampled fourier, complex signal", () =>
    fc.assert(
      fc.property(choice, (c) => checkLaws(subsampledFourier({ ...c, rng: makeRng(c.seed), scale: 0.7 }), c.seed)),
      runs
    ));
  test("subsampled fourier, real signal", () =>
    fc.assert(
      fc.property(choice, (c) => {
        const cols = c.cols + 2;
        const rows = Math.min(c.rows, Math.ceil(cols / 2) - 1);
        checkLaws(subsampledFourier({ ...c, cols, rows, rng: makeRng(c.seed), signal: "real" }), c.seed);
      }),
      runs
    ));
  test("subsampled hadamard", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), seeds, (k, seed) => {
        const rows = 1 + (seed % 2 ** k);
        checkLaws(subsampledHadamard({ cols: 2 ** k, rows, rng: makeRng(seed), signs: seed % 2 === 0 }), seed);
      }),
      runs
    ));
  test("subsample, mask, diagonal; real and complex", () =>
    fc.assert(
      fc.property(choice, ({ cols, rows, seed }) => {
        for (const scalar of ["real", "complex"] as const) {
          checkLaws(subsample({ cols, rows, rng: makeRng(seed), scalar }), seed);
          checkLaws(diagonal(gaussian(scalar === "real" ? cols : 2 * cols, seed), scalar), seed);
        }
        checkLaws(mask(Float64Array.from({ length: cols }, (_, i) => (i % 3 === 0 ? 1 : 0))), seed);
      }),
      runs
    ));
  test("sparse with repeated entries, empty rows and columns; real and complex", () =>
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 80 }), seeds, (rows, cols, count, seed) => {
        const rng = makeRng(seed);
        const i = Array.from({ length: count }, () => Math.floor(rng.uniform() * rows));
        const j = Array.from({ length: count }, () => Math.floor(rng.uniform() * cols));
        for (const scalar of ["real", "complex"] as const) {
          const w = scalar === "real" ? 1 : 2;
          const values = gaussian(w * count, seed);
          const dense = new Float64Array(w * rows * cols);
          for (let k = 0; k < count; k++) for (let c = 0; c < w; c++) dense[w * (i[k] * cols + j[k]) + c] += values[w * k + c];
          checkLaws(sparseFromEntries(rows, cols, i, j, values, scalar), seed, dense);
        }
      }),
      runs
    ));
  test("compose, scale, stacks and fields", () =>
    fc.assert(
      fc.property(choice, ({ cols, rows, seed, signs }) => {
        const rng = makeRng(seed);
        const real = subsampledDct({ cols, rows, rng, signs });
        const complex = subsampledFourier({ cols, rows, rng, signs });
        const d = diagonal(gaussian(cols, seed));
        const m = diagonal(gaussian(rows, seed));
        checkLaws(compose(m, real, d), seed);
        checkLaws(compose(real, adjointOf(dct(cols))), seed);
        checkLaws(compose(m, real, d, dct(cols), d), seed);
        checkLaws(compose(diagonal(gaussian(2 * rows, seed), "complex"), complex, complexUnknowns(d)), seed);
        checkLaws(scale(-3, compose(real, d)), seed);
        checkLaws(adjointOf(compose(m, real, d)), seed);
        checkLaws(verticalStack(real, d, dct(cols)), seed);
        checkLaws(horizontalStack(real, m), seed);
        checkLaws(verticalStack(complex, fourier(cols)), seed);
        checkLaws(realUnknowns(complex), seed);
        checkLaws(complexUnknowns(real), seed);
      }),
      runs
    ));
});

describe("convolution2d", () => {
  const image = fc.record({
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    kh: fc.integer({ min: 1, max: 12 }),
    kw: fc.integer({ min: 1, max: 12 }),
    boundary: fc.constantFrom("zero" as const, "periodic" as const),
    seed: seeds
  });

  test("is its defining sum, both ways of computing it, at every boundary, kernels larger than the image too", () =>
    fc.assert(
      fc.property(image, ({ height, width, kh, kw, boundary, seed }) => {
        const entries = gaussian(kh * kw, seed);
        const kernel = Array.from({ length: kh }, (_, a) => entries.slice(a * kw, (a + 1) * kw));
        const [oy, ox] = [(kh - 1) >> 1, (kw - 1) >> 1];
        const n = height * width;
        const dense = new Float64Array(n * n);
        for (let i = 0; i < height; i++)
          for (let j = 0; j < width; j++)
            for (let a = 0; a < kh; a++)
              for (let b = 0; b < kw; b++) {
                let r = i - a + oy;
                let c = j - b + ox;
                if (boundary === "periodic") {
                  r = ((r % height) + height) % height;
                  c = ((c % width) + width) % width;
                } else if (r < 0 || c < 0 || r >= height || c >= width) continue;
                dense[(i * width + j) * n + r * width + c] += kernel[a][b];
              }
        for (const method of ["direct", "fft"] as const) checkLaws(convolution2d({ height, width, kernel, boundary, method }), seed, dense);
      }),
      { numRuns: 60 }
    ));

  test("the origin can be any kernel entry", () => {
    const shift = convolution2d({
      height: 3,
      width: 4,
      kernel: [
        [0, 0],
        [0, 1]
      ],
      origin: [0, 0]
    });
    const x = Float64Array.from({ length: 12 }, (_, i) => i + 1);
    const z = new Float64Array(12);
    shift.apply(x, z);
    expect([...z]).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 0, 5, 6, 7]);
  });
});

describe("values", () => {
  test("the rows are those of the definitions", () => {
    const n = 12;
    const D = materialise(dct(n));
    const F = materialise(fourier(n));
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++) {
        expect(D[k * n + i]).toBeCloseTo(Math.sqrt((k ? 2 : 1) / n) * Math.cos((Math.PI * k * (i + 0.5)) / n), 14);
        expect(F[2 * (k * n + i)]).toBeCloseTo(Math.cos((2 * Math.PI * k * i) / n) / Math.sqrt(n), 14);
        expect(F[2 * (k * n + i) + 1]).toBeCloseTo(-Math.sin((2 * Math.PI * k * i) / n) / Math.sqrt(n), 14);
      }
    const H = materialise(hadamard(8));
    for (let k = 0; k < 8; k++)
      for (let i = 0; i < 8; i++) expect(H[k * 8 + i] * Math.sqrt(8)).toBeCloseTo([0, 3, 5, 6].includes(k & i) ? 1 : -1, 14);
  });

  test("haar synthesis of the first coefficient is constant, of a finest one a step of two pixels", () => {
    const P = haar2d(4, 8);
    const c = new Float64Array(32);
    const x = new Float64Array(32);
    c[0] = 1;
    haar1d(32).apply(c, x);
    for (const v of x) expect(v).toBeCloseTo(1 / Math.sqrt(32), 14);
    c[0] = 0;
    c[4] = 1; // horizontal detail of the top-left pixels
    P.apply(c, x);
    expect([...x].map((v, at) => [at, v]).filter(([, v]) => v !== 0)).toEqual([
      [0, 0.5],
      [1, -0.5],
      [8, 0.5],
      [9, -0.5]
    ]);
  });

  test("real Fourier measurements are sqrt 2 times the complex ones, interleaved", () => {
    const indices = [1, 5, 3];
    const x = gaussian(16, 2);
    const z = new Float64Array(6);
    const full = new Float64Array(32);
    subsampledFourier({ cols: 16, indices, signal: "real" }).apply(x, z);
    fourier(16).apply(
      Float64Array.from({ length: 32 }, (_, i) => (i % 2 ? 0 : x[i / 2])),
      full
    );
    indices.forEach((k, i) => {
      expect(z[2 * i]).toBeCloseTo(Math.SQRT2 * full[2 * k], 13);
      expect(z[2 * i + 1]).toBeCloseTo(Math.SQRT2 * full[2 * k + 1], 13);
    });
    checkLaws(subsampledFourier({ cols: 16, indices: [0, 8, 2], signal: "real" }));
  });

  test("the same seed draws the same rows and signs, another seed others", () => {
    const make = (seed: number) => materialise(subsampledDct({ cols: 40, rows: 20, rng: makeRng(seed), signs: true }));
    expect(make(3)).toEqual(make(3));
    expect(distance(make(3), make(4))).toBeGreaterThan(1);
  });

  test("operators that share a transform do not disturb each other", () => {
    const a = subsampledDct({ cols: 64, rows: 30, rng: makeRng(1) });
    const b = dct(64);
    const x = gaussian(64, 1);
    const first = new Float64Array(30);
    const again = new Float64Array(30);
    a.apply(x, first);
    b.apply(gaussian(64, 2), new Float64Array(64));
    a.apply(x, again);
    expect(again).toEqual(first);
  });
});

describe("refusals name what does not fit", () => {
  const d = dct(8);
  const cases: [string, () => unknown, RegExp][] = [
    [
      "apply with a short vector",
      () => d.apply(new Float64Array(7), new Float64Array(8)),
      /dct\(8\): apply takes x of length 8 and z of length 8.*got 7 and 8/
    ],
    [
      "complex vectors have twice the numbers",
      () => fourier(8).apply(new Float64Array(8), new Float64Array(8)),
      /length 16.*8x8 complex.*got 8 and 8/
    ],
    [
      "a product of unequal shapes",
      () => compose(dct(8), dct(9)),
      /dct\(8\) \(8x8\) takes vectors of length 8 but dct\(9\) \(9x9\) gives length 9/
    ],
    [
      "a product of two fields",
      () => compose(fourier(8), dct(8)),
      /fourier\(8\) is complex \(8x8 complex\) but dct\(8\) is real \(8x8\).*complexUnknowns/
    ],
    ["stacks of unequal widths", () => verticalStack(dct(8), dct(9)), /8x8.*9x9.*equally many columns/],
    ["stacks of unequal heights", () => horizontalStack(dct(8), dct(9)), /8x8.*9x9.*equally many rows/],
    ["more rows than columns", () => subsampledDct({ cols: 8, rows: 9, rng: makeRng(0) }), /rows must be an integer in \[1, 8\].*got 9/],
    ["a repeated row", () => subsampledDct({ cols: 8, indices: [1, 2, 1] }), /distinct, got 1 twice/],
    ["a row out of range", () => subsampledDct({ cols: 8, indices: [8] }), /\[0, 7\], got 8/],
    ["no generator", () => subsampledDct({ cols: 8, rows: 4 }), /missing indices/],
    ["a size that is no power of two", () => hadamard(12), /power of two such as 16, got 12/],
    ["too many wavelet levels", () => haar2d(12, 8, 3), /\[1, 2\].*got 3/],
    [
      "conjugate frequencies of a real signal",
      () => subsampledFourier({ cols: 8, indices: [1, 7], signal: "real" }),
      /1 and 7 carry the same/
    ],
    ["a ragged kernel", () => convolution2d({ height: 4, width: 4, kernel: [[1, 2], [3]] }), /equally long, got 2 and 1/],
    ["NaN in a kernel", () => convolution2d({ height: 4, width: 4, kernel: [[Number.NaN]] }), /finite numbers, got NaN/],
    ["a bad column index", () => sparse({ rows: 1, cols: 2, starts: [0, 1], index: [2], values: [1] }), /\[0, 1\], got 2/],
    [
      "starts of the wrong length",
      () => sparse({ rows: 2, cols: 2, starts: [0, 1], index: [0], values: [1] }),
      /rows \+ 1 = 3 entries, got 2/
    ]
  ];
  test.each(cases)("%s", (_, act, message) => expect(act).toThrow(message));
});
