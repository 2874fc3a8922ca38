/** The lessons state nothing that the library does not compute, show only what exists, and their exercises can be solved. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { settingOf, type Known, type LessonFacts, shownNumber } from "../../lab/src/lessons/facts.ts";
import { lessons } from "../../lab/src/lessons/index.ts";
import { judge } from "../../lab/src/lessons/exercise.ts";
import { amp } from "../../lab/src/lessons/amp/facts.ts";
import { ampResidual, drawInstance, ownAmp } from "../../lab/src/lessons/ownAmp.ts";
import { ampSetting, RHO } from "../../lab/src/lessons/ownAmpSetting.ts";
import { evaluator, type Maker } from "../../lab/src/lessons/sandbox/evaluate.ts";
import { termById } from "../../lab/src/glossary/index.ts";
import { formatAddress, parseAddress } from "../../lab/src/address/address.ts";
import { parse } from "../../src/core/parameters.ts";
import { parseAxis } from "../../src/experiments/axis.ts";
import type { AnyScenario } from "../../src/experiments/cell.ts";
import { makeRng } from "../../src/numerics/random/index.ts";
import * as scenarios from "../../src/scenarios/index.ts";

const all = Object.values(scenarios) as unknown as AnyScenario[];
const scenarioOf = (id: string): AnyScenario => {
  const s = all.find((x) => x.id === id);
  if (!s) throw new Error(`there is no scenario ${id}`);
  return s;
};
const root = resolve(import.meta.dirname, "../../lab/src/lessons");
const make: Maker = (...parts) => new Function(...parts) as (...args: unknown[]) => unknown;

/** The facts of every lesson: the one export of facts.ts in its folder. */
const folders = [...readFileSync(`${root}/index.ts`, "utf8").matchAll(/import\("\.\/([\w-]+)\/(\w+\.svelte)"\)/g)].map(
  ([, folder, file]) => ({ folder, file })
);
const modules = await Promise.all(
  folders.map(async ({ folder, file }) => {
    const module = (await import(`${root}/${folder}/facts.ts`)) as Record<string, LessonFacts>;
    return { folder, facts: Object.values(module)[0], text: readFileSync(`${root}/${folder}/${file}`, "utf8") };
  })
);

function computed({ from }: Known): number {
  if (from.kind === "formula") return from.compute();
  const s = scenarioOf(from.scenario);
  const p = parse(s, from.params ?? {});
  switch (from.kind) {
    case "threshold":
      return s.thresholds?.(p)[from.name] ?? Number.NaN;
    case "prediction": {
      const { branches } = s.predict(p);
      return (branches[from.branch] ?? branches.algorithmic).observables[from.observable];
    }
    case "trajectory":
      for (const frame of s.evolve(p)) if (frame.t >= from.t - 1e-9) return frame[from.observable];
      return Number.NaN;
    default: {
      let last = Number.NaN;
      const run = s.simulate(p, makeRng(from.seed, s.id));
      for (let step = run.next(); !step.done; step = run.next()) {
        last = step.value[from.observable];
        if (from.kind === "frame" && step.value.t >= from.t) return last;
      }
      return last;
    }
  }
}

it("lessons are numbered in the order of their list, and their ids are unique", () => {
  expect(new Set(lessons.map((l) => l.id)).size).toBe(lessons.length);
  expect(lessons.map((l) => l.number)).toEqual([...lessons.map((l) => l.number)].sort((a, b) => a - b));
  expect(folders.length).toBe(lessons.length);
});

describe.each(modules)("lesson $folder", ({ facts, text }) => {
  it.each(Object.entries(facts.known))("states %s as the library computes it, to the decimals shown", (_, known) => {
    expect(shownNumber({ ...known, value: computed(known) })).toBe(shownNumber(known));
  });

  it.each(Object.entries(facts.settings))("shows %s: parameters, grid and observable exist, and the address keeps them", (_, live) => {
    const s = scenarioOf(live.scenario);
    parse(s, live.params ?? {});
    const { along, observable } = live.options ?? {};
    if (along) parseAxis(along, s);
    if (observable) expect(Object.keys(s.observables)).toContain(observable);
    if (live.view === "landscape") expect(s.landscape).toBeTypeOf("function");
    const setting = settingOf(live);
    const back = parseAddress(formatAddress({ page: "scenario", setting, embed: false }), (_s, key) => key in s.params);
    expect(back.page === "scenario" && back.setting.options).toEqual(setting.options);
  });

  it.each(Object.values(facts.exercises))("exercise $id: the solution passes, the code to start from does not", async (spec) => {
    const reference = await spec.reference();
    const expected = spec.inputs.map((input) => reference(...input));
    const verdictOf = (code: string) => {
      const reader = evaluator(make);
      const loaded = reader.load(code, spec.name);
      return judge(spec, expected, loaded.trouble ? { ...loaded, values: [] } : reader.call(spec.inputs));
    };
    expect(expected.flat().every(Number.isFinite)).toBe(true);
    expect(verdictOf(spec.solution).sentence).toBe(`All ${spec.inputs.length} inputs agree with the library.`);
    expect(verdictOf(spec.start).passed).toBe(false);
    expect(spec.hints.length).toBeGreaterThan(0);
    expect(spec.letters.length).toBe(spec.inputs[0].length);
  });

  it("links to terms that the glossary has, and has two steps that ask for a guess at least", () => {
    const missing = [...text.matchAll(/<Term id="([^"]+)"/g)].map(([, id]) => id).filter((id) => !termById(id));
    expect(missing).toEqual([]);
    expect([...text.matchAll(/<Predict\b/g)].length).toBeGreaterThanOrEqual(2);
    const steps = [...text.matchAll(/step="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(steps).size).toBe(steps.length);
    expect(facts.works.every((w) => w.url.startsWith("https://"))).toBe(true);
  });
});

it("AMP with a right denoiser ends where the figure of the reader's own AMP says it does, and without memory it does not", async () => {
  const f = await amp.exercises.denoiser.reference();
  const { alpha, noise, size, iterations, seed } = ampSetting;
  const normals = async (label: string, count: number) => {
    const numbers = new Float64Array(count);
    makeRng(seed, label).fillNormal(numbers);
    return numbers;
  };
  const instance = await drawInstance(normals, size, alpha, RHO, noise);
  const denoise = async (R: readonly number[], S: number) => R.map((v) => f(v, S, RHO) as number);
  const end = async (residual: typeof ampResidual) => {
    let last = Number.NaN;
    for await (const error of ownAmp(instance, { denoise, residual }, iterations)) last = error;
    return last;
  };
  const theory = amp.known.end.value;
  const right = await end(ampResidual);
  expect(right / theory, `${right} against ${theory}`).toBeGreaterThan(0.5);
  expect(right / theory, `${right} against ${theory}`).toBeLessThan(2);
  expect(await end((y, Wa) => y.map((v, mu) => v - Wa[mu]))).toBeGreaterThan(10 * theory);
}, 60_000);
