/** Published and closed-form numbers that rest on the channels alone (Gaussian prior, rho = 1, where q = r/(1 + r)). */
import { expect, test } from "vitest";
import * as registry from "../../src/channels/index.ts";
import { makeFromSpec } from "../../src/core/specs.ts";
import type { Channel } from "../../src/core/types.ts";

const channel = (spec: string) => makeFromSpec<Channel>(registry, spec);
const information = (c: Channel, q: number, V: number): number => {
  if (c.information) return c.information(q, V);
  const f = c.field({ q, slope: 1, spread: V });
  const g = new Float64Array(f.input.length);
  c.score(Float64Array.of(V), f.input, f.label, g, new Float64Array(f.weight.length));
  return f.weight.reduce((s, w, i) => s + w * g[i] ** 2, 0);
};

/** State evolution from q = 0.1: r = alpha J(q, 1 - q), q = r/(1 + r), kept in V = 1/(1 + r). */
function fixedPoint(c: Channel, alpha: number): number {
  let V = 0.9;
  for (let t = 0; t < 2000; t++) V = 1 / (1 + alpha * information(c, 1 - V, V));
  return V;
}

/** alpha at which q = 0 loses stability: 1/J'(0). */
function weakRecovery(c: Channel): number {
  const q = 1e-9;
  return q / information(c, q, 1 - q);
}

test("sign, Gaussian prior, alpha = 1: q = 0.4862636370", () => expect(1 - fixedPoint(channel("sign"), 1)).toBeCloseTo(0.486263637, 10));
test("relu, Gaussian prior, alpha = 1: mmse = 0.3072061035", () => expect(fixedPoint(channel("relu"), 1)).toBeCloseTo(0.3072061035, 10));
test("real phase retrieval recovers weakly from alpha = 1/2, complex from 1, the door of width 0.67449 from 1.36046", () => {
  expect(weakRecovery(channel("abs"))).toBeCloseTo(0.5, 6);
  expect(weakRecovery(channel("modulus"))).toBeCloseTo(1, 6);
  expect(weakRecovery(channel("symmetric-door"))).toBeCloseTo(1.36046, 5);
});
// Closed form: J'(0) = (2 K phi(K))^2/(Z_+ Z_-) at V = 1, omega = 0.
test("the weak recovery of a door is Z_+ Z_-/(2 K phi(K))^2 at every width", () => {
  for (const K of [0.1, 1, 2.5]) {
    const c = channel(`symmetric-door:width=${K}`);
    const Z = new Float64Array(2);
    c.logPartition(Float64Array.of(1), new Float64Array(2), Float64Array.of(1, -1), Z);
    const phi = Math.exp((-K * K) / 2) / Math.sqrt(2 * Math.PI);
    expect(weakRecovery(c) / (Math.exp(Z[0] + Z[1]) / (2 * K * phi) ** 2)).toBeCloseTo(1, 6);
  }
});
test("one bit is a sign, slope 0 a rectifier, slope -1 an absolute value, slope 1 a linear channel", () => {
  const V = Float64Array.of(0.4);
  const omega = Float64Array.of(-1.2, -0.1, 0.3, 2);
  const same = (a: string, b: string, y: number[], yb = y) => {
    const run = (spec: string, labels: number[]) => {
      const out = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
      channel(spec).score(V, omega, Float64Array.from(labels), out[0], out[1]);
      channel(spec).logPartition(V, omega, Float64Array.from(labels), out[2]);
      return out.flatMap((v) => [...v]);
    };
    const B = run(b, yb);
    run(a, y).forEach((x, i) => {
      expect(x).toBeCloseTo(B[i], 11);
    });
  };
  same("quantized:bits=1,step=1", "sign", [-0.5, 0.5, 0.5, -0.5], [-1, 1, 1, -1]);
  same("leaky-relu:slope=0", "relu", [0, 0, 0.4, 1.5]);
  same("leaky-relu:slope=-1", "abs", [0.1, 1.1, 0.4, 1.5]);
  same("leaky-relu:slope=1,noise=0.2", "gaussian:noise=0.2", [-3, 0, 0.4, 1.5]);
  same("leaky-relu:slope=0,noise=0.2", "relu:noise=0.2", [-0.3, 0, 0.4, 1.5]);
});
test("a label that cannot be is refused in one sentence", () => {
  const out = () => new Float64Array(1);
  const refuse = (spec: string, y: number, message: RegExp) =>
    expect(() => channel(spec).score(Float64Array.of(1), out(), Float64Array.of(y), out(), out())).toThrow(message);
  refuse("sign", 0, /a label must be -1 or 1, got 0/);
  refuse("relu", -0.1, /got -0.1; give a noise > 0/);
  refuse("abs", -1, /got -1/);
  refuse("hard-tanh", 1.2, /got 1.2; give a noise > 0/);
  refuse("quantized", 0.3, /one of -1.5, -0.5, 0.5, 1.5, got 0.3/);
  refuse("symmetric-door", Number.NaN, /got NaN/);
  refuse("logistic", 2, /-1 or 1, got 2/);
  refuse("poisson", 1.5, /a whole number >= 0, below 2\^53, got 1.5/);
});
