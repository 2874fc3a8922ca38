import { describe, expect, test } from "vitest";
import { make } from "../../../src/core/parameters.ts";
import type { Ensemble, Spectrum } from "../../../src/core/types.ts";
import { complexGaussianIid, gaussianIid, rowOrthogonal } from "../../../src/ensembles/index.ts";
import { ensembleModule, linearModule } from "../../../src/modules/index.ts";
import { makeRng } from "../../../src/numerics/random/index.ts";

const ensembles: readonly (readonly [string, Ensemble, number, number])[] = [
  ["gaussian, alpha 0.5", make(gaussianIid), 250, 500],
  ["gaussian, alpha 2", make(gaussianIid), 600, 300],
  ["complex gaussian, alpha 0.7", make(complexGaussianIid), 210, 300],
  ["row-orthogonal, alpha 0.4", make(rowOrthogonal), 200, 500]
];

describe("a linear layer known by its ensemble", () => {
  test.each(ensembles)(
    "%s: predicts v, extrinsic, free entropy and the squared error of a sampled instance",
    (name, ensemble, rows, cols) => {
      const rng = makeRng(4, name);
      const theory = ensembleModule(ensemble, rows, cols);
      const instance = linearModule(ensemble.sample(rng.fork("A"), rows, cols));
      const complex = ensemble.scalar === "complex";
      const w = complex ? 2 : 1;
      const tau = [1, 0];
      theory.secondMoments(tau);
      const own = [1, 0];
      instance.secondMoments(own);
      // |A|_F^2/cols has a relative spread of (2/(rows cols))^(1/2)
      expect(Math.abs(own[1] / tau[1] - 1)).toBeLessThan(5 * Math.sqrt(2 / (rows * cols)));
      for (const [ax, az] of [
        [1.5, 0.7],
        [2, 50],
        [1.01, 1e4]
      ]) {
        const part = (v: number, n: number): Float64Array => {
          const x = new Float64Array(w * n);
          rng.fillNormal(x, Math.sqrt(v / w));
          return x;
        };
        // omega ~ N(0, tau - 1/a_x), x = omega + N(0, 1/a_x): the message from below; b_z = a_z z + N(0, a_z)
        const omega = part(tau[0] - 1 / ax, cols);
        const x = part(1 / ax, cols).map((e, j) => e + omega[j]);
        const z = new Float64Array(w * rows);
        instance.sample(rng, [x], [z]);
        const noise = part(az, rows);
        const messages = [
          { a: ax, b: omega.map((o) => ax * o) },
          { a: az, b: z.map((s, i) => az * s + noise[i]) }
        ];
        [x, z].forEach((truth, p) => {
          const mean = new Float64Array(truth.length);
          const got = instance.project(p, messages, mean, new Float64Array(truth.length));
          const want = theory.error(p, [ax, az], tau);
          // linear statistics of the spectrum fluctuate by O(1/cols): 10/cols is beyond them by a factor of three or more
          expect(Math.abs(got.v / want.v - 1)).toBeLessThan(10 / cols);
          expect(Math.abs(got.extrinsic / want.extrinsic - 1)).toBeLessThan(10 / cols);
          const n = truth.length / w;
          const squared = truth.reduce((s, t, i) => s + (t - mean[i]) ** 2, 0) / n;
          // a mean of n squares whose largest share is 1/a_x: 5 standard errors of at most 3 (2/n)^(1/2), one false alarm in 1e6
          expect(Math.abs(squared / want.v - 1)).toBeLessThan(5 * 3 * Math.sqrt(2 / n));
        });
        const value = (instance.logPartition(messages) - cols * (ax * tau[0] + az * tau[1] * (rows / cols)) * (complex ? 1 : 0.5)) / cols;
        // (b_x.x + b_z.z)/2 fluctuates by (a_x + a_z alpha tau_z) (2/cols)^(1/2) at most
        const spread = (ax * tau[0] + (az * tau[1] * rows) / cols) * Math.sqrt(2 / cols);
        expect(Math.abs(value - theory.freeEntropy([ax, az], tau) / cols)).toBeLessThan(5 * spread);
      }
    }
  );

  test.each(ensembles)("%s: slopes of the free entropy are -size v/2 (complex: -size v)", (_, ensemble, rows, cols) => {
    const module = ensembleModule(ensemble, rows, cols);
    const factor = ensemble.scalar === "complex" ? 1 : 0.5;
    for (const a of [
      [1, 1e-3],
      [1.5, 30],
      [1, 1e5]
    ])
      [cols, rows].forEach((size, p) => {
        // five points: the truncation is (h/a)^4 of order 1e-8, and so is the rounding of ln(a_x + a_z lambda) against h v
        const h = 1e-2 * a[p];
        const at = (s: number): number =>
          module.freeEntropy(
            a.map((x, q) => (q === p ? x + s * h : x)),
            [1, 1]
          );
        const { v } = module.error(p, a, [1, 1]);
        const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
        expect(Math.abs(slope / (size * factor * v) + 1)).toBeLessThan(1e-6);
      });
  });

  test.each(ensembles)(
    "%s: a_x v_x + alpha a_z v_z = 1 and 1/v = a + extrinsic over thirty decades, and finite at 0 and infinity",
    (_, ensemble, rows, cols) => {
      const module = ensembleModule(ensemble, rows, cols);
      for (let i = -15; i <= 15; i += 3)
        for (let j = -15; j <= 15; j += 3) {
          const a = [10 ** i, 10 ** j];
          const x = module.error(0, a, [1, 1]);
          const z = module.error(1, a, [1, 1]);
          expect(Math.abs(a[0] * x.v + (rows / cols) * a[1] * z.v - 1)).toBeLessThan(1e-12);
          expect(Math.abs(x.v * (a[0] + x.extrinsic) - 1)).toBeLessThan(1e-12);
          expect(Math.abs(z.v * (a[1] + z.extrinsic) - 1)).toBeLessThan(1e-12);
        }
      const far = Number.POSITIVE_INFINITY;
      for (const a of [[1, 0], [0, 1], [1, far], [far, 1], [far, far]]) // biome-ignore format: a list
        for (const p of [0, 1]) {
          const { v, extrinsic } = module.error(p, a, [1, 1]);
          expect([v, extrinsic, module.freeEntropy(a, [1, 1])].every(Number.isFinite)).toBe(true);
        }
    }
  );

  test("noiseless limit: at a_z = infinity, alpha < 1, the message to z stays finite, a_x/(1 - alpha)", () => {
    const module = ensembleModule(make(gaussianIid), 50, 100);
    const { extrinsic } = module.error(1, [3, Number.POSITIVE_INFINITY], [1, 1]);
    // a_x E[1/lambda; lambda > 0]/alpha, and for Marchenko-Pastur E[1/lambda; lambda > 0] = alpha/(1 - alpha)
    expect(extrinsic).toBeCloseTo(3 / 0.5, 9);
  });

  test("an instance is refused with the way out", () => {
    const module = ensembleModule(make(gaussianIid), 5, 10);
    expect(() => module.logPartition([])).toThrow(/sample one first/);
    const spectrum: Spectrum = make(gaussianIid).spectrum(0.5);
    expect(spectrum.alpha).toBe(0.5);
  });
});
