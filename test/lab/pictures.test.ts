/** What the signal view and the page of the visitor's data decide: what belongs together, which array is what, what error bars cover. */
import { describe, expect, test } from "vitest";
import { arranged, isCurve, measured, panelsOf, picturesTable } from "../../lab/src/views/pictures/arranged.ts";
import { changed, formOf, imageNumbers } from "../../lab/src/solve/form.ts";
import { assigned, noRoles, unready, wordOf } from "../../lab/src/solve/roles.ts";
import { coverage } from "../../lab/src/solve/verdict.ts";
import { given as numbersOf, hold, transposed } from "../../lab/src/solve/work/held.ts";
import { onPage } from "../../lab/src/solve/wording.ts";
import type { Picture } from "../../src/core/types.ts";
import type { Held } from "../../lab/src/solve/work/protocol.ts";

const picture = (
  role: Picture["role"],
  name: string,
  values: number[],
  deviation?: number[],
  shape: Picture["shape"] = [values.length]
): Picture => ({
  name,
  role,
  shape,
  values,
  ...(deviation ? { deviation } : {})
});

test("the parts of a complex signal are paired, each with its estimate", () => {
  const { groups, measurements } = arranged([
    picture("truth", "truth, real part", [1, 0]),
    picture("truth", "truth, imaginary part", [0, 1]),
    picture("measurements", "measurements", [3]),
    picture("estimate", "estimate, real part", [1, 0.5], [0.1, 0.3]),
    picture("estimate", "estimate, imaginary part", [0, 1], [0.1, 0.1])
  ]);
  expect(groups.map((g) => g.title)).toEqual(["real part", "imaginary part"]);
  expect(measurements.length).toBe(1);
  // errors 0 and 0.5 with deviations 0.1 and 0.3: one within one, both within two
  expect(measured(groups[0])).toEqual({ mse: 0.125, coverage: { within: [0.5, 1], expected: [0.683, 0.954] } });
});

test("truth and estimate share their greys, error and deviation theirs", () => {
  const truth = picture("truth", "truth", [0, 1, 1, 0], undefined, [2, 2]);
  const estimate = picture("estimate", "estimate", [0.5, 1, 1, 0], [0.1, 0.2, 0.7, 0.1], [2, 2]);
  const panels = panelsOf({ title: "", truth, estimate }, []);
  expect(panels.map((p) => [p.name, p.range])).toEqual([
    ["truth", [0, 1]],
    ["estimate", [0, 1]],
    ["error, absolute", [0, 0.7]],
    ["posterior s.d.", [0, 0.7]]
  ]);
  expect(picturesTable([truth]).split("\n")[2]).toBe('"truth",truth,0,1,1,');
});

test("a staircase is a curve, unrelated components are none", () => {
  expect(isCurve(Array.from({ length: 60 }, (_, i) => Math.floor(i / 15)))).toBe(true);
  expect(isCurve(Array.from({ length: 60 }, (_, i) => (i * 7919) % 13))).toBe(false);
});

test("coverage of complex error bars is against their own law", () => {
  // |error| = 1 at deviation 1 is within one; 1 - 1/e and 1 - 1/e^4 are expected
  const found = coverage([1, 0, 0, 3], [0, 0, 0, 0], [1, 1], 2);
  expect(found?.within).toEqual([0.5, 0.5]);
  expect(found?.expected[0]).toBeCloseTo(0.632, 3);
});

describe("roles", () => {
  const given = (place: string, shape: number[]): Held =>
    hold({
      place,
      array: { scalar: "real", shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => k) }
    });
  test("names of files and of members tell, shapes tell the rest", () => {
    expect(wordOf("data.npz:A")).toBe("A");
    const byName = assigned(noRoles, [given("d.npz:x0", [5]), given("d.npz:y", [3]), given("d.npz:A", [3, 5])]);
    expect([byName.matrix?.place, byName.observations?.place, byName.truth?.place]).toEqual(["d.npz:A", "d.npz:y", "d.npz:x0"]);
    const byShape = assigned(noRoles, [given("one.csv", [3, 5]), given("two.csv", [5]), given("three.csv", [3])]);
    expect([byShape.observations?.place, byShape.truth?.place]).toEqual(["three.csv", "two.csv"]);
    expect(unready(byShape)).toBeNull();
  });
  test("measurements that come with a new square matrix take the place of the old ones, not of the truth", () => {
    const old = { matrix: given("one.npy", [3, 3]), observations: given("two.npy", [3]), truth: null };
    const next = assigned(old, [given("four.npy", [3]), given("three.npy", [3, 3])]);
    expect([next.matrix?.place, next.observations?.place, next.truth]).toEqual(["three.npy", "four.npy", null]);
    const again = assigned(old, [given("two.npy", [3])]);
    expect([again.observations?.place, again.truth]).toEqual(["two.npy", null]);
  });
  test("a matrix that lies on its side is said to, and can be turned", async () => {
    const wrong = { matrix: given("A.npy", [5, 3]), observations: given("y.npy", [3]), truth: null };
    expect(unready(wrong)).toContain("transpose");
    const turned = transposed(await numbersOf(wrong.matrix));
    expect(unready({ ...wrong, matrix: hold(turned) })).toBeNull();
    expect([...turned.array.data.slice(0, 5)]).toEqual([0, 3, 6, 9, 12]);
  });
});

test("options travel, defaults and data do not", () => {
  expect(changed({ prior: "binary" }, { seed: "1", learn: "noise" })).toEqual({ prior: "binary", learn: "noise" });
  expect(imageNumbers(formOf({ share: "2" }))).toBe("The share of measurements must be a number from 0.01 to 1, got 2.");
});

test("flags of the command line become names of controls", () => {
  expect(onPage("solve: rank 3; add --auto to go on")).toContain("“Apply cures”");
});
