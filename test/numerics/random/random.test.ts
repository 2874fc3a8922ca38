import { describe, expect, test } from "vitest";
import { exactCos, exactExp, exactLog, exactSin, makeRng, philox4x32 } from "../../../src/numerics/random/index.ts";

/** FNV-1a of the bytes of an array: one number that changes with any bit. */
function fingerprint(x: Float64Array | Float32Array): string {
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(x.buffer, x.byteOffset, x.byteLength)) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16);
}
function normals(seed: number, label: string, n: number): Float64Array {
  const x = new Float64Array(n);
  makeRng(seed, label).fillNormal(x);
  return x;
}
/** Upper tail of the standard normal: erfc by the continued fraction of Lentz beyond 2, by its series below; 1e-12. */
function upperTail(x: number): number {
  if (x < 0) return 1 - upperTail(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 2) {
    let f = x;
    for (let k = 200; k >= 1; k--) f = x + k / f;
    return density / f;
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 200; k++) sum += term *= (x * x) / (2 * k + 1);
  return 0.5 - density * sum;
}

describe("philox4x32-10", () => {
  // Known-answer vectors of Random123 1.14, tests/kat_vectors, lines "philox4x32 10".
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
    ]
  ] as const)("counter %j key %j gives the published words", (counter, key, words) => {
    expect(philox4x32(counter, key)).toEqual([...words]);
  });

  test("the batched path draws the same words as the bijection, across a whole refill and from an odd place", () => {
    const rng = makeRng(5);
    rng.uniform();
    const x = new Float64Array(1001);
    rng.fillUniform(x);
    for (let i = 0; i < x.length; i++) {
      const index = i + 1;
      const block = philox4x32([index >> 1, 0, 0, 0], [5, 0]);
      const [low, high] = index % 2 ? [block[2], block[3]] : [block[0], block[1]];
      expect(x[i]).toBe((high * 2 ** 21 + (low >>> 11)) / 2 ** 53);
    }
  });
});

describe("streams", () => {
  test("a fill is the same numbers as single draws, whatever the sizes", () => {
    const one = makeRng(3, "x");
    const singles = Float64Array.from({ length: 9000 }, () => one.normal());
    const many = makeRng(3, "x");
    const parts = [1, 47, 48, 49, 300, 4096, 4459].map((n) => {
      const part = new Float64Array(n);
      many.fillNormal(part);
      return [...part];
    });
    expect(parts.flat()).toEqual([...singles]);
    expect(many.uniform()).toBe(one.uniform());
  });

  test("drawing from one stream never shifts another, nor its forks", () => {
    const a = makeRng(1);
    a.fillNormal(new Float64Array(777));
    a.uniform();
    const before = makeRng(1).fork("W").normal();
    expect(a.fork("W").normal()).toBe(before);
    expect(makeRng(1, "W").normal()).toBe(before);
  });

  test("labels, paths, seeds and their signs give different streams", () => {
    const root = makeRng(0);
    const firsts = [
      root,
      root.fork(""),
      root.fork("a"),
      root.fork("b"),
      root.fork("ab"),
      root.fork("a").fork("b"),
      root.fork("b").fork("a"),
      root.fork("a\0"),
      makeRng(1),
      makeRng(-1),
      makeRng(2 ** 32),
      makeRng(Number.MAX_SAFE_INTEGER),
      makeRng(Number.MIN_SAFE_INTEGER)
    ].map((rng) => rng.uniform());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test("forks are independent: 200 streams have no correlation beyond 4.5 standard errors", () => {
    const n = 2000;
    const streams = Array.from({ length: 200 }, (_, i) => normals(7, `s${i}`, n));
    let worst = 0;
    for (let i = 0; i < 200; i++)
      for (let j = 0; j < i; j++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += streams[i][k] * streams[j][k];
        worst = Math.max(worst, Math.abs(s) / Math.sqrt(n));
      }
    // 19900 pairs: P(max > 5.5) < 8e-4.
    expect(worst).toBeLessThan(5.5);
    expect(worst).toBeGreaterThan(3);
  });

  test("an f32 fill is the f64 one rounded, and uniforms stay below one", () => {
    const wide = normals(2, "", 5000);
    const narrow = new Float32Array(5000);
    makeRng(2).fillNormal(narrow);
    expect(narrow).toEqual(Float32Array.from(wide));
    const u = new Float32Array(1 << 20);
    makeRng(2).fillUniform(u);
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  test("scale multiplies", () => {
    const x = new Float64Array(100);
    makeRng(4).fillNormal(x, 3);
    expect([...x]).toEqual([...normals(4, "", 100)].map((v) => 3 * v));
  });

  test("an instance is pinned: these bits never change, on any engine", () => {
    // fingerprint(normals(20240611, "W", 100000)) and the same for uniforms, Node 20.20 (V8 11.3).
    const x = normals(20240611, "W", 100_000);
    const u = new Float64Array(1000);
    makeRng(0).fillUniform(u);
    expect([fingerprint(x), fingerprint(u)]).toEqual(["820c17e7", "5893eacd"]);
  });

  test("a seed that is not a safe integer is refused", () => {
    expect(() => makeRng(0.5)).toThrow("rng: seed must be an integer");
    expect(() => makeRng(2 ** 53)).toThrow("rng: seed must be an integer");
    expect(() => makeRng(Number.NaN)).toThrow("rng: seed must be an integer");
  });
});

describe("the law of the numbers", () => {
  const n = 4_000_000;
  const x = normals(11, "law", n);

  test("normals: moments up to the eighth within 4.5 standard errors (false alarm 6e-5 in all)", () => {
    const moments = [0, 1, 0, 3, 0, 15, 0, 105];
    const spread = [1, 2, 15, 96, 945, 10170, 135135, 2016000]; // E x^2k - (E x^k)^2
    const sums = new Float64Array(8);
    for (const v of x) {
      let p = 1;
      for (let k = 0; k < 8; k++) sums[k] += p *= v;
    }
    for (let k = 0; k < 8; k++) expect(Math.abs(sums[k] / n - moments[k]) / Math.sqrt(spread[k] / n)).toBeLessThan(4.5);
  });

  test("normals: tail frequencies from 0.5 to 5 sigma, both sides, within 4.5 standard errors", () => {
    for (const t of [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 3.6541528853610088, 3.8, 4, 4.5, 5])
      for (const side of [1, -1]) {
        let count = 0;
        for (const v of x) if (side * v > t) count++;
        const mean = n * upperTail(t);
        // Poisson at five sigma: mean 1.15 counts; 4.5 s.e. is then 6 counts, P < 1e-4.
        expect(Math.abs(count - mean)).toBeLessThan(4.5 * Math.sqrt(mean) + 1);
      }
  });

  test("normals: Kolmogorov-Smirnov distance of a million below its 1e-5 quantile", () => {
    const sorted = x.slice(0, 1_000_000).sort();
    let distance = 0;
    for (let i = 0; i < sorted.length; i += 10)
      distance = Math.max(distance, Math.abs(1 - upperTail(sorted[i]) - (i + 0.5) / sorted.length));
    // sqrt(ln(2 / 1e-5) / 2) = 2.47
    expect(distance * 1000).toBeLessThan(2.47);
  });

  test("normals: neighbours are uncorrelated, and so are their squares", () => {
    for (const lag of [1, 2, 3, 256]) {
      let s = 0;
      let q = 0;
      for (let i = lag; i < n; i++) {
        s += x[i] * x[i - lag];
        q += (x[i] ** 2 - 1) * (x[i - lag] ** 2 - 1);
      }
      expect(Math.abs(s) / Math.sqrt(n)).toBeLessThan(4.5);
      expect(Math.abs(q) / Math.sqrt(4 * n)).toBeLessThan(4.5);
    }
  });

  test("uniforms: chi-square over 1024 cells and every low bit fair", () => {
    const u = new Float64Array(1 << 21);
    makeRng(13).fillUniform(u);
    const cells = new Float64Array(1024);
    const bits = new Float64Array(53);
    for (const v of u) {
      cells[Math.floor(v * 1024)]++;
      let low = v * 2 ** 53;
      for (let b = 0; b < 53; b++) {
        const half = Math.floor(low / 2);
        bits[b] += low - 2 * half;
        low = half;
      }
    }
    const mean = u.length / 1024;
    const chi2 = cells.reduce((s, c) => s + (c - mean) ** 2 / mean, 0);
    expect(Math.abs(chi2 - 1023) / Math.sqrt(2 * 1023)).toBeLessThan(4.5);
    for (let b = 0; b < 53; b++) expect(Math.abs(bits[b] - u.length / 2) / Math.sqrt(u.length / 4)).toBeLessThan(5);
  });
});

describe("exact functions", () => {
  test("agree with the host to 2 ulp and keep the edges", () => {
    for (let i = 0; i < 2000; i++) {
      const v = 10 ** ((i / 2000) * 20 - 10);
      expect(Math.abs(exactLog(v) - Math.log(v))).toBeLessThanOrEqual(4.5e-16 * Math.abs(Math.log(v)) + 1e-300);
      const w = (i - 1000) * 0.7;
      expect(Math.abs(exactExp(w) / Math.exp(w) - 1)).toBeLessThanOrEqual(4.5e-16);
      expect(Math.abs(exactSin(w) - Math.sin(w))).toBeLessThanOrEqual(2.3e-16);
      expect(Math.abs(exactCos(w) - Math.cos(w))).toBeLessThanOrEqual(2.3e-16);
    }
    expect([exactLog(0), exactLog(1), exactExp(-800), exactExp(0)]).toEqual([Number.NEGATIVE_INFINITY, 0, 0, 1]);
  });
});
