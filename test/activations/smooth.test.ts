/** Smooth and complex activations against brute force on dense grids: narrow, far, flat and many-peaked posteriors, and their limits. */
import { describe, expect, test } from "vitest";
import { complexLinear, erf, logistic, modulus, sine, softplus, tanh } from "../../src/activations/index.ts";
import { type SmoothActivation, smoothActivation } from "../../src/activations/smooth.ts";
import { modulusInformation } from "../../src/channels/closedForms.ts";
import { make, ParameterError } from "../../src/core/parameters.ts";
import type { Activation, Family } from "../../src/core/types.ts";

const families = [tanh, erf, logistic, softplus, sine] as unknown as readonly Family<Activation>[];
const value = (phi: Activation, z: number): number => {
  const x = new Float64Array(1);
  phi.apply(Float64Array.of(z), x);
  return x[0];
};

interface Moments {
  readonly logZ: number;
  readonly z: number;
  readonly vz: number;
  readonly x: number;
  readonly vx: number;
}

function moments(phi: Activation, az: number, bz: number, ax: number, bx: number): Moments {
  const out = Array.from({ length: 5 }, () => new Float64Array(1));
  const at = [az, bz, ax, bx].map((v) => Float64Array.of(v));
  phi.posterior(at[0], at[1], at[2], at[3], out[0], out[1], out[2], out[3]);
  phi.logPartition(at[0], at[1], at[2], at[3], out[4]);
  return { z: out[0][0], vz: out[1][0], x: out[2][0], vx: out[3][0], logZ: out[4][0] };
}

/**
 * The same by the trapezoid on a dense grid, which is refined around its own maxima until they are resolved: a scan of 4e4 points
 * over the window keeps the cells within 60 nats of the top, twice.
 */
function brute(phi: Activation, az: number, bz: number, ax: number, bx: number): Moments {
  const omega = bz / az;
  const m = ax > 0 ? bx / ax : 0;
  const L = (z: number, x: number): number => -0.5 * az * (z - omega) ** 2 + (ax > 0 ? -0.5 * ax * (x - m) ** 2 : bx * x);
  // far enough to reach a preimage of m
  const reach = 12 / Math.sqrt(az) + (ax * az > 0 ? Math.min(Math.abs(m - omega), 200) * 1.2 : 0);
  let cells: [number, number][] = [[omega - reach, omega + reach]];
  const n = 40_000;
  for (let round = 0; round < 3; round++) {
    const z: number[] = [];
    const total = cells.reduce((s, [a, b]) => s + b - a, 0);
    const step = total / n;
    let top = -Infinity;
    const kept: [number, number][] = [];
    for (const [a, b] of cells) for (let t = a; t < b; t += step) z.push(t);
    const grid = Float64Array.from(z);
    const x = new Float64Array(grid.length);
    phi.apply(grid, x);
    const l = grid.map((t, k) => L(t, x[k]));
    for (const v of l) top = Math.max(top, v);
    if (round < 2) {
      for (let k = 0; k < grid.length; k++)
        if (l[k] > top - (round === 0 ? 1e4 : 60) - 60) {
          const last = kept[kept.length - 1];
          if (last && grid[k] - 3 * step <= last[1]) last[1] = grid[k] + 2 * step;
          else kept.push([grid[k] - 2 * step, grid[k] + 2 * step]);
        }
      cells = kept;
      continue;
    }
    let s0 = 0;
    let sz = 0;
    let sx = 0;
    for (let k = 0; k < grid.length; k++) {
      const p = Math.exp(l[k] - top);
      s0 += p;
      sz += p * grid[k];
      sx += p * x[k];
    }
    let vz = 0;
    let vx = 0;
    for (let k = 0; k < grid.length; k++) {
      const p = Math.exp(l[k] - top) / s0;
      vz += p * (grid[k] - sz / s0) ** 2;
      vx += p * (x[k] - sx / s0) ** 2;
    }
    const constant = (0.5 * bz * bz) / az + (ax > 0 ? (0.5 * bx * bx) / ax : 0);
    return { logZ: top + Math.log(s0 * step) + constant, z: sz / s0, vz, x: sx / s0, vx };
  }
  throw new Error("unreachable");
}

describe.each(families)("activation $id", (family) => {
  const phi = make(family);
  // az, omega, ax, z0: the message from above says phi(z0), give or take
  const points: readonly (readonly [number, number, number, number])[] = [
    [1, 0.3, 2, 0.7],
    [1, -0.4, 1e4, 0.9],
    [1, 0.2, 1e8, 0.31],
    [1e4, 1, 1e4, 1.02],
    [1e10, 0.5, 1e10, 0.500003],
    [1e-2, 4, 50, 1.5],
    [0.5, 3, 30, -0.5],
    [1, 0, 1e-6, 1],
    [1e-4, 20, 0.3, 1],
    [2, 5, 400, 0.1],
    [1, 8, 1e6, 0]
  ];
  test("messages agree with brute force, narrow or wide, with one mode or several", () => {
    for (const [az, omega, ax, z0] of points) {
      const x0 = value(phi, z0);
      const bx = ax * x0 + 0.7 * Math.sqrt(ax);
      const fast = moments(phi, az, az * omega, ax, bx);
      const slow = brute(phi, az, az * omega, ax, bx);
      const where = `az=${az} omega=${omega} ax=${ax}: ${JSON.stringify(fast)} against ${JSON.stringify(slow)}`;
      expect(Math.abs(fast.logZ - slow.logZ), where).toBeLessThan(1e-7 + 1e-14 * Math.abs(slow.logZ));
      expect(Math.abs(fast.z - slow.z), where).toBeLessThan(1e-7 * (Math.sqrt(slow.vz) + 1e-8 * Math.abs(slow.z)) + 1e-13);
      expect(Math.abs(fast.vz / slow.vz - 1), where).toBeLessThan(1e-6);
      expect(Math.abs(fast.x - slow.x), where).toBeLessThan(1e-7 * Math.sqrt(slow.vx) + 1e-13);
      expect(Math.abs(fast.vx / slow.vx - 1), where).toBeLessThan(1e-5);
    }
  });
  test("nothing is NaN at the ends of the ranges", () => {
    for (const az of [1e-4, 1, 1e10])
      for (const omega of [-30, 0, 2])
        for (const ax of [0, 1, 1e10])
          for (const x of [-3, 0.5, 1]) {
            const out = moments(phi, az, az * omega, ax, ax * x);
            expect(Object.values(out).every(Number.isFinite), `az=${az} omega=${omega} ax=${ax} x=${x}: ${JSON.stringify(out)}`).toBe(true);
          }
  });
  test("strong messages from above: variances are still the derivatives of the free entropy (no mass is lost between panels)", () => {
    const ax = 1e3;
    const h = 0.02;
    const F = (az: number, a: number): number => phi.errors(1 / az, a, 1).freeEntropy;
    const { vz } = phi.errors(0.5, ax, 1);
    const f = [1, 2].map((k) => F(2 * Math.exp(k * h), ax) - F(2 * Math.exp(-k * h), ax));
    expect(Math.abs((8 * f[0] - f[1]) / (12 * h) + vz)).toBeLessThan(1e-6);
  });
});

describe("smooth activations of one's own", () => {
  const cubic: SmoothActivation = { phi: (z) => z + 0.1 * z ** 3, length: 2 };
  test("without a derivative they agree with the same function with one", () => {
    const plain = smoothActivation(cubic);
    const given = smoothActivation({ ...cubic, derivative: (z) => 1 + 0.3 * z * z });
    const a = moments(plain, 1, 0.3, 50, 60);
    const b = moments(given, 1, 0.3, 50, 60);
    for (const key of ["logZ", "z", "vz", "x", "vx"] as const) expect(Math.abs(a[key] - b[key])).toBeLessThan(1e-9);
    expect(Math.abs(plain.errors(0.5, 2, 1).vz - given.errors(0.5, 2, 1).vz)).toBeLessThan(1e-9);
  });
  test("what cannot be integrated is refused by name", () => {
    expect(() => smoothActivation({ phi: (z) => 1 / z })).toThrow(ParameterError);
    expect(() => smoothActivation({ phi: Math.tanh, range: [0, 1] })).toThrow("phi must be finite and within [0, 1]");
    expect(() => smoothActivation({ phi: Math.tanh, length: 0 })).toThrow("length must be a number in (0, inf)");
  });
});

describe("modulus and complex-linear", () => {
  test("a strong message from above is the noiseless channel", () => {
    const { vz } = make(modulus).errors(0.5, 1e8, 1);
    expect(Math.abs(vz / (0.5 * (1 - 0.5 * modulusInformation(0.5, 0.5))) - 1)).toBeLessThan(1e-7);
  });
  test("the posterior of z and of |z| by a plain two-dimensional sum", () => {
    for (const [az, re, im, ax, bx] of [
      [1, 0.4, -0.8, 2, 1.5],
      [3, 2, 1, 40, 60],
      [0.5, 0, 0, 1, -2],
      [2, -3, 1, 0, 0]
    ] as const) {
      const phi = make(modulus);
      const [zm, zv, xm, xv, logZ] = [2, 1, 1, 1, 1].map((n) => new Float64Array(n));
      const [a, b, c, d] = [Float64Array.of(az), Float64Array.of(re, im), Float64Array.of(ax), Float64Array.of(bx)];
      phi.posterior(a, b, c, d, zm, zv, xm, xv);
      phi.logPartition(a, b, c, d, logZ);
      // polar grid: periodic in the angle, midpoints in r
      const sums = new Float64Array(6);
      const dr = 0.001; // midpoints are off by f'(0) dr^2/24
      const turns = 64;
      for (let r = 0.5 * dr; r < 9; r += dr)
        for (let k = 0; k < turns; k++) {
          const t = (2 * Math.PI * k) / turns;
          const x = r * Math.cos(t);
          const y = r * Math.sin(t);
          const p = Math.exp(-az * r * r + 2 * (re * x + im * y) - 0.5 * ax * r * r + bx * r) * r;
          sums[0] += p;
          sums[1] += p * x;
          sums[2] += p * y;
          sums[3] += p * r;
          sums[4] += p * r * r;
        }
      const [x, y, r, rr] = [1, 2, 3, 4].map((k) => sums[k] / sums[0]);
      expect(zm[0]).toBeCloseTo(x, 6);
      expect(zm[1]).toBeCloseTo(y, 6);
      expect(zv[0]).toBeCloseTo(rr - x * x - y * y, 6);
      expect(xm[0]).toBeCloseTo(r, 6);
      expect(xv[0]).toBeCloseTo(rr - r * r, 6);
      expect(logZ[0]).toBeCloseTo(Math.log((sums[0] * dr * 2 * Math.PI) / turns), 6);
    }
  });
  test("complex-linear is the Gaussian identity", () => {
    const e = make(complexLinear).errors(0.25, 3, 2);
    expect(e).toEqual({ vz: 1 / 7, vx: 1 / 7, extrinsicZ: 3, extrinsicX: 4, freeEntropy: Math.log(Math.PI / 7) - 1 });
  });
});
