import { describe, expect, test } from "vitest";
import { dragRange, draggedName, positionOf, STEPS, valueAt } from "../../lab/src/views/landscape/dragged.ts";
import { axisOf, between, pointsBetween } from "../../lab/src/views/landscape/heights.ts";
import { coarseFirst, latestWins } from "../../lab/src/views/landscape/latestWins.ts";
import { phaseWords } from "../../lab/src/views/landscape/phaseWords.ts";
import { parse } from "../../src/core/parameters.ts";
import { compressedSensing } from "../../src/scenarios/compressedSensing.ts";
import { curieWeiss } from "../../src/scenarios/curieWeiss.ts";
import { perceptron } from "../../src/scenarios/perceptron.ts";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("latest wins", () => {
  test("while one is computed only the newest of the others waits", async () => {
    const asked: number[] = [];
    const answers: number[] = [];
    let finish: () => void = () => {};
    const queue = latestWins<number, number>(
      (q) => {
        asked.push(q);
        return new Promise((resolve) => {
          finish = () => resolve(q);
        });
      },
      (_, a) => answers.push(a),
      () => {}
    );
    for (const q of [1, 2, 3, 4]) queue.ask(q);
    finish();
    await settle();
    finish();
    await settle();
    expect(asked).toEqual([1, 4]);
    expect(answers).toEqual([1, 4]);
  });
  test("what is spare is asked only when nothing waits, a failure does not stop it, and nothing comes after closing", async () => {
    const order: number[] = [];
    const failures: number[] = [];
    const spare = [10, 11, 12, 13];
    const queue = latestWins<number, number>(
      async (q) => {
        order.push(q);
        if (q === 10) throw new Error("no");
        if (q === 12) queue.close();
        return q;
      },
      () => {},
      (q) => failures.push(q),
      () => spare.shift() ?? null
    );
    queue.wake();
    queue.ask(1);
    for (let k = 0; k < 10; k++) await settle();
    expect(order).toEqual([10, 1, 11, 12]);
    expect(failures).toEqual([10]);
  });
  test("a survey begins with the ends and leaves nothing out", () => {
    const all = Array.from({ length: 25 }, (_, k) => k);
    const order = coarseFirst(all);
    expect(order.slice(0, 3)).toEqual([0, 24, 12]);
    expect([...order].sort((a, b) => a - b)).toEqual(all);
    expect(coarseFirst([])).toEqual([]);
    expect(coarseFirst([5])).toEqual([5]);
  });
});

describe("phases in words", () => {
  const at = (alpha: number) => {
    const p = compressedSensing.predict(parse(compressedSensing, { rho: 0.2, noise: 1e-4, alpha }));
    return phaseWords(p.fixedPoints ?? [], p.phase);
  };
  // thresholds 0.30928, 0.33223, 0.35682: landmarks of the scenario
  test("hard: the lower maximum traps, the higher one is the optimum", () => {
    const told = at(0.34);
    expect(told.phase).toBe("hard");
    expect(told.words).toMatch(/^The maximum at overlap 0\.737 traps AMP; the one at overlap 0\.998 is higher by/);
    expect([told.algorithm, told.optimum].map((x) => x?.toFixed(3))).toEqual(["0.737", "0.998"]);
  });
  test("impossible with two maxima: the one near the truth is lower", () => {
    expect(at(0.32).words).toMatch(/is the highest.*The one at overlap 0\.99\d* is lower/);
  });
  test("one maximum: nothing does better than AMP", () => {
    expect(at(0.4).words).toMatch(/^One maximum, at overlap .*AMP reaches it from any start/);
  });
  test("exact recovery that is infinitely higher, or higher by a number", () => {
    const noiseless = compressedSensing.predict(parse(compressedSensing, { rho: 0.2, alpha: 0.3 }));
    expect(phaseWords(noiseless.fixedPoints ?? [], noiseless.phase).words).toMatch(/exact recovery is infinitely higher/);
    const binary = perceptron.predict(parse(perceptron, { prior: "binary", alpha: 1.3 }));
    expect(phaseWords(binary.fixedPoints ?? [], binary.phase).words).toMatch(/traps AMP; exact recovery is higher by 0\.0212/);
  });
  test("a magnet has stable states, and no truth that an algorithm could find", () => {
    const words = (params: Record<string, number>) => {
      const p = curieWeiss.predict(parse(curieWeiss, params));
      return phaseWords(p.fixedPoints ?? [], p.phase, "magnetization").words;
    };
    expect(words({ beta: 1.5, field: -0.1 })).toMatch(
      /^The maximum at magnetization −0\.907 is equilibrium\. The one at 0\.753 is lower by/
    );
    expect(words({ beta: 1.5, field: 0 })).toMatch(/^Maxima of one height, at magnetization −0\.859 and 0\.859/);
    expect(words({ beta: 0.8, field: 0.1 })).toMatch(/^One maximum, at magnetization 0\.\d+: every start ends there/);
  });
  test("zero overlap alone is a random guess", () => {
    const told = phaseWords([{ order: { overlap: 0 }, freeEntropy: -1, stable: true }], "impossible");
    expect(told.words).toMatch(/no method does better than a random guess/);
  });
});

describe("between landscapes", () => {
  const landscape = (alpha: number) => compressedSensing.landscape?.(parse(compressedSensing, { rho: 0.2, noise: 1e-4, alpha })) as never;
  test("halfway in alpha is the landscape there: it is linear in alpha", () => {
    const [a, b, half] = [landscape(0.3), landscape(0.4), landscape(0.35)] as { x: number[]; freeEntropy: number[] }[];
    const drawn = between({ order: "overlap", ...a }, { order: "overlap", ...b }, 0.5);
    expect(drawn.x).toEqual(half.x);
    drawn.freeEntropy.forEach((f, k) => {
      expect(Math.abs(f - half.freeEntropy[k])).toBeLessThan(1e-12 * (1 + Math.abs(f)));
    });
  });
  test("grids that differ are read off where both are", () => {
    const drawn = between({ order: "q", x: [0, 0.5, 1], freeEntropy: [0, 1, 2] }, { order: "q", x: [0, 0.4], freeEntropy: [1, 5] }, 0.5);
    expect(drawn).toEqual({ order: "q", x: [0], freeEntropy: [0.5] });
  });
  test("fixed points in between lie on the curve that is drawn", () => {
    const curve = { order: "q", x: [0, 1], freeEntropy: [0, 2] };
    const known = (q: number) => ({ landscape: curve, fixedPoints: [{ order: { q }, freeEntropy: 7, stable: true }] });
    expect(pointsBetween(known(0.2), known(0.4), 0.5, curve)[0].order.q).toBeCloseTo(0.3, 12);
    expect(pointsBetween(known(0.2), known(0.4), 0.5, curve)[0].freeEntropy).toBeCloseTo(0.6, 12);
  });
  test("the axis holds starts, turning points and maxima, and cuts what falls to its end", () => {
    const falls = { order: "q", x: [0, 0.2, 0.9, 1], freeEntropy: [-1, -0.5, -0.9, -50] };
    const [low, high] = axisOf([{ landscape: falls, fixedPoints: [] }]);
    expect(low).toBeGreaterThan(-1.2);
    expect(high).toBeGreaterThan(-0.5);
    expect(high).toBeLessThan(-0.3);
  });
});

describe("what is dragged", () => {
  const entry = { ...compressedSensing, landmarks: [], hasLandscape: true, hasMatrices: false, hasPictures: true, hasEffectiveNoise: true };
  const thresholds = { spinodalLow: 0.30928, informationTheoretic: 0.33223, algorithmic: 0.35682, l1: null };
  test("alpha, unless another real parameter of the model is asked for", () => {
    expect(draggedName(entry, {})).toBe("alpha");
    expect(draggedName(entry, { drag: "rho" })).toBe("rho");
    expect(draggedName(entry, { drag: "damping" })).toBe("alpha");
    expect(draggedName(entry, { drag: "size" })).toBe("alpha");
  });
  test("the range holds the thresholds and the value, and is the curve's where that is of the same parameter", () => {
    const range = dragRange(entry, "alpha", 0.6, {}, thresholds);
    expect(range.from).toBeLessThan(0.30928);
    expect(range.to).toBe(0.6);
    expect(dragRange(entry, "alpha", 0.3, { along: "alpha=0.2:0.5:0.1" }, thresholds)).toMatchObject({ from: 0.2, to: 0.5 });
    expect(dragRange(entry, "rho", 0.2, { along: "alpha=0.2:0.5:0.1" }, thresholds)).toMatchObject({ from: 1e-4, to: 1 });
  });
  test("positions of the slider and values go back and forth", () => {
    for (const log of [false, true]) {
      const drag = { name: "alpha", symbol: "α", about: "", from: 0.1, to: 10, log };
      for (const position of [0, 1, 777, STEPS]) expect(positionOf(drag, valueAt(drag, position))).toBe(position);
    }
  });
});
