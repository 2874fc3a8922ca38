import { expect, test } from "vitest";
import { capShare, sphereNeighbours } from "../../../src/theory/neighbours/index.ts";

test("shares of spheres of dimension 1, 2 and 3 are their closed forms", () => {
  for (const t of [1e-6, 0.3, 1.5, 2.7]) {
    expect(capShare(1, t)).toBeCloseTo(t / Math.PI, 14);
    expect(Math.abs(capShare(2, t) / Math.sin(t / 2) ** 2 - 1)).toBeLessThan(1e-13);
    const third = (t - Math.sin(t) * Math.cos(t)) / Math.PI;
    expect(Math.abs(capShare(3, t) - third)).toBeLessThan(1e-14);
  }
});

test("on S^2 the ratio is exact, the correlation integral has slope 2, and the nearest distance is a Beta function", () => {
  for (const n of [128, 1024, 20_000]) {
    const s = sphereNeighbours(2, n, [4, 32]);
    expect(s.twoNN).toBeCloseTo(2, 10);
    expect(s.correlation).toBeCloseTo(2, 10);
    // E r_1 (n) = int_0^2 (1 - r^2/4)^(n-1) dr = B(1/2, n): the ratio of n/2 to n by its product
    let ratio = 0; // ln B(1/2, n/2) - ln B(1/2, n)
    for (let k = n / 2; k < n; k++) ratio += Math.log1p(0.5 / k);
    expect(s.nearestNeighbour).toBeCloseTo(Math.LN2 / ratio, 9);
  }
});

test("every estimate tends to the dimension", () => {
  for (const d of [1, 4, 10]) {
    const s = sphereNeighbours(d, 1e9, [4, 32]);
    for (const value of Object.values(s)) expect(Math.abs(value / d - 1)).toBeLessThan(d === 10 ? 0.03 : 1e-3);
  }
});
