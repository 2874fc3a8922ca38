import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { make, ParameterError } from "../../src/core/parameters.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Ensemble, Family, Spectrum } from "../../src/core/types.ts";
import { givenMatrix, sampledSpectrum } from "../../src/ensembles/givenMatrix.ts";
import * as registry from "../../src/ensembles/index.ts";
import {
  atomicSpectrum,
  gaussianFeatureSpectrum,
  gaussianProductSpectrum,
  logUniformSpectrum,
  marchenkoPastur,
  orthogonalSpectrum,
  scaledSpectrum,
  spectrumFromEigenvalues,
  spectrumOf
} from "../../src/ensembles/spectra/index.ts";
import { denseFrom } from "../../src/linalg/dense.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const ensemble = (spec: string): Ensemble => makeFromSpec<Ensemble>(registry, spec, "ensemble");
/** sum_k w_k g(lambda_k). */
const over = (s: Spectrum, g: (lambda: number) => number): number => s.nodes.reduce((sum, l, k) => sum + s.weights[k] * g(l), 0);
const relative = (x: number, y: number): number => Math.abs(x - y) / Math.abs(y);

const LAWS: Readonly<Record<string, (alpha: number) => Spectrum>> = {
  "Marchenko-Pastur": marchenkoPastur,
  orthogonal: orthogonalSpectrum,
  "geometric, condition number 10": (alpha) => logUniformSpectrum(alpha, 0.7 * Math.min(1, alpha), 2 * Math.log(10)),
  "geometric, condition number 1e6": (alpha) => logUniformSpectrum(alpha, Math.min(1, alpha), 2 * Math.log(1e6)),
  "geometric, condition number 1": (alpha) => logUniformSpectrum(alpha, Math.min(1, alpha), 0),
  "product through 0.7": (alpha) => gaussianProductSpectrum([0.7, alpha]),
  "product through 2 and 0.35": (alpha) => gaussianProductSpectrum([2, 0.35, alpha]),
  "features, delta 0.3, linear 0.9": (alpha) => gaussianFeatureSpectrum(alpha, 0.3, 0.9),
  "features, delta 2, linear 0.3": (alpha) => gaussianFeatureSpectrum(alpha, 2, 0.3),
  "features, linear 1e-7": (alpha) => gaussianFeatureSpectrum(alpha, 0.5, 1e-7),
  "features, linear 1 - 1e-5": (alpha) => gaussianFeatureSpectrum(alpha, 0.5, 1 - 1e-5),
  scaled: (alpha) => scaledSpectrum(marchenkoPastur(alpha), 3)
};
const ALPHAS = [1e-3, 0.3, 0.5, 0.999, 1.3, 20, 1e3];

describe.each(Object.entries(LAWS))("spectrum: %s", (_, law) => {
  test.each(ALPHAS)("alpha %d: nodes carry the rank and the mean, and reproduce eta and the Shannon transform", (alpha) => {
    const s = law(alpha);
    expect(s.alpha).toBe(alpha);
    expect(s.rank).toBeLessThanOrEqual(Math.min(1, alpha));
    expect(
      relative(
        over(s, () => 1),
        s.rank
      )
    ).toBeLessThan(1e-8);
    expect(
      relative(
        over(s, (l) => l),
        s.mean
      )
    ).toBeLessThan(1e-8);
    for (const x of [1e-6, 0.01, 1, 30]) {
      expect(
        relative(
          over(s, (l) => 1 / (1 + x * l)),
          s.tail(x)
        ),
        `tail(${x})`
      ).toBeLessThan(1e-8);
      if (s.missing)
        expect(
          relative(
            over(s, (l) => (x * l) / (1 + x * l)),
            s.missing(x)
          ),
          `missing(${x})`
        ).toBeLessThan(1e-8);
      expect(
        relative(
          over(s, (l) => Math.log1p(x * l)),
          s.shannon(x)
        ),
        `shannon(${x})`
      ).toBeLessThan(1e-8);
    }
  });

  test.each(ALPHAS)("alpha %d: eta = 1 - rank + tail falls from 1, and d shannon/dx = (1 - eta)/x", (alpha) => {
    const s = law(alpha);
    expect(s.tail(0)).toBe(s.rank);
    expect(s.eta(0)).toBe(1);
    expect(s.shannon(0)).toBe(0);
    for (const x of [1e-2, 0.7, 15, 400]) {
      const h = 1e-3;
      // central differences in ln x, with one step of Richardson: error h^4
      const slope = (k: number) => (s.shannon(x * Math.exp(k * h)) - s.shannon(x * Math.exp(-k * h))) / (2 * k * h);
      expect(relative((4 * slope(1) - slope(2)) / 3, 1 - s.eta(x)), `at ${x}`).toBeLessThan(1e-9);
    }
  });

  test.each(ALPHAS)("alpha %d: extreme x: finite, monotone, and the limits of both ends to their digits", (alpha) => {
    const s = law(alpha);
    let before = s.rank;
    let shannon = 0;
    for (let e = -30; e <= 30; e += 2.5) {
      const x = 10 ** e;
      const t = s.tail(x);
      expect(t).toBeGreaterThan(0);
      expect(t).toBeLessThanOrEqual(before * (1 + 1e-13));
      expect(s.shannon(x)).toBeGreaterThan(shannon);
      expect(s.eta(x)).toBe(1 - s.rank + t);
      before = t;
      shannon = s.shannon(x);
    }
    expect(relative(s.shannon(1e-20), 1e-20 * s.mean)).toBeLessThan(1e-12);
    // tail(x) x -> E 1/lambda over the nonzero part, where that exists
    expect(relative(s.tail(1e30), s.tail(1e27) / 1e3)).toBeLessThan(1e-9);
    expect(Number.isFinite(s.shannon(1e300)) && Number.isFinite(s.tail(1e300))).toBe(true);
  });
});

/** alpha, x, tail, Shannon transform: references.py (mpmath, 80 digits, checked there against the density). */
const MARCHENKO_PASTUR: readonly [number, number, number, number][] = [
  [1e-3, 1e-12, 0.000999999999999, 9.999999999994995e-16],
  [1e-3, 1e-3, 0.000999000999998004, 9.994998340823671e-7],
  [1e-3, 1, 0.0005001249999921875, 0.0006930221909792156],
  [1e-3, 1e3, 9.99999000002e-7, 0.0069082556120651705],
  [1e-3, 1e12, 1.001001000999998e-15, 0.0276305209491795],
  [1e-3, 1e30, 1.001001001001001e-33, 0.06907705262307132],
  [0.5, 1e-12, 0.4999999999995, 4.99999999999625e-13],
  [0.5, 1e-3, 0.49950074862780636, 0.0004996254576314373],
  [0.5, 1, 0.28077640640441515, 0.3167675942401517],
  [0.5, 1e3, 0.0009960238254275065, 3.301449237727327],
  [0.5, 1e12, 9.99999999996e-13, 13.662084148245247],
  [0.5, 1e30, 9.999999999999999e-31, 34.38534998519066],
  [1, 1e-12, 0.999999999999, 9.99999999999e-13],
  [1, 1e-3, 0.9990019950139581, 0.0009990016631750448],
  [1, 1, 0.6180339887498949, 0.5804576388691017],
  [1, 1e3, 0.03112672920173694, 5.970503467318076],
  [1, 1e12, 9.99999500000125e-7, 26.63102311592805],
  [1, 1e30, 9.999999999999995e-16, 68.07755278982137],
  [1.000001, 1e-12, 0.999999999999, 1.000000999999e-12],
  [1.000001, 1e-3, 0.9990019940169482, 0.0009990026616783687],
  [1.000001, 1, 0.6180337123567821, 0.5804581200808413],
  [1.000001, 1e3, 0.031126237110394465, 5.9705069369987855],
  [1.000001, 1e12, 6.180337123795199e-7, 26.631036686295566],
  [1.000001, 1e30, 1.0000000000822665e-24, 68.07756760533243],
  [1e3, 1e-12, 0.999999999, 9.999999994995e-10],
  [1e3, 1e-3, 0.5001249999921875, 0.6930221909792156],
  [1e3, 1, 0.000999999000002, 6.908255612065171],
  [1e3, 1e3, 1.000999997995997e-6, 13.815011392214725],
  [1e3, 1e12, 1.001001001001e-15, 34.53827622816063],
  [1e3, 1e30, 1.001001001001001e-33, 75.98480790205346]
];

describe("Marchenko-Pastur in closed form", () => {
  test.each(MARCHENKO_PASTUR)("alpha %d, x %d", (alpha, x, tail, shannon) => {
    const s = marchenkoPastur(alpha);
    expect(relative(s.tail(x), tail)).toBeLessThan(1e-14);
    expect(relative(s.shannon(x), shannon)).toBeLessThan(1e-14);
  });

  test("moments: E lambda^2 = alpha (1 + alpha), E lambda^3 = alpha (1 + 3 alpha + alpha^2); Gauss nodes are exact, near alpha = 1 too", () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: 2, max: 300 }), (e, n) => {
        const alpha = 10 ** e;
        for (const a of [alpha, 1 + 1e-5 * e, 1]) {
          const s = marchenkoPastur(a, n);
          expect(
            relative(
              over(s, () => 1),
              s.rank
            )
          ).toBeLessThan(1e-13);
          expect(
            relative(
              over(s, (l) => l * l),
              a * (1 + a)
            )
          ).toBeLessThan(1e-13);
          expect(
            relative(
              over(s, (l) => l ** 3),
              a * (1 + 3 * a + a * a)
            )
          ).toBeLessThan(1e-13);
        }
      }),
      { numRuns: 40 }
    );
  });
});

describe("limits of one family are another", () => {
  const xs = [1e-8, 0.1, 1, 50, 1e8];
  const same = (a: Spectrum, b: Spectrum, tolerance: number) => {
    for (const x of xs) {
      expect(relative(a.tail(x), b.tail(x)), `tail(${x})`).toBeLessThan(tolerance);
      expect(relative(a.shannon(x), b.shannon(x)), `shannon(${x})`).toBeLessThan(tolerance);
    }
  };
  test.each([0.2, 1, 3])("alpha %d: one factor is Marchenko-Pastur, a factor of very many columns changes nothing", (alpha) => {
    same(gaussianProductSpectrum([alpha]), marchenkoPastur(alpha), 1e-12);
    same(gaussianProductSpectrum([1e12, alpha]), marchenkoPastur(alpha), 1e-5);
  });
  test.each([0.2, 1.1, 3])("alpha %d: features without a linear part are Marchenko-Pastur, purely linear ones a product", (alpha) => {
    same(gaussianFeatureSpectrum(alpha, 0.6, 1e-13), marchenkoPastur(alpha), 1e-10);
    same(gaussianFeatureSpectrum(alpha, 0.6, 0), marchenkoPastur(alpha), 1e-15);
    same(gaussianFeatureSpectrum(alpha, 0.6, 1), gaussianProductSpectrum([0.6, alpha]), 1e-15);
    const nearly = gaussianFeatureSpectrum(alpha, 2.6, 1 - 1e-9);
    for (const x of [0.1, 1]) expect(relative(nearly.shannon(x), gaussianProductSpectrum([2.6, alpha]).shannon(x))).toBeLessThan(1e-6);
  });
  test("the square of a square Gaussian is Fuss-Catalan: E lambda^k = C(3k, k)/(2k + 1) and, with three factors, C(4k, k)/(3k + 1)", () => {
    const two = gaussianProductSpectrum([1, 1]);
    const three = gaussianProductSpectrum([1, 1, 1]);
    [1, 3, 12, 55, 273].forEach((m, k) => {
      expect(
        relative(
          over(two, (l) => l ** (k + 1)),
          m
        )
      ).toBeLessThan(1e-12);
    });
    [1, 4, 22, 140].forEach((m, k) => {
      expect(
        relative(
          over(three, (l) => l ** (k + 1)),
          m
        )
      ).toBeLessThan(1e-12);
    });
  });
  test("second moment of the features: E lambda^2 = alpha (1 + alpha E sigma^2), E sigma^2 = 1 + a^4/delta", () => {
    for (const [alpha, delta, linear] of [
      [0.5, 0.3, 0.9],
      [2, 0.05, 0.99],
      [30, 4, 0.5]
    ])
      expect(
        relative(
          over(gaussianFeatureSpectrum(alpha, delta, linear), (l) => l * l),
          alpha * (1 + alpha * (1 + linear ** 2 / delta))
        )
      ).toBeLessThan(1e-10);
  });
});

describe("spectra of lists", () => {
  test("eigenvalues and singular values of one matrix give one spectrum, and rounding zeros count as zeros", () => {
    const a = spectrumFromEigenvalues([4, 1, 1e-15, -1e-16], 0.5);
    const b = spectrumOf([2, 1], 4, 0.5);
    expect(a).toMatchObject({ rank: 0.5, mean: 1.25 });
    for (const x of [0, 0.3, 1e9]) expect([a.eta(x), a.tail(x), a.shannon(x)]).toEqual([b.eta(x), b.tail(x), b.shannon(x)]);
    expect(b.eta(2)).toBeCloseTo(0.5 + 0.25 / 9 + 0.25 / 3, 15);
  });
  test.each<[string, () => unknown, string]>([
    ["no eigenvalue", () => spectrumFromEigenvalues([], 1), "at least one"],
    ["a negative one", () => spectrumFromEigenvalues([1, -0.1], 1), "-0.1"],
    ["a zero matrix", () => spectrumOf([0, 0], 2, 1), "zero matrix"],
    ["more values than columns", () => spectrumOf([1, 1, 1], 2, 1), "cols"],
    ["NaN", () => spectrumOf([Number.NaN], 2, 1), "NaN"],
    ["too much weight", () => atomicSpectrum(1, [1, 2], [0.7, 0.7]), "1.4"],
    ["alpha 0", () => marchenkoPastur(0), "alpha"],
    ["a ratio of -1", () => gaussianProductSpectrum([-1]), "ratio"],
    ["a linear share of 2", () => gaussianFeatureSpectrum(1, 1, 2), "linear share"],
    ["x = -1", () => marchenkoPastur(1).eta(-1), "-1"],
    ["x = infinity", () => gaussianProductSpectrum([1, 1]).shannon(Number.POSITIVE_INFINITY), "x must be"]
  ])("%s is refused by name", (_, build, word) => {
    expect(build).toThrow(ParameterError);
    expect(build).toThrow(word);
  });
});

/** Rows and columns that every ensemble accepts (partial-hadamard: the larger a power of two). */
const SHAPES: readonly (readonly [number, number])[] = [
  [128, 256],
  [256, 192],
  [128, 128]
];
/**
 * Linear statistics sum_i g(lambda_i) of these laws have deviations and biases of order one, whatever the size: the averages are
 * within C/cols. C = 6: four deviations (at most about 1 for these g), rounded ranks and the ends of the geometric progression.
 * Few latent dimensions add the bias of the Gaussian equivalence: cols (shannon(50) - limit), averaged over seeds at alpha = 1, is
 * -6.5, -5.4, -4.9, -4.8 at cols = 64, 128, 256, 512 (deviation 1) for sign with d/cols = 1/8, so it too is of order 1/cols.
 */
const BOUND = (spec: string): number => (spec.includes("sign,latentRatio=0.125") ? 6 + 6.5 : 6);
const SPECS = [
  "gaussian-iid",
  "gaussian-iid:normalization=columns",
  "complex-gaussian-iid",
  "binary-iid",
  "binary-iid:normalization=columns",
  "ternary-iid:density=0.3",
  "ternary-iid:normalization=rows",
  "orthogonal",
  "unitary",
  "row-orthogonal",
  "row-orthogonal:mixing=scrambled",
  "partial-dct",
  "partial-dct:signs=none",
  "partial-fourier",
  "partial-hadamard",
  "geometric-spectrum:conditionNumber=100",
  "geometric-spectrum:conditionNumber=1e4,rank=0.6,field=complex",
  "singular-values:values=1/3/10,rank=0.75",
  "gaussian-product:ratios=0.7",
  "gaussian-product:ratios=2/0.5,field=complex",
  "random-features:activation=relu,latentRatio=0.5",
  "random-features:activation=sign,latentRatio=0.125",
  "random-features:activation=hard-tanh,latentRatio=2",
  "random-features:activation=linear,latentRatio=0.6",
  "random-features:activation=abs"
];

describe.each(SPECS)("%s", (spec) => {
  const family = Object.values(registry).find((f) => f.id === spec.split(":")[0]) as Family<Ensemble>;

  test.each(SHAPES)("sampled %d x %d: eta and Shannon transform are those of the limit within C/cols, |A|_F^2 = rows", (rows, cols) => {
    const law = ensemble(spec).spectrum(rows / cols);
    const A = ensemble(spec).sample(makeRng(17, spec), rows, cols);
    const seen = sampledSpectrum(A);
    expect([A.rows, A.cols, A.scalar]).toEqual([rows, cols, ensemble(spec).scalar]);
    expect(relative(seen.mean, A.frobenius2 / cols)).toBeLessThan(1e-12);
    expect(Math.abs(seen.rank - law.rank)).toBeLessThan(1 / cols + 1e-12);
    for (const x of [0.05, 0.5, 5, 50]) {
      expect(Math.abs(seen.eta(x) - law.eta(x)) * cols, `eta(${x}): ${seen.eta(x)} against ${law.eta(x)}`).toBeLessThan(BOUND(spec));
      expect(Math.abs(seen.shannon(x) - law.shannon(x)) * cols, `shannon(${x}): ${seen.shannon(x)} against ${law.shannon(x)}`).toBeLessThan(
        6
      );
    }
    if (!spec.includes("columns")) expect(Math.abs(A.frobenius2 / rows - 1) * Math.sqrt(cols)).toBeLessThan(3);
  });

  test("a seed is an instance, f32 storage is the same instance rounded", () => {
    const draw = (seed: number, precision: "f64" | "f32" = "f64") => {
      const A = ensemble(spec).sample(makeRng(seed, "W"), 24, 32, { precision });
      const x = Float64Array.from({ length: A.scalar === "complex" ? 64 : 32 }, (_, k) => Math.sin(k));
      const z = new Float64Array(A.scalar === "complex" ? 48 : 24);
      A.apply(x, z);
      return z;
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const [z, rounded] = [draw(1), draw(1, "f32")];
    z.forEach((v, k) => {
      expect(Math.abs(v - rounded[k])).toBeLessThan(2e-6);
    });
  });

  test("one line of the registry, made by its defaults", () => {
    expect(make(family).spectrum(0.5).alpha).toBe(0.5);
  });
});

test("partial-hadamard says which size must be a power of two", () => {
  expect(() => ensemble("partial-hadamard").sample(makeRng(1), 20, 50)).toThrow(/cols.*power of two such as 64, got 50/);
  expect(() => ensemble("partial-hadamard").sample(makeRng(1), 50, 20)).toThrow(/rows.*power of two such as 64, got 50/);
});

test("random-features refuses a complex or constant activation", () => {
  expect(() => ensemble("random-features:activation=nothing")).toThrow(ParameterError);
});

test("a given matrix is its own ensemble, scaled to |A|_F^2 = rows", () => {
  const A = denseFrom(2, 3, [1, 2, 2, 0, 3, 4]);
  const given = givenMatrix(A);
  const drawn = given.sample(makeRng(1), 2, 3);
  expect(drawn.frobenius2).toBeCloseTo(2, 14);
  const law = given.spectrum(2 / 3);
  expect(law.mean).toBeCloseTo(2 / 3, 14);
  expect(law.rank).toBe(2 / 3);
  for (const x of [0.1, 7]) expect(law.eta(x)).toBeCloseTo(sampledSpectrum(drawn).eta(x), 14);
  expect(() => given.sample(makeRng(1), 3, 2)).toThrow(ParameterError);
  expect(() => given.spectrum(1)).toThrow(ParameterError);
});
