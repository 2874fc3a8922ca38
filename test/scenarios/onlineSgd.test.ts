/** The overlaps of a file, refusals, times shared by runs and equations, divergence, and where the dynamics rests. */
import { describe, expect, test } from "vitest";
import { arraysText } from "../../src/core/files.ts";
import { ParameterError, parse } from "../../src/core/parameters.ts";
import { evolveRun, simulateRun } from "../../src/core/scenario.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { onlineSgd } from "../../src/scenarios/onlineSgd.ts";
import { readOverlaps } from "../../src/scenarios/onlineSgd/readOverlaps.ts";

const GOOD = {
  Q: [
    [0.5, 0.1],
    [0.1, 0.4]
  ],
  R: [
    [0.2, 0, 0.1],
    [0, 0.1, 0]
  ],
  T: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  v: [1, 0.5],
  vTeacher: [1, 1, -1]
};
const told = (raw: Readonly<Record<string, unknown>>) => {
  try {
    onlineSgd.predict(parse(onlineSgd, raw));
  } catch (error) {
    if (error instanceof ParameterError) return error.message;
    throw error;
  }
  return "accepted";
};
const given = (change: Readonly<Record<string, unknown>>) => told({ initial: JSON.stringify({ ...GOOD, ...change }), time: 1 });

describe("a file of overlaps", () => {
  test("theory and simulation start from exactly these, whatever the units asked for", () => {
    const p = { initial: JSON.stringify(GOOD), studentUnits: 7, size: 60, time: 0.5, frames: 4 };
    const run = simulateRun(onlineSgd, p, 3, makeRng);
    const theory = evolveRun(onlineSgd, p);
    expect(theory.t).toEqual(run.t);
    for (const name of ["Q", "R", "T"] as const)
      for (const source of [run, theory])
        expect(source.matrices?.[name][0].flat()).toEqual(GOOD[name].flat().map((x) => expect.closeTo(x, 13)));
    expect(run.matrices?.v[0]).toEqual([[1, 0.5]]);
    expect(run.series.generalizationError[0]).toBeCloseTo(theory.series.generalizationError[0], 12);
  });

  test("second layers left out are 1; arrays of another format are the same overlaps", () => {
    const { Q, R, T } = GOOD;
    expect(readOverlaps(JSON.stringify({ Q, R, T }), "x").vTeacher).toEqual([1, 1, 1]);
    const arrays = Object.entries(GOOD).map(([name, value]) => ({
      name,
      shape: Array.isArray(value[0]) ? [value.length, value[0].length] : [value.length],
      data: value.flat()
    }));
    expect(readOverlaps(arraysText(arrays), "x")).toEqual(GOOD);
  });

  test("what is missing, misshapen, not symmetric, not finite or impossible gets one sentence", () => {
    expect(given({})).toBe("accepted");
    expect(told({ initial: "{" })).toMatch(/^online-sgd: initial: not valid JSON/);
    expect(told({ initial: "[1]" })).toMatch(/expected an object/);
    expect(given({ R: undefined })).toMatch(/missing R/);
    expect(given({ R: [[1, 0, 0]] })).toMatch(/R must be 2 x 3 \(students by teachers\), got 1 x 3/);
    expect(given({ Q: [[1, 2]] })).toMatch(/Q must be 1 x 1 \(square\), got 1 x 2/);
    expect(given({ Q: [[1], [0, 1]] })).toMatch(/row 1 of Q has 2 entries where the first has 1/);
    expect(
      given({
        Q: [
          [1, 0.5],
          [0.1, 1]
        ]
      })
    ).toMatch(/Q must be symmetric, got 0.5 at \[0\]\[1\] and 0.1 at \[1\]\[0\]/);
    expect(
      given({
        Q: [
          [1, null],
          [null, 1]
        ]
      })
    ).toMatch(/row 0 of Q holds null, not a finite number/);
    expect(given({ v: [1] })).toMatch(/v must be 2 finite numbers, one a unit, got \[1\]/);
    expect(
      given({
        R: [
          [2, 0, 0],
          [0, 0, 0]
        ]
      })
    ).toMatch(/positive semi-definite, got the eigenvalue -/);
    expect(given({ teacherV: [2, 2, 2] })).toBe("online-sgd: initial: unknown teacherV; it has Q, R, T, v, vTeacher");
    expect(told({ initial: JSON.stringify({ Q: [[1e300]], R: [[0]], T: [[1]] }) })).toMatch(/Q, R and T must be within 1e12 of zero/);
    expect(told({ initial: JSON.stringify({ Q: [[0]], R: [[0]], T: [[1]] }), activation: "relu" })).toMatch(/diagonal above 0 for relu/);
    expect(told({ activation: "relu", studentScale: 0 })).toMatch(/studentScale must be above 0 for relu/);
    expect(told({ studentUnits: 0 })).toMatch(/studentUnits must be an integer in \[1, 16\], got 0/);
    expect(told({ time: 0.001, size: 10 })).toMatch(/time must be at least 1\/size/);
    const few = { initial: JSON.stringify(GOOD), size: 3, time: 1 };
    expect(() => simulateRun(onlineSgd, few, 1, makeRng)).toThrow(
      /^online-sgd: size must be at least 5, the number of independent units, got 3/
    );
  });
});

describe("trajectories", () => {
  test("relu students whose weights grow for ever end as diverged, not after minutes", () => {
    const { outcome, t } = evolveRun(onlineSgd, { activation: "relu", studentUnits: 3, teacherUnits: 1, learningRate: 2, frames: 12 });
    expect(outcome.kind).toBe("diverged");
    expect(outcome.advice).toMatch(/weights grow without bound/);
    expect(t.length).toBeGreaterThan(2);
  });

  test("every seed starts from the overlaps of the equations, and those of another overlapSeed are others", () => {
    const p = { size: 40, time: 0.2, frames: 3 };
    const start = (raw: object, seed: number) => simulateRun(onlineSgd, { ...p, ...raw }, seed, makeRng).series.generalizationError[0];
    expect(start({}, 1)).toBeCloseTo(start({}, 2), 12);
    expect(start({}, 1)).toBeCloseTo(evolveRun(onlineSgd, p).series.generalizationError[0], 12);
    expect(Math.abs(start({}, 1) - start({ overlapSeed: 2 }, 1))).toBeGreaterThan(1e-3);
  });

  test("a time that is reached is completed; what blows up ends diverged on both sides, its numbers finite", () => {
    const end = (raw: Readonly<Record<string, unknown>>) => [simulateRun(onlineSgd, raw, 1, makeRng), evolveRun(onlineSgd, raw)];
    for (const run of end({ time: 1, size: 50 })) expect(run.outcome.kind).toBe("completed");
    for (const run of end({ activation: "square", learningRate: 0.5, size: 100 })) {
      expect(run.outcome.kind).toBe("diverged");
      expect(run.outcome.advice).toMatch(/smaller learning rate/);
      expect(run.series.generalizationError.every(Number.isFinite)).toBe(true);
    }
  });

  test("the plateau marked is where the trajectory waits, the specialised error where it ends", () => {
    const initial = JSON.stringify({
      Q: [
        [0.3, 0.2],
        [0.2, 0.3]
      ],
      R: [
        [0.31, 0.3],
        [0.3, 0.31]
      ],
      T: [
        [1, 0],
        [0, 1]
      ]
    });
    const p = parse(onlineSgd, { initial, noise: 0.01, time: 1000, frames: 200 });
    const { levels, fixedPoints, branches } = onlineSgd.predict(p);
    const [plateau, specialised] = levels ?? [];
    const run = evolveRun(onlineSgd, p);
    const waiting = run.series.generalizationError.filter((e) => Math.abs(e / plateau.value - 1) < 0.02);
    expect(waiting.length).toBeGreaterThan(20);
    expect(branches.algorithmic.observables.generalizationError).toBeCloseTo(specialised.value, 6);
    expect(fixedPoints?.map((f) => f.stable)).toEqual([false, true]);
    // beyond the largest stable rate nothing rests
    expect(onlineSgd.predict(parse(onlineSgd, { initial, learningRate: 50, time: 1 })).fixedPoints?.some((f) => f.stable)).toBeFalsy();
  });
});
