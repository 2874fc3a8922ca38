/** The fuzz tests, declared for the everyday run and, with more runs, for the nightly one. A failure prints its seed and the smallest example found. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as ensembles from "../../src/ensembles/index.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Ensemble } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as registry from "../../src/scenarios/index.ts";
import { attack, checkAttack } from "./adversary.ts";
import { type AnyScenario, checkEvolution, checkLandscape, checkPrediction, checkSimulation, rawFor } from "./properties.ts";
import { rawOf } from "./draw.ts";

/** Everyday runs: a relu or modulus with noise is a double integral, `glm` meets every brick at the ends of its range. */
const RUNS: Readonly<Record<string, number>> = {
  "relu-regression": 12,
  "phase-retrieval": 10,
  glm: 8,
  "rotational-glm": 5,
  multilayer: 2,
  "generative-compressed-sensing": 3,
  "generative-phase-retrieval": 3,
  "layer-entropy": 2,
  "total-variation": 12
};
const OTHERS = 30;
/** A landscape is 176 free entropies, each a double integral for some channels. */
const LANDSCAPES = 0.25;
const CHECKS = {
  "predictions and thresholds are finite, in range and agree with the phase": checkPrediction,
  "state evolution is finite and in range": checkEvolution,
  "a small run is finite and ends with an outcome": checkSimulation,
  "the landscape is finite, its overlaps in order": checkLandscape
} as const;

/** Declares every property with `factor` times the everyday runs, from a seed. */
export function fuzz(factor: number, seed: number): void {
  const limit = { timeout: 300_000 * factor };
  const parameters = (runs: number) => ({ numRuns: Math.ceil(factor * runs), seed, endOnFailure: true });

  for (const s of Object.values(registry) as unknown as readonly AnyScenario[])
    describe(`${s.id}, anywhere in its declared ranges`, () => {
      for (const [what, check] of Object.entries(CHECKS))
        test(what, limit, () => {
          fc.assert(
            fc.property(rawFor(s), (raw) => {
              expect(check(s, raw)).toEqual([]);
            }),
            parameters((RUNS[s.id] ?? OTHERS) * (check === checkLandscape ? LANDSCAPES : 1))
          );
        });
    });

  test("GAMP answers zeros, constants, huge and impossible labels through any matrix with an outcome", limit, () => {
    fc.assert(
      fc.property(attack, (a) => {
        expect(checkAttack(a)).toEqual([]);
      }),
      parameters(400)
    );
  });

  test("every ensemble draws finite entries and norms, and its adjoint is its adjoint", limit, () => {
    const families = Object.values(ensembles);
    const drawn = fc
      .constantFrom(...families)
      .chain((family) =>
        fc.tuple(fc.constant(family), rawOf(family.params), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
      );
    fc.assert(
      fc.property(drawn, ([family, raw, rows, cols]) => {
        const words = Object.entries(raw).map(([k, v]) => `${k}=${typeof v === "object" ? v.join("/") : v}`);
        // the larger size of a Hadamard matrix is a power of two
        if (family.id === "partial-hadamard") [rows, cols] = rows > cols ? [32, cols] : [rows, 32];
        const A = makeFromSpec<Ensemble>(ensembles, words.length ? `${family.id}:${words.join(",")}` : family.id, "ensemble").sample(
          makeRng(rows, "W"),
          rows,
          cols
        );
        const width = A.scalar === "complex" ? 2 : 1;
        const [x, z] = [new Float64Array(width * cols), new Float64Array(width * rows)];
        const [Ax, Az] = [new Float64Array(width * rows), new Float64Array(width * cols)];
        makeRng(1, "x").fillNormal(x);
        makeRng(1, "z").fillNormal(z);
        A.apply(x, Ax);
        A.adjoint(z, Az);
        const dot = (u: Float64Array, v: Float64Array) => u.reduce((s, a, i) => s + a * v[i], 0);
        const size = Math.sqrt(dot(x, x) * dot(z, z) * A.frobenius2);
        expect([A.frobenius2, ...Ax, ...Az].every(Number.isFinite)).toBe(true);
        expect(Math.abs(dot(Ax, z) - dot(x, Az))).toBeLessThanOrEqual(1e-12 * size);
      }),
      parameters(100)
    );
  });
}
