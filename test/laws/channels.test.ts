/** Laws every channel of the registry obeys, at parameters drawn from its declared ranges. */
import { describe, expect, test } from "vitest";
import * as registry from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import type { Channel, Family, Field, OutputLaw, Param, Params, Rng, Vec } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { effort } from "../effort.ts";

const families = Object.values(registry) as unknown as readonly Family<Channel>[];
/** Parameter sets drawn per family, besides the defaults. */
const DRAWS = effort(1, 2);

function drawParam(p: Param, rng: Rng, first: boolean): number | string | undefined {
  if (p.kind !== "real" && p.kind !== "integer") return undefined;
  // The first draw is a middling value (a noise of 0.41), later ones the lower end itself one time in four.
  const u = first ? 0.4 : rng.uniform();
  if (!first && rng.uniform() < 0.25) return p.min;
  if (p.kind === "integer") return Math.min(p.max, p.min + Math.floor(u * (Math.min(p.max, p.min + 4) - p.min + 1)));
  if (p.scale === "log") return p.min * (p.max / p.min) ** u;
  return p.min + (p.max - p.min) * (p.max > 50 ? u ** 6 : u);
}

interface Case {
  readonly name: string;
  readonly id: string;
  readonly channel: Channel;
}

const cases: Case[] = families.flatMap((family) => {
  const rng = makeRng(2024, family.id);
  const params = family.params as Params;
  const sets: Record<string, number | string>[] = [{}];
  if (Object.keys(params).length > 0)
    for (let k = 0; k < DRAWS; k++)
      sets.push(
        Object.fromEntries(
          Object.entries(params).flatMap(([key, p]) => {
            const v = drawParam(p, rng, k === 0);
            return v === undefined ? [] : [[key, v]];
          })
        )
      );
  const distinct = [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()];
  return distinct.map((set) => ({ name: `${family.id} ${JSON.stringify(set)}`, id: family.id, channel: make(family, set) }));
});

const components = (c: Channel) => (c.scalar === "complex" ? 2 : 1);
const labelComponents = (c: Channel) => (c.labelScalar === "complex" ? 2 : 1);

interface Triples {
  readonly z: Vec;
  readonly omega: Vec;
  readonly y: Vec;
}

/** n samples of (omega, z, y) under the law. */
function sampleLaw(c: Channel, law: OutputLaw, n: number, rng: Rng): Triples {
  const d = components(c);
  const omega = new Float64Array(n * d);
  const z = new Float64Array(n * d);
  const y = new Float64Array(n * labelComponents(c));
  rng.fork("omega").fillNormal(omega, Math.sqrt(law.q / d));
  rng.fork("z").fillNormal(z, Math.sqrt(law.spread / d));
  for (let i = 0; i < z.length; i++) z[i] += law.slope * omega[i];
  c.sample(rng.fork("y"), z, y);
  return { z, omega, y };
}

function scores(c: Channel, V: number, omega: Vec, y: Vec): { g: Vec; curvature: Vec; logZ: Vec } {
  const n = omega.length / components(c);
  const g = new Float64Array(omega.length);
  const curvature = new Float64Array(n);
  const logZ = new Float64Array(n);
  c.score(Float64Array.of(V), omega, y, g, curvature);
  c.logPartition(Float64Array.of(V), omega, y, logZ);
  return { g, curvature, logZ };
}

const dot = (w: Vec, f: (i: number) => number) => {
  let sum = 0;
  for (let i = 0; i < w.length; i++) sum += w[i] * f(i);
  return sum;
};

/** |g|^2 of component i. */
const square = (c: Channel, g: Vec, i: number) => (c.scalar === "complex" ? g[2 * i] ** 2 + g[2 * i + 1] ** 2 : g[i] ** 2);

function summary(c: Channel, q: number, V: number): { field: Field; mass: number; J: number; K: number; mean: number; psi: number } {
  const field = c.field({ q, slope: 1, spread: V });
  const { g, curvature, logZ } = scores(c, V, field.input, field.label);
  const w = field.weight;
  const d = components(c);
  return {
    field,
    mass: dot(w, () => 1),
    J: dot(w, (i) => square(c, g, i)),
    K: dot(w, (i) => curvature[i]),
    mean: dot(w, (i) => g[i * d]),
    psi: dot(w, (i) => logZ[i])
  };
}

const LAWS: readonly OutputLaw[] = [
  { q: 0.6, slope: 1, spread: 0.4 },
  { q: 0.9, slope: 0.7, spread: 0.15 },
  { q: 1, slope: 1, spread: 1e-6 }
];

describe.each(cases)("channel $name", { timeout: 60_000 }, ({ channel: c, id, name }) => {
  const d = components(c);

  test("score and curvature are derivatives of log Z", () => {
    for (const V of [2, 0.3, 1e-4]) {
      const n = 12;
      const { omega, y } = sampleLaw(c, { q: 1, slope: 1, spread: V }, n, makeRng(1, name));
      const { g, curvature } = scores(c, V, omega, y);
      const h = 2e-3 * Math.sqrt(V);
      // Central differences of orders 4, in each real direction of omega.
      const first = new Float64Array(omega.length);
      const second = new Float64Array(n);
      for (let dir = 0; dir < d; dir++) {
        const at = (k: number) =>
          scores(
            c,
            V,
            omega.map((w, i) => (i % d === dir ? w + k * h : w)),
            y
          ).logZ;
        const [m2, m1, f0, p1, p2] = [-2, -1, 0, 1, 2].map(at);
        for (let i = 0; i < n; i++) {
          first[i * d + dir] = (8 * (p1[i] - m1[i]) - (p2[i] - m2[i])) / (12 * h) / d;
          second[i] -= (16 * (p1[i] + m1[i]) - (p2[i] + m2[i]) - 30 * f0[i]) / (12 * h * h) / (d * d);
        }
      }
      const unit = 1 / Math.sqrt(V);
      for (let i = 0; i < omega.length; i++) expect(Math.abs(g[i] - first[i])).toBeLessThan(1e-7 * (Math.abs(first[i]) + unit));
      for (let i = 0; i < n; i++) expect(Math.abs(curvature[i] - second[i])).toBeLessThan(2e-5 * (Math.abs(second[i]) + 1 / V));
    }
  });

  test("the nodes of every law weigh one, and matched nodes satisfy E g = 0 and Nishimori E curvature = E |g|^2", () => {
    for (const law of [
      ...LAWS,
      { q: 0, slope: 1, spread: 1 },
      { q: 0, slope: 0, spread: 1 },
      { q: 1, slope: -0.5, spread: 0.5 },
      { q: 0.5, slope: 0, spread: 0.5 }
    ])
      expect(Math.abs(dot(c.field(law).weight, () => 1) - 1)).toBeLessThan(1e-9);
    for (const V of [0.999, 0.5, 1e-3, 1e-9]) {
      const { mass, J, K, mean } = summary(c, 1 - V, V);
      expect(Math.abs(mass - 1)).toBeLessThan(1e-12);
      expect(Math.abs(mean)).toBeLessThan(1e-8 * Math.sqrt(J) + 1e-12);
      // The cancellation in E curvature is measured by 1/V, not by a J that vanishes with q.
      expect(Math.abs(K - J)).toBeLessThan(1e-8 * J + 1e-12 / V);
    }
  });

  test("nodes have the law of the sampler, five standard errors", () => {
    for (const law of LAWS) {
      const n = 4000;
      const { omega, y } = sampleLaw(c, law, n, makeRng(7, name));
      const f = c.field(law);
      const ly = labelComponents(c);
      const value = (k: number, w: Vec, v: Vec, i: number) => {
        const r = d === 2 ? Math.hypot(w[2 * i], w[2 * i + 1]) : w[i];
        const s = ly === 2 ? (w[2 * i] * v[2 * i] + w[2 * i + 1] * v[2 * i + 1]) / (r || 1) : v[i];
        return k === 0 ? Math.tanh(s) : k === 1 ? Math.cos(2 * s + 0.3) : k === 2 ? Math.cos(s - r) : Math.sin(s * r);
      };
      for (let k = 0; k < 4; k++) {
        const values = f.weight.map((_, i) => value(k, f.input, f.label, i));
        const mean = dot(f.weight, (i) => values[i]);
        const variance = dot(f.weight, (i) => (values[i] - mean) ** 2);
        let sample = 0;
        for (let i = 0; i < n; i++) sample += value(k, omega, y, i) / n;
        expect(Math.abs(sample - mean)).toBeLessThan(5 * Math.sqrt(variance / n) + 1e-6);
      }
    }
  });

  test("the natural posterior is omega + V g with variance V - V^2 curvature", () => {
    for (const V of [3, 0.2, 1e-3]) {
      const n = 10;
      const { omega, y } = sampleLaw(c, { q: 1, slope: 1, spread: V }, n, makeRng(3, name));
      const { g, curvature } = scores(c, V, omega, y);
      const mean = new Float64Array(omega.length);
      const variance = new Float64Array(n);
      c.posterior(
        Float64Array.of(1 / V),
        omega.map((w) => w / V),
        y,
        mean,
        variance
      );
      for (let i = 0; i < omega.length; i++) expect(Math.abs(mean[i] - omega[i] - V * g[i])).toBeLessThan(1e-11 * (1 + Math.abs(mean[i])));
      for (let i = 0; i < n; i++) {
        expect(Math.abs(variance[i] - V * (1 - V * curvature[i]))).toBeLessThan(1e-10 * V * (1 + Math.abs(V * curvature[i])));
        expect(variance[i]).toBeGreaterThanOrEqual(0);
      }
    }
  });

  test("nothing overflows: V from 1e-30 to 1e6, omega to 1e6, labels far from the prediction", () => {
    const z = new Float64Array(8 * d);
    makeRng(5, name).fillNormal(z, 2);
    const y = new Float64Array(8 * labelComponents(c));
    c.sample(makeRng(6, name), z, y);
    for (const V of [1e-30, 1e-12, 1, 1e6])
      for (const w of [0, 1e-20, 1e-3, -1, 40, -1e3, 1e6, -1e6]) {
        const omega = new Float64Array(8 * d).fill(w);
        const { g, curvature, logZ } = scores(c, V, omega, y);
        const mean = new Float64Array(omega.length);
        const variance = new Float64Array(8);
        c.posterior(
          Float64Array.of(1 / V),
          omega.map((x) => x / V),
          y,
          mean,
          variance
        );
        for (const out of [g, curvature, logZ, mean, variance])
          for (const x of out) expect(Number.isFinite(x), `V ${V} omega ${w}: ${x}`).toBe(true);
      }
  });

  test("J grows with the overlap at fixed rho, and 2 dPsi/dq = J (complex: dPsi/dq = J)", () => {
    const grid = [0.02, 0.2, 0.5, 0.8, 0.95].map((q) => summary(c, q, 1 - q).J);
    for (let k = 1; k < grid.length; k++) expect(grid[k]).toBeGreaterThan(grid[k - 1] * (1 - 1e-9));
    const q = 0.45;
    const h = 4e-3;
    const [m3, m2, m1, p1, p2, p3] = [-3, -2, -1, 1, 2, 3].map((k) => summary(c, q + k * h, 1 - q - k * h).psi);
    const slope = (45 * (p1 - m1) - 9 * (p2 - m2) + (p3 - m3)) / (60 * h); // sixth order: 1e-12 psi^(7)/140
    const { J } = summary(c, q, 1 - q);
    expect(Math.abs(slope - (d === 2 ? J : J / 2))).toBeLessThan(1e-7 * (J + 0.01));
  });

  test("a length-1 V is the same V for all", () => {
    const n = 9;
    const { omega, y } = sampleLaw(c, { q: 1, slope: 1, spread: 0.3 }, n, makeRng(9, name));
    const one = scores(c, 0.3, omega, y);
    const g = new Float64Array(omega.length);
    const curvature = new Float64Array(n);
    const logZ = new Float64Array(n);
    c.score(new Float64Array(n).fill(0.3), omega, y, g, curvature);
    c.logPartition(new Float64Array(n).fill(0.3), omega, y, logZ);
    expect([g, curvature, logZ]).toEqual([one.g, one.curvature, one.logZ]);
  });

  test("sampling is a function of the seed", () => {
    const law = { q: 1, slope: 1, spread: 0.5 };
    expect(sampleLaw(c, law, 40, makeRng(11, name))).toEqual(sampleLaw(c, law, 40, makeRng(11, name)));
    expect(sampleLaw(c, law, 40, makeRng(11, name)).omega).not.toEqual(sampleLaw(c, law, 40, makeRng(12, name)).omega);
  });

  test("V J tends to the declared dimension, and a deterministic channel draws nothing", () => {
    // A drawn noise may be as small as 1e-12: V is to be small against it.
    const V = c.deterministic ? 1e-10 : 1e-18;
    const { J } = summary(c, 1 - V, V);
    // Corrections are of the order sqrt V times the density of z at the edges (and log V for a fold in the plane).
    expect(Math.abs(V * J - c.dimension(1))).toBeLessThan(3e-3);
    if (!c.deterministic) return;
    const z = new Float64Array(6 * d).map((_, i) => Math.sin(i + 1));
    const [a, b] = [1, 2].map((seed) => {
      const y = new Float64Array(6 * labelComponents(c));
      c.sample(makeRng(seed), z, y);
      return y;
    });
    expect(a).toEqual(b);
  });

  test("even channels have an odd score, others do not", () => {
    const { omega, y } = sampleLaw(c, { q: 1, slope: 1, spread: 0.3 }, 6, makeRng(13, name));
    const a = scores(c, 0.3, omega, y);
    const b = scores(
      c,
      0.3,
      omega.map((w) => -w),
      y
    );
    const gap = Math.max(...a.g.map((x, i) => Math.abs(x + b.g[i])));
    if (c.even) expect(gap).toBeLessThan(1e-12);
    else expect(gap).toBeGreaterThan(1e-6);
  });

  if (c.information)
    test("information is the J of the nodes", () => {
      for (const [q, V] of [
        [1e-4, 0.9999],
        [0.5, 0.5],
        [0.7, 2],
        [0.999, 1e-3],
        [1, 1e-8],
        [40, 0.3]
      ] as const) {
        const J = summary(c, q, V).J;
        expect(Math.abs((c.information?.(q, V) ?? 0) / J - 1), `q ${q} V ${V}`).toBeLessThan(1e-9);
      }
    });

  if (c.freeEntropy)
    test("freeEntropy is E ln Z of the nodes", () => {
      for (const [q, V] of [
        [1e-4, 0.9999],
        [0.5, 0.5],
        [0.7, 2],
        [0.999, 1e-3],
        [1, 1e-8]
      ] as const)
        expect(Math.abs((c.freeEntropy?.(q, V) ?? 0) - summary(c, q, V).psi), `q ${q} V ${V}`).toBeLessThan(1e-8);
    });

  if (d === 2)
    test("a phase on z turns the score and leaves the rest alone", () => {
      const { omega, y } = sampleLaw(c, { q: 1, slope: 1, spread: 0.3 }, 6, makeRng(15, name));
      const turn = (v: Vec) => v.map((_, i) => (i % 2 ? 0.8 * v[i - 1] + 0.6 * v[i] : 0.6 * v[i] - 0.8 * v[i + 1]));
      const a = scores(c, 0.3, omega, y);
      const b = scores(c, 0.3, turn(omega), c.labelScalar === "complex" ? turn(y) : y);
      turn(a.g).forEach((x, i) => {
        expect(b.g[i]).toBeCloseTo(x, 11);
      });
      a.curvature.forEach((x, i) => {
        expect(b.curvature[i]).toBeCloseTo(x, 11);
      });
      a.logZ.forEach((x, i) => {
        expect(b.logZ[i]).toBeCloseTo(x, 11);
      });
    });

  test("ids are kebab-case", () => expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/));
});
