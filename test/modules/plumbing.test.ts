import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message, Module, Scalar, Vec } from "../../src/core/types.ts";
import {
  biasModule,
  concatenateModule,
  duplicateModule,
  noiseModule,
  reshapeModule,
  splitModule,
  sumModule
} from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { byBruteForce, randomMessages } from "./gaussianReference.ts";

const rng = makeRng(7, "plumbing");

interface Case {
  readonly module: Module;
  /** The ports as linear maps of independent coordinates of precisions Q, and the log of their normalisation. */
  readonly maps: readonly { readonly L: readonly (readonly number[])[]; readonly c?: Vec }[];
  readonly Q: readonly number[];
  readonly constant: number;
}
const row = (n: number, ...at: number[]): number[] => Array.from({ length: n }, (_, j) => (at.includes(j) ? 1 : 0));
const rows = (n: number, list: readonly number[]): number[][] => list.map((i) => row(n, i));
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function cases(scalar: Scalar): readonly (readonly [string, Case])[] {
  const w = scalar === "complex" ? 2 : 1;
  const n = 3 * w;
  const shift = Float64Array.from({ length: n }, (_, i) => Math.cos(1 + i));
  const noise = 0.4;
  // x_2 = x_1 + e: coordinates (x_1, e), e of variance 0.4 (each real part 0.2 if complex)
  const spread = noise / w;
  const noisy = rows(2 * n, upTo(n));
  const sizes = [2, 1, 3];
  const all = 6 * w;
  const blocks = [rows(all, upTo(2 * w)), rows(all, upTo(w).map((i) => i + 2 * w)), rows(all, upTo(3 * w).map((i) => i + 3 * w))]; // biome-ignore format: one line a block
  const free = (k: number): number[] => new Array(k).fill(0);
  const same = { L: rows(n, upTo(n)) };
  return [
    ["duplicate", { module: duplicateModule(3, 3, scalar), maps: [same, same, same, same], Q: free(n), constant: 0 }],
    ["reshape", { module: reshapeModule(3, scalar), maps: [same, same], Q: free(n), constant: 0 }],
    [
      "noise",
      {
        module: noiseModule(noise, 3, scalar),
        maps: [{ L: noisy }, { L: noisy.map((_, i) => row(2 * n, i, n + i)) }],
        Q: [...free(n), ...new Array(n).fill(1 / spread)],
        constant: (-n / 2) * Math.log(2 * Math.PI * spread)
      }
    ],
    ["noise of variance zero", { module: noiseModule(0, 3, scalar), maps: [same, same], Q: free(n), constant: 0 }],
    ["bias", { module: biasModule(shift, scalar), maps: [same, { ...same, c: shift }], Q: free(n), constant: 0 }],
    [
      "sum of three",
      {
        module: sumModule(3, 3, scalar),
        maps: [0, 1, 2].map((j) => ({ L: rows(3 * n, upTo(n).map((i) => i + j * n)) })).concat([{ L: upTo(n).map((i) => row(3 * n, i, i + n, i + 2 * n)) }]),
        Q: free(3 * n),
        constant: 0
      }
    ],
    ["concatenate", { module: concatenateModule(sizes, scalar), maps: [...blocks, rows(all, upTo(all))].map((L) => ({ L })), Q: free(all), constant: 0 }],
    ["split", { module: splitModule(sizes, scalar), maps: [rows(all, upTo(all)), ...blocks].map((L) => ({ L })), Q: free(all), constant: 0 }]
  ]; // biome-ignore format: a table
}
const every = [...cases("real"), ...cases("complex").map(([name, c]) => [`${name} (complex)`, c] as const)];
const portsOf = (m: Module) => [...m.inputs, ...m.outputs];

describe("plumbing against dense elimination", () => {
  test.each(every)("%s: means, variances, extrinsic messages and log-partition", (name, { module, maps, Q, constant }) => {
    const ports = portsOf(module);
    for (let trial = 0; trial < 4; trial++) {
      const a = ports.map((_, p) => Math.exp(2 * Math.sin(3 * trial + p + 1)));
      const messages = randomMessages(module, a, rng.fork(`${name}${trial}`));
      for (let port = 0; port < ports.length; port++) {
        const want = byBruteForce(module, maps, Q, messages, port, constant);
        const mean = new Float64Array(want.mean.length);
        const b = new Float64Array(want.mean.length);
        const variances = new Float64Array(ports[port].size);
        const { v, extrinsic } = module.project(port, messages, mean, b);
        module.variances(port, messages, variances);
        for (let i = 0; i < mean.length; i++) {
          expect(mean[i]).toBeCloseTo(want.mean[i], 11);
          expect(b[i]).toBeCloseTo(want.mean[i] / want.v - messages[port].b[i], 10);
        }
        variances.forEach((x, i) => void expect(x).toBeCloseTo(want.variances[i], 11));
        expect(v).toBeCloseTo(want.v, 11);
        expect(extrinsic).toBeCloseTo(1 / want.v - a[port], 10);
        expect(module.logPartition(messages)).toBeCloseTo(want.logPartition, 10);
      }
    }
  });

  test.each(every)(
    "%s: error is the average of project, and the free entropy has the slopes -size v/2 (complex: -size v)",
    (_, { module }) => {
      const ports = portsOf(module);
      const tau = ports.map((_, p) => (p < module.inputs.length ? 1 + p / 2 : 0));
      module.secondMoments(tau);
      const a = ports.map((_, p) => 2.5 + Math.sin(p));
      const messages = randomMessages(module, a, rng.fork("error"));
      ports.forEach((port, p) => {
        const n = messages[p].b.length;
        const got = module.project(p, messages, new Float64Array(n), new Float64Array(n));
        const { v, extrinsic } = module.error(p, a, tau);
        expect(v).toBeCloseTo(got.v, 13);
        expect(extrinsic).toBeCloseTo(got.extrinsic, 12);
        const h = 1e-4;
        const at = (sign: number): number =>
          module.freeEntropy(
            a.map((x, q) => (q === p ? x + sign * h : x)),
            tau
          );
        const slope = (at(1) - at(-1)) / (2 * h);
        expect(slope).toBeCloseTo(-port.size * v * (port.scalar === "complex" ? 1 : 0.5), 7);
      });
    }
  );

  test.each(every)("%s: the free entropy is the average of logPartition under its own law", (name, { module }) => {
    const ports = portsOf(module);
    const inputs = module.inputs.length;
    const a = ports.map((_, p) => 1.5 + 0.5 * Math.cos(p));
    // inputs x = omega + N(0, 1/a), omega ~ N(0, tau - 1/a): b = a omega; outputs b = a x + N(0, a)
    const tau = ports.map((_, p) => (p < inputs ? 2 : 0));
    module.secondMoments(tau);
    const draws = 3000;
    let sum = 0;
    let square = 0;
    const random = rng.fork(`law${name}`);
    const part = (scalar: Scalar, variance: number): number => Math.sqrt(scalar === "complex" ? variance / 2 : variance) * random.normal();
    for (let t = 0; t < draws; t++) {
      const messages: Message[] = ports.map((port, p) => ({
        a: a[p],
        b: new Float64Array(port.size * (port.scalar === "complex" ? 2 : 1))
      }));
      const x = messages.map(({ b }) => new Float64Array(b.length));
      for (let p = 0; p < inputs; p++)
        for (let i = 0; i < x[p].length; i++) {
          const omega = part(ports[p].scalar, 2 - 1 / a[p]);
          messages[p].b[i] = a[p] * omega;
          x[p][i] = omega + part(ports[p].scalar, 1 / a[p]);
        }
      module.sample(random, x.slice(0, inputs), x.slice(inputs));
      for (let p = inputs; p < ports.length; p++)
        for (let i = 0; i < x[p].length; i++) messages[p].b[i] = a[p] * x[p][i] + part(ports[p].scalar, a[p]);
      let value = module.logPartition(messages);
      ports.forEach((port, p) => {
        value -= port.size * a[p] * tau[p] * (port.scalar === "complex" ? 1 : 0.5);
      });
      sum += value;
      square += value * value;
    }
    const mean = sum / draws;
    const error = Math.sqrt((square / draws - mean * mean) / draws);
    // 4.5 standard errors: one false alarm in 1e5, sixteen modules
    expect(Math.abs(mean - module.freeEntropy(a, tau))).toBeLessThan(4.5 * error);
  });

  test("precisions of zero at every port: nothing infinite, nothing NaN, and no information sent", () => {
    for (const [, { module }] of every) {
      const ports = portsOf(module);
      const messages = ports.map((port) => ({ a: 0, b: new Float64Array(port.size * (port.scalar === "complex" ? 2 : 1)) }));
      ports.forEach((_, p) => {
        const n = messages[p].b.length;
        const mean = new Float64Array(n);
        const b = new Float64Array(n);
        const { v, extrinsic } = module.project(p, messages, mean, b);
        expect(v).toBeLessThanOrEqual(4e100);
        expect(extrinsic).toBeLessThanOrEqual(1e-99);
        for (const x of [...mean, ...b, v, extrinsic, module.logPartition(messages), module.freeEntropy(ports.map(() => 0), [])])
          expect(Number.isFinite(x)).toBe(true); // biome-ignore format: one check
      });
    }
  });

  test("infinite precisions (variables known exactly) keep errors and free entropies finite", () => {
    for (const [, { module }] of every) {
      const ports = portsOf(module);
      for (const a of [
        ports.map(() => Number.POSITIVE_INFINITY),
        ...ports.map((_, p) => ports.map((_, q) => (q === p ? Number.POSITIVE_INFINITY : 2)))
      ]) {
        for (let p = 0; p < ports.length; p++) {
          const { v, extrinsic } = module.error(p, a, []);
          expect([v, extrinsic, module.freeEntropy(a, [])].every(Number.isFinite)).toBe(true);
          expect(v).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  test("random precisions over thirty decades: v > 0, extrinsic >= 0, 1/v = a + extrinsic to rounding", () => {
    const precision = fc.double({ min: -15, max: 15, noNaN: true }).map((x) => 10 ** x);
    for (const [, { module }] of every) {
      const ports = portsOf(module);
      fc.assert(
        fc.property(fc.array(precision, { minLength: ports.length, maxLength: ports.length }), (a) => {
          ports.forEach((_, p) => {
            const { v, extrinsic } = module.error(p, a, []);
            expect(v).toBeGreaterThan(0);
            expect(extrinsic).toBeGreaterThanOrEqual(0);
            expect(Math.abs(v * (a[p] + extrinsic) - 1)).toBeLessThan(1e-14);
          });
        }),
        { numRuns: 50 }
      );
    }
  });
});

test("errors name what is wrong: copies, sizes, ports, lengths, a bias without its vector", () => {
  expect(() => duplicateModule(0, 3)).toThrow(/copies must be an integer >= 1/);
  expect(() => noiseModule(-1, 3)).toThrow(/variance must be a finite number >= 0/);
  expect(() => concatenateModule([])).toThrow(/sizes must name at least one block/);
  expect(() => sumModule(2, -4)).toThrow(/size must be a number > 0/);
  expect(() => biasModule(Float64Array.of(1, Number.NaN))).toThrow(/finite numbers/);
  const theory = biasModule({ size: 3, secondMoment: 0.5 });
  const tau = [1, 0];
  theory.secondMoments(tau);
  expect(tau[1]).toBe(1.5);
  const messages = [1, 2].map((a) => ({ a, b: new Float64Array(3) }));
  expect(() => theory.logPartition(messages)).toThrow(/needs the vector itself/);
  expect(() => reshapeModule(3).error(2, [1, 1], [])).toThrow(/port must be an integer in \[0, 1\]/);
  expect(() => reshapeModule(4).logPartition(messages)).toThrow(/must have length 4/);
});
