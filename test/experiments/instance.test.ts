/** The name of an instance hears every number that is drawn before the first frame, changes none, and costs next to nothing. */
import { describe, expect, test } from "vitest";
import { simulateRun } from "../../src/core/scenario.ts";
import type { Rng } from "../../src/core/types.ts";
import { hashingRng, instanceOf, naming } from "../../src/experiments/instance.ts";
import { runCell } from "../../src/experiments/runCell.ts";
import { complete, simulateCells } from "../../src/experiments/sweep.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { linearRegression } from "./fixtures/ridge.ts";

/** The name of what `draw` draws from seed 3. */
function named(draw: (rng: Rng) => void, seed = 3): string {
  const rng = hashingRng(seed, "test");
  draw(rng);
  return rng.digest();
}

describe("the stream that is listened to", () => {
  test("gives the numbers of makeRng, forks of forks and both widths included", () => {
    const draws = (rng: Rng) => {
      const wide = new Float64Array(5000);
      const narrow = new Float32Array(33);
      const uniform = new Float64Array(3);
      rng.fork("W").fillNormal(wide, 0.25);
      rng.fork("x0").fork("support").fillUniform(narrow);
      rng.fillUniform(uniform);
      return [...wide, ...narrow, ...uniform, rng.uniform(), rng.normal(), rng.fork("y").normal()];
    };
    expect(draws(hashingRng(7, "s"))).toEqual(draws(makeRng(7, "s")));
  });

  test("hears every way of drawing", () => {
    const ways: ((rng: Rng) => void)[] = [
      () => {},
      (rng) => rng.uniform(),
      (rng) => rng.normal(),
      (rng) => rng.fillUniform(new Float64Array(2)),
      (rng) => rng.fillNormal(new Float64Array(2)),
      (rng) => rng.fillNormal(new Float64Array(2), 2),
      (rng) => rng.fillNormal(new Float32Array(2)),
      (rng) => rng.fork("a").normal(),
      (rng) => rng.fork("a").fork("b").normal(),
      (rng) => rng.fork("b").normal()
    ];
    expect(new Set(ways.map((way) => named(way))).size).toBe(ways.length);
  });

  test("is named by the numbers, not by the calls: one fill is many draws", () => {
    const one = named((rng) => rng.fillNormal(new Float64Array(6)));
    expect(named((rng) => Array.from({ length: 6 }, () => rng.normal()))).toBe(one);
    expect(named((rng) => rng.fillNormal(new Float64Array(8).subarray(2)))).toBe(one);
  });

  test("is named by the order too", () => {
    const [a, b] = [(rng: Rng) => rng.fork("a").normal(), (rng: Rng) => rng.fork("b").normal()];
    const ab = named((rng) => [a(rng), b(rng)]);
    expect(named((rng) => [b(rng), a(rng)])).not.toBe(ab);
  });

  test("making a fork, as against drawing from it, changes nothing", () => {
    const draw = named((rng) => rng.normal());
    const forked = named((rng) => {
      rng.fork("unused");
      rng.normal();
    });
    expect(forked).toBe(draw);
  });

  test("seed, label and length tell instances apart: 4000 names, none twice (2^-41 by chance)", () => {
    const names = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      names.add(named((rng) => rng.normal(), seed));
      names.add(named((rng) => rng.fillNormal(new Float64Array(2)), seed));
    }
    expect(names.size).toBe(4000);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{16}$/);
  });

  test("one bit of one number in the middle of many changes about half the digits' bits", () => {
    // the listener is handed a matrix whose last mantissa bit, or sign, differs: what a wrong engine would do
    const distances: number[] = [];
    for (const bit of [0, 1, 31, 32, 52, 62, 63])
      for (const place of [0, 500, 999]) {
        const [x, y] = [flippedName(-1, bit), flippedName(place, bit)];
        let difference = BigInt(`0x${x}`) ^ BigInt(`0x${y}`);
        let count = 0;
        for (; difference > 0n; difference >>= 1n) count += Number(difference & 1n);
        distances.push(count);
      }
    // 64 fair coins: mean 32, standard deviation 4; the mean of 21 leaves [28, 36] once in 200000 draws
    const mean = distances.reduce((s, d) => s + d, 0) / distances.length;
    expect(mean, distances.join(" ")).toBeGreaterThan(28);
    expect(mean, distances.join(" ")).toBeLessThan(36);
    expect(Math.min(...distances)).toBeGreaterThan(8);
  });

  test("does not listen after it was asked", () => {
    const rng = hashingRng(1, "test");
    const fork = rng.fork("later");
    rng.normal();
    const first = rng.digest();
    rng.normal();
    fork.fillNormal(new Float64Array(4));
    expect(rng.digest()).toBe(first);
    expect(first).toBe(named((r) => r.normal(), 1));
  });
});

/** The name of 1000 normals with bit `bit` of number `place` flipped (place -1: none), through a stream that is tampered with. */
function flippedName(place: number, bit: number): string {
  const rng = hashingRng(3, "test", (seed, label) => {
    const inner = makeRng(seed, label);
    return {
      ...inner,
      fillNormal(out) {
        inner.fillNormal(out);
        if (place < 0) return;
        const words = new Uint32Array(out.buffer);
        words[2 * place + (bit >> 5)] ^= 1 << (bit & 31);
      }
    };
  });
  rng.fillNormal(new Float64Array(1000));
  return rng.digest();
}

describe("the name of a run", () => {
  const params = complete(linearRegression, { size: 30 });

  test("is the same alone, in a cell, and with parameters that change the algorithm only", () => {
    const [cell] = simulateCells(linearRegression, { size: 30 }, [5]);
    const { result } = runCell(cell, { linearRegression });
    expect(result).toMatchObject({ kind: "simulate", instance: instanceOf(linearRegression, params, 5) });
    expect(instanceOf(linearRegression, { ...params, mode: "diverging" }, 5)).toBe(instanceOf(linearRegression, params, 5));
    expect(instanceOf(linearRegression, params, 6)).not.toBe(instanceOf(linearRegression, params, 5));
    expect(instanceOf(linearRegression, { ...params, alpha: 2 }, 5)).not.toBe(instanceOf(linearRegression, params, 5));
  });

  test("naming a run leaves its frames and its outcome as they are, and tells before the first frame", () => {
    const rng = hashingRng(5, linearRegression.id);
    const heard: string[] = [];
    const frames = naming(linearRegression.simulate(params as never, rng), rng, (name) => heard.push(name));
    const plain = simulateRun(linearRegression, params, 5, makeRng);
    const t: number[] = [];
    for (;;) {
      const step = frames.next();
      expect(heard).toHaveLength(1);
      if (step.done) {
        expect(step.value).toEqual(plain.outcome);
        break;
      }
      t.push(step.value.t);
    }
    expect(t).toEqual(plain.t);
  });
});
