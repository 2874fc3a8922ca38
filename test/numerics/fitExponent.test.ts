import { describe, expect, test } from "vitest";
import { fitExponent } from "../../src/numerics/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

describe("fitted exponents", () => {
  test("an exact power law is found exactly", () => {
    const x = [1, 3, 10, 47];
    const fit = fitExponent(
      x,
      x.map((t) => 2.5 * t ** -0.75)
    );
    expect(fit.exponent).toBeCloseTo(-0.75, 12);
    expect(fit.prefactor).toBeCloseTo(2.5, 12);
    expect(fit.standardError).toBeLessThan(1e-12);
    expect(fitExponent([1, 2], [1, 4])).toMatchObject({ exponent: 2, standardError: null, chi2: null });
  });

  test("its standard error is the scatter of fits over noisy data, from errors given or from the points", () => {
    const x = [100, 200, 400, 800, 1600];
    const rng = makeRng(1);
    for (const known of [true, false]) {
      const fits = Array.from({ length: 2000 }, () => {
        const y = x.map((t) => Math.sqrt(t) * Math.exp(0.02 * rng.normal()));
        return fitExponent(x, y, known ? y.map((v) => 0.02 * v) : undefined);
      });
      const mean = fits.reduce((s, f) => s + f.exponent, 0) / fits.length;
      const scatter = Math.sqrt(fits.reduce((s, f) => s + (f.exponent - mean) ** 2, 0) / fits.length);
      const told = Math.sqrt(fits.reduce((s, f) => s + (f.standardError ?? 0) ** 2, 0) / fits.length);
      expect(Math.abs(mean - 0.5)).toBeLessThan((4 * scatter) / Math.sqrt(fits.length));
      // with errors given the larger of two estimates is told: up to a quarter more
      expect(told / scatter).toBeGreaterThan(0.93);
      expect(told / scatter).toBeLessThan(known ? 1.3 : 1.07);
    }
  });

  test("points that no power law has are refused", () => {
    expect(() => fitExponent([1, 2], [1, 0])).toThrow(/y must be positive numbers, got 0/);
    expect(() => fitExponent([3, 3], [1, 2])).toThrow(/two different numbers/);
    expect(() => fitExponent([1, 2], [1])).toThrow(/one length, got 2, 1/);
  });
});
