/** Laws of the piecewise-linear hidden activations: messages against 60 digits, derivatives, extremes; errors against brute force, limits, sampling and their own free entropy. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { abs, door, hardSigmoid, hardTanh, leakyRelu, linear, relu, sign } from "../../src/activations/index.ts";
import * as channels from "../../src/channels/index.ts";
import { make } from "../../src/core/parameters.ts";
import type { Activation, ActivationErrors, Channel } from "../../src/core/types.ts";
import { makeRng } from "../../src/numerics/random/index.ts";

const activations: Readonly<Record<string, Activation>> = {
  linear: make(linear),
  relu: make(relu),
  "leaky-relu": make(leakyRelu),
  "leaky-fold": make(leakyRelu, { slope: -0.5 }),
  abs: make(abs),
  sign: make(sign),
  "hard-tanh": make(hardTanh),
  "hard-sigmoid": make(hardSigmoid),
  door: make(door)
};
interface References {
  readonly posterior: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly errors: Readonly<
    Record<string, readonly (ActivationErrors & { readonly V: number; readonly ax: number; readonly tau: number })[]>
  >;
}
const references = JSON.parse(readFileSync(new URL("./references.json", import.meta.url), "utf8")) as References;

const one = (x: number) => Float64Array.of(x);
function posterior(phi: Activation, az: number, bz: number, ax: number, bx: number) {
  const out = Array.from({ length: 5 }, () => new Float64Array(1));
  phi.logPartition(one(az), one(bz), one(ax), one(bx), out[0]);
  phi.posterior(one(az), one(bz), one(ax), one(bx), out[1], out[2], out[3], out[4]);
  return out.map((v) => v[0]);
}
function relative(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

describe.each(Object.entries(activations))("hidden %s", (name, phi) => {
  test("log Z and both posteriors agree with 60 digits, at precisions from 1e-6 to 1e15", () => {
    for (const [az, bz, ax, bx, logZ, z, vz, x, vx] of references.posterior[name]) {
      const got = posterior(phi, az, bz, ax, bx);
      const at = `az ${az} bz ${bz} ax ${ax} bx ${bx}`;
      // What rounding of the arguments alone does: the exponent of the losing segment moves by eps times its terms.
      const size = Math.abs(bz * z) + az * z * z + Math.abs(bx * x) + ax * x * x;
      expect(Math.abs(got[0] - logZ), `${at}: log Z ${got[0]} against ${logZ}`).toBeLessThan(1e-13 * (1 + size + Math.abs(logZ)));
      const blur = 1e-12 + 1e-15 * Math.abs(bz * z) + 1e-15 * Math.abs(bx * x);
      const near = (value: number, want: number, scale: number, what: string) =>
        expect(Math.abs(value - want), `${at}: ${what} ${value} against ${want}`).toBeLessThanOrEqual(Math.min(blur, 1e-9) * scale);
      near(got[1], z, Math.abs(z) + Math.sqrt(vz), "mean of z");
      near(got[2], vz, 10 * vz, "variance of z");
      near(got[3], x, Math.abs(x) + Math.sqrt(vx), "mean of x");
      // the reference takes it from differences at some 100 digits
      if (vx > 1e-50) near(got[4], vx, 10 * vx, "variance of x");
    }
  });

  test("means and variances are the derivatives of log Z in bz and bx", () => {
    const rng = makeRng(5).fork(name);
    for (let n = 0; n < 40; n++) {
      const az = 10 ** (4 * rng.uniform() - 2);
      const ax = n % 5 === 0 ? 0 : 10 ** (4 * rng.uniform() - 2);
      const bz = 2 * rng.normal() * Math.sqrt(az);
      const bx = 2 * rng.normal() * Math.sqrt(ax);
      const [, z, vz, x, vx] = posterior(phi, az, bz, ax, bx);
      const f = (db: number, dx: number) => posterior(phi, az, bz + db, ax, bx + dx)[0];
      const hz = 1e-3 / Math.sqrt(vz + 1e-4);
      const hx = 1e-3 / Math.sqrt(vx + 1e-4);
      const first = (p: (k: number) => number, h: number) => (8 * (p(1) - p(-1)) - (p(2) - p(-2))) / (12 * h);
      const second = (p: (k: number) => number, h: number) => (16 * (p(1) + p(-1)) - (p(2) + p(-2)) - 30 * p(0)) / (12 * h * h);
      expect(first((k) => f(k * hz, 0), hz)).toBeCloseTo(z, 7);
      expect(first((k) => f(0, k * hx), hx)).toBeCloseTo(x, 7);
      expect(Math.abs(second((k) => f(k * hz, 0), hz) / vz - 1)).toBeLessThan(1e-5);
      expect(Math.abs(second((k) => f(0, k * hx), hx) - vx)).toBeLessThan(1e-5 * (vx + 1e-4));
    }
  });

  test("no NaN, no negative variance and no mean outside its range, for any arguments", () => {
    const precision = fc.double({ min: -250, max: 20, noNaN: true }).map((e) => 10 ** e);
    const field = fc.tuple(fc.boolean(), fc.double({ min: -20, max: 18, noNaN: true })).map(([s, e]) => (s ? 1 : -1) * 10 ** e);
    fc.assert(
      fc.property(precision, field, fc.oneof(fc.constant(0), precision), field, (az, bz, ax, bx) => {
        const got = posterior(phi, az, bz, ax, bx);
        for (const v of got) expect(Number.isFinite(v)).toBe(true);
        expect(got[2]).toBeGreaterThanOrEqual(0);
        expect(got[4]).toBeGreaterThanOrEqual(0);
        if (name === "sign" || name === "door" || name === "hard-tanh") expect(Math.abs(got[3])).toBeLessThanOrEqual(1 + 1e-12);
        if (name === "relu" || name === "abs") expect(got[3]).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 400, seed: 11 }
    );
  });

  test("Z is continuous in all four arguments across every switch of branch", () => {
    const base = [0.7, 0.3, 2, 0.5];
    for (let which = 0; which < 4; which++) {
      let last = Number.NaN;
      let lastSlope = Number.NaN;
      let worst = 0;
      for (let k = 0; k <= 1000; k++) {
        const t = which % 2 ? -60 + 0.12 * k : 0.02 * (k + 1);
        const args = base.map((v, i) => (i === which ? t : v));
        const [logZ] = posterior(phi, args[0], args[1], args[2], args[3]);
        const slope = logZ - last;
        // log Z is smooth: its second differences are bounded by the largest posterior second moment
        if (Number.isFinite(lastSlope) && t > 0.1) worst = Math.max(worst, Math.abs(slope - lastSlope) / (1 + Math.abs(slope)));
        last = logZ;
        lastSlope = slope;
      }
      expect(worst).toBeLessThan(0.5);
    }
  });

  test("errors agree with brute force in three variables", () => {
    for (const { V, ax, tau, ...want } of references.errors[name]) {
      const got = phi.errors(V, ax, tau);
      const at = `V ${V} ax ${ax} tau ${tau}`;
      for (const key of ["vz", "vx", "extrinsicZ", "extrinsicX", "freeEntropy"] as const) {
        // binary x: exponentially small variances are beyond the reference's differences of moments
        if (want.vx < 1e-6 && (key === "vx" || key === "extrinsicX")) continue;
        if (want.extrinsicZ < 1e-12 && key === "extrinsicZ") continue;
        const scale = key === "freeEntropy" ? 1 : Math.abs(want[key]);
        expect(Math.abs(got[key] - want[key]), `${at}: ${key} ${got[key]} against ${want[key]}`).toBeLessThan(3e-9 * scale);
      }
    }
  });

  test("errors change by less than 1e-8 when the order of quadrature grows by 5/6", () => {
    for (const V of [1, 0.99, 0.6, 0.2, 0.01, 1e-4, 1e-8])
      for (const ax of [1e-12, 1e-3, 0.3, 1, 3, 30, 300, 1e4, 1e6, 1e8]) {
        const a = phi.errors(V, ax, 1);
        const b = phi.errors(V, ax, 1, 44);
        const at = `V ${V} ax ${ax}`;
        for (const key of ["vz", "vx", "extrinsicZ", "extrinsicX"] as const) {
          if (V === 1 && phi.even && key === "extrinsicZ") expect(b[key], at).toBeLessThan(1e-25);
          else expect(relative(a[key], b[key]), `${at}: ${key} ${a[key]} against ${b[key]}`).toBeLessThan(2e-8);
        }
        expect(Math.abs(a.freeEntropy - b.freeEntropy), at).toBeLessThan(1e-9);
      }
  });

  test("derivatives of the free entropy are -vz/2 and -vx/2", () => {
    for (const [V, ax, tau] of [
      [0.5, 1, 1],
      [0.9, 20, 1],
      [0.05, 300, 1],
      [1.5, 0.2, 2]
    ]) {
      const five = (f: (t: number) => number, h: number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
      const { vz, vx } = phi.errors(V, ax, tau);
      const dz = five((t) => phi.errors(1 / (1 / V + t), ax, tau).freeEntropy, 3e-3 / V);
      const dx = five((t) => phi.errors(V, ax + t, tau).freeEntropy, 3e-3 * ax);
      expect(Math.abs(dz + 0.5 * vz), `V ${V} ax ${ax}`).toBeLessThan(1e-6 * vz);
      expect(Math.abs(dx + 0.5 * vx), `V ${V} ax ${ax}`).toBeLessThan(1e-6 * vx + 2e-11 / ax);
    }
  });

  test("the free entropy lost from ax = 0 to 40 is the integral of vx/2", () => {
    // substitution ax = t^2; vx is smooth in t
    const [V, tau] = [0.6, 1];
    let integral = 0;
    const n = 48;
    const top = Math.sqrt(40);
    // Simpson-free: Clenshaw-Curtis by cosine substitution, exact to rounding for smooth vx
    for (let k = 0; k <= n; k++) {
      const theta = (Math.PI * k) / n;
      const t = 0.5 * top * (1 - Math.cos(theta));
      let w = 1;
      for (let j = 1; j <= n / 2; j++) w -= ((2 * j === n ? 1 : 2) * Math.cos(2 * j * theta)) / (4 * j * j - 1);
      w *= (k === 0 || k === n ? 1 : 2) / n;
      integral += 0.5 * top * w * 0.5 * phi.errors(V, t * t, tau).vx * 2 * t;
    }
    expect(phi.errors(V, 0, tau).freeEntropy - phi.errors(V, 40, tau).freeEntropy).toBeCloseTo(integral, 8);
  });

  test("at ax = 0 z is its message and x has its prior spread given omega", () => {
    for (const [V, tau] of [
      [0.4, 1],
      [1, 1],
      [3e-3, 2]
    ]) {
      const got = phi.errors(V, 0, tau);
      expect(got.vz).toBeCloseTo(V, 14);
      expect(got.extrinsicZ).toBe(0);
      expect(relative(got.extrinsicX, 1 / got.vx)).toBeLessThan(1e-12);
      // E phi^2 - E <phi>^2 by the trapezoid on messages with ax = 0
      const q = tau - V;
      const n = 4001;
      let mean2 = 0;
      const b = Float64Array.from({ length: n }, (_, k) => ((k - 2000) / 235) * Math.sqrt(q) * (1 / V));
      const out = Array.from({ length: 4 }, () => new Float64Array(n));
      phi.posterior(one(1 / V), b, one(0), new Float64Array(n), out[0], out[1], out[2], out[3]);
      for (let k = 0; k < n; k++) mean2 += (Math.exp(-0.5 * ((k - 2000) / 235) ** 2) / 235 / Math.sqrt(2 * Math.PI)) * out[3][k];
      if (q === 0) mean2 = out[3][2000];
      expect(relative(got.vx, mean2)).toBeLessThan(1e-9);
      // and small ax tends to it
      expect(relative(phi.errors(V, 1e-13, tau).vx, got.vx)).toBeLessThan(1e-10);
    }
  });

  test("as V -> 0 z is known and so is x", () => {
    const { vz, vx, extrinsicZ } = phi.errors(1e-8, 3, 1);
    // only a share sqrt(V) of the omegas is near an edge
    expect(Math.abs(vz / 1e-8 - 1)).toBeLessThan(2e-4);
    expect(vx).toBeLessThan(name === "sign" || name === "door" ? 1e-3 : 1.1e-8);
    expect(extrinsicZ * 1e-8).toBeLessThan(1e-3);
    for (const V of [1e-12, 1e-100, 1e-300]) for (const v of Object.values(phi.errors(V, 3, 1))) expect(Number.isNaN(v)).toBe(false);
  });

  test("errors are finite or Infinity, never NaN or negative, for any arguments", () => {
    const e = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((x) => 10 ** x);
    fc.assert(
      fc.property(e(-14, 0), fc.oneof(fc.constant(0), e(-16, 15)), e(-6, 4), (share, ax, tau) => {
        const got = phi.errors(share * tau, ax, tau);
        for (const [key, v] of Object.entries(got)) expect(Number.isNaN(v), `${key} at share ${share} ax ${ax} tau ${tau}`).toBe(false);
        expect(got.vz).toBeGreaterThanOrEqual(0);
        expect(got.vz).toBeLessThanOrEqual(share * tau * (1 + 1e-9));
        expect(got.vx).toBeGreaterThanOrEqual(0);
        expect(got.extrinsicZ).toBeGreaterThanOrEqual(-1e-9);
        expect(Number.isFinite(got.freeEntropy)).toBe(true);
      }),
      { numRuns: 60, seed: 3 }
    );
  });

  test("errors agree with 1e5 samples within 4 standard errors, and E <x> x0 = E <x>^2", () => {
    const n = 100000;
    const rng = makeRng(12).fork(name);
    for (const [V, ax, tau] of [
      [0.5, 2, 1],
      [0.1, 80, 1]
    ]) {
      const omega = Float64Array.from({ length: n }, () => Math.sqrt(tau - V) * rng.normal());
      const z0 = omega.map((w) => w + Math.sqrt(V) * rng.normal());
      const x0 = new Float64Array(n);
      phi.apply(z0, x0);
      const bz = omega.map((w) => w / V);
      const bx = x0.map((x) => ax * x + Math.sqrt(ax) * rng.normal());
      const [z, vz, x, vx, logZ] = Array.from({ length: 5 }, () => new Float64Array(n));
      phi.posterior(one(1 / V), bz, one(ax), bx, z, vz, x, vx);
      phi.logPartition(one(1 / V), bz, one(ax), bx, logZ);
      const want = phi.errors(V, ax, tau);
      const check = (sample: (k: number) => number, value: number, what: string) => {
        let mean = 0;
        let square = 0;
        for (let k = 0; k < n; k++) {
          const s = sample(k);
          mean += s / n;
          square += (s * s) / n;
        }
        const error = Math.sqrt((square - mean * mean) / n) + 1e-12;
        expect(Math.abs(mean - value) / error, `${what}: ${mean} +- ${error} against ${value}`).toBeLessThan(4);
      };
      check((k) => vz[k], want.vz, "posterior variance of z");
      check((k) => (z[k] - z0[k]) ** 2, want.vz, "squared error of z");
      check((k) => vx[k], want.vx, "posterior variance of x");
      check((k) => (x[k] - x0[k]) ** 2, want.vx, "squared error of x");
      check((k) => x[k] * x0[k] - x[k] * x[k], 0, "Nishimori of x");
      check((k) => logZ[k] - 0.5 * ((z0[k] * z0[k]) / V + ax * x0[k] * x0[k]), want.freeEntropy, "free entropy");
    }
  });

  test("the field averages to the same errors", () => {
    for (const [V, ax, tau] of [
      [0.5, 2, 1],
      [0.02, 500, 1],
      [1, 3, 1]
    ]) {
      const { input, label, weight } = phi.field({ q: tau - V, slope: 1, spread: V }, ax, ax);
      const n = weight.length;
      expect(n).toBeLessThan(120000);
      const out = Array.from({ length: 4 }, () => new Float64Array(n));
      phi.posterior(
        one(1 / V),
        input.map((w) => w / V),
        one(ax),
        label,
        out[0],
        out[1],
        out[2],
        out[3]
      );
      const average = (v: Float64Array) => v.reduce((s, x, k) => s + weight[k] * x, 0);
      const want = phi.errors(V, ax, tau);
      expect(average(new Float64Array(n).fill(1))).toBeCloseTo(1, 10);
      expect(relative(average(out[1]), want.vz)).toBeLessThan(1e-8);
      if (want.vx > 1e-12) expect(relative(average(out[3]), want.vx)).toBeLessThan(1e-7);
    }
  });

  test("the field is legal without message, without noise and without overlap, also mismatched", () => {
    for (const [q, slope, spread, mHat, qHat] of [
      [0, 1, 1, 0, 0],
      [0, 0, 1, 0, 2],
      [0.5, 0.7, 0.4, 1.3, 0.6],
      [0.5, -0.7, 0.4, -1.3, 0.6],
      [0.5, 1, 0, 2, 0],
      [0.5, 1, 0.5, 2, 0]
    ]) {
      const { input, label, weight } = phi.field({ q, slope, spread }, mHat, qHat);
      let total = 0;
      let second = 0;
      let finite = true;
      for (let k = 0; k < weight.length; k++) {
        total += weight[k];
        finite &&= Number.isFinite(input[k]) && Number.isFinite(label[k]);
        second += weight[k] * label[k] ** 2;
      }
      expect(total).toBeCloseTo(1, 10);
      expect(finite).toBe(true);
      expect(second).toBeCloseTo(mHat * mHat * phi.secondMoment(slope * slope * q + spread) + qHat, 8);
    }
  });
});

test("as ax -> infinity vz tends to the noiseless channel's V (1 - V J)", () => {
  const twins: [string, Channel][] = [
    ["sign", make(channels.sign)],
    ["relu", make(channels.relu)],
    ["abs", make(channels.abs)],
    ["door", make(channels.symmetricDoor)]
  ];
  for (const [name, channel] of twins)
    for (const V of [1e-3, 0.1, 0.5, 0.9, 0.999]) {
      const J = channel.information?.(1 - V, V) ?? Number.NaN;
      const { vz, extrinsicZ } = activations[name].errors(V, 1e15, 1);
      expect(Math.abs(vz / V - (1 - V * J)), `${name} V ${V}`).toBeLessThan(2e-7);
      if (name !== "abs" || V < 0.5) expect(relative(extrinsicZ, J / (1 - V * J)), `${name} V ${V}`).toBeLessThan(1e-5);
    }
});

test("an even function sends z nothing at zero overlap and a share of q near it, without cancellation", () => {
  for (const name of ["abs", "door"])
    for (const ax of [0.01, 1, 1e3]) {
      const rate = (q: number) => activations[name].errors(1 - q, ax, 1).extrinsicZ / q;
      expect(relative(rate(1e-9), rate(1e-6)), `${name} ax ${ax}`).toBeLessThan(1e-4);
      expect(relative(rate(1e-12), rate(1e-9)), `${name} ax ${ax}`).toBeLessThan(1e-4);
      expect(activations[name].errors(1, ax, 1).extrinsicZ).toBeLessThan(1e-25);
    }
});

test("linear errors are the closed form at every scale", () => {
  for (const V of [1e-8, 0.3, 1])
    for (const ax of [0, 1e-9, 1, 1e15]) {
      const got = activations.linear.errors(V, ax, 1);
      expect(relative(got.vz, V / (1 + ax * V))).toBeLessThan(1e-15);
      expect(relative(got.extrinsicZ, ax)).toBeLessThan(1e-15);
      expect(relative(got.extrinsicX, 1 / V)).toBeLessThan(1e-15);
    }
});

test("the hard sigmoid is half a hard tanh of z/3, shifted", () => {
  const a = activations["hard-sigmoid"].errors(9 * 0.4, 4 * 7, 9);
  const b = activations["hard-tanh"].errors(0.4, 7, 1);
  expect(relative(a.vz, 9 * b.vz)).toBeLessThan(1e-12);
  expect(relative(a.vx, b.vx / 4)).toBeLessThan(1e-12);
});

test("leaky-relu of slope 1, 0 and -1 are linear, relu and abs", () => {
  for (const [slope, name] of [
    [1, "linear"],
    [0, "relu"],
    [-1, "abs"]
  ] as const) {
    const a = make(leakyRelu, { slope }).errors(0.3, 12, 1);
    const b = activations[name].errors(0.3, 12, 1);
    for (const key of ["vz", "vx", "extrinsicZ", "extrinsicX", "freeEntropy"] as const) expect(a[key]).toBeCloseTo(b[key], 10);
  }
});

test("errors refuse what they cannot mean", () => {
  expect(() => activations.relu.errors(2, 1, 1)).toThrow(/V must be/);
  expect(() => activations.relu.errors(0.5, -1, 1)).toThrow(/ax must be/);
  expect(() => activations.relu.errors(0.5, Number.NaN, 1)).toThrow(/ax must be/);
});
