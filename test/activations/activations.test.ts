/** Laws of the activations: segments are the function, second moments are integrals of it, parity is declared truly. */
import { describe, expect, test } from "vitest";
import * as registry from "../../src/activations/index.ts";
import { make } from "../../src/core/parameters.ts";
import type { Activation, Family } from "../../src/core/types.ts";
import { composite } from "../../src/numerics/quadrature.ts";

const all = Object.values(registry) as unknown as readonly Family<Activation>[];
const functions: Readonly<Record<string, (z: number) => number>> = {
  linear: (z) => z,
  relu: (z) => Math.max(0, z),
  "leaky-relu": (z) => (z > 0 ? z : 0.1 * z),
  abs: Math.abs,
  sign: (z) => (z >= 0 ? 1 : -1),
  "hard-sigmoid": (z) => Math.min(1, Math.max(0, z / 6 + 0.5)),
  "hard-tanh": (z) => Math.min(1, Math.max(-1, z)),
  door: (z) => (z >= 0.67449 || z < -0.67449 ? 1 : -1)
};
const families = all.filter((family) => family.id in functions);

describe.each(families)("activation $id", (family) => {
  const phi = make(family);
  const f = functions[family.id];
  const z = Float64Array.from({ length: 81 }, (_, k) => (k - 40) / 9);

  test("apply is the function", () => {
    const x = new Float64Array(81);
    phi.apply(z, x);
    x.forEach((v, k) => {
      expect(v).toBeCloseTo(f(z[k]), 14);
    });
  });
  test("segments are sorted and cover the line", () => {
    const s = phi.segments ?? [];
    expect(s[0].from).toBe(-Infinity);
    expect(s[s.length - 1].to).toBe(Infinity);
    for (let k = 1; k < s.length; k++) expect(s[k].from).toBe(s[k - 1].to);
  });
  test("secondMoment is E phi(z)^2", () => {
    for (const tau of [1e-3, 0.4, 1, 30]) {
      const sd = Math.sqrt(tau);
      const edges = (phi.segments ?? []).map((s) => s.from / sd).filter((x) => Math.abs(x) < 9);
      const { nodes, weights } = composite(
        [...new Set([-9, -6, -3, 0, 3, 6, 9, ...edges])].sort((a, b) => a - b),
        20
      );
      let sum = 0;
      for (let k = 0; k < nodes.length; k++)
        sum += (weights[k] * Math.exp(-0.5 * nodes[k] ** 2) * f(sd * nodes[k]) ** 2) / Math.sqrt(2 * Math.PI);
      expect(phi.secondMoment(tau) / sum).toBeCloseTo(1, 12);
    }
    expect(phi.secondMoment(0)).toBeCloseTo(f(0) ** 2, 14);
  });
  test("even is what it says", () => {
    const odd = [...z].some((x) => Math.abs(f(x) - f(-x)) > 1e-12 && Math.abs(x) > 1e-9);
    expect(phi.even).toBe(!odd);
  });
});
