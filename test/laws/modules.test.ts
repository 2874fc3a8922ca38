/**
 * The laws every module obeys, whatever it is: moments are derivatives of its log-partition, its state evolution is the derivative of its
 * free entropy, both are what its messages average to in high dimension, and the posterior is the truth's law (Nishimori).
 */
import { describe, expect, test } from "vitest";
import * as activations from "../../src/activations/index.ts";
import { smoothActivation } from "../../src/activations/smooth.ts";
import * as channels from "../../src/channels/index.ts";
import { make, ParameterError } from "../../src/core/parameters.ts";
import type { Activation, Channel, Family, Message, Module, Params, Prior, Rng, Vec } from "../../src/core/types.ts";
import { gaussianIid } from "../../src/ensembles/index.ts";
import * as modules from "../../src/modules/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as priors from "../../src/priors/index.ts";

/** One kind of module: `build` gives it `n` components a port (or thereabouts), `observe` the same with labels drawn from its inputs. */
interface Case {
  readonly name: string;
  build(n: number): Module;
  readonly channel?: Channel;
  /** Its parameters are extreme: laws of derivatives only, nothing is sampled. */
  readonly extreme?: boolean;
  /** State evolution takes tens of milliseconds an evaluation. */
  readonly slow?: boolean;
}

/** A point drawn from the declared ranges, null when a cross rule refuses it. */
function drawn<T>(family: Family<T>, rng: Rng): Record<string, number | string | readonly number[]> {
  const draw = (p: Params[string]): number | string | readonly number[] => {
    if (p.kind === "choice") return p.options[Math.floor(rng.uniform() * p.options.length)];
    if (p.kind === "list") return p.default;
    if (p.kind !== "real" && p.kind !== "integer") return p.default;
    const u = 0.1 + 0.8 * rng.uniform();
    const x = p.scale === "log" ? p.min * (p.max / p.min) ** u : p.min + u * (p.max - p.min);
    return p.kind === "integer" ? Math.round(x) : x;
  };
  return Object.fromEntries(Object.entries(family.params).map(([k, p]) => [k, draw(p)]));
}

/** The defaults of a family, and two points of its ranges. */
function points<T>(family: Family<T>): { readonly spec: string; readonly brick: T; readonly extreme: boolean }[] {
  const rng = makeRng(31, family.id);
  const list = [{ spec: family.id, brick: make(family), extreme: false }];
  for (let tries = 0; list.length < (Object.keys(family.params).length ? 3 : 1) && tries < 50; tries++) {
    const raw = drawn(family, rng);
    try {
      list.push({ spec: `${family.id} ${JSON.stringify(raw)}`, brick: make(family, raw), extreme: true });
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
    }
  }
  return list;
}

const registry = <T>(bricks: object): readonly Family<T>[] => Object.values(bricks) as unknown as readonly Family<T>[];
const cases: Case[] = [];
for (const family of registry<Prior>(priors))
  for (const { spec, brick, extreme } of points(family)) {
    cases.push({ name: `prior ${spec}`, build: (n) => modules.priorModule(brick, n), extreme });
    if (!extreme) cases.push({ name: `penalty ${spec}`, build: (n) => modules.penaltyModule(brick, n) });
  }
for (const family of registry<Channel>(channels))
  for (const { spec, brick, extreme } of points(family))
    cases.push({ name: `likelihood ${spec}`, build: (n) => modules.likelihoodModule(brick, n), channel: brick, extreme });
const swish: Family<Activation> = {
  id: "swish",
  about: "a user's own function, without a derivative",
  params: {},
  build: () => smoothActivation({ id: "swish", phi: (z) => z / (1 + Math.exp(-z)), length: Math.PI, range: [-0.3, Infinity] })
};
for (const family of [...registry<Activation>(activations), swish])
  for (const { spec, brick, extreme } of points(family)) {
    const slow = !brick.segments && family.id !== "complex-linear";
    const noises = extreme ? [{}] : slow ? [{}, { noiseBefore: 0.3, noiseAfter: 0.1 }] : [{}, { noiseBefore: 0.3 }, { noiseAfter: 0.1 }];
    for (const noise of noises)
      cases.push({
        name: `activation ${spec} ${JSON.stringify(noise)}`,
        build: (n) => modules.activationModule(brick, n, noise),
        extreme,
        slow
      });
  }
for (const scalar of ["real", "complex"] as const)
  cases.push(
    { name: `noise ${scalar}`, build: (n) => modules.noiseModule(0.3, n, scalar) },
    {
      name: `bias ${scalar}`,
      build: (n) =>
        modules.biasModule(
          Float64Array.from({ length: scalar === "real" ? n : 2 * n }, (_, i) => Math.sin(i + 1)),
          scalar
        )
    },
    { name: `sum ${scalar}`, build: (n) => modules.sumModule(3, n, scalar) },
    { name: `concatenate ${scalar}`, build: (n) => modules.concatenateModule([n, 2 * n], scalar) },
    { name: `split ${scalar}`, build: (n) => modules.splitModule([n, 2 * n], scalar) },
    { name: `duplicate ${scalar}`, build: (n) => modules.duplicateModule(2, n, scalar) },
    { name: `reshape ${scalar}`, build: (n) => modules.reshapeModule(n, scalar) }
  );
cases.push(
  { name: "group sparsity", build: (n) => modules.groupSparsityModule(2 * Math.ceil(n / 2), { gamma: 1, group: 2 }) },
  {
    name: "linear",
    build: (n) => modules.linearModule(make(gaussianIid).sample(makeRng(2, "A"), Math.ceil(1.5 * n), n))
  },
  { name: "linear ensemble", build: (n) => modules.ensembleModule(make(gaussianIid), 1.5 * n, n) }
);

const portsOf = (m: Module) => [...m.inputs, ...m.outputs];
const isComplex = (m: Module, p: number): boolean => portsOf(m)[p].scalar === "complex";
const theoryOnly = (name: string): boolean => name === "linear ensemble";

function close(actual: number, expected: number, tolerance: number, what: string): void {
  if (!(Math.abs(actual - expected) <= tolerance)) throw new Error(`${what}: ${actual} against ${expected}, tolerance ${tolerance}`);
}

/** Second moments of every port when the inputs have second moment `tau`. */
function momentsOf(m: Module, tau: number): number[] {
  const all = portsOf(m).map((_, p) => (p < m.inputs.length ? tau : 0));
  m.secondMoments(all);
  return all;
}

/**
 * Precisions of a matched state: input side 1/(share tau), output side `strength`/tau. Ports of one relation between like variables
 * (duplicate, sum...) obey the same rule.
 */
function state(m: Module, tau: number, share: number, strength: number): { a: number[]; tau: number[] } {
  const all = momentsOf(m, tau);
  return { a: all.map((t, p) => (p < m.inputs.length ? 1 / (share * t) : strength / t)), tau: all };
}

function fillNormal(rng: Rng, x: Vec, variance: number, complex: boolean): void {
  rng.fillNormal(x, Math.sqrt(complex ? variance / 2 : variance));
}

/** A truth drawn through the module, the messages it sends in that state, and the module that saw it. */
function plant(
  c: Case,
  n: number,
  a: readonly number[],
  tau: readonly number[],
  rng: Rng
): { m: Module; truth: Vec[]; messages: Message[] } {
  let m = c.build(n);
  const ports = portsOf(m);
  const truth = ports.map(({ scalar, size }) => new Float64Array(scalar === "complex" ? 2 * size : size));
  const messages: Message[] = ports.map((_, p) => ({ a: a[p], b: new Float64Array(truth[p].length) }));
  for (let p = 0; p < m.inputs.length; p++) {
    // omega ~ N(0, tau - 1/a), x = omega + xi/sqrt a: the message holds all that is known of x
    fillNormal(rng.fork(`omega ${p}`), messages[p].b, Math.max(0, tau[p] - 1 / a[p]), isComplex(m, p));
    fillNormal(rng.fork(`x ${p}`), truth[p], 1 / a[p], isComplex(m, p));
    for (let i = 0; i < truth[p].length; i++) {
      truth[p][i] += messages[p].b[i];
      messages[p].b[i] *= a[p];
    }
  }
  m.sample(rng.fork("module"), truth.slice(0, m.inputs.length), truth.slice(m.inputs.length));
  for (let p = m.inputs.length; p < ports.length; p++) {
    fillNormal(rng.fork(`xi ${p}`), messages[p].b, a[p], isComplex(m, p));
    for (let i = 0; i < truth[p].length; i++) messages[p].b[i] += a[p] * truth[p][i];
  }
  if (c.channel) {
    const y = new Float64Array(c.channel.labelScalar === "complex" ? 2 * n : n);
    c.channel.sample(rng.fork("y"), truth[0], y);
    m = modules.likelihoodModule(c.channel, n, y);
  }
  return { m, truth, messages };
}

/** f'(0) from eight values on two steps (errors h^4 and rounding), with what they disagree by. */
function derivative(f: (t: number) => number, h: number): { value: number; error: number } {
  const at = (s: number): number => (8 * (f(s) - f(-s)) - (f(2 * s) - f(-2 * s))) / (12 * s);
  const fine = at(h / 2);
  return { value: fine, error: Math.abs(at(h) - fine) };
}

/** The same from four values, its h^4 error left unknown. */
function fourPoints(f: (t: number) => number, h: number): { value: number; error: number } {
  return { value: (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h), error: 0 };
}

describe.each(cases)("module $name", (c) => {
  const states =
    c.slow || c.extreme
      ? [[0.6, 0.7, 2]]
      : [
          [0.8, 0.4, 3],
          [1.3, 0.9, 0.3]
        ];
  const map = c.build(4).map === true || c.name.startsWith("penalty");

  if (!theoryOnly(c.name))
    test("means and second moments are the derivatives of the log-partition, in b and in a", () => {
      for (const [tau, share, strength] of states) {
        const { a, tau: all } = state(c.build(4), tau, share, strength);
        for (let p = 0; p < a.length; p++) if (!(a[p] > 0 && a[p] < Infinity)) a[p] = 1;
        const { m, messages } = plant(c, 4, a, all, makeRng(7, c.name));
        const F = m.logPartition(messages);
        for (let p = 0; p < messages.length; p++) {
          const mean = new Float64Array(messages[p].b.length);
          const b = new Float64Array(mean.length);
          const { v, extrinsic } = m.project(p, messages, mean, b);
          const variance = new Float64Array(portsOf(m)[p].size);
          m.variances(p, messages, variance);
          const half = isComplex(m, p) ? 1 : 0.5;
          close(v, variance.reduce((s, x) => s + x, 0) / variance.length, 1e-9 / a[p], `v of port ${p}`);
          if (v > 1e-12 / a[p]) {
            close(extrinsic, 1 / v - a[p], 1e-8 * (1 / v + a[p]), `extrinsic of port ${p}`);
            for (let i = 0; i < b.length; i++)
              close(
                b[i],
                mean[i] / v - messages[p].b[i],
                1e-7 * (Math.abs(mean[i] / v) + Math.abs(messages[p].b[i]) + Math.sqrt(a[p])),
                `b[${i}] of port ${p}`
              );
          }
          const rho = Math.sqrt(all[p] || tau);
          let second = 0;
          for (let i = 0; i < mean.length; i++) {
            const shifted = (t: number): number => {
              const moved = messages.map((q, k) => (k === p ? { a: q.a, b: Float64Array.from(q.b) } : q));
              moved[p].b[i] += t;
              return m.logPartition(moved) - F;
            };
            const d = derivative(shifted, 0.02 / Math.max(rho, 1 / Math.sqrt(a[p])));
            close(mean[i], (0.5 * d.value) / half, d.error + 1e-7 * rho + 1e-10 * Math.abs(F) * rho, `d log Z / d b[${i}] of port ${p}`);
            second += mean[i] * mean[i];
          }
          if (m.map !== true) for (let i = 0; i < variance.length; i++) second += variance[i];
          const slope = derivative(
            (t) => m.logPartition(messages.map((q, k) => (k === p ? { a: q.a * Math.exp(t), b: q.b } : q))) - F,
            0.01
          );
          close(
            -half * second * a[p],
            slope.value,
            slope.error + 1e-7 * (1 + half * second * a[p]) + 1e-9 * Math.abs(F),
            `d log Z / d log a of port ${p}`
          );
        }
      }
    });

  if (map) {
    test("state evolution is refused, in one sentence", () => {
      expect(() => c.build(4).error(0, [1], [1])).toThrow(ParameterError);
      expect(() => c.build(4).freeEntropy([1], [1])).toThrow(ParameterError);
    });
    return;
  }

  test("state evolution is the derivative of the free entropy, at every port", () => {
    for (const [tau, share, strength] of states) {
      const m = c.build(6);
      const { a, tau: all } = state(m, tau, share, strength);
      const F = m.freeEntropy(a, all);
      expect(Number.isFinite(F)).toBe(true);
      for (let p = 0; p < a.length; p++) {
        const { v, extrinsic } = m.error(p, a, all);
        const half = isComplex(m, p) ? 1 : 0.5;
        const along = (t: number): number =>
          m.freeEntropy(
            a.map((x, k) => (k === p ? x * Math.exp(t) : x)),
            all
          ) - F;
        const slope = c.slow ? fourPoints(along, 0.02) : derivative(along, 0.02);
        const size = portsOf(m)[p].size;
        close(half * size * v * a[p], -slope.value, 2 * slope.error + 2e-7 * size, `v of port ${p} at a = ${a}`);
        if (v > 0) close(extrinsic * v, 1 - a[p] * v, 1e-9, `extrinsic of port ${p}`);
        expect(v).toBeLessThanOrEqual((1 + 1e-9) / (a[p] + (p < m.inputs.length ? 0 : 1 / all[p])));
      }
    }
  });

  test("weak and strong messages: finite, and never less than what arrives", () => {
    const m = c.build(6);
    const all = momentsOf(m, 1);
    const ends: readonly (readonly number[])[] = c.slow
      ? [
          [1, 1e-8],
          [1e-6, 1]
        ]
      : [
          [1, 1e-8],
          [1, 1e6],
          [1e-6, 1e-8],
          [1e-6, 1e3],
          [1e-3, 1e9]
        ];
    for (const [share, strength] of ends) {
      const a = all.map((t, p) => (p < m.inputs.length ? 1 / (share * t) : strength / t));
      expect(Number.isFinite(m.freeEntropy(a, all)), `free entropy at ${a}`).toBe(true);
      for (let p = 0; p < a.length; p++) {
        const { v, extrinsic } = m.error(p, a, all);
        expect(v, `v of port ${p} at ${a}`).toBeGreaterThanOrEqual(0);
        expect(v * a[p], `v a of port ${p} at ${a}`).toBeLessThanOrEqual(1 + 1e-8);
        expect(Number.isNaN(extrinsic)).toBe(false);
        expect(extrinsic, `extrinsic of port ${p} at ${a}`).toBeGreaterThanOrEqual(-1e-8 * a[p]);
      }
    }
  });

  if (!c.extreme && !theoryOnly(c.name))
    test("in high dimension: log-partition, variances, errors and overlaps of draws average to state evolution (5 standard errors)", () => {
      const batches = 24;
      const n = c.slow ? 40 : 100;
      const [tau, share, strength] = states[0];
      const built = c.build(n);
      const { a, tau: all } = state(built, tau, share, strength);
      const F = built.freeEntropy(a, all);
      const names = ["log Z"];
      const expected = [F];
      for (let p = 0; p < a.length; p++) {
        const { v } = built.error(p, a, all);
        names.push(`v of port ${p}`, `squared error of port ${p}`, `E <x>(x0 - <x>) of port ${p}`);
        expected.push(v, v, 0);
      }
      const sum = names.map(() => 0);
      const square = names.map(() => 0);
      for (let seed = 0; seed < batches; seed++) {
        const { m, truth, messages } = plant(c, n, a, all, makeRng(seed, c.name));
        const ports = portsOf(m);
        let logZ = m.logPartition(messages);
        // a |x0|^2/2 itself instead of its mean
        for (let p = 0; p < a.length; p++)
          for (let i = 0; i < truth[p].length; i++) logZ -= (isComplex(m, p) ? 1 : 0.5) * a[p] * truth[p][i] ** 2;
        const values = [logZ];
        for (let p = 0; p < a.length; p++) {
          const mean = new Float64Array(truth[p].length);
          const { v } = m.project(p, messages, mean, new Float64Array(mean.length));
          let error = 0;
          let cross = 0;
          for (let i = 0; i < mean.length; i++) {
            error += (truth[p][i] - mean[i]) ** 2 / ports[p].size;
            cross += (mean[i] * (truth[p][i] - mean[i])) / ports[p].size;
          }
          values.push(v, error, cross);
        }
        for (let k = 0; k < values.length; k++) {
          sum[k] += values[k] / batches;
          square[k] += values[k] ** 2 / batches;
        }
      }
      for (let k = 0; k < names.length; k++) {
        // Student's t of 23 degrees: beyond 5 once in 4e4
        const se = Math.sqrt(Math.max(0, square[k] - sum[k] ** 2) / (batches - 1));
        close(sum[k], expected[k], 5 * se + 1e-7 * (1 + Math.abs(expected[k])), `${names[k]} (standard error ${se})`);
      }
    });
});

describe("variables that are known exactly", () => {
  const relu = make(activations.relu);
  test("an activation with noise on both sides of phi: a precision of infinity is the limit of large ones", () => {
    const m = modules.activationModule(relu, 1, { noiseBefore: 0.3, noiseAfter: 0.1 });
    for (const [known, aOther] of [
      [0, 2],
      [1, 3]
    ] as const) {
      const at = (a: number): number[] => (known === 0 ? [a, aOther] : [aOther, a]);
      const tau = [0.8, 0];
      m.secondMoments(tau);
      const F = (a: number): number => m.freeEntropy(at(a), tau) + 0.5 * Math.log(a);
      close(m.freeEntropy(at(Infinity), tau) + 0.5 * Math.log(1e100), F(1e9), 1e-7, "free entropy");
      for (const p of [0, 1]) {
        const exact = m.error(p, at(Infinity), tau);
        const near = m.error(p, at(1e9), tau);
        close(exact.v, near.v, 2e-9, `v of port ${p}`);
        close(exact.extrinsic, near.extrinsic, 1e-6 * near.extrinsic, `extrinsic of port ${p}`);
      }
    }
  });
  test("a likelihood knows z: it sends its Fisher information, and nothing is infinite", () => {
    const m = modules.likelihoodModule(make(channels.gaussian, { noise: 0.25 }), 1);
    expect(m.error(0, [Infinity], [1])).toEqual({ v: 0, extrinsic: 4 });
    close(m.freeEntropy([Infinity], [1]) + 0.5 * Math.log(1e100), m.freeEntropy([1e9], [1]) + 0.5 * Math.log(1e9), 1e-7, "free entropy");
  });
  test("noiseless and nearly noiseless observations: 1/v - a to twelve digits", () => {
    for (const noise of [1e-12, 1e-6, 0.1]) {
      const m = modules.likelihoodModule(make(channels.gaussian, { noise }), 1);
      const { v, extrinsic } = m.error(0, [2], [1]);
      close(extrinsic * noise, 1, 1e-11, `extrinsic at noise ${noise}`);
      close(v, noise / (1 + 2 * noise), 1e-12 * noise, `v at noise ${noise}`);
    }
  });
});
