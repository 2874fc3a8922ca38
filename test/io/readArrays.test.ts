import { readFileSync } from "node:fs";
import { zlibSync } from "fflate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/core/parameters.ts";
import { writeNpy } from "../../src/io/npy.ts";
import { formatOf, readArray } from "../../src/io/readArrays.ts";

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const text = (s: string) => new TextEncoder().encode(s);

describe("the format is what the content says", () => {
  test.each([
    ["a-f8.npy", "npy"],
    ["two.npz", "npz"],
    ["plain.mat", "mat"],
    ["real.txt", "csv"]
  ])("%s", (name, format) => {
    expect(formatOf(bytesOf(name), name)).toBe(format);
    expect(formatOf(bytesOf(name), "renamed")).toBe(format);
  });
  test("an npy file named .csv is read as npy", () => expect(readArray(bytesOf("a-f8.npy"), "a.csv").shape).toEqual([2, 3]));
  test("a text named .npy is refused with the cure", () => {
    expect(() => readArray(text("1,2\n3,4\n"), "A.npy")).toThrow(
      "A.npy: this is a text file, not .npy; if it holds numbers rename it to .csv"
    );
  });
  test("an empty file", () => expect(() => readArray(new Uint8Array(0), "y.csv")).toThrow("y.csv: the file is empty"));
  test("HDF5, which MATLAB v7.3 writes, gets one sentence", () => {
    const file = new Uint8Array(1024).fill(32);
    file.set([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10], 512);
    expect(() => readArray(file, "x.mat")).toThrow(
      "x.mat: this is HDF5 (MATLAB v7.3 writes it), which is not read; save it again with save -v7"
    );
  });
  test("UTF-16 from a spreadsheet", () => {
    const wide = Uint8Array.from([0xff, 0xfe, ...[..."1,2\n3,4"].flatMap((c) => [c.charCodeAt(0), 0])]);
    expect([...readArray(wide, "a.csv").data]).toEqual([1, 2, 3, 4]);
  });
});

describe("one array of several", () => {
  test("by name; without one, only if there is one", () => {
    expect([...readArray(bytesOf("two.npz"), "two.npz", "y").data]).toEqual([1.5, -2.5]);
    expect(() => readArray(bytesOf("two.npz"), "two.npz")).toThrow("two.npz: several arrays; say which, such as two.npz:A (it has A, y)");
    expect(() => readArray(bytesOf("two.npz"), "two.npz", "Y")).toThrow("two.npz: no array called Y; did you mean");
    expect(() => readArray(bytesOf("a-f8.npy"), "a.npy", "A")).toThrow("a.npy: it has no named arrays");
    expect([...readArray(text("a,b\n1,2\n3,4\n"), "t.csv", "b").data]).toEqual([2, 4]);
  });
  test("NaN and infinities are refused with their place", () => {
    const npy = (data: number[], shape: number[]) => writeNpy({ scalar: "real", shape, data: Float64Array.from(data) });
    expect(() => readArray(npy([1, 2, 3, Number.NaN], [2, 2]), "A.npy")).toThrow("A.npy: NaN at row 2, column 2");
    expect(() => readArray(npy([1, Number.POSITIVE_INFINITY], [2]), "y.npy")).toThrow("y.npy: Infinity at entry 2");
    expect(() => readArray(npy([], [0, 3]), "A.npy")).toThrow("A.npy: an array of 0x3 has no entries");
  });
});

describe("images", () => {
  test("PGM, plain and raw, 8 and 16 bits", () => {
    expect([...readArray(text("P2\n# made by hand\n2 2\n4\n0 1\n2 4\n"), "a.pgm").data]).toEqual([0, 0.25, 0.5, 1]);
    expect([...readArray(Uint8Array.from([...text("P5 2 1 255\n"), 0, 255]), "a.pgm").data]).toEqual([0, 1]);
    expect([...readArray(Uint8Array.from([...text("P5 1 1 65535\n"), 255, 255]), "a.pgm").data]).toEqual([1]);
    expect(() => readArray(Uint8Array.from([...text("P5 2 2 255\n"), 0]), "a.pgm")).toThrow("a.pgm: the PGM image is damaged or truncated");
  });
  test("PNG with every row filter", () => {
    // five rows of 2 grey pixels, all 10 20, written by hand with filters none, sub, up, average, Paeth (PNG, section 9.2)
    const rows = [
      [0, 10, 20],
      [1, 10, 10],
      [2, 0, 0],
      [3, 5, 5],
      [4, 0, 0]
    ];
    const png = pngOf(2, 5, rows.flat());
    expect([...readArray(png, "a.png").data].map((v) => Math.round(255 * v))).toEqual(Array.from({ length: 5 }, () => [10, 20]).flat());
    expect(() => readArray(png.slice(0, 50), "a.png")).toThrow("a.png: the PNG image is damaged or truncated");
  });
});

test("no bytes whatsoever escape as anything but an array or a ParameterError", () => {
  const heads = ["", "\x93NUMPY\x01\x00", "PK\x03\x04", "P5 ", "P2 3 3 ", "[", "{"].map((s) => Uint8Array.from(s, (c) => c.charCodeAt(0)));
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), (head, tail) => {
      try {
        const a = readArray(Uint8Array.from([...head, ...tail]), "fuzz");
        expect(a.data.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ParameterError);
      }
    }),
    { numRuns: 500 }
  );
});

test("no damage to a real file escapes as anything but an array or a ParameterError", () => {
  const files = ["a-f8.npy", "two.npz", "one.npz", "plain.mat", "compressed.mat"].map(bytesOf);
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (file, at, value, cut) => {
      const damaged = file.slice(0, 1 + (cut % 3 === 0 ? cut % file.length : file.length));
      damaged[at % damaged.length] = value;
      try {
        readArray(damaged, "fuzz", "A");
      } catch (error) {
        expect(error).toBeInstanceOf(ParameterError);
      }
    }),
    { numRuns: 1000 }
  );
});

/** Checksums are left zero: the reader takes what inflates. */
function pngOf(width: number, height: number, raw: number[]): Uint8Array {
  const chunk = (type: string, body: Uint8Array) => [...word(body.length), ...text(type), ...body, 0, 0, 0, 0];
  const word = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
  const header = Uint8Array.from([...word(width), ...word(height), 8, 0, 0, 0, 0]);
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    13,
    10,
    26,
    10,
    ...chunk("IHDR", header),
    ...chunk("IDAT", zlibSync(Uint8Array.from(raw))),
    ...chunk("IEND", new Uint8Array(0))
  ]);
}
