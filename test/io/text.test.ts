import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv, readNumber } from "../../src/io/csv.ts";
import { readJson } from "../../src/io/json.ts";

const textOf = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");

describe("csv", () => {
  test.each([
    ["commas", "1,2\n3,4\n"],
    ["tabs", "1\t2\n3\t4"],
    ["semicolons", "1;2\r\n3;4\r\n"],
    ["blanks", "  1   2\n  3   4  \n"],
    ["a header", "a,b\n1,2\n3,4"],
    ["comments and empty lines", "# from the lab\n\n1,2\n3,4 # last\n"],
    ["a trailing comma", "1,2,\n3,4,\n"],
    ["old line ends", "1,2\r3,4\r"]
  ])("%s", (_, text) => {
    const a = readCsv(text, "a.csv");
    expect(a.shape).toEqual([2, 2]);
    expect([...a.data]).toEqual([1, 2, 3, 4]);
  });
  test("one column is a vector", () => expect(readCsv("y\n1\n2\n3\n", "y.csv")).toMatchObject({ shape: [3], columns: ["y"] }));
  test("what numpy.savetxt writes (fixtures/make.py)", () => {
    const real = readCsv(textOf("real.txt"), "real.txt");
    expect(real.shape).toEqual([2, 3]);
    for (let k = 0; k < 6; k++) expect(real.data[k]).toBeCloseTo(k / 7, 15);
    const complex = readCsv(textOf("complex.txt"), "complex.txt");
    expect(complex.scalar).toBe("complex");
    for (let k = 0; k < 6; k++) {
      expect(complex.data[2 * k]).toBeCloseTo(k / 7, 15);
      expect(complex.data[2 * k + 1]).toBe(k === 0 ? 0 : -k);
    }
  });
  test("complex entries as Python, MATLAB and people write them", () => {
    expect(readNumber("1+2j")).toEqual([1, 2]);
    expect(readNumber("(1.5e-3-2i)")).toEqual([1.5e-3, -2]);
    expect(readNumber("-j")).toEqual([0, -1]);
    expect(readNumber("3i")).toEqual([0, 3]);
    expect(readNumber("-1e3+1E-2j")).toEqual([-1000, 0.01]);
    for (const bad of ["", "()", "1+", "j2", "1,5", "abc", "1+2", "--1", "0x", "1+2jj"]) expect(readNumber(bad)).toBeNull();
  });
  test("any complex number survives being written and read", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (re, im) => {
        const text = `${re}${im < 0 || Object.is(im, -0) ? "-" : "+"}${Math.abs(im)}j`;
        const back = readNumber(text);
        expect(back?.[0]).toBeCloseTo(re, 300);
        expect(back?.[1] ?? Number.NaN).toBe(im);
      }),
      { numRuns: 200 }
    );
  });
  test.each([
    ["1,2\n3,x\n", 'a.csv: line 2, column 2: "x" is not a number'],
    ["1,2\n3,\n4,5\n", "a.csv: line 2, column 2: missing value"],
    ["1,2\n3,nan\n", "a.csv: line 2, column 2: nan; every entry must be finite"],
    ["1,2\ninf,4\n", "a.csv: line 2, column 1: inf; every entry must be finite"],
    ["1,2\n3\n", "a.csv: line 2 has 1 column where 2 are expected"],
    ["1;2\n1,5;2\n", "a decimal comma? write a point"],
    ["a,b\n", "a.csv: no numbers in it"],
    ["# nothing\n", "a.csv: no numbers in it"]
  ])("%j is refused with its place", (text, sentence) => expect(() => readCsv(text, "a.csv")).toThrow(sentence));
});

describe("json", () => {
  test("nested arrays, named arrays, complex arrays", () => {
    expect(readJson("[[1,2],[3,4]]", "a.json")).toEqual([{ name: "", scalar: "real", shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) }]);
    expect(readJson('{"A":[[1]],"y":[2],"note":"x"}', "a.json").map((a) => a.name)).toEqual(["A", "y"]);
    expect([...readJson('{"real":[1,2],"imag":[3,4]}', "a.json")[0].data]).toEqual([1, 3, 2, 4]);
  });
  test.each([
    ["[[1,2],[3]]", "[1] has 1 entries where 2 are expected"],
    ["[1,null]", "[1] is null, not a finite number"],
    ["[1,", "not valid JSON"],
    ["{}", "no array in this JSON"],
    ['{"real":[1],"imag":[1,2]}', "real is 1 but imag is 2"]
  ])("%s is refused", (text, sentence) => expect(() => readJson(text, "a.json")).toThrow(sentence));
});
