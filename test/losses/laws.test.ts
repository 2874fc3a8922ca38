/** The laws every loss obeys, at its defaults and at the ends of its parameters: a new loss is tested by being registered. */
import { describe, expect, test } from "vitest";
import { make, ParameterError } from "../../src/core/parameters.ts";
import { canonicalSpec, makeFromSpec } from "../../src/core/specs.ts";
import type { Family, Loss, Vec } from "../../src/core/types.ts";
import * as losses from "../../src/losses/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import table from "./references.json" with { type: "json" };

const families = Object.values(losses) as unknown as Family<Loss>[];
const one = (x: number): Vec => Float64Array.of(x);
function value(loss: Loss, y: number, z: number): number {
  const out = one(0);
  loss.value(one(y), one(z), out);
  return out[0];
}
function derivatives(loss: Loss, y: number, z: number): [number, number] {
  const first = one(0);
  const second = one(0);
  loss.derivatives(one(y), one(z), first, second);
  return [first[0], second[0]];
}
function score(loss: Loss, V: number, omega: number, y: number): [number, number] {
  const g = one(0);
  const curvature = one(0);
  loss.score(one(V), one(omega), one(y), g, curvature);
  return [g[0], curvature[0]];
}
const labelsOf = (loss: Loss): number[] => (loss.labels === "signs" ? [1, -1] : [1, -1, 0.3, -2.7]);
const near = (loss: Loss, V: number, y: number, omega: number, h: number): boolean =>
  loss.breaks(V, y).some((b) => Math.abs(b - omega) <= h);

function points(family: Family<Loss>): Record<string, number>[] {
  const list: Record<string, number>[] = [{}];
  for (const [name, p] of Object.entries(family.params))
    if (p.kind === "real") for (const x of [p.min, p.max, Math.sqrt(p.min * p.max) || 0.37]) list.push({ [name]: x });
  return list;
}

for (const family of families)
  for (const point of points(family)) {
    const loss = make(family, point);
    const size = Math.max(1, ...Object.values(point));
    const omegas = [-7, -2.2, -1.3, -0.4, 0.013, 0.6, 1.7, 4].map((x) => x * size);

    describe(`loss ${family.id} ${JSON.stringify(point)}`, () => {
      test("its derivatives are those of its value", () => {
        for (const y of labelsOf(loss))
          for (const z of omegas) {
            const h = 1e-3;
            if (near(loss, 0, y, z, 2 * h)) continue;
            const [first, second] = derivatives(loss, y, z);
            const f = (k: number) => value(loss, y, z + k * h);
            const slope = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
            expect(Math.abs(first - slope), `l' at y=${y} z=${z}`).toBeLessThan(1e-10 * size * size);
            const d = (k: number) => derivatives(loss, y, z + k * h)[0];
            expect(Math.abs(second - (8 * (d(1) - d(-1)) - (d(2) - d(-2))) / (12 * h)), `l'' at y=${y} z=${z}`).toBeLessThan(1e-10 * size);
          }
      });

      test("the proximal point is stationary: -g is the slope of l at eta = omega + V g, or between the slopes at its kink", () => {
        for (const y of labelsOf(loss))
          for (const V of [1e-6, 0.03, 0.7, 3, 40, 1e4, 1e8])
            for (const omega of omegas) {
              const [g] = score(loss, V, omega, y);
              const eta = omega + V * g;
              // a kink is met to the rounding of V g
              const width = 4e-16 * (Math.abs(omega) + V * Math.abs(g)) + 1e-15 * size;
              const below = derivatives(loss, y, eta - 2 * width)[0];
              const above = derivatives(loss, y, eta + 2 * width)[0];
              const slack = 1e-12 * (1 + Math.abs(below) + Math.abs(above));
              if (!(-g >= below - slack && -g <= above + slack))
                throw new Error(`y=${y} V=${V} omega=${omega}: -g = ${-g}, slopes ${below} and ${above} at eta = ${eta}`);
            }
      });

      test("curvature is minus the derivative of g in omega", () => {
        for (const y of labelsOf(loss))
          for (const V of [1e-3, 0.03, 0.7, 3, 40])
            for (const omega of omegas) {
              const h = 1e-4 * Math.max(1, V);
              if (near(loss, V, y, omega, 3 * h)) continue;
              const [, curvature] = score(loss, V, omega, y);
              const g = (k: number) => score(loss, V, omega + k * h, y)[0];
              const slope = -(8 * (g(1) - g(-1)) - (g(2) - g(-2))) / (12 * h);
              expect(Math.abs(curvature - slope), `y=${y} V=${V} omega=${omega}`).toBeLessThan(1e-9 * (1 + curvature) * size);
            }
      });

      test("V -> 0 gives -l' and l'', V -> infinity the minimiser of l", () => {
        for (const y of labelsOf(loss))
          for (const omega of omegas) {
            const [first, second] = derivatives(loss, y, omega);
            for (const V of [0, 1e-310, 1e-14]) {
              if (near(loss, V, y, omega, 1e-9)) continue;
              const [g, curvature] = score(loss, V, omega, y);
              expect(Math.abs(g + first)).toBeLessThan(1e-12 * (1 + Math.abs(first)));
              expect(Math.abs(curvature - second)).toBeLessThan(1e-12);
            }
            let last = Number.POSITIVE_INFINITY;
            for (const V of [1, 1e3, 1e6, 1e9, 1e12]) {
              const [g] = score(loss, V, omega, y);
              const envelope = value(loss, y, omega + V * g) + 0.5 * V * g * g; // Moreau's: falls with V, to the least value of l, 0
              expect(envelope).toBeLessThanOrEqual(last * (1 + 1e-12));
              last = envelope;
            }
            expect(last).toBeLessThan(1e-9 * size ** 2 * (1 + omega * omega));
          }
      });

      test("break points are sorted, and where the curvature jumps", () => {
        for (const y of labelsOf(loss))
          for (const V of [0.03, 0.7, 40]) {
            const breaks = loss.breaks(V, y);
            for (let k = 0; k < breaks.length; k++) {
              if (k > 0) expect(breaks[k]).toBeGreaterThanOrEqual(breaks[k - 1]);
              const h = 1e-9 * (1 + Math.abs(breaks[k]));
              const jump = Math.abs(score(loss, V, breaks[k] + h, y)[1] - score(loss, V, breaks[k] - h, y)[1]);
              expect(jump).toBeCloseTo(loss.smooth ? 1 / (1 + V) : 1 / V, 6);
            }
          }
      });

      test("l is convex, g falls with omega and 0 <= curvature <= 1/V, at any argument", () => {
        const rng = makeRng(7, family.id);
        for (let k = 0; k < 400; k++) {
          const wild = () => (rng.uniform() < 0.5 ? -1 : 1) * 10 ** (-9 + 15 * rng.uniform());
          const y = loss.labels === "signs" ? (rng.uniform() < 0.5 ? 1 : -1) : wild();
          const a = wild();
          const b = wild();
          const middle = value(loss, y, 0.5 * (a + b));
          const chord = 0.5 * (value(loss, y, a) + value(loss, y, b));
          expect(middle).toBeLessThanOrEqual(chord * (1 + 1e-12) + 1e-300);
          const V = 10 ** (-12 + 24 * rng.uniform());
          const [ga, ca] = score(loss, V, Math.min(a, b), y);
          const [gb, cb] = score(loss, V, Math.max(a, b), y);
          for (const x of [ga, ca, gb, cb]) expect(Number.isFinite(x)).toBe(true);
          expect(gb).toBeLessThanOrEqual(ga + 1e-12 * Math.abs(ga));
          for (const c of [ca, cb]) {
            expect(c).toBeGreaterThanOrEqual(0);
            expect(c * V).toBeLessThanOrEqual(1 + 1e-15);
          }
        }
      });

      test("nothing overflows at the ends of the double range", () => {
        for (const y of loss.labels === "signs" ? [1, -1] : [0, 1, -1e6])
          for (const V of [0, Number.MIN_VALUE, 1e-300, 1, 1e12, 1e100, 1e300])
            for (const omega of [-1e100, -1e6, -1, 0, Number.MIN_VALUE, 1, 1e6, 1e100])
              for (const x of [...score(loss, V, omega, y), ...derivatives(loss, y, omega)])
                if (!Number.isFinite(x)) throw new Error(`y=${y} V=${V} omega=${omega}: ${x}`);
      });

      test("a V each gives what that V shared gives", () => {
        const Vs = Float64Array.of(0, 1e-3, 0.5, 2, 1e5);
        const omega = Float64Array.of(-2, -0.5, 0.1, 0.9, 3);
        const y = Float64Array.of(1, -1, -1, 1, 1);
        const g = new Float64Array(5);
        const c = new Float64Array(5);
        loss.score(Vs, omega, y, g, c);
        for (let i = 0; i < 5; i++) expect([g[i], c[i]]).toEqual(score(loss, Vs[i], omega[i], y[i]));
      });
    });
  }

test("logistic proximal points have the digits that their arguments allow, for V from 0 to 1e12 and |omega| to 1e6", () => {
  const loss = make(losses.logistic);
  for (const [V, u, g, curvature, conditionG, conditionC] of table)
    for (const y of [1, -1]) {
      const [have, bend] = score(loss, V, y * u, y);
      // 3 roundings; below 1e-300 values are subnormal
      if (Math.abs(y * have - g) > 6.7e-16 * conditionG * g + 1e-300) throw new Error(`V=${V} u=${u}: g ${have} against ${g}`);
      if (Math.abs(bend - curvature) > 6.7e-16 * conditionC * curvature + 1e-300)
        throw new Error(`V=${V} u=${u}: ${bend} against ${curvature}`);
    }
});

test("hinge and huber shift and scale as their parameters say", () => {
  const wide = makeFromSpec<Loss>(losses, "hinge:margin=2.5", "loss");
  expect(value(wide, -1, 0.5)).toBe(3);
  expect(wide.breaks(0.5, -1)).toEqual([-2.5, -2]);
  const h = makeFromSpec<Loss>(losses, "huber:delta=2", "loss");
  expect(value(h, 0, 5)).toBe(8);
  // delta -> infinity is the square loss, delta -> 0 is delta times the absolute one
  expect(value(make(losses.huber, { delta: 1e6 }), 1, -7)).toBe(value(make(losses.square), 1, -7));
  expect(value(make(losses.huber, { delta: 1e-6 }), 1, -7) / 1e-6).toBeCloseTo(8, 5);
});

test("specs of losses are read, completed and refused like those of other bricks", () => {
  expect(canonicalSpec(losses, "hinge", "loss")).toBe("hinge:margin=1");
  expect(() => makeFromSpec<Loss>(losses, "logistics", "loss")).toThrow(/unknown loss "logistics"; did you mean logistic\?/);
  expect(() => makeFromSpec<Loss>(losses, "hinge:margin=-1", "loss")).toThrow(ParameterError);
});
