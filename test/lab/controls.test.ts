/** Controls: sliders run where people move, bricks and layers are edited without losing anything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formulaLines } from "../../lab/src/formula/formulaLines.ts";
import { byFamily, found } from "../../lab/src/gallery/search.ts";
import { grouped } from "../../lab/src/controls/names.ts";
import { type NumberParam, sliderRange, stepAt, valueAt } from "../../lab/src/controls/range.ts";
import { checkLayers, checkSpec, layersText, specText } from "../../lab/src/catalogue/brickSpec.ts";
import type { Brick, Entry } from "../../lab/src/catalogue/types.ts";
import { timeLeft } from "../../lab/src/shell/duration.ts";
import { readLayers } from "../../src/scenarios/family/layers.ts";
import { canonicalSpec } from "../../src/core/specs.ts";
import * as lib from "../../src/index.ts";

const entries = Object.values(lib.scenarios) as unknown as Entry[];
// biome-ignore lint/suspicious/noExplicitAny: registries of every kind
const bricksOf = (registry: any): Brick[] => Object.values<any>(registry).filter((f) => typeof f?.id === "string" && f.params);
const activations = bricksOf(lib.activations);
const numeric = [...entries, ...bricksOf(lib.priors), ...bricksOf(lib.channels)].flatMap((e) =>
  Object.entries(e.params).flatMap(([key, p]) =>
    p.kind === "real" || p.kind === "integer" ? [{ name: `${e.id} ${key}`, p: p as NumberParam }] : []
  )
);
const real = (min: number, max: number, usual: number, more: object = {}): NumberParam => ({
  kind: "real",
  symbol: "",
  about: "",
  min,
  max,
  default: usual,
  ...more
});

describe("sliders", () => {
  it("every declared number has its default on its slider, inside the declared range", () => {
    for (const { name, p } of numeric) {
      const range = sliderRange(p);
      if (!range) continue;
      expect(range.from, name).toBeGreaterThanOrEqual(p.min);
      expect(range.to, name).toBeLessThanOrEqual(p.max);
      expect(p.default >= range.from && p.default <= range.to, name).toBe(true);
      expect(range.to, name).toBeGreaterThan(range.from);
    }
  });

  it("every step is a legal value, steps rise, and a value comes back to its step", () => {
    for (const { name, p } of numeric) {
      const range = sliderRange(p);
      if (!range) continue;
      const steps = Array.from({ length: range.steps + 1 }, (_, k) => ({ k, value: valueAt(range, k) }));
      const illegal = steps.filter(({ value }) => !(value >= p.min && value <= p.max && (p.kind !== "integer" || Number.isInteger(value))));
      const falling = steps.filter(({ k, value }) => k > 0 && value < steps[k - 1].value);
      // rounding to few digits may move a logarithmic step by one, an integer by as many as share its value
      const slack = p.kind === "integer" ? 20 : range.log ? 1 : 0;
      const lost = steps.filter(({ k, value }) => Math.abs(stepAt(range, value) - k) > slack);
      expect({ name, illegal, falling, lost }).toEqual({ name, illegal: [], falling: [], lost: [] });
    }
  });

  it("alpha in [0.001, 1000] runs over four decades around 1, and stretches to what is typed", () => {
    const alpha = real(0.001, 1000, 1);
    expect(sliderRange(alpha)).toMatchObject({ from: 0.01, to: 100, log: true });
    expect(sliderRange(alpha, 800)).toMatchObject({ from: 0.01, to: 800 });
  });

  it("fractions move evenly, noise from 0 to 1, and a seed has no slider", () => {
    expect(sliderRange(real(0.0001, 1, 0.2))).toMatchObject({ from: 0.0001, to: 1, log: false });
    expect(sliderRange(real(0, 100, 0))).toMatchObject({ from: 0, to: 1, log: false });
    expect(sliderRange(real(-1000, 1000, 0))).toMatchObject({ from: -5, to: 5 });
    expect(sliderRange({ ...real(0, Number.MAX_SAFE_INTEGER, 1), kind: "integer" })).toBeNull();
  });
});

describe("bricks and layers", () => {
  it("a spec that is taken apart and put together is the same brick", () => {
    const priors = bricksOf(lib.priors);
    for (const text of [
      "gauss-bernoulli:rho=0.1,variance=2",
      "binary",
      "discrete:values=-1/0/1,weights=0.2/0.6/0.2",
      "gaussian-mixture:weights=0.3/0.7"
    ]) {
      const short = specText(checkSpec(text, priors, "prior"), priors);
      expect(canonicalSpec(lib.priors, short)).toBe(canonicalSpec(lib.priors, text));
    }
    expect(specText({ id: "gauss-bernoulli", params: { rho: 0.5, variance: 3 } }, priors)).toBe("gauss-bernoulli:variance=3");
    expect(() => checkSpec("gauss-bernouli", priors, "prior")).toThrow(/did you mean gauss-bernoulli/);
    expect(() => checkSpec("binary:p=2", priors, "prior")).toThrow(/p must be a number in/);
  });

  it("layers mean here what they mean to the model", () => {
    const rows = fc.array(
      fc.record({
        id: fc.constantFrom(...activations.map((a) => a.id)),
        ratio: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        noise: fc.double({ min: 0, max: 1e6, noNaN: true }),
        own: fc.constant({})
      }),
      { minLength: 1, maxLength: 4 }
    );
    fc.assert(
      fc.property(rows, (given) => {
        const text = layersText(given);
        expect(checkLayers(text, activations, "test")).toEqual(given);
        expect(readLayers(text, "test").map(({ spec, ratio, noise }) => ({ id: spec, ratio, noise }))).toEqual(
          given.map(({ id, ratio, noise }) => ({ id, ratio, noise }))
        );
      })
    );
    for (const bad of ["", "relu;relu;relu;relu;relu", "rely", "relu:ratio=0", "relu:nose=1"]) {
      expect(() => checkLayers(bad, activations, "test"), bad).toThrow();
      expect(() => readLayers(bad, "test"), bad).toThrow();
    }
  });

  it("every parameter is in exactly one group", () => {
    for (const e of entries)
      expect(
        grouped(e.params)
          .flatMap((g) => g.keys)
          .sort()
      ).toEqual(Object.keys(e.params).sort());
    expect(grouped(entries[0].params, ["nothing", "alpha"]).flatMap((g) => g.keys)).toEqual(["alpha"]);
  });
});

describe("words", () => {
  it("a model is found by any of its words, accents or not", () => {
    const ids = (search: string) => found(entries, search).map((e) => e.id);
    expect(ids("")).toHaveLength(entries.length);
    expect(ids("mezard krzakala")).toContain("compressed-sensing");
    expect(ids("perceptron binary")).toContain("perceptron");
    expect(ids("no such word as this")).toEqual([]);
    expect(byFamily(entries).flatMap((f) => f.entries)).toHaveLength(entries.length);
  });

  it("formulas side by side are put below each other, never torn apart", () => {
    expect(formulaLines("a = b, \\qquad c = d")).toEqual(["a = b", "c = d"]);
    expect(formulaLines("\\left( a \\qquad b \\right)")).toEqual(["\\left( a \\qquad b \\right)"]);
    expect(formulaLines("f(x) = \\begin{cases} 1 & x, \\qquad 2 \\end{cases}")).toHaveLength(1);
    for (const e of entries)
      for (const tex of e.formulas)
        expect(formulaLines(tex).join(" ").replace(/\s/g, "").length).toBeGreaterThan(tex.replace(/\s|\\q?quad|,/g, "").length - 1);
  });

  it("time left is rounded, so that it does not flicker", () => {
    expect([0.4, 7.2, 43, 61, 600, 1e4, Number.POSITIVE_INFINITY].map(timeLeft)).toEqual([
      "about a second left",
      "about 7 s left",
      "about 40 s left",
      "about 60 s left",
      "about 10 min left",
      "about 3 h left",
      "time left unknown"
    ]);
  });
});
