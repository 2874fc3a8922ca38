import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import { parseAxis, spread } from "../../src/experiments/axis.ts";
import { linearRegression } from "./fixtures/ridge.ts";

const values = (text: string) => parseAxis(text, linearRegression).values;

describe("grids", () => {
  test("alpha=0.2:2:0.1 holds both ends and the numbers as typed", () => {
    const grid = values("alpha=0.2:2:0.1");
    expect(grid).toHaveLength(19);
    expect(grid[1]).toBe(0.3);
    expect(grid[18]).toBe(2);
  });
  test("any start, step and count come back with their stop, whatever the rounding", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 4 }),
        (a, s, n, digits) => {
          const unit = 10 ** digits;
          const text = (k: number) => (k / unit).toFixed(digits);
          fc.pre(a + n * s <= 1000 * unit && a / unit >= 0.001);
          const grid = values(`alpha=${text(a)}:${text(a + n * s)}:${text(s)}`);
          expect(grid).toEqual(Array.from({ length: n + 1 }, (_, k) => Number(text(a + k * s))));
        }
      )
    );
  });
  test("a stop between two steps is not reached past", () => {
    expect(values("alpha=0.2:1:0.3")).toEqual([0.2, 0.5, 0.8]);
  });
  test("a list is sorted, without doubles; one value is a grid", () => {
    expect(values("alpha=1,0.5,2,0.5")).toEqual([0.5, 1, 2]);
    expect(values("alpha=1")).toEqual([1]);
  });
  test("a log grid is even in the logarithm and ends where it was told", () => {
    const axis = parseAxis("noise=log:1e-4:1:9", linearRegression);
    expect(axis.log).toBe(true);
    expect(axis.symbol).toBe("Δ");
    expect(axis.values).toHaveLength(9);
    expect(axis.values[0]).toBe(1e-4);
    expect(axis.values[4]).toBe(0.01);
    expect(axis.values[8]).toBe(1);
  });
  test("spread of one point is its start", () => {
    expect(spread(2, 5, 1)).toEqual([2]);
    expect(spread(2, 2, 9)).toEqual([2]);
  });
  test.each([
    ["alpha", "expected name=start:stop:step, such as alpha=0.2:2:0.1"],
    ["alpah=0.2:2:0.1", "linear-regression has no parameter alpah; did you mean alpha?; a grid may run over alpha, noise, size"],
    ["mode=1,2", "mode is a choice, not a number"],
    ["alpha=", '"" is not a number'],
    ["alpha=0.2:2", "expected start:stop:step"],
    ["alpha=0.2:2:0", "the step must be greater than 0, got 0"],
    ["alpha=2:0.2:0.1", "the stop must not be less than the start 2, got 0.2"],
    ["alpha=0.2:2:1e-7", "at most 100000 values"],
    ["alpha=1,x", '"x" is not a number'],
    ["alpha=-1:1:0.5", "alpha must be a number in [0.001, 1000], got -1"],
    ["size=10:11:0.5", "size must be an integer"],
    ["noise=log:0:1:9", "a log grid starts above 0, got 0"],
    ["noise=log:1:0.1:9", "the stop must be greater than the start 1, got 0.1"],
    ["noise=log:0.1:1:1.5", "the count must be an integer in [2, 100000], got 1.5"]
  ])("%s is refused in one sentence", (text, sentence) => {
    expect(() => values(text)).toThrow(ParameterError);
    expect(() => values(text)).toThrow(sentence);
  });
});
