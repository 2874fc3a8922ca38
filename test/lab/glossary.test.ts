/** Every symbol is defined once, every link resolves, and every parameter and observable of every scenario has its entry. */
import { describe, expect, it } from "vitest";
import { lessonTerms } from "../../lab/plugins/lessonTerms.ts";
import { found } from "../../lab/src/glossary/found.ts";
import { termById, termOf, terms } from "../../lab/src/glossary/index.ts";
import { lessons } from "../../lab/src/lessons/index.ts";
import * as registry from "../../src/scenarios/index.ts";

const scenarios = Object.values(registry) as unknown as readonly {
  readonly id: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly observables: Readonly<Record<string, unknown>>;
}[];
const repeated = (items: readonly string[]) => items.filter((x, k) => items.indexOf(x) !== k);

it("ids are unique, symbols are unless a term says within what, and so are the names that terms explain", () => {
  expect(repeated(terms.map((t) => t.id))).toEqual([]);
  expect(repeated(terms.flatMap((t) => (t.tex ? [`${t.tex} ${t.within ?? ""}`] : [])))).toEqual([]);
  expect(repeated(terms.flatMap((t) => t.of ?? []))).toEqual([]);
  expect(repeated(terms.map((t) => t.name))).toEqual([]);
});

it("links between terms resolve", () => {
  expect(terms.flatMap((t) => t.see ?? []).filter((id) => !termById(id))).toEqual([]);
});

it("what a term says it explains exists in a scenario", () => {
  const names = new Set(
    scenarios.flatMap((s) => [...Object.keys(s.params), ...Object.keys(s.observables)].flatMap((k) => [k, `${s.id}.${k}`]))
  );
  expect(terms.flatMap((t) => t.of ?? []).filter((use) => !names.has(use))).toEqual([]);
});

describe.each(scenarios)("$id", (s) => {
  it("has a term for every parameter and observable", () => {
    expect([...Object.keys(s.params), ...Object.keys(s.observables)].filter((name) => !termOf(s.id, name))).toEqual([]);
  });
});

it("a search finds letters as they are typed, words, and names in code", () => {
  const ids = (text: string) => found(text).map((t) => t.id);
  expect(ids("alpha")[0]).toBe("alpha");
  expect(ids("α")).toContain("alpha");
  expect(ids("noise variance")[0]).toBe("noise");
  expect(ids("secondLearningRate")).toContain("learning-rate");
  expect(ids("zzzz")).toEqual([]);
  expect(ids("").length).toBe(terms.length);
});

it("lessons are found by the terms that they link to, all of which exist", () => {
  const uses = lessonTerms();
  expect(Object.keys(uses).filter((id) => !termById(id))).toEqual([]);
  const ids = lessons.map((l) => l.id);
  expect(
    Object.values(uses)
      .flat()
      .filter((id) => !ids.includes(id))
  ).toEqual([]);
  expect(uses.spinodal).toEqual(["hard", "magnet"]);
  expect(ids.filter((id) => !Object.values(uses).flat().includes(id))).toEqual([]);
});
