import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readMat } from "../../src/io/mat.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));

describe.each(["plain.mat", "compressed.mat"])("MAT v5 written by SciPy (fixtures/make.py): %s", (file) => {
  const all = Object.fromEntries(readMat(bytesOf(file), file).map((a) => [a.name, a]));
  test("doubles, row-major", () => expect([...all.A.data]).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5]));
  test("complex numbers are interleaved", () => {
    expect(all.C.scalar).toBe("complex");
    expect([...all.C.data]).toEqual([0, 0, 1, -1, 2, -4, 3, -9, 4, -16, 5, -25]);
  });
  test("singles stay single", () => {
    expect(all.s.data).toBeInstanceOf(Float32Array);
    expect([...all.s.data]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
  });
  test("integers of every width, and logical", () => {
    expect([...all.i.data]).toEqual([-3, -2, -1, 0, 1, 2]);
    expect([...all.u.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...all.big.data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...all.flag.data]).toEqual([0, 1, 0, 1, 0, 1]);
  });
  test("sparse matrices become dense", () => expect([...all.S.data]).toEqual([0, 2, 0, 1, 0, 3]));
  test("three dimensions", () => {
    expect(all.cube.shape).toEqual([2, 3, 4]);
    expect([...all.cube.data]).toEqual(Array.from({ length: 24 }, (_, k) => k));
  });
  test("texts are skipped", () => expect(all.name).toBeUndefined());
});

test("a file without numbers says what it has", () => {
  expect(() => readMat(bytesOf("words.mat"), "words.mat")).toThrow(
    /words.mat: no numeric array in this MAT file; it has name \(char\), cell \(cell\)/
  );
});

test("a truncated file is one sentence, wherever it is cut", () => {
  for (const file of ["plain.mat", "compressed.mat"]) {
    const whole = bytesOf(file);
    for (const length of [129, 140, 150, 200, 250])
      expect(() => readMat(whole.slice(0, length), "cut.mat")).toThrow("cut.mat: the MAT file is damaged or truncated");
  }
});
