import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { arraysText } from "../../src/core/files.ts";
import { parse } from "../../src/core/parameters.ts";
import { evolveRun, simulateRun } from "../../src/core/scenario.ts";
import { readArray } from "../../src/io/index.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import { hiddenManifold } from "../../src/scenarios/hiddenManifold.ts";

const simulate = (raw: Record<string, unknown>, seed = 1) => simulateRun(hiddenManifold, raw, seed, makeRng);
const evolve = (raw: Record<string, unknown>) => evolveRun(hiddenManifold, raw);
const last = (x: readonly number[]) => x[x.length - 1];

/** The project's digits: odd 1, even -1, or one label a digit. */
function digits(classes: (digit: number) => number): string {
  const { data, shape } = readArray(readFileSync(new URL("../../examples/digits/digits.npy", import.meta.url)), "digits.npy");
  const [count, width] = shape;
  const X = new Float64Array(count * 64);
  const y = new Float64Array(count);
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < 64; i++) X[s * 64 + i] = Number(data[s * width + i]);
    y[s] = classes(Number(data[s * width + 64]));
  }
  return arraysText([
    { name: "X", shape: [count, 64], data: X },
    { name: "y", shape: [count], data: y }
  ]);
}
const parity = digits((d) => (d % 2 ? 1 : -1));

describe("hidden-manifold", () => {
  test.each([
    {},
    { features: "orthogonal", nonlinearity: "tanh" },
    { task: "teacher-on-inputs", nonlinearity: "relu", latentRatio: 1.5 },
    { task: "unstructured", studentUnits: 3 }
  ])("theory and run have the same Q, R and T at the start: %j", (raw) => {
    const small = { ...raw, size: 100, time: 0.5, frames: 3, testSamples: 100 };
    const [run, theory] = [simulate(small), evolve(small)];
    expect(run.t).toEqual(theory.t);
    for (const name of ["Q", "R", "T", "between"])
      run.matrices?.[name][0].flat().forEach((x, c) => {
        expect(x).toBeCloseTo(theory.matrices?.[name][0].flat()[c] as number, 10);
      });
  });

  test("a file of overlaps sets the start of both", () => {
    const initial = JSON.stringify({
      Q: [
        [0.4, 0.1],
        [0.1, 0.3]
      ],
      R: [[0.2], [0.1]],
      T: [[0.8]]
    });
    const raw = { initial, size: 100, time: 0.5, frames: 3, testSamples: 100 };
    for (const run of [simulate(raw), evolve(raw)]) {
      expect(run.matrices?.Q[0].flat()[2]).toBeCloseTo(0.1, 10);
      expect(run.matrices?.R[0].flat()[1]).toBeCloseTo(0.1, 10);
      expect(run.matrices?.T[0]).toEqual([[0.8]]);
    }
  });

  test("the decks' comparison: a long plateau for unstructured inputs, none for the hidden manifold, whose students agree on their inputs before they do elsewhere", () => {
    const slope = (raw: Record<string, unknown>) => {
      const { t, series } = evolve({ time: 400, learningRate: 0.2, frames: 60, ...raw });
      const e = series.generalizationError;
      // least and last decrease of ln e_g in ln t, from t = 1 on, relative to what is left at the end
      const steps = e.flatMap((x, k) => (k > 0 && t[k - 1] >= 1 ? [Math.log(e[k - 1] / x) / Math.log(t[k] / t[k - 1])] : []));
      return { steps, series };
    };
    const plain = slope({ task: "unstructured", time: 1500 });
    const manifold = slope({});
    // a plateau: e_g stands still, and falls again afterwards
    const stand = plain.steps.findIndex((x) => x < 0.05);
    expect(stand).toBeGreaterThan(0);
    expect(Math.max(...plain.steps.slice(stand))).toBeGreaterThan(0.5);
    const rest = manifold.steps.findIndex((x) => x < 0.05);
    expect(rest < 0 ? 0 : Math.max(...manifold.steps.slice(rest))).toBeLessThan(0.2);
    // two students on unstructured inputs agree or not alike everywhere; on few latent variables they have learnt their inputs alone
    const few = evolve({ latentRatio: 0.02, size: 1000, time: 5, frames: 20 }).series;
    expect(last(plain.series.disagreementIid)).toBeLessThan(1e-4);
    plain.series.disagreement.forEach((x, k) => {
      expect(plain.series.disagreementIid[k]).toBeCloseTo(x, 12);
    });
    expect(last(few.generalizationError)).toBeLessThan(0.11 * few.generalizationError[0]);
    expect(last(few.disagreementIid)).toBeGreaterThan(0.5 * few.disagreementIid[0]);
  });

  test("unstructured inputs: the plateau marked is where the error stands still; no other task has one", () => {
    const raw = { task: "unstructured", time: 60, learningRate: 0.2 };
    const { levels } = hiddenManifold.predict(parse(hiddenManifold, raw));
    expect(levels?.map(({ name, observable }) => [name, observable])).toEqual([["plateau", "generalizationError"]]);
    expect(last(evolve(raw).series.generalizationError) / (levels?.[0].value ?? 0)).toBeCloseTo(1, 1);
    expect(hiddenManifold.predict(parse(hiddenManifold, { time: 1 })).levels).toBeUndefined();
  });

  test("digits, odd against even: finite everywhere, the students learn, theory and run start together", () => {
    const raw = { task: "data", file: parity, studentUnits: 4, learningRate: 0.05, time: 200, frames: 6 };
    const [run, theory] = [simulate(raw), evolve(raw)];
    for (const series of [run.series, theory.series])
      for (const values of Object.values(series)) for (const x of values) expect(Number.isFinite(x)).toBe(true);
    expect(run.t).toEqual(theory.t);
    for (const name of ["Q", "R", "T"])
      run.matrices?.[name][0].flat().forEach((x, c) => {
        expect(x).toBeCloseTo(theory.matrices?.[name][0].flat()[c] as number, 6);
      });
    expect(last(run.series.generalizationError)).toBeLessThan(0.35 * run.series.generalizationError[0]);
    expect(last(theory.series.generalizationError)).toBeLessThan(0.5 * theory.series.generalizationError[0]);
  });

  test("students whose weights grow for ever end as diverged at 1e12, not with errors of 1e283 after minutes", () => {
    const { outcome, series } = evolve({ activation: "linear", learningRate: 20, time: 400 });
    expect(outcome.kind).toBe("diverged");
    expect(outcome.advice).toMatch(/weights grow without bound soon after t = 0\.\d+; take a smaller learningRate/);
    expect(last(series.generalizationError)).toBeLessThan(1e13);
  });

  test("bad input is refused in one sentence that names the cure", () => {
    const refused = (raw: Record<string, unknown>) => () => hiddenManifold.predict(parse(hiddenManifold, raw));
    expect(refused({ task: "data" })).toThrow(/hidden-manifold: file must be given/);
    expect(refused({ task: "data", file: digits((d) => d % 3) })).toThrow(/two classes, got 3 \(0, 1, 2\)/);
    expect(refused({ task: "data", file: parity, activation: "square" })).toThrow(/activation must be erf, linear or relu/);
    expect(refused({ file: parity })).toThrow(/take --task data/);
    expect(refused({ task: "data", file: arraysText([{ name: "X", shape: [40, 3], data: new Float64Array(120) }]) })).toThrow(
      /arrays X .* and y/
    );
    expect(
      refused({
        task: "data",
        file: arraysText([
          { name: "X", shape: [40, 3], data: new Float64Array(120) },
          { name: "y", shape: [39], data: new Float64Array(39) }
        ])
      })
    ).toThrow(/one label a sample/);
    expect(refused({ nonlinearity: "abs" })).toThrow(/linear part/);
    expect(refused({ latentRatio: 0.001, teacherUnits: 4 })).toThrow(/latentRatio must leave/);
    expect(refused({ overlap: 1, studentUnits: 6 })).toThrow(/overlap must leave room/);
    expect(refused({ studentUnits: 0 })).toThrow(/studentUnits must be an integer in \[1, 12\], got 0/);
    expect(refused({ size: 20_000, latentRatio: 1 })).toThrow(/N D below/);
    expect(refused({ time: 0.001, size: 100 })).toThrow(/one sample/);
  });
});
