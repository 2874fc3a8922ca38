import { describe, expect, test } from "vitest";
import type { Params } from "../../src/core/types.ts";
import { parseAxis } from "../../src/experiments/index.ts";
import * as library from "../../src/scenarios/index.ts";
import { plain } from "../../lab/src/figures/number.ts";
import { printSize, sizeIn, typeScale } from "../../lab/src/figures/measure.ts";
import { axisNames, defaultName, gridText, readGrid, regridded, snapped, suggestedGrid } from "../../lab/src/views/curve/axis.ts";
import { curveOptions, withOptions } from "../../lab/src/views/curve/options.ts";
import { groupedRuns, groupedTheory } from "../../lab/src/views/curve/outcomes.ts";
import {
  defaultHorizontal,
  horizontalGrid,
  horizontalNames,
  nearest,
  verticalGrid,
  verticalName,
  zoomed
} from "../../lab/src/views/phase/axes.ts";

const scenarios = Object.values(library);

describe.each(scenarios.map((s) => [s.id, s] as const))("%s", (_, s) => {
  test("has a default axis of 5 to 40 values that its parser takes and that holds the default of the parameter", () => {
    const name = defaultName(s);
    const p = (s.params as Params)[name];
    const axis = parseAxis(gridText(suggestedGrid(s, name, undefined)), s);
    expect(axis.values.length).toBeGreaterThanOrEqual(p.kind === "integer" ? 2 : 5);
    expect(axis.values.length).toBeLessThanOrEqual(40);
    expect(axis.values[0]).toBeLessThanOrEqual(Number(p.default));
    expect(axis.values[axis.values.length - 1]).toBeGreaterThanOrEqual(Number(p.default));
  });
  test("has a grid for each of its numbers, wherever the number stands", () => {
    for (const name of axisNames(s)) {
      const p = (s.params as Params)[name];
      if (p.kind !== "real" && p.kind !== "integer") continue;
      for (const value of [undefined, p.min, p.default, Math.min(p.max, 7 * p.default + 1)]) {
        const { values } = parseAxis(gridText(suggestedGrid(s, name, value)), s);
        expect(values.length, `${name} at ${value}`).toBeGreaterThanOrEqual(1);
        expect(values.length, `${name} at ${value}`).toBeLessThanOrEqual(60);
      }
    }
  });
  test("has a horizontal axis for its phase diagram where it has thresholds", () => {
    if (s.thresholdNames.length === 0) return;
    expect(horizontalNames(s)).not.toContain(verticalName(s));
    const across = defaultHorizontal(s);
    if (across === null) return;
    expect(across).toBe(s.across?.split("=")[0] ?? across);
    const { values } = parseAxis(horizontalGrid(s, across), s);
    expect(values.length).toBeGreaterThanOrEqual(2);
    expect(values.length).toBeLessThanOrEqual(60);
  });
});

const declared = {
  params: {
    alpha: { kind: "real", default: 1, min: 0.001, max: 1000, symbol: "α", about: "samples" },
    noise: { kind: "real", default: 0, min: 0, max: 100, symbol: "Δ", about: "noise" },
    rate: { kind: "real", default: 1, min: 1e-8, max: 1e6, scale: "log", symbol: "λ", about: "rate" },
    layer: { kind: "integer", default: 2, min: 1, max: 3, symbol: "ℓ", about: "layer" }
  }
} as const satisfies { params: Params };

test("no phase diagram runs over a start, a damping or a number of iterations unless it is asked to: thresholds do not depend on them", () => {
  expect(defaultHorizontal(library.multilayer)).toBe(null);
  expect(defaultHorizontal(library.glm)).toBe(null);
});
test("a suggested grid covers thresholds a little beyond it, and not one that is far off", () => {
  expect(gridText(suggestedGrid(declared, "alpha", undefined))).toBe("alpha=0.2:2:0.1");
  const { to } = suggestedGrid(declared, "alpha", undefined, [2.3]);
  expect(to).toBeGreaterThan(2.3);
  expect(suggestedGrid(declared, "alpha", undefined, [400]).to).toBe(2);
});
test("a value beyond the grid widens it, a value inside leaves it", () => {
  expect(suggestedGrid(declared, "alpha", "5").to).toBeGreaterThan(5);
  expect(gridText(suggestedGrid(declared, "alpha", "1.7"))).toBe("alpha=0.2:2:0.1");
});
test("a zero by default, a declared logarithm and few integers have grids of their own", () => {
  expect(gridText(suggestedGrid(declared, "noise", undefined))).toBe("noise=0:1:0.1");
  expect(gridText(suggestedGrid(declared, "rate", undefined))).toBe("rate=log:0.1:10:13");
  expect(gridText(suggestedGrid(declared, "layer", undefined))).toBe("layer=1:3:1");
});
test("a grid read from the address is the one that was written; a list of values is none", () => {
  for (const text of ["alpha=0.2:2:0.1", "rate=log:0.1:10:13"])
    expect(gridText(readGrid(text) ?? regridded({ name: "", from: 0, to: 1, log: false }))).toBe(text);
  expect(readGrid("alpha=0.2,0.5")).toBeNull();
  expect(readGrid("alpha=a:b:c")).toBeNull();
});
test("a dragged marker stands at round numbers inside the axis and the parameter's range", () => {
  const { alpha, layer } = declared.params;
  expect(snapped(1.23456, 0.2, 2, false, alpha)).toBe(1.23);
  expect(snapped(-4, 0.2, 2, false, alpha)).toBe(0.2);
  expect(snapped(0.0123456, 1e-3, 1, true, alpha)).toBe(0.0123);
  expect(snapped(2.6, 1, 3, false, layer)).toBe(3);
});

test("options of the address that mean nothing leave the defaults", () => {
  const entry = {
    observables: { mse: { symbol: "E", about: "", range: [0, 1] }, overlap: { symbol: "m", about: "", range: [0, 1] } }
  } as const;
  expect(curveOptions({ observable: "nothing", logy: "maybe", ymin: "low", against: "time" }, entry)).toEqual({
    against: "parameter",
    observable: "mse",
    logY: "auto",
    logTime: "auto",
    yMin: undefined,
    yMax: undefined
  });
  const dynamics = { ...entry, time: { symbol: "t", about: "", log: true } };
  expect(curveOptions({}, dynamics).against).toBe("time");
  expect(curveOptions({ along: "noise=0:1:0.1" }, dynamics).against).toBe("parameter");
  expect(withOptions({ a: "1", b: "2" }, { a: undefined, b: "", c: "3" })).toEqual({ c: "3" });
});

test("runs that ended badly for one reason are told once, with where they are, the most frequent first", () => {
  const run = (x: number, seed: number, outcome: string, advice: string, good = false) => ({ x, seed, outcome, advice, good });
  const groups = groupedRuns(
    [
      run(0.5, 1, "converged", "", true),
      run(0.8, 3, "horizon", "raise iterations above 500"),
      run(0.9, 2, "diverged", "stopped at iteration 14 (residual 2.1e-3)"),
      run(0.8, 1, "diverged", "stopped at iteration 207 (residual 3)"),
      run(0.8, 4, "diverged", "stopped at iteration 9 (residual 1e5)")
    ],
    "α"
  );
  expect(groups.map((g) => [g.outcome, g.count])).toEqual([
    ["diverged", 3],
    ["not converged within the iterations allowed", 1]
  ]);
  expect(groups[0].places).toBe("α = 0.8 (seeds 1, 4); α = 0.9 (seed 2)");
  // the numbers are those of all of them, not of whoever came first
  expect(groups[0].advice).toBe("stopped at iteration 9 to 207 (residual 2.1e-3 to 1e5)");
});
test("points of the theory that failed are told with their range", () => {
  const point = (x: number, error?: string) => ({ x, phase: null, algorithmic: {}, algorithmicOutcome: "", ...(error ? { error } : {}) });
  const along = { name: "alpha", symbol: "α", values: [], log: false };
  const groups = groupedTheory({ along, theory: [point(0.1, "too small: 0.1"), point(0.2, "too small: 0.2"), point(0.3)] });
  expect(groups).toMatchObject([{ count: 2, advice: "too small: 0.1", places: "α from 0.1 to 0.2" }]);
});

test("figures are drawn at the width they have, larger on projectors, taller on phones, at 600 x 400 for files", () => {
  expect(typeScale(360)).toBe(1);
  expect(typeScale(1500)).toBeGreaterThan(1.9);
  expect(sizeIn(320, undefined, 700)).toMatchObject({ width: 320, height: 352 });
  expect(sizeIn(200, undefined, 700).width).toBe(300);
  const wide = sizeIn(1600, undefined, 1000);
  expect(wide.height * typeScale(1600)).toBeLessThanOrEqual(0.79 * 1000);
  expect(printSize(undefined)).toEqual({ width: 600, height: 400, print: true });
});
test("numbers in running text have a true minus and powers of ten", () => {
  expect([0, -0.25, 1234.5678, 1e-7, -2.5e12].map((v) => plain(v))).toEqual(["0", "−0.25", "1235", "10⁻⁷", "−2.5×10¹²"]);
});
test("rows of a diagram are the values asked for, told apart by their digits", () => {
  expect(parseAxis(verticalGrid("alpha", 0.05, 1.1, 22), library.compressedSensing).values).toHaveLength(22);
  expect(nearest([0.1, 0.2, 0.4], 0.31)).toBe(0.4);
});
test("an axis whose lines end early is narrowed to where they are, another is left", () => {
  const grid = { name: "noise", from: 0, to: 1, step: 0.05, log: false };
  const column = (x: number, value: number | null) => ({ x, thresholds: { algorithmic: value } });
  expect(zoomed(grid, [column(0, 1.5), column(0.0185, 1.6), column(0.05, null), column(1, null)])).toBe("noise=0:0.03:0.001");
  expect(zoomed(grid, [column(0, 1.5), column(0.8, 1.6), column(1, null)])).toBeNull();
  expect(zoomed(grid, [column(0, null), column(1, null)])).toBeNull();
});
